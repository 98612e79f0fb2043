// Wished against achieved length, drawn as SVG, with the figures of the paper beside ours.
"use strict";

/** The paper's length control by wished length: mean, mean square error, share within 2 words (its Table III). */
tm.PAPER_LENGTHS = {
  10: { mean: 10.3, error: 0.365, within: 0.98 },
  20: { mean: 19.2, error: 0.881, within: 0.96 },
  30: { mean: 31.1, error: 1.131, within: 0.93 },
  35: { mean: 33.8, error: 1.179, within: 0.95 },
};

/** Points [{length, guided, words: [...]}] as [svg, legend, table]; `width` in pixels. */
tm.lengthPlot = (points, low, high, width) => {
  const { h } = tm;
  const W = Math.min(Math.max(width || 600, 300), 860);
  const H = Math.round(Math.min(W * 0.72, 460));
  const edge = { left: 44, right: 14, top: 12, bottom: 42 };
  const top = high + 6;
  const x = (length) => edge.left + ((length - low) / (high - low)) * (W - edge.left - edge.right);
  const y = (words) => H - edge.bottom - (Math.min(words, top) / top) * (H - edge.top - edge.bottom);

  function s(tag, attributes, ...children) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  }

  const mean = (values) => values.reduce((sum, each) => sum + each, 0) / values.length;
  const of = (guided) => points.filter((point) => point.guided === guided && point.words.length);

  function figures(guided, lengths) {
    const offs = of(guided).filter((point) => lengths.includes(point.length)).flatMap((point) => point.words.map((words) => words - point.length));
    if (!offs.length) return null;
    return { within: mean(offs.map((off) => (Math.abs(off) <= 2 ? 1 : 0))), error: mean(offs.map((off) => off * off)), count: offs.length };
  }

  const ticks = [8, 10, 15, 20, 25, 30, 35, 40];
  const svg = s("svg", { class: "tm-plot", viewBox: `0 0 ${W} ${H}`, width: W, height: H, role: "img" },
    s("title", {}, "Achieved words against wished words; the table below holds the figures"),
    s("polygon", { class: "tm-plot-band", points: [[low, low - 2], [high, high - 2], [high, high + 2], [low, low + 2]].map(([a, b]) => `${x(a)},${y(b)}`).join(" ") }),
    ...[0, 10, 20, 30, 40].flatMap((tick) => [
      s("line", { class: "tm-plot-grid", x1: edge.left, x2: W - edge.right, y1: y(tick), y2: y(tick) }),
      s("text", { x: edge.left - 8, y: y(tick) + 4, "text-anchor": "end" }, String(tick))]),
    ...ticks.filter((tick) => W > 420 || tick % 10 === 0).map((tick) => s("text", { x: x(tick), y: H - edge.bottom + 20, "text-anchor": "middle" }, String(tick))),
    s("text", { x: (edge.left + W - edge.right) / 2, y: H - 4, "text-anchor": "middle", class: "tm-plot-name" }, "wished words"),
    s("text", { transform: `translate(13 ${(H - edge.bottom) / 2}) rotate(-90)`, "text-anchor": "middle", class: "tm-plot-name" }, "achieved words"),
    s("line", { class: "tm-plot-wish", x1: x(low), x2: x(high), y1: y(low), y2: y(high) }),
    ...of(false).flatMap((point) => {
      const counts = new Map(); // equal counts lie on one another: a larger dot says how many
      for (const words of point.words) counts.set(words, (counts.get(words) ?? 0) + 1);
      return [...counts].map(([words, count]) => s("circle", { class: "tm-plot-raw", cx: x(point.length), cy: y(words), r: (1.8 + 1.1 * Math.sqrt(count - 1)).toFixed(1) }));
    }),
    s("polyline", { class: "tm-plot-raw-mean", points: of(false).map((point) => `${x(point.length)},${y(mean(point.words))}`).join(" ") }),
    s("polyline", { class: "tm-plot-guided-line", points: of(true).map((point) => `${x(point.length)},${y(mean(point.words))}`).join(" ") }),
    ...of(true).map((point) => s("circle", { class: "tm-plot-guided", cx: x(point.length), cy: y(mean(point.words)), r: 2.6 })),
    ...Object.entries(tm.PAPER_LENGTHS).map(([length, { mean: said }]) => {
      const [cx, cy] = [x(Number(length)), y(said)];
      return s("path", { class: "tm-plot-paper", d: `M${cx} ${cy - 6}L${cx + 6} ${cy}L${cx} ${cy + 6}L${cx - 6} ${cy}z` });
    }));

  const key = (mark, words) => h("span", {}, h("i", { class: mark }), words);
  const legend = h("p", { class: "tm-legend" },
    key("is-guided", "guided, mean"), key("is-raw", "raw, each prompt"), key("is-raw-mean", "raw, mean"),
    key("is-paper", "the paper's mean"), key("is-band", "within 2 words"));

  const percent = (share) => `${(100 * share).toFixed(share === 1 || share === 0 ? 0 : 1)}%`;
  const cells = (found) => [h("td", {}, found ? percent(found.within) : "–"), h("td", {}, found ? found.error.toFixed(2) : "–")];
  const every = Array.from({ length: high - low + 1 }, (_, at) => low + at);
  const line = (name, lengths, paper) => h("tr", {}, h("th", { scope: "row" }, name),
    cells(figures(true, lengths)), cells(figures(false, lengths)), cells(paper));
  const table = h("div", { class: "tm-scroll", tabindex: 0, role: "region", "aria-label": "Length control in figures" },
    h("table", {},
      h("thead", {},
        h("tr", {}, h("th", { rowspan: 2 }, "Wished words"), ["Guided", "Raw", "Paper"].map((name) => h("th", { colspan: 2, scope: "colgroup" }, name))),
        h("tr", {}, ["", "", ""].flatMap(() => [h("th", { scope: "col" }, "within 2"), h("th", { scope: "col" }, "MSE")]))),
      h("tbody", {},
        Object.entries(tm.PAPER_LENGTHS).map(([length, paper]) => line(length, [Number(length)], paper)),
        line(`${low} to ${high}`, every, null))));
  const note = h("p", { class: "tm-quiet" },
    "Of this one intent with these settings; the paper's figures are of its own test set. MSE is the mean square error in words.");
  return [svg, legend, table, note];
};
