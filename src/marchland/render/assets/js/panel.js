// Who held this, when, by which article.

/** Fill the panel with the history of a land, the row of the date marked. */
function writePanel(land, day) {
  const panel = byId("panel");
  byId("panel-title").textContent = land.name;
  const meta = [say("{a}{colon}{area}", { a: words.area, colon: words.colon, area: sayArea(land.area) })];
  if (land.note) meta.push(land.note);
  byId("panel-meta").textContent = meta.join(" · ");
  const now = tenureOn(land.history, day);
  byId("panel-rows").replaceChildren(...land.history.map((row) => panelRow(row, row === now, day)));
  return panel;
}

function panelRow(row, isNow, day) {
  const [from, to, fill, instrument, article, certainty, note] = row;
  const item = html("li");
  const start = from <= data.first ? words.start_of_record : sayDate(from);
  item.append(html("div", start + " – " + (to === null ? words.today : sayDate(to)), "span"));
  item.append(html("div", heldAs(data.fills[fill], isNow ? day : from), "who"));
  const clause = /^[\dIVX]/.test(article || "") ? words.article : words.loose_clause;
  const by = instrument === null ? words.no_instrument : article ? say(clause, { instrument, article }) : instrument;
  item.append(html("div", by));
  const doubt = [words.certainty[certainty], note].filter(Boolean).join("; ");
  if (doubt) item.append(html("div", doubt, "doubt"));
  if (isNow) {
    item.setAttribute("aria-current", "true");
    item.append(html("div", words.current, "now"));
  }
  return item;
}
