// Two dates: what changed between them, one beside the other at a divider, or one after the other.

const MODES = ["change", "swipe", "flicker"];

/** The dates compared, the earlier first; one date twice where nothing is compared. */
function datesShown() {
  if (now.mode === "one" || now.other === null) return [now.day, now.day];
  return now.day < now.other ? [now.day, now.other] : [now.other, now.day];
}

/** Paint the map in the mode of the moment; return what the legend has to explain. */
function paint(map) {
  const [first, last] = datesShown();
  const two = now.mode === "swipe";
  set(map.root, "class", "map mode-" + now.mode);
  [map.lands[0], map.lines[0], map.labels[0]].forEach((group) => set(group, "display", two ? "inline" : "none"));
  for (const groups of [map.lands, map.lines, map.labels]) {
    groups.forEach((group, side) => (two ? set(group, "clip-path", `url(#map-clip-${side ? "late" : "early"})`) : group.removeAttribute("clip-path")));
  }
  if (now.mode === "change") return colourChange(map, sideOf(map, 1), compareDates(first, last));
  if (two) {
    const early = colour(sideOf(map, 0), first), late = colour(sideOf(map, 1), last);
    return {
      ...late,
      fills: [...new Set([...early.fills, ...late.fills])].sort((a, b) => a - b),
      stages: STAGES.filter((stage) => early.stages.includes(stage) || late.stages.includes(stage)),
      limits: early.limits || late.limits,
    };
  }
  return colour(sideOf(map, 1), shownDay());
}

/** The date whose state is on the map, or on its later side. */
function shownDay() {
  const [first, last] = datesShown();
  return now.mode === "flicker" ? (now.side ? last : first) : now.mode === "one" ? now.day : last;
}

/** The divider of the swipe: drawn in the map, moved by pointer and keys; `moved` is called with its share from the left. */
function divider(box, moved) {
  const bar = byId("divider");
  let share = 0.5;
  const put = (value) => {
    share = Math.max(0, Math.min(1, value));
    const percent = Math.round(100 * share);
    bar.style.left = 100 * share + "%";
    bar.setAttribute("aria-valuenow", percent);
    const [first, last] = datesShown().map(sayDate);
    bar.setAttribute("aria-valuetext", say(words.divider_value, { percent, first, last }));
    moved(share);
  };
  const steps = { ArrowLeft: -0.02, ArrowDown: -0.02, ArrowRight: 0.02, ArrowUp: 0.02, PageDown: -0.1, PageUp: 0.1, Home: -1, End: 1 };
  bar.addEventListener("keydown", (event) => {
    if (!(event.key in steps)) return;
    event.preventDefault();
    event.stopPropagation();
    put(share + steps[event.key]);
  });
  bar.addEventListener("pointerdown", (event) => { bar.setPointerCapture(event.pointerId); event.preventDefault(); bar.focus(); });
  bar.addEventListener("pointermove", (event) => {
    if (!bar.hasPointerCapture(event.pointerId)) return;
    const frame = box.getBoundingClientRect();
    put((event.clientX - frame.left) / frame.width);
  });
  box.append(bar, byId("badge-early"), byId("badge-late"));
  L.DomEvent.disableClickPropagation(bar);
  return { refresh: () => put(share) };
}

/** Cut the two sides of the drawing at a share of the map in sight. */
function cutAt([early, late], [left, , wide], share) {
  const edge = Math.round(left + wide * share), far = 4 * data.size[0];
  set(early, "x", String(edge - far));
  set(late, "x", String(edge));
  for (const clip of [early, late]) set(clip, "width", String(far));
}
