// What is taken home from the page: texts for the clipboard, files that are made in the browser.
"use strict";

/** The text to the clipboard, told by a tick on the button. */
tm.copy = async (button, text) => {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    return; // no clipboard on plain http: the text can still be selected
  }
  const face = [...button.childNodes];
  button.replaceChildren(tm.icon("check"));
  setTimeout(() => button.replaceChildren(...face), 1500);
};

/** Offer `content` as a file. */
tm.save = (name, type, content) => {
  const url = URL.createObjectURL(new Blob([content], { type }));
  tm.h("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
};

/** Rows of values as CSV. A leading =, +, - or @ would be a formula to a spreadsheet: a quote in front makes it text. */
tm.csv = (rows) => {
  const quoted = (value) => {
    const said = String(value ?? "");
    return `"${(typeof value !== "number" && /^[=+\-@\t\r]/.test(said) ? `'${said}` : said).replaceAll('"', '""')}"`;
  };
  return rows.map((row) => row.map(quoted).join(",")).join("\r\n") + "\r\n";
};
