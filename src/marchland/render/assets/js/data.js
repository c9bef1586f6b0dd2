// The data of the page and the state it shows. Dates are ISO strings: they compare as they stand.

const data = JSON.parse(document.getElementById("marchland-data").textContent);
const words = data.words;
const byId = (id) => document.getElementById(id);

/** What is shown: dates, how two are compared ("one" is no comparison), basis, readings, what is picked, layers. */
const now = {
  day: data.shown, other: null, mode: "one", side: 1, basis: data.basis,
  read: data.readings.map(() => false), picked: null,
  layers: { places: true, rivers: true, graticule: true, events: false, bands: false, relief: false },
};

/** Fill the blanks of a text. */
function say(text, values) {
  return text.replace(/\{(\w+)\}/g, (blank, key) => (key in values ? values[key] : blank));
}

/** Write an ISO date in words; no Date object, so no time zone and no trouble before 1970. */
function sayDate(iso) {
  const [y, m, d] = iso.split("-").map(Number);
  return say(words.date_form, { y, m, d, month: words.months[m - 1] });
}

const grouped = (whole) => String(whole).replace(/\B(?=(\d{3})+$)/g, words.thousands);

/** Hundredths as a number with two decimals; a minus is a minus, not a hyphen. */
function sayExact(hundredths) {
  const size = Math.abs(hundredths);
  return (hundredths < 0 ? "−" : "") + grouped(Math.floor(size / 100)) + words.decimal + String(size % 100).padStart(2, "0");
}

/** Whole km² in words, halves to the even. */
function sayArea(hundredths) {
  const whole = Math.floor(hundredths / 100), rest = hundredths % 100;
  return grouped(whole + (rest > 50 || (rest === 50 && whole % 2 === 1) ? 1 : 0)) + " " + words.km2;
}

/** Make an element of HTML with text, never markup. */
function html(tag, text, className) {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  if (className) element.className = className;
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

function svg(tag, attributes, parent) {
  const element = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(attributes || {})) element.setAttribute(key, value);
  if (parent) parent.append(element);
  return element;
}

/** Set an attribute only where it changes: a step in time touches nothing else. */
function set(element, name, value) {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}
