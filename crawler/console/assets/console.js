// Falsetto's console: keys, the viewer's zone, and what a swap of the page leaves to do. Nothing from data is run or
// written as HTML here; every page works without this file, only slower.
"use strict";

const one = (query, root = document) => root.querySelector(query);
const all = (query, root = document) => [...root.querySelectorAll(query)];

function tellTimes(root) {
  for (const time of all("time[datetime]", root)) {
    const at = new Date(time.dateTime);
    if (Number.isNaN(at.valueOf())) continue;
    const two = (n) => String(n).padStart(2, "0");
    time.textContent =
      `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}`;
  }
}

function move(by) {
  const rows = all("#queue a[data-case]");
  const here = rows.findIndex((row) => row.getAttribute("aria-current") === "true");
  const next = rows[here < 0 ? (by > 0 ? 0 : rows.length - 1) : here + by];
  if (next) next.click();
  else if (by > 0) one("a[rel=next]")?.click();
}

function choose(decision) {
  const bulk = one("#bulk");
  if (bulk?.decision && (one("input[name=ticked]:checked") || bulk.all.checked)) {
    bulk.decision.value = decision;
    bulk.requestSubmit();
    return;
  }
  const radio = one(`#decide input[name=decision][value=${decision}]`);
  if (!radio) return;
  radio.checked = true;
  radio.focus();
  radio.scrollIntoView({ block: "nearest" });
}

function reason(number) {
  const chosen = one("#decide input[name=decision]:checked");
  const list = chosen ? one(`#decide .reasons[data-for=${chosen.value}]`) : one("#decide .reasons.shown");
  const radio = list && all("input", list)[number - 1];
  if (!radio) return;
  radio.checked = true;
  radio.focus();
}

function tick() {
  const box = one(".row.current input[name=ticked]");
  if (box) box.checked = !box.checked;
}

const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  i: () => choose("impersonation"),
  t: () => choose("takedown"),
  l: () => choose("legitimate"),
  n: () => choose("namesake"),
  u: () => choose("unsure"),
  z: () => one("#undo")?.requestSubmit(),
  x: tick,
  "/": () => {
    const filters = one(".filters");
    if (filters) filters.open = true;
    one("#filters input:not([type=hidden])")?.focus();
  },
  "?": () => one("#help").showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || one("dialog[open]")) return;
  const at = event.target;
  const typing = at.matches("textarea, select, input:not([type=radio]):not([type=checkbox])");
  if (typing) {
    if (event.key === "Escape") at.blur();
    return;
  }
  const action = KEYS[event.key] ?? (/^[1-9]$/.test(event.key) ? () => reason(Number(event.key)) : null);
  if (!action) return;
  event.preventDefault();
  action();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-help]")) one("#help").showModal();
});

function settle() {
  tellTimes(document);
  one(".row.current")?.scrollIntoView({ block: "nearest" });
  const heat = one(".heat")?.closest(".scroll");
  if (heat) heat.scrollLeft = heat.scrollWidth; // the newest stands at the end
}

document.addEventListener("DOMContentLoaded", () => {
  settle();
  // A key in the address's fragment, as the demo prints it, never reaches a server's log: it is put into the form.
  const form = one("form[action='/console/login']");
  if (form && location.hash.startsWith("#key=")) {
    form.key.value = decodeURIComponent(location.hash.slice(5));
    history.replaceState(null, "", location.pathname + location.search);
    form.key.focus();
  }
});
document.addEventListener("htmx:afterSettle", settle);
