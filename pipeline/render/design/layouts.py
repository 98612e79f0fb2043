"""Layouts: each divides a page, draws its shapes and motifs and sets its words.

Every layout takes any shape of page and any amount of text; where it would make the text too small, the
template tries the next. The dice of the page choose colours and variants. Layouts for one kind of design
(tickets, calendars ...) are in special.py.
"""

from __future__ import annotations

from pipeline.render.design.lettering import Box
from pipeline.render.design.motifs import cluster, confetti, motif, rays, scatter
from pipeline.render.design.page import Page, away, readable
from pipeline.render.design.shapes import arch, circle, disc, outline, path, polygon, rect, star, stroke
from pipeline.render.palette import distance, lch, mix

RULED = "kicker headline rule details"
PLAIN = "kicker headline details"


def hero(page: Page) -> None:
    """Words above (or beside), the motifs large on a disc."""
    w, h, m = page.width, page.height, page.margin
    s = page.scheme("paper", "ground", "ground", "dark", "main", "third", "fourth")
    page.add(rect(0, 0, w, h, s.ground))
    if page.wide and page.rng.random() < 0.7:
        text, area = (m, m, 0.52 * w, h - m), (0.54 * w, m, w - m, h - m)
    elif page.wide:
        text, area = (0.5 * w, m, w - m, h - m), (m, m, 0.46 * w, h - m)
    else:
        share = 0.5 if len(page.wording.details) < 5 else 0.58
        text, area = (m, m, w - m, share * h), (m, (share + 0.03) * h, w - m, h - m * 0.9)
    x, y = (area[0] + area[2]) / 2, (area[1] + area[3]) / 2
    r = min(area[2] - area[0], area[3] - area[1]) / 2
    floor = y + 0.72 * r
    page.add(path(circle(x, y, r) if page.rng.random() < 0.5 else star(x, y, r * 1.02, 14, 0.09), s.soft))
    if not page.wide:
        page.add(rect(0, floor, w, h - floor, mix(s.ground, s.soft, 0.55)))
        if page.rng.random() < 0.6:
            colors = (*page.palette.colors[:3], s.soft)
            confetti(page, (m * 0.4, area[1], w - m * 0.4, floor - r * 0.3), colors, 26)
    cluster(page, (area[0], y - 0.8 * r, area[2], floor + 0.05 * r), s.soft, 3 if page.wide else 4)
    page.write(page.items(s, PLAIN), text, "left" if page.wide else "center")


def split(page: Page) -> None:
    """A picture on one half, words on the other."""
    w, h, m = page.width, page.height, page.margin
    s = page.scheme("paper", "ground", "dark", "main", "third", "fourth")
    page.add(rect(0, 0, w, h, s.ground))
    if page.wide:
        at = 0.46 * w
        left = page.rng.random() < 0.5
        area = (0, 0, at, h) if left else (w - at, 0, w, h)
        text = (at + m, m, w - m, h - m) if left else (m, m, w - at - m, h - m)
        clip = outline(area)
    else:
        at = (0.5 if len(page.wording.details) < 5 else 0.4) * h
        area, text = (0, 0, w, at), (m, at + m * 0.9, w - m, h - m)
        r, dip = w / 18, 0.05 * h
        clip = page.rng.choice((
            outline(area),
            f"M0 0H{w:.1f}V{at - dip:.1f}Q{w / 2:.1f} {at + dip:.1f} 0 {at - dip:.1f}Z",
            f"M0 0H{w:.1f}V{at - r:.1f}" + f"a{r:.2f} {r:.2f} 0 0 1 {-2 * r:.2f} 0" * 9 + "Z",
        ))  # fmt: skip
    page.picture = (area, clip)
    align = "left" if page.wide else page.rng.choice(("left", "center"))
    page.write(page.items(s, page.rng.choice((PLAIN, RULED))), text, align)


def frame(page: Page) -> None:
    """Centred words in a fine border, motifs at its head, at its sides or in its corners."""
    w, h, m, u = page.width, page.height, page.margin, page.unit
    s = page.scheme("paper", "paper", "ground", "dark", "fourth")
    page.add(rect(0, 0, w, h, s.ground))
    line = readable(page.palette.second if page.kind == "certificate" else s.accent, s.ground, 2.2)
    at_head, radius = page.rng.random() < 0.5, page.rng.choice((0.0, 0.6 * m))
    for inset, width in ((0.5 * m, 0.004 * u), (0.67 * m, 0.0016 * u)):
        page.add(stroke(outline((inset, inset, w - inset, h - inset), radius), line, width))
    left, top, right, bottom = 1.57 * m, 1.37 * m, w - 1.57 * m, h - 1.37 * m
    few = sum(len(detail.text) for detail in page.wording.details) < 90
    size = (0.23 if few and at_head and not page.wide else 0.155) * u
    if page.wide:
        for side, x in enumerate((left + size * 0.4, right - size * 0.4)):
            motif(page, 0, x, h / 2, size * 0.9, s.ground, flip=side > 0)
        left, right = left + size * 1.1, right - size * 1.1
        if page.kind == "certificate":
            x, y = w / 2, bottom - 0.02 * u
            page.add(path(star(x, y, 0.06 * u, 18, 0.14), page.palette.second))
            page.add(disc(x, y, 0.042 * u, page.palette.main))
            page.add(path(star(x, y, 0.027 * u, 5, 0.6), page.palette.paper))
            bottom = y - 0.085 * u
    elif at_head:
        cluster(page, (w / 2 - 1.4 * size, top, w / 2 + 1.4 * size, top + 1.1 * size), s.ground)
        top += 1.25 * size
    else:
        for i in range(4):
            x = right - size * 0.45 if i % 2 else left + size * 0.45
            motif(
                page,
                i // 2,
                x,
                bottom - size / 2 if i > 1 else top + size / 2,
                size,
                s.ground,
                flip=i % 2 > 0,
            )
        top, bottom = top + size * 1.15, bottom - size * 1.2
    page.write(page.items(s, RULED), (left, top, right, bottom), "center", headline=0.16, body=0.037)


def pattern(page: Page) -> None:
    """A pattern of the motifs, a label with the words over it."""
    w, h, u = page.width, page.height, page.unit
    back = page.scheme("ground", "main", "third", "fourth", "second", "dark")
    page.add(rect(0, 0, w, h, back.ground))
    label = page.scheme("paper", "paper", "dark")
    if distance(label.ground, back.ground) < 0.15:
        label = page.on(page.palette.paper if label.ground == page.palette.dark else page.palette.dark)
    few = sum(len(d.text) for d in page.wording.details) + len(page.wording.headline) < 110
    x, y = w * (0.13 if few else 0.09), h * (0.22 if few else 0.13)
    scatter(page, (0, 0, w, h), back.ground, 0.13 * u, (x, y, w - x, h - y))
    style = page.rng.randrange(3)
    if style == 0 and few and not page.wide:
        r = min(w - 2 * x, h - 2 * y) * 0.55
        page.add(path(star(w / 2, h / 2, r * 1.03, 22, 0.06), label.ground))
        page.add(stroke(circle(w / 2, h / 2, r * 0.88), label.accent, 0.003 * u))
        x, y, pad = w / 2, h / 2, -r * 0.61
    else:
        radius = (0.0, 0.08 * u, 0.02 * u)[style]
        inset = 0.022 * u
        page.add(rect(x, y, w - 2 * x, h - 2 * y, label.ground, radius))
        inner = (x + inset, y + inset, w - x - inset, h - y - inset)
        page.add(stroke(outline(inner, radius - inset), label.accent, 0.003 * u))
        pad = inset + 0.04 * u
    text = (x + pad, y + pad, w - x - pad, h - y - pad)
    page.write(page.items(label, RULED), text, "center", headline=0.15, body=0.036)


def arched(page: Page) -> None:
    """A window with a picture or the motifs in it, words below or beside."""
    w, h, m, u = page.width, page.height, page.margin, page.unit
    s, p = page.scheme("paper", "paper", "ground", "dark", "fourth", "third"), page.palette
    page.add(rect(0, 0, w, h, s.ground))
    if page.wide:
        area = (0.6 * w - m, m * 0.9, w - m, h)
        text = (m, m, area[0] - m, h - m)
    else:
        share = 0.5 if len(page.wording.details) < 5 else 0.4
        area = (0.19 * w, m, 0.81 * w, share * h)
        text = (m, share * h + 0.6 * m, w - m, h - m)
    left, top, right, bottom = area
    gap = 0.016 * u
    page.add(stroke(arch((left - gap, top - gap, right + gap, bottom + gap)), s.accent, 0.0035 * u))
    if page.rng.random() < 0.5:
        page.picture = (area, arch(area))
    else:
        sky = mix(p.ground, p.second, 0.35) if lch(p.ground)[0] > 0.5 else p.fourth
        r, floor = (right - left) / 2, bottom - 0.14 * (bottom - top)
        page.add(path(arch(area), sky), disc(left + r, top + r * 0.95, r * 0.62, mix(sky, p.paper, 0.45)))
        page.add(rect(left, floor, right - left, bottom - floor, mix(p.third, sky, 0.35)))
        feet = floor + 0.05 * (bottom - top)
        cluster(page, (left + r * 0.1, top + r * 0.45, right - r * 0.1, feet), sky)
    page.write(page.items(s, PLAIN), text, "left" if page.wide else "center", headline=0.15)


def typographic(page: Page) -> None:
    """The headline as large as it goes on a strong colour, plain shapes, one or two motifs."""
    w, h, m, u = page.width, page.height, page.margin, page.unit
    s = page.scheme("main", "second", "third", "fourth", "dark")
    tone, other = away(s, 0.05), page.palette.second
    if distance(other, s.ground) < 0.12:
        other = page.palette.main
    details = page.wording.details
    few = sum(len(detail.text) for detail in details) < 60
    x_from, y_from = (0.62 * w, m) if page.wide else ((0.5 if few else 0.62) * w, 0.57 * h)
    x, y = (x_from + w - m * 0.8) / 2, (y_from + h - m * 0.8) / 2
    r = min(w - m * 0.8 - x, h - m * 0.8 - y)
    style = page.rng.randrange(3)
    page.add(rect(0, 0, w, h, s.ground))
    if style == 0:
        page.add(disc(w, h, (0.62 if page.wide else 0.78) * u, tone), disc(x, y, r, other))
    elif style == 1:
        slope = ((0.6 * w, h), (0.72 * w, 0)) if page.wide else ((0, 0.82 * h), (w, 0.56 * h))
        page.add(
            path(polygon(*slope, (w, 0) if page.wide else (w, h), (w, h) if page.wide else (0, h)), tone)
        )
        page.add(path(star(x, y, r, 16, 0.12), other))
    else:
        for i in range(5):
            page.add(stroke(circle(w, h, 0.09 * u * (2 + 1.7 * i)), tone, 0.072 * u))
        page.add(rect(x - r, y - r, 2 * r, 2 * r, other, r * 0.25))
    cluster(page, (x - r * 0.82, y - r * 0.78, x + r * 0.82, y + r * 0.74), other, 2, middling=True)
    if page.wide:
        page.write(page.items(s, PLAIN), (m, m, x_from - 0.5 * m, h - m), headline=0.3)
    else:
        top, foot = (m, m, w - m, 0.55 * h), (m, 0.6 * h, x_from - 0.5 * m, h - m)
        page.write(page.items(s, "kicker headline"), top, valign="top", headline=0.42, most_lines=5)
        page.write(page.items(s, "details"), foot, valign="bottom", body=0.036)


def burst(page: Page) -> None:
    """Sunrays, a headline over them, a badge with the motifs, the details on a band."""
    w, h, m = page.width, page.height, page.margin
    s, p = page.scheme("ground", "second", "third", "main", "fourth", "paper"), page.palette
    band = page.on(p.dark if distance(p.dark, s.ground) > 0.25 else p.paper)
    details = page.items(band, "details")
    if page.wide:
        x, y, r = 0.76 * w, 0.5 * h, min(0.4 * h, 0.2 * w)
        end, share = x - r - 0.6 * m, 0.72 if details else 1.0
        text: Box = (m, m, end, share * h - 0.6 * m)
        inside: Box = (m, (share + 0.03) * h, end - 0.1 * h, h - 0.5 * m - 0.03 * h)
        foot = polygon((0, share * h), (end, share * h), (end - 0.06 * h, (share * h + h - 0.5 * m) / 2),
                       (end, h - 0.5 * m), (0, h - 0.5 * m))  # fmt: skip
    else:
        share = 0.8 if len(details) < 5 else 0.68
        x, y, r = w / 2, (0.36 + share) / 2 * h, min(0.36 * w, (share - 0.39) * h / 2)
        text, inside = (m, m * 0.9, w - m, 0.36 * h), (m, (share + 0.025) * h, w - m, h - 0.5 * m)
        foot = outline((0, share * h, w, h))
    rays(page, x, y, s.ground, away(s, 0.045))
    page.add(path(star(x, y, r, 24, 0.07), p.paper), disc(x, y, r * 0.84, mix(p.ground, p.paper, 0.3)))
    cluster(page, (x - r * 0.74, y - r * 0.68, x + r * 0.74, y + r * 0.6), p.paper, 2, middling=True)
    align = "left" if page.wide else "center"
    page.write(page.items(s, "kicker headline"), text, align, headline=0.2)
    if details:
        page.add(path(foot, band.ground))
        page.write(details, inside, align, body=0.034)


def banded(page: Page) -> None:
    """A band of motifs across the page (or down its side), words on either side of it."""
    w, h, m, u = page.width, page.height, page.margin, page.unit
    s = page.scheme("paper", "ground", "dark", "fourth")
    strip = page.scheme("main", "second", "third")
    page.add(rect(0, 0, w, h, s.ground))
    if page.wide:
        page.add(rect(0.64 * w, 0, 0.36 * w, h, strip.ground))
        cluster(page, (0.64 * w + 0.4 * m, 0.14 * h, w - 0.4 * m, 0.86 * h), strip.ground, middling=True)
        page.write(page.items(s, PLAIN), (m, m, 0.64 * w - m, h - m), headline=0.2)
        return
    top, bottom = 0.4 * h, 0.64 * h
    page.add(rect(0, top, w, bottom - top, strip.ground))
    for y in (top - 0.014 * u, bottom + 0.008 * u):
        page.add(rect(0, y, w, 0.006 * u, s.accent))
    count = max(3, min(5, len(page.motifs)))
    size = min((bottom - top) * 0.74, w / count * 0.86)
    for i in range(count):
        motif(page, i, w * (i + 0.5) / count, (top + bottom) / 2, size, strip.ground, flip=i % 2 > 0)
    page.write(page.items(s, "kicker headline"), (m, m, w - m, top - 0.5 * m), "center", headline=0.2)
    page.write(page.items(s, "details"), (m, bottom + 0.5 * m, w - m, h - m), "center")


def side(page: Page) -> None:
    """For cards and banners: the motifs on a panel of colour, the words beside it."""
    w, h, m = page.width, page.height, page.margin
    s = page.scheme("paper", "paper", "dark", "fourth", "ground")
    panel = page.scheme("main", "third", "second", "fourth")
    if distance(panel.ground, s.ground) < 0.15:
        panel = page.on(page.palette.second)
    page.add(rect(0, 0, w, h, s.ground))
    deep = min(0.4 * w, 0.95 * h)
    x, r, edge = w - 0.47 * deep, 0.4 * min(deep, 0.9 * h), w - deep
    style = page.rng.randrange(3)
    if style == 0:
        page.add(rect(edge, 0, deep, h, panel.ground))
    elif style == 1:
        page.add(disc(x, h / 2, w - x + 0.12 * deep, panel.ground))
        edge = x - (w - x) - 0.12 * deep
    else:
        slant = 0.14 * deep
        page.add(path(polygon((edge, h), (edge + slant, 0), (w, 0), (w, h)), panel.ground))
        x += slant / 3
    page.add(disc(x, h / 2, r, panel.soft))
    cluster(page, (x - r * 0.9, h / 2 - r * 0.85, x + r * 0.9, h / 2 + r * 0.85), panel.soft, middling=True)
    page.write(page.items(s, page.rng.choice((PLAIN, RULED))), (m, m, edge - 0.6 * m, h - m), headline=0.2)
