// Selecting a part to remove by clicking it in the article. The page /article/{id}/blocks lists the parts and the link of
// each; this script finds them in the text by their words, so that a click, or Enter on the focused part, follows its link.

const squeezed = (text) => text.replace(/[^\p{L}\p{N}]/gu, "");
const STANDS = ".picture-waiting, .picture-missing";
const BLOCKS = "p, h2, h3, h4, h5, h6, li, ul, ol, dl, table, figure, blockquote, pre, details";

let end = null; // ends the current selection

export async function point(address, say) {
  end?.();
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${answer.status}`);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const found = [
    ...match([...page.querySelectorAll("[data-kept]:not([data-picture])")]),
    ...pictures([...page.querySelectorAll("[data-picture]")]),
  ];
  if (!found.length) return location.assign(address);
  const article = document.querySelector("article.article");
  const bar = show(article, address);
  for (const { part, href } of found) {
    part.dataset.preview = href;
    part.tabIndex = 0;
    part.setAttribute("aria-describedby", "pointing");
  }
  article.classList.add("pointing");
  const stopped = new AbortController();
  end = () => {
    stopped.abort();
    article.classList.remove("pointing");
    bar.remove();
    for (const { part } of found) {
      delete part.dataset.preview;
      part.removeAttribute("tabindex");
      part.removeAttribute("aria-describedby");
    }
    end = null;
  };
  const text = article.querySelector(".text");
  const choose = (event) => {
    const part = event.target.closest("[data-preview]");
    if (!part) return;
    event.preventDefault(); // a link inside is not followed while pointing
    location.assign(part.dataset.preview);
  };
  text.addEventListener("click", choose, { signal: stopped.signal });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches?.("[data-preview]")) choose(event);
    if (event.key === "Escape") stop(say);
  }, { signal: stopped.signal });
  bar.querySelector("button").addEventListener("click", () => stop(say));
  found[0].part.focus({ preventScroll: true });
  text.scrollIntoView({ block: "start" });
}

function stop(say) {
  end?.();
  say("Cancelled.");
  document.querySelector("[data-point]")?.focus();
}

// Pairs each block with the outermost element that begins with its words, in order.
function match(links) {
  const parts = [...document.querySelectorAll(".text")].flatMap((text) => [...text.querySelectorAll(BLOCKS)]);
  const taken = [];
  let from = 0;
  for (const link of links) {
    const whole = link.dataset.kept;
    const words = squeezed(whole);
    const fits = (part) => {
      const own = squeezed(said(part));
      return words && (whole.endsWith("…") ? own.startsWith(words) : own === words);
    };
    const at = parts.findIndex((part, at) => at >= from && fits(part) && !taken.some((it) => it.part.contains(part)));
    if (at < 0) continue;
    taken.push({ part: parts[at], href: link.getAttribute("href") });
    from = at + 1;
  }
  return taken;
}

// Images without a caption, or their placeholders: in order if all are there, else by description.
function pictures(links) {
  const alone = [...document.querySelectorAll(`.text :is(img, ${STANDS})`)].filter((it) => !said(frame(it)).trim());
  const shows = (it, words) => (it.alt ?? it.textContent).includes(words);
  const picture = (link, at) =>
    alone.length === links.length ? alone[at] : alone.find((it) => shows(it, link.dataset.kept));
  const found = links.map((link, at) => ({ picture: picture(link, at), href: link.getAttribute("href") }));
  return found.filter((it) => it.picture).map(({ picture, href }) => ({ part: frame(picture), href }));
}

const frame = (picture) => picture.closest("figure, p") ?? picture;

// Its text without the placeholders of images.
function said(part) {
  const copy = part.cloneNode(true);
  for (const stand of copy.querySelectorAll(STANDS)) stand.remove();
  return copy.textContent;
}

// The bar with instructions and buttons at the bottom of the screen.
function show(article, address) {
  const bar = document.createElement("div");
  bar.className = "notice pointer-bar";
  bar.id = "pointing";
  bar.setAttribute("role", "status");
  const words = document.createElement("p");
  words.textContent = "Click the part to remove, or Tab to it and press Enter.";
  const ways = document.createElement("p");
  ways.className = "buttons";
  const list = Object.assign(document.createElement("a"), { href: address, textContent: "Show list" });
  const cancel = Object.assign(document.createElement("button"), { className: "button", type: "button", textContent: "Cancel" });
  ways.append(list, cancel);
  bar.append(words, ways);
  article.querySelector(".text").after(bar);
  return bar;
}
