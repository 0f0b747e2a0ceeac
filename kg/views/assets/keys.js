// The picture by keyboard: from mark to mark, into groups and details, nearer and farther.

const ARROWS = new Map([['ArrowLeft', [-1, 0]], ['ArrowRight', [1, 0]], ['ArrowUp', [0, -1]], ['ArrowDown', [0, 1]]]);

function keys(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const act = ARROWS.has(event.key) ? () => walk(...ARROWS.get(event.key)) : new Map([
    ['Enter', () => enterChosen()], [' ', () => enterChosen()],
    ['Escape', () => { state.query = ''; byId('search').value = ''; choose(null); }],
    ['Backspace', () => { const up = state.selected?.parent; if (up) enter(up); }],
    ['+', () => zoom(1.3)], ['=', () => zoom(1.3)], ['-', () => zoom(1 / 1.3)], ['0', () => fit(false, true)],
    ['Home', () => goTo(first())],
  ]).get(event.key);
  if (!act) return;
  event.preventDefault();
  act();
}

function enterChosen() {
  if (!state.selected) goTo(first());
  else if (state.selected.is_cluster) enter(state.selected);
  else byId('panel').focus();
}

/** Return the mark to begin with: the most important, and of these the leftmost and topmost. */
function first() {
  const order = (a, b) => b.weight - a.weight || a.at.x - b.at.x || a.at.y - b.at.y;
  return [...drawn.marks].sort(order)[0] ?? null;
}

function goTo(mark) {
  if (!mark) return;
  choose(mark);
  reveal(mark);
}

/** Move to the neighbour that lies that way, or else to the nearest mark that does. */
function walk(dx, dy) {
  const here = state.selected;
  if (!here) return goTo(first());
  const near = drawn.neighbours.get(here);
  const cost = (mark) => {
    const [x, y] = [mark.at.x - here.at.x, mark.at.y - here.at.y];
    const [ahead, aside] = [x * dx + y * dy, Math.abs(x * dy) + Math.abs(y * dx)];
    return ahead > 0 && aside <= ahead * 2 ? ahead + 2 * aside : Infinity;
  };
  for (const marksThere of [[...near], drawn.marks]) {
    const best = marksThere.filter((mark) => mark !== here && cost(mark) < Infinity)
      .sort((a, b) => cost(a) - cost(b) || a.id - b.id)[0];
    if (best) return goTo(best);
  }
  say('Nothing lies that way');
}

function zoom(factor) {
  if (!network) return;
  moved = true;
  moveTo(network.getViewPosition(), network.getScale() * factor);
}
