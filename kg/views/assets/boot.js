'use strict';
// Unpacks vis-network, the script of this page and its data, which stand below as gzip in letters, and runs the two
// scripts as inline scripts: the policy of the page knows them by their hashes.
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
  const unpack = async (id) => {
    const stream = new Blob([bytes(id)]).stream().pipeThrough(new DecompressionStream('gzip'));
    return new Response(stream).text();
  };
  const run = (source) => {
    const script = document.createElement('script');
    script.textContent = source;
    document.head.append(script);
  };
  const failed = () => {
    document.documentElement.dataset.state = 'failed';
    document.getElementById('graph-note').textContent =
      'This browser cannot unpack the picture. The answer stands below; for the picture, use a browser of 2023 or later.';
  };
  try {
    const vis = async () => run(await unpack('packed-vis'));
    const [data, script] = await Promise.all(['packed-data', 'packed-script'].map(unpack));
    window.careerKg = { data: JSON.parse(data), vis };
    if (!document.querySelector('.board')) await vis(); // with a board, the network waits until it is asked for
    run(script);
    if (document.documentElement.dataset.state !== 'ready') failed();
  } catch (error) {
    console.error(error);
    failed();
  }
})();
