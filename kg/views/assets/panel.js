// The details of what is chosen: definition, attributes, neighbours, and every claim with who says so, when and where.

const FIRST = 25;
const ORIGINS = new Map([['article', 'the article says'], ['source', 'a source says'], ['reading', 'our reading'],
  ['derived', 'derived by a rule']]);

/** Show the details of what is chosen. */
function showPanel() {
  const panel = byId('panel');
  panel.scrollTop = 0;
  panel.dataset.full = String(Boolean(state.selected || state.line));
  if (state.selected) panel.replaceChildren(...markDetails(state.selected).filter(Boolean));
  else if (state.line) panel.replaceChildren(...lineDetails(state.line).filter(Boolean));
  else panel.replaceChildren();
  panel.hidden = panel.dataset.full === 'false';
}

function closing() {
  return button('Close', () => {
    const back = standing.get(state.selected)?.[0] ?? (network ? stage : byId('search'));
    choose(null);
    back.focus();
  }, { className: 'quiet close' });
}

function chips(...texts) {
  return element('p', { className: 'chips' }, ...texts.filter(Boolean).map((text) => element('span', { className: 'chip' }, words(text))));
}

function markDetails(mark) {
  const look = kinds.get(mark.kind);
  const head = element('h2', {}, mark.is_cluster || !look ? null : swatch(look.shape, dress(mark.kind, mark.fill, theme), 18), words(mark.label));
  if (mark.is_cluster) return [closing(), head, ...clusterDetails(mark)];
  const parts = [closing(), head, chips(mark.kind, mark.group, mark.status)];
  if (mark.note) parts.push(words(mark.note, 'p'));
  if (mark.details.length) {
    const list = element('dl', {});
    for (const [name, text] of mark.details) list.append(element('dt', {}, words(name)), element('dd', {}, link(text, text)));
    parts.push(list);
  }
  const told = mark.details.some(([, text]) => text === mark.iri);
  if (mark.iri && !told) parts.push(element('p', { className: 'iri' }, link(mark.iri, mark.iri)));
  const own = [...new Set([...mark.claims, ...mark.touching.filter(lineShows).flatMap((line) => line.claims)])].filter(claimShows);
  parts.push(...neighbourList(mark), ...claimList(own));
  return parts;
}

function clusterDetails(cluster) {
  const inside = within(cluster).sort((a, b) => b.weight - a.weight || a.id - b.id);
  const parts = [
    chips(`group of ${counted(inside.length, 'thing')}`),
    element('p', {}, button(state.open.has(cluster) ? 'Close the group' : 'Open the group', () => enter(cluster))),
  ];
  if (cluster.note) parts.push(words(cluster.note, 'p'));
  for (const [name, text] of cluster.details) parts.push(element('p', {}, words(`${name}: `, 'strong'), link(text, text)));
  return [...parts, ...buttonsTo(inside, 'In it')];
}

function lineDetails(line) {
  const head = element('h2', {}, words(`${line.a.label} → ${line.b.label}`));
  const numbers = [...new Set(line.of.flatMap((one) => one.claims))].filter(claimShows);
  const style = { solid: '', dashed: 'optional', dotted: 'our reading or derived' }[line.style];
  return [closing(), head, chips(sayLine(line), style), ...buttonsTo([line.a, line.b], 'Between'), ...claimList(numbers)];
}

function neighbourList(mark) {
  const near = [...drawn.neighbours.get(mark) ?? []].sort((a, b) => b.weight - a.weight || a.id - b.id);
  return buttonsTo(near, `Neighbours (${near.length})`);
}

/** Return a heading and buttons that lead to marks; arrow keys move among them. */
function buttonsTo(many, heading) {
  if (!many.length) return [];
  const list = element('ul', { className: 'marks' });
  const add = (some) => {
    for (const mark of some) list.append(element('li', {}, markButton(mark)));
    roving(list);
  };
  add(many.slice(0, FIRST));
  return [element('h3', {}, heading), list, more(many.length, () => add(many.slice(FIRST)))];
}

/** Return a button that chooses a mark and brings it into sight. */
function markButton(mark) {
  const look = kinds.get(mark.kind);
  const sign = mark.is_cluster || !look ? swatch('dot', { fill: theme.tint, stroke: theme.line, width: 1.5 })
    : swatch(look.shape, dress(mark.kind, mark.fill, theme));
  const made = button('', () => goTo(mark), { className: 'mark' });
  made.append(sign, words(mark.label.slice(0, 160)));
  return made;
}

function more(number, act) {
  if (number <= FIRST) return null;
  const made = button(`Show all ${number.toLocaleString('en')}`, () => { made.remove(); act(); }, { className: 'quiet' });
  return made;
}

/** Return claims as a list, by what they say. */
function claimList(numbers) {
  if (!numbers.length) return [];
  const list = element('ul', { className: 'claims' });
  const add = (some) => list.append(...some.map((number) => claimItem(claims[number])));
  add(numbers.slice(0, FIRST));
  return [element('h3', {}, `Claims (${numbers.length})`), list, more(numbers.length, () => add(numbers.slice(FIRST)))];
}

function claimItem(claim) {
  const item = element('li', {},
    element('p', { className: 'said' }, words(claim.subject), ' ', words(spaced(claim.relation), 'em'), ' ', words(claim.object),
      claim.essential ? element('span', { className: 'chip' }, claim.essential) : null),
    element('p', { className: 'who' }, link(claim.source, claim.url), ...[claim.date, claim.locator].filter(Boolean).flatMap((part) => [', ', words(part)]),
      ` · ${ORIGINS.get(claim.origin) ?? claim.origin}`));
  if (claim.wording) item.append(element('blockquote', {}, words(claim.wording)));
  if (claim.basis) item.append(element('p', { className: 'basis' }, 'Basis: ', words(claim.basis)));
  return item;
}

/** Return the name of a relation as words: hasPrerequisite → has prerequisite. */
function spaced(relation) {
  return relation.replace(/([a-z])([A-Z])/g, (_, a, b) => `${a} ${b.toLowerCase()}`);
}
