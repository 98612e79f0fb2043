// The Explore tab: one intent, many lengths, both tasks, guided and raw side by side; and a sweep over all lengths.
// The server answers line by line (ui/explore.py); Stop closes the connection. The tab is kept for this browser tab.
"use strict";

tm.explore = (element, props, trigger) => {
  const { h, icon, memory, save, csv } = tm;
  const root = element.querySelector(".tm-explore");
  const kept = memory(sessionStorage, "tinymuse.explore", {});
  const MAX_OBJECTS = 4;
  const MAX_SEED = 2 ** 31 - 1;
  const LENGTHS = [10, 20, 30, 35];
  const TASKS = { T2I: "Image", T2T: "Template" };
  const SAMPLE = {
    topic: "farmers market", objects: ["pumpkin", "honey jar"], design_type: "poster", style: "rustic",
    own: 15, temperature: 0.8, top_p: 0.92, relevance: 4, seed: 1, task: "T2I",
  };

  let wish = { ...SAMPLE, ...kept.get().wish };
  let touched = Boolean(kept.get().wish); // the person's own intent is not overwritten by the canvas's
  let grid = kept.get().grid ?? null; // {wish, rows: [{length, task, line, cells: {guided, raw}}]}
  let sweep = kept.get().sweep ?? null; // {wish, points: [{length, guided, words}]}

  const keep = () => kept.set({ wish: touched ? wish : undefined, grid, sweep });

  /** POST, then one call of `take` for each JSON line of the answer; `note` tells of waiting. Throws what the person should read. */
  async function read(url, body, signal, note, take) {
    const ask = () => fetch(url, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), signal,
    });
    let reply = await ask();
    while (reply.status === 503) { // the models are loading
      note("busy", "Getting ready: the models are loading…");
      await new Promise((wake) => setTimeout(wake, 1000));
      reply = await ask();
    }
    if (!reply.ok) throw new Error((await reply.json().catch(() => ({}))).error ?? `The server refused this (${reply.status}).`);
    const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { value, done } = await reader.read();
      const lines = (rest + (value ?? "")).split("\n");
      rest = lines.pop();
      for (const line of lines) {
        const record = JSON.parse(line);
        if (record.kind === "error") throw new Error(record.error);
        take(record);
      }
      if (done) return;
    }
  }

  const explain = (error) => (error instanceof TypeError ? "The server did not answer. Check that it is running, then try again." : error.message);

  /** A job that can be stopped: one button starts it, the same place stops it. */
  function job(label, note, work) {
    const go = h("button", { type: "button", class: "tm-button is-primary", onclick: start }, icon("spark"), label);
    const halt = h("button", { type: "button", class: "tm-button is-stop", hidden: true, onclick: () => stopper?.abort() }, icon("cross"), "Stop");
    let stopper = null;

    async function start() {
      stopper = new AbortController();
      const mine = stopper;
      go.hidden = true;
      halt.hidden = false;
      halt.focus();
      note("busy", "");
      try {
        await work(mine.signal);
      } catch (error) {
        if (mine.signal.aborted) note("stopped", "Stopped. What was written by then stays.");
        else note("error", explain(error));
      }
      const hadFocus = document.activeElement === halt;
      halt.hidden = true;
      go.hidden = false;
      if (hadFocus) go.focus();
      keep();
    }
    return [go, halt];
  }

  function noteLine() {
    const line = h("p", { class: "tm-explore-note", role: "status", "aria-live": "polite" });
    return [line, (state, text) => { line.dataset.state = state; line.textContent = text; }];
  }

  // --- the intent ---------------------------------------------------------------------------------------------
  const lists = h("div", { hidden: true },
    ["topics", "design_types", "styles"].map((name) =>
      h("datalist", { id: `tm-explore-${name}` }, props[name].map((word) => h("option", { value: word })))));
  const inputs = {};

  function text(name, label, list, placeholder) {
    const id = `tm-explore-${name}`;
    inputs[name] = h("input", {
      id, type: "text", maxlength: 80, autocomplete: "off", list, placeholder,
      onchange: () => { change({ [name]: inputs[name].value.trim() }); if (name === "topic") propose(); },
    });
    return h("div", { class: "tm-field" }, h("label", { for: id }, label), inputs[name]);
  }

  function number(name, label, low, high, step, hint) {
    const id = `tm-explore-${name}`;
    inputs[name] = h("input", { id, type: "number", min: low, max: high, step, onchange: () => {
      const said = Number(inputs[name].value);
      const value = inputs[name].value === "" || Number.isNaN(said) ? SAMPLE[name] : Math.min(high, Math.max(low, said));
      inputs[name].value = value;
      change({ [name]: value });
    } });
    return h("div", { class: "tm-field" }, h("label", { for: id }, label), inputs[name], hint && h("span", { class: "tm-origin" }, hint));
  }

  function change(values) {
    touched = true;
    wish = { ...wish, ...values };
    keep();
  }

  const chips = h("ul", { class: "tm-chips" });
  const usual = h("div", { class: "tm-usual" });

  function showObjects() {
    const set = (objects) => { change({ objects }); showObjects(); propose(); };
    const add = h("input", {
      type: "text", size: 12, maxlength: 80, placeholder: "Add an object", "aria-label": "Add an object", autocomplete: "off",
      onchange: () => { if (add.value.trim()) { set([...wish.objects, add.value.trim()]); chips.querySelector(".is-new input")?.focus(); } },
    });
    chips.replaceChildren(
      ...wish.objects.map((one, index) => h("li", { class: "tm-chip" }, h("span", {}, one),
        h("button", { type: "button", "aria-label": `Remove ${one}`, onclick: () => set(wish.objects.filter((_, at) => at !== index)) }, icon("cross")))),
      ...(wish.objects.length < MAX_OBJECTS ? [h("li", { class: "tm-chip is-new" }, add)] : []));
  }

  /** What the graph knows of the topic, to be added with a click. */
  async function propose() {
    const topic = wish.topic;
    const { ok, data } = await tm.ask(`/api/explore/usual?topic=${encodeURIComponent(topic)}`);
    if (!ok || topic !== wish.topic) return;
    const pill = (label, act) => h("button", { type: "button", class: "tm-pill", onclick: act }, label);
    const row = (title, pills) => pills.length > 0 && h("div", { class: "tm-usual-row" }, h("span", { class: "tm-origin" }, title), pills);
    const objects = wish.objects.length < MAX_OBJECTS ? data.objects.filter((name) => !wish.objects.includes(name)).slice(0, 6) : [];
    usual.replaceChildren(...[
      row("Usual here:", objects.map((name) => pill(`+ ${name}`, () => { change({ objects: [...wish.objects, name] }); showObjects(); propose(); }))),
      row("Comes as:", [
        ...data.design_types.slice(0, 3).map((name) => pill(name, () => { change({ design_type: name }); fill(); })),
        ...data.styles.slice(0, 3).map((name) => pill(name, () => { change({ style: name }); fill(); })),
      ]),
      row("Near it:", data.near.slice(0, 4).map((name) => pill(name, () => { change({ topic: name }); fill(); propose(); }))),
    ].filter(Boolean));
  }

  function fill() {
    for (const [name, input] of Object.entries(inputs)) input.value = wish[name];
    showObjects();
  }

  const fromCanvas = h("button", { type: "button", class: "tm-small", hidden: true, onclick: () => { takeCanvas(); touched = true; keep(); } },
    icon("picture"), "Take my canvas's");

  /** What the Canvas tab understood last becomes the intent. */
  function takeCanvas() {
    const seen = tm.understanding?.();
    if (!seen?.topic?.value) return;
    wish = {
      ...wish, topic: seen.topic.value, objects: seen.objects.map((one) => one.value).slice(0, MAX_OBJECTS),
      design_type: seen.design_type.value, style: seen.style.value,
    };
    fill();
    propose();
  }

  // --- the grid -----------------------------------------------------------------------------------------------
  const [gridNote, noteGrid] = noteLine();
  const rows = h("div", { class: "tm-rows" });
  let shown = [];

  async function writeGrid(signal) {
    const asked = { ...wish, lengths: [...new Set([...LENGTHS, wish.own])] };
    grid = { wish: asked, rows: [] };
    const total = asked.lengths.length * 2 * 2;
    let written = 0;
    showGrid();
    // On a phone the prompts lie below the button that asks for them.
    if (gridHead.getBoundingClientRect().top > window.innerHeight) gridHead.scrollIntoView({ behavior: "smooth", block: "start" });
    await read("/api/explore/grid", asked, signal, noteGrid, (record) => {
      if (record.kind === "told") {
        grid.rows.push({ ...record, cells: { guided: { text: "" }, raw: { text: "" } } });
        showGrid();
        return;
      }
      const which = record.guided ? "guided" : "raw";
      const cell = grid.rows[record.row].cells[which];
      if (record.kind === "said") cell.text += record.piece;
      else {
        Object.assign(cell, { words: record.words, missing: record.missing, seconds: record.seconds });
        written += 1;
        noteGrid("busy", `Writing: ${written} of ${total} prompts.`);
      }
      shown[record.row][which](cell);
    });
    noteGrid("done", `${total} prompts with seed ${asked.seed}. The same settings write the same prompts again.`);
  }

  function showGrid() {
    saves.hidden = !grid?.rows.length;
    shown = [];
    if (!grid) {
      rows.replaceChildren(h("p", { class: "tm-quiet tm-explore-empty" },
        "Each row is one line that the model reads: the wished length, the intent, the task. Beside each other stand what it writes when the "
        + "decoder holds it to the length and keeps the best of many drafts (guided), and one draft as it comes (raw)."));
      return;
    }
    rows.replaceChildren(...grid.rows.map((row, at) => {
      shown[at] = {};
      const line = h("div", { class: "tm-row-head" },
        h("h3", {}, `${row.length} words, ${TASKS[row.task].toLowerCase()}`),
        h("code", { class: "tm-control", tabindex: 0, "aria-label": "The line the model reads" }, row.line));
      return h("section", { class: "tm-row" }, line, h("div", { class: "tm-cells" }, ["guided", "raw"].map((which) => cell(at, which))));
    }));
  }

  function cell(at, which) {
    const row = grid.rows[at];
    const prompt = h("p", { class: "tm-prompt" });
    const facts = h("p", { class: "tm-cell-facts" });
    const actions = h("div", { class: "tm-cell-actions" });
    const box = h("article", { class: "tm-cell", "aria-label": `${row.length} words, ${TASKS[row.task]}, ${which}` },
      h("span", { class: "tm-which" }, which), prompt, h("div", { class: "tm-cell-foot" }, facts, actions));

    function update(data) {
      prompt.textContent = data.text.trim();
      box.dataset.state = data.words === undefined ? (data.text ? "writing" : "empty") : "done";
      if (data.words === undefined) return;
      const off = data.words - row.length;
      facts.replaceChildren(
        h("span", { class: `tm-words ${off === 0 ? "is-exact" : Math.abs(off) <= 2 ? "is-near" : "is-off"}` },
          off === 0 && icon("check"), `${data.words} of ${row.length} words`),
        data.missing.length ? h("span", { class: "tm-left-out" }, `leaves out: ${data.missing.join(", ")}`) : "",
        h("span", {}, `${data.seconds.toFixed(data.seconds < 1 ? 2 : 1)} s`));
      const name = `${row.length} words, ${TASKS[row.task].toLowerCase()}, ${which}`;
      actions.replaceChildren(
        h("button", { type: "button", class: "tm-button is-icon", title: "Copy the prompt", "aria-label": `Copy the prompt: ${name}`, onclick: (event) => tm.copy(event.currentTarget, data.text.trim()) }, icon("copy")),
        h("button", { type: "button", class: "tm-button is-icon", title: "Copy the command that writes this", "aria-label": `Copy the command that writes this: ${name}`, onclick: (event) => tm.copy(event.currentTarget, command(row, which)) }, icon("command")),
        h("button", { type: "button", class: "tm-small", "aria-label": `Send to Canvas: ${name}`, onclick: () => send(row) }, icon("place"), "Send to Canvas"));
    }
    shown[at][which] = update;
    update(row.cells[which]);
    return box;
  }

  /** What writes the same prompt in a shell. */
  function command(row, which) {
    const said = grid.wish;
    const words = [
      ["--task", row.task], ["--topic", said.topic], ...said.objects.map((name) => ["--object", name]),
      row.task === "T2T" && said.design_type && ["--design-type", said.design_type], said.style && ["--style", said.style],
      ["--length", row.length], ["--relevance", said.relevance], ["--temperature", said.temperature], ["--top-p", said.top_p],
      ["--seed", said.seed], which === "raw" && ["--raw"],
    ].filter(Boolean).flat();
    const quoted = (word) => (/^[\w.-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
    return `python -m slm.generate ${words.map(quoted).join(" ")}`;
  }

  function send(row) {
    const { topic, objects, design_type, style, seed } = grid.wish;
    trigger("send", { topic, objects, design_type, style, seed, task: row.task, length: row.length });
  }

  // --- to take home -------------------------------------------------------------------------------------------
  const settings = (said) => [said.topic, said.objects.join("; "), said.design_type, said.style, said.relevance, said.temperature, said.top_p, said.seed];
  const SETTINGS = ["topic", "objects", "design_type", "style", "relevance", "temperature", "top_p", "seed"];

  const saveCsv = () => save("tinymuse-grid.csv", "text/csv", csv([
    [...SETTINGS, "task", "wished_words", "decoding", "words", "missing", "seconds", "prompt", "line"],
    ...grid.rows.flatMap((row) => Object.entries(row.cells).map(([which, data]) => [
      ...settings(grid.wish), row.task, row.length, which, data.words, (data.missing ?? []).join("; "), data.seconds, data.text.trim(), row.line]))]));
  const saveJson = () => save("tinymuse-grid.json", "application/json", JSON.stringify({
    settings: grid.wish,
    prompts: grid.rows.flatMap((row) => Object.entries(row.cells).map(([decoding, { text, ...facts }]) => (
      { task: row.task, wished_words: row.length, decoding, prompt: text.trim(), ...facts, line: row.line }))),
  }, null, 2));
  const saveSweep = () => save("tinymuse-sweep.csv", "text/csv", csv([
    [...SETTINGS, "task", "decoding", "wished_words", "words"],
    ...sweep.points.flatMap((point) => point.words.map((words) => [
      ...settings(sweep.wish), sweep.wish.task, point.guided ? "guided" : "raw", point.length, words]))]));

  const saves = h("div", { class: "tm-saves", hidden: true },
    h("button", { type: "button", class: "tm-small", onclick: saveCsv }, icon("download"), "CSV"),
    h("button", { type: "button", class: "tm-small", onclick: saveJson }, icon("download"), "JSON"));

  const gridHead = h("div", { class: "tm-form-head" }, h("h2", {}, "Prompts by length"), saves);

  // --- the sweep ------------------------------------------------------------------------------------------------
  const [sweepNote, noteSweep] = noteLine();
  const plot = h("div", { class: "tm-plot-frame" });
  const [low, high] = props.swept;

  async function runSweep(signal) {
    sweep = { wish: { ...wish }, points: [] };
    showSweep();
    const total = (high - low + 1) * 2;
    await read("/api/explore/sweep", sweep.wish, signal, noteSweep, (point) => {
      sweep.points.push({ length: point.length, guided: point.guided, words: point.words });
      noteSweep("busy", `${sweep.points.length} of ${total}: at ${point.length} words. You can go on elsewhere on this page.`);
      showSweep();
    });
    noteSweep("done", `Every length from ${low} to ${high}, ${props.prompts} prompts each, with seed ${sweep.wish.seed}.`);
  }

  function showSweep() {
    saveSweepButton.hidden = !sweep?.points.length;
    plot.replaceChildren(...(sweep?.points.length ? tm.lengthPlot(sweep.points, low, high, plot.clientWidth) : []));
  }

  const saveSweepButton = h("button", { type: "button", class: "tm-small", hidden: true, onclick: saveSweep }, icon("download"), "CSV");

  // --- the whole ------------------------------------------------------------------------------------------------
  const dice = h("button", { type: "button", class: "tm-button", onclick: () => { change({ seed: Math.floor(Math.random() * MAX_SEED) }); fill(); } }, "New seed");
  const [write, haltWriting] = job("Write the grid", noteGrid, writeGrid);
  const [sweepGo, haltSweep] = job("Run the sweep", noteSweep, runSweep);
  const taskChoice = h("fieldset", { class: "tm-scale tm-sweep-task" }, h("legend", { class: "tm-visually-hidden" }, "Task of the sweep"),
    h("div", { class: "tm-choices" }, Object.entries(TASKS).map(([task, label]) => h("button", {
      type: "button", "aria-pressed": String(wish.task === task), onclick: (event) => {
        change({ task });
        for (const other of event.currentTarget.parentElement.children) other.setAttribute("aria-pressed", String(other === event.currentTarget));
      },
    }, label))));

  root.append(lists,
    h("div", { class: "tm-explore-form" },
      h("div", { class: "tm-form-head" }, h("h2", {}, "One intent"), fromCanvas),
      text("topic", "Topic", "tm-explore-topics", "What is it about?"),
      h("div", { class: "tm-field" }, h("span", { class: "tm-label" }, "Objects"), chips),
      h("div", { class: "tm-two" },
        text("design_type", "Design type", "tm-explore-design_types", "flyer, card, …"),
        text("style", "Style", "tm-explore-styles", "playful, vintage, …")),
      usual,
      h("h2", {}, "Sampling"),
      h("div", { class: "tm-two" },
        number("temperature", "Temperature", 0.1, 2, 0.05, "higher is wilder"),
        number("top_p", "Top-p", 0.05, 1, 0.01, "lower is safer"),
        number("relevance", "Relevance", 1, 5, 1, "the command r1 to r5"),
        number("own", "Fifth length", low, high, 1, `any, ${low} to ${high}`)),
      h("div", { class: "tm-seed-row" }, number("seed", "Seed", 0, MAX_SEED, 1), dice),
      h("div", { class: "tm-explore-go" }, write, haltWriting)),
    h("div", { class: "tm-explore-main" },
      gridHead, gridNote, rows,
      h("div", { class: "tm-form-head tm-sweep-head" }, h("h2", {}, "Wished and achieved length"), saveSweepButton),
      h("p", { class: "tm-quiet" }, `${props.prompts} prompts of this intent at every length from ${low} to ${high}, guided and raw, beside the paper's figures.`),
      h("div", { class: "tm-sweep-go" }, taskChoice, sweepGo, haltSweep), sweepNote, plot));

  fill();
  propose();
  showGrid();
  showSweep();
  new ResizeObserver(showSweep).observe(plot);
  // Whenever the tab comes into view: the canvas may have been understood, or another one dropped, since.
  new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    fromCanvas.hidden = !tm.understanding?.()?.topic?.value;
    if (!touched) takeCanvas();
  }).observe(root);
};
