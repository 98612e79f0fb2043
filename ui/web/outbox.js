// Ratings on their way to the server. A click makes a rating with an id of its own. It waits in the browser, each under
// a key of its own so that two tabs cannot overwrite one another, until the server has said "saved"; it is sent again
// when the server was away, also by a later visit, and the id keeps a second arrival from counting twice.
"use strict";

window.tm.outbox = (name, url) => {
  const { ask, memory } = tm;
  const prefix = `tinymuse.unsent.${name}.`;
  const waiting = new Map(); // by id, in the order of the clicks; what the storage refuses is still sent from here
  const listeners = new Set();
  let sending = false;
  let retry = null;

  const slot = (id) => memory(localStorage, prefix + id, null);
  const tell = (rating, state, message = "") => listeners.forEach((listener) => listener(rating, state, message));

  function uuid() {
    if (crypto.randomUUID) return crypto.randomUUID(); // missing on plain http other than localhost
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  function findEarlier() {
    let keys = [];
    try { keys = Object.keys(localStorage); } catch { /* forbidden: nothing was kept */ }
    const found = keys.filter((key) => key.startsWith(prefix)).map((key) => memory(localStorage, key, null).get());
    for (const { at, rating } of found.filter(Boolean).sort((one, other) => one.at - other.at)) waiting.set(rating.id, { at, rating });
  }

  function put(rating) {
    const entry = { at: Date.now(), rating: { id: uuid(), ...rating } };
    waiting.set(entry.rating.id, entry);
    slot(entry.rating.id).set(entry);
    tell(entry.rating, "saving");
    send();
  }

  /** Send what waits, oldest first, one at a time; whatever the server cannot take now is tried again. */
  async function send(pause = 1000) {
    clearTimeout(retry);
    if (sending) return;
    sending = true;
    for (let entry = first(); entry; entry = first()) {
      const { rating } = entry;
      const { ok, status, data, wait } = await ask(url, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(rating),
        keepalive: true, // goes on when the page is left
      });
      if (!ok && (status === 0 || status === 429 || status >= 500)) {
        sending = false;
        tell(rating, "waiting", data.error);
        retry = setTimeout(() => send(Math.min(pause * 2, 15000)), Math.max(pause, 1000 * wait));
        return;
      }
      waiting.delete(rating.id);
      slot(rating.id).remove();
      if (ok) tell(rating, "saved");
      else tell(rating, "refused", data.error || "The server refused this rating.");
    }
    sending = false;
  }

  const first = () => waiting.values().next().value;

  findEarlier();
  window.addEventListener("online", () => send());
  document.addEventListener("visibilitychange", () => document.hidden || send());
  setTimeout(send, 0);
  return {
    put,
    unsent: () => [...waiting.values()].map((entry) => entry.rating),
    listen: (listener) => { listeners.add(listener); return () => listeners.delete(listener); },
  };
};

// --- the Canvas tab's ratings ---------------------------------------------------------------------------------------
(() => {
  const rated = tm.memory(sessionStorage, "tinymuse.rated", {});
  const box = tm.outbox("canvas", "/api/ratings");
  const seen = new Map(); // by candidate: when and where it came into sight

  tm.shown = (candidate, position) => { if (!seen.has(candidate)) seen.set(candidate, { position, watch: tm.stopwatch() }); };
  tm.rate = (candidate, grades) => {
    rated.set({ ...rated.get(), [candidate]: grades });
    const { position = null, watch } = seen.get(candidate) ?? {};
    box.put({ candidate, ...grades, position, seconds: watch ? watch() : null, device: tm.device() });
  };
  tm.gradesOf = (candidate) => rated.get()[candidate] ?? { accepted: null, relevance: null, correctness: null };
  tm.isUnsent = (candidate) => box.unsent().some((rating) => rating.candidate === candidate);
  tm.onRating = (listener) => box.listen((rating, state, text) => {
    if (state !== "saved" || !tm.isUnsent(rating.candidate)) listener(rating.candidate, state, text);
  });
})();
