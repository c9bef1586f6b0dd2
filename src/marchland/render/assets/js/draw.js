// The drawing: every path is made of the same arcs, told apart by class; a step in time changes only what it must.

const SVG = "http://www.w3.org/2000/svg";

function svg(tag, attributes, parent) {
  const element = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(attributes || {})) element.setAttribute(key, value);
  if (parent) parent.append(element);
  return element;
}

/** Path data of one line [x, y, dx, dy, …]. */
function linePath(line) {
  return "M" + line[0] + " " + line[1] + (line.length > 2 ? "l" + line.slice(2).join(" ") : "");
}

const ends = data.arcs.map((line) => {
  let x = line[0], y = line[1];
  for (let i = 2; i < line.length; i += 2) { x += line[i]; y += line[i + 1]; }
  return [line[0] + " " + line[1], x + " " + y];
});
const steps = data.arcs.map((line) => line.slice(2).join(" "));
const back = [];

/** The steps of an arc walked backwards, made when first needed. */
function stepsBack(arc) {
  if (back[arc] === undefined) {
    const line = data.arcs[arc], turned = [];
    for (let i = line.length - 2; i >= 2; i -= 2) turned.push(-line[i], -line[i + 1]);
    back[arc] = turned.join(" ");
  }
  return back[arc];
}

/** Path data of a run of arcs (~i is arc i walked backwards). */
function runPath(run) {
  const first = run[0];
  let path = "M" + (first >= 0 ? ends[first][0] : ends[~first][1]);
  for (const arc of run) {
    const more = arc >= 0 ? steps[arc] : stepsBack(~arc);
    if (more) path += "l" + more;
  }
  return path;
}

const ringsPath = (rings) => rings.map((ring) => runPath(ring) + "z").join("");

/** Join arcs into the longest runs, so that dashes do not start afresh at every joint. */
function joinArcs(arcs) {
  const at = new Map();
  const meet = (node, way) => (at.has(node) ? at.get(node).push(way) : at.set(node, [way]));
  for (const arc of arcs) { meet(ends[arc][0], arc); meet(ends[arc][1], ~arc); }
  const end = (way) => (way >= 0 ? ends[way][1] : ends[~way][0]);
  const used = new Set(), runs = [];
  const follow = (way) => {
    const run = [];
    for (let next = way; next !== undefined;) {
      used.add(next >= 0 ? next : ~next);
      run.push(next);
      const ways = at.get(end(next));
      next = ways.length === 2 ? ways.find((w) => !used.has(w >= 0 ? w : ~w)) : undefined;
    }
    runs.push(run);
  };
  for (const ways of at.values()) if (ways.length !== 2) for (const way of ways) if (!used.has(way >= 0 ? way : ~way)) follow(way);
  for (const arc of arcs) if (!used.has(arc)) follow(arc);
  return runs;
}

const STAGES = ["demarcated", "delimited", "allocated", "administered", "none"];

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
  svg("path", { class: "sea", d: linePath(data.frame) + "z" }, root);
  svg("path", { class: "backdrop", d: ringsPath(data.backdrop) }, root);
  const lands = svg("g", { class: "lands" }, root);
  const shapes = data.lands.map((land, index) => svg("path", { d: ringsPath(land.rings), "data-land": index }, lands));
  svg("path", { class: "graticule", d: data.graticule.map((line) => linePath(line[0])).join("") }, root);
  svg("path", { class: "river", d: data.rivers.map(linePath).join("") }, root);
  svg("path", { class: "lake", d: data.lakes.map((ring) => linePath(ring) + "z").join("") }, root);
  svg("path", { class: "coast", d: data.coast.map(runPath).join("") }, root);
  const limit = svg("path", { class: "limit" }, root);
  const casings = STAGES.map(() => svg("path", { class: "casing" }, root));
  const lines = STAGES.map((stage) => svg("path", { class: "frontier stage-" + stage }, root));
  const picked = svg("path", { class: "picked" }, root);
  const labels = svg("g", { class: "labels" }, root);
  return { root, defs, shapes, limit, casings, lines, picked, labels };
}

/** The paint of a fill on the map, whose patterns are its own copies. */
const mapPaint = (fill) => fill.paint.replace("url(#", "url(#map-");

function set(element, name, value) {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

/** Colour the map as of a date; return the fills and stages then in use. */
function colour(map, day) {
  const inUse = new Set();
  const held = data.lands.map((land, index) => {
    const row = tenureOn(land.history, day);
    set(map.shapes[index], "class", row ? data.fills[row[2]].tint : "");
    set(map.shapes[index], "fill", row ? mapPaint(data.fills[row[2]]) : "none");
    if (row) inUse.add(row[2]);
    return row ? row[2] : -1;
  });
  const byStage = STAGES.map(() => []), limits = [];
  for (const [arc, left, right, carried] of data.borders) {
    const now = lastBegun(carried, day);
    if (now && now[1] >= 0) byStage[now[2]].push(arc);
    else if ((held[left] ?? -1) !== (held[right] ?? -1)) limits.push(arc);
  }
  byStage.forEach((arcs, stage) => {
    const path = joinArcs(arcs).map(runPath).join("");
    set(map.casings[stage], "d", path);
    set(map.lines[stage], "d", path);
  });
  set(map.limit, "d", joinArcs(limits).map(runPath).join(""));
  return { fills: [...inUse].sort((a, b) => a - b), stages: STAGES.filter((_, i) => byStage[i].length), limits: limits.length > 0 };
}
