// The data of the page as objects. Whatever a label or a key says, it only ever becomes a value or the key of a Map.

const raw = window.careerKg.data;
const page = raw.scene;
const loadVis = window.careerKg.vis;

/** Return the rows of a table that came by columns (kg/views/packing.py). */
function rowsOf(packed) {
  const rows = Array.from({ length: packed.size }, () => ({}));
  for (const [name, [values, numbers]] of Object.entries(packed.coded)) {
    numbers.forEach((number, i) => { rows[i][name] = values[number]; });
  }
  for (const [name, values] of Object.entries(packed.plain)) {
    values.forEach((value, i) => { rows[i][name] = value; });
  }
  return rows;
}

const marks = rowsOf(raw.nodes);
const lines = rowsOf(raw.edges);
const claims = rowsOf(raw.claims);
const byKey = new Map(marks.map((mark) => [mark.key, mark]));
const kinds = new Map(page.kinds.map(([kind, plural, shape, light, dark]) => [kind, { kind, plural, shape, light, dark }]));
/** Whether marks stand in columns, where lines read best as curves from side to side. */
const flows = page.columns.length > 1 || marks.some((mark) => mark.beside);

for (const mark of marks) {
  mark.at = { x: mark.x, y: mark.y };
  mark.parent = mark.cluster ? byKey.get(mark.cluster) ?? null : null;
  mark.members = [];
  mark.touching = [];
  mark.words = mark.lines ? mark.lines.split('\n') : [];
}
for (const mark of marks) mark.parent?.members.push(mark);
lines.forEach((line, i) => {
  line.id = i;
  marks[line.from].touching.push(line);
  if (line.to !== line.from) marks[line.to].touching.push(line);
});

/** Return all the marks that stand in a cluster, however deep. */
function within(cluster) {
  return cluster.members.flatMap((mark) => (mark.is_cluster ? within(mark) : [mark]));
}

/** Return text as it is compared in a search: without case and accents. */
function plain(text) {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}

/** Return a number with its noun. */
function counted(number, noun, plural = `${noun}s`) {
  return `${number.toLocaleString('en')} ${number === 1 ? noun : plural}`;
}

/** Return text set apart from the direction of what stands around it, for where there is no element to do it. */
function apart(text) {
  return `\u2068${text}\u2069`;
}

/** Return the address where it can be followed safely, else an empty string. */
function address(text) {
  return /^https?:\/\/[^\s]+$/i.test(text) ? text : '';
}
