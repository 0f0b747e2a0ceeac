// Marks, lines and words are drawn the same on the canvas and in a saved SVG: a pen is either. vis-network calls for the
// marks and keeps the view, dragging, touch and what lies under the pointer; lines and words are ours.

const LABEL = 13;
const NOTE = 11;
const SMALLEST = 10; // pixels on the screen, however far out the zoom
const LARGEST = 19;
const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif';

let theme = {};
/** Read the colours of the style sheet; call it after light and dark change. */
function readTheme() {
  const style = getComputedStyle(document.documentElement);
  const names = ['paper', 'ink', 'muted', 'line', 'accent', 'tint', 'rule'];
  theme = Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
  theme.dark = style.colorScheme === 'dark';
}

/** A pen that draws on a canvas, in the units of the picture. */
function canvasPen(ctx) {
  return {
    path(shape, x, y, style) {
      shape.path ??= new Path2D(shape.d);
      ctx.save();
      ctx.translate(x, y);
      ctx.globalAlpha = style.alpha ?? 1;
      if (style.fill) {
        ctx.fillStyle = style.fill;
        ctx.fill(shape.path);
      }
      if (style.stroke) {
        ctx.strokeStyle = style.stroke;
        ctx.lineWidth = style.width;
        ctx.setLineDash(style.dash ?? []);
        ctx.stroke(shape.path);
      }
      ctx.restore();
    },
    text(text, x, y, style) {
      ctx.save();
      ctx.font = `${style.bold ? 600 : 400} ${style.size}px ${FONT}`;
      ctx.textAlign = style.anchor === 'middle' ? 'center' : 'left';
      ctx.globalAlpha = style.alpha ?? 1;
      if (style.plate) {
        const wide = measure(text, style.bold) * style.size / LABEL;
        const left = style.anchor === 'middle' ? x - wide / 2 : x;
        ctx.fillStyle = theme.paper;
        ctx.globalAlpha *= 0.82;
        ctx.fillRect(left - 2, y - style.size * 0.9, wide + 4, style.size * 1.18);
        ctx.globalAlpha = style.alpha ?? 1;
      }
      ctx.fillStyle = style.colour;
      ctx.fillText(apart(text), x, y);
      ctx.restore();
    },
  };
}

/** Draw what lies under the marks: bands, outlines of open clusters, lines. */
function paintUnder(pen, view) {
  const box = bounds();
  for (const [label, top] of page.bands) {
    pen.path({ d: `M${box.left} ${top}H${box.right}` }, 0, 0, { stroke: theme.rule, width: 1 / Math.min(view.scale, 1) });
    const size = Math.min(readable(NOTE + 1, view.scale), Math.max(NOTE + 1, 9 / view.scale));
    pen.text(label, box.left, top + size * (view.scale > 0.6 ? 1.3 : 0.85), { size, colour: theme.muted, bold: true });
  }
  for (const hull of hulls()) {
    const width = Math.max(1, 0.8 / view.scale);
    pen.path(hull.shape, hull.x, hull.y, { fill: theme.tint, stroke: theme.line, width, dash: [5 * width, 4 * width], alpha: 0.6 });
  }
  const thin = Math.max(1, 0.7 / view.scale);
  for (const bundle of bundles) {
    const look = { ...bundle.look, width: bundle.look.width * thin };
    pen.path(bundle.curves, 0, 0, view.quick ? { ...look, dash: [] } : look);
    if (!view.quick || bundle.on) pen.path(bundle.heads, 0, 0, { fill: look.stroke, alpha: look.alpha });
  }
}

/** Draw one mark. */
function paintMark(pen, mark, out, scale = 1) {
  const alpha = out && !out.has(mark) ? 0.16 : 1;
  const { x, y } = mark.at;
  if (mark.is_cluster) {
    const disc = figure('dot', mark.size);
    const strong = mark === state.hovered || mark === state.selected;
    const width = (strong ? 2.5 : 1) * Math.max(1, 0.8 / scale);
    pen.path(disc, x, y, { fill: theme.tint, stroke: strong ? theme.accent : theme.line, width, alpha });
    return;
  }
  const shape = figure(mark.shape, Math.max(mark.size, Math.round(3.2 / scale))); // never less than a point
  const look = dress(mark.kind, mark.fill, theme);
  pen.path(shape, x, y, { fill: look.fill, alpha });
  if (look.tint) pen.path(shape, x, y, { fill: look.tint, alpha: alpha * look.share });
  pen.path(shape, x, y, { stroke: look.stroke, width: look.width, dash: look.dash, alpha });
  if (mark === state.selected || mark === state.hovered) {
    pen.path(figure('dot', mark.size * 1.35 + 4), x, y, { stroke: theme.accent, width: mark === state.selected ? 2.5 : 1.5 });
  }
}
