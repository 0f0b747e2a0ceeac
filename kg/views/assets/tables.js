// The same content as text: every table can be sorted by each of its columns; long ones are written when they are opened.

const MOST_WRITTEN = 500;
const sense = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** Let readers sort a table by its headings. */
function sortable(table) {
  for (const head of table.tHead?.rows[0]?.cells ?? []) {
    if (!head.textContent.trim()) continue;
    const made = button('', () => sort(table, head), { className: 'sort' });
    made.append(...head.childNodes);
    head.append(made);
    head.setAttribute('aria-sort', 'none');
  }
}

function sort(table, head) {
  const down = head.getAttribute('aria-sort') === 'ascending';
  for (const other of head.parentNode.cells) if (other.hasAttribute('aria-sort')) other.setAttribute('aria-sort', 'none');
  head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
  table.fill?.(); // all rows, before they are put in order
  const body = table.tBodies[0];
  const text = (row) => row.cells[head.cellIndex]?.textContent ?? '';
  const rows = [...body.rows].map((row) => [text(row), row]);
  const empty = (value) => value === '';
  rows.sort(([a], [b]) => empty(a) - empty(b) || (down ? -1 : 1) * sense.compare(a, b));
  body.append(...rows.map(([, row]) => row));
  say(`Sorted by ${head.textContent}, ${down ? 'descending' : 'ascending'}`);
}

/** Return a table of cells: texts, or elements made when a row is written. */
function tableOf(names, rows, label) {
  const head = element('tr', {}, ...names.map((name) => element('th', { scope: 'col' }, name)));
  const body = element('tbody', {});
  const table = element('table', {}, element('thead', {}, head), body);
  const write = (some) => body.append(...some.map((row) => element('tr', {}, ...row().map((cell) => {
    const made = element('td', { dir: 'auto' });
    made.append(cell);
    return made;
  }))));
  write(rows.slice(0, MOST_WRITTEN));
  sortable(table);
  const place = element('div', { className: 'scroll', tabIndex: 0, role: 'region', 'aria-label': label }, table);
  if (rows.length > MOST_WRITTEN) {
    const left = rows.length - MOST_WRITTEN;
    const all = button(`Write the other ${counted(left, 'row')}`, () => table.fill());
    table.fill = () => {
      write(rows.slice(MOST_WRITTEN));
      all.remove();
      delete table.fill;
    };
    place.append(all);
  }
  return place;
}

/** Fill a part of the page when it is opened first. */
function onOpening(id, make) {
  const part = byId(id);
  part.addEventListener('toggle', () => {
    if (part.open && !part.dataset.written) {
      part.dataset.written = 'true';
      part.append(...make());
    }
  });
}

function startTables() {
  document.querySelectorAll('table.sortable').forEach(sortable);
  onOpening('rows', () => {
    const rows = rowsOf(raw.rows);
    const names = [...Object.keys(raw.rows.coded), ...Object.keys(raw.rows.plain)];
    const inOrder = raw.columns.filter((name) => names.includes(name));
    return [tableOf(inOrder, rows.map((row) => () => inOrder.map((name) => address(row[name]) ? link(row[name], row[name]) : row[name])), 'All rows')];
  });
  onOpening('evidence', () => {
    const names = ['subject', 'relation', 'object', 'source', 'date', 'place', 'who says so', 'wording'];
    const row = (claim) => [
      claim.subject, spaced(claim.relation), claim.object, link(claim.source, claim.url), claim.date, claim.locator,
      ORIGINS.get(claim.origin) ?? claim.origin, [claim.wording, claim.basis].filter(Boolean).join(' – '),
    ];
    return [tableOf(names, raw.evidence.map((number) => () => row(claims[number])), 'Evidence')];
  });
  onOpening('list', () => {
    const order = marks.filter((mark) => !mark.is_cluster)
      .sort((a, b) => page.groups.indexOf(a.group) - page.groups.indexOf(b.group) || sense.compare(a.label, b.label));
    const list = element('div', { className: 'marks-table' });
    const row = (mark) => [markButton(mark), mark.kind, mark.group, mark.status, mark.note, String(mark.touching.length)];
    list.append(tableOf(['name', 'kind', 'group', 'status', 'note', 'lines'], order.map((mark) => () => row(mark)), 'Everything drawn'));
    roving(list, 'button.mark');
    return [list];
  });
}
