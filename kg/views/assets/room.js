// The room that things take: all that is drawn, and each open cluster.

let cachedBounds = null;
/** Return the room that all drawn marks take with their words, and where headings stand. */
function bounds() {
  if (cachedBounds) return cachedBounds;
  const box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (const mark of drawn.marks) {
    const found = wording(mark, 1);
    box.left = Math.min(box.left, mark.at.x - mark.size, found.left);
    box.right = Math.max(box.right, mark.at.x + mark.size, found.right);
    box.top = Math.min(box.top, mark.at.y - mark.size, found.top);
    box.bottom = Math.max(box.bottom, mark.at.y + mark.size, found.bottom);
  }
  for (const line of drawn.lines) { // those within a column swing out to its left
    if (isCurved(line) && Math.abs(line.a.at.x - line.b.at.x) <= SAME_COLUMN) {
      box.left = Math.min(box.left, swing(line.a.at, line.b.at, 0) * 0.75 + Math.min(line.a.at.x, line.b.at.x) * 0.25 - 4);
    }
  }
  for (const hull of hulls()) {
    box.left = Math.min(box.left, hull.left);
    box.right = Math.max(box.right, hull.right);
    box.top = Math.min(box.top, hull.top - 44); // its title
    box.bottom = Math.max(box.bottom, hull.bottom);
  }
  if (!drawn.marks.length) Object.assign(box, { left: -100, top: -100, right: 100, bottom: 100 });
  for (const [, top, bottom] of page.bands) {
    box.top = Math.min(box.top, top);
    box.bottom = Math.max(box.bottom, bottom);
  }
  for (const [label, x] of page.columns) box.right = Math.max(box.right, x + measure(label, true) * 1.1);
  if (page.bands.length) box.left -= 16;
  box.head = box.top - 16;
  if (page.columns.length) box.top -= 40;
  cachedBounds = box;
  return box;
}

let cachedHulls = null;
/** Return the outline of each open cluster: the room of the marks within that are drawn. */
function hulls() {
  cachedHulls ??= [...state.open].map((cluster) => {
    const box = { cluster, left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
    const disc = cluster.size > 60;
    if (disc) widen(box, cluster.at, cluster.size);
    for (const mark of within(cluster)) {
      const there = standIn(mark);
      if (!drawn.set.has(there)) continue;
      widen(box, there.at, there.size + (disc ? 0 : 16));
    }
    box.x = disc ? cluster.at.x : (box.left + box.right) / 2;
    box.y = disc ? cluster.at.y : (box.top + box.bottom) / 2;
    const [w, h] = [(box.right - box.left) / 2, (box.bottom - box.top) / 2];
    box.shape = disc ? figure('dot', cluster.size) : { d: `M${-w} ${-h}H${w}V${h}H${-w}Z` };
    return box;
  }).filter((box) => box.left < box.right);
  return cachedHulls;
}

function widen(box, { x, y }, by) {
  box.left = Math.min(box.left, x - by);
  box.right = Math.max(box.right, x + by);
  box.top = Math.min(box.top, y - by);
  box.bottom = Math.max(box.bottom, y + by);
}

/** Return the title over an open cluster, which closes it. */
function hullTitle(cluster) {
  return `− ${cluster.words[0] ?? ''}`;
}

/** Forget what was measured, since marks came, went or moved. */
function remeasure() {
  cachedBounds = null;
  cachedHulls = null;
  findRoom();
}
