// Search with the keyboard: a box with a list of hits below, as the combobox pattern of ARIA has it.

const MOST_HITS = 12;
let hits = [];
let active = -1;

/** Return the marks that answer to a text, best first: the whole name, its beginning, a word in it, anything. */
function find(text) {
  const wanted = plain(text.trim());
  if (!wanted) return [];
  const grade = (mark) => {
    const label = plain(mark.label.slice(0, 2000));
    if (label === wanted) return 0;
    if (label.startsWith(wanted)) return 1;
    const at = label.indexOf(wanted);
    if (at > 0) return /[\p{L}\p{N}]/u.test(label[at - 1]) ? 3 : 2;
    return plain(mark.note).includes(wanted) ? 4 : 9;
  };
  return marks.map((mark) => [grade(mark), mark]).filter(([found, mark]) => found < 9 && passes(mark))
    .sort((a, b) => a[0] - b[0] || b[1].weight - a[1].weight || a[1].id - b[1].id).map(([, mark]) => mark);
}

function startSearch() {
  const box = byId('search');
  box.addEventListener('input', () => { state.query = plain(box.value.trim()); offer(); relight(); saveLink(); });
  box.addEventListener('focus', () => { if (box.value) offer(); });
  box.addEventListener('blur', close);
  box.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && hits.length) {
      event.preventDefault();
      activate((active + step + hits.length) % hits.length);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      const mark = hits[Math.max(active, 0)];
      if (mark) take(mark);
    } else if (event.key === 'Escape') {
      event.preventDefault();
      if (hits.length && !byId('hits').hidden) close();
      else clear();
    }
  });
  document.addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.target.matches?.('input, textarea')) return;
    event.preventDefault();
    box.focus();
    box.select();
  });
}

/** Show the hits for what stands in the box. */
function offer() {
  const found = find(byId('search').value);
  hits = found.slice(0, MOST_HITS);
  active = -1;
  const list = byId('hits');
  list.replaceChildren(...hits.map((mark, i) => {
    const look = kinds.get(mark.kind);
    const item = element('li', { role: 'option', id: `hit-${i}`, 'aria-selected': 'false' },
      mark.is_cluster || !look ? null : swatch(look.shape, dress(mark.kind, mark.fill, theme)),
      words(mark.label.slice(0, 120)), element('span', { className: 'count' }, mark.is_cluster ? 'group' : mark.kind));
    item.addEventListener('pointerdown', (event) => { event.preventDefault(); take(mark); });
    return item;
  }));
  list.hidden = hits.length === 0;
  byId('search').setAttribute('aria-expanded', String(hits.length > 0));
  byId('search').removeAttribute('aria-activedescendant');
  if (byId('search').value.trim()) say(found.length ? `${counted(found.length, 'hit')}` : 'No hits');
}

function activate(number) {
  active = number;
  [...byId('hits').children].forEach((item, i) => item.setAttribute('aria-selected', String(i === number)));
  byId('search').setAttribute('aria-activedescendant', `hit-${number}`);
  byId(`hit-${number}`).scrollIntoView({ block: 'nearest' });
}

function take(mark) {
  clear();
  goTo(mark);
  (standing.get(mark)?.[0] ?? stage).focus({ preventScroll: true });
}

function clear() {
  byId('search').value = '';
  state.query = '';
  close();
  relight();
}

function close() {
  hits = [];
  byId('hits').hidden = true;
  byId('search').setAttribute('aria-expanded', 'false');
  byId('search').removeAttribute('aria-activedescendant');
}
