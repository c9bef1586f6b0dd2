// The story: the chapter that is read decides what the map shows. Everything that is told stands in the page.

const data = JSON.parse(document.getElementById("marchland-data").textContent);
const byId = (id) => document.getElementById(id);
const map = lightMap(byId("map"), data);
const sheet = byId("map").parentElement, stage = byId("stage"), links = [...document.querySelectorAll("#nav a")];
const chapters = data.ids.slice(1).map(byId);
const still = matchMedia("(prefers-reduced-motion: reduce)");
const wide = matchMedia("(min-width: 56rem)");
const FLIGHT_MS = 1100, MARK_PX = 9, PIN_PX = 18;
let now = -1, flight = 0;

document.documentElement.classList.add("live");

// --- the view

/** A view grown about its middle to the shape of the sheet, with a little room for what lies over its edge. */
function fitted([left, top, width, height]) {
  const aspect = (sheet.clientWidth || 16) / (sheet.clientHeight || 10);
  const across = Math.max(width, height * aspect) * 1.04, down = across / aspect;
  return [left - (across - width) / 2, top - (down - height) / 2, across, down];
}

/** Fly from box to box: the width changes by ratio and the middle with it, so that the ground seems to pass evenly. */
function fly(to) {
  cancelAnimationFrame(flight);
  const from = map.state.box, target = fitted(to);
  if (still.matches || document.hidden || from.every((side, i) => Math.abs(side - target[i]) < 0.5)) return land(target);
  const start = performance.now(), ratio = target[2] / from[2];
  const middle = (box) => [box[0] + box[2] / 2, box[1] + box[3] / 2];
  const [x0, y0] = middle(from), [x1, y1] = middle(target);
  byId("names").replaceChildren();
  const step = (time) => {
    const share = Math.min(1, (time - start) / FLIGHT_MS), ease = share * share * (3 - 2 * share);
    if (share >= 1) return land(target);
    const width = from[2] * ratio ** ease, height = width * target[3] / target[2];
    const gone = Math.abs(ratio - 1) < 0.02 ? ease : (ratio ** ease - 1) / (ratio - 1);
    const x = x0 + (x1 - x0) * gone, y = y0 + (y1 - y0) * gone;
    map.state.box = [x - width / 2, y - height / 2, width, height];
    map.root.setAttribute("viewBox", map.state.box.map((side) => side.toFixed(1)).join(" "));
    setMarks();
    flight = requestAnimationFrame(step);
  };
  flight = requestAnimationFrame(step);
}

function land(box) {
  map.look(box);
  setMarks();
}

/** Numbered pins where something happened, in the size of the screen. */
function setMarks() {
  const k = map.scale(), group = byId("marks"), rows = [...data.marks[map.state.frame]].reverse();
  if (group.dataset.frame !== String(map.state.frame)) {
    group.dataset.frame = map.state.frame;
    group.replaceChildren();
    for (const [number, , , main] of rows) {
      make("path", {}, group);
      make("circle", { class: main ? "main" : "other" }, group);
      make("text", {}, group).textContent = number;
    }
  }
  rows.forEach(([, x, y, , aside], i) => {
    const [pin, circle, text] = [0, 1, 2].map((part) => group.children[3 * i + part]);
    const across = x + aside * (PIN_PX + 2) * k, head = y - PIN_PX * k;
    set(pin, "d", `M${x} ${y}L${across.toFixed(2)} ${head.toFixed(2)}`);
    for (const [name, value] of [["cx", across], ["cy", head], ["r", MARK_PX * k]]) set(circle, name, value.toPrecision(6));
    for (const [name, value] of [["x", across], ["y", head + 4 * k], ["font-size", 11.5 * k]]) set(text, name, value.toPrecision(6));
  });
}

// --- which chapter

function show(number) {
  if (number === now) return;
  now = number;
  chapters.forEach((chapter, i) => chapter.toggleAttribute("data-now", i + 1 === number));
  links.forEach((link, i) => {
    if (i + 1 === number) link.setAttribute("aria-current", "step");
    else link.removeAttribute("aria-current");
  });
  rove(links, Math.max(0, number - 1));
  const link = links[Math.max(0, number - 1)], nav = byId("nav");
  if (link) nav.scrollTo({ left: link.offsetLeft - nav.clientWidth / 2 + link.offsetWidth / 2, behavior: still.matches ? "auto" : "smooth" });
  byId("previous").disabled = number <= 1;
  byId("next").disabled = number >= chapters.length;
  byId("readout").textContent = data.days[number];
  byId("readout").hidden = !data.days[number];
  map.root.setAttribute("aria-label", data.labels[number]);
  map.show(number);
  fly(data.views[number]);
}

/** Keep the chapter in the address, where the browser lets a page do so. */
function remember(number) {
  const wanted = number ? "#" + data.ids[number] : location.pathname + location.search;
  try { history.replaceState(null, "", wanted); } catch { /* a sandboxed frame has no address to keep */ }
}

/** The last chapter whose head has come up to the reader's eye. */
function reading() {
  const eye = wide.matches ? innerHeight * 0.6 : stage.getBoundingClientRect().bottom + (innerHeight - stage.offsetHeight) * 0.55;
  return chapters.filter((chapter) => chapter.getBoundingClientRect().top < eye).length;
}

let waiting = false;
function follow() {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    const number = reading();
    if (number === now || paper.matches) return;
    show(number);
    remember(number);
  });
}

function go(number) {
  const chapter = chapters[number - 1];
  if (!chapter) return;
  chapter.scrollIntoView({ behavior: still.matches ? "auto" : "smooth", block: "start" });
  chapter.querySelector("h2").focus({ preventScroll: true });
}

// --- keys

function rove(items, index) {
  items.forEach((item, i) => { item.tabIndex = i === index ? 0 : -1; });
}

byId("nav").addEventListener("keydown", (event) => {
  const at = links.indexOf(document.activeElement), last = links.length - 1;
  const moves = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: last };
  if (at < 0 || !(event.key in moves)) return;
  event.preventDefault();
  const to = Math.min(last, Math.max(0, moves[event.key]));
  rove(links, to);
  links[to].focus();
});
byId("nav").addEventListener("click", (event) => {
  const number = links.indexOf(event.target.closest("a")) + 1;
  if (!number) return;
  event.preventDefault();
  go(number);
});
byId("previous").addEventListener("click", () => go(Math.max(1, now - 1)));
byId("next").addEventListener("click", () => go(now + 1));

// On paper the map stands at the head, as it is today, and every chapter has its still.
const paper = matchMedia("print");
function settle() {
  cancelAnimationFrame(flight);
  const number = paper.matches ? 0 : Math.max(0, now);
  if (map.state.frame !== number) map.show(number);
  land(paper.matches ? data.views[0] : fitted(data.views[number]));
}
paper.addEventListener("change", settle);
addEventListener("scroll", follow, { passive: true });
addEventListener("hashchange", () => go(data.ids.indexOf(location.hash.slice(1))));
new ResizeObserver(settle).observe(sheet);
const linked = data.ids.indexOf(location.hash.slice(1));
if (linked > 0) chapters[linked - 1].scrollIntoView({ block: "start" });
show(reading());
