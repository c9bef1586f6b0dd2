// What is shown as a file: a picture (SVG, PNG), the shapes (GeoJSON), the ledger or the holders (CSV).

const CREDIT = () => data.rights.slice(0, 2).join(" · ");

/** Hand a file to the reader. */
function hand(name, content, type) {
  const link = html("a"), address = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

const fileName = (ending) => "marchland-" + [...new Set(now.mode === "one" ? [now.day] : datesShown())].join("-") + "." + ending;

/** The map's style rules for a picture that stands alone: variables written out, lines as wide on the sheet as they are on screen. */
function pictureStyle(scale) {
  const values = getComputedStyle(document.documentElement);
  const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]);
  const own = rules.filter((rule) => /\.map\.copy|^(?!\.leaflet).*(\.map[ .,]|\.paper|\.edge|\.casing|\.frontier|\.stage-)/.test(rule.selectorText || ""));
  const sized = (text) => text.replace(/(stroke-width|stroke-dasharray): ([^;]+)/g, (_, key, numbers) => key + ": " + numbers.replace(/[\d.]+/g, (n) => Number(n) * scale));
  const lines = own.map((rule) => (/text|dot|star|swatch/.test(rule.selectorText) ? rule.cssText : sized(rule.cssText)));
  return lines.join("\n").replace(/vector-effect: [^;]+;/g, "").replace(/var\((--[\w-]+)\)/g, (_, name) => values.getPropertyValue(name).trim());
}

/** The picture on screen as the text of an SVG document, and its size: what is in sight, with title, date, and credit underneath. */
function picture(drawing, view, shownOn) {
  const [left, top, wide, high] = view, scale = wide / 1600, foot = 46 * scale;
  const copy = drawing.root.cloneNode(true);
  for (const [key, value] of Object.entries({ xmlns: SVG, class: "map copy mode-" + now.mode, viewBox: `${left} ${top} ${wide} ${high + foot}`, width: 1600, height: Math.round((high + foot) / scale) })) copy.setAttribute(key, value);
  for (const key of ["aria-hidden", "style", "preserveAspectRatio"]) copy.removeAttribute(key);
  copy.setAttribute("font-family", getComputedStyle(document.body).fontFamily);
  const style = svg("style"), title = svg("title"), ground = svg("rect", { class: "page", x: left, y: top, width: wide, height: high + foot });
  style.textContent = pictureStyle(scale);
  title.textContent = byId("heading").textContent + " – " + data.title;
  copy.prepend(title, style, ground);
  scalePatterns(copy.querySelector("defs"), scale);
  for (const mark of copy.querySelectorAll(".event")) mark.setAttribute("transform", mark.getAttribute("transform").replace(/scale\(.*/, `scale(${scale})`));
  const groups = copy.querySelectorAll(".labels"), days = now.mode === "swipe" ? datesShown() : [shownOn, shownOn];
  groups.forEach((group, side) => { if (side || now.mode === "swipe") setLabels(group, days[side], scale, view); });
  svg("rect", { class: "page", x: left, y: top + high, width: wide, height: foot }, copy);
  [[byId("caption-date").textContent, 18], [CREDIT(), 36]].forEach(([text, y]) => {
    const line = svg("g", { transform: `translate(${left + 8 * scale} ${top + high + y * scale}) scale(${scale})` }, copy);
    svg("text", { class: "credit" }, line).textContent = text;
  });
  return { text: new XMLSerializer().serializeToString(copy), width: 1600, height: Math.round((high + foot) / scale) };
}

/** The part of a view that lies on the sheet. */
function onSheet([left, top, wide, high]) {
  const [x, y] = [Math.max(0, left), Math.max(0, top)];
  return [x, y, Math.min(data.size[0], left + wide) - x, Math.min(data.size[1], top + high) - y];
}

/** Draw an SVG document on a canvas and hand it over as PNG. */
function asPng({ text, width, height }, done) {
  const image = new Image();
  image.onload = () => {
    const canvas = html("canvas");
    Object.assign(canvas, { width: 2 * width, height: 2 * height });
    canvas.getContext("2d").drawImage(image, 0, 0, 2 * width, 2 * height);
    canvas.toBlob(done, "image/png");
  };
  image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(text);
}

/** Polygons of a land: rings that run with the land on their left are outlines, the others holes of the least outline around them. */
function polygonsOf(rings, degrees) {
  const doubled = (ring) => ring.slice(1).reduce((sum, [x, y], i) => sum + ring[i][0] * y - x * ring[i][1], 0);
  const closed = rings.map((ring) => {
    const points = runPoints(ring).map(degrees), turn = points.every(([x]) => x > 179.99) ? 360 : 0; // land is cut at ±180°
    return [...points.slice(0, -1), points[0]].map(([x, y]) => [x - turn, y]);
  });
  const outer = closed.filter((ring) => doubled(ring) > 0).map((ring) => [ring]);
  const within = ([x, y], ring) => ring.slice(1).reduce((odd, [c, d], i) => {
    const [a, b] = ring[i];
    return (b > y) !== (d > y) && x < a + ((y - b) * (c - a)) / (d - b) ? !odd : odd;
  }, false);
  for (const hole of closed.filter((ring) => doubled(ring) < 0)) {
    const around = outer.filter(([ring]) => within(hole[0], ring)).sort((a, b) => doubled(a[0]) - doubled(b[0]))[0];
    (around || outer[0])?.push(hole);
  }
  return outer;
}

/** The state shown as GeoJSON (RFC 7946): the lands with their holders, the frontier with its clauses. */
function geojson() {
  const back = inverse(data.projection), { left, top } = data.projection, day = shownDay();
  const degrees = ([x, y]) => back(left + x * data.unit, top - y * data.unit).map((value) => Math.round(value * 1e5) / 1e5);
  const feature = (properties, geometry) => ({ type: "Feature", properties, geometry });
  const held = fillsOn(day);
  const lands = data.lands.map((land, index) => {
    const fill = held[index] < 0 ? { holder: null, status: "undelimited" } : data.fills[held[index]];
    const properties = { territory: land.id, name: land.name, holder: fill.holder, status: fill.status, area_km2: land.area / 100, date: day };
    return feature(properties, { type: "MultiPolygon", coordinates: polygonsOf(land.rings, degrees) });
  });
  const lines = linesOn(day, held).frontier.map(([arc, segment, stage]) => {
    const [by, article, rule, sigma] = data.segments[segment];
    const properties = { instrument: instrumentId(by), article, rule, stage: stage < 4 ? STAGES[stage] : null, sigma_km: sigma, date: day };
    return feature(properties, { type: "LineString", coordinates: pointsOf(arc).map(degrees) });
  });
  const note = "boundaries simplified for display; marchland export has every vertex";
  return JSON.stringify({ type: "FeatureCollection", dataset: data.dataset.join(" "), basis: ["de_jure", "de_facto"][now.basis], note, attribution: data.rights[0], licence: data.rights[2], features: [...lands.filter((land) => land.geometry.coordinates.length), ...lines] });
}

const quote = (value) => (value === null ? "" : /[",\n\r]/.test(value) ? `"${String(value).replace(/"/g, '""')}"` : String(value));
const decimals = (hundredths) => (hundredths === null ? "" : (hundredths / 100).toFixed(2));

/** The ledger as `marchland compare -f csv` writes it, or who held what on the date. */
function csv() {
  const rows = now.mode === "one"
    ? [["territory", "holder", "status", "area_km2", "start", "end", "instrument"], ...data.lands.flatMap((land, index) => {
      const row = tenureOn(histories[index], now.day);
      if (!row) return [];
      const { holder, status } = data.fills[row[2]];
      return [[land.id, holder, status, decimals(land.area), row[0], row[1], row[3] === null ? null : instrumentId(row[3])]];
    })]
    : [["territory", "from", "to", "status_from", "status_to", "area_km2", "sigma_km2", "instruments"], ...compareDates(...datesShown()).rows.map((row) => [
      data.lands[row.land].id, row.from.holder, row.to.holder, row.from.status, row.to.status, decimals(row.area), decimals(row.sigma), row.by.map(instrumentId).join(";"),
    ])];
  return rows.map((row) => row.map(quote).join(",") + "\n").join("");
}

/** Whether the frame this page is in may save files: an opaque origin is a sandbox, which as a rule may not. */
function maySave() {
  if (window === window.parent) return true;
  try { return Boolean(window.localStorage); } catch { return false; }
}

/** Make the buttons work, or say why they do not. */
function saving(drawing, board) {
  if (!maySave()) {
    byId("files").hidden = true;
    byId("files-note").textContent = words.files_sandbox;
    return;
  }
  const drawn = () => picture(drawing, onSheet(viewOf(board.map)), shownDay());
  byId("save-svg").addEventListener("click", () => hand(fileName("svg"), drawn().text, "image/svg+xml"));
  byId("save-png").addEventListener("click", () => asPng(drawn(), (blob) => hand(fileName("png"), blob, "image/png")));
  byId("save-geojson").addEventListener("click", () => hand(fileName("geojson"), geojson(), "application/geo+json"));
  byId("save-csv").addEventListener("click", () => hand(fileName("csv"), csv(), "text/csv"));
}
