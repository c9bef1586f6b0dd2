// The drawing on Leaflet: metres on a plane, no tiles. The wheel scrolls the page until the map is asked for.

const METRES = data.unit;
const sheetBounds = [[0, 0], [data.size[1] * METRES, data.size[0] * METRES]];

/** Put the drawing on the map that folium made; `picks` is called with the position of the land clicked. */
function chart(drawing, picks) {
  const map = window.map_frontier;
  const box = map.getContainer();
  box.setAttribute("role", "application");
  box.setAttribute("aria-label", words.map_label);
  L.control.zoom({ zoomInTitle: words.zoom_in, zoomOutTitle: words.zoom_out }).addTo(map);
  L.control.scale({ imperial: false, maxWidth: 110 }).addTo(map);
  const overlay = L.svgOverlay(drawing.root, sheetBounds, { interactive: true }).addTo(map);
  let moved = false, fitting = false;
  const fit = () => {
    fitting = true;
    map.invalidateSize({ pan: false });
    map.setMinZoom(-20);
    const zoom = map.getBoundsZoom(sheetBounds, false);
    map.setView(L.latLngBounds(sheetBounds).getCenter(), zoom, { animate: false });
    map.setMinZoom(zoom - 0.25);
    map.setMaxZoom(zoom + 5.5);
    fitting = false;
  };
  const landAt = (event) => {
    const land = event.originalEvent.target.getAttribute && event.originalEvent.target.getAttribute("data-land");
    return land === null || land === undefined ? null : Number(land);
  };
  overlay.on("click", (event) => { const land = landAt(event); if (land !== null) picks(land); });
  fit();
  map.setMaxBounds(L.latLngBounds(sheetBounds).pad(0.4));
  map.on("dragstart zoomstart keydown", () => { if (!fitting) moved = true; });
  quietWheel(map, box);
  new ResizeObserver(() => {
    if (moved) map.invalidateSize({ animate: false });
    else fit();
  }).observe(box);
  return { map, overlay, landAt, fit, isMoved: () => moved, setMoved: (value) => { moved = value; } };
}

/** Let the page scroll over the map: zoom by wheel with Ctrl or once the map has the focus, drag by one finger not at all. */
function quietWheel(map, box) {
  map.scrollWheelZoom.disable();
  box.addEventListener("focusin", () => map.scrollWheelZoom.enable());
  box.addEventListener("focusout", () => map.scrollWheelZoom.disable());
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && box.contains(document.activeElement)) box.blur();
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

/** Keep patterns at the size they have in the legend. */
function scalePatterns(defs, scale) {
  for (const pattern of defs.children) pattern.setAttribute("patternTransform", `scale(${scale}) rotate(${pattern.dataset.turn})`);
}
