// Everything together: one state (date, territory, view), shown by the page and kept in the address.

const now = { day: data.shown, land: null };
const drawing = drawMap();
document.documentElement.classList.add("live");
const stage = byId("stage");
const board = chart(drawing, (land) => choose(land, true));

function relabel() {
  const scale = unitsPerPixel(board.map);
  scalePatterns(drawing.defs, scale);
  setLabels(drawing.labels, now.day, scale, viewOf(board.map));
}

/** Show a date. */
function show(day) {
  now.day = day;
  const shown = colour(drawing, day);
  setLabels(drawing.labels, day, unitsPerPixel(board.map), viewOf(board.map));
  writeHeading(day);
  writeStop(day);
  writeLegend(shown, day);
  writeTables(day);
  if (now.land !== null) writePanel(data.lands[now.land], day);
  remember();
}

/** Open the history of a land, or (null) close it. */
function choose(land, byPointer) {
  const panel = byId("panel"), before = document.activeElement;
  now.land = land;
  byId("choose").value = land === null ? "" : String(land);
  set(drawing.picked, "d", land === null ? "" : ringsPath(data.lands[land].rings));
  stage.classList.toggle("open", land !== null);
  if (land === null) {
    const inside = panel.contains(before);
    panel.hidden = true;
    if (inside) (now.opener && now.opener.isConnected ? now.opener : board.map.getContainer()).focus({ preventScroll: true });
  } else {
    if (panel.hidden) now.opener = byPointer ? board.map.getContainer() : before;
    writePanel(data.lands[land], now.day).hidden = false;
    panel.scrollTop = 0;
    if (byPointer) byId("panel-title").focus({ preventScroll: true });
  }
  remember();
}

/** Keep date, territory and view in the address, where the browser lets a page do so. */
function remember() {
  clearTimeout(now.timer);
  now.timer = setTimeout(writeAddress, 120);
}

function writeAddress() {
  const parts = ["date=" + now.day];
  if (now.land !== null) parts.push("land=" + encodeURIComponent(data.lands[now.land].id));
  if (board.isMoved()) {
    const centre = board.map.getCenter();
    parts.push(`view=${board.map.getZoom().toFixed(2)},${Math.round(centre.lng / 1000)},${Math.round(centre.lat / 1000)}`);
  }
  try { history.replaceState(null, "", "#" + parts.join("&")); } catch { /* a sandboxed frame has no address to keep */ }
}

/** Take date, territory and view from the address; what does not read is left as it is. */
function recall() {
  const wanted = new URLSearchParams(location.hash.slice(1));
  const day = wanted.get("date");
  if (/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/.test(day || "") && day >= data.first && day <= data.last) now.day = day;
  const view = (wanted.get("view") || "").split(",").map(Number);
  if (view.length === 3 && view.every(Number.isFinite)) {
    board.map.setView([view[2] * 1000, view[1] * 1000], view[0], { animate: false });
    board.setMoved(true);
  }
  const land = data.lands.findIndex((item) => item.id === wanted.get("land"));
  show(now.day);
  choose(land < 0 ? null : land, false);
}

/** A printer gets the date on screen: the still picture takes over the drawing. */
function toPrint() {
  const still = document.querySelector("svg.static"), copy = drawing.root.cloneNode(true);
  still.classList.add("copy");
  still.setAttribute("viewBox", copy.getAttribute("viewBox"));
  still.replaceChildren(...copy.childNodes);
  const defs = still.querySelector("defs"), scale = data.size[0] / 1000;
  for (const pattern of defs.children) pattern.id = "print-" + pattern.id;
  for (const shape of still.querySelectorAll(".lands path")) {
    shape.setAttribute("fill", shape.getAttribute("fill").replace("url(#", "url(#print-"));
  }
  scalePatterns(defs, scale);
  setLabels(still.querySelector(".labels"), now.day, scale, [0, 0, ...data.size]);
}

function readout(event) {
  const land = board.landAt(event);
  const row = land === null ? undefined : tenureOn(data.lands[land].history, now.day);
  byId("readout").textContent = land === null ? "" : data.lands[land].name + (row ? words.colon + heldAs(data.fills[row[2]], now.day) : "");
}

timeline(show);
relabel();
recall();
board.map.on("zoomend moveend resize", () => { relabel(); remember(); });
board.overlay.on("mousemove", readout);
board.overlay.on("mouseout", () => { byId("readout").textContent = ""; });
byId("choose").addEventListener("change", (event) => choose(event.target.value === "" ? null : Number(event.target.value), false));
byId("panel-close").addEventListener("click", () => choose(null, false));
byId("lands-details").addEventListener("toggle", () => writeLands(now.day));
document.addEventListener("keydown", (event) => { if (event.key === "Escape" && now.land !== null) choose(null, false); });
window.addEventListener("hashchange", recall);
window.addEventListener("beforeprint", toPrint);
matchMedia("print").addEventListener("change", (event) => { if (event.matches) toPrint(); });
