// What the parts of the page share: building elements, talking to the server, remembering, light and dark.
// Every text goes through textContent or an attribute, never through innerHTML: what people type stays text.
"use strict";

window.tm = (() => {
  /** An element: h("button", {class: "x", onclick: f}, "text", child, ...). Null and false children are left out. */
  function h(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value === null || value === undefined || value === false) continue;
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else if (name === "value") element.value = value;
      else element.setAttribute(name, value === true ? "" : value);
    }
    element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
    return element;
  }

  const ICONS = {
    check: "M5 13l4 4L19 7",
    cross: "M6 6l12 12M18 6L6 18",
    download: "M12 4v11m0 0l-4-4m4 4l4-4M5 20h14",
    place: "M4 5h16v14H4zM8 9h6v5H8z",
    picture: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15 9.5h.01",
    copy: "M9 9h10v11H9zM15 9V4H5v11h4",
    command: "M4 17l6-5-6-5M12 19h8",
    undo: "M9 14L4 9l5-5M4 9h10a6 6 0 010 12h-3",
    plus: "M12 5v14M5 12h14",
    spark: "M12 3l2 6.5L20.5 12 14 14.5 12 21l-2-6.5L3.5 12 10 9.5z",
    moon: "M20 14.5A8.5 8.5 0 019.5 4 8.5 8.5 0 1020 14.5z",
    alert: "M12 8v5m0 3h.01M12 3l9.5 17h-19z",
  };

  /** A line icon, hidden from screen readers: the words beside it say what it means. */
  function icon(name) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    svg.setAttribute("class", "tm-icon");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", ICONS[name]);
    svg.append(path);
    return svg;
  }

  /** fetch that answers {ok, status, data, wait}; status 0 when the server could not be reached, wait in seconds. */
  async function ask(url, options) {
    try {
      const reply = await fetch(url, { credentials: "same-origin", ...options });
      const data = await reply.json().catch(() => ({}));
      return { ok: reply.ok, status: reply.status, data, wait: Number(reply.headers.get("Retry-After")) || 0 };
    } catch {
      return { ok: false, status: 0, data: {}, wait: 0 };
    }
  }

  /** JSON kept in a storage of the browser; where that refuses, as private windows may, the page itself remembers. */
  function memory(storage, key, fallback) {
    let held = null; // what the storage refused
    return {
      get() {
        try { return JSON.parse(storage.getItem(key)) ?? held ?? fallback; } catch { return held ?? fallback; }
      },
      set(value) {
        held = null;
        try { storage.setItem(key, JSON.stringify(value)); } catch { held = value; }
      },
      remove() {
        held = null;
        try { storage.removeItem(key); } catch { /* forbidden */ }
      },
    };
  }

  // --- what is logged with a rating beside the answers ------------------------------------------------------

  /** Seconds since now, as long as the page could be seen. */
  function stopwatch() {
    let before = 0;
    let since = document.hidden ? null : performance.now();
    const read = () => before + (since === null ? 0 : performance.now() - since);
    document.addEventListener("visibilitychange", () => {
      before = read();
      since = document.hidden ? null : performance.now();
    });
    return () => Math.round(read() / 10) / 100;
  }

  /** The kind of device, coarse on purpose: by the smaller side of the screen, in CSS pixels. */
  function device() {
    const touch = matchMedia("(pointer: coarse)").matches;
    const side = Math.min(screen.width, screen.height, window.innerWidth);
    if (side < 600) return "phone";
    return touch ? "tablet" : "desktop";
  }

  // --- light and dark -------------------------------------------------------------------------------------
  const shade = memory(localStorage, "tinymuse.dark", null);

  function dark(on) {
    document.body.classList.toggle("dark", on);
  }

  function toggleDark() {
    const on = !document.body.classList.contains("dark");
    shade.set(on);
    dark(on);
  }

  /** The person's choice, when they made one; else the system's. */
  function restoreDark() {
    dark(shade.get() ?? matchMedia("(prefers-color-scheme: dark)").matches);
  }

  return { h, icon, ask, memory, stopwatch, device, restoreDark, toggleDark };
})();
