// How the renderer uses the canvas: not at all, as a start for the whole picture, or only inside a box that the person
// draws. Shown only where a diffusion model draws. The value is {mode, strength, box, negative}; strength in percent.
"use strict";

tm.start = (element, props, trigger, watch) => {
  const { h } = tm;
  const root = element.querySelector(".tm-start");
  const MODES = { off: "Not at all", whole: "As a start", box: "Into a box" };
  const FRESH = { mode: "off", strength: { whole: 60, box: 100 }, box: null, negative: "" };
  const SAID = {
    off: "",
    whole: "Each picture is painted over your canvas and takes its place.",
    box: "Draw a box on your canvas, or move this one: only what is inside it is painted anew.",
  };
  let drawnOn = null; // the canvas that the editor shows

  const value = () => ({ ...FRESH, ...props.value });
  const set = (change) => { props.value = { ...value(), ...change }; };

  const buttons = Object.entries(MODES).map(([mode, label]) => h("button", { type: "button", "aria-pressed": "false", "data-mode": mode, onclick: () => { set({ mode }); show(); } }, label));
  const note = h("p", { class: "tm-origin" });
  const percent = h("output", { for: "tm-strength" });
  const slider = h("input", { type: "range", id: "tm-strength", min: 5, max: 100, step: 5, oninput: () => {
    set({ strength: { ...value().strength, [value().mode]: Number(slider.value) } });
    percent.textContent = `${slider.value}%`;
  } });
  const strength = h("div", { class: "tm-field" }, h("label", { for: "tm-strength" }, "How much may change ", percent), slider);
  const place = h("div", { class: "tm-start-box" });
  const negative = h("textarea", { id: "tm-negative", rows: 2, maxlength: 1000, placeholder: "blurry, text, frame", onchange: () => set({ negative: negative.value.trim() }) });
  root.replaceChildren(
    h("fieldset", { class: "tm-scale" }, h("legend", {}, "Use the canvas"), h("div", { class: "tm-choices" }, buttons)),
    note, place, strength,
    h("details", { class: "tm-more" }, h("summary", {}, "More"),
      h("div", { class: "tm-field" }, h("label", { for: "tm-negative" }, "Not in the picture"), negative)));

  function show() {
    const canvas = tm.canvas?.get();
    const said = value();
    const mode = canvas ? said.mode : "off";
    for (const button of buttons) {
      button.setAttribute("aria-pressed", String(button.dataset.mode === mode));
      button.disabled = !canvas && button.dataset.mode !== "off";
    }
    note.textContent = canvas ? SAID[mode] : "Drop a picture of your design first.";
    strength.hidden = mode === "off";
    place.hidden = mode !== "box";
    if (mode !== "off") {
      slider.value = said.strength[mode];
      percent.textContent = `${slider.value}%`;
    }
    if (document.activeElement !== negative) negative.value = said.negative;
    if (mode !== "box") return;
    if (drawnOn === canvas.id && place.firstChild) return;
    const fits = said.box && said.box[2] <= canvas.width && said.box[3] <= canvas.height;
    const box = fits ? said.box : [canvas.width / 4, canvas.height / 4, (3 * canvas.width) / 4, (3 * canvas.height) / 4].map(Math.round);
    if (!fits) set({ box });
    drawnOn = canvas.id;
    place.replaceChildren(tm.boxOn({
      src: `/api/canvas/${canvas.id}.png`, alt: "Your canvas", width: canvas.width, height: canvas.height, box,
      label: "What is painted anew.", draws: true, changed: (next) => set({ box: next }),
    }).element);
  }

  document.addEventListener("tm:canvas", show);
  watch("value", show);
  show();
};
