// The drop zone: a picture is sent, checked and made upright by the server at once; the value is what came back
// ({id, width, height, name, notes}) or null. A picture that cannot be used is refused here, with the reason. A picture
// that was downloaded here brings `settings`; they are put in place by the server and can be taken back.
"use strict";

tm.dropzone = (element, props, trigger, watch) => {
  const { h, icon, ask } = tm;
  const MAX_BYTES = 25e6;
  const root = element.querySelector(".tm-drop");
  const input = h("input", { type: "file", accept: "image/*", id: "canvas-file", class: "tm-visually-hidden" });
  const message = h("p", { class: "tm-drop-message", role: "alert" });
  let busy = false;

  function show() {
    const picture = props.value;
    const face = picture
      ? [
          h("img", { src: `/api/canvas/${picture.id}.png`, alt: "Your canvas", class: "tm-drop-picture" }),
          h("div", { class: "tm-drop-bar" },
            h("span", { class: "tm-drop-name" }, picture.name || "Your canvas"),
            picture.before && h("button", { type: "button", class: "tm-small", onclick: () => swap(picture.before) }, icon("undo"), "Undo"),
            h("label", { for: "canvas-file", class: "tm-small" }, "Replace"),
            h("button", { type: "button", class: "tm-small", onclick: remove }, "Remove")),
        ]
      : [
          h("label", { for: "canvas-file", class: "tm-drop-face" },
            icon("picture"),
            h("strong", {}, busy ? "Opening your picture…" : "Drop your design here"),
            h("span", {}, "or choose a file, or paste. PNG, JPEG, WebP, GIF, BMP, TIFF")),
        ];
    const restored = picture?.restored && h("p", { class: "tm-drop-restored", role: "status" },
      h("span", {}, "This picture was made here: its topic, words, length and seed are set again."),
      h("button", { type: "button", class: "tm-small", onclick: () => trigger("unrestored") }, icon("undo"), "Undo"));
    const notes = (picture?.notes ?? []).map((note) => h("p", { class: "tm-drop-note" }, note));
    root.classList.toggle("is-full", Boolean(picture));
    root.classList.toggle("is-busy", busy);
    const go = document.getElementById("suggest");
    if (go) go.disabled = busy; // Suggest would not see a picture that is still on its way
    root.replaceChildren(...[input, ...face, restored, ...notes, message].filter(Boolean));
    document.dispatchEvent(new CustomEvent("tm:canvas"));
  }

  function set(value) {
    props.value = value;
    show();
    trigger(value?.settings ? "restored" : "picked");
  }

  /** Another picture of the same design: what was understood stays. */
  function swap(value) {
    props.value = value;
    tm.rememberCanvas?.(value);
    show();
  }
  tm.canvas = {
    get: () => props.value,
    put: (value) => {
      swap({ ...value, before: props.value && { ...props.value, before: null } });
      root.scrollIntoView({ behavior: "smooth", block: "nearest" });
    },
  };

  function remove() {
    message.textContent = "";
    set(null);
    root.querySelector("label").focus();
  }

  async function take(file) {
    if (!file || busy) return;
    message.textContent = "";
    if (file.size > MAX_BYTES) {
      message.textContent = `${file.name} is ${Math.round(file.size / 1e6)} MB; at most 25 MB can be opened. ` +
        "Save it smaller, for example as JPEG, and drop it again.";
      return;
    }
    busy = true;
    show();
    const { ok, status, data } = await ask("/api/canvas", { method: "POST", body: file });
    busy = false;
    if (ok) return set({ ...data, name: file.name });
    message.textContent = data.error ||
      (status ? `The picture was refused (${status}).` : "The server did not answer. Check that it is running, then try again.");
    show();
  }

  input.addEventListener("change", () => { take(input.files[0]); input.value = ""; });
  for (const kind of ["dragenter", "dragover"]) {
    root.addEventListener(kind, (event) => { event.preventDefault(); root.classList.add("is-over"); });
  }
  for (const kind of ["dragleave", "drop"]) {
    root.addEventListener(kind, (event) => { event.preventDefault(); root.classList.remove("is-over"); });
  }
  root.addEventListener("drop", (event) => take(event.dataTransfer.files[0]));
  document.addEventListener("paste", (event) => {
    const file = [...(event.clipboardData?.files ?? [])].find((one) => one.type.startsWith("image/"));
    if (file) take(file);
  });
  // A file dropped beside the zone must not make the browser leave the page.
  for (const kind of ["dragover", "drop"]) window.addEventListener(kind, (event) => event.preventDefault());

  watch("value", () => { message.textContent = ""; show(); });
  show();
};

/** Three canvases to try with one click. */
tm.samples = (element, props, trigger) => {
  const { h } = tm;
  const list = element.querySelector(".tm-samples");
  const take = (event, index) => {
    event.currentTarget.setAttribute("aria-busy", "true"); // until its picture is there
    trigger("sample", { index });
  };
  document.addEventListener("tm:canvas", () => { for (const one of list.children) one.removeAttribute("aria-busy"); });
  list.replaceChildren(...props.samples.map((sample, index) =>
    h("button", { type: "button", class: "tm-sample", onclick: (event) => take(event, index) },
      h("img", { src: `/samples/${encodeURIComponent(sample.file)}`, alt: "", loading: "lazy" }),
      h("span", {}, sample.title))));
};
