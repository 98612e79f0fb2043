// The Ratings tab: choose which ratings are looked at; the server works out what they say and sends it as HTML.
"use strict";

tm.ratings = (element) => {
  const { h, ask } = tm;
  const root = element.querySelector(".tm-ratings");
  const ANY = { study: null, task: "Images and templates", renderer: "Any renderer", words: "Any length", days: "Any day" };
  const TITLES = { study: "Study", task: "What was drawn", renderer: "Renderer", words: "Words wished", days: "When" };
  const chosen = { study: "", task: "", renderer: "", words: "", days: "" };
  const filters = h("div", { class: "tm-filters" });
  const body = h("div", { class: "tm-found", "aria-live": "polite" }, h("p", { class: "tm-quiet" }, "Counting…"));
  root.append(filters, body);

  function select(name, choices) {
    const options = Object.entries(choices).map(([value, text]) => h("option", { value, selected: value === chosen[name] }, text));
    const any = ANY[name] && h("option", { value: "", selected: !chosen[name] }, ANY[name]);
    return h("label", { "data-filter": name }, h("span", {}, TITLES[name]),
      h("select", { onchange: (event) => {
        chosen[name] = event.target.value;
        if (name === "study") chosen.renderer = "";
        load();
      } }, any, options));
  }

  async function load() {
    body.dataset.busy = "";
    const { ok, data } = await ask(`/api/report?${new URLSearchParams(chosen)}`);
    delete body.dataset.busy;
    if (!ok) {
      body.replaceChildren(h("p", { class: "tm-alert", role: "alert" }, data.error ?? "The server cannot be reached. Open this tab again in a moment."));
      return;
    }
    chosen.study = data.study;
    const focused = document.activeElement?.closest("[data-filter]")?.dataset.filter;
    filters.replaceChildren(...Object.entries(data.choices)
      .filter(([name, choices]) => Object.keys(choices).length > (name === "study" ? 1 : 0))
      .map(([name, choices]) => select(name, choices)));
    if (focused) filters.querySelector(`[data-filter="${focused}"] select`)?.focus();
    body.innerHTML = data.html; // written and escaped by the server
  }

  new IntersectionObserver((seen) => { if (seen.some((each) => each.isIntersecting)) load(); }).observe(root);
};
