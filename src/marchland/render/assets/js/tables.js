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

/** Write the legend: only what is on the map. */
function writeLegend(shown, day) {
  const lands = shown.fills.map((index) => entry(swatch(data.fills[index].paint, data.fills[index].tint), heldAs(data.fills[index], day)));
  if (data.backdrop.length) lands.push(entry(swatch("none"), words.legend_backdrop));
  byId("legend-lands").replaceChildren(...lands);
  const lines = shown.stages.map((stage) => entry(stroke("frontier stage-" + stage), words.stage[stage]));
  if (shown.limits) lines.push(entry(stroke("limit"), words.legend_limit));
  byId("legend-lines").replaceChildren(...lines);
}

function tableRow(cells, heads) {
  const row = html("tr");
  cells.forEach((text, index) => {
    const cell = html(index < heads ? "th" : "td", text, index >= heads && typeof text === "string" && /^[\d,. ]+( \S+)?$/.test(text) ? "number" : "");
    if (index < heads) cell.scope = "row";
    row.append(cell);
  });
  return row;
}

/** Write the areas by holder and the list of territories. */
function writeTables(day) {
  const areas = areasOn(day), total = areas.reduce((sum, [, area]) => sum + area, 0);
  byId("areas-date").textContent = say(words.table_caption, { date: sayDate(day) });
  const share = (area) => say(words.percent, { value: (100 * area / total).toFixed(1) });
  byId("areas").replaceChildren(...areas.map(([holder, area]) => tableRow([holderName(holder, day), sayArea(area), share(area)], 1)));
  if (byId("lands-details").open) writeLands(day);
}

function writeLands(day) {
  byId("lands").replaceChildren(...data.lands.map((land) => {
    const row = tenureOn(land.history, day);
    if (!row) return tableRow([land.name, "", "", sayArea(land.area), ""], 1);
    const fill = data.fills[row[2]];
    return tableRow([land.name, holderName(fill.holder, day), words.status[fill.status], sayArea(land.area), row[3] || ""], 1);
  }));
}
