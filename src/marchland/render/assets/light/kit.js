// The page of the article kit: a slider over dates, or a switch between before, after and change.

const data = JSON.parse(document.getElementById("marchland-data").textContent);
const byId = (id) => document.getElementById(id);
const map = lightMap(byId("map"), data);
document.documentElement.classList.add("live");

function say(texts) {
  for (const [id, words] of Object.entries(texts)) if (byId(id)) byId(id).textContent = words;
}

function show(frame) {
  map.show(frame);
  writeLegend(map, frame, byId("legend-lands"), byId("legend-strokes"));
}

/** Keep what is shown in the address, where the browser lets a page do so. */
function remember(words) {
  try { history.replaceState(null, "", "#" + words); } catch { /* a sandboxed frame has no address to keep */ }
}

const wanted = () => new URLSearchParams(location.hash.slice(1));

// --- a date

function row(cells) {
  const line = document.createElement("tr");
  cells.forEach((words, index) => {
    const cell = document.createElement(index ? "td" : "th");
    if (!index) cell.scope = "row";
    cell.textContent = words;
    line.append(cell);
  });
  return line;
}

function writeAreas(frame) {
  const rows = data.areas[frame], total = rows.reduce((sum, [, area]) => sum + area, 0) || 1;
  const words = data.words;
  byId("areas").replaceChildren(...rows.map(([holder, area]) => row([
    data.holders[holder],
    String(area).replace(/\B(?=(\d{3})+$)/g, words.thousands) + " " + words.km2,
    words.percent.replace("{value}", (100 * area / total).toFixed(1)),
  ])));
}

function timeline() {
  const slider = byId("slider"), stops = data.stops;
  const indexOf = (frame) => stops.filter((stop) => stop <= frame).length - 1;
  const go = (frame, keep) => {
    const day = data.days[frame];
    show(frame);
    slider.value = indexOf(frame);
    slider.setAttribute("aria-valuetext", day.value);
    byId("map").setAttribute("aria-label", day.label);
    document.title = day.title;
    say({ heading: day.heading, force: day.force, note: day.note, caption: day.caption, stop: day.value, "areas-caption": day.areas });
    writeAreas(frame);
    if (keep) remember("date=" + day.day);
  };
  slider.addEventListener("input", () => go(stops[slider.value], true));
  byId("next").addEventListener("click", () => go(stops[Math.min(stops.length - 1, indexOf(map.state.frame) + 1)], true));
  byId("previous").addEventListener("click", () => {
    const index = indexOf(map.state.frame);
    go(stops[stops[index] < map.state.frame ? index : Math.max(0, index - 1)], true);
  });
  const recall = () => {
    const day = wanted().get("date");
    const exact = data.days.findIndex((item) => item.day === day);
    const past = data.days.filter((item) => /^\d{4}-\d\d-\d\d$/.test(day) && item.day <= day).length - 1;
    go(exact >= 0 ? exact : past >= 0 ? stops[Math.max(0, indexOf(past))] : data.shown, false);
  };
  window.addEventListener("hashchange", recall);
  recall();
}

// --- a change

function modes() {
  const names = ["before", "after", "change"], inputs = [...document.querySelectorAll("input[name=mode]")];
  const go = (index, keep) => {
    const said = data.modes[index];
    inputs[index].checked = true;
    show(index);
    byId("map").setAttribute("aria-label", said.label);
    say({ caption: said.caption, "lands-heading": said.lands });
    if (keep) remember("show=" + names[index]);
  };
  inputs.forEach((input, index) => input.addEventListener("change", () => go(index, true)));
  const recall = () => {
    const index = names.indexOf(wanted().get("show"));
    go(index < 0 ? data.shown : index, false);
  };
  window.addEventListener("hashchange", recall);
  recall();
}

if (data.stops) timeline();
else modes();

// --- a printer gets everything; a page around the frame learns how high it is

const details = byId("details");
let opened = false;
window.addEventListener("beforeprint", () => { if (details && !details.open) { details.open = true; opened = true; } });
window.addEventListener("afterprint", () => { if (opened) { details.open = false; opened = false; } });

let told = 0;
function tellHeight() {
  const height = Math.ceil(document.body.getBoundingClientRect().height);
  if (window.parent === window || height === told) return;
  told = height;
  window.parent.postMessage({ type: "marchland:height", height }, "*");
  window.parent.postMessage({ sentinel: "amp", type: "embed-size", height }, "*");
}
new ResizeObserver(() => { map.fit(); }).observe(byId("map"));
new ResizeObserver(tellHeight).observe(document.body);
