// Rows of a list: selecting by key, their buttons, and ticks. Everything works without this file. Uses app.js, which may
// replace the rows.
"use strict";

const findRows = () => findAll("[data-article]");
const headline = (row) => find("h2 a, h3 a", row);

// For j and k in an article that is opened from here. The front page may show an article twice.
function noteList() {
  const urls = new Set(findRows().map((row) => headline(row).pathname + headline(row).search));
  if (urls.size) sessionStorage.setItem("list", JSON.stringify([...urls]));
}

noteList();

// Selects the next row. The focus moves too, so that Enter, screen readers and scrolling follow.
function selectRow(step) {
  const [selected, rows] = [find(".selected"), findRows()];
  const at = rows.indexOf(selected);
  const next = rows[at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step];
  if (!next) return;
  selected?.classList.remove("selected");
  next.classList.add("selected");
  headline(next).focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

// Read, star, keep and archive, in the background. A deleted article leaves the list, so that reloads it.

Object.assign(actions, {
  archive: { message: "Archived.", next: "unarchive", button: "Unarchive" },
  unarchive: { message: "Moved back from the archive.", next: "archive", button: "Archive" },
});

const showInRow = {
  read: (row) => row.classList.remove("unread"),
  unread: (row) => row.classList.add("unread"),
  star: (row) => (row.toggleAttribute("data-starred", true), showInRow.keep(row)),
  unstar: (row) => row.toggleAttribute("data-starred", false),
  keep: (row) => "inStream" in row.dataset && (delete row.dataset.inStream, (row.dataset.kept = "now")),
  stream: (row) => (delete row.dataset.kept, (row.dataset.inStream = "")),
  archive: (row) => row.toggleAttribute("data-archived", true),
  unarchive: (row) => row.toggleAttribute("data-archived", false),
};

document.addEventListener("submit", async (event) => {
  const { submitter } = event;
  const row = submitter?.closest("[data-article]");
  if (!row || !(submitter.value in actions)) return;
  event.preventDefault();
  const { value: action, dataset: { toggle: what } } = submitter;
  if (!(await postAction(action, submitter.getAttribute("formaction")))) return;
  showInRow[action](row);
  updateButtons(what, action, row);
});

// The rows of the front page have no buttons.
async function toggleRow(what) {
  const row = find(".selected");
  if (!row || what === "delete") return;
  // What was kept before has its way back on its own page.
  if (what === "keep" && !("inStream" in row.dataset) && row.dataset.kept !== "now") return;
  const isSet = { read: !row.classList.contains("unread"), star: "starred" in row.dataset, archive: "archived" in row.dataset,
    keep: "kept" in row.dataset };
  const action = isSet[what] ? actions[what].next : what;
  if (await postAction(action, headline(row).pathname + "/action")) showInRow[action](row);
}

// Ticks: a range with Shift, and their number.

const findBoxes = () => findAll(".tick input");
const findScope = () => find("#bulk [name=scope][value=selected]");
let lastTicked = null; // where a range begins

document.addEventListener("click", (event) => {
  const box = event.target.closest?.(".tick input");
  if (!box) return;
  if (event.shiftKey && lastTicked?.isConnected) {
    const boxes = findBoxes();
    const [from, to] = [boxes.indexOf(lastTicked), boxes.indexOf(box)].sort((a, b) => a - b);
    for (const between of boxes.slice(from, to + 1)) between.checked = box.checked;
  }
  lastTicked = box;
  find("details.bulk").open = true;
  findScope().checked = true;
  showTicked();
});

function showTicked() {
  const label = findScope()?.nextElementSibling;
  if (!label) return;
  const count = findBoxes().filter((box) => box.checked).length;
  const words = label.textContent.replace(/ \(\d+\)$/, "");
  label.textContent = count ? `${words} (${count})` : words;
}

showTicked();
