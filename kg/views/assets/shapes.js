// The signs of kinds as SVG paths around (0, 0): one drawing for the canvas, the legend and the saved picture.

/** Return the corners of a figure as a path. */
function corners(number, radius, turn, inner = 0) {
  const points = [];
  const all = inner ? number * 2 : number;
  for (let i = 0; i < all; i += 1) {
    const r = inner && i % 2 ? inner : radius;
    const angle = turn + (i * 2 * Math.PI) / all;
    points.push(`${(r * Math.cos(angle)).toFixed(2)} ${(r * Math.sin(angle)).toFixed(2)}`);
  }
  return `M${points.join('L')}Z`;
}

const UP = -Math.PI / 2;
const FIGURES = new Map([
  ['dot', (r) => `M${-r} 0A${r} ${r} 0 1 0 ${r} 0A${r} ${r} 0 1 0 ${-r} 0Z`],
  ['square', (r) => corners(4, r * 1.22, Math.PI / 4)],
  ['diamond', (r) => corners(4, r * 1.2, 0)],
  ['triangle', (r) => corners(3, r * 1.25, UP)],
  ['triangleDown', (r) => corners(3, r * 1.25, -UP)],
  ['hexagon', (r) => corners(6, r * 1.08, 0)],
  ['star', (r) => corners(5, r * 1.35, UP, r * 0.6)],
]);
const drawnFigures = new Map();

/** Return the path of a shape of a radius. */
function figure(shape, radius) {
  const name = `${shape} ${radius}`;
  if (!drawnFigures.has(name)) drawnFigures.set(name, { d: (FIGURES.get(shape) ?? FIGURES.get('dot'))(radius) });
  return drawnFigures.get(name);
}

const UNCERTAIN = new Set(['beta', 'announced', 'planned', 'ending', 'retiring', 'unverified']);

/** Return how a status shows on a mark: filled, half filled with a dashed edge, or hollow. */
function standing(status) {
  if (status === 'retired') return 'hollow';
  return UNCERTAIN.has(status) ? 'half' : 'full';
}

/** Return how a mark of a kind and status is filled and edged. */
function dress(kind, status, theme) {
  const colour = kinds.get(kind)?.colour ?? theme.muted;
  const how = standing(status);
  if (how === 'full') return { fill: colour, stroke: theme.paper, width: 1.5 };
  return { fill: theme.paper, tint: how === 'half' ? colour : '', stroke: colour, width: 1.4, dash: [2.5, 1.5] };
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
  if (style.tint) add(d, { fill: style.tint, 'fill-opacity': 0.35 });
  add(d, { stroke: style.stroke, 'stroke-width': style.width, 'stroke-dasharray': (style.dash ?? []).join(' ') });
  return svg;
}
