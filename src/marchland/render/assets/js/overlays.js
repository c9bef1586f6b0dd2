// What can be laid over the map: events, how far off a line may be, relief; and what can be taken off it.

const LAYERS = ["places", "rivers", "graticule", "events", "bands", "relief"];

/** The events between the change before a date and the change after it, as positions. */
function eventsAbout(day) {
  const index = stopBefore(day), from = stops[Math.max(0, index - 1)][0];
  const to = index + 1 < stops.length ? stops[index + 1][0] : "9999";
  return data.events.map((event, i) => i).filter((i) => data.events[i][1] >= from && data.events[i][0] < to);
}

/** Show the layers that are on. */
function layOver(map, shown, scale) {
  for (const name of ["river", "lake", "graticule"]) {
    const wanted = now.layers[name === "graticule" ? "graticule" : "rivers"];
    set(map.root.querySelector("." + name), "display", wanted ? "inline" : "none");
  }
  showRelief(map.relief);
  map.bands.replaceChildren(...(now.layers.bands ? bandsOf(shown.frontier) : []));
  map.events.replaceChildren(...(now.layers.events ? eventsAbout(now.day).map((index) => eventMark(index, scale)) : []));
}

/** The relief is drawn into the page only once it is asked for. */
function showRelief(group) {
  if (now.layers.relief && data.relief && !group.firstChild) {
    const [x, y, width, height] = data.relief.box;
    svg("image", { x, y, width, height, preserveAspectRatio: "none", href: data.relief.image }, group);
  }
  set(group, "display", now.layers.relief ? "inline" : "none");
}

/** One and two σ to either side of each line: strokes as wide as the ground they stand for. */
function bandsOf(frontier) {
  const bySigma = new Map();
  for (const [arc, segment] of frontier) {
    const sigma = data.segments[segment][3];
    if (!bySigma.has(sigma)) bySigma.set(sigma, []);
    bySigma.get(sigma).push(arc);
  }
  return [4, 2].flatMap((times) => [...bySigma].map(([sigma, arcs]) => svg("path", { class: "band", d: arcsPath(arcs), "stroke-width": Math.round((times * sigma * 1000) / data.unit) })));
}

function eventMark(index, scale) {
  const [, , date, title, , x, y] = data.events[index];
  const mark = svg("g", { class: "event", "data-event": index, transform: `translate(${x} ${y}) scale(${scale})` });
  svg("title", {}, mark).textContent = title + words.list + date;
  svg("circle", { class: "target", r: 13 }, mark);
  svg("path", { class: "star", d: "M0-6.5 6.5 0 0 6.5-6.5 0z" }, mark);
  return mark;
}

/** The whole sheet in small with what is in sight, while that is but a part of it. */
function locate(view) {
  const frame = byId("locator"), box = frame.firstChild, [left, top, wide, high] = view, part = (wide * high) / (data.size[0] * data.size[1]);
  frame.hidden = part > 0.45;
  if (part > 0.45) return;
  if (!box.firstChild) {
    box.setAttribute("viewBox", `0 0 ${data.size[0]} ${data.size[1]}`);
    svg("path", { class: "sea", d: linePath(data.frame) + "z" }, box);
    svg("path", { class: "backdrop", d: ringsPath([...data.backdrop, ...data.lands.flatMap((land) => land.rings)]) }, box);
    svg("rect", { class: "sight" }, box);
  }
  for (const [key, value] of Object.entries({ x: left, y: top, width: wide, height: high })) set(box.lastChild, key, String(Math.round(value)));
}

/** The frontier arc within reach of a point of the sheet: its row of `linesOn`, or undefined. */
function lineNear(frontier, [x, y], reach) {
  let best, least = reach;
  for (const row of frontier) {
    const away = distanceTo(row[0], x, y);
    if (away < least) { least = away; best = row; }
  }
  return best;
}
