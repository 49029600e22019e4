// Topics that are arranged: j and k move the focus from one to the next. J and K press the buttons that move them; these
// work without this file, as do all others. Uses app.js.
"use strict";

const topicRows = findAll(".topic-row");

function selectRow(step) {
  const at = topicRows.findIndex((row) => row.contains(document.activeElement));
  const next = topicRows[at < 0 ? 0 : at + step];
  if (next) find("a", next).focus();
}
