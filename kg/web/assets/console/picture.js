// The picture: triples as a network, rows with a number as bars, other rows as what stands beside what.

const RDF = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#';
const MOST_NODES = 250;
const MOST_BARS = 40;

/** Return the lines of triples. A claim is one line, from its subject to its object; where claims are, only they are drawn. */
const linesOfTriples = (rows) => {
  const said = new Map();
  for (const { subject, predicate, object } of rows) {
    const own = said.get(subject.value) ?? said.set(subject.value, []).get(subject.value);
    own.push([predicate.value, object]);
  }
  const [claims, others] = [new Map(), new Map()];
  const add = (lines, from, relation, to) => lines.set(`${from}\n${relation}\n${to}`, { from, relation, to });
  for (const [subject, pairs] of said) {
    const one = (name) => pairs.find(([predicate]) => predicate === RDF + name)?.[1];
    const [from, relation, to] = [one('subject'), one('predicate'), one('object')];
    if (from && relation && isIri(to)) add(claims, from.value, relation.value, to.value);
    for (const [predicate, object] of pairs) {
      if (object.type !== 'literal' && predicate !== `${RDF}type`) add(others, subject, predicate, object.value);
    }
  }
  return [...(claims.size ? claims : others).values()];
};

const linesOfRows = (columns, rows) => {
  const [first, ...others] = columns.filter((column) => rows.some((row) => isIri(row[column])));
  const lines = new Map();
  for (const row of rows) {
    for (const other of others) {
      if (!isIri(row[first]) || !isIri(row[other]) || row[first].value === row[other].value) continue;
      const line = { from: row[first].value, relation: other, to: row[other].value };
      lines.set(Object.values(line).join('\n'), line);
    }
  }
  return [...lines.values()];
};

const kindOf = (iri) => {
  const kind = iri.startsWith(BASE) ? iri.slice(BASE.length).split('/')[0] : '';
  return kind in kg.signs ? kind : '';
};

/** Return the names of nodes, as the dataset has them. */
const namesOf = async (iris) => {
  const safe = iris.filter((iri) => /^[a-z][a-z0-9+.-]*:[^<>"{}|^`\\\s]*$/i.test(iri));
  const row = safe.map((iri) => `<${iri}>`).join(' ');
  const query = `${declared} SELECT ?node ?name { VALUES ?node { ${row} } ?node skos:prefLabel|dcterms:title ?name }`;
  const found = await engine.ask(query, 'SELECT');
  const names = new Map();
  for (const { node, name } of found.results.bindings) {
    if (!names.has(node.value) || name['xml:lang'] === 'en') names.set(node.value, name.value);
  }
  return names;
};

const drawNetwork = async (place, lines) => {
  const degree = new Map();
  for (const { from, to } of lines) for (const end of [from, to]) degree.set(end, (degree.get(end) ?? 0) + 1);
  const order = [...degree.keys()].sort((a, b) => degree.get(b) - degree.get(a) || (a < b ? -1 : 1));
  const drawn = new Set(order.slice(0, MOST_NODES));
  const edges = lines.filter(({ from, to }) => drawn.has(from) && drawn.has(to));
  const names = await namesOf([...drawn]);
  await kg.picture();
  const dark = matchMedia('(prefers-color-scheme: dark)').matches;
  const ink = dark ? '#e8e8ea' : '#1b1b1f';
  const kinds = [...new Set([...drawn].map(kindOf))].sort();
  const sign = (kind) => kg.signs[kind];
  const nodes = [...drawn].map((iri) => {
    const [color, shape] = sign(kindOf(iri));
    const name = names.get(iri) ?? short(iri);
    return { id: iri, label: name.length > 40 ? `${name.slice(0, 39)}…` : name, color, shape, size: 10, font: { color: ink } };
  });
  const note = order.length > drawn.size ? ` Drawn are the ${drawn.size} of ${order.length} with most lines.` : '';
  const words = `${drawn.size} things, ${edges.length} lines. Double-click one to describe it; the table has the same in words.${note}`;
  const canvas = make('div', { class: 'network', role: 'img', 'aria-label': `Picture of ${words}` });
  const button = (label, action, title) => make('button', { type: 'button', 'aria-label': title, onclick: action }, label);
  const network = () => place.network;
  const bar = make(
    'div', { class: 'row' },
    button('−', () => network().moveTo({ scale: network().getScale() / 1.3 }), 'Zoom out'),
    button('+', () => network().moveTo({ scale: network().getScale() * 1.3 }), 'Zoom in'),
    button('Fit', () => network().fit(), 'Fit the picture'),
    ...kinds.map((kind) => {
      const swatch = make('span', { class: 'swatch', 'aria-hidden': 'true' }, kg.marks[sign(kind)[1]] ?? '●');
      swatch.style.color = sign(kind)[0];
      return make('span', { class: 'key' }, swatch, kind || 'other');
    }),
  );
  place.replaceChildren(bar, canvas, make('p', { class: 'note' }, words));
  place.network = new vis.Network(
    canvas,
    {
      nodes,
      edges: edges.map(({ from, to, relation }) => ({
        from, to, arrows: 'to', label: edges.length <= 80 ? short(relation).replace(/^.*:/, '') : undefined,
        color: { color: dark ? '#8a8a92' : '#77777f' },
        font: { color: ink, strokeWidth: 0, size: 11, background: dark ? '#1b1b1f' : '#ffffff' },
      })),
    },
    {
      layout: { randomSeed: 7, improvedLayout: false },
      physics: { solver: 'forceAtlas2Based', forceAtlas2Based: { springLength: 120 }, stabilization: { iterations: 250 } },
      interaction: { keyboard: { enabled: true, bindToWindow: false }, tooltipDelay: 1e9 },
    },
  );
  place.network.once('stabilizationIterationsDone', () => {
    place.network.setOptions({ physics: false });
    place.network.fit();
    place.dataset.drawn = 'network';
  });
  place.network.on('doubleClick', ({ nodes: [iri] }) => iri && describe(iri));
};

const drawBars = (place, rows, label, number) => {
  const some = rows.slice(0, MOST_BARS);
  const most = Math.max(...some.map((row) => Math.abs(Number(row[number].value))), 1e-12);
  const lines = some.map((row) => {
    const bar = make('span', { class: 'bar' });
    bar.style.width = `${(60 * Math.abs(Number(row[number].value))) / most}%`;
    return make('li', {}, make('span', { class: 'name', dir: 'auto' }, shown(row[label])), bar, make('span', {}, row[number].value));
  });
  const note = rows.length > some.length ? ` The first ${some.length} of ${rows.length} rows.` : '';
  place.replaceChildren(
    make('p', { class: 'note' }, `${number} of each ${label}.${note}`),
    make('ol', { class: 'bars', 'aria-label': `${number} of each ${label}` }, ...lines),
  );
  place.dataset.drawn = 'bars';
};

/** Draw a result as well as it can be drawn, or say why not. */
const showPicture = async (place, { form, head, results }) => {
  place.network?.destroy();
  place.network = null;
  place.dataset.drawn = '';
  const rows = results.bindings;
  const full = (column, test) => rows.length > 0 && rows.every((row) => test(row[column]));
  const number = head.vars.find((column) => full(column, isNumber));
  const label = head.vars.find((column) => column !== number && rows.some((row) => row[column] && !isNumber(row[column])));
  if (form === 'SELECT' && number && label) {
    drawBars(place, rows.filter((row) => row[label]), head.vars.find((column) => column !== number && full(column, (term) => term?.type === 'literal' && !isNumber(term))) ?? label, number);
    return;
  }
  const lines = form === 'SELECT' ? linesOfRows(head.vars, rows) : linesOfTriples(rows);
  if (lines.length) await drawNetwork(place, lines);
  else {
    place.replaceChildren(make('p', { class: 'note' }, 'Nothing to draw: a picture needs IRIs that are tied to each other, or a number beside a name.'));
    place.dataset.drawn = 'nothing';
  }
};
