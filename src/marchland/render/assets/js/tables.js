// Legend and tables: rewritten for a date, text only.

function swatch(paint, tint) {
  const box = svg("svg", { class: "swatch", viewBox: "0 0 34 18", "aria-hidden": "true" });
  svg("rect", { class: "ground", width: 34, height: 18 }, box);
  svg("rect", { class: tint || "tint", width: 34, height: 18, fill: paint }, box);
  svg("rect", { class: "edge", x: 0.5, y: 0.5, width: 33, height: 17 }, box);
  return box;
}

function stroke(className) {
  const box = svg("svg", { class: "swatch", viewBox: "0 0 34 18", "aria-hidden": "true" });
  if (className !== "limit") svg("path", { class: "casing", d: "M0 9h34" }, box);
  svg("path", { class: className, d: "M0 9h34" }, box);
  return box;
}

function entry(mark, text) {
  const item = html("li");
  item.append(mark, html("span", text));
  return item;
}

const MOST_ENTRIES = 24;

/** Fills by the area they cover on a date. */
function largestFirst(fills, day) {
  const sums = new Map(fills.map((fill) => [fill, 0]));
  fillsOn(day).forEach((fill, land) => { if (sums.has(fill)) sums.set(fill, sums.get(fill) + data.lands[land].area); });
  return [...fills].sort((a, b) => sums.get(b) - sums.get(a));
}

/** Write the legend: only what is on the map; of very many, the first. */
function writeLegend(shown) {
  const { change, day } = shown;
  const fills = shown.fills.length > MOST_ENTRIES ? largestFirst(shown.fills, day) : shown.fills;
  let lands = change
    ? change.pairs.map((pair, index) => entry(swatch(`url(#pair-${index})`, "moved"), pairName(pair, change)))
    : fills.map((index) => entry(swatch(data.fills[index].paint, data.fills[index].tint), heldAs(data.fills[index], day)));
  if (lands.length > MOST_ENTRIES) lands = [...lands.slice(0, MOST_ENTRIES), html("li", say(words.legend_more, { count: lands.length - MOST_ENTRIES }))];
  if (change) lands.push(entry(swatch("none"), words.legend_still));
  if (data.backdrop.length) lands.push(entry(swatch("none"), words.legend_backdrop));
  byId("legend-title").textContent = change ? words.legend_moved : words.legend_land;
  byId("legend-lands").replaceChildren(...lands);
  const lines = shown.stages.map((stage) => entry(stroke("frontier stage-" + stage), words.stage[stage]));
  if (change) lines.push(entry(stroke("frontier old"), say(words.legend_old, { date: sayDate(change.first) })));
  if (shown.limits) lines.push(entry(stroke("limit"), words.legend_limit));
  if (now.layers.bands && shown.frontier.length) lines.push(entry(stroke("band"), words.legend_bands));
  byId("legend-lines").replaceChildren(...lines);
}

/** A row of a table: each cell a text, or [text] for a number. */
function tableRow(cells) {
  const row = html("tr");
  cells.forEach((cell, index) => {
    const element = Array.isArray(cell) ? html("td", cell[0], "number") : html(index ? "td" : "th", cell);
    if (!index) element.scope = "row";
    row.append(element);
  });
  return row;
}

/** Write the areas by holder; the longer tables only while they are open. */
function writeTables() {
  const day = shownDay(), areas = areasOn(day), total = areas.reduce((sum, [, area]) => sum + area, 0) || 1;
  byId("areas-date").textContent = say(words.table_caption, { date: sayDate(day) });
  const share = (area) => say(words.percent, { value: (100 * area / total).toFixed(1) });
  byId("areas").replaceChildren(...areas.map(([holder, area]) => tableRow([holderName(holder, day), [sayArea(area)], [share(area)]])));
  if (byId("lands-details").open) writeLands();
  if (byId("lines-details").open) writeLines();
  byId("lines-details").hidden = !data.segments.length;
}

function writeLands() {
  const day = shownDay();
  byId("lands").replaceChildren(...data.lands.map((land, index) => {
    const row = tenureOn(histories[index], day);
    if (!row) return tableRow([land.name, "", "", [sayArea(land.area)], ""]);
    const fill = data.fills[row[2]];
    return tableRow([land.name, holderName(fill.holder, day), words.status[fill.status], [sayArea(land.area)], row[3] === null ? "" : instrumentName(row[3])]);
  }));
}

function writeLines() {
  byId("lines").replaceChildren(...clausesOn(shownDay()).map(([index, stage, km]) => {
    const [by, article, rule, sigma, from, to] = data.segments[index];
    return tableRow([byArticle(by, article), say(words.from_to, { from, to }), words.rule[rule] || rule, words.stage[STAGES[stage]], [say(words.km, { value: sayNumber(Math.round(km)) })], [say(words.km, { value: sayNumber(sigma) })]]);
  }));
}

/** A wide table is a Tab stop only where it has to be scrolled. */
function scrollers() {
  for (const box of document.querySelectorAll(".scroll")) {
    const fit = () => { if (box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight) box.tabIndex = 0; else box.removeAttribute("tabindex"); };
    const seen = new ResizeObserver(fit);
    seen.observe(box);
    seen.observe(box.firstChild);
  }
}
