// The drawing: a ground, and over it one or (beside a divider) two sides, each the land and lines of a date.

/** Build the map as an SVG element with handles to what changes. */
function drawMap() {
  const [width, height] = data.size;
  const root = svg("svg", { viewBox: `0 0 ${width} ${height}`, class: "map", preserveAspectRatio: "none", "aria-hidden": "true" });
  const defs = svg("defs", {}, root);
  for (const pattern of document.querySelectorAll(".defs pattern")) {
    const copy = pattern.cloneNode(true);
    copy.id = "map-" + pattern.id;
    defs.append(copy);
  }
  const clips = ["early", "late"].map((side) => svg("rect", { width, height }, svg("clipPath", { id: "map-clip-" + side }, defs)));
  const group = (name, parent) => svg("g", { class: name }, parent || root);
  svg("path", { class: "sea", d: linePath(data.frame) + "z" }, root);
  svg("path", { class: "backdrop", d: ringsPath(data.backdrop) }, root);
  const lands = [group("lands"), group("lands")];
  const relief = group("relief");
  svg("path", { class: "graticule", d: data.graticule.map((line) => linePath(line[0])).join("") }, root);
  svg("path", { class: "river", d: data.rivers.map(linePath).join("") }, root);
  svg("path", { class: "lake", d: data.lakes.map((ring) => linePath(ring) + "z").join("") }, root);
  svg("path", { class: "coast", d: data.coast.map(runPath).join("") }, root);
  const bands = group("bands"), lines = [group("lines"), group("lines")];
  const picked = svg("path", { class: "picked" }, root);
  const events = group("events"), labels = [group("labels"), group("labels")];
  return { root, defs, clips, lands, relief, bands, lines, picked, events, labels, sides: [null, null] };
}

/** A side of the drawing, made when first needed: 0 is the earlier date, 1 the later or only one. */
function sideOf(map, index) {
  if (!map.sides[index]) {
    const lines = map.lines[index];
    map.sides[index] = {
      shapes: data.lands.map((land, number) => svg("path", { d: ringsPath(land.rings), "data-land": number }, map.lands[index])),
      limit: svg("path", { class: "limit" }, lines),
      old: svg("path", { class: "frontier old" }, lines),
      casings: STAGES.map(() => svg("path", { class: "casing" }, lines)),
      lines: STAGES.map((stage) => svg("path", { class: "frontier stage-" + stage }, lines)),
    };
  }
  return map.sides[index];
}

/** The paint of a fill on the map, whose patterns are its own copies. */
const mapPaint = (fill) => fill.paint.replace("url(#", "url(#map-");

function paintLand(side, land, fill, tint) {
  set(side.shapes[land], "class", tint);
  set(side.shapes[land], "fill", fill);
  set(side.shapes[land], "stroke", fill); // or the ground shows as a hair between neighbours
}

function paintLines(side, { frontier, limits }) {
  const byStage = STAGES.map((_, stage) => frontier.filter((row) => row[2] === stage).map((row) => row[0]));
  byStage.forEach((arcs, stage) => {
    const path = arcsPath(arcs);
    set(side.casings[stage], "d", path);
    set(side.lines[stage], "d", path);
  });
  set(side.limit, "d", arcsPath(limits));
  return { stages: STAGES.filter((_, stage) => byStage[stage].length), limits: limits.length > 0 };
}

/** Colour a side as of a date; return what a legend has to explain. */
function colour(side, day) {
  const held = fillsOn(day), lines = linesOn(day, held), used = new Set();
  held.forEach((fill, land) => {
    paintLand(side, land, fill < 0 ? "none" : mapPaint(data.fills[fill]), fill < 0 ? "" : data.fills[fill].tint);
    if (fill >= 0 && data.lands[land].rings.length) used.add(fill);
  });
  set(side.old, "d", "");
  return { ...paintLines(side, lines), day, fills: [...used].sort((a, b) => a - b), frontier: lines.frontier };
}

/** Colour a side as what changed: moved land in stripes of its old holder on its new one's colour, the rest set back. */
function colourChange(map, side, change) {
  const [first, last] = change.dates, moved = new Map();
  change.pairs.forEach((pair, index) => {
    const id = pairPattern(map.defs, pair, index, "map-pair-");
    pairPattern(document.querySelector(".defs defs"), pair, index, "pair-");
    pair.rows.forEach((row) => moved.set(row.land, `url(#${id})`));
  });
  last.held.forEach((fill, land) => {
    if (moved.has(land)) paintLand(side, land, moved.get(land), "moved");
    else paintLand(side, land, fill < 0 ? "none" : mapPaint(data.fills[fill]), fill < 0 ? "" : "still");
  });
  const lines = linesOn(last.day, last.held);
  set(side.old, "d", arcsPath(linesOn(first.day, first.held).frontier.map((row) => row[0])));
  return { ...paintLines(side, lines), day: last.day, fills: [], frontier: lines.frontier, change };
}

const PAIR_TURNS = [45, 135, 0, 90, 20, 110, 70, 160];

/** A pattern for land that passed between two holders: the new one's colours as ground, the old one's as stripes. */
function pairPattern(defs, { from, to }, index, prefix) {
  const id = prefix + index, turn = PAIR_TURNS[index % PAIR_TURNS.length];
  const old = defs.querySelector("#" + id);
  if (old) old.remove();
  const pattern = svg("pattern", { id, patternUnits: "userSpaceOnUse", width: 14, height: 14, patternTransform: `rotate(${turn})`, "data-turn": turn }, defs);
  const ground = coloursOf(to), stripes = coloursOf(from);
  svg("rect", { class: "paper", width: 14, height: 14 }, pattern);
  ground.forEach((fill, i) => svg("rect", { x: (14 * i) / ground.length, width: 14 / ground.length, height: 14, fill }, pattern));
  svg("rect", { class: "edge", x: 4, width: 5, height: 14 }, pattern);
  (stripes.length ? stripes : [data.nobody]).forEach((fill, i, all) => svg("rect", { x: 4.8 + (3.4 * i) / all.length, width: 3.4 / all.length, height: 14, fill }, pattern));
  return id;
}

/** Colours of a holder, one for each who holds in common. */
function coloursOf(holder) {
  if (holder === null) return [];
  const plain = data.fills.find((fill) => fill.holder === holder);
  const known = plain ? plain.colours : [];
  const single = (id) => data.fills.find((fill) => fill.holder === id)?.colours[0] || data.nobody;
  return holder.includes("+") ? holder.split("+").map(single) : known;
}
