'use strict';
// Unpacks what stands below as gzip in letters. Scripts run as inline scripts, which the policy of the page knows by their
// hashes; the engine runs in a worker, so that the page stays alive while it thinks, and a query can be stopped.
(async () => {
  // Five letters are four bytes (kg/views/packing.py).
  const letters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%:()*+-;,=.?@^_`{|}~';
  const bytes = (id) => {
    const text = document.getElementById(id).textContent.trim();
    const value = new Uint8Array(128).fill(84);
    [...letters].forEach((letter, i) => { value[letter.charCodeAt(0)] = i; });
    const found = new DataView(new ArrayBuffer(Math.ceil(text.length / 5) * 4));
    for (let i = 0; i < text.length; i += 5) {
      let number = 0;
      for (let j = i; j < i + 5; j += 1) number = number * 85 + (j < text.length ? value[text.charCodeAt(j)] : 84);
      found.setUint32(i / 5 * 4, number);
    }
    return new Uint8Array(found.buffer, 0, Math.floor(text.length * 4 / 5));
  };
  const unpacked = (id) => new Response(new Blob([bytes(id)]).stream().pipeThrough(new DecompressionStream('gzip')));
  const unpack = (id) => unpacked(id).text();
  const run = (source) => {
    const script = document.createElement('script');
    script.textContent = source;
    document.head.append(script);
  };
  const failed = (error) => {
    console.error(error);
    document.documentElement.dataset.state = 'failed';
    document.getElementById('status').textContent =
      'This browser cannot unpack the page. Use Chrome or Edge 103, Firefox 114, Safari 16.4, or later.';
  };
  try {
    const [wasm, engine, dataset, editor, page, data] = await Promise.all([
      unpacked('packed-wasm').arrayBuffer(),
      ...['packed-engine', 'packed-dataset', 'packed-editor', 'packed-page', 'packed-data'].map(unpack),
    ]);
    window.careerKg = {
      ...JSON.parse(data),
      wasm: await WebAssembly.compile(wasm),
      engine: URL.createObjectURL(new Blob([engine], { type: 'text/javascript' })),
      dataset,
      picture: async () => window.vis ?? run(await unpack('packed-vis')),
      failed,
    };
    run(editor);
    run(page);
  } catch (error) {
    failed(error);
  }
})();
