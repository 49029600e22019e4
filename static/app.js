// Keyboard shortcuts and live updates; every page works without this file. In order: shortcuts, moving, actions,
// marking as read, display settings, live imports, help. The shortcuts are listed in
// src/web/settings/keyboard_shortcuts.rs; a test compares both.
"use strict";

const goToPages = { h: "/", a: "/articles", u: "/articles?unread=1", m: "/articles?starred=1",
  t: "/topics", f: "/feeds", s: "/sources", l: "/tags", i: "/imports", n: "/import" };

const find = (selector, within = document) => within.querySelector(selector);
const findAll = (selector, within = document) => [...within.querySelectorAll(selector)];

let goPressedAt = -Infinity; // when g was pressed; the next letter must follow within 1.5 s

const shortcuts = {
  j: () => goToNeighbor(1),
  k: () => goToNeighbor(-1),
  n: () => window.selectRow?.(1),
  p: () => window.selectRow?.(-1),
  o: () => find(".selected [href^='/article/']")?.click(),
  v: openOriginal,
  m: () => toggle("read"),
  s: () => toggle("star"),
  l: () => toggle("keep"),
  e: () => toggle("archive"),
  d: () => toggle("delete"),
  x: () => find(".selected .tick input")?.click(),
  J: () => find(".topic-row:focus-within [value=down]")?.click(),
  K: () => find(".topic-row:focus-within [value=up]")?.click(),
  u: () => find(".article-end .next")?.click(),
  b: () => find(".article-end .back")?.click(),
  f: nextWidth,
  w: () => (find(".changed-note a") ?? find("[data-versions]"))?.click(),
  1: () => addTag(1),
  2: () => addTag(2),
  3: () => addTag(3),
  4: () => addTag(4),
  5: () => addTag(5),
  "/": () => focusField("input[name=q]"),
  "?": showShortcuts,
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target)) return;
  if (find("dialog[open]")) return;
  const page = event.timeStamp - goPressedAt < 1500 && (goToPages[event.key] ?? topicPage(event.key));
  goPressedAt = -Infinity;
  if (page) location.assign(page);
  else if (event.key === "g") goPressedAt = event.timeStamp;
  else if (shortcuts[event.key]) shortcuts[event.key]();
  else return;
  event.preventDefault();
});

// g 3 opens the third topic in the reader's order.
const topicPage = (key) => /^[1-9]$/.test(key) && `/topics/${key}`;

const isTyping = (target) => target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);

// Moving. Selecting rows of a list: in list.js.

// In a list: selects the next article. In an article: opens its neighbor in the list last shown in this tab, or
// scrolls if there is none.
function goToNeighbor(step) {
  if (!find("article.article")) return window.selectRow?.(step);
  const list = JSON.parse(sessionStorage.getItem("list") ?? "[]");
  const at = list.findIndex((url) => url.split("?")[0] === location.pathname);
  const next = at < 0 ? undefined : list[at + step];
  if (next) location.assign(next);
  else scrollBy(0, step * innerHeight * 0.85);
}

// Lists are never stored, so after Back they are fetched again. A page that was kept whole all the same is reloaded.
addEventListener("pageshow", (event) => event.persisted && find("[data-article]") && location.reload());

function focusField(selector) {
  const field = find(selector);
  const menu = field?.closest("details");
  // The menu is closed on phones only.
  if (menu && !field.checkVisibility?.()) menu.open = true;
  field?.focus();
  field?.select();
}

function openOriginal() {
  const row = find(".selected [href^='/article/']");
  const url = row ? row.pathname + "/original" : find("[data-original]")?.dataset.original;
  if (url) open(url, "_blank", "noopener,noreferrer");
}

// Read, star and keep, in the background so that the page keeps its place. Rows of a list: in list.js.

// What each action announces, and what its button does next.
const actions = {
  read: { message: "Marked read.", next: "unread", button: "Mark unread" },
  unread: { message: "Marked unread.", next: "read", button: "Mark read" },
  star: { message: "Starred.", next: "unstar", button: "Unstar" },
  unstar: { message: "Star removed.", next: "star", button: "Star" },
  keep: { message: "Kept.", next: "stream", button: "Move to stream" },
  stream: { message: "Moved to the stream.", next: "keep", button: "Keep" },
};

function toggle(what) {
  const button = find(`div.actions [data-toggle=${what}], .selected [data-toggle=${what}]`);
  if (button) button.click();
  else window.toggleRow?.(what);
}

document.addEventListener("submit", async (event) => {
  const { submitter, target } = event;
  if (!submitter?.matches(".actions [data-toggle=read], .actions [data-toggle=star], .actions [data-toggle=keep]")) return;
  event.preventDefault();
  const { value: action, dataset: { toggle: what } } = submitter;
  if (what === "read") cancelAutoRead();
  // Not target.action: that is the form's field of this name.
  if (await postAction(action, target.getAttribute("action"))) updateButtons(what, action, document);
});

// Suggested tags, in the background too: the answer is the page, of which the part with the tags is shown.

const addTag = (number) => find(`[data-suggestion="${number}"]`)?.click();

document.addEventListener("submit", async (event) => {
  const { submitter, target } = event;
  if (!submitter || !target.closest("#article-tags")) return;
  event.preventDefault();
  const body = new URLSearchParams(new FormData(target, submitter));
  const response = await fetch(target.getAttribute("action"), { method: "POST", body }).catch(() => null);
  const page = response?.ok && new DOMParser().parseFromString(await response.text(), "text/html");
  // A reader who was logged out meanwhile gets another page.
  const tags = page && page.getElementById("article-tags");
  if (tags) replacePart(find("#article-tags"), tags);
  else announce("Couldn’t save. Try again.");
});

async function postAction(action, url) {
  const saved = await post(url, new URLSearchParams({ action }));
  announce(saved ? actions[action].message : "Couldn’t save. Try again.");
  return saved;
}

// An article has the button above its text and at its end. A star keeps it too.
function updateButtons(what, action, within) {
  const { next, button: label } = actions[action];
  for (const button of findAll(`[data-toggle=${what}]`, within)) Object.assign(button, { value: next, textContent: label });
  if (action === "star") updateButtons("keep", "keep", within);
}

// A form answers with a redirect, which is not followed here.
const post = (url, body) =>
  fetch(url, { method: "POST", body, redirect: "manual", keepalive: true })
    .then((response) => response.ok || response.type === "opaqueredirect", () => false);

// Announces a message to screen readers.
function announce(message) {
  let element = find("#status-message");
  if (!element) {
    element = Object.assign(document.createElement("p"), { id: "status-message", className: "visually-hidden" });
    element.setAttribute("role", "status");
    find("main").append(element);
  }
  element.textContent = message;
}

// Marking as read: at the end of the text, or after a third of its reading time in view.

const unreadArticle = find("[data-mark-read-url]");
let secondsViewed = 0;
const viewTimer = unreadArticle && setInterval(() => !document.hidden && ++secondsViewed >= unreadArticle.dataset.readAfter && markRead(), 1000);
if (unreadArticle) addEventListener("scroll", () => find(".article-end").getBoundingClientRect().top < innerHeight && markRead());

async function markRead() {
  const url = cancelAutoRead();
  if (url && (await post(url, new URLSearchParams({ action: "read" })))) updateButtons("read", "read", document);
}

// Returns the URL to post to, once. After the reader marks the article, nothing is marked automatically.
function cancelAutoRead() {
  clearInterval(viewTimer);
  const url = unreadArticle?.dataset.markReadUrl;
  delete unreadArticle?.dataset.markReadUrl;
  return url;
}

// Display settings: applied at once, saved by the same post that the buttons make without scripts.

document.addEventListener("submit", async (event) => {
  const { submitter, target } = event;
  if (!target.matches("[data-display-settings]") || !submitter) return;
  event.preventDefault();
  document.documentElement.dataset[submitter.name] = submitter.value;
  for (const button of findAll(`[data-display-settings] button[name=${submitter.name}]`)) {
    button.setAttribute("aria-pressed", button.value === submitter.value);
  }
  const body = new URLSearchParams(new FormData(target, submitter));
  if (!(await post(target.action, body))) announce("Couldn’t save. Try again.");
});

function nextWidth() {
  const buttons = findAll("[data-display-settings] button[name=width]");
  const now = buttons.findIndex((button) => button.getAttribute("aria-pressed") === "true");
  buttons[(now + 1) % buttons.length]?.click();
}

// Live imports: reloads this page in the background and swaps the data-live parts until none are left.

let pollDelay = 1000;

async function pollImports() {
  if (!document.hidden) {
    const changed = await refresh().catch(() => false);
    pollDelay = changed ? 1000 : Math.min(pollDelay * 1.5, 15000); // an idle server is not polled every second
  }
  if (find("[data-live]")) setTimeout(pollImports, pollDelay);
}

async function refresh() {
  const response = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!response.ok) return false;
  if (new URL(response.url).pathname !== location.pathname) return location.replace(response.url);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const replaced = findAll("[data-live]").filter((part) => !isInUse(part) && replacePart(part, page.getElementById(part.id)));
  window.noteList?.();
  return replaced.length > 0;
}

// Rows are not taken away from a reader who has selected or ticked one, or is filling in a form.
const isInUse = (part) =>
  find(".selected, .tick :checked, [data-article]:focus-within, details[open] form, select:focus", part) !== null;

function replacePart(oldPart, newPart) {
  if (!newPart || oldPart.isEqualNode(newPart)) return false;
  const focused = oldPart.contains(document.activeElement);
  oldPart.replaceWith(newPart);
  if (focused) (find("a, button", newPart) ?? newPart).focus(); // keep the focus in place
  if (newPart.dataset.announce) announce(newPart.dataset.announce);
  return true;
}

if (find("[data-live]")) setTimeout(pollImports, pollDelay);

// What scrolls sideways must be focusable, to scroll it by keyboard.
for (const part of findAll(".text pre, .text table")) {
  if (part.scrollWidth > part.clientWidth) part.tabIndex = 0;
}

// Removing a part by clicking it: in block_picker.js, loaded on demand.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-block-picker]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  import(link.dataset.blockPicker).then(({ pickBlock }) => pickBlock(link.href, announce)).catch(() => location.assign(link.href));
});

// Help: the list from /keyboard-shortcuts in a dialog.

async function showShortcuts() {
  if (find("#keyboard-shortcuts")) return;
  const response = await fetch("/keyboard-shortcuts").catch(() => null);
  if (!response?.ok) return location.assign("/keyboard-shortcuts");
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-labelledby", "keyboard-shortcuts-title");
  dialog.append(find("#keyboard-shortcuts", page));
  dialog.insertAdjacentHTML("beforeend", '<form method="dialog"><button class="button">Close</button></form>');
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  document.body.append(dialog);
  dialog.showModal();
}
