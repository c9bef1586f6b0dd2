// Finding a place or a land by any of its names: a text field with a list (the ARIA combobox pattern).

const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f'’ʼ-]/g, "").toLowerCase();

/** Everything that can be found: what it is called, what else it may be looked for by, what it is. */
function findable() {
  const lands = data.lands.map((land, index) => ({ kind: "land", index, name: land.name, also: "", keys: plain(land.name + "|" + land.id) }));
  const places = data.places.map((place, index) => ({ kind: "place", index, name: place[0], also: place[7].split("|").join(words.list), keys: plain(place[0] + "|" + place[7]) }));
  const holders = Object.keys(data.holders).flatMap((id) => {
    const names = [...new Set([...data.holders[id].map((era) => era[1]), id])];
    return id.includes("+") ? [] : [{ kind: "holder", index: id, name: names[names.length - 2] || id, also: "", keys: plain(names.join("|")) }];
  });
  return [...lands, ...holders, ...places];
}

/** What fits a text, the best first: names that begin with it, then words in names, then what contains it. */
function matches(all, text) {
  const wanted = plain(text.trim());
  if (!wanted) return [];
  const rank = (item) => {
    const names = item.keys.split("|");
    if (names.some((name) => name === wanted)) return 0;
    if (names.some((name) => name.startsWith(wanted))) return 1;
    if (names.some((name) => name.includes(" " + wanted))) return 2;
    return item.keys.includes(wanted) ? 3 : 4;
  };
  return all.map((item, order) => [rank(item), order, item]).filter(([r]) => r < 4).sort((a, b) => a[0] - b[0] || a[1] - b[1]).slice(0, 8).map(([, , item]) => item);
}

/** Make the field work; `found` is called with what was chosen. */
function searchField(found) {
  const field = byId("search"), list = byId("search-list");
  const all = findable(), kinds = { land: words.kind_land, place: words.kind_place, holder: words.kind_holder };
  let shown = [], active = -1;
  const mark = (index) => {
    active = index;
    [...list.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === index)));
    if (index < 0) field.removeAttribute("aria-activedescendant");
    else field.setAttribute("aria-activedescendant", "found-" + index);
  };
  const open = (items) => {
    shown = items;
    list.replaceChildren(...items.map((item, index) => {
      const line = html("li");
      line.id = "found-" + index;
      line.setAttribute("role", "option");
      line.append(html("span", item.name), html("small", [item.also, kinds[item.kind]].filter(Boolean).join(" · ")));
      return line;
    }));
    list.hidden = !items.length;
    field.setAttribute("aria-expanded", String(items.length > 0));
    byId("search-status").textContent = field.value.trim() && !items.length ? words.search_none : items.length ? say(words.search_count, { count: items.length }) : "";
    mark(items.length ? 0 : -1);
  };
  const take = (index) => {
    const item = shown[index];
    open([]);
    if (!item) return;
    field.value = item.name;
    byId("search-status").textContent = "";
    found(item);
  };
  field.addEventListener("input", () => open(matches(all, field.value)));
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") { event.preventDefault(); take(active); }
    if (event.key === "Escape" && shown.length) { event.stopPropagation(); open([]); }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && shown.length) { event.preventDefault(); mark((active + step + shown.length) % shown.length); }
  });
  field.addEventListener("blur", () => open([]));
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => take([...list.children].indexOf(event.target.closest("li"))));
}
