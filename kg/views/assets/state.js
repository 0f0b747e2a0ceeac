// What is chosen, filtered and open, and what follows from it: which marks and lines are drawn.

/** The filters of the legend, each the set of values switched off. */
const FILTERS = ['kind', 'group', 'status', 'origin', 'source'];
const MOST_LINES = 2500;

const state = {
  off: new Map(FILTERS.map((name) => [name, new Set()])),
  open: new Set(), // clusters, in the order they were opened
  selected: null, // a mark
  line: null, // a drawn line
  hovered: null,
  query: '',
};

const drawn = { marks: [], lines: [], set: new Set(), heldBack: 0, neighbours: new Map() };
const listeners = [];

/** Call a function after every change of what is drawn or chosen. */
function onChange(listener) {
  listeners.push(listener);
}

/** Work out what is drawn, and tell everyone. */
function changed() {
  work();
  for (const listener of listeners) listener();
}

/** Whether a claim is of a source and an origin that are switched on. */
function claimShows(number) {
  const claim = claims[number];
  return !state.off.get('source').has(claim.source) && !state.off.get('origin').has(claim.origin);
}

function lineShows(line) {
  return line.claims.length === 0 || line.claims.some(claimShows);
}

/** Whether the legend lets a mark be drawn; a cluster is, where any mark within is. */
function passes(mark) {
  if (mark.is_cluster) return within(mark).some(passes);
  for (const name of ['kind', 'group', 'status']) {
    if (mark[name] && state.off.get(name).has(mark[name])) return false;
  }
  if (state.off.get('source').size + state.off.get('origin').size === 0) return true;
  const tied = mark.touching.filter((line) => line.claims.length);
  const all = [...tied.flatMap((line) => line.claims), ...mark.claims];
  return all.length === 0 || all.some(claimShows);
}

/** Return the mark that stands for a mark: the outermost closed cluster it is in, or itself. */
function standIn(mark) {
  let found = mark;
  for (let cluster = mark.parent; cluster; cluster = cluster.parent) {
    if (!state.open.has(cluster)) found = cluster;
  }
  return found;
}

function work() {
  let shown = marks.filter((mark) => !(mark.is_cluster && state.open.has(mark)) && standIn(mark) === mark && passes(mark));
  drawn.heldBack = 0;
  if (shown.length > page.most) {
    const rank = (mark) => (mark === state.selected ? 3 : mark.is_cluster ? 2 : mark.weight);
    const most = [...shown].sort((a, b) => rank(b) - rank(a) || a.id - b.id).slice(0, page.most);
    drawn.heldBack = shown.length - most.length;
    const kept = new Set(most);
    shown = shown.filter((mark) => kept.has(mark));
  }
  drawn.marks = shown;
  drawn.set = new Set(shown);
  drawn.lines = bend(merged());
  drawn.neighbours = new Map(shown.map((mark) => [mark, new Set()]));
  for (const line of drawn.lines) {
    drawn.neighbours.get(line.a).add(line.b);
    drawn.neighbours.get(line.b).add(line.a);
  }
  if (state.selected && !drawn.set.has(state.selected)) state.selected = null;
  if (state.line) state.line = drawn.lines.find((line) => line.name === state.line.name) ?? null;
  if (state.hovered && !drawn.set.has(state.hovered)) state.hovered = null;
}

/** Return the lines between drawn marks; those that reach into closed clusters as one for each pair. */
function merged() {
  const found = new Map();
  const stands = new Map();
  const end = (number) => {
    if (!stands.has(number)) stands.set(number, standIn(marks[number]));
    return stands.get(number);
  };
  for (const line of lines) {
    const a = end(line.from);
    const b = end(line.to);
    if (a === b || !drawn.set.has(a) || !drawn.set.has(b) || !lineShows(line)) continue;
    const lifted = a.id !== line.from || b.id !== line.to || a.is_cluster || b.is_cluster;
    const name = lifted ? `${Math.min(a.id, b.id)} ${Math.max(a.id, b.id)}` : `${line.id}`;
    const there = found.get(name);
    if (there) there.of.push(line);
    else found.set(name, { name, a, b, of: [line], lifted, style: line.style, weight: line.weight, arrow: line.arrow && !lifted });
  }
  const all = [...found.values()];
  for (const line of all) {
    if (line.lifted) {
      line.style = 'solid';
      line.weight = Math.min(1, Math.log10(1 + line.of.length) / 3);
    }
  }
  if (all.length <= MOST_LINES) return all;
  return all.sort((x, y) => y.weight - x.weight || x.of[0].id - y.of[0].id).slice(0, MOST_LINES);
}

/** Give lines between the same two marks a bend each, so that none hides another. */
function bend(all) {
  const pairs = new Map();
  for (const line of all) {
    const name = `${Math.min(line.a.id, line.b.id)} ${Math.max(line.a.id, line.b.id)}`;
    if (!pairs.has(name)) pairs.set(name, []);
    pairs.get(name).push(line);
  }
  for (const group of pairs.values()) {
    group.forEach((line, i) => { line.bend = (i - (group.length - 1) / 2) * (line.a.id < line.b.id ? 1 : -1); });
  }
  return all;
}

/** Return the words of a drawn line. */
function sayLine(line) {
  if (!line.lifted) return line.of[0].label;
  return counted(line.of.length, 'relation');
}

/** Return the marks that stand out, or null where all do: the chosen one with its neighbours, or what a search finds. */
function lit() {
  if (state.line) return new Set([state.line.a, state.line.b]);
  const centre = state.hovered ?? state.selected;
  if (centre) return new Set([centre, ...drawn.neighbours.get(centre)]);
  if (!state.query) return null;
  return new Set(drawn.marks.filter((mark) => (mark.is_cluster ? within(mark) : [mark]).some(matches)));
}

/** Whether a mark answers to what is searched for. */
function matches(mark) {
  mark.searched ??= plain(`${mark.label} ${mark.note}`.slice(0, 2000));
  return mark.searched.includes(state.query);
}

/** Choose a mark, wherever it stands: clusters around it open. Null lets go. */
function choose(mark) {
  state.line = null;
  state.selected = mark;
  for (let cluster = mark?.parent; cluster; cluster = cluster.parent) open(cluster);
  changed();
  if (mark) say(`${apart(mark.label)}, ${describe(mark)}`);
}

/** Return kind, group, status and number of lines of a mark in words. */
function describe(mark) {
  const parts = mark.is_cluster
    ? [`group of ${counted(within(mark).length, 'thing')}`, 'Enter opens it']
    : [mark.kind, mark.group, mark.status, mark.note];
  const near = drawn.neighbours.get(mark)?.size ?? 0;
  return [...parts, counted(near, 'neighbour')].filter(Boolean).join(', ');
}

/** Open a cluster; where more would be drawn than stays fluid, those opened first close again. */
function open(cluster) {
  state.open.add(cluster);
  const outer = new Set();
  for (let mark = cluster; mark; mark = mark.parent) outer.add(mark);
  const size = () => marks.filter((mark) => !state.open.has(mark) && standIn(mark) === mark).length;
  for (const other of [...state.open]) {
    if (size() <= page.most) break;
    if (!outer.has(other)) state.open.delete(other);
  }
}

/** Open a cluster that is closed, or close one that is open. */
function toggle(cluster) {
  if (state.open.delete(cluster)) {
    state.selected = cluster;
  } else {
    state.selected = null;
    open(cluster);
  }
  state.line = null;
  changed();
  const held = drawn.heldBack ? `; ${counted(drawn.heldBack, 'thing')} of less weight not drawn` : '';
  say(`${apart(cluster.label)} ${state.open.has(cluster) ? 'opened' : 'closed'}${held}`);
}
