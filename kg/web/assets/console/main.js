// The page: the library, the editor, what was found.

const root = document.documentElement;
const engine = new Engine();
let found = null;
let running = null;

const say = (text, state) => {
  $('status').textContent = text;
  $('status').dataset.state = state ?? '';
};

// ---- the editor

Yasqe.defaults.autocompleters = []; // its own ask servers, and a list given below would only be laid over theirs
Yasqe.registerAutocompleter({
  name: 'career-kg',
  bulk: false,
  autoShow: false,
  isValidCompletionPosition: (yasqe) => /^[\w-]*:?[\w.-]*$/.test(yasqe.getCompleteToken().string.trim()),
  get: (_, token) => kg.terms.filter((term) => term.startsWith(token?.string.trim() ?? '')).slice(0, 100),
}, false);
$('editor').replaceChildren(); // what stands there without scripts
for (const part of document.querySelectorAll('[data-scripted]')) part.hidden = false;
const editor = new Yasqe($('editor'), {
  value: '',
  autocompleters: ['variables', 'career-kg'],
  showQueryButton: false,
  persistenceId: null,
  createShareableLink: null,
  consumeShareLink: null,
  prefixCcApi: null,
  editorHeight: '19rem',
  extraKeys: { 'Ctrl-Enter': () => run(), 'Cmd-Enter': () => run(), 'Ctrl-S': false, Tab: false, 'Shift-Tab': false },
});
// The prefixes of the project need no declaration here, so the editor must not call them undefined.
const mode = editor.getMode();
const begin = mode.startState;
mode.startState = (...given) => {
  const state = begin.apply(mode, given);
  Object.assign(state.prefixes, kg.prefixes);
  return state;
};
const input = editor.getInputField();
input.setAttribute('aria-label', 'SPARQL query');
input.setAttribute('aria-describedby', 'keys');
let mark = null;

const showPlace = ({ line, column }) => {
  mark?.clear();
  mark = null;
  if (!line) return;
  const at = { line: line - 1, ch: column - 1 };
  mark = editor.getDoc().markText(at, { line: at.line, ch: at.ch + 1 }, { className: 'wrong' });
  editor.getDoc().setCursor(at);
};

// ---- asking

const show = (result) => {
  found = result;
  $('results').hidden = false;
  const rows = result.results?.bindings;
  $('tabs').hidden = !rows;
  $('save-ttl').hidden = !['CONSTRUCT', 'DESCRIBE'].includes(result.form);
  for (const id of ['save-csv', 'save-json']) $(id).hidden = !rows && id === 'save-csv';
  $('picture').replaceChildren();
  if (!rows) {
    $('table').replaceChildren(make('p', { class: 'answer' }, result.boolean ? 'Yes.' : 'No.'));
    choose('table');
    return;
  }
  showTable($('table'), result.head.vars, rows);
  choose(document.querySelector('[role=tab][aria-selected=true]').dataset.panel);
};

const run = async () => {
  if (running) return;
  const query = editor.getValue();
  const form = editor.getQueryType() ?? 'SELECT';
  if (editor.getQueryMode() === 'update') {
    say('This page reads the dataset. To change data, use kg load or kg sparql --update.', 'error');
    return;
  }
  const seconds = Number($('limit').value);
  const timer = setTimeout(() => engine.stop(`Stopped after ${seconds} s. Ask for less (LIMIT, fewer joins), or allow more time.`), seconds * 1000);
  running = query;
  $('run').disabled = true;
  $('stop').disabled = false;
  say('Running …', 'running');
  showPlace({});
  remember(query);
  try {
    const result = await engine.ask(declared + query, form);
    show(result);
    const rows = result.results?.bindings.length;
    const what = rows === undefined ? 'Answered' : form === 'SELECT' ? `${rows} row${rows === 1 ? '' : 's'}` : `${rows} triple${rows === 1 ? '' : 's'}`;
    const cut = result.cut ? ` Cut at ${result.cut.toLocaleString('en')} rows: there are more.` : '';
    say(`${what} in ${Math.max(1, Math.round(result.ms))} ms.${cut}`, 'done');
  } catch (error) {
    const wrong = explain(error.message);
    $('results').hidden = true;
    say(wrong.text, 'error');
    showPlace(wrong);
  } finally {
    clearTimeout(timer);
    running = null;
    $('run').disabled = false;
    $('stop').disabled = true;
  }
};

const describe = (iri) => {
  $('library').value = '';
  $('about').textContent = 'Everything that is said of one thing.';
  editor.setValue(`DESCRIBE <${iri}>`);
  run();
};

// ---- the address remembers the query: back and forward work, and the address can be sent

const remember = (query) => {
  const hash = `#query=${encodeURIComponent(query)}`;
  if (location.hash !== hash) history.pushState(null, '', hash);
};
const recall = () => {
  const query = new URLSearchParams(location.hash.slice(1)).get('query');
  if (query) {
    editor.setValue(query);
    $('library').value = kg.queries.find(({ text }) => text === query)?.name ?? '';
  }
  return Boolean(query);
};
window.addEventListener('popstate', () => recall() && run());

// ---- the library

for (const { name, group, says } of kg.queries) {
  let place = [...$('library').querySelectorAll('optgroup')].find(({ label }) => label === group);
  if (!place) $('library').append((place = make('optgroup', { label: group })));
  place.append(make('option', { value: name, title: says }, name));
}
const pick = () => {
  const query = kg.queries.find(({ name }) => name === $('library').value);
  if (!query) return;
  $('about').textContent = query.says;
  editor.setValue(query.text);
  showPlace({});
};
$('library').addEventListener('change', pick);

// ---- what was found

const tabs = [...document.querySelectorAll('[role=tab]')];
const choose = (panel) => {
  for (const tab of tabs) {
    const chosen = tab.dataset.panel === panel;
    tab.setAttribute('aria-selected', String(chosen));
    tab.tabIndex = chosen ? 0 : -1;
    $(tab.dataset.panel).hidden = !chosen;
  }
  if (panel === 'picture' && found?.results && !$('picture').hasChildNodes()) {
    showPicture($('picture'), found).catch((error) => say(`The picture cannot be drawn: ${error.message}`, 'error'));
  }
};
for (const tab of tabs) {
  tab.addEventListener('click', () => choose(tab.dataset.panel));
  tab.addEventListener('keydown', ({ key }) => {
    if (!['ArrowLeft', 'ArrowRight'].includes(key)) return;
    const other = tabs[(tabs.indexOf(tab) + 1) % tabs.length];
    choose(other.dataset.panel);
    other.focus();
  });
}
$('run').addEventListener('click', run);
$('stop').addEventListener('click', () => engine.stop('Stopped.'));
$('save-csv').addEventListener('click', () => save('result.csv', 'text/csv', csvOf(found.head.vars, found.results.bindings)));
$('save-json').addEventListener('click', () => {
  const { head, results, boolean } = found;
  save('result.json', 'application/sparql-results+json', JSON.stringify(results ? { head, results } : { head, boolean }, null, 1));
});
$('save-ttl').addEventListener('click', async () => {
  const { text } = await engine.ask(declared + new URLSearchParams(location.hash.slice(1)).get('query'), found.form, 'text/turtle');
  save('result.ttl', 'text/turtle', text);
});

// ---- begin

$('library').value = (kg.queries.find(({ name }) => name === 'demand-per-skill') ?? kg.queries[0]).name;
pick();
recall();
engine.ready.then(({ size }) => {
  $('run').disabled = false;
  root.dataset.state = 'ready';
  root.dataset.started = String(Math.round(performance.now()));
  say(`Ready: ${size.toLocaleString('en')} quads.`, 'done');
}, kg.failed);
