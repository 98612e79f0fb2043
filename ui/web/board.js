// The board: candidate cards that appear one by one, each with its picture, its prompt and its rating.
// The value is {run, phase, message, canvas, cards}; it is kept for this tab, so a reload loses nothing.
"use strict";

tm.board = (element, props, trigger, watch) => {
  const { h, icon, memory } = tm;
  const root = element.querySelector(".tm-board");
  const kept = memory(sessionStorage, "tinymuse.board", null);
  const cards = new Map(); // by index: {element, update}
  let run = null;

  const RELEVANCE = ["Off topic", "Partly", "Fully"];
  const CORRECTNESS = ["Broken", "Flawed", "Sound"];
  const FORMATS = { png: "PNG, with its settings", svg: "SVG, to be edited", pdf: "PDF, to be printed" };

  // --- the head: what is going on ---------------------------------------------------------------------------
  const message = h("p", { class: "tm-board-message", role: "status", "aria-live": "polite" });
  const bar = h("div", { class: "tm-bar", role: "progressbar", "aria-label": "Candidates drawn", "aria-valuemin": 0 }, h("i"));
  const more = h("button", { type: "button", class: "tm-small", onclick: () => trigger("more") }, icon("spark"), "More ideas");
  const head = h("div", { class: "tm-board-head" }, message, more);
  const grid = h("div", { class: "tm-grid" });

  const empty = () => h("div", { class: "tm-empty" },
    h("ol", {},
      h("li", {}, h("strong", {}, "Show me your canvas"), "A picture of your design, its text, or both."),
      h("li", {}, h("strong", {}, "Press Suggest"), "I write a prompt for each candidate, then draw it."),
      h("li", {}, h("strong", {}, "Say what you think"), "Accept or reject, and grade the prompt. It is saved at once.")),
    h("p", {}, "No canvas at hand? One of the three samples on the page starts with a click."));

  const oops = (text) => h("div", { class: "tm-alert", role: "alert" }, icon("alert"), h("p", {}, text));

  // --- one card -----------------------------------------------------------------------------------------------
  function card(index) {
    const stage = h("div", { class: "tm-stage" });
    const prompt = h("p", { class: "tm-prompt" });
    const facts = h("p", { class: "tm-facts-line" });
    const actions = h("div", { class: "tm-actions" });
    const notes = h("ul", { class: "tm-card-notes" });
    const rating = h("div", { class: "tm-rating" });
    const article = h("article", { class: "tm-card", "aria-label": `Candidate ${index + 1}` }, stage, prompt, facts, notes, actions, rating);
    let drawnId = null;
    let forget = () => {};

    function update(data) {
      article.dataset.state = data.state;
      prompt.textContent = data.prompt;
      facts.textContent = [
        `${data.words} words` + (data.words === data.length ? "" : ` (${data.length} wished)`),
        data.seed === null ? null : `seed ${data.seed}`,
        data.renderer,
      ].filter(Boolean).join(" · ");
      if (data.state === "drawn") {
        if (drawnId !== data.id) reveal(data);
        return;
      }
      const share = data.steps ? data.step / data.steps : 0;
      const words = { written: "Waiting its turn", waiting: `In line: ${data.ahead} before you`, drawing: "Drawing…", failed: data.reason, stopped: "Stopped before it was drawn" };
      stage.replaceChildren(h("div", { class: "tm-blank" },
        data.state === "failed" && icon("alert"),
        h("span", {}, words[data.state]),
        data.state === "drawing" && h("div", { class: "tm-bar" }, h("i", { style: `width:${Math.round(share * 100)}%` }))));
    }

    function reveal(data) {
      drawnId = data.id;
      const url = `/api/pictures/${data.id}.png`;
      const picture = h("img", { src: url, alt: data.prompt, width: data.size[0], height: data.size[1] });
      stage.replaceChildren(h("button", {
        type: "button", class: "tm-zoom", "aria-label": `Enlarge candidate ${index + 1}`, onclick: () => tm.dialog("Candidate", h("img", { src: url, alt: data.prompt }), h("p", { class: "tm-prompt" }, data.prompt)),
      }, picture));
      const file = (format) => ({ href: `/api/download/${data.id}.${format}`, download: "" });
      const said = "Download the picture";
      actions.replaceChildren(
        h("button", { type: "button", class: "tm-button", onclick: () => tm.place(data, props.value.canvas) }, icon("place"), "Put on canvas"),
        data.formats.length === 1
          ? h("a", { class: "tm-button is-icon", ...file("png"), "aria-label": said, title: said }, icon("download"))
          : h("details", { class: "tm-menu" },
              h("summary", { class: "tm-button is-icon", "aria-label": said, title: said }, icon("download")),
              h("div", { class: "tm-menu-list" }, data.formats.map((format) => h("a", file(format), FORMATS[format])))),
        h("button", { type: "button", class: "tm-button is-icon", "aria-label": "Copy the prompt", title: "Copy the prompt", onclick: (event) => tm.copy(event.currentTarget, data.prompt) }, icon("copy")));
      notes.replaceChildren(...data.notes.map((note) => h("li", {}, note)));
      tm.shown(data.id, data.index + 1);
      rate(data.id);
    }

    function rate(id) {
      let grades = { ...tm.gradesOf(id) };
      const saved = h("p", { class: "tm-saved", role: "status", "aria-live": "polite" });
      const states = {
        saving: "Saving…",
        saved: "Saved",
        waiting: "Not saved yet. I keep trying; you can go on.",
      };
      forget = tm.onRating((candidate, state, text) => {
        if (candidate !== id) return;
        saved.dataset.state = state;
        saved.replaceChildren(state === "saved" ? icon("check") : "", states[state] ?? text);
      });
      if (tm.isUnsent(id)) saved.textContent = states.waiting;
      else if (Object.values(grades).some((grade) => grade !== null)) saved.append(icon("check"), states.saved);

      const choice = (name, value, label, attributes = {}) => {
        const button = h("button", {
          type: "button", "aria-pressed": String(grades[name] === value), ...attributes,
          onclick: () => {
            grades = { ...grades, [name]: grades[name] === value ? null : value };
            for (const other of button.parentElement.children) other.setAttribute("aria-pressed", "false");
            button.setAttribute("aria-pressed", String(grades[name] === value));
            tm.rate(id, grades);
          },
        }, label);
        return button;
      };
      const question = (name, text, anchors) => h("fieldset", { class: "tm-scale" },
        h("legend", {}, text),
        h("div", { class: "tm-choices", "data-grade": name }, anchors.map((anchor, at) =>
          choice(name, at + 1, [h("b", {}, at + 1), h("span", {}, anchor)]))));
      rating.replaceChildren(
        h("fieldset", { class: "tm-scale" },
          h("legend", {}, "Would you put it on the canvas?"),
          h("div", { class: "tm-choices", "data-grade": "accepted" },
            choice("accepted", true, [icon("check"), "Accept"], { class: "is-yes" }),
            choice("accepted", false, [icon("cross"), "Reject"], { class: "is-no" }))),
        question("relevance", "Does the prompt fit this canvas?", RELEVANCE),
        question("correctness", "Is it correct and well written?", CORRECTNESS),
        saved);
    }

    return { element: article, update, forget: () => forget() };
  }

  // --- the whole ------------------------------------------------------------------------------------------------
  function show() {
    const value = props.value;
    const phase = value?.phase ?? "idle";
    root.dataset.phase = phase;
    if (phase === "idle") {
      root.replaceChildren(empty());
      return;
    }
    if (value.run !== run) {
      run = value.run;
      for (const old of cards.values()) old.forget();
      cards.clear();
      grid.replaceChildren();
      // On a phone the board lies below the button that started it.
      if (phase === "busy" && root.getBoundingClientRect().top > window.innerHeight) {
        root.scrollIntoView({ behavior: "smooth", block: "start" });
      }
    }
    for (const data of value.cards) {
      if (!cards.has(data.index)) {
        const made = card(data.index);
        cards.set(data.index, made);
        grid.append(made.element);
      }
      cards.get(data.index).update(data);
    }
    const done = value.cards.filter((data) => data.state === "drawn" || data.state === "failed").length;
    const total = value.cards.length;
    message.textContent = phase === "error" ? "" : value.message;
    bar.setAttribute("aria-valuemax", total || 1);
    bar.setAttribute("aria-valuenow", done);
    bar.firstChild.style.width = `${total ? (100 * done) / total : 0}%`;
    bar.classList.toggle("is-waiting", phase === "busy" && !total);
    bar.hidden = phase !== "busy";
    more.hidden = phase === "busy" || !total;
    const parts = [head, bar, phase === "error" && oops(value.message), grid].filter(Boolean);
    if (root.firstChild !== head || phase === "error" || root.querySelector(":scope > .tm-alert")) root.replaceChildren(...parts);
    kept.set(value);
  }

  /** The canvas that a reload brings back. */
  tm.rememberCanvas = (picture) => {
    const board = kept.get();
    if (board) kept.set({ ...board, wish: [picture, ...board.wish.slice(1)] });
  };

  /** A canvas that is understood needs no complaint about the one before. */
  tm.forgive = () => {
    if (props.value?.phase === "error") props.value = null;
  };

  /** A reload ends a run that was going on; what was drawn by then stays. */
  function afterReload(value) {
    if (value.phase !== "busy") return value;
    const state = (data) => (data.state === "drawn" || data.state === "failed" ? data.state : "stopped");
    return {
      ...value,
      phase: "stopped",
      message: "The page was reloaded, which stopped the run. Press Suggest to go on.",
      cards: value.cards.map((data) => ({ ...data, state: state(data) })),
    };
  }

  watch("value", show);
  if (!props.value && kept.get()) props.value = afterReload(kept.get());
  show();
};

/** What the last run of this tab was asked for, in the order of the inputs; all that is there `now` where a person
 *  has changed something before the page was done loading: canvas, text and intent belong together. */
tm.lastWish = (fresh, ...now) => {
  const wish = tm.memory(sessionStorage, "tinymuse.board", null).get()?.wish ?? [];
  if (now.some((value, at) => (value ?? null) !== fresh[at])) return now;
  return now.map((value, at) => (at in wish ? wish[at] : value));
};

/** The foot of the page: what understands, writes and draws here, and how to change it. */
tm.works = (element) => {
  const { h, ask } = tm;
  const root = element.querySelector(".tm-works");
  async function look() {
    const { ok, data } = await ask("/api/status");
    if (ok && data.ready) {
      document.body.classList.toggle("tm-starts", data.starts);
      root.replaceChildren(h("dl", {}, Object.entries(data.parts).map(([part, words]) => h("div", {}, h("dt", {}, part), h("dd", {}, words)))));
      return;
    }
    const words = data.error || "Getting ready: the models are loading. You can already drop your canvas.";
    root.replaceChildren(h("p", { class: data.error ? "tm-alert" : "tm-quiet", role: "status" }, words));
    if (!data.error) setTimeout(look, 1000);
  }
  look();
};
