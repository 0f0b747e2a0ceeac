// The legend says what each sign means, and each of its entries switches what it names off and on.

const SHOWN_SOURCES = 6;

/** Return the values of each filter with how often they occur, in the order to read them. */
function entries() {
  const count = (values) => {
    const found = new Map();
    for (const value of values) if (value) found.set(value, (found.get(value) ?? 0) + 1);
    return found;
  };
  const real = marks.filter((mark) => !mark.is_cluster);
  const used = new Set([...lines.flatMap((line) => line.claims), ...marks.flatMap((mark) => mark.claims)]);
  const by = (name) => count([...used].map((number) => claims[number][name]));
  const ordered = (found, order) => order.filter((value) => found.has(value)).map((value) => [value, found.get(value)]);
  const often = (found) => [...found].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return new Map([
    ['kind', ordered(count(real.map((mark) => mark.kind)), [...kinds.keys()])],
    ['group', ordered(count(real.map((mark) => mark.group)), page.groups)],
    ['status', often(count(real.map((mark) => mark.status)))],
    ['origin', ordered(by('origin'), [...new Set([...ORIGINS.keys(), ...by('origin').keys()])])],
    ['source', often(by('source'))],
  ]);
}

const TITLES = new Map([['kind', 'Kind'], ['group', 'Group'], ['status', 'Status'], ['origin', 'Who says so'], ['source', 'Source']]);

/** Build the legend. */
function startLegend() {
  const legend = byId('legend');
  const inner = element('div', {});
  for (const [name, values] of entries()) {
    const least = name === 'kind' || name === 'group' ? 1 : 2;
    if (values.length >= least) inner.append(filter(name, values));
  }
  const styles = [...new Set(lines.map((line) => line.style))];
  if (styles.some((style) => style !== 'solid')) inner.append(lineSigns(styles));
  inner.append(element('p', {}, button('Show everything', () => {
    for (const off of state.off.values()) off.clear();
    changed();
  }, { id: 'reset', className: 'quiet' })));
  inner.append(element('div', { id: 'open-groups' }));
  const fold = element('details', { open: innerWidth > 700 }, element('summary', {}, 'Legend and filters'), inner);
  legend.replaceChildren(fold);
  onChange(showFilters);
}

function filter(name, values) {
  const list = element('ul', {});
  values.forEach(([value, number], i) => {
    const box = element('input', { type: 'checkbox', checked: true });
    box.filter = { name, value };
    box.addEventListener('change', () => {
      const off = state.off.get(name);
      if (box.checked) off.delete(value);
      else off.add(value);
      changed();
      say(`${apart(value)} ${box.checked ? 'shown' : 'hidden'}, ${counted(drawn.marks.length, 'thing')} drawn`);
    });
    const label = element('label', {}, box, sign(name, value), words(says(name, value)), element('span', { className: 'count' }, number.toLocaleString('en')));
    list.append(element('li', { hidden: i >= SHOWN_SOURCES + 2 }, label));
  });
  const set = element('fieldset', {}, element('legend', {}, TITLES.get(name)), list);
  const rest = values.length - SHOWN_SOURCES - 2;
  if (rest > 0) {
    const all = button(`${rest} more`, () => {
      for (const item of list.children) item.hidden = false;
      all.remove();
    }, { className: 'quiet' });
    set.append(all);
  }
  return set;
}

function says(name, value) {
  if (name === 'kind') return kinds.get(value)?.plural ?? value;
  return name === 'origin' ? ORIGINS.get(value) ?? value : value;
}

function sign(name, value) {
  if (name === 'kind') return swatch(kinds.get(value).shape, dress(value, 'full', theme));
  if (name === 'status') return swatch('dot', dress(null, STATUSES.get(value) ?? 'full', theme));
  return null;
}

/** Draw the signs anew, after light and dark change. */
function relightLegend() {
  for (const { filter: { name, value }, parentElement } of byId('legend').querySelectorAll('input')) {
    parentElement.querySelector('svg')?.replaceWith(sign(name, value));
  }
}

/** Return what the styles of lines mean. */
function lineSigns(styles) {
  const list = element('ul', {});
  for (const [style, { dash, meaning }] of [...STYLES].filter(([one]) => styles.includes(one))) {
    list.append(element('li', { className: 'row' }, swatch('line', { stroke: 'var(--muted)', dash }, 22), meaning));
  }
  return element('fieldset', {}, element('legend', {}, 'Lines'), list);
}

/** Show what is switched off, and the open groups with a way to close each. */
function showFilters() {
  for (const box of byId('legend').querySelectorAll('input')) {
    box.checked = !state.off.get(box.filter.name).has(box.filter.value);
  }
  byId('reset').disabled = FILTERS.every((name) => state.off.get(name).size === 0);
  const groups = byId('open-groups');
  const held = groups.contains(document.activeElement);
  const items = [...state.open].map((cluster) => element('li', {}, button(`Close ${apart(cluster.label.slice(0, 60))}`, () => enter(cluster), { className: 'quiet' })));
  groups.replaceChildren(...(items.length ? [element('h3', {}, 'Open groups'), element('ul', {}, ...items)] : []));
  if (held) (groups.querySelector('button') ?? byId('reset')).focus();
}
