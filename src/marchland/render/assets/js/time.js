// The slider over the dates of change, and the words that name the date shown.

/** Write title, heading and notes for a date. */
function writeHeading(day) {
  const heading = say(words.heading, { date: sayDate(day) });
  byId("heading").textContent = heading;
  document.title = heading + " – " + data.title;
  const force = lastBegun(data.force, day);
  byId("force").textContent = force && force[1] !== null
    ? say(words.in_force, { instrument: force[1], date: sayDate(force[2]) }) : words.none_in_force;
  const year = day.slice(0, 4);
  const changes = data.stops.map((stop, index) => [stop[0], index])
    .filter(([date]) => date.slice(0, 4) === year && date !== day && date !== data.first)
    .map(([date, index]) => say(words.change, { date: sayDate(date), instrument: reason(index) }));
  byId("note").textContent = changes.length ? say(words.year_changed, { year, changes: changes.join(words.list) }) : "";
  byId("caption-date").textContent = say(words.caption, { title: data.title, date: sayDate(day) });
}

/** Years under the slider, as many as there is room for. */
function writeTicks() {
  const box = byId("ticks"), last = data.stops.length - 1;
  const wide = box.clientWidth || 300;
  let free = -Infinity;
  const ticks = [];
  data.stops.forEach((stop, index) => {
    const at = last ? (index / last) * wide : 0;
    if (at - free < 40) return;
    free = at;
    const tick = html("span", String(Number(stop[0].slice(0, 4))));
    tick.style.left = (last ? (100 * index) / last : 0) + "%";
    ticks.push(tick);
  });
  box.replaceChildren(...ticks);
}

/** Make the controls; `show` is called with each date chosen. */
function timeline(show) {
  const slider = byId("slider"), play = byId("play");
  let timer = 0;
  const stop = () => { clearInterval(timer); timer = 0; mark(false); };
  const mark = (playing) => {
    play.setAttribute("aria-label", playing ? words.pause : words.play);
    play.title = playing ? words.pause : words.play;
    play.classList.toggle("playing", playing);
  };
  const go = (index) => {
    slider.value = index;
    show(data.stops[slider.value][0]);
  };
  const next = () => {
    if (Number(slider.value) >= data.stops.length - 1) stop();
    else go(Number(slider.value) + 1);
  };
  slider.addEventListener("input", () => { stop(); go(slider.value); });
  byId("next").addEventListener("click", () => { stop(); next(); });
  byId("previous").addEventListener("click", () => {
    stop();
    const index = Number(slider.value), here = data.stops[index][0];
    go(here < now.day ? index : Math.max(0, index - 1));
  });
  play.addEventListener("click", () => {
    if (timer) { stop(); return; }
    if (Number(slider.value) >= data.stops.length - 1) go(0);
    timer = setInterval(next, 1400);
    mark(true);
  });
  mark(false);
  rove(byId("time-buttons"));
  new ResizeObserver(writeTicks).observe(byId("ticks"));
  return { stop };
}

/** One Tab stop for a row of buttons; arrows go from one to the next. */
function rove(bar) {
  const buttons = [...bar.querySelectorAll("button")];
  bar.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
    if (!step) return;
    event.preventDefault();
    buttons[(buttons.indexOf(document.activeElement) + step + buttons.length) % buttons.length].focus();
  });
  bar.addEventListener("focusin", (event) => {
    buttons.forEach((button) => { button.tabIndex = button === event.target ? 0 : -1; });
  });
}

/** Move the slider to the stop a date falls under and say both. */
function writeStop(day) {
  const slider = byId("slider"), index = stopBefore(day);
  slider.value = index;
  const exact = data.stops[index][0] === day;
  const text = sayDate(data.stops[index][0]) + " – " + reason(index);
  slider.setAttribute("aria-valuetext", exact ? text : sayDate(day) + " (" + text + ")");
  byId("stop").textContent = text;
}
