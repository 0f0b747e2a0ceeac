// The address of the page says what is seen: what is chosen, filtered, open, searched for, and from where it is looked at.

let linkTimer;
/** Write the state into the address, soon. */
function saveLink() {
  clearTimeout(linkTimer);
  linkTimer = setTimeout(() => {
    const fragment = asFragment();
    if (fragment === location.hash.slice(1)) return;
    try {
      history.replaceState(null, '', fragment ? `#${fragment}` : location.pathname + location.search);
    } catch {
      // in a sandboxed frame the address is not ours to change
    }
  }, 150);
}

/** Return the state as the fragment of an address; nothing where all is as it was on opening. */
function asFragment() {
  const found = new URLSearchParams();
  if (state.selected) found.append('node', state.selected.key);
  for (const cluster of state.open) found.append('open', cluster.key);
  for (const [name, off] of state.off) for (const value of off) found.append('off', `${name}:${value}`);
  if (state.query) found.append('q', byId('search').value);
  if (document.documentElement.dataset.theme) found.append('theme', document.documentElement.dataset.theme);
  for (const mark of done) found.append('done', mark.key.startsWith(page.base) ? mark.key.slice(page.base.length) : mark.key);
  if (byId('network')?.open) found.append('network', '1');
  if (network && moved) {
    const { x, y } = network.getViewPosition();
    found.append('view', [x, y].map((n) => Math.round(n)).concat(network.getScale().toFixed(3)).join(','));
  }
  return found.toString();
}

/** Return the mark of a key; one of the dataset's own may go without what they all begin with. */
function markNamed(key) {
  return byKey.get(key) ?? byKey.get(page.base + key) ?? null;
}

/** Take the state from the address; what it names and the page does not have is passed over. */
function loadLink(fragment = location.hash.slice(1)) {
  clearTimeout(linkTimer);
  const found = new URLSearchParams(fragment);
  for (const off of state.off.values()) off.clear();
  for (const pair of found.getAll('off')) {
    const at = pair.indexOf(':');
    state.off.get(pair.slice(0, at))?.add(pair.slice(at + 1));
  }
  state.open.clear();
  for (const key of found.getAll('open')) {
    const cluster = byKey.get(key);
    if (cluster?.is_cluster) open(cluster);
  }
  byId('search').value = found.get('q') ?? '';
  state.query = plain(byId('search').value.trim());
  if (['dark', 'light'].includes(found.get('theme'))) setTheme(found.get('theme'));
  done.clear();
  for (const key of found.getAll('done')) if (markNamed(key)) done.add(markNamed(key));
  if (board) showTicks();
  if (found.has('network') && byId('network')) byId('network').open = true;
  choose(markNamed(found.get('node')));
  if (state.selected) revealOnBoard(state.selected);
  loadView(found);
}

/** Look at the network from where the address says. */
function loadView(found) {
  if (!network) return;
  resize();
  const view = (found.get('view') ?? '').split(',').map(Number);
  moved = view.length === 3 && view.every(Number.isFinite) && view[2] > 0;
  if (moved) moveTo({ x: view[0], y: view[1] }, view[2], true);
  else {
    fit(true);
    if (state.selected) reveal(state.selected);
  }
}

function startLink() {
  addEventListener('hashchange', ({ newURL }) => { // not what the address is by now: that may be ours again
    const fragment = newURL.split('#').slice(1).join('#');
    if (fragment !== asFragment()) loadLink(fragment);
  });
  byId('copy-link').addEventListener('click', async () => {
    const url = `${location.href.split('#')[0]}#${asFragment()}`;
    try {
      await navigator.clipboard.writeText(url);
      say('Link copied');
      flash('Copied');
    } catch {
      say('The address bar holds the link');
      flash('See address bar');
    }
  });
}

function flash(text) {
  const made = byId('copy-link');
  made.textContent = text;
  setTimeout(() => { made.textContent = 'Copy link'; }, 1600);
}
