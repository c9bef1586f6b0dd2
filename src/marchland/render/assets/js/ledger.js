// Two dates compared, as `marchland compare` does it: a filter, sums, and the quadratic form of the error bars.

const cells = new Map();
if (data.errors) {
  const { rows, columns, values } = data.errors;
  const put = (a, b, value) => (cells.has(a) ? cells.get(a).push([b, value]) : cells.set(a, [[b, value]]));
  values.forEach((value, i) => {
    put(rows[i], columns[i], value);
    if (rows[i] !== columns[i]) put(columns[i], rows[i], value);
  });
}

/** Position of an arc, [σ km, ℓ km, its number]: the vaguest of the clauses that drew it on one of the dates, where it parts two holders. */
function positionOf([left, right, own, clauses], dates) {
  let found = null;
  if (clauses.length) for (const { day, held } of dates) {
    const holder = (land) => (land < 0 || held[land] < 0 ? "" : data.fills[held[land]].holder);
    if (holder(left) === holder(right)) continue;
    const [, ...position] = lastBegun(clauses, day) || clauses[0];
    if (!found || position[0] > found[0] || (position[0] === found[0] && position[1] > found[1])) found = position;
  }
  return found || own;
}

/** σ in hundredths of km² of a signed sum of lands ([land, sign] by land), null where nothing states any. */
function areaSigma(share, dates) {
  if (!data.errors) return null;
  const weights = new Map();
  for (const arc of data.errors.arcs) {
    const sign = (share.get(arc[0]) || 0) - (share.get(arc[1]) || 0);
    if (!sign) continue;
    const [sigma, , stretch] = positionOf(arc, dates);
    weights.set(stretch, sign * sigma);
  }
  let variance = 0;
  for (const [one, weight] of weights) for (const [other, value] of cells.get(one) || []) variance += weight * (weights.get(other) || 0) * value;
  return Math.round(100 * Math.sqrt(Math.max(variance, 0)));
}

/** Ids in the order of the alphabet, nobody last. */
const byHolder = (a, b) => (a === null) - (b === null) || (a < b ? -1 : a > b ? 1 : 0);

/** Everything that changed between two dates (the first is the earlier): rows, sums by pair and by holder. */
function compareDates(first, last) {
  const dates = [first, last].map((day) => ({ day, held: fillsOn(day) }));
  const none = { holder: null, status: "undelimited" };
  const rows = [];
  data.lands.forEach((land, index) => {
    const [from, to] = dates.map(({ held }) => (held[index] < 0 ? none : data.fills[held[index]]));
    if (from.holder === to.holder && from.status === to.status) return;
    const by = histories[index].filter((row) => row[3] !== null && first < row[0] && row[0] <= last).map((row) => row[3]);
    rows.push({ land: index, from, to, area: land.area, sigma: areaSigma(new Map([[index, 1]]), dates), by: [...new Set(by)] });
  });
  return { first, last, dates, rows, pairs: pairsOf(rows, dates), holders: holdersOf(rows, dates) };
}

/** The rows by the pair of holders, the largest first; a change of status alone is a pair of one holder with itself. */
function pairsOf(rows, dates) {
  const pairs = new Map();
  for (const row of rows) {
    const key = JSON.stringify([row.from.holder, row.to.holder]);
    if (!pairs.has(key)) pairs.set(key, { from: row.from.holder, to: row.to.holder, rows: [] });
    pairs.get(key).rows.push(row);
  }
  const found = [...pairs.values()];
  for (const pair of found) {
    pair.rows = [...pair.rows].sort((a, b) => b.area - a.area);
    pair.area = pair.rows.reduce((sum, row) => sum + row.area, 0);
    pair.sigma = areaSigma(new Map(pair.rows.map((row) => [row.land, 1])), dates);
  }
  return found.sort((a, b) => b.area - a.area || byHolder(a.from, b.from) || byHolder(a.to, b.to));
}

/** Gain, loss and net change of each holder that had any. */
function holdersOf(rows, dates) {
  const sums = new Map();
  const add = (holder, land, area, sign) => {
    if (!sums.has(holder)) sums.set(holder, { holder, gained: 0, lost: 0, share: new Map() });
    const sum = sums.get(holder);
    sum[sign > 0 ? "gained" : "lost"] += area;
    sum.share.set(land, sign);
  };
  for (const { land, from, to, area } of rows) {
    if (from.holder === to.holder) continue;
    add(to.holder, land, area, 1);
    add(from.holder, land, area, -1);
  }
  const found = [...sums.values()].sort((a, b) => byHolder(a.holder, b.holder));
  for (const sum of found) sum.sigma = areaSigma(sum.share, dates);
  return found;
}
