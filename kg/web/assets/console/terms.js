// Terms: short names, links that are safe to follow, comparison.

const BASE = kg.base;
const namespaces = Object.entries(kg.prefixes).sort((a, b) => b[1].length - a[1].length);

/** Return an IRI as a prefixed name where one of the prefixes of the project fits. */
const short = (iri) => {
  for (const [prefix, namespace] of namespaces) {
    const local = iri.startsWith(namespace) ? iri.slice(namespace.length) : '';
    if (/^[A-Za-z0-9_](?:[\w.-]*[\w-])?$/.test(local)) return `${prefix}:${local}`;
  }
  return iri;
};

/** Return the address to open outside this page; nothing for our own IRIs, which nobody serves, or for other schemes. */
const outside = (iri) => {
  if (iri.startsWith(BASE)) return null;
  try {
    const url = new URL(iri);
    return ['http:', 'https:'].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
};

const NUMERIC = /#(?:integer|decimal|double|float|int|long|short|byte|nonNegativeInteger|positiveInteger)$/;
const isNumber = (term) => term?.type === 'literal' && NUMERIC.test(term.datatype ?? '') && !Number.isNaN(Number(term.value));
const isIri = (term) => term?.type === 'uri';
const shown = (term) => (isIri(term) ? short(term.value) : term?.type === 'bnode' ? `_:${term.value}` : term?.value ?? '');

/** Nothing first, then numbers by value, then text. */
const compare = (a, b) => {
  if (!a || !b) return (a ? 1 : 0) - (b ? 1 : 0);
  if (isNumber(a) && isNumber(b)) return Number(a.value) - Number(b.value);
  if (isNumber(a) !== isNumber(b)) return isNumber(a) ? -1 : 1;
  return shown(a).localeCompare(shown(b), 'en', { numeric: true });
};

const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'onclick') element.addEventListener('click', value);
    else if (value !== null && value !== false) element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children);
  return element;
};
const $ = (id) => document.getElementById(id);
