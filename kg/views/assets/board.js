// The board: the answer at a glance. It stands in the page without any script; with one, its things can be chosen, are
// filtered and searched, and light up what they are about.

const board = document.querySelector('.board');
/** The elements of the board that stand for a mark. */
const standing = new Map();

/** Return the mark that a link of the board names. */
function markOf(element) {
  return markNamed(new URLSearchParams(element?.hash.slice(1)).get('node'));
}

function startBoard() {
  if (!board) return;
  for (const made of board.querySelectorAll('a.to')) {
    const mark = markOf(made);
    if (!mark) continue;
    if (!standing.has(mark)) standing.set(mark, []);
    standing.get(mark).push(made);
  }
  for (const part of board.querySelectorAll('.roving')) roving(part, 'a.to');
  board.addEventListener('click', (event) => {
    const mark = markOf(event.target.closest('a.to'));
    if (!mark || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    choose(mark === state.selected ? null : mark);
    if (event.detail === 0) byId('panel').focus(); // by keyboard
  });
  byId('filters').addEventListener('click', () => {
    const closed = byId('legend').toggleAttribute('hidden');
    byId('filters').setAttribute('aria-expanded', String(!closed));
  });
  byId('network').addEventListener('toggle', () => {
    if (byId('network').open) showNetwork();
    saveLink();
  });
  onChange(showBoard);
}

/** Show what the filters leave, count it, and mark what is chosen. */
function showBoard() {
  for (const [mark, elements] of standing) {
    const gone = !passes(mark);
    for (const made of elements) {
      const row = made.closest('li, tr');
      if (row) row.hidden = gone;
      if (mark === state.selected) made.setAttribute('aria-current', 'true');
      else made.removeAttribute('aria-current');
    }
  }
  for (const number of board.querySelectorAll('.n')) {
    const scope = number.closest('h3')?.nextElementSibling ?? number.closest('section');
    const all = [...scope.querySelectorAll('.thing')];
    const left = all.filter((made) => !made.closest('li').hidden).length;
    number.textContent = left === all.length ? `${left}` : `${left} of ${all.length}`;
  }
  lightBoard();
}

/** Let what is searched for stand out. */
function lightBoard() {
  for (const [mark, elements] of standing) {
    for (const made of elements) made.classList.toggle('dim', Boolean(state.query) && !matches(mark));
  }
}

/** Bring what stands for a mark into sight, and return it. */
function revealOnBoard(mark) {
  const made = standing.get(mark)?.[0] ?? null;
  made?.scrollIntoView({ block: 'nearest' });
  return made;
}

let starting = null;
/** Draw the network when it is asked for first: only then vis-network is unpacked. */
function showNetwork() {
  starting ??= loadVis().then(() => {
    work();
    suitHeight();
    startPicture();
    refresh();
    loadView(new URLSearchParams(location.hash.slice(1)));
    reading.usable = performance.now();
  });
  return starting;
}
