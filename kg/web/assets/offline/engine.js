
// ---- What stands above is Oxigraph's own script. From here on: the worker that asks it. ----
// It is told `{wasm, dataset}` once and `{id, query, form}` after that, and answers each with one message. A query that
// takes too long is ended by ending the worker, which the page then starts anew.

let store = null;

const cell = (term) => {
  if (term.termType === 'NamedNode') return { type: 'uri', value: term.value };
  if (term.termType === 'BlankNode') return { type: 'bnode', value: term.value };
  const found = { type: 'literal', value: term.value };
  if (term.language) found['xml:lang'] = term.language;
  else if (term.datatype.value !== 'http://www.w3.org/2001/XMLSchema#string') found.datatype = term.datatype.value;
  return found;
};

const ask = ({ query, form, format }) => {
  if (format) return { text: store.query(query, { results_format: format }) };
  if (form === 'SELECT' || form === 'ASK') {
    return { form, ...JSON.parse(store.query(query, { results_format: 'json' })) };
  }
  const found = store.query(query);
  if (!Array.isArray(found)) throw new Error('This page runs SELECT, ASK, CONSTRUCT and DESCRIBE.');
  const seen = new Map(); // a triple that stands in several graphs comes several times
  for (const quad of found) {
    const row = { subject: cell(quad.subject), predicate: cell(quad.predicate), object: cell(quad.object) };
    seen.set(quad.toString(), row);
  }
  return { form, head: { vars: ['subject', 'predicate', 'object'] }, results: { bindings: [...seen.values()] } };
};

self.onmessage = async ({ data }) => {
  const start = performance.now();
  try {
    if (data.wasm) {
      await __wbg_init({ module_or_path: data.wasm });
      store = new Store();
      store.load(data.dataset, { format: 'application/trig', no_transaction: true, lenient: true });
      const { size } = store;
      // The default graph is a set: what two sources state is one triple there (as in kg/stores/default_graph.py).
      store.update('INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }');
      self.postMessage({ ready: true, size, ms: performance.now() - start });
      return;
    }
    const found = ask(data);
    self.postMessage({ id: data.id, found, ms: performance.now() - start });
  } catch (error) {
    self.postMessage({ id: data.id, error: String(error?.message ?? error), ms: performance.now() - start });
  }
};
