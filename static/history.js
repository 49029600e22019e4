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
