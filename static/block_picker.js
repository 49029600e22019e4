// Removing a part of an article by clicking it. The page /article/{id}/blocks lists all parts, each with a link. This
// script finds them in the article by their text, so that a click, or Enter on the focused part, follows its link.

const lettersAndDigits = (text) => text.replace(/[^\p{L}\p{N}]/gu, "");
const PLACEHOLDERS = ".image-pending, .image-missing";
const BLOCKS = "p, h2, h3, h4, h5, h6, li, ul, ol, dl, table, figure, blockquote, pre, details";

let endPicking = null; // stops picking, if it is going on

export async function pickBlock(listUrl, announce) {
  endPicking?.();
  const response = await fetch(listUrl);
  if (!response.ok) throw new Error(`${response.status}`);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const found = [
    ...matchBlocks([...page.querySelectorAll("[data-block-text]:not([data-image])")]),
    ...matchImages([...page.querySelectorAll("[data-image]")]),
  ];
  if (!found.length) return location.assign(listUrl);
  const article = document.querySelector("article.article");
  const bar = showBar(article, listUrl);
  for (const { part, href } of found) {
    part.dataset.previewUrl = href;
    part.tabIndex = 0;
    part.setAttribute("aria-describedby", "block-picker");
  }
  article.classList.add("picking-block");
  const controller = new AbortController();
  endPicking = () => {
    controller.abort();
    article.classList.remove("picking-block");
    bar.remove();
    for (const { part } of found) {
      delete part.dataset.previewUrl;
      part.removeAttribute("tabindex");
      part.removeAttribute("aria-describedby");
    }
    endPicking = null;
  };
  const text = article.querySelector(".text");
  const choose = (event) => {
    const part = event.target.closest("[data-preview-url]");
    if (!part) return;
    event.preventDefault(); // a link inside the part is not followed
    location.assign(part.dataset.previewUrl);
  };
  text.addEventListener("click", choose, { signal: controller.signal });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches?.("[data-preview-url]")) choose(event);
    if (event.key === "Escape") cancel(announce);
  }, { signal: controller.signal });
  bar.querySelector("button").addEventListener("click", () => cancel(announce));
  found[0].part.focus({ preventScroll: true });
  text.scrollIntoView({ block: "start" });
}

function cancel(announce) {
  endPicking?.();
  announce("Cancelled.");
  document.querySelector("[data-block-picker]")?.focus();
}

// Pairs each block with the outermost element that starts with its text, in order.
function matchBlocks(links) {
  const parts = [...document.querySelectorAll(".text")].flatMap((text) => [...text.querySelectorAll(BLOCKS)]);
  const matches = [];
  let from = 0;
  for (const link of links) {
    const blockText = link.dataset.blockText;
    const expected = lettersAndDigits(blockText);
    const fits = (part) => {
      const own = lettersAndDigits(visibleText(part));
      return expected && (blockText.endsWith("…") ? own.startsWith(expected) : own === expected);
    };
    const at = parts.findIndex((part, at) => at >= from && fits(part) && !matches.some((it) => it.part.contains(part)));
    if (at < 0) continue;
    matches.push({ part: parts[at], href: link.getAttribute("href") });
    from = at + 1;
  }
  return matches;
}

// Images without a caption, or their placeholders: in order if all are there, else by description.
function matchImages(links) {
  const uncaptioned = [...document.querySelectorAll(`.text :is(img, ${PLACEHOLDERS})`)].filter((it) => !visibleText(frame(it)).trim());
  const shows = (it, words) => (it.alt ?? it.textContent).includes(words);
  const image = (link, at) =>
    uncaptioned.length === links.length ? uncaptioned[at] : uncaptioned.find((it) => shows(it, link.dataset.blockText));
  const found = links.map((link, at) => ({ image: image(link, at), href: link.getAttribute("href") }));
  return found.filter((it) => it.image).map(({ image, href }) => ({ part: frame(image), href }));
}

const frame = (image) => image.closest("figure, p") ?? image;

// The text of a part without image placeholders.
function visibleText(part) {
  const copy = part.cloneNode(true);
  for (const placeholder of copy.querySelectorAll(PLACEHOLDERS)) placeholder.remove();
  return copy.textContent;
}

// The bar with instructions and buttons at the bottom of the screen.
function showBar(article, listUrl) {
  const bar = document.createElement("div");
  bar.className = "notice block-picker-bar";
  bar.id = "block-picker";
  bar.setAttribute("role", "status");
  const instructions = document.createElement("p");
  instructions.textContent = "Click the part to remove, or Tab to it and press Enter.";
  const buttons = document.createElement("p");
  buttons.className = "buttons";
  const list = Object.assign(document.createElement("a"), { href: listUrl, textContent: "Show list" });
  const cancel = Object.assign(document.createElement("button"), { className: "button", type: "button", textContent: "Cancel" });
  buttons.append(list, cancel);
  bar.append(instructions, buttons);
  article.querySelector(".text").after(bar);
  return bar;
}
