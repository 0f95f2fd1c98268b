/**
 * A stand-in for what BigCommerce brings where cookie consent is on: the banner, and the consent events of its data layer
 * (BODL), `window.bodlEvents.consent`. When BigCommerce calls back is not documented; here `loaded` calls back each listener,
 * however late it comes, with what holds then.
 *
 * Sources: BigCommerce, "Hosted Analytics"; Storefront Cookie Consent, `POST /consent`.
 */
(() => {
  const CATEGORIES = [1, 2, 3];
  const banner = document.querySelector('.consent');
  const listeners = [];
  let allowed = banner.dataset.allowed.split('.').map(Number);

  const payload = () => ({
    event_id: crypto.randomUUID(),
    analytics: allowed.includes(1),
    functional: allowed.includes(2),
    advertising: allowed.includes(3),
  });

  window.bodlEvents = {
    consent: {
      loaded: (listener) => setTimeout(() => listener(payload())),
      updated: (listener) => listeners.push(listener),
    },
  };

  function choose(chosen) {
    allowed = chosen;
    banner.hidden = true;
    // biome-ignore lint/suspicious/noDocumentCookie: the choice has to hold even if the page is left at once.
    document.cookie = `sandbox_consent=${allowed.join('.') || 'none'}; Path=/; SameSite=Lax`;
    fetch('/api/storefront/consent', {
      method: 'POST',
      keepalive: true,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        allow: allowed,
        deny: CATEGORIES.filter((category) => !allowed.includes(category)),
      }),
    });
    for (const listener of listeners) listener(payload());
  }

  document.addEventListener('click', ({ target }) => {
    const action = target.closest?.('[data-consent]')?.dataset.consent;
    if (action === 'accept') choose(CATEGORIES);
    if (action === 'decline') choose([]);
    if (action === 'settings') {
      banner.hidden = false;
      banner.querySelector('button').focus();
    }
  });
})();
