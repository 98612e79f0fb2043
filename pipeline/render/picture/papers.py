"""The plain grounds of graphic pictures: a studio in many forms, a surface seen from above."""

from __future__ import annotations

import math

from pipeline.render.palette import lch, mix, shift
from pipeline.render.picture.indoors import wall_colors
from pipeline.render.picture.sheet import Ground, Sheet, blob, oval, pen, rect, ring, shape, stroke


def studio(sheet: Sheet, kind: str) -> Ground:
    """A designer's ground: plain, disc, arch, burst, split, band, blobs, rings or bokeh."""
    rng, w, h, p = sheet.rng, sheet.width, sheet.height, sheet.palette
    base = p.ground if sheet.time != "night" or lch(p.ground)[0] < 0.45 else mix(p.dark, p.fourth, 0.25)
    dark = lch(base)[0] < 0.45
    near = shift(base, 0.06 if dark else -0.055, 1.25)
    sheet.add(rect(0, 0, w, h, sheet.fade(shift(base, 0.02), shift(base, -0.02), angle=70)))
    s, cx, cy = min(w, h), w / 2, h / 2
    accent = mix(rng.choice(p.colors[1:]), base, 0.45)
    if kind == "disc":
        sheet.add(oval(cx, cy, s * 0.43, s * 0.43, accent))
    elif kind == "rings":
        for k, share in enumerate((0.62, 0.5, 0.38)):
            sheet.add(oval(cx, cy, s * share, s * share, mix(base, accent, 0.25 + 0.3 * k)))
    elif kind == "arch":
        r, foot = s * 0.36, h * 0.84
        outline = pen("M", cx - r, foot, "V", cy - s * 0.02, "a", r, r, "0 0 1", 2 * r, 0, "V", foot, "Z")
        sheet.add(shape(outline, accent), rect(0, foot, w, h * 0.16, near))
    elif kind == "burst":
        rays, reach = rng.choice((18, 22, 26)), math.hypot(w, h)
        for i in range(rays):
            a, b = (math.tau * (i + o) / rays for o in (0, 0.5))
            x0, y0, x1, y1 = math.cos(a), math.sin(a), math.cos(b), math.sin(b)
            ray = pen(
                "M", cx, cy, "L", cx + reach * x0, cy + reach * y0, "L", cx + reach * x1, cy + reach * y1, "Z"
            )
            sheet.add(shape(ray, near))
        sheet.add(oval(cx, cy, s * 0.38, s * 0.38, accent))
    elif kind == "split":
        sheet.add(shape(pen("M", 0, h * 0.62, "L", w, h * 0.5, "V", h, "H", 0, "Z"), accent))
    elif kind == "band":
        sheet.add(oval(cx, h * 0.7, s * 0.42, s * 0.42, accent), rect(0, h * 0.7, w, h * 0.3, near))
    elif kind == "blobs":
        for color in (accent, near):
            x, y = w * rng.uniform(0.35, 0.65), h * rng.uniform(0.38, 0.62)
            sheet.add(shape(blob(x, y, s * rng.uniform(0.34, 0.44), rng), color))
    elif kind == "bokeh":
        for _ in range(26):
            r = rng.uniform(24, 90)
            color = mix(rng.choice(p.colors), base, 0.55)
            sheet.add(oval(rng.uniform(0, w), rng.uniform(0, h * 0.8), r, r, color, 0.34))
        sheet.add(rect(0, h * 0.74, w, h * 0.26, sheet.fade(near, shift(near, -0.05))))
    shadow = "#05060f" if dark else shift(base, -0.4)
    return Ground(h * 0.72, h * 0.86, "studio", shadow=shadow, wall=(h * 0.1, h * 0.6))


def tabletop(sheet: Sheet) -> Ground:
    """A surface seen from straight above: planks, checked cloth, or paper on a mat."""
    rng, w, h, p = sheet.rng, sheet.width, sheet.height, sheet.palette
    kind = rng.choice(("wood", "cloth", "paper", "marble"))
    _, wood = wall_colors(sheet)
    if kind == "wood":
        plank, count = mix(wood, p.paper, 0.45), max(4, round(h / 170))
        sheet.add(rect(0, 0, w, h, shift(plank, -0.06)))
        for i in range(count):
            y, high = h * i / count, h / count - 4
            sheet.add(rect(0, y, w, high, shift(plank, rng.uniform(-0.02, 0.025))))
            for _ in range(2 * max(1, round(w / 1000))):
                x, line = rng.uniform(0, w * 0.8), y + high * rng.uniform(0.25, 0.75)
                grain = pen("M", x, line, "q", 90, rng.uniform(-8, 8), rng.uniform(150, 260), 0)
                sheet.add(stroke(grain, shift(plank, -0.05), 3, 0.6))
    elif kind == "marble":
        stone = mix("#f4f2ef", p.ground if lch(p.ground)[0] > 0.6 else p.paper, 0.3)
        sheet.add(rect(0, 0, w, h, stone))
        for _ in range(7 * max(1, round(w * h / 1e6))):
            x, y = rng.uniform(-100, w), rng.uniform(0, h)
            vein = pen(
                "M",
                x,
                y,
                "q",
                120,
                rng.uniform(-90, 90),
                260,
                rng.uniform(-60, 60),
                "t",
                240,
                rng.uniform(-80, 80),
            )
            sheet.add(stroke(vein, shift(stone, -0.07), rng.uniform(2, 7), 0.5))
    else:
        studio(sheet, "plain")
        if kind == "cloth":
            cloth, step = mix(rng.choice(p.colors), p.ground, 0.55), 72
            for i in range(int(w / step) + 1):
                sheet.add(rect(i * step, 0, step / 2, h, cloth, opacity=0.26))
            for j in range(int(h / step) + 1):
                sheet.add(rect(0, j * step, w, step / 2, cloth, opacity=0.26))
        else:
            sheet.add(shape(blob(w * 0.5, h * 0.5, min(w, h) * 0.5, rng), mix(p.paper, p.ground, 0.25)))
            sheet.add(
                ring(w * rng.choice((0.04, 0.96)), h * rng.choice((0.05, 0.95)), 170, p.second, 34, 0.5)
            )
    return Ground(0, 0, "table", shadow=mix(p.dark, "#241a10", 0.5))
