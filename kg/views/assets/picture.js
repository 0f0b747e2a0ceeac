// The picture: vis-network on one side, what is chosen on the other.

const stage = byId('graph');
const still = matchMedia('(prefers-reduced-motion: reduce)');
let network;
let nodes;
let dragging = false;
let moved = false; // the reader has moved the view; from then on it is left alone

/** Return a mark as vis-network takes it: a number for its id, and our own drawing. */
function asNode(mark) {
  return {
    id: mark.id, x: mark.at.x, y: mark.at.y, shape: 'custom', size: mark.size,
    ctxRenderer: ({ ctx }) => ({
      drawNode: () => paintMark(canvasPen(ctx), mark, outNow, network.getScale()),
      nodeDimensions: { width: mark.size * 2 + 6, height: mark.size * 2 + 6 },
    }),
  };
}

let outNow = null;
/** Show what is drawn now. */
function refresh() {
  remeasure();
  light();
  if (!network) return;
  const there = new Set(nodes.getIds());
  const wanted = new Set(drawn.marks.map((mark) => mark.id));
  nodes.remove([...there].filter((id) => !wanted.has(id)));
  nodes.add(drawn.marks.filter((mark) => !there.has(mark.id)).map(asNode));
  network.redraw();
  const note = byId('graph-note');
  note.textContent = drawn.heldBack
    ? `${counted(drawn.marks.length, 'thing')} drawn; ${counted(drawn.heldBack, 'thing')} of less weight held back`
    : drawn.marks.length ? '' : 'The filters hide everything.';
}

/** Work out what stands out, who may speak first, and the ways of lines. */
function light() {
  outNow = lit();
  rank();
  gather();
}

/** Draw again with other marks standing out. */
function relight() {
  light();
  lightBoard();
  network?.redraw();
}

/** Return the part of the picture in sight. */
function viewNow() {
  const scale = network.getScale();
  const { x, y } = network.getViewPosition();
  const [wide, high] = [stage.clientWidth / 2 / scale, stage.clientHeight / 2 / scale];
  return { scale, left: x - wide, right: x + wide, top: y - high, bottom: y + high, quick: dragging };
}

/** Bring a place to the middle of the picture. */
function moveTo(position, scale = network.getScale(), quietly = false) {
  if (!network) return;
  const animation = quietly || still.matches ? false : { duration: 250, easingFunction: 'easeInOutQuad' };
  network.moveTo({ position, scale: Math.min(Math.max(scale, 0.03), 4), animation });
}

/** Return the zoom to begin with: that of the whole width, but never so far out that lists cannot be read. */
function startScale(box) {
  const across = (stage.clientWidth - 32) / (box.right - box.left);
  return flows && across < 0.37 ? 0.85 : Math.min(across, 1.4);
}

/** Show the whole picture; a long list from its top, at a size that can be read. */
function fit(quietly = false, whole = false) {
  if (!network) return;
  const box = bounds();
  const [wide, high] = [box.right - box.left, box.bottom - box.top];
  const across = (stage.clientWidth - 32) / wide;
  let scale = Math.min(across, (stage.clientHeight - 32) / high, 1.4);
  let y = (box.top + box.bottom) / 2;
  if (flows && !whole && scale < 0.37) {
    scale = Math.min(Math.max(across, 0.85), 1);
    if (high * scale > stage.clientHeight) y = box.top - 12 / scale + stage.clientHeight / 2 / scale;
  }
  const left = wide * scale > stage.clientWidth;
  const x = left && !whole ? box.left - 12 / scale + stage.clientWidth / 2 / scale : (box.left + box.right) / 2;
  moveTo({ x, y }, scale, quietly);
}

/** Bring a mark into sight, if it is not. */
function reveal(mark) {
  revealOnBoard(mark);
  if (!network) return;
  const view = viewNow();
  const margin = 40 / view.scale;
  const { x, y } = mark.at;
  const inside = x > view.left + margin && x < view.right - margin && y > view.top + margin && y < view.bottom - margin;
  if (inside && view.scale >= 0.35) return;
  moveTo({ x, y }, Math.max(view.scale, 0.8));
}

/** Return the mark under a place on the stage, or null. */
function markAt(place) {
  const id = network.getNodeAt(place);
  return id === undefined ? null : marks[id];
}

/** Return the line under a place on the stage, or null. */
function lineAt(place) {
  const point = network.DOMtoCanvas(place);
  let [found, least] = [null, 7 / network.getScale()];
  for (const line of drawn.lines) {
    const steps = line.route.straight ? 1 : 12;
    let from = along(line, 0);
    for (let i = 1; i <= steps; i += 1) {
      const to = along(line, i / steps);
      const far = distance(point, from, to);
      if (far < least) [found, least] = [line, far];
      from = to;
    }
  }
  return found;
}

function distance(p, a, b) {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const t = Math.min(1, Math.max(0, ((p.x - a.x) * dx + (p.y - a.y) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(p.x - a.x - t * dx, p.y - a.y - t * dy);
}

/** Return the open cluster whose name is under a place, or null. */
function hullAt(place) {
  const { x, y } = network.DOMtoCanvas(place);
  const size = readable(LABEL + 1, network.getScale());
  const at = (hull) => Math.abs(x - hull.x) < measure(hullTitle(hull.cluster), true) * size / LABEL / 2 + 6
    && y > hull.top - size * 1.6 && y < hull.top;
  return hulls().find(at)?.cluster ?? null;
}

function startPicture() {
  nodes = new vis.DataSet(drawn.marks.map(asNode));
  network = new vis.Network(stage, { nodes, edges: new vis.DataSet([]) }, JSON.parse(raw.options));
  for (const frame of stage.querySelectorAll('[tabindex]')) frame.tabIndex = -1; // the stage itself takes the focus
  network.on('beforeDrawing', (ctx) => paintUnder(canvasPen(ctx), viewNow()));
  network.on('afterDrawing', (ctx) => paintWords(canvasPen(ctx), viewNow()));
  network.on('click', ({ pointer }) => click(pointer.DOM));
  network.on('dragStart', () => { dragging = true; moved = true; tip(null); });
  network.on('dragging', ({ nodes: ids }) => ids.length && follow(ids));
  network.on('dragEnd', ({ nodes: ids }) => {
    dragging = false;
    if (ids.length) follow(ids);
    network.redraw();
    saveLink();
  });
  network.on('zoom', () => {
    moved = true;
    const scale = network.getScale();
    if (scale < 0.03 || scale > 5) network.moveTo({ scale: Math.min(Math.max(scale, 0.03), 5) });
    saveLink();
  });
  network.on('animationFinished', saveLink);
  stage.addEventListener('wheel', wheel, { capture: true, passive: false });
  stage.addEventListener('pointermove', hover);
  stage.addEventListener('pointerleave', () => point(null));
  stage.addEventListener('keydown', keys);
  known = [stage.clientWidth, stage.clientHeight];
  new ResizeObserver(resize).observe(stage);
}

let known = [0, 0];
/** Suit the size of the stage, which changes with the window, and when details come or go beside it. */
function resize() {
  const now = [stage.clientWidth, stage.clientHeight];
  if (now.join() === known.join()) return;
  const [scale, { x, y }] = [network.getScale(), network.getViewPosition()];
  const aside = now[1] === known[1] && (state.selected || state.line || moved);
  const wider = (now[0] - known[0]) / 2 / scale;
  known = now;
  network.setSize('100%', '100%');
  if (aside) moveTo({ x: x + wider, y }, scale, true); // what is there stays where it is
  else if (!moved) fit(true);
  network.redraw();
  if (state.selected) reveal(state.selected);
}

/** A mark was dragged: lines follow. */
function follow(ids) {
  for (const id of ids) Object.assign(marks[id].at, network.getPosition(id));
  remeasure();
  gather();
}

function click(place) {
  const mark = markAt(place);
  if (mark?.is_cluster) return enter(mark);
  if (mark) return choose(mark);
  const hull = hullAt(place);
  if (hull) return toggle(hull);
  const line = lineAt(place);
  state.selected = null;
  state.line = line;
  changed();
  if (line) say(`${apart(line.a.label)} ${sayLine(line)} ${apart(line.b.label)}`);
}

/** Open or close a cluster, and look at what is in it. */
function enter(cluster) {
  toggle(cluster);
  const hull = hulls().find((one) => one.cluster === cluster);
  if (!hull) return reveal(cluster);
  const [wide, high] = [hull.right - hull.left, hull.bottom - hull.top];
  const scale = Math.min(stage.clientWidth / (wide + 60), stage.clientHeight / (high + 80), 1.4);
  moveTo({ x: (hull.left + hull.right) / 2, y: (hull.top + hull.bottom) / 2 }, scale);
}

let waiting = null;
function hover(event) {
  if (dragging || event.pointerType === 'touch') return;
  const box = stage.getBoundingClientRect();
  const place = { x: event.clientX - box.left, y: event.clientY - box.top };
  if (!waiting) requestAnimationFrame(() => { point(waiting); waiting = null; });
  waiting = place;
}

/** Point at what is under a place: the mark stands out with its neighbours; a line says what it is. */
function point(place) {
  const mark = place ? markAt(place) : null;
  const line = place && !mark ? lineAt(place) : null;
  stage.classList.toggle('over', Boolean(mark || line || (place && hullAt(place))));
  tip(mark ?? line, place);
  if (mark === state.hovered) return;
  state.hovered = mark;
  relight();
}

/** Show a line of words beside the pointer. */
function tip(what, place) {
  const box = byId('tip');
  box.hidden = !what;
  if (!what) return;
  const title = what.of ? `${what.a.label} ${sayLine(what)} ${what.b.label}` : what.label;
  const more = what.of ? counted(what.of.flatMap((line) => line.claims).length, 'claim')
    : what.is_cluster ? `group of ${counted(within(what).length, 'thing')}; click to open`
      : [what.kind, what.group, what.status, what.note].filter(Boolean).join(' · ');
  box.replaceChildren(words(title.slice(0, 200), 'strong'), words(more, 'span'));
  const left = Math.min(place.x + 14, stage.clientWidth - box.offsetWidth - 8);
  box.style.transform = `translate(${Math.max(4, left)}px, ${Math.min(place.y + 16, stage.clientHeight - box.offsetHeight - 4)}px)`;
}

/** With Control the wheel zooms. Without, it moves a list up and down, and at its end the page; a map zooms once chosen. */
function wheel(event) {
  if (event.ctrlKey || event.metaKey) return;
  const view = viewNow();
  const box = bounds();
  const far = event.deltaY / view.scale;
  if (!flows) {
    if (!stage.contains(document.activeElement)) event.stopImmediatePropagation();
    return;
  }
  event.stopImmediatePropagation();
  const room = far > 0 ? box.bottom + 24 / view.scale - view.bottom : box.top - 24 / view.scale - view.top;
  if (Math.sign(room) !== Math.sign(far)) return;
  event.preventDefault();
  const step = Math.sign(far) * Math.min(Math.abs(far), Math.abs(room));
  const { x, y } = network.getViewPosition();
  moved = true;
  network.moveTo({ position: { x, y: y + step }, animation: false });
  saveLink();
}
