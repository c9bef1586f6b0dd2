// Who held what on a date, on the basis and the readings chosen; the dates of change follow from it.

/** The last row of a history ([from, …], oldest first) that has begun, or undefined. */
function lastBegun(rows, day) {
  let found;
  for (const row of rows) {
    if (row[0] > day) break;
    found = row;
  }
  return found;
}

/** The tenure of a history that covers a date: [from, to, fill, instrument, article, certainty, note]. */
function tenureOn(history, day) {
  const row = lastBegun(history, day);
  return row && (row[1] === null || day < row[1]) ? row : undefined;
}

const rowsAt = (places) => places.map((place) => data.tenures[place]);

/** The rows of each land, and the stops of the slider: [date, instruments in the order of their dates]. */
let histories, stops;

/** Take up the basis and the readings chosen. */
function reread() {
  histories = data.lands.map((land) => rowsAt(land.history[now.basis]));
  data.readings.forEach((reading, index) => {
    if (now.read[index]) for (const [land, ...bases] of reading.lands) histories[land] = rowsAt(bases[now.basis]);
  });
  const days = new Map([[data.first, new Set()]]);
  for (const history of histories) {
    history.forEach((row, index) => {
      if (index && row[2] !== history[index - 1][2] && row[0] >= data.first && row[0] <= data.last && !days.has(row[0])) days.set(row[0], new Set());
    });
  }
  histories.forEach((history, land) => {
    if (!data.lands[land].rings.length) return;
    for (const row of history) if (row[3] !== null && days.has(row[0])) days.get(row[0]).add(row[3]);
  });
  const order = (a, b) => (typeof a === "number" ? a : Infinity) - (typeof b === "number" ? b : Infinity) || (String(a) < String(b) ? -1 : 1);
  stops = [...days].sort((a, b) => (a[0] < b[0] ? -1 : 1)).map(([day, by]) => [day, [...by].sort(order)]);
}

/** Name of an instrument: its position in the data, or an id the data does not describe. */
const instrumentName = (by) => (typeof by === "number" ? data.instruments[by][1] : by);
const instrumentId = (by) => (typeof by === "number" ? data.instruments[by][0] : by);

/** Position of the last stop that is not after a date. */
function stopBefore(day) {
  let found = 0;
  stops.forEach((stop, index) => { if (stop[0] <= day) found = index; });
  return found;
}

/** What made the change of a stop. */
function reason(index) {
  const [day, instruments] = stops[index];
  if (day === data.first) return words.first_stop;
  return instruments.length ? instruments.map(instrumentName).join(words.list) : words.other_change;
}

/** The name of a holder (ids joined by +, or null) on a date. */
function holderName(holder, day) {
  if (holder === null) return words.nobody;
  const name = (id) => {
    const eras = Object.hasOwn(data.holders, id) ? data.holders[id] : [["", id]];
    return (lastBegun(eras, day) || eras[0])[1];
  };
  return Object.hasOwn(data.holders, holder) ? name(holder) : holder.split("+").map(name).join(words.and);
}

/** Holder and, where it is not plain sovereignty, how it is held. */
function heldAs(fill, day) {
  const name = holderName(fill.holder, day);
  const plain = fill.status === "sovereign" || (fill.status === "joint" && Object.hasOwn(data.holders, fill.holder));
  return plain ? name : say(words.holder_status, { holder: name, status: words.status[fill.status] });
}

/** The fill of each land on a date, -1 where it has none. */
const fillsOn = (day) => histories.map((history) => (tenureOn(history, day) || [0, 0, -1])[2]);

/** The areas of a date: [[holder, hundredths of km²], …], largest first, nobody last. */
function areasOn(day) {
  const sums = new Map();
  fillsOn(day).forEach((fill, land) => {
    if (fill < 0) return;
    const holder = data.fills[fill].holder;
    sums.set(holder, (sums.get(holder) || 0) + data.lands[land].area);
  });
  return [...sums].sort((a, b) => (a[0] === null) - (b[0] === null) || b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}
