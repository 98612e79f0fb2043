// A rater's page: welcome, one item after the other, the end. Answers leave through the outbox, so that the network may
// come and go; what is not complete yet is a draft in the browser. The server decides what comes next.
"use strict";

(() => {
  const { h, icon, ask, memory } = tm;
  const root = document.querySelector("#study");
  const name = decodeURIComponent(location.pathname.split("/")[2]);
  const api = `/api/study/${encodeURIComponent(name)}`;
  const code = new URLSearchParams(location.search).get("code") ?? "";
  const draft = memory(localStorage, `tinymuse.study.${name}.draft`, null);
  const past = memory(localStorage, `tinymuse.study.${name}.past`, []); // the last answers given here, for Undo
  const letters = memory(localStorage, "tinymuse.study.keys", true);
  const PAST = 30;
  const AHEAD = 3; // items whose pictures are here before they are needed
  const NEXT_AFTER = 300; // ms in which the last answer can be seen

  let study = null; // what the server says of the study and of us
  let queue = []; // items to rate, the first is on the screen
  let now = null; // the item on the screen: {item, answers, order, note, watch}
  let leaving = null; // the timer that goes on once all is answered
  const box = tm.outbox(`study.${name}`, `${api}/ratings`);
  const whole = (rating) => rating.accepted !== null && rating.relevance !== null && rating.correctness !== null;
  const answered = new Set(box.unsent().filter(whole).map((rating) => rating.presentation)); // here; the server may not know yet

  // --- the frame ----------------------------------------------------------------------------------------------
  const count = h("span", { class: "st-count" });
  const bar = h("div", { class: "tm-bar" }, h("i"));
  const saved = h("p", { class: "tm-saved", role: "status", "aria-live": "polite" });
  const shade = h("button", { type: "button", class: "tm-button is-icon", title: "Light or dark", "aria-label": "Light or dark", onclick: tm.toggleDark }, icon("moon"));
  const help = h("button", { type: "button", class: "tm-button is-icon", title: "Help (?)", "aria-label": "Help", onclick: () => showHelp() }, "?");
  const top = h("header", { class: "st-top" }, h("h1", {}, name), h("div", { class: "st-progress" }, count, bar), saved, help, shade);
  const stage = h("div", { class: "st-stage" });
  const dialog = h("dialog", { class: "tm-dialog", onclick: (event) => { if (event.target === dialog) dialog.close(); } });
  root.append(top, stage, dialog);

  const key = (text) => h("kbd", {}, text);
  const lone = (title, ...children) => stage.replaceChildren(h("section", { class: "st-lone" }, h("h2", {}, title), ...children));

  function progress(done, total) {
    count.textContent = total ? `${Math.min(done + 1, total)} of ${total}` : "";
    bar.firstChild.style.width = `${total ? (100 * done) / total : 0}%`;
    bar.hidden = !total;
  }

  // --- saved, or on its way -----------------------------------------------------------------------------------
  function tellSaved(state = "saved", message = "") {
    const left = box.unsent().length;
    saved.dataset.state = state === "refused" ? "refused" : left ? (state === "saved" ? "saving" : state) : "saved";
    if (state === "refused") saved.replaceChildren(message);
    else if (!left) saved.replaceChildren(icon("check"), "Saved");
    else if (state === "waiting") saved.replaceChildren(`${left} not sent yet. Go on: they are kept here and sent as soon as possible.`);
    else saved.replaceChildren("Saving…");
  }
  box.listen((rating, state, message) => {
    tellSaved(state, message);
    if (state === "refused") { answered.delete(rating.presentation); now = null; queue = []; start(); }
    else if (document.querySelector("[data-waits]") && !box.unsent().length) load();
  });

  // --- welcome ------------------------------------------------------------------------------------------------
  function welcome() {
    const minutes = Math.max(1, Math.round((study.total * 12) / 60));
    const given = h("input", { id: "code", type: "text", autocomplete: "off", autocapitalize: "off", spellcheck: "false", value: code, required: true });
    const agree = h("input", { id: "agree", type: "checkbox", required: true });
    const wrong = h("p", { class: "st-wrong", role: "alert" });
    const form = h("form", {
      onsubmit: async (event) => {
        event.preventDefault();
        const { ok, status, data } = await ask(`${api}/join`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ code: given.value }) });
        if (ok) { history.replaceState(null, "", location.pathname); start(true); }
        else wrong.textContent = status ? data.error : "The server cannot be reached. Try again in a moment.";
      },
    },
    study.coded && h("label", { class: "st-code" }, "Your invitation's code", given),
    h("label", { class: "st-agree" }, agree, h("span", {}, "I agree that my ratings are stored and used for research.")),
    wrong,
    h("button", { type: "submit", class: "tm-button is-primary st-start" }, "Start"));
    lone("Welcome, and thank you for your time",
      h("p", {}, "You will see a design that someone is working on, the canvas, and a suggestion for it: a picture and the prompt it was made from. For each you answer three questions."),
      h("ol", { class: "st-asked" }, study.questions.map((question) => h("li", {}, question.text))),
      h("p", {}, `There are ${study.total} suggestions: about ${minutes} ${minutes === 1 ? "minute" : "minutes"}. There are no wrong answers. You may stop at any time and go on later, in this browser.`),
      h("h3", {}, "What is kept"),
      h("p", {}, "Your answers and notes, the seconds each took, and whether you use a phone, a tablet or a computer. A cookie with a random number tells one person from another. No name, no e-mail, no network address."),
      form);
  }

  // --- one item -------------------------------------------------------------------------------------------------
  function show(entry) {
    clearTimeout(leaving);
    leaving = null;
    now = entry;
    now.watch = tm.stopwatch();
    const { item } = now;
    progress(item.position - 1, study.total);
    const note = h("textarea", { id: "note", rows: 2, maxlength: 1000, placeholder: "In your own words, if you like", value: now.note, oninput: () => { now.note = note.value; keepDraft(); finish(); } });
    const noted = h("details", { class: "st-note", open: now.note !== "" }, h("summary", {}, "Add a note ", key("N")), h("label", { for: "note", class: "tm-visually-hidden" }, "Note"), note);
    const next = h("button", { type: "button", class: "tm-button is-primary st-next", disabled: true, onclick: go }, "Next");
    const undo = h("button", { type: "button", class: "tm-button", onclick: takeBack, disabled: !now.order.length && !past.get().length }, icon("undo"), "Undo ", key("Z"));
    stage.replaceChildren(
      h("div", { class: "st-pair" }, figure("canvas", "The canvas", item.canvas, item.text), figure("suggestion", "The suggestion", item.suggestion, item.prompt)),
      h("section", { class: "st-ask", tabindex: -1, "aria-label": `Suggestion ${item.position}` },
        h("p", { class: "st-prompt" }, h("span", {}, "The prompt"), item.prompt),
        study.questions.map((question, at) => asked(question, at)),
        noted,
        h("div", { class: "st-foot" }, undo, next)));
    stage.querySelector(".st-ask").focus({ preventScroll: true }); // so that what is new is read out
    window.scrollTo(0, 0);
    keepDraft();
    finish();
  }

  function figure(which, title, url, text) {
    if (!url) return h("figure", { class: "is-text" }, h("figcaption", {}, title), h("blockquote", {}, text));
    const missing = h("p", { class: "st-wrong", role: "alert" });
    const image = h("img", { src: url, alt: which === "canvas" ? `The canvas. ${text}` : "The suggested picture" });
    image.addEventListener("error", () => missing.replaceChildren("This picture did not come. ", h("button", { type: "button", class: "tm-small", onclick: () => { missing.replaceChildren(); image.src = `${url}?${Date.now()}`; } }, "Try again")));
    return h("figure", {}, h("figcaption", {}, title),
      h("button", { type: "button", class: "tm-zoom", "data-zoom": which, "aria-label": `Enlarge ${title.toLowerCase()}`, onclick: () => enlarge(title, image) }, image), missing);
  }

  const KEYS = { relevance: ["1", "2", "3"], correctness: ["⇧1", "⇧2", "⇧3"], accepted: ["A", "R"] };
  const valueOf = (question, at) => (question.name === "accepted" ? at === 0 : at + 1);

  function asked(question) {
    return h("fieldset", { class: "tm-scale", "data-asks": question.name }, h("legend", {}, question.text),
      h("div", { class: "tm-choices" }, question.answers.map((answer, at) => {
        const value = valueOf(question, at);
        const kind = question.name === "accepted" ? (value ? "is-yes" : "is-no") : "is-grade";
        return h("button", { type: "button", class: kind, "data-value": String(value), "aria-pressed": String(now.answers[question.name] === value), onclick: () => give(question.name, value) },
          h("b", {}, key(KEYS[question.name][at]), answer), h("span", {}, question.anchors[at]));
      })));
  }

  function give(question, value) {
    if (!now || leaving) return;
    now.answers[question] = value;
    now.order = [...now.order.filter((other) => other !== question), question];
    now.seconds ??= now.watch();
    mark();
    keepDraft();
    finish();
  }

  function mark() {
    for (const button of stage.querySelectorAll("[data-asks] button")) {
      const given = now.answers[button.closest("[data-asks]").dataset.asks];
      button.setAttribute("aria-pressed", String(String(given) === button.dataset.value));
    }
    stage.querySelector(".st-foot .tm-button").disabled = !now.order.length && !past.get().length;
  }

  const complete = () => study.questions.every((question) => now.answers[question.name] !== undefined);
  const writing = () => stage.querySelector(".st-note")?.open;

  /** Go on by itself once all is answered; someone who writes a note says when. */
  function finish() {
    const next = stage.querySelector(".st-next");
    next.disabled = !complete();
    next.hidden = !writing() && !complete();
    if (complete() && !writing() && now.order.length) leaving ??= setTimeout(go, NEXT_AFTER);
  }

  function go() {
    if (!complete()) return;
    clearTimeout(leaving);
    leaving = null;
    send(now);
    past.set([...past.get(), { item: now.item, answers: now.answers, order: now.order, note: now.note }].slice(-PAST));
    draft.remove();
    answered.add(now.item.id);
    queue = queue.filter((item) => item.id !== now.item.id);
    now = null;
    next();
  }

  function send({ item, answers, note, seconds }) {
    box.put({
      presentation: item.id,
      accepted: answers.accepted ?? null, relevance: answers.relevance ?? null, correctness: answers.correctness ?? null,
      note: note.trim(), seconds: seconds ?? null, device: tm.device(),
    });
  }

  /** Take the last answer back: one of this item, or, where there is none, the last of the item before. */
  function takeBack() {
    clearTimeout(leaving);
    leaving = null;
    if (now?.order.length) {
      delete now.answers[now.order.at(-1)];
      now.order = now.order.slice(0, -1);
      mark();
      keepDraft();
      finish();
      return;
    }
    const before = past.get().at(-1);
    if (!before) return;
    past.set(past.get().slice(0, -1));
    const entry = { ...before, answers: { ...before.answers } };
    delete entry.answers[entry.order.at(-1)];
    entry.order = entry.order.slice(0, -1);
    send(entry); // what was taken back counts no more, whatever happens now
    answered.delete(entry.item.id);
    queue = [entry.item, ...queue.filter((item) => item.id !== entry.item.id)];
    show(entry);
  }

  const keepDraft = () => draft.set({ item: now.item, answers: now.answers, order: now.order, note: now.note });

  // --- what comes next ------------------------------------------------------------------------------------------
  function next() {
    if (queue.length) {
      show(taken(queue[0]));
      if (queue.length < AHEAD) more();
    } else load();
  }

  /** An item as it was left, when it was; else without answers. */
  function taken(item) {
    const kept = draft.get();
    if (kept?.item.id === item.id) return kept;
    const given = study.questions.filter((question) => item[question.name] !== null).map((question) => question.name);
    return { item, answers: Object.fromEntries(given.map((each) => [each, item[each]])), order: given, note: item.note };
  }

  /** Ask for more items; some of those that come may have been answered here in the meantime. */
  async function more() {
    const reply = await ask(`${api}/next?count=${2 * AHEAD + box.unsent().length}`);
    if (!reply.ok) return reply;
    study.total = reply.data.total;
    for (const item of reply.data.next) {
      if (answered.has(item.id) || queue.some((other) => other.id === item.id)) continue;
      queue.push(item);
      preload(item);
    }
    return reply;
  }

  function preload(item) {
    for (const url of [item.canvas, item.suggestion]) if (url) new Image().src = url;
  }

  async function load() {
    const reply = await more();
    if (queue.length) {
      if (!now) show(taken(queue[0]));
    } else if (reply.status === 0 || reply.status === 429 || reply.status >= 500) {
      lone("The server cannot be reached", h("p", { "data-waits": true }, "Your ratings are kept in this browser. This page goes on by itself as soon as it can."));
      setTimeout(() => { if (!now) load(); }, 3000);
    } else if (!reply.ok) trouble(reply);
    else end();
  }

  function trouble({ data }) {
    progress(0, 0);
    lone("This study cannot go on", h("p", {}, data.error ?? "Something went wrong. Load the page again."));
  }

  function end() {
    progress(study.total, study.total);
    count.textContent = `${study.total} of ${study.total}`;
    const left = box.unsent().length;
    lone("Done. Thank you!",
      h("p", {}, left
        ? `You have rated everything. ${left} ${left === 1 ? "answer is" : "answers are"} still on the way: leave this page open for a moment, or come back later.`
        : "You have rated everything, and every answer is saved. You may close this page."),
      h("button", { type: "button", class: "tm-button", onclick: takeBack, disabled: !past.get().length }, icon("undo"), "Change my last answer ", key("Z")));
    if (left) stage.firstChild.setAttribute("data-waits", "");
  }

  // --- larger, help ---------------------------------------------------------------------------------------------
  function open(title, ...children) {
    dialog.setAttribute("aria-label", title);
    dialog.replaceChildren(
      h("div", { class: "tm-dialog-head" }, h("h2", {}, title), h("button", { type: "button", class: "tm-button is-icon", "aria-label": "Close", onclick: () => dialog.close() }, icon("cross"))),
      ...children);
    if (!dialog.open) dialog.showModal();
  }

  function enlarge(title, image) {
    const large = h("img", { src: image.src, alt: image.alt });
    const frame = h("button", { type: "button", class: "st-large", "aria-label": "Full size, or fitted", onclick: () => frame.classList.toggle("is-full") }, large);
    open(title, frame);
  }

  function showHelp() {
    const row = (keys, text) => h("div", {}, h("dt", {}, keys.map(key)), h("dd", {}, text));
    const on = h("input", { type: "checkbox", checked: letters.get(), onchange: () => letters.set(on.checked) });
    open("Help",
      h("dl", { class: "st-keys" },
        row(["1", "2", "3"], "relevance"), row(["⇧1", "⇧2", "⇧3"], "correctness"), row(["A", "R"], "yes, I would put it on the canvas; no"),
        row(["Z"], "take the last answer back, as often as you like"), row(["N"], "a note; Enter then goes on"), row(["C", "S"], "enlarge the canvas, the suggestion"), row(["?"], "this help")),
      h("label", { class: "st-agree" }, on, h("span", {}, "Answer by keys")),
      study && h("div", { class: "st-anchors" }, study.questions.map((question) => h("section", {}, h("h3", {}, question.text),
        h("ul", {}, question.answers.map((answer, at) => h("li", {}, h("b", {}, answer), `: ${question.anchors[at]}`)))))));
  }

  // --- keys -----------------------------------------------------------------------------------------------------
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const inNote = event.target.id === "note";
    if (inNote && event.key === "Enter" && !event.shiftKey) { event.preventDefault(); go(); return; }
    if (inNote && event.key === "Escape") { event.target.blur(); return; }
    if (event.target.matches("input, textarea") || event.repeat) return;
    if (event.key === "?") { event.preventDefault(); dialog.open ? dialog.close() : showHelp(); return; }
    const letter = event.key.toLowerCase();
    if (dialog.open && (letter === "c" || letter === "s")) { dialog.close(); return; }
    if (!letters.get() || dialog.open || (!now && letter !== "z")) return;
    const digit = /^(Digit|Numpad)([123])$/.exec(event.code)?.[2]; // by the place of the key: with Shift it writes other signs
    if (digit) give(event.shiftKey ? "correctness" : "relevance", Number(digit));
    else if (letter === "a" || letter === "r") give("accepted", letter === "a");
    else if (letter === "z") takeBack();
    else if (letter === "n") { stage.querySelector(".st-note").open = true; finish(); stage.querySelector("#note").focus(); }
    else if (letter === "c" || letter === "s") stage.querySelector(`[data-zoom="${letter === "c" ? "canvas" : "suggestion"}"]`)?.click();
    else return;
    event.preventDefault();
  });

  // --- start ----------------------------------------------------------------------------------------------------
  async function start(agreed = false) {
    const reply = await ask(api);
    if (!reply.ok) {
      if (reply.status && reply.status !== 429 && reply.status < 500) { trouble(reply); return; }
      lone("The server cannot be reached", h("p", {}, "This page goes on by itself as soon as it can."));
      setTimeout(() => start(agreed), 3000);
      return;
    }
    study = reply.data;
    if (box.unsent().length) tellSaved();
    progress(study.done, study.joined && study.state === "open" ? study.total : 0);
    if (study.state === "closed") lone("This study is over", h("p", {}, "It has been closed, and takes no more ratings. Thank you for your interest."));
    else if (study.state !== "open") lone("This study has not begun", h("p", {}, "It is still being prepared. Come back with the same link."));
    else if (!study.joined && agreed) lone("A cookie is needed", h("p", {}, "Your browser keeps no cookie of this page, so your answers could not be told from those of others. Allow it, then load the page again."));
    else if (!study.joined) welcome();
    else {
      const kept = draft.get();
      if (kept && kept.order.length) queue = [kept.item]; // begun here; the server gives it, too, unless it was undone offline
      await load();
    }
  }

  tm.restoreDark();
  start();
})();
