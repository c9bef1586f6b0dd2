// The ledger beside the map: what passed from whom to whom, how much, how certainly, by which instruments.

const sayDoubt = (sigma) => (sigma === null ? "" : "± " + sayExact(sigma));

/** Area as a bar with its error as whiskers, of one scale for all. */
function errorBar(area, sigma, most) {
  const wide = 120, at = (value) => (most ? (wide * Math.max(0, value)) / most : 0);
  const box = svg("svg", { class: "bar", viewBox: "0 0 124 12", preserveAspectRatio: "xMinYMid", "aria-hidden": "true" });
  svg("rect", { class: "length", y: 3, width: Math.max(0.5, at(area)), height: 6 }, box);
  if (sigma) {
    const low = at(area - sigma), high = Math.min(wide + 3, at(area + sigma));
    svg("path", { class: "whisker", d: `M${low} 6H${high}M${low} 3v6M${high} 3v6` }, box);
  }
  return box;
}

function numberCell(text) { return html("td", text, "number"); }

function head(text, span) {
  const cell = html("th", text);
  cell.scope = span ? "rowgroup" : "col";
  if (span) cell.colSpan = span;
  return cell;
}

/** From → to, each as it was called on its date. */
const pairName = (pair, change) => holderName(pair.from, change.first) + " → " + holderName(pair.to, change.last);

/** Write the ledger of a comparison. */
function writeLedger(change) {
  byId("ledger-title").textContent = say(words.ledger_title, { first: sayDate(change.first), last: sayDate(change.last) });
  const body = byId("ledger-rows"), most = Math.max(...change.pairs.map((pair) => pair.area + (pair.sigma || 0)), 0);
  body.replaceChildren(...change.pairs.flatMap((pair, index) => pairRows(pair, index, change, most)));
  byId("ledger-none").hidden = change.rows.length > 0;
  byId("ledger-table").hidden = byId("ledger-sums").hidden = byId("ledger-note").hidden = change.rows.length === 0;
  byId("ledger-holders").replaceChildren(...change.holders.flatMap((sum) => {
    const title = html("tr", undefined, "pair"), row = html("tr");
    title.append(head(holderName(sum.holder, change.last), 4));
    row.append(...[sum.gained, sum.lost, sum.gained - sum.lost].map((area) => numberCell(sayExact(area))), numberCell(sayDoubt(sum.sigma)));
    return [title, row];
  }));
  byId("ledger-note").textContent = data.errors ? words.ledger_note : words.ledger_no_errors;
}

function pairRows(pair, index, change, most) {
  const title = html("tr", undefined, "pair"), name = html("th");
  name.scope = "row";
  name.append(swatch(`url(#pair-${index})`, "moved"), html("span", pairName(pair, change)), errorBar(pair.area, pair.sigma, most));
  title.append(name, numberCell(sayExact(pair.area)), numberCell(sayDoubt(pair.sigma)));
  const rows = pair.rows.map((row) => {
    const line = html("tr"), what = html("th");
    what.scope = "row";
    what.append(html("span", data.lands[row.land].name));
    const status = row.from.status === row.to.status && row.to.status === "sovereign" ? [] : [words.status[row.from.status] + " → " + words.status[row.to.status]];
    const by = [...status, row.by.map(instrumentName).join(words.list)].filter(Boolean).join("; ");
    if (by) what.append(html("small", by));
    line.append(what, numberCell(sayExact(row.area)), numberCell(sayDoubt(row.sigma)));
    return line;
  });
  return [title, ...rows];
}
