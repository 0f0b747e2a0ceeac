// The signs of kinds as SVG paths around (0, 0): one drawing for the canvas, the legend and the saved picture. What they are
// comes as data (kg/model/signs.py).

const SHAPES = new Map(Object.entries(page.shapes));
const FILLS = new Map(Object.entries(page.fills));
const STATUSES = new Map(Object.entries(page.statuses));
const STYLES = new Map(Object.entries(page.styles).map(([style, [dash, meaning]]) => [style, { dash, meaning }]));

/** Return the outline of a shape (kg/model/signs.py) as a path. */
function outline([corners, turn, outer, inner], radius) {
  if (!corners) return `M${-radius} 0A${radius} ${radius} 0 1 0 ${radius} 0A${radius} ${radius} 0 1 0 ${-radius} 0Z`;
  const points = [];
  const all = inner ? corners * 2 : corners;
  for (let i = 0; i < all; i += 1) {
    const r = radius * (inner && i % 2 ? inner : outer);
    const angle = turn + (i * 2 * Math.PI) / all;
    points.push(`${(r * Math.cos(angle)).toFixed(2)} ${(r * Math.sin(angle)).toFixed(2)}`);
  }
  return `M${points.join('L')}Z`;
}

const drawnFigures = new Map();

/** Return the path of a shape of a radius. */
function figure(shape, radius) {
  const name = `${shape} ${radius}`;
  if (!drawnFigures.has(name)) drawnFigures.set(name, { d: outline(SHAPES.get(shape), radius) });
  return drawnFigures.get(name);
}

/** Return how a mark of a kind is drawn: the paper and the share of its colour on it, and its edge. */
function dress(kind, fill, theme) {
  const colour = kinds.get(kind)?.[theme.dark ? 'dark' : 'light'] ?? theme.muted;
  const [share, dash] = FILLS.get(fill);
  if (share === 1) return { fill: colour, stroke: theme.paper, width: 1.5 };
  return { fill: theme.paper, tint: share ? colour : '', share, stroke: colour, width: 1.4, dash };
}

/** Return a small picture of a sign for the legend and the details, as an SVG element. */
function swatch(shape, style, size = 16) {
  const ns = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(ns, 'svg');
  const attributes = { viewBox: '-10 -10 20 20', width: size, height: size, 'aria-hidden': 'true', class: 'swatch' };
  for (const [name, value] of Object.entries(attributes)) svg.setAttribute(name, value);
  const add = (d, more) => {
    const path = document.createElementNS(ns, 'path');
    for (const [name, value] of Object.entries({ d, fill: 'none', ...more })) path.setAttribute(name, value);
    svg.append(path);
  };
  if (shape === 'line') {
    add('M-10 0H10', { stroke: style.stroke, 'stroke-width': 2, 'stroke-dasharray': (style.dash ?? []).join(' ') });
    return svg;
  }
  const { d } = figure(shape, 6);
  add(d, { fill: style.fill });
  if (style.tint) add(d, { fill: style.tint, 'fill-opacity': style.share });
  add(d, { stroke: style.stroke, 'stroke-width': style.width, 'stroke-dasharray': (style.dash ?? []).join(' ') });
  return svg;
}
