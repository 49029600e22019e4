// Removing a part of an article by clicking it. The page /article/{id}/blocks lists all parts, each with a form. This
// script finds them in the article by their text, so that a click, or Enter on the focused part, sends its form.

const lettersAndDigits = (text) => text.replace(/[^\p{L}\p{N}]/gu, "");
const PLACEHOLDERS = ".image-pending, .image-missing";
const BLOCKS = "p, h2, h3, h4, h5, h6, li, ul, ol, dl, table, figure, blockquote, pre, details";
const INSTRUCTIONS = "Click the part to remove, or Tab to it and press Enter.";
const NOT_SEPARATE = "That part can’t be selected on its own. The list may have what it belongs to.";

const MAX_COMPARED = 2_000_000; // pairs of a part and an entry of the list, which take three bytes each

let endPicking = null; // stops picking, if it is going on

export async function pickBlock(listUrl, announce) {
  endPicking?.();
  const response = await fetch(listUrl);
  if (!response.ok) throw new Error(`${response.status}`);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const found = new Map([
    ...matchBlocks([...page.querySelectorAll("[data-block-text]:not([data-image])")]),
    ...matchImages([...page.querySelectorAll("[data-image]")]),
  ]);
  if (!found.size) return location.assign(listUrl);
  const article = document.querySelector("article.article");
  const text = article.querySelector(".text");
  const bar = showBar(text, listUrl);
  for (const part of found.keys()) {
    part.dataset.pickable = "";
    part.tabIndex = 0;
    part.setAttribute("aria-describedby", "block-picker");
  }
  article.classList.add("picking-block");
  const controller = new AbortController();
  endPicking = () => {
    controller.abort();
    article.classList.remove("picking-block");
    bar.remove();
    for (const part of found.keys()) {
      delete part.dataset.pickable;
      part.removeAttribute("tabindex");
      part.removeAttribute("aria-describedby");
    }
    endPicking = null;
  };
  const choose = (event) => {
    event.preventDefault(); // a link inside the part is not followed
    const part = event.target.closest("[data-pickable]");
    if (!part) return void (bar.querySelector("p").textContent = NOT_SEPARATE);
    const form = document.adoptNode(found.get(part));
    form.hidden = true;
    document.body.append(form);
    form.submit();
  };
  text.addEventListener("click", choose, { signal: controller.signal });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches?.("[data-pickable]")) choose(event);
    if (event.key === "Escape") cancel(announce);
  }, { signal: controller.signal });
  bar.querySelector("button").addEventListener("click", () => cancel(announce));
  found.keys().next().value.focus({ preventScroll: true });
  text.scrollIntoView({ block: "start" });
}

function cancel(announce) {
  endPicking?.();
  announce("Cancelled.");
  document.querySelector("[data-block-picker]")?.focus();
}

// Pairs the parts of the article with the forms of the list: as many as possible with the same text, in order; then
// those between two such pairs where one contains the other.
function matchBlocks(forms) {
  let parts = [...document.querySelectorAll(".text")].flatMap((text) => [...text.querySelectorAll(BLOCKS)])
    .map((part) => ({ part, letters: lettersAndDigits(visibleText(part)) }))
    .filter(({ letters }) => letters);
  const blocks = forms.map((form) => {
    const text = form.dataset.blockText;
    return { form, letters: lettersAndDigits(text), isCut: text.endsWith("…") };
  }).filter(({ letters }) => letters);
  const isSame = (part, block) => block.isCut ? part.letters.startsWith(block.letters) : part.letters === block.letters;
  let pairs;
  for (let inside; inside?.size !== 0;) {
    pairs = commonSubsequence(parts, blocks, isSame);
    // A quotation stands for its only paragraph, so nothing inside a matched part counts.
    const matched = new Set(pairs.map(([at]) => parts[at].part));
    inside = new Set([...matched].filter((part) => isInside(part, matched)));
    parts = parts.filter(({ part }) => !inside.has(part));
  }
  const matches = new Map(pairs.map(([at, to]) => [parts[at].part, blocks[to].form]));
  const around = new Set(); // what contains a match
  for (const part of matches.keys()) addAncestors(part, around);
  let left = MAX_COMPARED;
  for (let gap = 0; gap <= pairs.length; gap++) {
    const [partFrom, blockFrom] = pairs[gap - 1] ?? [-1, -1];
    const [partTo, blockTo] = pairs[gap] ?? [parts.length, blocks.length];
    const between = blocks.slice(blockFrom + 1, blockTo);
    left -= (partTo - partFrom) * between.length;
    if (left < 0) break;
    for (const { part, letters } of parts.slice(partFrom + 1, partTo)) {
      if (around.has(part) || isInside(part, matches)) continue;
      const related = between.filter((block) => letters.includes(block.letters) || block.letters.includes(letters));
      const longest = related.reduce((best, it) => (best && best.letters.length >= it.letters.length ? best : it), null);
      if (!longest) continue;
      matches.set(part, longest.form);
      addAncestors(part, around);
    }
  }
  return matches;
}

function isInside(part, others) {
  for (let it = part.parentElement; it; it = it.parentElement) if (others.has(it)) return true;
  return false;
}

function addAncestors(part, ancestors) {
  for (let it = part.parentElement; it && !ancestors.has(it); it = it.parentElement) ancestors.add(it);
}

// Returns the pairs of indexes of a long common subsequence of two lists: of a longest one, unless the lists are huge. Then
// texts that each list has once are the fixed points, and only what is between two of them is compared.
function commonSubsequence(one, other, isSame) {
  if (one.length * other.length <= MAX_COMPARED) return longestCommonSubsequence(one, other, isSame);
  const [places, otherPlaces] = [findUnique(one), findUnique(other)];
  const both = [...places].filter(([letters, at]) => at >= 0 && otherPlaces.get(letters) >= 0);
  const fixed = longestRise(both.map(([letters, at]) => [at, otherPlaces.get(letters)]));
  const pairs = [];
  let left = MAX_COMPARED;
  let [from, otherFrom] = [0, 0];
  for (const [at, to] of [...fixed, [one.length, other.length]]) {
    const between = [one.slice(from, at), other.slice(otherFrom, to)];
    const work = between[0].length * between[1].length;
    if (work <= left) {
      left -= work;
      for (const [i, j] of longestCommonSubsequence(...between, isSame)) pairs.push([from + i, otherFrom + j]);
    }
    if (at < one.length) pairs.push([at, to]);
    [from, otherFrom] = [at + 1, to + 1];
  }
  return pairs;
}

// Returns where each text is; -1 if it is there more than once.
function findUnique(list) {
  const places = new Map();
  list.forEach(({ letters }, at) => places.set(letters, places.has(letters) ? -1 : at));
  return places;
}

// Returns a longest part of these pairs, sorted by their first number, whose second number rises too.
function longestRise(pairs) {
  const ends = []; // for each length, the lowest end so far
  for (const [at, to] of pairs) {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ends[middle].to < to) low = middle + 1;
      else high = middle;
    }
    ends[low] = { at, to, before: ends[low - 1] };
  }
  const rise = [];
  for (let end = ends.at(-1); end; end = end.before) rise.push([end.at, end.to]);
  return rise.reverse();
}

// Compares all with all.
function longestCommonSubsequence(one, other, isSame) {
  const width = other.length + 1;
  const lengths = new Uint16Array((one.length + 1) * width);
  const same = new Uint8Array(one.length * width);
  for (let i = one.length - 1; i >= 0; i--) {
    for (let j = other.length - 1; j >= 0; j--) {
      const at = i * width + j;
      same[at] = isSame(one[i], other[j]);
      lengths[at] = same[at] ? lengths[at + width + 1] + 1 : Math.max(lengths[at + width], lengths[at + 1]);
    }
  }
  const pairs = [];
  for (let i = 0, j = 0; i < one.length && j < other.length;) {
    const at = i * width + j;
    if (same[at]) pairs.push([i++, j++]);
    else if (lengths[at + width] >= lengths[at + 1]) i++;
    else j++;
  }
  return pairs;
}

// Images without a caption, or their placeholders: in order if all are there, else by description.
function matchImages(forms) {
  const uncaptioned = [...document.querySelectorAll(`.text :is(img, ${PLACEHOLDERS})`)].filter((it) => !visibleText(frame(it)).trim());
  const shows = (it, words) => (it.alt ?? it.textContent).includes(words);
  const image = (form, at) =>
    uncaptioned.length === forms.length ? uncaptioned[at] : uncaptioned.find((it) => shows(it, form.dataset.blockText));
  const found = forms.map((form, at) => [image(form, at), form]);
  return found.filter(([image]) => image).map(([image, form]) => [frame(image), form]);
}

const frame = (image) => image.closest("figure, p") ?? image;

// The text of a part without image placeholders.
function visibleText(part) {
  const copy = part.cloneNode(true);
  for (const placeholder of copy.querySelectorAll(PLACEHOLDERS)) placeholder.remove();
  return copy.textContent;
}

// The bar with instructions and buttons at the bottom of the screen.
function showBar(text, listUrl) {
  const bar = document.createElement("div");
  bar.className = "notice block-picker-bar";
  bar.id = "block-picker";
  bar.setAttribute("role", "status");
  const instructions = document.createElement("p");
  instructions.textContent = INSTRUCTIONS;
  const buttons = document.createElement("p");
  buttons.className = "buttons";
  const list = Object.assign(document.createElement("a"), { href: listUrl, textContent: "Show list" });
  const cancel = Object.assign(document.createElement("button"), { className: "button", type: "button", textContent: "Cancel" });
  buttons.append(list, cancel);
  bar.append(instructions, buttons);
  text.after(bar);
  return bar;
}
