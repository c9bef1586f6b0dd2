// The data of the page, and what it says of a date. Dates are ISO strings: they compare as they stand.

const data = JSON.parse(document.getElementById("marchland-data").textContent);
const words = data.words;

/** Fill the blanks of a text. */
function say(text, values) {
  return text.replace(/\{(\w+)\}/g, (blank, key) => (key in values ? values[key] : blank));
}

/** Write an ISO date in words; no Date object, so no time zone and no trouble before 1970. */
function sayDate(iso) {
  const [y, m, d] = iso.split("-").map(Number);
  return say(words.date_form, { y, m, d, month: words.months[m - 1] });
}

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

/** Position of the last stop that is not after a date. */
function stopBefore(day) {
  let found = 0;
  data.stops.forEach((stop, index) => { if (stop[0] <= day) found = index; });
  return found;
}

/** What made the change of a stop. */
function reason(index) {
  const [day, instruments] = data.stops[index];
  if (day === data.first) return words.first_stop;
  return instruments.length ? instruments.join(words.list) : words.other_change;
}

/** km² in words. */
function sayArea(value) {
  return Math.round(value).toString().replace(/\B(?=(\d{3})+$)/g, words.thousands) + " " + words.km2;
}

/** The areas of a date: [[holder, km²], …], largest first, nobody last. */
function areasOn(day) {
  const sums = new Map();
  const add = (history, area) => {
    const row = tenureOn(history, day);
    if (row) sums.set(data.fills[row[2]].holder, (sums.get(data.fills[row[2]].holder) || 0) + area);
  };
  data.lands.forEach((land) => add(land.history, land.area));
  data.areas.forEach(([area, history]) => add(history, area));
  return [...sums].sort((a, b) => (a[0] === null) - (b[0] === null) || b[1] - a[1]);
}

/** Make an element of HTML with text, never markup. */
function html(tag, text, className) {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  if (className) element.className = className;
  return element;
}

const byId = (id) => document.getElementById(id);
