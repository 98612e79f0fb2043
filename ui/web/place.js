// Boxes on a picture, to be dragged, resized and drawn by mouse, finger and keyboard; and the dialog in which a
// candidate is put on the canvas. The box decides; the picture that is downloaded or kept is the server's.
"use strict";

/** A page with one box on it, in the page's own pixels: {element, get, set}.
 *  `inside` fills the box, `round` and `corner` give its shape, `draws` lets the person draw a new one on the page;
 *  `changed(box)` is called when a drag or a key press is over, `moving(box)` while it goes on. */
tm.boxOn = ({ src, alt, width, height, box, label, inside = null, round = false, corner = 0, draws = false, changed = () => {}, moving = () => {} }) => {
  const { h } = tm;
  const LEAST = Math.min(Math.max(24, Math.round(0.04 * Math.max(width, height))), width, height);
  const frame = h("div", { class: "tm-box", tabindex: 0, role: "group", "aria-roledescription": "movable box", "aria-label": `${label} Arrow keys move it, with Shift they resize it.` }, inside,
    ["nw", "ne", "sw", "se"].map((at) => h("span", { class: `tm-box-handle is-${at}`, "data-at": at })));
  const page = h("div", { class: "tm-box-page" }, h("img", { src, alt, width, height, draggable: "false" }), frame);
  const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

  function layout() {
    const [left, top, right, bottom] = box;
    const scale = page.clientWidth / width;
    Object.assign(frame.style, {
      left: `${(100 * left) / width}%`, top: `${(100 * top) / height}%`,
      width: `${(100 * (right - left)) / width}%`, height: `${(100 * (bottom - top)) / height}%`,
    });
    if (inside) inside.style.borderRadius = round ? "50%" : `${corner * Math.min(right - left, bottom - top) * scale}px`;
  }

  function put(next) {
    box = next.map(Math.round);
    layout();
    moving(box);
  }

  function moved([left, top, right, bottom], dx, dy) {
    const x = clamp(left + dx, 0, width - (right - left));
    const y = clamp(top + dy, 0, height - (bottom - top));
    return [x, y, x + right - left, y + bottom - top];
  }

  function resized([left, top, right, bottom], at, dx, dy) {
    return [
      at.includes("w") ? clamp(left + dx, 0, right - LEAST) : left,
      at.includes("n") ? clamp(top + dy, 0, bottom - LEAST) : top,
      at.includes("e") ? clamp(right + dx, left + LEAST, width) : right,
      at.includes("s") ? clamp(bottom + dy, top + LEAST, height) : bottom,
    ];
  }

  page.addEventListener("pointerdown", (event) => {
    const onBox = frame.contains(event.target);
    if (event.button || !(onBox || draws)) return;
    event.preventDefault();
    const at = event.target.dataset.at;
    const bounds = page.getBoundingClientRect();
    const scale = bounds.width / width;
    const start = { x: (event.clientX - bounds.left) / scale, y: (event.clientY - bounds.top) / scale, box };
    if (!onBox) start.box = [start.x, start.y, start.x, start.y];
    frame.focus({ preventScroll: true });
    page.setPointerCapture(event.pointerId);

    function move(now) {
      const x = clamp((now.clientX - bounds.left) / scale, 0, width);
      const y = clamp((now.clientY - bounds.top) / scale, 0, height);
      if (onBox) put(at ? resized(start.box, at, x - start.x, y - start.y) : moved(start.box, x - start.x, y - start.y));
      else {
        const [left, right] = [Math.min(start.x, x), Math.max(start.x, x)];
        const [top, bottom] = [Math.min(start.y, y), Math.max(start.y, y)];
        const [l, t] = [Math.min(left, width - LEAST), Math.min(top, height - LEAST)];
        put([l, t, Math.max(right, l + LEAST), Math.max(bottom, t + LEAST)]);
      }
    }
    const before = box.join();
    function end() {
      page.removeEventListener("pointermove", move);
      page.removeEventListener("pointerup", end);
      page.removeEventListener("pointercancel", end);
      if (box.join() !== before) changed(box);
    }
    page.addEventListener("pointermove", move);
    page.addEventListener("pointerup", end);
    page.addEventListener("pointercancel", end);
  });

  const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  frame.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const [dx, dy] = step.map((each) => each * Math.max(1, Math.round(0.02 * Math.max(width, height))));
    const next = event.shiftKey ? resized(box, "se", dx, dy) : moved(box, dx, dy);
    if (next.map(Math.round).join() === box.join()) return;
    put(next);
    changed(box);
  });

  new ResizeObserver(layout).observe(page);
  layout();
  return { element: page, get: () => box, set: (next) => put(next) };
};

/** One dialog for the whole page: a title, something large, something below it. */
tm.dialog = (() => {
  let dialog = null;
  return (title, content, ...foot) => {
    const { h, icon } = tm;
    if (!dialog) {
      dialog = h("dialog", { class: "tm-dialog", onclick: (event) => { if (event.target === dialog) dialog.close(); } });
      document.querySelector(".tm-board").after(dialog); // inside the page's own styles
    }
    dialog.setAttribute("aria-label", title);
    dialog.replaceChildren(
      h("div", { class: "tm-dialog-head" }, h("h2", {}, title),
        h("button", { type: "button", class: "tm-button is-icon", "aria-label": "Close", onclick: () => dialog.close() }, icon("cross"))),
      h("div", { class: "tm-dialog-picture" }, content),
      h("div", { class: "tm-dialog-foot" }, foot));
    dialog.showModal();
    return dialog;
  };
})();

/** A candidate on the canvas of its run: where it goes, moved as the person likes, to be downloaded or gone on with. */
tm.place = async (candidate, canvas) => {
  const { h, icon, ask } = tm;
  const whole = !canvas || !candidate.placed; // it is the whole design: there is nothing to place
  const note = h("p", { class: "tm-quiet", role: "status" });
  const gone = () => tm.dialog("On your canvas", h("div", { class: "tm-alert", role: "alert" }, icon("alert"),
    h("p", {}, "This picture or its canvas is not kept any more. Press Suggest to make it again.")));

  let spot = null;
  if (canvas && !whole) {
    const { ok, status, data } = await ask(`/api/place/${canvas}/${candidate.id}`);
    if (!ok && status === 404) return gone();
    if (!ok) return tm.dialog("On your canvas", h("p", { class: "tm-quiet" }, "The server did not answer. Check that it is running, then try again."));
    spot = data;
  }
  const where = () => (spot ? `?box=${editor.get().join(",")}&round=${spot.round}` : "");
  const address = `/api/placed/${canvas ? `${canvas}/` : ""}${candidate.id}`;
  const save = h("a", { class: "tm-button", download: "" }, icon("download"), "Download");
  const use = h("button", { type: "button", class: "tm-button is-primary", onclick: keep }, icon("check"), "Use as my canvas");
  const past = [];
  const undo = h("button", { type: "button", class: "tm-button", disabled: true, onclick: back }, icon("undo"), "Undo");

  function refresh() {
    save.href = canvas ? `${address}.png${where()}` : `/api/download/${candidate.id}.png`;
    undo.disabled = past.length === 0;
  }

  function back() {
    if (!past.length) return;
    editor.set(past.pop());
    last = editor.get();
    refresh();
    if (undo.disabled) editor.element.querySelector(".tm-box").focus();
  }

  async function keep() {
    use.disabled = true;
    const { ok, data } = await ask(`${address}${where()}`, { method: "POST" });
    use.disabled = false;
    if (!ok) {
      note.textContent = data.error ?? "The server did not answer. Check that it is running, then try again.";
      return;
    }
    dialog.close();
    tm.canvas.put({ ...data, name: "Your canvas with a candidate on it" });
  }

  let editor = null;
  let last = null;
  let content;
  if (spot) {
    editor = tm.boxOn({
      src: `/api/canvas/${canvas}.png`, alt: "Your canvas", width: spot.width, height: spot.height, box: spot.box,
      round: spot.round, corner: spot.corner, label: "The picture on your canvas.",
      inside: h("img", { src: `/api/pictures/${candidate.id}.png`, alt: candidate.prompt, draggable: "false" }),
      changed: (box) => { past.push(last); last = box; refresh(); },
    });
    last = editor.get();
    content = editor.element;
    note.textContent = "Drag the picture where you like it; its corners make it larger or smaller.";
  } else {
    content = h("img", { src: `/api/pictures/${candidate.id}.png`, alt: candidate.prompt });
    note.textContent = canvas ? "This design takes the whole canvas." : "There is no picture on your canvas yet: this one can be the first.";
  }
  content.addEventListener("error", gone, { capture: true, once: true });
  refresh();
  const dialog = tm.dialog("On your canvas", content, note,
    h("div", { class: "tm-dialog-buttons" }, spot && undo, save, use));
  dialog.onkeydown = (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "z") { event.preventDefault(); back(); }
  };
};
