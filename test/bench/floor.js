// The floor: what is left of the job without any care. It injects the tag and asks for each zone, and nothing else.
(() => {
  const queue = [];
  const extole = (window.extole ??= {
    q: queue,
    createZone: (...call) => {
      queue.push(['createZone', call]);
    },
  });
  const tag = document.createElement('script');
  tag.async = true;
  tag.src = `https://${document.currentScript.dataset.programDomain}/core.js`;
  document.head.append(tag);
  for (const element of document.querySelectorAll('[data-extole-zone]')) {
    extole.createZone({ name: element.dataset.extoleZone, element, data: {} });
  }
})();
