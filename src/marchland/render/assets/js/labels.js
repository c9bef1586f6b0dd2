// Names on the map: set at one size on screen, foremost first; a name that would touch another is left out until there is room.

const HOLDER = 16, PLACE = 12, TERRITORY = 11.5, DEGREE = 10.5;
const pen = document.createElement("canvas").getContext("2d");
const widths = new Map();

function textWidth(text, size, bold, spacing) {
  const key = size + (bold ? "b" : "") + text;
  if (!widths.has(key)) {
    pen.font = (bold ? "600 " : "") + size + "px " + getComputedStyle(document.body).fontFamily;
    widths.set(key, pen.measureText(text).width + (spacing || 0) * text.length);
  }
  return widths.get(key);
}

/** The names to set on a date, foremost first: [text, kind, x, y, size: hundredths of km² (of land) or rank (of a place)]. */
function namesOn(day) {
  const largest = new Map(), inner = [], held = fillsOn(day);
  data.lands.forEach((land, index) => {
    const holder = held[index] < 0 ? null : data.fills[held[index]].holder;
    if (holder && !holder.includes("+") && land.area > (largest.get(holder)?.area || 0)) largest.set(holder, land);
    if (!holder || land.name !== holderName(holder, day)) inner.push([land.name, "territory", ...land.label, land.area]);
  });
  const states = [...largest].map(([holder, land]) => [holderName(holder, day), "holder", ...land.label, land.area]);
  states.sort((a, b) => b[4] - a[4]);
  inner.sort((a, b) => b[4] - a[4]);
  if (!now.layers.places) return [...states, ...inner];
  const year = Number(day.slice(0, 4));
  const founded = data.places.filter((place) => place[5] <= year);
  const places = founded.map(([text, x, y, rank, feature]) => [text, feature ? "feature" : "place", x, y, rank]);
  const cities = places.filter((place) => place[4] === 1 && place[1] === "place");
  return [...states, ...cities, ...inner, ...places.filter((place) => !cities.includes(place))];
}

/** Holders' names are set in spaced capitals (by the style sheet, so that copied text stays as it is). */
const holderWidth = (text) => textWidth(text.toUpperCase(), HOLDER, true, HOLDER * 0.12);

/** Pixels in a kilometre; sheet units in a pixel are given. */
const fineness = (scale) => 1000 / (scale * data.unit);

/** How many pixels wide land of an area is, if it is about square. */
const spanOf = (size, fine) => Math.sqrt(size) / 10 * fine;

/** Where a name may stand around its point: [dx, dy, anchor, box], in pixels; that of land not beside it, where it would name other land. */
function spots(text, kind, size, fine) {
  if (kind === "degree") {
    const wide = textWidth(text, DEGREE);
    return [size === "below" ? [0, 14, "middle", [-wide / 2, 4, wide, 12]] : [-6, 3, "end", [-wide - 6, -6, wide, 12]]];
  }
  if (kind === "holder" || kind === "territory" || kind === "state") {
    const high = kind === "holder" ? HOLDER : TERRITORY;
    const width = kind === "holder" ? holderWidth(text) : textWidth(text, high, kind === "state", 0);
    const shifts = kind === "territory" ? [[0, 0]] : [[0, 0], [0, -28], [0, 28], [-70, 0], [70, 0], [-70, -28], [-70, 28], [70, -28], [70, 28]];
    const near = spanOf(size, fine) * 0.4;
    return shifts.filter((shift) => shift.every((way) => Math.abs(way) <= near)).map(([x, y]) => [x, y + high * 0.35, "middle", [x - width / 2, y - high * 0.6, width, high * 1.25]]);
  }
  const width = textWidth(text, PLACE), gap = 6, high = PLACE * 1.2;
  return [
    [gap, 4, "start", [-4, -high / 2, width + gap + 6, high]],
    [-gap, 4, "end", [-width - gap - 2, -high / 2, width + gap + 6, high]],
    [0, -7, "middle", [-width / 2, -7 - high, width, high + 11]],
    [0, 16, "middle", [-width / 2, -4, width, high + 9]],
  ];
}

const meets = ([x, y, w, h]) => ([a, b, c, d]) => x < a + c && a < x + w && y < b + d && b < y + h;

/** The names there could be room for at a scale: as `namesOn`, small land and unimportant places left out. */
function namesAt(day, scale, [left, top, wide, high]) {
  const about = wide / 10; // what a short drag brings into sight
  const fine = fineness(scale);
  const least = fine < 0.12 ? 1 : fine < 0.3 ? 2 : 3;
  const chosen = [];
  for (const [text, kind, x, y, size] of namesOn(day)) {
    if (x < left - about || x > left + wide + about || y < top - about || y > top + high + about) continue;
    const span = spanOf(size, fine);
    if (kind === "holder" && span > 20) chosen.push([text, span > holderWidth(text) * 0.6 ? kind : "state", x, y, size]);
    if (kind === "territory" && span > textWidth(text, TERRITORY) * 0.75) chosen.push([text, kind, x, y, size]);
    if (kind === "place" && size <= least) chosen.push([text, kind, x, y, size]);
    if (kind === "feature" && fine > 0.6) chosen.push([text, kind, x, y, size]);
  }
  if (now.layers.graticule) for (const [line, text, side] of data.graticule) chosen.push([text, "degree", line[0], line[1], side]);
  return chosen;
}

/** Set the names in a group; `scale` is sheet units in a pixel, `view` the part of the sheet (x, y, width, height) in sight. */
function setLabels(group, day, scale, view) {
  const names = namesAt(day, scale, view), taken = [], drawn = [];
  // The dots of the first cities are kept free: a name that runs over one would cost that city its own.
  const dots = names.map(([, kind, x, y, size]) => (kind === "place" && size === 1 ? [x / scale - 4, y / scale - 4, 8, 8] : null));
  const [left, top, wide, high] = view.map((value) => value / scale);
  const inside = ([x, y, w, h]) => x >= left && y >= top && x + w <= left + wide && y + h <= top + high;
  names.forEach(([text, kind, x, y, size], index) => {
    const boxed = spots(text, kind, size, fineness(scale)).map((spot) => [spot, [x / scale + spot[3][0], y / scale + spot[3][1], spot[3][2], spot[3][3]]]);
    const free = boxed.filter(([, box]) => !taken.some(meets(box)));
    const clear = free.filter(([, box]) => !dots.some((dot, other) => dot && other !== index && meets(box)(dot)));
    const cut = kind === "place" || kind === "feature" ? undefined : clear[0] || free[0]; // half a place's name is worse than none
    const best = clear.find(([, box]) => inside(box)) || free.find(([, box]) => inside(box)) || cut;
    if (!best) return;
    const [[dx, dy, anchor], box] = best;
    taken.push(box);
    const at = svg("g", { transform: `translate(${x} ${y}) scale(${scale})` });
    if (kind === "place") svg("circle", { class: "dot", r: size === 1 ? 2.8 : 2.2 }, at);
    if (kind === "feature") svg("path", { class: "dot", d: "M0-3.4 3 2H-3z" }, at);
    svg("text", { x: dx, y: dy, "text-anchor": anchor, class: kind }, at).textContent = text;
    drawn.push(at);
  });
  group.replaceChildren(...drawn);
}
