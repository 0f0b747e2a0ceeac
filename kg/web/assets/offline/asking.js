// Asking the engine: one worker, one query at a time, a limit in seconds.

const kg = window.careerKg;

class Engine {
  constructor() {
    this.waiting = new Map();
    this.count = 0;
    this.start();
  }

  start() {
    this.worker = new Worker(kg.engine);
    this.ready = new Promise((resolve, reject) => {
      this.worker.onerror = (event) => {
        event.preventDefault();
        const error = new Error(event.message || 'The engine has ended.');
        reject(error);
        for (const { fail } of this.waiting.values()) fail(error);
        this.waiting.clear();
      };
      this.worker.onmessage = ({ data }) => {
        if (data.ready) return resolve(data);
        const waiting = this.waiting.get(data.id);
        if (!waiting) return data.error ? reject(new Error(data.error)) : undefined;
        this.waiting.delete(data.id);
        return data.error ? waiting.fail(new Error(data.error)) : waiting.give({ ...data.found, ms: data.ms });
      };
    });
    this.ready.catch(() => {});
    this.worker.postMessage({ wasm: kg.wasm, dataset: kg.dataset });
  }

  /** Return what a query finds: the SPARQL JSON result, or `{text}` where a format is asked for. */
  async ask(query, form, format) {
    await this.ready;
    const id = (this.count += 1);
    return new Promise((give, fail) => {
      this.waiting.set(id, { give, fail });
      this.worker.postMessage({ id, query, form, format });
    });
  }

  /** End what runs, and start anew. */
  stop(reason) {
    this.worker.terminate();
    for (const { fail } of this.waiting.values()) fail(new Error(reason));
    this.waiting.clear();
    this.start();
  }
}

/** Every prefix of the project on one line, before the query: what the query declares itself comes later, and wins. */
const declared = Object.entries(kg.prefixes).map(([prefix, iri]) => `PREFIX ${prefix}: <${iri}>`).join(' ') + ' ';

/** Return what is wrong in words, and the place in the user's own text: line and column from 1. */
const explain = (message) => {
  const place = /at (\d+):(\d+)/.exec(message);
  if (!place) return { text: message };
  const line = Number(place[1]);
  const column = Math.max(1, Number(place[2]) - (line === 1 ? declared.length : 0));
  const expected = message.split(': expected ')[1] ?? '';
  let why = 'it cannot be read from here on.';
  if (message.includes('Prefix not found')) why = 'a prefix is used that is not declared.';
  else if (expected && expected.length < 60 && !expected.startsWith('one of')) why = `${expected} was expected.`;
  return { text: `Line ${line}, column ${column}: ${why}`, line, column };
};
