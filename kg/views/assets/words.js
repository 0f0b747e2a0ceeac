// Words on the picture: as many labels as have room, the most important first, never too small to read; headings; what
// lines say.

const widths = new Map();
const ruler = document.createElement('canvas').getContext('2d');
/** Return how wide a text is at the size of a label. */
function measure(text, bold = false) {
  const name = `${bold ? 'b' : 'n'}${text}`;
  if (!widths.has(name)) {
    ruler.font = `${bold ? 600 : 400} ${LABEL}px ${FONT}`;
    widths.set(name, ruler.measureText(apart(text)).width);
  }
  return widths.get(name);
}

/** Return a size of letters that can be read at a zoom, in the units of the picture. */
function readable(size, scale) {
  return Math.min(Math.max(size * scale, Math.min(size, SMALLEST)), Math.max(size, LARGEST)) / scale;
}

let order = [];
/** Sort marks by who may speak first; call it after every change. */
function rank() {
  const out = lit();
  const value = (mark) => (mark === state.hovered ? 9 : mark === state.selected ? 8 : 0)
    + (out?.has(mark) ? 4 : 0) + (mark.is_cluster ? 2 : 0) + mark.weight;
  order = [...drawn.marks].sort((a, b) => value(b) - value(a) || a.id - b.id);
}

/** Find how far the words beside each mark may reach: to the next mark in its row. */
function findRoom() {
  const beside = drawn.marks.filter((mark) => mark.beside);
  for (const mark of beside) {
    mark.room = bounds().right + 8 - mark.at.x - mark.size - 6;
    for (const other of drawn.marks) {
      const [dx, dy] = [other.at.x - mark.at.x, Math.abs(other.at.y - mark.at.y)];
      if (dx > mark.size && dy < 12 + other.size / 2) mark.room = Math.min(mark.room, dx - mark.size - other.size - 12);
    }
  }
}

/** Return as much of a text as fits a width at the size of a label, with … where it was cut; nothing if hardly any does. */
function shortened(text, room, bold) {
  if (measure(text, bold) <= room) return text;
  if (room < 40) return '';
  const letters = [...text];
  let kept = Math.min(letters.length, Math.ceil(room / 4));
  while (kept > 2 && measure(`${letters.slice(0, kept).join('').trimEnd()}…`, bold) > room) kept -= 1;
  return `${letters.slice(0, kept).join('').trimEnd()}…`;
}

const cuts = new Map();
/** `shortened`, remembered by steps of six pixels. */
function fitting(text, room, bold = false) {
  if (room === Infinity) return text;
  const name = `${Math.floor(room / 6)} ${bold} ${text}`;
  if (!cuts.has(name)) {
    if (cuts.size > 20000) cuts.clear();
    cuts.set(name, shortened(text, Math.floor(room / 6) * 6, bold));
  }
  return cuts.get(name);
}

/** Return where the words of a mark stand: lines of text with place, size and the room they take. */
function wording(mark, scale, whole = true) {
  if (mark.is_cluster) return discWording(mark, scale);
  const size = readable(LABEL, scale);
  const { x, y } = mark.at;
  const room = whole || !mark.beside ? Infinity : mark.room;
  const texts = mark.words.map((text) => ({
    text: fitting(text, room / size * LABEL), size, colour: theme.ink,
  }));
  if (texts.length && !texts[0].text) return null;
  const small = readable(NOTE, scale);
  if (mark.below && scale > 0.6) {
    texts.push({ text: fitting(mark.below, room / small * LABEL), size: small, colour: theme.muted });
  }
  const wide = Math.max(...texts.map(({ text, size: s, bold }) => measure(text, bold) * s / LABEL), 0);
  const high = texts.reduce((sum, one) => sum + one.size * 1.22, 0);
  const left = mark.beside ? x + mark.size + 6 : x - wide / 2;
  const top = mark.beside ? y - size * 0.62 : y + mark.size + 3;
  let base = top;
  for (const one of texts) {
    one.x = mark.beside ? left : x;
    one.y = base + one.size * 0.95;
    one.anchor = mark.beside ? 'start' : 'middle';
    base += one.size * 1.22;
  }
  const air = mark.beside ? size * 0.2 : 0;
  return { texts, left, top: top + air, right: left + wide, bottom: top + high - air };
}

/** Return the words in a disc: as many of its lines as have room in it, the first in bold, and how many it holds. */
function discWording(mark, scale) {
  const size = readable(LABEL, scale);
  const small = readable(NOTE, scale);
  const { x, y } = mark.at;
  const most = Math.max(1, Math.floor((mark.size * 1.45 - small * 1.22) / (size * 1.22)));
  const texts = mark.words.slice(0, most).map((text, i) => (
    { text: fitting(text, mark.size * 1.75 / size * LABEL, i === 0) || '…', size, colour: theme.ink, bold: i === 0 }
  ));
  texts.push({ text: counted(within(mark).length, 'thing'), size: small, colour: theme.muted });
  const high = texts.reduce((sum, one) => sum + one.size * 1.22, 0);
  let base = y - high / 2;
  for (const one of texts) {
    Object.assign(one, { x, y: base + one.size * 0.95, anchor: 'middle' });
    base += one.size * 1.22;
  }
  const wide = Math.min(mark.size * 1.75, Math.max(...texts.map((one) => measure(one.text, one.bold) * one.size / LABEL)));
  return { texts, left: x - wide / 2, top: y - high / 2, right: x + wide / 2, bottom: y + high / 2 };
}

const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

let spoken = [];
/** Draw the words over the marks: as many labels as have room, the most important first; headings; labels of lines. */
function paintWords(pen, view) {
  const taken = [];
  const out = lit();
  const placed = headings(pen, view);
  taken.push(...placed);
  spoken = [];
  for (const mark of order) {
    const { x, y } = mark.at;
    if (x < view.left - 300 / view.scale || x > view.right || y < view.top - 40 || y > view.bottom + 40) continue;
    const must = mark === state.hovered || mark === state.selected;
    const found = wording(mark, view.scale, must);
    if (!found) continue;
    if (!must && taken.some((box) => meet(found, box))) continue;
    taken.push(found);
    spoken.push(mark);
    const on = !out || out.has(mark);
    for (const one of found.texts) {
      pen.text(one.text, one.x, one.y, { ...one, plate: on && !mark.is_cluster, alpha: on ? 1 : 0.32 });
    }
  }
  if (!view.quick) lineWords(pen, view, taken, out);
}

/** Draw the headings of columns, which stay in sight while the picture moves under them, and names of open clusters. */
function headings(pen, view) {
  const box = bounds();
  const size = readable(LABEL + 1, view.scale);
  const taken = [];
  const write = (text, x, y, anchor, colour = theme.ink) => {
    const wide = measure(text, true) * size / LABEL;
    const left = anchor === 'middle' ? x - wide / 2 : x;
    taken.push({ left, right: left + wide, top: y - size, bottom: y + size * 0.4 });
    pen.text(text, x, y, { size, colour, bold: true, anchor, plate: true });
  };
  for (const [label, x] of page.columns) {
    const y = Math.max(box.head, view.top + size * 1.6);
    const beside = marks.some((mark) => mark.beside && Math.abs(mark.x - x) < 1);
    write(label, beside ? x - 8 : x, y, beside ? 'start' : 'middle');
  }
  for (const hull of hulls()) write(hullTitle(hull.cluster), hull.x, hull.top - size * 0.4, 'middle', theme.accent);
  return taken;
}

/** Draw what lines say: those of the chosen mark, or all in sight where they are few and near. */
function lineWords(pen, view, taken, out) {
  const centre = state.hovered ?? state.selected;
  let near = [];
  if (state.line) near = [state.line];
  else if (centre) near = drawn.lines.filter((line) => line.a === centre || line.b === centre);
  else if (view.scale >= 1.5 && !out) near = drawn.lines;
  if (near.length > 40) return;
  const size = readable(NOTE, view.scale);
  const ends = new Set(near.flatMap((line) => [line.a, line.b]));
  for (const { at: { x, y }, size: r } of ends) taken.push({ left: x - r, right: x + r, top: y - r, bottom: y + r });
  for (const line of near) {
    const wide = measure(sayLine(line)) * size / LABEL;
    for (const t of [0.5, 0.62, 0.38]) {
      const { x, y } = along(line, t);
      const box = { left: x - wide / 2, right: x + wide / 2, top: y - size, bottom: y + size * 0.3 };
      if (taken.some((other) => meet(box, other)) && (line !== state.line || t !== 0.38)) continue;
      taken.push(box);
      pen.text(sayLine(line), x, y, { size, colour: theme.muted, anchor: 'middle', plate: true });
      break;
    }
  }
}
