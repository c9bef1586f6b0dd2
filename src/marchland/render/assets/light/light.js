// The light map: the page brings the drawing, a frame is classes and fills. No text becomes markup.

const SVG = "http://www.w3.org/2000/svg";

/** The value of a history [[frame, value], …] at a frame. */
function at(history, frame) {
  let value;
  for (const row of history) {
    if (row[0] > frame) break;
    value = row[1];
  }
  return value;
}

function set(element, name, value) {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

function make(tag, attributes, parent) {
  const element = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (parent) parent.append(element);
  return element;
}

const HOLDER_PX = 17, STATE_PX = 12, PLACE_PX = 12.5;

/** Take over a drawing; returns what a page does with it: show(frame), look(box), fit(), and its state. */
function lightMap(root, data) {
  const part = (id) => root.querySelector("#" + id);
  const lands = [...part("lands").children], lines = [...part("lines").children];
  const casings = [...part("casings").children], names = part("names"), patterns = [...part("patterns").children];
  const state = { frame: data.shown, box: data.box, least: 0 };

  function show(frame) {
    state.frame = frame;
    lands.forEach((land, i) => {
      const [paint, tint] = data.fills[at(data.lands[i], frame)];
      set(land, "fill", paint);
      set(land, "class", tint);
    });
    lines.forEach((line, i) => {
      const kind = data.classes[at(data.runs[i], frame)];
      set(line, "class", kind);
      set(casings[i], "class", kind.startsWith("frontier") ? "casing" : "");
    });
    setNames();
  }

  /** Kilometres in one pixel on screen. */
  const scale = () => {
    const [, , wide, high] = state.box, here = root.getBoundingClientRect();
    return here.width && here.height ? Math.max(wide / here.width, high / here.height) : wide / 1000;
  };

  function look(box) {
    state.box = box;
    root.setAttribute("viewBox", box.map((side) => side.toFixed(1)).join(" "));
    fit();
  }

  /** Set patterns and names for the size on screen. */
  function fit() {
    const k = scale();
    for (const pattern of patterns) set(pattern, "patternTransform", `scale(${k.toPrecision(4)}) rotate(${pattern.dataset.turn})`);
    setNames();
  }

  function setNames() {
    const k = scale(), [left, top, wide, high] = state.box, boxes = [], kept = [];
    names.setAttribute("font-size", k.toPrecision(4) + "px");
    const inFrame = data.names.map((row) => [at(row[4], state.frame), row]).filter(([rank]) => rank !== undefined && rank >= 0);
    inFrame.sort((a, b) => a[0] - b[0]);
    const most = Math.max(8, Math.round((wide / k) * (high / k) / 18000));
    for (const [, [text, kind, x, y]] of inFrame) {
      if (x < left || y < top || x > left + wide || y > top + high || kept.length >= most) continue;
      for (const [dx, dy, anchor, box] of spots(text, kind, k)) {
        const own = [x + box[0], y + box[1], box[2], box[3]];
        const inside = own[0] > left && own[1] > top && own[0] + own[2] < left + wide && own[1] + own[3] < top + high;
        if (!inside || boxes.some((o) => own[0] < o[0] + o[2] && o[0] < own[0] + own[2] && own[1] < o[1] + o[3] && o[1] < own[1] + own[3])) continue;
        boxes.push(own);
        kept.push([text, kind, x, y, dx, dy, anchor]);
        break;
      }
    }
    names.replaceChildren();
    for (const [text, kind, x, y, dx, dy, anchor] of kept) {
      if (kind === "place") make("circle", { class: "dot", cx: x, cy: y, r: (2 * k).toPrecision(3) }, names);
      make("text", { class: kind, x: (x + dx).toFixed(1), y: (y + dy).toFixed(1), "text-anchor": anchor }, names).textContent = text;
    }
  }

  return { root, data, state, show, look, fit, scale };
}

const pen = document.createElement("canvas").getContext("2d");

function textWidth(text, size, bold) {
  pen.font = (bold ? "600 " : "") + size + "px " + getComputedStyle(document.body).fontFamily;
  return pen.measureText(text).width;
}

/** Where a name may stand around its point: [dx, dy, anchor, box], km. */
function spots(text, kind, k) {
  if (kind === "holder") {
    const wide = (textWidth(text.toUpperCase(), HOLDER_PX, true) + HOLDER_PX * 0.12 * text.length) * k, size = HOLDER_PX * k;
    return [[0, 0], [0, -1.6], [0, 1.6], [-3, 0], [3, 0]].map(([x, y]) =>
      [x * size, (y + 0.35) * size, "middle", [x * size - wide / 2, (y - 0.7) * size, wide, 1.4 * size]]);
  }
  if (kind === "state") {
    const wide = textWidth(text, STATE_PX, true) * k, size = STATE_PX * k;
    return [[0, 0], [0, -1.5], [0, 1.5]].map(([x, y]) =>
      [x * size, (y + 0.35) * size, "middle", [x * size - wide / 2, (y - 0.7) * size, wide, 1.4 * size]]);
  }
  const wide = textWidth(text, PLACE_PX) * k, size = PLACE_PX * k, gap = 0.5 * size, high = 1.2 * size;
  return [
    [gap, 0.36 * size, "start", [-gap / 2, -high / 2, wide + 1.5 * gap, high]],
    [-gap, 0.36 * size, "end", [-gap - wide, -high / 2, wide + 1.5 * gap, high]],
    [0, -0.6 * size, "middle", [-wide / 2, -1.6 * size, wide, 1.9 * size]],
    [0, 1.3 * size, "middle", [-wide / 2, -0.2 * size, wide, 1.9 * size]],
  ];
}

/** Write the legend of a frame into two lists. */
function writeLegend(map, frame, lands, strokes) {
  for (const [key, list, mark] of [["lands", lands, landMark], ["strokes", strokes, lineMark]]) {
    const [every, used] = map.data.legend[key];
    list.replaceChildren(...at(used, frame).map((number) => {
      const item = document.createElement("li"), words = document.createElement("span");
      words.textContent = every[number][2];
      item.append(mark(every[number]), words);
      return item;
    }));
  }
}

const swatch = () => make("svg", { class: "swatch", viewBox: "0 0 34 18", "aria-hidden": "true" });

function landMark([paint, tint]) {
  const box = swatch();
  make("rect", { class: "ground", width: 34, height: 18 }, box);
  make("rect", { class: tint, width: 34, height: 18, fill: paint }, box);
  make("rect", { class: "edge", x: 0.5, y: 0.5, width: 33, height: 17 }, box);
  return box;
}

function lineMark([, kind]) {
  const box = swatch();
  if (kind.startsWith("frontier")) make("path", { class: "casing", d: "M0 9h34" }, box);
  make("path", { class: kind, d: "M0 9h34" }, box);
  return box;
}
