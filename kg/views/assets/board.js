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
  startLights();
  startTicks();
  onChange(showBoard);
}

/** Light up what a thing is tied to: of a step the whole chain before and after it. */
function startLights() {
  for (const part of board.querySelectorAll('.lights')) {
    const point = (event) => {
      const mark = markOf(event.target.closest('a.to'));
      const found = mark && (part.classList.contains('way') ? chain(mark) : around(mark));
      board.classList.toggle('lit-up', Boolean(found));
      for (const [other, elements] of standing) {
        for (const made of elements) made.classList.toggle('lit', Boolean(found?.has(other)));
      }
    };
    part.addEventListener('pointerover', point);
    part.addEventListener('pointerleave', () => point({ target: part }));
  }
}

/** Return a mark with those it is tied to. */
function around(mark) {
  return new Set([mark, ...mark.touching.flatMap((line) => [marks[line.from], marks[line.to]])]);
}

/** Return a mark with all that comes before it, and all that comes after. */
function chain(mark) {
  const found = new Set([mark]);
  for (const [near, far] of [['to', 'from'], ['from', 'to']]) {
    const left = [mark];
    const seen = new Set(left);
    while (left.length) {
      const here = left.pop();
      for (const line of here.touching) {
        const next = marks[line[far]];
        if (marks[line[near]] !== here || seen.has(next)) continue;
        seen.add(next);
        found.add(next);
        left.push(next);
      }
    }
  }
  return found;
}

/** Steps that are done; the address keeps them. */
const done = new Set();

function startTicks() {
  for (const made of board.querySelectorAll('a.step')) {
    const mark = markOf(made);
    if (!mark) continue;
    const box = element('input', { type: 'checkbox', className: 'tick', tabIndex: -1, ariaLabel: `Done: ${mark.label}` });
    const tick = () => {
      if (!done.delete(mark)) done.add(mark);
      showTicks();
      saveLink();
      say(byId('left').textContent);
    };
    box.addEventListener('change', tick);
    made.addEventListener('keydown', (event) => {
      if (event.key !== ' ') return;
      event.preventDefault();
      tick();
    });
    made.before(box);
  }
}

/** Show what is done, and count what is left. */
function showTicks() {
  const all = [...board.querySelectorAll('a.step')];
  for (const made of all) {
    const is = done.has(markOf(made));
    made.parentElement.classList.toggle('done', is);
    made.previousElementSibling.checked = is;
  }
  if (all.length && done.size) byId('left').textContent = `${all.length - done.size} of ${counted(all.length, 'step')} left`;
  else if (all.length) byId('left').textContent = 'Tick off what is done: the link keeps it.';
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
    const all = [...scope.querySelectorAll('.thing, .step, .tellings li > a')];
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
