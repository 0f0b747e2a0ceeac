'use strict';
// Unpacks vis-network, the script of this page and its data, which stand below as gzip in Base64, and runs the two
// scripts as inline scripts: the policy of the page knows them by their hashes.
(async () => {
  const unpack = async (id) => {
    const bytes = Uint8Array.from(atob(document.getElementById(id).textContent.trim()), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
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
    const [data, vis, script] = await Promise.all(['packed-data', 'packed-vis', 'packed-script'].map(unpack));
    window.careerKg = { data: JSON.parse(data) };
    run(vis);
    run(script);
    if (document.documentElement.dataset.state !== 'ready') failed();
  } catch (error) {
    console.error(error);
    failed();
  }
})();
