// "What I understood": the intent as fields a person can change. Each says how sure it is and where it came from.
// The value is {topic, objects, design_type, style, words, palette, edited}; `edited` names the fields the person changed.
"use strict";

tm.understood = (element, props, trigger, watch) => {
  const { h, icon } = tm;
  const root = element.querySelector(".tm-understood");
  const MAX_OBJECTS = 4;
  const SOURCES = {
    picture: "seen in the picture",
    words: "read off the picture",
    text: "from your text",
    graph: "usual for this topic",
    person: "your words",
    none: "not found",
  };

  function sure(finding) {
    if (finding.source === "person" || finding.source === "none" || !finding.value) return "";
    const level = finding.confidence >= 0.8 ? "sure" : finding.confidence >= 0.5 ? "fairly sure" : "a guess";
    return `${level}, ${Math.round(finding.confidence * 100)}%`;
  }

  function origin(finding) {
    const source = finding.value || finding.source === "person" ? SOURCES[finding.source] ?? "" : SOURCES.none;
    const certainty = sure(finding);
    return h("span", { class: `tm-origin is-${finding.source}` }, source, certainty && ` · ${certainty}`);
  }

  function change(field, value) {
    const edited = [...new Set([...(props.value.edited ?? []), field])];
    props.value = { ...props.value, [field]: value, edited };
    draw();
  }

  const said = (text) => ({ value: text.trim().slice(0, 80), confidence: 1, source: "person" });

  function field(name, label, placeholder, list) {
    const finding = props.value[name];
    const id = `tm-field-${name}`;
    return h("div", { class: "tm-field" },
      h("label", { for: id }, label),
      h("input", {
        id, type: "text", value: finding.value, "data-shown": finding.value, placeholder, list, maxlength: 80, autocomplete: "off",
        onchange: (event) => {
          change(name, said(event.target.value));
          if (name === "topic") trigger("renamed"); // its usual companions are others
        },
      }),
      origin(finding));
  }

  function objects() {
    const found = props.value.objects;
    const set = (index, text) => change("objects", found
      .map((one, at) => (at === index ? said(text) : one))
      .filter((one) => one.value));
    const chips = found.map((one, index) =>
      h("li", { class: "tm-chip", title: [SOURCES[one.source], sure(one)].filter(Boolean).join(" · ") },
        h("input", {
          id: `tm-field-object-${index}`, type: "text", value: one.value, "data-shown": one.value,
          size: Math.max(one.value.length, 3), maxlength: 80, autocomplete: "off",
          "aria-label": `Object ${index + 1}`, onchange: (event) => set(index, event.target.value),
        }),
        h("button", { type: "button", "aria-label": `Remove ${one.value}`, onclick: () => set(index, "") }, icon("cross"))));
    const add = found.length < MAX_OBJECTS && h("li", { class: "tm-chip is-new" },
      h("input", {
        id: "tm-field-object-new", type: "text", "data-shown": "", size: 12, maxlength: 80, placeholder: "Add an object", "aria-label": "Add an object", autocomplete: "off",
        onchange: (event) => event.target.value.trim() && change("objects", [...found, said(event.target.value)]),
      }));
    const sources = [...new Set(found.map((one) => SOURCES[one.source]))].join(", ");
    return h("div", { class: "tm-field is-wide" },
      h("span", { class: "tm-label" }, "Objects"),
      h("ul", { class: "tm-chips" }, chips, add),
      h("span", { class: "tm-origin" }, sources || SOURCES.none));
  }

  let looking = false;
  const sign = () => looking && h("p", { class: "tm-looking", role: "status" }, h("i"), "Looking at your canvas…");

  /** What is being typed is not drawn over: the news waits until the field is left. */
  function show() {
    const typed = document.activeElement;
    if (root.contains(typed) && "shown" in typed.dataset && typed.value !== typed.dataset.shown) {
      typed.addEventListener("blur", () => setTimeout(show), { once: true });
    } else draw();
  }

  function draw() {
    const intent = props.value;
    root.classList.toggle("is-looking", looking);
    if (!intent?.topic) {
      root.replaceChildren(sign() || h("p", { class: "tm-quiet", "aria-live": "polite" },
        intent?.busy ?? "Drop a picture or type a few words, and I will say here what I take it for. Whatever you change wins."));
      return;
    }
    if (!intent.busy) tm.forgive?.();
    const focused = document.activeElement?.id;
    const edited = (intent.edited ?? []).length > 0;
    root.replaceChildren(...[sign()].filter(Boolean),
      h("div", { class: "tm-fields" },
        field("topic", "Topic", "What is it about?"),
        field("design_type", "Design type", "flyer, card, …", "tm-design-types"),
        field("style", "Style", "playful, vintage, …", "tm-styles"),
        objects()),
      h("div", { class: "tm-facts" },
        intent.busy && h("span", { role: "status" }, intent.busy),
        (intent.notes ?? []).map((note) => h("span", { class: "tm-note", role: "status" }, note)),
        intent.palette.length > 0 && h("span", { class: "tm-palette" }, "Colours",
          intent.palette.map((color) => h("i", { style: `background:${/^#[0-9a-f]{6}$/i.test(color) ? color : "none"}`, title: color }))),
        intent.words.length > 0 && h("span", { class: "tm-read" }, "Read off the picture: ", h("q", {}, intent.words.join(" / "))),
        edited && h("span", { class: "tm-origin is-person" }, "Your words win over mine."),
        edited && h("button", { type: "button", class: "tm-small", onclick: () => trigger("reset") }, icon("undo"), "Back to what I saw")));
    if (focused?.startsWith("tm-field")) document.getElementById(focused)?.focus();
  }

  for (const [id, words] of [["tm-design-types", props.design_types], ["tm-styles", props.styles]]) {
    if (!document.getElementById(id)) {
      document.body.append(h("datalist", { id }, words.map((word) => h("option", { value: word }))));
    }
  }
  tm.understanding = () => props.value;

  /** What the server understands of this canvas; it says so while it looks. The newest question is the one that counts. */
  let newest = null;
  tm.look = (picture, text, understood) => {
    if (!picture && !text.trim()) {
      newest = null;
      looking = false;
      show();
      return null;
    }
    looked = `${picture?.id ?? ""}\n${text}`;
    const question = (async () => {
      looking = true;
      show();
      const { ok, data } = await tm.ask("/api/look", {
        method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ picture, text, understood }),
      });
      if (newest !== question) return newest; // another canvas came meanwhile: its answer is waited for
      looking = false;
      show();
      return ok ? data : { ...understood, busy: data.error ?? "The server did not answer. Check that it is running, then try again." };
    })();
    newest = question;
    return question;
  };

  /** The same when the text field is left, unless it was merely left as it was. */
  let looked = "";
  tm.lookIfNew = (picture, text, understood) => {
    const canvas = `${picture?.id ?? ""}\n${text}`;
    if (looked === canvas && understood) return understood;
    return tm.look(picture, text, understood);
  };
  watch("value", show);
  show();
};
