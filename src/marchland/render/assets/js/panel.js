// What was picked: who held a land and when, the clause of a line, an event, a place.

const sourcesText = (numbers) => (numbers.length ? say(words.cited, { sources: numbers.map((n) => data.sources[n]).join("; ") }) : "");

/** An instrument with its article, as the language writes it. */
function byArticle(by, article) {
  const instrument = instrumentName(by);
  if (!article) return instrument;
  const numbered = article.match(/^(?:\d+|[IVX]+(?!\p{L}))(?:[-–、]\d+)*/u);
  if (!numbered) return say(words.loose_clause, { instrument, article });
  return say(words.article, { instrument, article: numbered[0] }) + article.slice(numbered[0].length);
}

/** Title, meta, and rows (each a list item) of what is picked. */
function record(picked) {
  const makers = { land: landRecord, line: lineRecord, event: eventRecord };
  return makers[picked.kind](picked.index);
}

function landRecord(index) {
  const land = data.lands[index], current = tenureOn(histories[index], now.day);
  const meta = [words.area + words.colon + sayArea(land.area), land.note].filter(Boolean);
  return [land.name, meta.join(" · "), histories[index].map((row) => tenureItem(row, row === current))];
}

function tenureItem(row, isNow) {
  const [from, to, fill, by, article, certainty, note] = row;
  const item = html("li");
  const start = from <= data.first ? words.start_of_record : sayDate(from);
  item.append(html("div", start + " – " + (to === null ? words.today : sayDate(to)), "span"));
  item.append(html("div", heldAs(data.fills[fill], isNow ? now.day : from), "who"));
  if (by !== null || data.instruments.length) item.append(html("div", by === null ? words.no_instrument : byArticle(by, article)));
  const doubt = [words.certainty[certainty], note].filter(Boolean).join("; ");
  if (doubt) item.append(html("div", doubt, "doubt"));
  const cited = typeof by === "number" ? sourcesText(data.instruments[by][3]) : "";
  if (cited) item.append(html("div", cited, "cited"));
  if (isNow) {
    item.setAttribute("aria-current", "true");
    item.append(html("div", words.current, "now"));
  }
  return item;
}

/** The clause of a line on the date shown, and those that drew the same stretch at other times. */
function lineRecord(index) {
  const [by, article, rule, sigma, from, to, feature, note, sources] = data.segments[index];
  const clause = clausesOn(shownDay()).find((row) => row[0] === index);
  const facts = [
    [words.line_ends, say(words.from_to, { from, to })], [words.line_rule, words.rule[rule] || rule], [words.line_feature, feature],
    [words.line_stage, clause ? words.stage[STAGES[clause[1]]] : ""],
    [words.line_sigma, say(words.km, { value: sayNumber(sigma) })],
    [words.line_length, clause ? say(words.km, { value: sayNumber(Math.round(clause[2])) }) : ""],
  ];
  const items = facts.filter(([, value]) => value).map(([name, value]) => {
    const item = html("li");
    item.append(html("div", name, "span"), html("div", value));
    return item;
  });
  const more = [note, sourcesText(sources.length ? sources : data.instruments[by][3])].filter(Boolean);
  for (const text of more) items.push(html("li", text, "cited"));
  return [byArticle(by, article), words.line_kind, items];
}

const sayNumber = (value) => (Number.isInteger(value) ? grouped(value) : String(value).replace(".", words.decimal));

function eventRecord(index) {
  const [, , date, title, text, , , sources] = data.events[index];
  return [title, date, [text, sourcesText(sources)].filter(Boolean).map((part, number) => html("li", part, number ? "cited" : ""))];
}

/** Fill the panel with what is picked. */
function writePanel() {
  const [title, meta, items] = record(now.picked);
  byId("panel-title").textContent = title;
  byId("panel-meta").textContent = meta;
  byId("panel-rows").replaceChildren(...items);
}

/** The arcs of what is picked, as path data for its outline. */
function pickedPath() {
  if (!now.picked) return "";
  if (now.picked.kind === "land") return ringsPath(data.lands[now.picked.index].rings);
  if (now.picked.kind !== "line") return "";
  return arcsPath(linesOn(shownDay(), fillsOn(shownDay())).frontier.filter((row) => row[1] === now.picked.index).map((row) => row[0]));
}
