'use strict';
// Unpacks what stands below as gzip in Base64. Scripts run as inline scripts, which the policy of the page knows by their
// hashes; the engine runs in a worker, so that the page stays alive while it thinks, and a query can be stopped.
(async () => {
  const bytes = (id) => {
    const text = document.getElementById(id).textContent.trim();
    if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
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
