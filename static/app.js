// Keyboard shortcuts and live updates; every page works without this file. In order: keys, moving, actions,
// marking as read, display settings, live imports, help.
"use strict";

const places = { h: "/", a: "/articles", u: "/articles?unread=1", f: "/articles?starred=1",
  t: "/topics", s: "/sources", l: "/tags", i: "/imports", n: "/import" };

const one = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];

let selected = null; // the article in a list that o, v, m and s act on
let going = -Infinity; // when g was pressed; the next letter must follow within 1.5 s

const keys = {
  j: () => onwards(1),
  k: () => onwards(-1),
  n: () => select(1),
  p: () => select(-1),
  o: () => selected && headline(selected).click(),
  v: openOriginal,
  m: () => toggle("read"),
  s: () => toggle("star"),
  f: nextWidth,
  "/": () => find("input[name=q]"),
  "?": help,
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target)) return;
  if (one("dialog[open]")) return;
  const place = event.timeStamp - going < 1500 && places[event.key];
  going = -Infinity;
  if (place) location.assign(place);
  else if (event.key === "g") going = event.timeStamp;
  else if (keys[event.key]) keys[event.key]();
  else return;
  event.preventDefault();
});

const isTyping = (target) => target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);

// Moving. The focus moves too, so that Enter, screen readers and scrolling follow.

const headline = (row) => one("h2 a, h3 a", row);

function select(step) {
  const rows = all("[data-article]");
  if (!rows.length) return;
  const at = rows.indexOf(selected);
  const next = rows[at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step];
  if (!next) return;
  selected?.classList.remove("selected");
  selected = next;
  selected.classList.add("selected");
  headline(selected).focus({ preventScroll: true });
  selected.scrollIntoView({ block: "nearest" });
}

// In a list: selects the next article. In an article: opens its neighbour in the list last seen in this tab, or scrolls
// if there is none.
function onwards(step) {
  if (!one("article.article")) return select(step);
  const list = JSON.parse(sessionStorage.getItem("list") ?? "[]");
  const at = list.indexOf(location.pathname);
  const next = at < 0 ? undefined : list[at + step];
  if (next) location.assign(next);
  else scrollBy(0, step * innerHeight * 0.85);
}

const rows = all("[data-article]:not(.article)");
if (rows.length) sessionStorage.setItem("list", JSON.stringify(rows.map((row) => headline(row).pathname)));

function find(selector) {
  const field = one(selector);
  const menu = field?.closest("details");
  // Only on a phone is the menu closed.
  if (menu && !field.checkVisibility?.()) menu.open = true;
  field?.focus();
  field?.select();
}

function openOriginal() {
  const address = selected ? headline(selected).href + "/original" : one("[data-original]")?.dataset.original;
  if (address) open(address, "_blank", "noopener,noreferrer");
}

// Read and star, in the background so that the page keeps its place: a list row by key, an article by its buttons.

// What each action announces, and what its button does next.
const marks = {
  read: { said: "Marked read.", next: "unread", button: "Mark unread" },
  unread: { said: "Marked unread.", next: "read", button: "Mark read" },
  star: { said: "Starred.", next: "unstar", button: "Unstar" },
  unstar: { said: "Star removed.", next: "star", button: "Star" },
};

async function toggle(what) {
  const button = one(`.actions [data-toggle=${what}]`);
  if (button) return button.click();
  if (!selected) return;
  const unread = selected.classList.contains("unread");
  const starred = "starred" in selected.dataset;
  const mark = what === "read" ? (unread ? "read" : "unread") : (starred ? "unstar" : "star");
  if (!(await keep(mark, new URL(headline(selected).href).pathname + "/action"))) return;
  if (what === "read") selected.classList.toggle("unread", !unread);
  else selected.toggleAttribute("data-starred", !starred);
}

document.addEventListener("submit", async (event) => {
  const { submitter, target } = event;
  if (!submitter?.matches(".actions [data-toggle=read], .actions [data-toggle=star]")) return;
  event.preventDefault();
  if (submitter.dataset.toggle === "read") stopLooking();
  if (await keep(submitter.value, target.action)) offer(submitter);
});

async function keep(mark, address) {
  const kept = await post(address, new URLSearchParams({ action: mark }));
  say(kept ? marks[mark].said : "Couldn’t save. Try again.");
  return kept;
}

function offer(button) {
  const { next, button: words } = marks[button.value];
  Object.assign(button, { value: next, textContent: words });
}

// A form answers with a redirect, which is not followed here.
const post = (address, body) =>
  fetch(address, { method: "POST", body, redirect: "manual" })
    .then((answer) => answer.ok || answer.type === "opaqueredirect", () => false);

// Announces a sentence to screen readers only.
function say(sentence) {
  let place = one("#said");
  if (!place) {
    place = Object.assign(document.createElement("p"), { id: "said", className: "visually-hidden" });
    place.setAttribute("role", "status");
    one("main").append(place);
  }
  place.textContent = sentence;
}

// Marking as read: after five seconds in view, or at the end of the text.

const unread = one("[data-mark-read]");
let looked = 0;
const looking = unread && setInterval(() => !document.hidden && ++looked >= 5 && haveRead(), 1000);
if (unread) addEventListener("scroll", () => one(".about").getBoundingClientRect().top < innerHeight && haveRead());

async function haveRead() {
  const address = stopLooking();
  if (address && (await post(address, new URLSearchParams({ action: "read" })))) offer(one("[data-toggle=read]"));
}

// Returns the URL to post to, once. A reader who chose read or unread by hand is not overruled.
function stopLooking() {
  clearInterval(looking);
  const address = unread?.dataset.markRead;
  delete unread?.dataset.markRead;
  return address;
}

// Display settings: applied at once, saved by the same post that the buttons make without scripts.

document.addEventListener("submit", async (event) => {
  const { submitter, target } = event;
  if (!target.matches("[data-reading]") || !submitter) return;
  event.preventDefault();
  document.documentElement.dataset[submitter.name] = submitter.value;
  for (const button of all(`[data-reading] button[name=${submitter.name}]`)) {
    button.setAttribute("aria-pressed", button.value === submitter.value);
  }
  const body = new URLSearchParams(new FormData(target, submitter));
  if (!(await post(target.action, body))) say("Couldn’t save. Try again.");
});

function nextWidth() {
  const buttons = all("[data-reading] button[name=width]");
  const now = buttons.findIndex((button) => button.getAttribute("aria-pressed") === "true");
  buttons[(now + 1) % buttons.length]?.click();
}

// Live imports: reloads this page in the background and swaps the data-live parts until none are left.

let wait = 1000;

async function look() {
  if (!document.hidden) {
    const changed = await refresh().catch(() => false);
    wait = changed ? 1000 : Math.min(wait * 1.5, 15000); // an idle server is not polled every second
  }
  if (one("[data-live]")) setTimeout(look, wait);
}

async function refresh() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) return false;
  if (new URL(answer.url).pathname !== location.pathname) return location.replace(answer.url);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return all("[data-live]").filter((part) => swap(part, page.getElementById(part.id))).length > 0;
}

function swap(old, fresh) {
  if (!fresh || old.isEqualNode(fresh)) return false;
  const focused = old.contains(document.activeElement);
  old.replaceWith(fresh);
  if (focused) (one("a, button", fresh) ?? fresh).focus(); // keep the focus in place
  if (fresh.dataset.say) say(fresh.dataset.say);
  return true;
}

if (one("[data-live]")) setTimeout(look, wait);

// Only what scrolls sideways must be reachable by keyboard.
for (const part of all(".text pre, .text table")) {
  if (part.scrollWidth > part.clientWidth) part.tabIndex = 0;
}

// Removing a part by clicking it: in block_picker.js, loaded on demand.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-point]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  import(link.dataset.point).then(({ point }) => point(link.href, say)).catch(() => location.assign(link.href));
});

// Help: the list from /keyboard-shortcuts in a dialog.

async function help() {
  if (one("#keys")) return;
  const answer = await fetch("/keyboard-shortcuts").catch(() => null);
  if (!answer?.ok) return location.assign("/keyboard-shortcuts");
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-labelledby", "keys-title");
  dialog.append(one("#keys", page));
  dialog.insertAdjacentHTML("beforeend", '<form method="dialog"><button class="button">Close</button></form>');
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  document.body.append(dialog);
  dialog.showModal();
}
