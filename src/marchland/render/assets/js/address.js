// What is shown, kept in the address where the browser lets a page do so.

const ISO = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const NAMES = { change: "compare", swipe: "swipe", flicker: "flicker" };

function writeAddress(board) {
  const parts = ["date=" + now.day];
  if (now.mode !== "one") parts.push("with=" + now.other, "mode=" + NAMES[now.mode]);
  if (now.basis !== data.basis) parts.push("basis=" + ["de_jure", "de_facto"][now.basis]);
  data.readings.forEach((reading, index) => { if (now.read[index]) parts.push("reading=" + encodeURIComponent(reading.key)); });
  if (now.picked?.kind === "land") parts.push("land=" + encodeURIComponent(data.lands[now.picked.index].id));
  if (board.isMoved()) {
    const centre = board.map.getCenter();
    parts.push(`view=${board.map.getZoom().toFixed(2)},${Math.round(centre.lng / 1000)},${Math.round(centre.lat / 1000)}`);
  }
  try { history.replaceState(null, "", "#" + parts.join("&")); } catch { /* a sandboxed frame has no address to keep */ }
}

/** Take what the address says; what does not read is left as it is. Returns the land wanted, or -1. */
function readAddress(board, hash) {
  const wanted = new URLSearchParams(hash.slice(1));
  const date = (key, usual) => {
    const day = wanted.get(key) || "";
    return ISO.test(day) && day >= data.first && day <= data.last ? day : usual;
  };
  now.day = date("date", now.day);
  now.other = date("with", now.other);
  const mode = MODES.find((key) => NAMES[key] === wanted.get("mode"));
  now.mode = now.other === null ? "one" : mode || (wanted.has("with") ? "change" : "one");
  const basis = ["de_jure", "de_facto"].indexOf(wanted.get("basis"));
  if (basis >= 0) now.basis = basis;
  const lands = new Set();
  now.read = data.readings.map((reading) => {
    const free = wanted.getAll("reading").includes(reading.key) && !reading.lands.some(([land]) => lands.has(land));
    if (free) reading.lands.forEach(([land]) => lands.add(land));
    return free;
  });
  const view = (wanted.get("view") || "").split(",").map(Number);
  if (view.length === 3 && view.every(Number.isFinite)) {
    board.map.setView([view[2] * 1000, view[1] * 1000], view[0], { animate: false });
    board.setMoved(true);
  }
  return data.lands.findIndex((item) => item.id === wanted.get("land"));
}
