// The ways of lines, and lines that look alike gathered into one path: a stroke for hundreds of them. vis-network strokes
// each line by itself, and so falls under 20 frames a second at some hundreds.

const SAME_COLUMN = 60;

/** Whether a line is drawn as a curve from side to side. */
function isCurved(line) {
  return page.columns.length > 1 || line.a.beside || line.b.beside;
}

/** Return how far to the left the handles of a line within a column lie. */
function swing(a, b, shift) {
  return Math.min(a.x, b.x) - 24 - Math.min(90, Math.abs(a.y - b.y) * 0.22) - Math.abs(shift);
}

/** Return the way of a line: a curve from side to side where marks stand in columns, else straight. */
function route(line) {
  const { x: x1, y: y1 } = line.a.at;
  const { x: x2, y: y2 } = line.b.at;
  const [dx, dy] = [x2 - x1, y2 - y1];
  const reach = line.b.size + 2;
  const shift = line.bend * 14;
  const curved = isCurved(line);
  if (curved && Math.abs(dx) > SAME_COLUMN) {
    const end = x2 - Math.sign(dx) * reach;
    const half = (end - x1) / 2;
    return { curve: [x1, y1, x1 + half, y1 + shift, end - half, y2 + shift, end, y2], angle: dx > 0 ? 0 : Math.PI };
  }
  if (curved) {
    const out = swing(line.a.at, line.b.at, shift);
    const end = x2 - reach;
    return { curve: [x1, y1, out, y1, out, y2, end, y2], angle: 0 };
  }
  const long = Math.hypot(dx, dy) || 1;
  if (!line.bend) {
    const [ex, ey] = [x2 - dx / long * reach, y2 - dy / long * reach];
    return { curve: [x1, y1, x1, y1, ex, ey, ex, ey], straight: true, angle: Math.atan2(dy, dx) };
  }
  const [cx, cy] = [(x1 + x2) / 2 - dy / long * shift * 2, (y1 + y2) / 2 + dx / long * shift * 2];
  const angle = Math.atan2(y2 - cy, x2 - cx);
  const [ex, ey] = [x2 - Math.cos(angle) * reach, y2 - Math.sin(angle) * reach];
  return { curve: [x1, y1, (x1 + 2 * cx) / 3, (y1 + 2 * cy) / 3, (ex + 2 * cx) / 3, (ey + 2 * cy) / 3, ex, ey], angle };
}

/** Return the point of a line at t, 0…1. */
function along(line, t) {
  const [x1, y1, x2, y2, x3, y3, x4, y4] = line.route.curve;
  const [a, b, c, d] = [(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t ** 3];
  return { x: a * x1 + b * x2 + c * x3 + d * x4, y: a * y1 + b * y2 + c * y3 + d * y4 };
}

let bundles = [];
/** Gather lines that look alike into one path each: a stroke for hundreds of lines. */
function gather() {
  const found = new Map();
  const out = lit();
  const few = drawn.lines.length;
  const rest = few < 60 ? 0.75 : few < 300 ? 0.5 : 0.3;
  for (const line of drawn.lines) {
    line.route = route(line);
    const centre = state.hovered ?? state.selected;
    const on = state.line ? line.name === state.line.name : centre ? line.a === centre || line.b === centre
      : !out || (out.has(line.a) && out.has(line.b));
    const strong = on && (centre || state.line);
    const wide = line.weight > 0.67 ? 2 : line.weight > 0.34 ? 1.5 : 1;
    const name = `${on} ${wide} ${line.style}`;
    if (!found.has(name)) {
      const look = {
        stroke: strong ? theme.ink : theme.line, width: strong ? wide + 0.4 : wide, dash: STYLES.get(line.style).dash,
        alpha: strong ? 0.8 : on ? rest : 0.07,
      };
      found.set(name, { on, look, d: [], tips: [], curves: { path: new Path2D() }, heads: { path: new Path2D() } });
    }
    const bundle = found.get(name);
    const [x1, y1, x2, y2, x3, y3, x4, y4] = line.route.curve.map((n) => Math.round(n * 10) / 10);
    const { path } = bundle.curves;
    path.moveTo(x1, y1);
    if (line.route.straight) path.lineTo(x4, y4);
    else path.bezierCurveTo(x2, y2, x3, y3, x4, y4);
    bundle.d.push(line.route.straight ? `M${x1} ${y1}L${x4} ${y4}` : `M${x1} ${y1}C${x2} ${y2} ${x3} ${y3} ${x4} ${y4}`);
    if (line.arrow) {
      const at = (turn, far) => [x4 - far * Math.cos(line.route.angle + turn), y4 - far * Math.sin(line.route.angle + turn)];
      const [left, right] = [at(0.42, 8), at(-0.42, 8)];
      bundle.heads.path.moveTo(x4, y4);
      bundle.heads.path.lineTo(...left);
      bundle.heads.path.lineTo(...right);
      bundle.heads.path.closePath();
      bundle.tips.push(`M${x4} ${y4}L${[...left, ...right].map((n) => n.toFixed(1)).join(' ')}Z`);
    }
  }
  bundles = [...found.values()].sort((a, b) => a.on - b.on);
  for (const bundle of bundles) {
    bundle.curves.d = bundle.d.join('');
    bundle.heads.d = bundle.tips.join('');
  }
}
