// The table: every column sorts, every IRI can be described here or, where it is an address, opened outside.

const STEP = 500;

const cellOf = (term) => {
  if (!term) return make('td', { class: 'none' }, '');
  if (!isIri(term)) {
    const found = make('td', { class: isNumber(term) ? 'number' : null, dir: 'auto' }, shown(term));
    if (term['xml:lang']) found.append(make('span', { class: 'tag' }, `@${term['xml:lang']}`));
    return found;
  }
  const name = kg.card // where a server has a card for each node
    ? make('a', { class: 'iri', title: term.value, href: kg.card + encodeURIComponent(term.value) }, short(term.value))
    : make('button', { type: 'button', class: 'iri', title: term.value, onclick: () => describe(term.value) }, short(term.value));
  const found = make('td', {}, name);
  const address = outside(term.value);
  if (address) {
    const link = { href: address, target: '_blank', rel: 'noopener noreferrer', 'aria-label': `Open ${term.value} in a new tab` };
    found.append(' ', make('a', link, '↗'));
  }
  return found;
};

/** Show rows as a table that sorts, so many at a time. */
const showTable = (place, columns, rows) => {
  let sorted = rows;
  let by = { column: null, down: false };
  let count = STEP;
  const body = make('tbody');
  const more = make('button', { type: 'button', onclick: () => { count += STEP; fill(); } });
  const heads = columns.map((column) => {
    const button = make('button', { type: 'button', onclick: () => sortBy(column) }, column);
    return make('th', { scope: 'col', 'aria-sort': 'none' }, button);
  });
  const fill = () => {
    body.replaceChildren(...sorted.slice(0, count).map((row) => make('tr', {}, ...columns.map((column) => cellOf(row[column])))));
    more.hidden = sorted.length <= count;
    more.textContent = `Show ${Math.min(STEP, sorted.length - count)} more of ${sorted.length} rows`;
  };
  const sortBy = (column) => {
    by = { column, down: by.column === column && !by.down };
    sorted = rows.toSorted?.((a, b) => compare(a[column], b[column])) ?? [...rows].sort((a, b) => compare(a[column], b[column]));
    if (by.down) sorted.reverse();
    heads.forEach((head, i) => head.setAttribute('aria-sort', columns[i] !== column ? 'none' : by.down ? 'descending' : 'ascending'));
    fill();
  };
  const table = make('table', {}, make('thead', {}, make('tr', {}, ...heads)), body);
  place.replaceChildren(make('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Rows' }, table), more);
  fill();
};

/** Text that a spreadsheet would run as a formula gets an apostrophe before it, as in `kg … --format csv`. */
const csvCell = (term) => {
  if (!term) return '';
  const text = isNumber(term) || !/^[=+\-@\t\r]/.test(term.value) ? term.value : `'${term.value}`;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};
const csvOf = (columns, rows) =>
  [columns.join(','), ...rows.map((row) => columns.map((column) => csvCell(row[column])).join(','))].join('\r\n') + '\r\n';

const save = (name, type, text) => {
  const link = make('a', { href: URL.createObjectURL(new Blob([text], { type })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
};
