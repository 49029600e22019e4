// Images that arrive while their article is read: asks for the page again and puts them in place of their placeholders,
// until none is left or some minutes have passed. Without this file they are there at the next view. Uses app.js.
"use strict";

const MAX_POLLS = 24; // about five minutes in view
const SHOWN_IMAGES = "article :is(.hero, .text) :is(img, .image-pending, .image-missing)";

let polls = 0;
let imageDelay = 1000;

async function pollImages() {
  // While a part of the article is being chosen, its parts stay.
  if (!document.hidden && !find(".picking-block")) {
    polls += 1;
    const arrived = await takeArrivedImages().catch(() => false);
    imageDelay = arrived ? 1000 : Math.min(imageDelay * 1.5, 15000);
  }
  if (find(".image-pending") && polls < MAX_POLLS) setTimeout(pollImages, imageDelay);
}

async function takeArrivedImages() {
  const response = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!response.ok) return false;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const [before, after] = [findAll(SHOWN_IMAGES), findAll(SHOWN_IMAGES, page)];
  // Another text, or the login page.
  if (before.length !== after.length) return false;
  const arrived = before.map((old, at) => [old, after[at]])
    .filter(([old, now]) => old.matches(".image-pending") && !now.matches(".image-pending"));
  if (arrived.length) keepPlace(() => arrived.forEach(([old, now]) => replaceImage(old, now)));
  return arrived.length > 0;
}

// Makes a change without moving what is being read: the first part in view that waits for nothing.
function keepPlace(change) {
  const inView = (part) => part.getBoundingClientRect().bottom > 0 && !part.matches(".image-pending") && !find(".image-pending", part);
  const read = findAll("article h1, .text > *").find(inView);
  const top = read?.getBoundingClientRect().top;
  change();
  const moved = read ? read.getBoundingClientRect().top - top : 0;
  if (moved) scrollBy({ top: moved, behavior: "instant" });
}

function replaceImage(old, now) {
  const hadFocus = old.contains(document.activeElement);
  const hero = old.closest(".hero");
  if (hero) hero.replaceWith(now.closest(".hero"));
  else replaceInText(old, now);
  if (hadFocus) Object.assign(now, { tabIndex: -1 }).focus({ preventScroll: true });
}

// A placeholder has a link of its own, so it stands between the halves of a link that the image is in.
function replaceInText(old, now) {
  const link = old.closest("a") ? null : now.closest(".text a");
  if (!link) return old.replaceWith(now);
  const isLeftOver = (part) => part?.matches?.("a") && part.href === link.href && !part.childNodes.length;
  [old.previousSibling, old.nextSibling].filter(isLeftOver).forEach((part) => part.remove());
  const around = link.cloneNode(false);
  around.append(now);
  old.replaceWith(around);
}

setTimeout(pollImages, imageDelay);
