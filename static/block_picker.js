// Removing a part of an article by clicking it. The page /article/{id}/blocks lists all parts, each with a form. This
// script finds them in the article by their text, so that a click, or Enter on the focused part, sends its form.

const lettersAndDigits = (text) => text.replace(/[^\p{L}\p{N}]/gu, "");
const PLACEHOLDERS = ".image-pending, .image-missing";
const BLOCKS = "p, h2, h3, h4, h5, h6, li, ul, ol, dl, table, figure, blockquote, pre, details";
const INSTRUCTIONS = "Click the part to remove, or Tab to it and press Enter.";
const NOT_SEPARATE = "That part can’t be selected on its own. The list may have what it belongs to.";

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
    pairs = longestCommonSubsequence(parts, blocks, isSame);
    // A quotation stands for its only paragraph, so nothing inside a matched part counts.
    const matched = pairs.map(([at]) => parts[at].part);
    inside = new Set(matched.filter((part) => matched.some((other) => other !== part && other.contains(part))));
    parts = parts.filter(({ part }) => !inside.has(part));
  }
  const matches = new Map(pairs.map(([at, to]) => [parts[at].part, blocks[to].form]));
  for (let gap = 0; gap <= pairs.length; gap++) {
    const [partFrom, blockFrom] = pairs[gap - 1] ?? [-1, -1];
    const [partTo, blockTo] = pairs[gap] ?? [parts.length, blocks.length];
    const between = blocks.slice(blockFrom + 1, blockTo);
    for (const { part, letters } of parts.slice(partFrom + 1, partTo)) {
      if ([...matches.keys()].some((it) => it.contains(part) || part.contains(it))) continue;
      const related = between.filter((block) => letters.includes(block.letters) || block.letters.includes(letters));
      const longest = related.reduce((best, it) => (best && best.letters.length >= it.letters.length ? best : it), null);
      if (longest) matches.set(part, longest.form);
    }
  }
  return matches;
}

// Returns the pairs of indexes of a longest common subsequence of two lists.
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
