// Files that are made in the browser, to be taken home.
"use strict";

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
