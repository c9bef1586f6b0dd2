// The drawing on Leaflet: metres on a plane, no tiles. The wheel scrolls the page until the map is asked for.

const METRES = data.unit, DEGREES = 34; // pixels of "48°N" and the gap before it
const sheetBounds = [[0, 0], [data.size[1] * METRES, data.size[0] * METRES]];

/** A corner of the sheet as Leaflet counts: metres up and right. */
const latLng = (x, y) => [(data.size[1] - y) * METRES, x * METRES];

/** Put the drawing on the map that folium made. */
function chart(drawing) {
  const map = window.map_frontier, box = map.getContainer();
  box.setAttribute("role", "application");
  box.setAttribute("aria-label", words.map_label);
  L.control.scale({ imperial: false, maxWidth: 110 }).addTo(map);
  const overlay = L.svgOverlay(drawing.root, sheetBounds, { interactive: true }).addTo(map);
  let moved = false, fitting = false;
  const whole = () => {
    fitting = true;
    map.invalidateSize({ pan: false });
    map.setMinZoom(-20);
    const zoom = map.getBoundsZoom(sheetBounds, false, [2 * roomForDegrees(map.getSize().x), 0]);
    map.setView(L.latLngBounds(sheetBounds).getCenter(), zoom, { animate: false });
    map.setMinZoom(zoom - 0.25);
    map.setMaxZoom(zoom + 9);
    fitting = false;
  };
  whole();
  map.setMaxBounds(L.latLngBounds(sheetBounds).pad(0.4));
  map.on("dragstart zoomstart keydown", () => { if (!fitting) moved = true; });
  quietWheel(map, box);
  const board = { map, overlay, whole, isMoved: () => moved, setMoved: (value) => { moved = value; } };
  new ResizeObserver(() => {
    if (moved) map.invalidateSize({ animate: false });
    else home(board);
  }).observe(box);
  return board;
}

/** Pixels to leave free on either side of the sheet, so that figures of degrees beside it are whole. */
function roomForDegrees(wide) {
  const left = Math.min(...data.graticule.filter(([, , side]) => side === "left").map(([line]) => line[0])) / data.size[0];
  return left < 0.5 ? Math.max(0, (DEGREES - left * wide) / (1 - 2 * left)) : 0;
}

/** Show the whole sheet; on a tall stage, where that would be a thin strip, the height of it about the frontier. */
function home(board) {
  board.whole();
  const { map } = board, size = map.getSize(), tall = byId("stage").clientWidth / size.y < (0.72 * data.size[0]) / data.size[1];
  if (!tall && now.mode !== "change") return;
  const [left, , right] = focusBox(), half = (0.5 * size.x * data.size[1]) / (0.95 * size.y);
  const zoom = map.getZoom() + Math.log2(data.size[0] / (2 * half));
  const middle = Math.max(half, Math.min(data.size[0] - half, (left + right) / 2));
  map.setView(latLng(middle, data.size[1] / 2), zoom, { animate: false });
  board.setMoved(false);
}

/** What matters on the date shown: the land that changed last, else the frontier, else everything. */
function focusBox() {
  const [day] = stops[stopBefore(now.day)], [first, last] = datesShown(), early = fillsOn(first), late = fillsOn(last);
  const fresh = (index) => day !== data.first && histories[index].some((row) => row[0] === day);
  const lands = data.lands.filter((land, index) => (first < last ? early[index] !== late[index] : fresh(index)));
  const arcs = lands.flatMap((land) => land.rings.flat()).map((way) => (way >= 0 ? way : ~way));
  const lines = arcs.length ? arcs : linesOn(now.day, fillsOn(now.day)).frontier.map((row) => row[0]);
  return lines.length ? boxOf(lines) : [0, 0, ...data.size];
}

/** Bring a box of the sheet into sight: close, but not closer than what surrounds it can be told. */
function goTo(board, [left, top, right, bottom]) {
  const wide = Math.max(right - left, bottom - top, 2500);
  const middle = [(left + right) / 2, (top + bottom) / 2];
  const bounds = [latLng(middle[0] - wide, middle[1] + wide * 0.6), latLng(middle[0] + wide, middle[1] - wide * 0.6)];
  board.setMoved(true);
  board.map.fitBounds(bounds, { animate: false });
}

/** Let the page scroll over the map: zoom by wheel with Ctrl or once the map has the focus, drag by one finger not at all. */
function quietWheel(map, box) {
  map.scrollWheelZoom.disable();
  box.addEventListener("focusin", () => map.scrollWheelZoom.enable());
  box.addEventListener("focusout", () => map.scrollWheelZoom.disable());
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && box.contains(document.activeElement)) document.activeElement.blur();
  });
  box.addEventListener("wheel", (event) => {
    if (event.ctrlKey && !map.scrollWheelZoom.enabled()) {
      event.preventDefault();
      map.setZoomAround(map.mouseEventToContainerPoint(event), map.getZoom() - Math.sign(event.deltaY) * 0.5);
    }
  }, { passive: false });
  if (matchMedia("(pointer: coarse)").matches) map.dragging.disable();
}

/** Sheet units in one pixel of the map. */
const unitsPerPixel = (map) => 1 / (METRES * map.options.crs.scale(map.getZoom()));

/** The part of the sheet in sight: x, y, width, height. */
function viewOf(map) {
  const bounds = map.getBounds();
  const left = bounds.getWest() / METRES, top = data.size[1] - bounds.getNorth() / METRES;
  return [left, top, (bounds.getEast() - bounds.getWest()) / METRES, (bounds.getNorth() - bounds.getSouth()) / METRES];
}

/** Where on the sheet an event of the map happened. */
const sheetPoint = (event) => [event.latlng.lng / METRES, data.size[1] - event.latlng.lat / METRES];

/** Keep patterns at the size they have in the legend. */
function scalePatterns(defs, scale) {
  for (const pattern of defs.querySelectorAll("pattern")) pattern.setAttribute("patternTransform", `scale(${scale}) rotate(${pattern.dataset.turn})`);
}
