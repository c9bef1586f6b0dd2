// Everything together: one state, shown by the page and kept in the address.

reread();
const drawing = drawMap();
document.documentElement.classList.add("live");
const stage = byId("stage");
const board = chart(drawing);
let shown, share = 0.5, opener = null, timer = 0;
const cut = divider(board.map.getContainer(), (value) => { share = value; cutAt(drawing.clips, viewOf(board.map), share); });

/** Names, patterns and marks keep their size on screen whatever the scale. */
function rescale() {
  const scale = unitsPerPixel(board.map), view = viewOf(board.map);
  scalePatterns(drawing.defs, scale);
  locate(view);
  setLabels(drawing.labels[1], shownDay(), scale, view);
  if (now.mode === "swipe") {
    setLabels(drawing.labels[0], datesShown()[0], scale, view);
    cutAt(drawing.clips, view, share);
  }
  for (const mark of drawing.events.children) mark.setAttribute("transform", mark.getAttribute("transform").replace(/scale\(.*/, `scale(${scale})`));
}

/** Show the state as it is now. */
function show() {
  shown = paint(drawing);
  layOver(drawing, shown, unitsPerPixel(board.map));
  writeModes();
  writeHeading();
  writeStops();
  writeLegend(shown);
  writeTables();
  if (shown.change) writeLedger(shown.change);
  showPanel();
  rescale();
  if (now.mode === "swipe") cut.refresh();
  remember();
}

/** Another basis or reading: other histories, other stops. */
function again() {
  reread();
  writeTicks();
  show();
}

/** The panel has what is picked, or the ledger, or is closed. */
function showPanel() {
  const ledger = now.mode === "change" && !now.picked;
  if (now.picked) writePanel();
  set(drawing.picked, "d", pickedPath());
  byId("record").hidden = !now.picked;
  byId("ledger").hidden = !ledger;
  byId("panel").hidden = !now.picked && !ledger;
  byId("panel").setAttribute("aria-labelledby", now.picked ? "panel-title" : "ledger-title");
  if (ledger) byId("panel").tabIndex = 0; // nothing in it takes the focus, and it may have to be scrolled
  else byId("panel").removeAttribute("tabindex");
  stage.classList.toggle("open", Boolean(now.picked) || ledger);
}

/** Pick a land, a line or an event, or (null) nothing. */
function pick(picked, byPointer) {
  const before = document.activeElement, inside = byId("panel").contains(before);
  if (picked && !now.picked) opener = byPointer ? board.map.getContainer() : before;
  now.picked = picked;
  showPanel();
  byId("panel").scrollTop = 0;
  if (picked && byPointer) byId("panel-title").focus({ preventScroll: true });
  if (!picked && inside) (opener?.isConnected ? opener : board.map.getContainer()).focus({ preventScroll: true });
  remember();
}

function remember() {
  clearTimeout(timer);
  timer = setTimeout(() => writeAddress(board), 120);
}

/** Take up an address; one still to be written for the state before it is dropped. */
function recall(hash) {
  clearTimeout(timer);
  const land = readAddress(board, hash);
  reread();
  now.picked = land < 0 ? null : { kind: "land", index: land };
  refreshDrawer();
  show();
}

/** What of the map an event of the pointer is about: an event's mark, a line within reach, a land. */
function under(event, reach) {
  const target = event.originalEvent.target;
  const mark = target.closest?.("[data-event]");
  if (mark) return { kind: "event", index: Number(mark.getAttribute("data-event")) };
  const line = reach && lineNear(shown.frontier, sheetPoint(event), reach * unitsPerPixel(board.map));
  if (line) return { kind: "line", index: line[1] };
  const land = target.getAttribute?.("data-land");
  return land === null || land === undefined ? null : { kind: "land", index: Number(land) };
}

function readout(event) {
  const found = under(event, 0);
  let text = "";
  if (found?.kind === "event") text = data.events[found.index][3] + words.list + data.events[found.index][2];
  if (found?.kind === "land") {
    const row = tenureOn(histories[found.index], shownDay());
    text = data.lands[found.index].name + (row ? words.colon + heldAs(data.fills[row[2]], shownDay()) : "");
  }
  byId("readout").textContent = text;
}

/** What the search found: a land, a place in one, or the land a holder has most of. */
function found(item) {
  let land = item.index;
  if (item.kind === "place") {
    const [, x, y, , , , within] = data.places[item.index];
    goTo(board, [x, y, x, y]);
    land = within;
  } else {
    if (item.kind === "holder") {
      const held = fillsOn(shownDay()), mine = data.lands.map((_, index) => index).filter((index) => held[index] >= 0 && data.fills[held[index]].holder === item.index);
      land = mine.sort((a, b) => data.lands[b].area - data.lands[a].area)[0] ?? -1;
      if (land < 0) { byId("search-status").textContent = say(words.holds_nothing, { holder: item.name, date: sayDate(shownDay()) }); return; }
    }
    const arcs = data.lands[land].rings.flat().map((way) => (way >= 0 ? way : ~way));
    if (arcs.length) goTo(board, boxOf(arcs));
  }
  if (land >= 0) pick({ kind: "land", index: land }, false);
}

/** A printer gets the state on screen: the still picture takes over the drawing. */
function toPrint() {
  const still = document.querySelector("svg.static"), copy = drawing.root.cloneNode(true);
  still.setAttribute("class", "map static copy mode-" + now.mode);
  still.setAttribute("viewBox", copy.getAttribute("viewBox"));
  still.replaceChildren(...copy.childNodes);
  const defs = still.querySelector("defs"), scale = data.size[0] / 1000;
  for (const item of defs.children) item.id = "print-" + item.id;
  for (const shape of still.querySelectorAll("[fill^='url(#'], [clip-path]")) {
    for (const key of ["fill", "clip-path"]) if (shape.hasAttribute(key)) shape.setAttribute(key, shape.getAttribute(key).replace("url(#", "url(#print-"));
  }
  scalePatterns(defs, scale);
  cutAt(defs.querySelectorAll("clipPath rect"), [0, 0, ...data.size], share);
  for (const mark of still.querySelectorAll(".event")) mark.setAttribute("transform", mark.getAttribute("transform").replace(/scale\(.*/, `scale(${scale})`));
  const days = now.mode === "swipe" ? datesShown() : [shownDay(), shownDay()];
  still.querySelectorAll(".labels").forEach((group, side) => { if (side || now.mode === "swipe") setLabels(group, days[side], scale, [0, 0, ...data.size]); });
}

const refreshDrawer = drawer(again, () => { layOver(drawing, shown, unitsPerPixel(board.map)); writeLegend(shown); rescale(); });
/** Tell the page around a frame how high this one is, for plain frames and for AMP's; it may grow and shrink. */
function tellHeight() {
  const height = Math.ceil(document.body.getBoundingClientRect().height);
  window.parent.postMessage({ type: "marchland:height", height }, "*");
  window.parent.postMessage({ sentinel: "amp", type: "embed-size", height }, "*");
}

timeline(show);
modes(show);
mapButtons(board);
searchField(found);
saving(drawing, board);
scrollers();
home(board);
recall(location.hash);
board.map.on("zoomend moveend resize", () => { rescale(); remember(); });
board.overlay.on("click", (event) => { const target = under(event, 7); if (target) pick(target, true); });
board.overlay.on("mousemove", readout);
board.overlay.on("mouseout", () => { byId("readout").textContent = ""; });
byId("panel-close").addEventListener("click", () => pick(null, false));
byId("options").addEventListener("click", () => {
  const open = byId("drawer").toggleAttribute("hidden");
  byId("options").setAttribute("aria-expanded", String(!open));
});
byId("lands-details").addEventListener("toggle", writeLands);
byId("lines-details").addEventListener("toggle", writeLines);
document.addEventListener("keydown", (event) => { if (event.key === "Escape" && now.picked) pick(null, false); });
window.addEventListener("hashchange", (event) => recall(new URL(event.newURL).hash));
window.addEventListener("beforeprint", toPrint);
if (window !== window.parent) new ResizeObserver(tellHeight).observe(document.body);
matchMedia("print").addEventListener("change", (event) => { if (event.matches) toPrint(); });
