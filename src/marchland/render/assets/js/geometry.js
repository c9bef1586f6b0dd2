// Lines are made of shared arcs; a run is a list of them (~i is arc i walked backwards).

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

/** Path data of a run of arcs. */
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
const arcsPath = (arcs) => joinArcs(arcs).map(runPath).join("");

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

/** The points of an arc. */
function pointsOf(arc) {
  const line = data.arcs[arc], points = [[line[0], line[1]]];
  for (let i = 2; i < line.length; i += 2) {
    const [x, y] = points[points.length - 1];
    points.push([x + line[i], y + line[i + 1]]);
  }
  return points;
}

/** The points of a run, the joints once. */
function runPoints(run) {
  return run.flatMap((way, index) => {
    const points = way >= 0 ? pointsOf(way) : pointsOf(~way).reverse();
    return index ? points.slice(1) : points;
  });
}

/** Left, top, right, bottom of arcs. */
function boxOf(arcs) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const arc of arcs) for (const [x, y] of pointsOf(arc)) {
    box[0] = Math.min(box[0], x);
    box[1] = Math.min(box[1], y);
    box[2] = Math.max(box[2], x);
    box[3] = Math.max(box[3], y);
  }
  return box;
}

/** Distance of a point from the line of an arc, in sheet units. */
function distanceTo(arc, x, y) {
  const points = pointsOf(arc);
  let least = Infinity;
  for (let i = 1; i < points.length; i += 1) {
    const [[a, b], [c, d]] = [points[i - 1], points[i]];
    const long = (c - a) ** 2 + (d - b) ** 2;
    const t = long ? Math.max(0, Math.min(1, ((x - a) * (c - a) + (y - b) * (d - b)) / long)) : 0;
    least = Math.min(least, Math.hypot(x - a - t * (c - a), y - b - t * (d - b)));
  }
  return least;
}
