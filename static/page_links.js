// Choosing a list of links by pointing at one of them: marks those that look like it, and says how many they are. Each link
// is the label of a radio button, so that all works without this script, too. Uses app.js.

"use strict";

const pageLinks = find("[data-page-links]");

function markAlike() {
  const chosen = find("input[name=links]:checked", pageLinks);
  if (!chosen) return;
  const titles = new Set();
  for (const input of findAll("input[name=links]", pageLinks)) {
    const isAlike = input.value === chosen.value;
    input.closest("label").classList.toggle("alike", isAlike);
    if (isAlike) titles.add(input.closest("label").textContent.trim());
  }
  const count = titles.size === 1 ? "1 link looks" : `${titles.size} links look`;
  find("[role=status]", pageLinks).textContent = `${count} like this.`;
  find("#chosen", pageLinks)?.closest("section").remove(); // it was that of another list
}

pageLinks?.addEventListener("change", markAlike);
