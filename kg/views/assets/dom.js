// Small helpers around the document. Text goes in by textContent alone; there is no HTML in any script of this page.

const byId = (id) => document.getElementById(id);

/** Return a new element with properties and children. */
function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key in made) made[key] = value;
    else made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null && child !== ''));
  return made;
}

/** Return text that keeps its own direction of writing. */
function words(text, name = 'bdi') {
  return element(name, { textContent: text, dir: 'auto' });
}

/** Return a link that tells nobody where it was followed from; only words where it is no http(s) address. */
function link(text, url) {
  const href = address(url);
  if (!href) return words(text);
  return element('a', { href, rel: 'noreferrer noopener', target: '_blank' }, words(text));
}

/** Return a button. */
function button(label, act, properties = {}) {
  const made = element('button', { type: 'button', ...properties }, label);
  made.addEventListener('click', act);
  return made;
}

let saying;
/** Say something to readers of screens. */
function say(text) {
  clearTimeout(saying);
  saying = setTimeout(() => { byId('status').textContent = text; }, 60);
}

/** Make one tab stop of many buttons: arrow keys, Home and End move among them. */
function roving(list, selector = 'button') {
  const all = () => [...list.querySelectorAll(selector)];
  all().forEach((one, i) => { one.tabIndex = i ? -1 : 0; });
  list.addEventListener('keydown', (event) => {
    const found = all().filter((one) => one.checkVisibility());
    const at = found.indexOf(document.activeElement);
    const step = new Map([['ArrowDown', at + 1], ['ArrowRight', at + 1], ['ArrowUp', at - 1], ['ArrowLeft', at - 1], ['Home', 0], ['End', found.length - 1]]).get(event.key);
    if (at < 0 || step === undefined || !found[step]) return;
    event.preventDefault();
    found[at].tabIndex = -1;
    found[step].tabIndex = 0;
    found[step].focus();
  });
}
