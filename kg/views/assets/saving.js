// The picture as a file: everything drawn, not only what is in sight, with its title, its sentence and its legend.

const MARGIN = 28;

/** Return the pieces of a picture to save: how large it is, and functions that draw it with a pen. On paper the title and
    the sentence stand above it already. */
function composed(onPaper = false) {
  const box = bounds();
  const wide = Math.max(box.right - box.left + 2 * MARGIN, 480);
  const lines = onPaper ? [] : wrap(page.sentence, wide - 2 * MARGIN);
  const top = onPaper ? 0 : 40 + lines.length * 19 + 14;
  const high = top + (box.bottom - box.top) + 2 * MARGIN + 26;
  const at = { x: MARGIN - box.left + (wide - 2 * MARGIN - (box.right - box.left)) / 2, y: top + MARGIN - box.top };
  const view = { scale: 1, left: -Infinity, top: -Infinity, right: Infinity, bottom: Infinity, quick: false };
  return {
    wide, high, at,
    words(pen) {
      if (!onPaper) pen.text(page.title, MARGIN, 34, { size: 20, colour: theme.ink, bold: true });
      lines.forEach((line, i) => pen.text(line, MARGIN, 58 + i * 19, { size: 14, colour: theme.muted }));
      let x = MARGIN;
      for (const { kind, plural, shape } of kinds.values()) {
        const look = dress(kind, 'full', theme);
        pen.path(figure(shape, 6), x + 6, high - 20, { fill: look.fill });
        pen.text(plural, x + 18, high - 16, { size: 12, colour: theme.muted });
        x += 18 + measure(plural) + 20;
      }
    },
    graph(pen) {
      paintUnder(pen, view);
      for (const mark of drawn.marks) paintMark(pen, mark, outNow);
      paintWords(pen, view);
    },
  };
}

/** Return a text in lines that fit a width. */
function wrap(text, wide) {
  const found = [''];
  for (const word of text.slice(0, 600).split(/\s+/)) {
    const longer = `${found.at(-1)} ${word}`.trim();
    if (found.at(-1) && measure(longer) * 14 / LABEL > wide) found.push(word);
    else found[found.length - 1] = longer;
  }
  return found.slice(0, 6);
}

const ESCAPES = new Map([['&', '&amp;'], ['<', '&lt;'], ['>', '&gt;'], ['"', '&quot;'], ["'", '&#39;']]);
/** Return text as XML can hold it. */
function escaped(text) {
  // eslint-disable-next-line no-control-regex
  return String(text).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '').replace(/[&<>"']/g, (one) => ESCAPES.get(one));
}

/** A pen that writes SVG. */
function svgPen(out) {
  const attributes = (pairs) => Object.entries(pairs).filter(([, value]) => value !== undefined && value !== '')
    .map(([name, value]) => ` ${name}="${escaped(value)}"`).join('');
  return {
    path({ d }, x, y, style) {
      if (!d) return;
      const transform = x || y ? `translate(${x.toFixed(1)} ${y.toFixed(1)})` : undefined;
      const dash = style.dash?.length ? style.dash.join(' ') : undefined;
      const alpha = style.alpha === undefined || style.alpha === 1 ? undefined : style.alpha;
      out.push(`<path${attributes({
        d, transform, fill: style.fill ?? 'none', stroke: style.stroke, 'stroke-width': style.stroke && style.width,
        'stroke-dasharray': dash, opacity: alpha,
      })}/>`);
    },
    text(text, x, y, style) {
      const anchor = style.anchor === 'middle' ? 'middle' : undefined;
      const halo = style.plate ? { stroke: theme.paper, 'stroke-width': 4, 'stroke-linejoin': 'round', 'paint-order': 'stroke' } : {};
      out.push(`<text${attributes({
        x: x.toFixed(1), y: y.toFixed(1), 'font-size': style.size, 'font-weight': style.bold ? 600 : undefined,
        fill: style.colour, 'text-anchor': anchor, opacity: style.alpha, ...halo,
      })}>${escaped(apart(text))}</text>`);
    },
  };
}

/** Return the picture as SVG. */
function asSvg(onPaper = false) {
  const { wide, high, at, words: write, graph } = composed(onPaper);
  const out = [];
  write(svgPen(out));
  out.push(`<g transform="translate(${at.x.toFixed(1)} ${at.y.toFixed(1)})">`);
  graph(svgPen(out));
  out.push('</g>');
  const [w, h] = [Math.ceil(wide), Math.ceil(high)];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${w} ${h}" width="${w}" height="${h}" role="img" `
    + `font-family="${escaped(FONT)}"><title>${escaped(page.title)}</title><desc>${escaped(page.sentence)}</desc>`
    + `<rect width="100%" height="100%" fill="${escaped(theme.paper)}"/>${out.join('\n')}</svg>\n`;
}

/** Return the picture as PNG, two pixels for one as far as a canvas can be. */
async function asPng() {
  const { wide, high, at, words: write, graph } = composed();
  const sharp = Math.min(2, 16000 / Math.max(wide, high), Math.sqrt(6e7 / (wide * high)));
  const canvas = element('canvas', { width: Math.ceil(wide * sharp), height: Math.ceil(high * sharp) });
  const ctx = canvas.getContext('2d');
  ctx.scale(sharp, sharp);
  ctx.fillStyle = theme.paper;
  ctx.fillRect(0, 0, wide, high);
  write(canvasPen(ctx));
  ctx.translate(at.x, at.y);
  graph(canvasPen(ctx));
  return new Promise((done) => { canvas.toBlob(done, 'image/png'); });
}

/** Hand a file to the reader. */
function save(blob, ending) {
  const name = (plain(page.title).replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '').slice(0, 60) || page.view) + ending;
  const url = URL.createObjectURL(blob);
  const made = element('a', { href: url, download: name });
  document.body.append(made);
  made.click();
  made.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
  say(`Saved ${name}`);
}

/** Return the still of the board as PNG, two pixels for one. */
async function stillAsPng() {
  const image = new Image();
  image.src = URL.createObjectURL(new Blob([raw.still], { type: 'image/svg+xml' }));
  await image.decode();
  const canvas = element('canvas', { width: image.width * 2, height: image.height * 2 });
  canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(image.src);
  return new Promise((done) => { canvas.toBlob(done, 'image/png'); });
}

function startSaving() {
  const svg = (text) => new Blob([text], { type: 'image/svg+xml' });
  byId('save-png').addEventListener('click', async () => save(await (board ? stillAsPng() : asPng()), '.png'));
  byId('save-svg').addEventListener('click', () => save(svg(board ? raw.still : asSvg()), '.svg'));
  byId('network-png')?.addEventListener('click', async () => save(await asPng(), '-network.png'));
  byId('network-svg')?.addEventListener('click', () => save(svg(asSvg()), '-network.svg'));
  byId('print').addEventListener('click', () => print());
  addEventListener('beforeprint', () => inPrint(true));
  addEventListener('afterprint', () => inPrint(false));
}

let printed = null;
/** Put the whole picture on paper as an image, in light colours, and take it away again. */
function inPrint(on) {
  if (board && !network) {
    if (on) document.documentElement.dataset.printing = 'true';
    else delete document.documentElement.dataset.printing;
  } else if (on && !printed) {
    document.documentElement.dataset.printing = 'true';
    readTheme();
    gather();
    const text = asSvg(true);
    printed = element('img', { className: 'printed', alt: page.title, src: `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}` });
    stage.after(printed);
  } else if (!on && printed) {
    printed.remove();
    printed = null;
    delete document.documentElement.dataset.printing;
    readTheme();
    relight();
  }
}
