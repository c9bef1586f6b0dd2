// The sliders over the dates of change, and the words that name what is shown.

/** Write title, heading and notes. */
function writeHeading() {
  const day = shownDay(), [first, last] = datesShown(), two = now.mode === "change" || now.mode === "swipe";
  const heading = two ? say(words.heading_two, { first: sayDate(first), last: sayDate(last) }) : say(words.heading, { date: sayDate(day) });
  byId("heading").textContent = heading;
  document.title = heading + " – " + data.title;
  const force = lastBegun(data.force, day);
  byId("force").textContent = two ? "" : force && force[1] !== null ? say(words.in_force, { instrument: force[1], date: sayDate(force[2]) }) : words.none_in_force;
  byId("note").textContent = two ? "" : yearNote(day);
  byId("basis-line").textContent = !data.bases_differ ? "" : say(words.basis_line, { basis: words.basis[["de_jure", "de_facto"][now.basis]] });
  const chosen = [...data.chosen, ...data.readings.filter((_, index) => now.read[index]).map((reading) => reading.key)].sort();
  byId("readings-line").textContent = chosen.length ? say(words.readings_line, { readings: chosen.join(", ") }) : "";
  byId("caption-date").textContent = two ? say(words.caption_two, { title: data.title, first: sayDate(first), last: sayDate(last) }) : say(words.caption, { title: data.title, date: sayDate(day) });
  byId("badge-early").textContent = now.mode === "swipe" ? sayDate(first) : "";
  byId("badge-late").textContent = now.mode === "swipe" ? sayDate(last) : now.mode === "flicker" ? sayDate(day) : "";
}

/** Which changes fell into the year of a date. */
function yearNote(day) {
  const year = day.slice(0, 4);
  const changes = stops.map((stop, index) => [stop[0], index])
    .filter(([date]) => date.slice(0, 4) === year && date !== day && date !== data.first)
    .map(([date, index]) => say(words.change, { date: sayDate(date), instrument: reason(index) }));
  return changes.length ? say(words.year_changed, { year, changes: changes.join(words.list) }) : "";
}

/** Years under the slider, as many as there is room for. */
function writeTicks() {
  const box = byId("ticks"), last = stops.length - 1;
  const wide = box.clientWidth || 300;
  let free = -Infinity;
  const ticks = [];
  stops.forEach((stop, index) => {
    const at = last ? (index / last) * wide : 0;
    if (at - free < 40) return;
    free = at;
    const tick = html("span", String(Number(stop[0].slice(0, 4))));
    tick.style.left = (last ? (100 * index) / last : 0) + "%";
    ticks.push(tick);
  });
  box.replaceChildren(...ticks);
}

/** Make the controls of time; `show` is called after each change of `now`. */
function timeline(show) {
  const slider = byId("slider"), other = byId("slider-other"), play = byId("play");
  let timer = 0;
  const mark = (playing) => {
    play.setAttribute("aria-label", playing ? words.pause : words.play);
    play.title = playing ? words.pause : words.play;
    play.classList.toggle("playing", playing);
  };
  const stop = () => { clearInterval(timer); timer = 0; mark(false); };
  const go = (index) => { now.day = stops[index][0]; show(); };
  const next = () => {
    if (stopBefore(now.day) >= stops.length - 1) stop();
    else go(stopBefore(now.day) + 1);
  };
  slider.addEventListener("input", () => { stop(); go(Number(slider.value)); });
  other.addEventListener("input", () => { stop(); now.other = stops[Number(other.value)][0]; show(); });
  byId("next").addEventListener("click", () => { stop(); next(); });
  byId("previous").addEventListener("click", () => {
    stop();
    const index = stopBefore(now.day);
    go(stops[index][0] < now.day ? index : Math.max(0, index - 1));
  });
  play.addEventListener("click", () => {
    if (timer) { stop(); return; }
    if (stopBefore(now.day) >= stops.length - 1) go(0);
    timer = setInterval(next, 1400);
    mark(true);
  });
  mark(false);
  rove(byId("time-buttons"), byId("modes"));
  new ResizeObserver(writeTicks).observe(byId("ticks"));
}

/** Choose between one date and the ways to compare two; `show` is called after each change. */
function modes(show) {
  const button = byId("compare");
  button.addEventListener("click", () => {
    now.mode = now.mode === "one" ? "change" : "one";
    if (now.mode !== "one" && now.other === null) {
      const index = stopBefore(now.day);
      now.other = stops[index > 0 ? index - 1 : Math.min(1, stops.length - 1)][0];
    }
    show();
  });
  for (const mode of MODES) byId("mode-" + mode).addEventListener("click", () => {
    if (mode === "flicker" && now.mode === "flicker") now.side = 1 - now.side;
    now.mode = mode;
    show();
  });
}

/** Set the controls to what is shown. */
function writeModes() {
  const comparing = now.mode !== "one";
  byId("compare").setAttribute("aria-pressed", String(comparing));
  byId("comparing").hidden = !comparing;
  if (!comparing && byId("modes").querySelector("[tabindex='0']")) byId("compare").focus(); // what had the Tab stop is gone
  byId("divider").hidden = now.mode !== "swipe";
  for (const mode of MODES) byId("mode-" + mode).setAttribute("aria-pressed", String(now.mode === mode));
  document.documentElement.classList.toggle("two", comparing);
}

/** Move a slider to the stop a date falls under and say both. */
function writeStop(slider, label, day) {
  const index = stopBefore(day), exact = stops[index][0] === day;
  slider.max = stops.length - 1;
  slider.value = index;
  const text = sayDate(stops[index][0]) + " – " + reason(index);
  const said = exact ? text : sayDate(day) + " (" + text + ")";
  slider.setAttribute("aria-valuetext", said);
  label.textContent = said;
}

function writeStops() {
  writeStop(byId("slider"), byId("stop"), now.day);
  if (now.mode !== "one") writeStop(byId("slider-other"), byId("stop-other"), now.other);
}
