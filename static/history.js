// What changed in an article, and its recordings; both work without this file. Uses app.js.
"use strict";

// What changed in a text is seen once it is shown.

const unseen = find("[data-seen]");
if (unseen && !document.hidden) markSeen();
else if (unseen) document.addEventListener("visibilitychange", markSeen, { once: true });

async function markSeen() {
  if (await post(unseen.action, new URLSearchParams())) find("button", unseen).remove();
}

// A recording that cannot be played says so.

document.addEventListener("error", ({ target }) => {
  if (target.matches?.(".players audio, .players video")) find("[role=alert]", target.parentElement).hidden = false;
}, true);

// Times at the beginning of the lines of a list move the player: chapters, and what shows list by hand. One alone, or times that go
// back, are just text.

const player = find(".players audio, .players video");
if (player) for (const times of findTimes().values()) linkTimes(times);

// By list, or else by what the paragraphs are in.
function findTimes() {
  const lines = document.createTreeWalker(find(".text"), NodeFilter.SHOW_TEXT);
  const lists = new Map();
  for (let line = lines.nextNode(); line; line = lines.nextNode()) {
    const isFirst = !line.previousSibling || line.previousSibling.nodeName === "BR";
    const found = isFirst && /^\s*[([]?((?:\d{1,2}:)?\d{1,3}:[0-5]\d)(?=[\s)\].,:–—-]|$)/.exec(line.data);
    if (!found) continue;
    const list = line.parentElement.closest("ul, ol") ?? line.parentElement.parentElement;
    const time = { line, start: found[0].length - found[1].length, text: found[1] };
    lists.set(list, [...(lists.get(list) ?? []), time]);
  }
  return lists;
}

function linkTimes(times) {
  const seconds = times.map(({ text }) => text.split(":").reduce((total, part) => total * 60 + Number(part), 0));
  if (times.length < 2 || seconds.some((time, index) => time < seconds[index - 1])) return;
  times.forEach(({ line, start, text }, index) => {
    const time = line.splitText(start);
    time.splitText(text.length);
    const button = document.createElement("button");
    button.type = "button";
    button.className = "time";
    button.textContent = text;
    button.setAttribute("aria-label", `Play from ${text}`);
    button.addEventListener("click", () => playFrom(seconds[index]));
    time.replaceWith(button);
  });
}

function playFrom(seconds) {
  player.currentTime = seconds;
  // One that cannot be played says so.
  player.play().catch(() => {});
}
