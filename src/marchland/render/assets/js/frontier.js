// Which arcs are frontier on a date, by which clause, and which only part different holders.

const STAGES = ["demarcated", "delimited", "allocated", "administered", "none"];
const noLine = new Set(data.no_line);

/** Whether land under a fill can have an agreed edge between the parties. */
function isParty(fill) {
  if (!data.parties) return true;
  const { holder, status } = data.fills[fill];
  return !noLine.has(status) && (holder === null || holder.split("+").every((id) => data.parties.includes(id)));
}

/** The frontier of a date as [arc, segment, stage, km] and the other limits as arcs, for the fills of the lands. */
function linesOn(day, held) {
  const force = lastBegun(data.force, day), ruled = !data.parties || (force && force[1] !== null);
  const frontier = [], limits = [];
  for (const [arc, left, right, km, clauses] of data.borders) {
    const a = held[left] ?? -1, b = held[right] ?? -1;
    const parted = a >= 0 && b >= 0 && data.fills[a].holder !== data.fills[b].holder;
    const clause = ruled && parted && isParty(a) && isParty(b) ? lastBegun(clauses, day) : undefined;
    if (clause) frontier.push([arc, clause[1], clause[2], km]);
    else if (a !== b) limits.push(arc);
  }
  return { frontier, limits };
}

/** The frontier of a date by clause: [[segment, stage, km], …] in the order of the instruments. */
function clausesOn(day) {
  const sums = new Map();
  for (const [, segment, stage, km] of linesOn(day, fillsOn(day)).frontier) {
    if (!sums.has(segment)) sums.set(segment, [segment, stage, 0]);
    sums.get(segment)[2] += km;
  }
  return [...sums.values()].sort((a, b) => data.segments[a[0]][0] - data.segments[b[0]][0] || a[0] - b[0]);
}
