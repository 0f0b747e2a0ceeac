'use strict';
// What the editor needs to know, from the page; pictures fetch their library when the first is drawn.
window.careerKg = {
  ...JSON.parse(document.getElementById('data').textContent),
  terms: [],
  picture: () =>
    window.vis ? Promise.resolve() : new Promise((resolve, reject) => {
      const script = document.createElement('script');
      script.src = '/assets/vis-network.min.js';
      script.onload = resolve;
      script.onerror = () => reject(new Error('the server does not answer.'));
      document.head.append(script);
    }),
};
