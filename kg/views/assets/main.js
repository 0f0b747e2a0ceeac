// The beginning: read, build, show; then say that the page is ready.

const dark = matchMedia('(prefers-color-scheme: dark)');

/** Show the page light or dark; an empty text follows the system. */
function setTheme(name) {
  if (name) document.documentElement.dataset.theme = name;
  else delete document.documentElement.dataset.theme;
  readTheme();
  const isDark = name ? name === 'dark' : dark.matches;
  byId('theme').textContent = isDark ? 'Light' : 'Dark';
  relight();
  showPanel();
  relightLegend();
}

/** Let a low picture take less of the screen than a high one. */
function suitHeight() {
  const box = bounds();
  const scale = startScale(box);
  document.documentElement.style.setProperty('--high', `${Math.round((box.bottom - box.top) * scale + 130)}px`);
}

readTheme();
work();
startBoard();
if (!board) {
  suitHeight();
  startPicture();
}
startLegend();
startSearch();
startTables();
startSaving();
startLink();
onChange(refresh);
onChange(showPanel);
onChange(saveLink);
byId('theme').addEventListener('click', () => {
  setTheme(byId('theme').textContent.toLowerCase());
  saveLink();
});
dark.addEventListener('change', () => setTheme(document.documentElement.dataset.theme));
byId('fit').addEventListener('click', () => { moved = false; fit(false, true); });
byId('zoom-in').addEventListener('click', () => zoom(1.3));
byId('zoom-out').addEventListener('click', () => zoom(1 / 1.3));
setTheme('');
loadLink();

/** What tests and other scripts may read: nothing here changes the page. */
const reading = {
  usable: 0, // milliseconds after opening when the first frame was drawn
  visible: () => drawn.marks.map((mark) => mark.key),
  lines: () => drawn.lines.map((line) => [line.a.key, line.b.key, sayLine(line), line.of.length]),
  labels: () => spoken.map((mark) => mark.key),
  selected: () => state.selected?.key ?? null,
  open: () => [...state.open].map((cluster) => cluster.key),
  outstanding: () => (lit() ? [...lit()].map((mark) => mark.key) : null),
  position: (key) => {
    const mark = byKey.get(key);
    if (!mark || !drawn.set.has(mark)) return null;
    const { x, y } = network.canvasToDOM(mark.at);
    const box = stage.getBoundingClientRect();
    return { x: box.left + x, y: box.top + y };
  },
  view: () => ({ ...network.getViewPosition(), scale: network.getScale() }),
  onFrame: (listener) => network.on('afterDrawing', listener),
  svg: () => (board ? raw.still : asSvg()),
  png: () => (board ? stillAsPng() : asPng()),
  fragment: asFragment,
};
if (board) reading.usable = performance.now();
else network.once('afterDrawing', () => { reading.usable = performance.now(); });
window.careerKg = reading;
document.documentElement.dataset.state = 'ready';
