/**
 * A stand-in for Extole's core tag, written from its public documents (JavaScript SDK). It takes over the calls that wait
 * in `extole.q`, asks for zones at the origin that it was loaded from, and puts their creatives on the page.
 */
(() => {
  const extole = (window.extole ??= {});
  // A page may hold the tag twice.
  if (extole.require) return;
  const { origin } = new URL(document.currentScript.src);

  const POLL_MS = 100;

  /** How a page of another origin asks. The list of requests names the page; by default the browser would tell its origin only. */
  const asking = { credentials: 'include', referrerPolicy: 'no-referrer-when-downgrade' };

  /** Where a creative goes: an element, one that a library such as jQuery wraps, or `undefined` for the end of the page. */
  const unwrap = (element) => (element instanceof Element ? element : element?.[0]);

  const pageHasBody = () =>
    new Promise((resolve) => {
      if (document.readyState !== 'loading') resolve();
      else document.addEventListener('DOMContentLoaded', resolve, { once: true });
    });

  const elementAppears = (id) =>
    new Promise((resolve) => {
      const look = () => {
        const element = document.getElementById(id);
        if (element) resolve(element);
        else setTimeout(look, POLL_MS);
      };
      look();
    });

  async function askForCreative({ name, data, jwt }) {
    const response = await fetch(`${origin}/zones`, {
      ...asking,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ event_name: name, data: data ?? {}, id_token: null, jwt: jwt ?? null }),
    });
    if (response.ok) return response.text();
    const { message } = await response.json().catch(() => ({}));
    const { status, statusText } = response;
    throw Object.assign(new Error(message ?? statusText), { status, statusText });
  }

  /** What each creative on the page was asked for with. */
  const shown = new WeakMap();

  function parse(creative) {
    const holder = document.createElement('template');
    holder.innerHTML = creative;
    return holder.content;
  }

  function show(creative, element, settings) {
    const content = parse(creative);
    const popUps = content.querySelectorAll('dialog[data-open-at-once]');
    for (const root of content.querySelectorAll('.referral')) shown.set(root, settings);
    (element ?? document.body).append(content);
    for (const popUp of popUps) popUp.showModal();
  }

  /** Asks for a creative anew, with what the shopper told it, and puts it in its place. */
  async function askAgain(root, told = {}) {
    const before = shown.get(root);
    const settings = { ...before, data: { ...before.data, ...told } };
    const fresh = parse(await askForCreative(settings)).firstElementChild;
    if (!fresh) return;
    shown.set(fresh, settings);
    const isOpen = root.querySelector('dialog').open;
    root.replaceWith(fresh);
    if (isOpen) fresh.querySelector('dialog').showModal();
  }

  async function fillZone(settings) {
    const { name, element, element_id } = settings;
    const place = element_id ? await elementAppears(element_id) : unwrap(element);
    const creative = await askForCreative(settings);
    if (creative) {
      if (!place) await pageHasBody();
      show(creative, place, settings);
    }
    return { name };
  }

  extole.createZone = (settings, done = () => {}) => {
    fillZone(settings).then((zone) => done(null, zone), done);
  };

  const modules = {
    'core-root:///common/user-service.js': {
      logout: () => fetch(`${origin}/api/v5/token`, { ...asking, method: 'DELETE' }),
    },
  };
  extole.require = (names, use) => {
    Promise.resolve().then(() => use(...names.map((name) => modules[name])));
  };

  // What the creatives' buttons do. The browser itself sees to Esc, to keeping the focus inside an open dialog, and to
  // giving it back.
  document.addEventListener('click', ({ target }) => {
    if (target.matches?.('.referral dialog')) target.close();
    const button = target.closest?.('.referral [data-do]');
    if (!button) return;
    const dialog = button.closest('.referral').querySelector('dialog');
    if (button.dataset.do === 'open') dialog.showModal();
    if (button.dataset.do === 'close') dialog.close();
    if (button.dataset.do === 'copy') copyLink(button);
    if (button.dataset.do === 'again') askAgain(button.closest('.referral')).catch(() => {});
  });
  document.addEventListener('submit', (event) => {
    const form = event.target.closest('.referral [data-do="tell"]');
    if (!form) return;
    event.preventDefault();
    askAgain(form.closest('.referral'), Object.fromEntries(new FormData(form))).catch(() => {});
  });

  async function copyLink(button) {
    const link = button.parentElement.querySelector('input');
    link.select();
    // Without the permission the text stays selected, for the shopper to copy.
    await navigator.clipboard?.writeText(link.value).catch(() => {});
    button.textContent = button.dataset.done;
  }

  const waiting = extole.q ?? [];
  extole.q = { push: ([method, args]) => extole[method](...args) };
  for (const call of waiting) extole.q.push(call);

  // An advocate's link led here.
  if (/[?&]referred_by=/.test(window.location?.search ?? '')) extole.createZone({ name: 'friend_landing' });
})();
