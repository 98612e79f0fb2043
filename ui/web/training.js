// The Training tab: teacher data, tokenizer, training, evaluation, publishing; each with its inputs, how it stands and
// what it said last. The work goes on on the server (ui/training.py); this only shows it and asks for it.
"use strict";

tm.training = (element, props) => {
  const { h, icon, memory } = tm;
  const root = element.querySelector(".tm-training");
  const kept = memory(localStorage, "tinymuse.training", {});
  const PRESETS = props.presets;
  const STEPS = [
    { id: "teacher", title: "Teacher data", optional: true,
      about: "TinyMuse's own corpus (45,970 prompts) and its grammar are always there. A large language model may add more, through any OpenAI-compatible server.",
      inputs: [["teacher_url", "Server", "url", "http://127.0.0.1:8000/v1"], ["teacher_model", "Model", "text", "name on the server"], ["teacher_intents", "Intents to ask about", "number"]] },
    { id: "tokenizer", title: "Tokenizer", about: "Byte-pair encoding, learned from the data.", inputs: [["vocabulary", "Vocabulary", "number"]] },
    { id: "train", title: "Train", about: "Goes on where it stood when it is started again.",
      inputs: [["start", "Start from", "start"], ["preset", "Shape", "preset"], ["steps", "Steps", "number"], ["batch_tokens", "Tokens a step", "number"], ["seed", "Seed", "number"]] },
    { id: "evaluate", title: "Evaluate", about: "Length and coverage on intents whose topics the model has never seen.", inputs: [["intents", "Intents", "number"]] },
  ];
  const STATES = { running: "running", done: "done", failed: "failed", stopped: "stopped", dead: "died" };

  let name = kept.get().name ?? "";
  let plan = { ...props.plan };
  let planOf = ""; // whose plan is in the fields
  let timer = null;
  let before = ""; // what was shown last, so that nothing is drawn anew without need

  const minutes = (seconds) => (seconds < 90 ? `${Math.round(seconds)} s` : seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`);
  const percent = (share) => (share === undefined ? "–" : `${(100 * share).toFixed(1)}%`);

  // --- talking to the server --------------------------------------------------------------------------------------
  const note = h("p", { class: "tm-explore-note", role: "status", "aria-live": "polite" });
  const say = (state, text, from = "person") => { note.dataset.state = state; note.dataset.from = from; note.textContent = text; };

  async function ask(path, body) {
    const options = body === undefined ? {} : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
    const { ok, data } = await tm.ask(`/admin/training${path}`, options);
    const from = body === undefined ? "server" : "person"; // what only looked for news is said until news come
    if (!ok) say("error", data?.error ?? "The server did not answer. Check that it is running.", from);
    return ok ? data : null;
  }

  async function act(path, done) {
    say("", "");
    const answer = await ask(path, plan);
    if (answer) say("done", done);
    refresh();
  }

  // --- the parts --------------------------------------------------------------------------------------------------
  const chooser = h("select", { id: "tm-training-model", onchange: () => choose(chooser.value) });
  const fresh = h("input", { id: "tm-training-new", type: "text", maxlength: 40, placeholder: "my-model", autocomplete: "off", pattern: "[a-z0-9][a-z0-9-]*" });
  const begin = h("button", { type: "button", class: "tm-button", onclick: () => {
    const wished = fresh.value.trim().toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "");
    if (!wished) { say("error", "Give the new model a name."); fresh.focus(); return; }
    fresh.value = "";
    plan = { ...props.plan };
    planOf = wished;
    choose(wished);
  } }, icon("plus"), "Begin");

  const fields = {};
  function field([key, label, kind, placeholder]) {
    const id = `tm-training-${key}`;
    const input = kind === "start"
      ? h("select", { id }, h("option", { value: "nothing" }, "nothing"), h("option", { value: "ratings" }, "the model that writes, and the ratings"))
      : kind === "preset"
      ? h("select", { id }, Object.entries(PRESETS).map(([one, shape]) => h("option", { value: one }, `${one}: ${shape.layers} layers of ${shape.width}`)))
      : h("input", { id, type: kind, placeholder, autocomplete: "off", min: kind === "number" ? 0 : null, step: kind === "number" ? 1 : null });
    input.addEventListener("change", () => {
      plan[key] = kind === "number" ? Math.round(Number(input.value)) || 0 : input.value.trim();
      if (key === "preset") { plan.vocabulary = PRESETS[plan.preset].vocabulary; fields.vocabulary.value = plan.vocabulary; }
    });
    fields[key] = input;
    return h("div", { class: "tm-field" }, h("label", { for: id }, label), input);
  }

  const cards = Object.fromEntries(STEPS.map((step, at) => {
    const state = h("span", { class: "tm-step-state" });
    const start = h("button", { type: "button", class: "tm-button is-primary", onclick: () => act(`/${name}/${step.id}`, `${step.title}: started.`) }, "Start");
    const stop = h("button", { type: "button", class: "tm-button is-stop", hidden: true, onclick: () => act(`/${name}/${step.id}/stop`, `${step.title}: asked to stop.`) }, icon("cross"), "Stop");
    const live = h("div", { class: "tm-step-live" });
    const tail = h("pre", { class: "tm-tail", tabindex: 0, "aria-label": `What ${step.title} said last` });
    const card = h("section", { class: "tm-step", "aria-label": step.title },
      h("div", { class: "tm-step-head" }, h("span", { class: "tm-step-number" }, String(at + 1)), h("h2", {}, step.title), step.optional && h("span", { class: "tm-origin" }, "optional"), state),
      h("p", { class: "tm-quiet" }, step.about),
      h("div", { class: "tm-step-inputs" }, step.inputs.map(field), h("div", { class: "tm-step-go" }, start, stop)),
      live, tail);
    return [step.id, { card, state, start, stop, live, tail }];
  }));

  const figures = h("div", { class: "tm-scroll", tabindex: 0, role: "region", "aria-label": "Figures" });
  const publish = h("button", { type: "button", class: "tm-button is-primary", onclick: () => act(`/${name}/publish`, `${name} writes the prompts from now on.`) }, icon("check"), "Publish");
  const back = h("button", { type: "button", class: "tm-button", onclick: () => act("/rollback", "Rolled back: the model before writes again.") }, icon("undo"), "Roll back");
  const writing = h("p", { class: "tm-quiet" });
  const publishing = h("section", { class: "tm-step", "aria-label": "Publish" },
    h("div", { class: "tm-step-head" }, h("span", { class: "tm-step-number" }, "5"), h("h2", {}, "Publish")),
    writing, figures, h("div", { class: "tm-step-go" }, publish, back));

  // --- showing ----------------------------------------------------------------------------------------------------
  function curve(losses) {
    const [W, H, left, bottom] = [640, 220, 46, 30];
    const steps = losses.map(([step]) => step);
    const values = losses.map(([, loss]) => loss);
    const [low, high] = [Math.floor(Math.min(...values) * 2) / 2, Math.ceil(Math.max(...values) * 2) / 2];
    const x = (step) => left + (step / Math.max(plan.steps, steps.at(-1))) * (W - left - 12);
    const y = (loss) => 10 + ((high - loss) / (high - low || 1)) * (H - bottom - 20);
    const s = (tag, attributes, ...children) => {
      const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
      for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
      made.append(...children);
      return made;
    };
    const ticks = [low, (low + high) / 2, high];
    return s("svg", { class: "tm-plot", viewBox: `0 0 ${W} ${H}`, role: "img" },
      s("title", {}, `Loss ${values.at(-1).toFixed(2)} nats at step ${steps.at(-1)}`),
      ...ticks.flatMap((tick) => [
        s("line", { class: "tm-plot-grid", x1: left, x2: W - 12, y1: y(tick), y2: y(tick) }),
        s("text", { x: left - 8, y: y(tick) + 4, "text-anchor": "end" }, tick.toFixed(1))]),
      s("text", { x: left, y: H - 6 }, "0"),
      s("text", { x: W - 12, y: H - 6, "text-anchor": "end" }, `${Math.max(plan.steps, steps.at(-1))} steps`),
      s("polyline", { class: "tm-plot-guided-line", points: losses.map(([step, loss]) => `${x(step)},${y(loss)}`).join(" ") }));
  }

  function showTraining(model) {
    if (!model.losses.length) return [];
    const [step, loss, rate] = model.losses.at(-1);
    const left = model.steps.train.state === "running" && model.seconds_left !== null ? `, about ${minutes(model.seconds_left)} left` : "";
    const written = model.samples.at(-1);
    return [
      h("p", { class: "tm-step-numbers" }, `Step ${step} of ${model.plan.steps}, loss ${loss.toFixed(3)} nats, ${Math.round(rate).toLocaleString()} tokens/s${left}`),
      curve(model.losses),
      written && h("p", { class: "tm-origin" }, `What it wrote after step ${written.step}:`),
      written && h("ul", { class: "tm-written" }, written.prompts.map((prompt) => h("li", {}, h("b", {}, `${prompt.topic}: `), prompt.text))),
    ].filter(Boolean);
  }

  function showFigures(model) {
    const rows = [["Length exact, guided", "exact"], ["Within 2 words, raw", "raw_within_2"], ["Topic named", "topic"], ["Objects named", "object"], ["Everything named", "everything"]];
    const old = model.current?.figures ?? {};
    if (!Object.keys(model.figures).length) return [h("p", { class: "tm-quiet" }, "Evaluate the model to compare it with the one that writes now.")];
    return [h("table", {},
      h("thead", {}, h("tr", {}, ["On unseen intents", model.name, "writes now"].map((text) => h("th", { scope: "col" }, text)))),
      h("tbody", {}, rows.map(([label, key]) => h("tr", {}, h("th", { scope: "row" }, label), h("td", {}, percent(model.figures[key])), h("td", {}, percent(old[key]))))))];
  }

  function show(model) {
    if (planOf !== name) {
      plan = { ...model.plan };
      planOf = name;
      fill();
    }
    for (const { id } of STEPS) {
      const { state, seconds, tail, made } = model.steps[id];
      const card = cards[id];
      const running = state === "running";
      card.state.textContent = state ? `${STATES[state]}, ${minutes(seconds)}` : "";
      card.state.dataset.state = state;
      card.card.dataset.made = String(made);
      card.start.hidden = running;
      card.stop.hidden = !running;
      card.start.textContent = ["stopped", "dead", "failed"].includes(state) ? "Resume" : made ? "Again" : "Start";
      card.tail.textContent = tail.join("\n");
    }
    publish.disabled = !model.steps.train.made;
    cards.train.live.replaceChildren(...showTraining(model));
    figures.replaceChildren(...showFigures(model));
  }

  function fill() {
    for (const [key, input] of Object.entries(fields)) input.value = plan[key];
  }

  async function refresh() {
    clearTimeout(timer);
    if (!root.isConnected || root.offsetParent === null) return; // seen again, it is asked again
    const all = await ask("");
    if (!all) { timer = setTimeout(refresh, 6000); return; }
    if (note.dataset.state === "error" && note.dataset.from === "server") say("", "");
    const names = [...new Set([name, ...all.models].filter(Boolean))];
    if (!name && names.length) name = names[0];
    chooser.replaceChildren(...names.map((one) => h("option", { value: one, selected: one === name }, one)));
    stepper.hidden = !name;
    chooser.parentElement.hidden = !names.length;
    const current = all.history.at(-1);
    const who = current?.folder ? `${current.name} (${new Date(current.at).toLocaleString()})` : all.shipped;
    writing.textContent = `Prompts are written by ${who}.`;
    back.disabled = !all.history.length;
    const model = name ? await ask(`/${name}`) : null;
    const now = JSON.stringify(model);
    if (model && now !== before) { before = now; show(model); }
    const busy = model && Object.values(model.steps).some(({ state }) => state === "running");
    timer = setTimeout(refresh, busy ? 1500 : 6000);
  }

  function choose(wished) {
    name = wished;
    before = "";
    kept.set({ name });
    fill();
    refresh();
  }

  const stepper = h("div", { class: "tm-steps", hidden: true }, STEPS.map(({ id }) => cards[id].card), publishing);
  root.append(
    h("div", { class: "tm-training-head" },
      h("div", { class: "tm-field" }, h("label", { for: "tm-training-model" }, "Model"), chooser),
      h("div", { class: "tm-field" }, h("label", { for: "tm-training-new" }, "A new one"), h("div", { class: "tm-begin" }, fresh, begin))),
    note, stepper);
  new IntersectionObserver((entries) => { if (entries.some((entry) => entry.isIntersecting)) refresh(); }).observe(root);
};
