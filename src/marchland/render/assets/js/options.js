// The drawer: basis, readings of doubtful clauses, layers, files; and the buttons beside the map.

/** One Tab stop for one or more groups of controls; arrows go from one to the next. */
function rove(...bars) {
  const items = () => bars.flatMap((bar) => [...bar.querySelectorAll("button, input")]).filter((item) => !item.disabled && !item.closest("[hidden]"));
  for (const bar of bars) bar.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key], all = items();
    if (!step || !all.includes(event.target)) return;
    event.preventDefault();
    all[(all.indexOf(event.target) + step + all.length) % all.length].focus();
  });
  const only = (chosen) => bars.forEach((bar) => bar.querySelectorAll("button, input").forEach((item) => { item.tabIndex = item === chosen ? 0 : -1; }));
  for (const bar of bars) bar.addEventListener("focusin", (event) => { if (items().includes(event.target)) only(event.target); });
  only(items()[0] || bars[0].querySelector("button, input"));
}

/** A labelled checkbox or radio button. */
function check(type, name, text, checked, change) {
  const label = html("label", undefined, "check"), input = html("input");
  Object.assign(input, { type, name, checked });
  input.addEventListener("change", () => change(input));
  label.append(input, html("span", text));
  return label;
}

/** What a reading says: for each land it touches, who would have held it, and when. */
function readingText(reading) {
  return reading.lands.map(([land, ...bases]) => {
    const usual = new Set(data.lands[land].history[0]);
    const other = rowsAt(bases[0].filter((row) => !usual.has(row)));
    const held = other.map(([from, to, fill]) => say(words.reading_row, { holder: heldAs(data.fills[fill], from), from: Number(from.slice(0, 4)), to: to ? Number(to.slice(0, 4)) : "" }));
    return data.lands[land].name + words.colon + held.join(words.list);
  }).join("; ");
}

/** Fill the drawer; `again` is called after a change of basis or reading, `relay` after one of layers. */
function drawer(again, relay) {
  const bases = ["de_jure", "de_facto"].map((basis, index) => check("radio", "basis", words.basis_short[basis], now.basis === index, () => { now.basis = index; again(); }));
  byId("bases").append(...bases);
  byId("bases-group").hidden = !data.bases_differ;
  const boxes = data.readings.map((reading, index) => check("checkbox", reading.key, readingText(reading), false, (input) => {
    now.read[index] = input.checked;
    const lands = new Set(reading.lands.map(([land]) => land));
    data.readings.forEach((other, at) => {
      if (at === index || !input.checked || !other.lands.some(([land]) => lands.has(land))) return;
      now.read[at] = false;
      boxes[at].firstChild.checked = false;
    });
    again();
  }));
  byId("readings").append(...boxes);
  byId("readings-group").hidden = !boxes.length;
  const have = { events: data.events.length, places: data.places.length, rivers: data.rivers.length + data.lakes.length, bands: data.segments.length, graticule: 1, relief: data.relief };
  const layers = LAYERS.filter((name) => have[name]).map((name) => check("checkbox", "layer-" + name, words.layer[name], now.layers[name], (input) => { now.layers[name] = input.checked; relay(); }));
  byId("layers").append(...layers);
  rove(byId("drawer"));
  return () => {
    bases.forEach((label, index) => { label.firstChild.checked = now.basis === index; });
    boxes.forEach((label, index) => { label.firstChild.checked = now.read[index]; });
    layers.forEach((label) => { label.firstChild.checked = now.layers[label.firstChild.name.slice(6)]; });
  };
}

/** Zoom, the whole map, full screen. */
function mapButtons(board) {
  const stage = byId("stage"), full = byId("full");
  byId("zoom-in").addEventListener("click", () => { board.setMoved(true); board.map.zoomIn(1); });
  byId("zoom-out").addEventListener("click", () => { board.setMoved(true); board.map.zoomOut(1); });
  byId("whole").addEventListener("click", () => { board.whole(); board.setMoved(true); });
  full.hidden = !document.fullscreenEnabled;
  full.addEventListener("click", () => (document.fullscreenElement ? document.exitFullscreen() : stage.requestFullscreen()));
  document.addEventListener("fullscreenchange", () => {
    const label = document.fullscreenElement ? words.full_leave : words.full;
    full.setAttribute("aria-label", label);
    full.title = label;
  });
  rove(byId("map-buttons"));
}
