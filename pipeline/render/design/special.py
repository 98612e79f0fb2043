"""Layouts for one kind of design: documents, lists, infographics, tickets, brochures, calendars, logos."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence

from pipeline.render.art import load_art
from pipeline.render.design.faces import spelled
from pipeline.render.design.layouts import hero
from pipeline.render.design.lettering import Column, Item
from pipeline.render.design.motifs import cluster, motif
from pipeline.render.design.page import Page
from pipeline.render.design.shapes import arch, circle, disc, outline, path, rect, star, stroke
from pipeline.render.palette import distance, mix


def header(page: Page) -> None:
    """For documents: the headline on a coloured head, the rest in one or two columns."""
    w, h, m, u = page.width, page.height, page.margin, page.unit
    s, top = page.scheme("paper", "paper", "ground"), page.scheme("main", "third", "fourth", "dark")
    if distance(top.ground, s.ground) < 0.2:
        top = page.on(page.palette.dark)
    high = (0.34 if page.wide else 0.27) * h
    size = 0.72 * high
    x = w - m - 0.55 * size
    page.add(
        rect(0, 0, w, h, s.ground), rect(0, 0, w, high, top.ground), disc(x, high / 2, 0.62 * size, top.soft)
    )
    motif(page, 0, x, high / 2, 0.9 * size, top.soft)
    title = (m, 0.4 * m, w - m - 1.3 * size, high - 0.4 * m)
    page.write(page.items(top, "kicker headline"), title, headline=0.13)
    items = page.items(s, "details")
    first, last = high + 0.7 * m, h - 1.5 * m
    page.add(rect(m, h - 0.9 * m, w - 2 * m, 0.004 * u, s.accent))
    priced = any(item.right for item in items)  # a row wants its width
    if (len(items) > 5 or page.wide) and not (priced and not page.wide):
        half = _halves(items)
        parts = [(items[:half], m, w / 2 - 0.5 * m), (items[half:], w / 2 + 0.5 * m, w - m)]
    else:
        parts = [(items, m, w - m)]
    columns = [(part, (left, first, right, last)) for part, left, right in parts]
    end = max(page.write_evenly(columns, 0.036 if len(parts) > 1 else 0.046, 1.6 if priced else 0.8), first)
    if last - end > 0.2 * h:
        cluster(page, (m, max(end + 0.08 * h, last - 0.42 * h), w - m, h - 0.9 * m), s.ground, 4)


def _halves(items: Sequence[Item]) -> int:
    """Where to part the items so that both halves hold about as much; headings open a half."""
    weights = [1.2 + len(item.text) / 34 for item in items]
    heads = [i for i, item in enumerate(items) if i and item.before > 0.8] or list(range(1, len(items)))
    return min(heads, key=lambda i: abs(sum(weights[:i]) - sum(weights) / 2), default=len(items))


def listed(page: Page) -> None:
    """For menus and lists: headline at the head, rows below, motifs at the foot."""
    w, h, m, u = page.width, page.height, page.margin, page.unit
    s, p = page.scheme("paper", "paper", "ground", "dark"), page.palette
    page.add(rect(0, 0, w, h, s.ground))
    top = m
    if page.rng.random() < 0.5:  # an awning
        tile = 0.035 * u
        other = p.second if s.ground == p.paper else p.paper
        for i in range(int(w / tile) + 1):
            r = tile / 2
            scallop = f"M{i * tile:.1f} 0h{tile:.1f}v{tile * 1.5:.1f}a{r:.1f} {r:.1f} 0 0 1 {-tile:.1f} 0Z"
            page.add(path(scallop, p.main if i % 2 else other))
        top = tile * 2.2 + 0.55 * m
    else:
        page.add(stroke(outline((0.5 * m, 0.5 * m, w - 0.5 * m, h - 0.5 * m)), s.accent, 0.003 * u))
    left, right, foot = 1.2 * m, w - 1.2 * m, h - 0.2 * u
    middle = top + 0.2 * h
    page.write(page.items(s, "kicker headline"), (left, top, right, middle), "center", headline=0.12)
    page.add(rect(left, middle + 0.25 * m, right - left, 0.003 * u, s.accent))
    items = page.items(s, "details")
    align = "left" if any(item.right for item in items) or len(items) > 4 else "center"
    page.write(items, (left, middle + 0.65 * m, right, foot - 0.3 * m), align, body=0.046, spread=1.3)
    cluster(page, (0.14 * w, foot, 0.86 * w, h - 0.05 * u - 0.1 * m), s.ground)


def steps(page: Page) -> None:
    """For infographics: a head, then numbered bands with a motif each, from two to seven."""
    w, h, m = page.width, page.height, page.margin
    details = page.wording.details
    if len(details) < 2:
        hero(page)
        return
    if len(details) > 7:
        page.columns.append(Column((), whole=False))
        return
    top = page.scheme("dark", "fourth", "main", "third")
    high = 0.22 * h
    page.add(rect(0, 0, w, h, top.ground))
    page.write(
        page.items(top, "kicker headline"), (m, 0.6 * m, w - m, high - 0.3 * m), "center", headline=0.14
    )
    tall = (h - high) / len(details)
    r = min(0.34 * tall, 0.1 * w)
    for i, detail in enumerate(details):
        s = page.on(page.palette.paper if i % 2 else page.palette.ground)
        mark = page.on(page.palette.colors[i % 4])
        y = high + (i + 0.5) * tall
        page.add(rect(0, y - tall / 2, w, tall + 1, s.ground))
        near, far, align = (
            (m + r, w - m - 0.11 * w, "left") if i % 2 == 0 else (w - m - r, m + 0.11 * w, "right")
        )
        page.add(disc(near, y, r, mark.ground))
        number = Item(str(i + 1), page.pairing.display, mark.ink, grows=True)
        page.write(
            [number], (near - 0.6 * r, y - 0.6 * r, near + 0.6 * r, y + 0.6 * r), "center", headline=0.09
        )
        own = load_art().find(detail.text)  # what the step speaks of, else what the page does
        page.motifs.insert(0, (own[0].drawing, own[0].colors) if own else page.motifs[i % len(page.motifs)])
        motif(page, 0, far, y, min(0.62 * tall, 0.24 * w), s.ground)
        page.motifs.pop(0)
        text = Item(spelled(f"{detail.text} {detail.right}", page.pairing.strong), page.pairing.strong, s.ink)
        left, right = sorted(
            (near + (1.5 * r if i % 2 == 0 else -1.5 * r), far + (-0.16 if i % 2 == 0 else 0.16) * w)
        )
        page.write([text], (left, y - 0.4 * tall, right, y + 0.4 * tall), align, body=0.04)


def stub(page: Page) -> None:
    """For tickets: the words, and a stub behind a perforation."""
    w, h, m, u = page.width, page.height, page.margin, page.unit
    s, p = page.scheme("main", "third", "fourth", "second", "dark"), page.palette
    back = mix(p.ground, p.paper, 0.5)
    edge, notch, cut = 0.35 * m, 0.07 * h, 0.72 * w
    page.add(rect(0, 0, w, h, back), rect(edge, edge, w - 2 * edge, h - 2 * edge, s.ground, 0.05 * h))
    page.add(disc(cut, edge, notch, back), disc(cut, h - edge, notch, back))
    tear = f"M{cut:.1f} {edge + notch * 1.3:.1f}V{h - edge - notch:.1f}"
    page.add(stroke(tear, back, 0.006 * u, dash=0.013 * u))
    left, top, right, bottom = 2 * edge, 2 * edge, cut - 1.6 * edge, h - 2 * edge
    page.add(stroke(outline((left, top, right, bottom), 0.03 * h), s.accent, 0.003 * u))
    x, r = (cut + w - edge) / 2, min(0.3 * h, 0.105 * w)
    page.add(disc(x, h / 2, r * 1.15, p.paper))
    cluster(page, (x - r * 0.85, h / 2 - r * 0.8, x + r * 0.85, h / 2 + r * 0.8), p.paper, 2, middling=True)
    pad = 0.5 * m
    text = (left + 1.2 * pad, top + 0.6 * pad, right - 1.2 * pad, bottom - 0.6 * pad)
    page.write(page.items(s, "kicker headline details"), text, headline=0.2)


def panels(page: Page) -> None:
    """For brochures: a cover and two panels of text."""
    if len(page.wording.details) < 3:
        page.columns.append(Column((), whole=False))
        return
    w, h, m = page.width, page.height, page.margin
    cover, left = page.scheme("main", "third", "fourth", "dark"), page.on(page.palette.paper)
    middle = page.on(page.palette.ground)
    third, pad = w / 3, 0.75 * m
    for i, s in enumerate((left, middle, cover)):
        page.add(rect(i * third, 0, third, h, s.ground))
    items = page.items(left, "details")
    half = _halves(items)
    cluster(page, (pad, pad, third - pad, 0.3 * h), left.ground, 2)
    rest = page.items(middle, "details")[half:]
    areas = (pad, 0.36 * h, third - pad, h - pad), (third + pad, pad, 2 * third - pad, 0.6 * h)
    page.write_evenly([(items[:half], areas[0]), (rest, areas[1])], 0.042, 1.2)
    page.add(disc(1.5 * third, 0.8 * h, 0.16 * h, middle.soft))
    motif(page, 1, 1.5 * third, 0.8 * h, 0.22 * h, middle.soft)
    x, y, dip = 2 * third, 0.48 * h, 0.08 * h
    hill = f"M{x:.1f} {y + dip:.1f}Q{x + third / 2:.1f} {y - dip:.1f} {w:.1f} {y + dip:.1f}V{h:.1f}H{x:.1f}Z"
    page.picture = ((x, y, w, h), hill)
    page.write(page.items(cover, "kicker headline"), (x + pad, pad, w - pad, 0.44 * h), headline=0.12)


def month(page: Page) -> None:
    """For calendars: a picture, the headline, a grid of days."""
    w, h, m, u = page.width, page.height, page.margin, page.unit
    s = page.scheme("paper", "paper", "ground", "dark")
    at = 0.44 * h
    page.add(rect(0, 0, w, h, s.ground))
    page.picture = ((0, 0, w, at), outline((0, 0, w, at)))
    title = (m, at + 0.3 * m, w - m, at + 0.13 * h)
    page.write(page.items(s, "kicker headline"), title, "center", headline=0.09, most_lines=2)
    across = (w - 2 * m) / 7
    first, last = _month(f"{page.wording.headline} {page.wording.kicker}")
    weeks = -(-(first + last) // 7)
    top, step = at + 0.16 * h, 0.058 * h * min(1.0, 5.6 / weeks)
    days: list[tuple[Item, int, float]] = [
        (Item(day, page.pairing.strong, s.accent), i, 0.0) for i, day in enumerate("MTWTFSS")
    ]
    for number in range(1, last + 1):
        row, column = divmod(first + number - 1, 7)
        color = s.ink if column < 5 else s.accent
        days.append((Item(str(number), page.pairing.body, color), column, row + 1.05))
    for item, column, down in days:
        x, y = m + column * across, top + step * down
        page.write([item], (x, y, x + across, y + 0.8 * step), "center", body=0.025)
    page.add(rect(m, top + step * 0.86, w - 2 * m, 0.002 * u, s.accent))
    page.write(
        page.items(s, "details"), (m, top + (weeks + 1.2) * step, w - m, h - 0.3 * m), "center", body=0.024
    )


def _month(text: str) -> tuple[int, int]:
    """The weekday (0 Monday) of the first day of the month named in the text, and its last day."""
    names = {name.lower(): number for number, name in enumerate(calendar.month_name) if number}
    month = next((names[each] for each in re.findall(r"[a-z]+", text.lower()) if each in names), 0)
    year = re.search(r"\b(?:19|20)\d\d\b", text)
    if not month or not year:
        return 0, 30  # a month of nobody's: thirty days from a Monday on
    return calendar.monthrange(int(year[0]), month)


def mark(page: Page) -> None:
    """For logos: one motif in a plain form, the name below."""
    w, h, m = page.width, page.height, page.margin
    s = page.scheme("paper", "paper", "ground", "dark", "fourth")
    form = page.scheme("main", "third", "second", "ground")
    if distance(form.ground, s.ground) < 0.12:
        form = page.on(page.palette.second)
    x, y, r = w / 2, 0.39 * h, 0.235 * min(w, h)
    forms = (
        circle(x, y, r),
        star(x, y, r * 1.08, 20, 0.06),
        outline((x - r, y - r, x + r, y + r), r * 0.36),
        arch((x - r * 0.9, y - r, x + r * 0.9, y + r)),
    )
    chosen = page.rng.choice(forms)
    page.add(rect(0, 0, w, h, s.ground), path(chosen, form.ground))
    if chosen == forms[0]:
        page.add(stroke(circle(x, y, r * 1.1), form.ground, r * 0.03))
    motif(page, 0, x, y, 1.18 * r, form.ground)
    text = (m, y + 1.22 * r, w - m, h - m)
    page.write(page.items(s, "kicker headline details"), text, "center", "top", 0.105, 0.034, most_lines=2)
