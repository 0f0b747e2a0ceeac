// Asking the server: one query at a time; the server has the limit of time, and knows the prefixes.

const kg = window.careerKg;
const declared = '';

const TRIPLE = /^(<[^>]*>|_:\S+) <([^>]*)> (?:<([^>]*)>|(_:\S+)|"((?:[^"\\]|\\.)*)"(?:@(\S+)|\^\^<([^>]*)>)?) \.$/;
const ESCAPES = { t: '\t', b: '\b', n: '\n', r: '\r', f: '\f' };
const plain = (text) =>
  text.replace(/\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))/g, (_, four, eight, one) =>
    one ? (ESCAPES[one] ?? one) : String.fromCodePoint(parseInt(four ?? eight, 16)));

/** Return the rows of N-Triples, as the SPARQL JSON result of a table has them. */
const rowsOf = (text) =>
  text.split('\n').filter(Boolean).map((line) => {
    const [, subject, predicate, iri, blank, value, lang, datatype] = TRIPLE.exec(line);
    const node = (name) => (name.startsWith('<') ? { type: 'uri', value: plain(name.slice(1, -1)) } : { type: 'bnode', value: name.slice(2) });
    let object = { type: 'literal', value: plain(value ?? '') };
    if (iri !== undefined) object = { type: 'uri', value: plain(iri) };
    else if (blank) object = { type: 'bnode', value: blank.slice(2) };
    else if (lang) object['xml:lang'] = lang;
    else if (datatype) object.datatype = datatype;
    return { subject: node(subject), predicate: { type: 'uri', value: plain(predicate) }, object };
  });

class Engine {
  constructor() {
    this.ready = Promise.resolve({ size: kg.size });
    fetch('/terms.json').then((answer) => answer.json()).then((terms) => { kg.terms = terms; }).catch(() => {});
  }

  /** Return what a query finds: the SPARQL JSON result, or `{text}` where a format is asked for. */
  async ask(query, form, format) {
    this.running = new AbortController();
    this.reason = '';
    const triples = ['CONSTRUCT', 'DESCRIBE'].includes(form);
    const start = performance.now();
    try {
      const answer = await fetch('/sparql', {
        method: 'POST',
        headers: { 'Content-Type': 'application/sparql-query', Accept: format ?? (triples ? 'application/n-triples' : 'application/sparql-results+json') },
        body: query,
        signal: this.running.signal,
      });
      const text = await answer.text();
      if (!answer.ok) throw new Error(text.trim());
      const ms = performance.now() - start;
      const cut = Number(answer.headers.get('X-SPARQL-MaxRows')) || null;
      if (format) return { text, ms };
      if (triples) return { form, head: { vars: ['subject', 'predicate', 'object'] }, results: { bindings: rowsOf(text) }, ms, cut };
      return { form, ...JSON.parse(text), ms, cut };
    } catch (error) {
      throw error.name === 'AbortError' ? new Error(this.reason) : error;
    }
  }

  /** End what runs: the server stops it when the connection goes. */
  stop(reason) {
    this.reason = reason;
    this.running?.abort();
  }
}

/** Return what is wrong in words, and the place in the user's own text: line and column from 1. */
const explain = (message) => {
  const place = /line (\d+), column (\d+)/.exec(message);
  return place ? { text: message, line: Number(place[1]), column: Number(place[2]) } : { text: message };
};
