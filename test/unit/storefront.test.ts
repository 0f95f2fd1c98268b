// @vitest-environment jsdom
import { createHash } from 'node:crypto';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ZoneEventDetail, ZoneEventType } from '../../src/storefront/index.js';
import * as sdk from '../../src/storefront/index.js';
import type { ExtoleGlobal } from '../../src/storefront/types.js';
import { fakeExtole } from '../support/fake-extole.js';

const PROGRAM_DOMAIN = 'share.brand.com';
const ada = { id: 7, email: 'ada@brand.com', first_name: 'Ada', last_name: 'Lovelace' };

let events: { type: string; target: EventTarget | null; detail: ZoneEventDetail }[] = [];
const told = (type: ZoneEventType) => events.filter((event) => event.type === type);
const codes = () => told('extole-zone:failed').map(({ detail }) => detail.code);
const record = (event: CustomEvent<ZoneEventDetail>) =>
  void events.push({ type: event.type, target: event.target, detail: event.detail });

const LAZY_FILES = [
  'automatic',
  'core-trouble',
  'custom-event-data',
  'event-data-repair',
  'lazy-zones',
  'messages',
  'shopper',
];

/** All that the SDK does without waiting for a timer or for anything from outside; its own files are loaded by then. */
const settle = async () => {
  for (let turn = 0; turn < 8; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};
/** Lets the SDK's timers run, and what they lead to. */
const pass = async (ms: number) => {
  await settle();
  await vi.advanceTimersByTimeAsync(ms);
  await settle();
};
const place = (html: string): HTMLElement => {
  document.body.insertAdjacentHTML('beforeend', html);
  const element = document.body.lastElementChild;
  if (!(element instanceof HTMLElement)) throw new Error('no element');
  return element;
};
const coreTags = () => Array.from(document.querySelectorAll<HTMLScriptElement>('script[src*="/core.js"]'));
const coreTag = (): HTMLScriptElement => {
  const [tag] = coreTags();
  if (!tag) throw new Error('no core tag');
  return tag;
};

beforeAll(async () => {
  await Promise.all(LAZY_FILES.map((name) => import(`../../src/storefront/${name}.ts`)));
});

beforeEach(() => {
  events = [];
  localStorage.clear();
  // A hash at once, where a browser takes another thread.
  vi.spyOn(crypto.subtle, 'digest').mockImplementation(async (_algorithm, data) => {
    const bytes = data instanceof ArrayBuffer ? new Uint8Array(data) : new Uint8Array(data.buffer);
    return new Uint8Array(createHash('sha256').update(bytes).digest()).buffer;
  });
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  vi.spyOn(console, 'warn').mockImplementation(() => {});
  for (const type of ['extole-zone:requested', 'extole-zone:rendered', 'extole-zone:failed'] as const) {
    document.addEventListener(type, record);
  }
});

afterEach(() => {
  sdk.stop();
  document.body.replaceChildren();
  for (const script of document.querySelectorAll('script')) script.remove();
  document.documentElement.removeAttribute('lang');
  delete window.extole;
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('a zone on a page where Extole has loaded', () => {
  const start = (config: sdk.StorefrontConfig = {}) => {
    const fake = fakeExtole();
    window.extole = fake.extole;
    sdk.start({ programDomain: PROGRAM_DOMAIN, ...config });
    return fake;
  };

  it('is asked for once, with the element and the data of a guest', async () => {
    document.documentElement.lang = 'en';
    const element = place('<extole-zone name="global_header"></extole-zone>');
    const { calls } = start();
    await settle();
    expect(calls.map(({ settings }) => settings)).toEqual([
      { name: 'global_header', element, data: { locale: 'en' } },
    ]);
    expect(coreTags()).toEqual([]);
  });

  it('is asked for with the five default fields when a shopper is signed in', async () => {
    place('<extole-zone name="global_header"></extole-zone>');
    const { calls } = start({ context: { customer: ada, locale: 'fr' } });
    await settle();
    expect(calls[0]?.settings.data).toEqual({
      first_name: 'Ada',
      last_name: 'Lovelace',
      email: 'ada@brand.com',
      partner_user_id: '7',
      locale: 'fr',
    });
  });

  it.each([
    ['Ada Lovelace', { first_name: 'Ada', last_name: 'Lovelace' }],
    ['  Ada  King  Lovelace ', { first_name: 'Ada', last_name: 'King Lovelace' }],
    ['Ada', { first_name: 'Ada' }],
    ['', {}],
  ])('splits the full name %j where nothing better is known', async (name, expected) => {
    place('<extole-zone name="product" fields="first_name last_name"></extole-zone>');
    const { calls } = start({ context: { customer: { id: 1, name } } });
    await settle();
    expect(calls[0]?.settings.data).toEqual(expected);
  });

  it.each([
    ['email locale', { email: 'ada@brand.com', locale: 'fr' }],
    ['  locale\n email ', { email: 'ada@brand.com', locale: 'fr' }],
    ['', {}],
    ['nope', {}],
    ['constructor __proto__ email', { email: 'ada@brand.com' }],
  ])('sends only the fields that are wanted: %j', async (fields, expected) => {
    place(`<extole-zone name="product" fields="${fields}"></extole-zone>`);
    const { calls } = start({ context: { customer: ada, locale: 'fr' } });
    await settle();
    expect(calls[0]?.settings.data).toEqual(expected);
  });

  it.each([0, '', undefined])('takes the customer id %j for unknown', async (id) => {
    place('<extole-zone name="product"></extole-zone>');
    const { calls } = start({ context: { customer: { id } } });
    await settle();
    expect(calls[0]?.settings.data).toEqual({});
  });

  it('fills in the documented example, and lets it win over the defaults', async () => {
    const zone = place('<extole-zone name="product"></extole-zone>');
    zone.setAttribute(
      'event-data',
      '{"static_variable": "foobar", "dynamic_product_url": "{{product.url}}", "locale": "de"}',
    );
    const { calls } = start({ context: { product: { url: 'https://brand.com/mug/' }, locale: 'en' } });
    await settle();
    expect(calls[0]?.settings.data).toEqual({
      static_variable: 'foobar',
      dynamic_product_url: 'https://brand.com/mug/',
      locale: 'de',
    });
  });

  it('offers the address of the page to placeholders', async () => {
    const zone = place('<extole-zone name="product" fields=""></extole-zone>');
    zone.setAttribute('event-data', '{"a": "{{url.path}}", "b": "{{url.query.utm_source}}"}');
    window.history.replaceState({}, '', '/mug/?utm_source=mail%20er');
    const { calls } = start();
    await settle();
    window.history.replaceState({}, '', '/');
    expect(calls[0]?.settings.data).toEqual({ a: '/mug/', b: 'mail er' });
  });

  it('is asked for with the defaults alone when its event data is broken, and says where', async () => {
    const zone = place('<extole-zone name="product" event-data=\'{"a" 1}\'></extole-zone>');
    const { calls } = start({ context: { locale: 'en' } });
    await vi.waitFor(() => expect(calls).toHaveLength(1));
    expect(calls[0]?.settings.data).toEqual({ locale: 'en' });
    expect(told('extole-zone:failed')).toEqual([
      {
        type: 'extole-zone:failed',
        target: zone,
        detail: {
          code: 'EVENT_DATA_INVALID',
          name: 'product',
          message: 'line 1, column 6: expected ":" after the key, but found "1"',
        },
      },
    ]);
  });

  it('forgives what editors do to its event data', async () => {
    place('<extole-zone name="product" fields="" event-data="{“a”: “b”,}"></extole-zone>');
    const { calls } = start();
    await vi.waitFor(() => expect(calls).toHaveLength(1));
    expect(calls[0]?.settings.data).toEqual({ a: 'b' });
    expect(codes()).toEqual([]);
  });

  it('replaces the fallback by the creative, and says so from the element', async () => {
    const zone = place('<extole-zone name="product">Refer <b>a friend</b></extole-zone>');
    const { calls } = start();
    await settle();
    expect(zone.textContent).toBe('Refer a friend');
    calls[0]?.answer('<div>Creative</div>');
    expect(zone.innerHTML).toBe('<div>Creative</div>');
    expect(events.map(({ type, target, detail }) => [type, target, detail])).toEqual([
      ['extole-zone:requested', zone, { name: 'product' }],
      ['extole-zone:rendered', zone, { name: 'product' }],
    ]);
  });

  it('takes the fallback away when the creative comes after Extole said that it is done', async () => {
    const zone = place('<extole-zone name="product">Fallback</extole-zone>');
    const { calls } = start();
    await settle();
    calls[0]?.answer('');
    expect(codes()).toEqual(['EXTOLE_ZONE_EMPTY']);
    zone.insertAdjacentHTML('beforeend', '<style>b{}</style> \n<!-- -->');
    await settle();
    expect(zone.textContent).toContain('Fallback');
    zone.insertAdjacentHTML('beforeend', '<p>Late</p>');
    await settle();
    expect(zone.textContent).toBe('b{} \nLate');
    expect(told('extole-zone:rendered')).toHaveLength(1);
  });

  it.each([
    ['Extole refuses it', { status: 403 }, 'EXTOLE_ZONE_FAILED'],
    ['Extole has no creative', null, 'EXTOLE_ZONE_EMPTY'],
  ])('keeps the fallback when %s', async (_what, error, code) => {
    const zone = place('<extole-zone name="product">Fallback</extole-zone>');
    const { calls } = start();
    await settle();
    calls[0]?.answer('', error);
    expect(zone.innerHTML).toBe('Fallback');
    expect(codes()).toEqual([code]);
  });

  it.each(['', '   '])('asks for nothing without a name (%j), and tells it once', async (name) => {
    const zone = place(`<extole-zone name="${name}"></extole-zone>`);
    const { calls } = start();
    await settle();
    zone.remove();
    document.body.append(zone);
    await settle();
    expect(calls).toEqual([]);
    expect(codes()).toEqual(['ZONE_NAME_MISSING']);
  });

  it('trims its name', async () => {
    place('<extole-zone name="  referral_page "></extole-zone>');
    const { calls } = start();
    await settle();
    expect(calls[0]?.settings.name).toBe('referral_page');
  });

  it.each(['overlay', 'confirmation'])(
    'gives Extole no element for %s, and speaks from the document',
    async (name) => {
      place(`<extole-zone name="${name}"></extole-zone>`);
      const { calls } = start();
      await settle();
      calls[0]?.answer();
      expect(calls[0]?.settings).not.toHaveProperty('element');
      expect(events.map(({ type, target }) => [type, target])).toEqual([
        ['extole-zone:requested', document],
        ['extole-zone:rendered', document],
      ]);
    },
  );

  it('stands on a page many times', async () => {
    place('<extole-zone name="product"></extole-zone>');
    place('<extole-zone name="product"></extole-zone>');
    const { calls } = start();
    await settle();
    expect(new Set(calls.map(({ settings }) => settings.element)).size).toBe(2);
  });

  it('is asked for once when an overlay stands on the page twice', async () => {
    const first = place('<extole-zone name="overlay"></extole-zone>');
    place('<extole-zone name="overlay" fields=""></extole-zone>');
    place('<extole-zone name="confirmation"></extole-zone>');
    const { calls } = start();
    await settle();
    sdk.setContext({ locale: 'de' });
    await settle();
    expect(calls.map(({ settings }) => settings.name)).toEqual(['overlay', 'confirmation']);
    calls[0]?.answer();
    await settle();
    expect(calls.map(({ settings }) => settings.data)).toEqual([{}, {}, { locale: 'de' }]);
    first.remove();
    sdk.refresh();
    await settle();
    expect(calls.map(({ settings }) => settings.name)).toEqual([
      'overlay',
      'confirmation',
      'overlay',
      'overlay',
    ]);
  });

  it('is asked for when it is added later', async () => {
    const { calls } = start();
    await settle();
    place('<div><extole-zone name="product"></extole-zone></div>');
    await settle();
    expect(calls).toHaveLength(1);
  });

  it('is not asked for again when it is moved or taken away and put back', async () => {
    const zone = place('<extole-zone name="product">Fallback</extole-zone>');
    const { calls } = start();
    await settle();
    document.body.prepend(zone);
    await settle();
    calls[0]?.answer('<p>Creative</p>');
    zone.remove();
    await settle();
    document.body.append(zone);
    await settle();
    expect(calls).toHaveLength(1);
    expect(zone.innerHTML).toBe('<p>Creative</p>');
  });

  it('is not asked for when it is gone again at once', async () => {
    const { calls } = start();
    place('<extole-zone name="product"></extole-zone>').remove();
    await settle();
    expect(calls).toEqual([]);
  });

  it.each([
    ['name', 'global_footer'],
    ['event-data', '{"a": 1}'],
    ['fields', ''],
  ])('is asked for again when %s changes, and shows the new creative only', async (attribute, value) => {
    const zone = place('<extole-zone name="product">Fallback</extole-zone>');
    const { calls } = start({ context: { locale: 'en' } });
    await settle();
    calls[0]?.answer('<p>One</p>');
    zone.setAttribute(attribute, value);
    await settle();
    expect(calls).toHaveLength(2);
    calls[1]?.answer('<p>Two</p>');
    expect(zone.innerHTML).toBe('<p>Two</p>');
  });

  it('is asked for once when several attributes change in one go', async () => {
    const zone = place('<extole-zone name="product"></extole-zone>');
    const { calls } = start();
    await settle();
    calls[0]?.answer('<p>One</p>');
    zone.setAttribute('name', 'global_footer');
    zone.setAttribute('fields', 'email');
    zone.setAttribute('event-data', '{"a": 1}');
    await settle();
    expect(calls.map(({ settings }) => settings.name)).toEqual(['product', 'global_footer']);
  });

  it('shows its fallback again when the new data has no creative', async () => {
    const zone = place('<extole-zone name="product">Fallback</extole-zone>');
    const { calls } = start();
    await settle();
    calls[0]?.answer('<p>One</p>');
    zone.setAttribute('event-data', '{"a": 1}');
    await settle();
    calls[1]?.answer('');
    expect(zone.innerHTML).toBe('Fallback');
  });

  it('waits for the answer under way before it is asked for again', async () => {
    const zone = place('<extole-zone name="product"></extole-zone>');
    const { calls } = start();
    await settle();
    zone.setAttribute('event-data', '{"a": 1}');
    await settle();
    zone.setAttribute('event-data', '{"a": 2}');
    await settle();
    expect(calls).toHaveLength(1);
    calls[0]?.answer('<p>One</p>');
    await settle();
    expect(calls.map(({ settings }) => settings.data.a)).toEqual([undefined, 2]);
  });

  it('is asked for again after setContext only if its own data changed by it', async () => {
    place('<extole-zone name="global_header" fields=""></extole-zone>');
    place('<extole-zone name="product" fields="" event-data=\'{"url": "{{product.url}}"}\'></extole-zone>');
    const { calls } = start({ context: { product: { url: '/a' } } });
    await settle();
    for (const call of calls) call.answer('<p></p>');
    sdk.setContext({ product: { url: '/b' } });
    await settle();
    expect(calls.map(({ settings }) => [settings.name, settings.data])).toEqual([
      ['global_header', {}],
      ['product', { url: '/a' }],
      ['product', { url: '/b' }],
    ]);
  });

  it('lets setContext and identify win over the page, and identify(null) make a guest', async () => {
    const { calls } = start({ context: { customer: ada, locale: 'en' } });
    sdk.identify({ id: 8, email: 'bob@brand.com' });
    sdk.setContext({ locale: 'de' });
    place('<extole-zone name="product"></extole-zone>');
    await settle();
    calls[0]?.answer('<p></p>');
    sdk.identify(null);
    await settle();
    expect(calls.map(({ settings }) => settings.data)).toEqual([
      { email: 'bob@brand.com', partner_user_id: '8', locale: 'de' },
      { locale: 'de' },
    ]);
  });

  it('is asked for again by refresh though nothing changed', async () => {
    place('<extole-zone name="product"></extole-zone>');
    const { calls } = start();
    await settle();
    calls[0]?.answer('<p></p>');
    sdk.refresh();
    await settle();
    expect(calls).toHaveLength(2);
  });

  it('is asked for with the newest data when the call under way with older data fails', async () => {
    place('<extole-zone name="product" fields="locale"></extole-zone>');
    const { calls } = start({ context: { locale: 'en' } });
    await settle();
    sdk.setContext({ locale: 'fr' });
    await settle();
    calls[0]?.answer('', { status: 429 });
    await settle();
    expect(calls.map(({ settings }) => settings.data)).toEqual([{ locale: 'en' }, { locale: 'fr' }]);
  });

  it('is not asked for when a listener stops the SDK before its turn', async () => {
    place('<extole-zone name="a"></extole-zone>');
    place('<extole-zone name="b"></extole-zone>');
    const { calls } = start();
    sdk.on('extole-zone:requested', () => sdk.stop());
    await settle();
    expect(calls.map(({ settings }) => settings.name)).not.toContain('b');
  });

  it('can be asked for by a script, with or without an element', async () => {
    const element = place('<div>Fallback</div>');
    const { calls } = start({ context: { locale: 'en', order: { id: 5 } } });
    sdk.createZone({ name: 'product', element, fields: [], eventData: { a: '{{order.id}}' } });
    sdk.createZone({ name: 'conversion', eventData: '{"partner_conversion_id": "{{order.id}}"}' });
    await settle();
    sdk.setContext({ locale: 'de' });
    await settle();
    expect(calls.map(({ settings }) => settings)).toEqual([
      { name: 'product', element, data: { a: 5 } },
      { name: 'conversion', data: { locale: 'en', partner_conversion_id: 5 } },
    ]);
  });

  it('asks for the zones of the configuration once', async () => {
    const { calls } = start({ zones: ['confirmation'] });
    sdk.start();
    await settle();
    expect(calls.map(({ settings }) => settings)).toEqual([{ name: 'confirmation', data: {} }]);
  });

  it('is asked for with the defaults alone when a placeholder stands for what JSON can not hold', async () => {
    place('<extole-zone name="a" event-data=\'{"x": "{{product}}"}\'></extole-zone>');
    place('<extole-zone name="b"></extole-zone>');
    const product: Record<string, unknown> = {};
    product.self = product;
    const { calls } = start({ context: { product } });
    await settle();
    expect(calls.map(({ settings }) => settings)).toEqual([
      { name: 'a', element: expect.anything(), data: {} },
      { name: 'b', element: expect.anything(), data: {} },
    ]);
    expect(codes()).toEqual(['EVENT_DATA_INVALID']);
  });

  it('is not asked for when its element left the page while it waited', async () => {
    const zone = place('<extole-zone name="a" event-data="{“a”: 1,}"></extole-zone>');
    const { calls } = start();
    await Promise.resolve();
    zone.remove();
    place('<extole-zone name="b" event-data="{“b”: 2,}"></extole-zone>');
    await vi.waitFor(() => expect(calls).not.toHaveLength(0));
    expect(calls.map(({ settings }) => settings.name)).toEqual(['b']);
  });

  it('of a script is let go with its element', async () => {
    const element = place('<div></div>');
    const { calls } = start();
    sdk.createZone({ name: 'product', element });
    await settle();
    calls[0]?.answer('<p></p>');
    element.remove();
    sdk.setContext({ locale: 'de' });
    await settle();
    expect(calls).toHaveLength(1);
  });

  it("can be asked for again after somebody's createZone threw", async () => {
    const zone = place('<extole-zone name="a"></extole-zone>');
    const { calls } = start();
    const { createZone } = window.extole ?? {};
    if (window.extole)
      window.extole.createZone = () => {
        throw new Error('theirs');
      };
    await settle();
    expect(codes()).toEqual(['EXTOLE_ZONE_FAILED']);
    if (window.extole && createZone) window.extole.createZone = createZone;
    zone.setAttribute('name', 'b');
    await settle();
    expect(calls.map(({ settings }) => settings.name)).toEqual(['b']);
  });

  it('hands Extole a copy, so that the context stays as it is', async () => {
    place('<extole-zone name="a" event-data=\'{"x": "{{product}}"}\'></extole-zone>');
    const product = { url: '/a' };
    const { calls } = start({ context: { product } });
    await settle();
    expect(calls[0]?.settings.data.x).toEqual(product);
    expect(calls[0]?.settings.data.x).not.toBe(product);
  });

  it('has Extole forget the shopper on logout', async () => {
    const { calls, logouts } = start({ context: { customer: ada } });
    place('<extole-zone name="product"></extole-zone>');
    await settle();
    calls[0]?.answer('<p></p>');
    sdk.logout();
    await settle();
    expect(logouts()).toBe(1);
    expect(calls[1]?.settings.data).toEqual({});
  });

  it('is left alone after stop, and taken up again by a later start', async () => {
    const zone = place('<extole-zone name="product"></extole-zone>');
    const { calls } = start();
    await settle();
    sdk.stop();
    zone.setAttribute('name', 'global_footer');
    place('<extole-zone name="other"></extole-zone>');
    sdk.refresh();
    await settle();
    expect(calls).toHaveLength(1);
    calls[0]?.answer('<p></p>');
    sdk.start({ programDomain: PROGRAM_DOMAIN });
    await settle();
    expect(calls.map(({ settings }) => settings.name)).toEqual(['product', 'global_footer', 'other']);
  });

  it('calls listeners until off or stop', async () => {
    start();
    const heard: string[] = [];
    const first = (event: CustomEvent<ZoneEventDetail>) => void heard.push(`first ${event.detail.name}`);
    const second = (event: CustomEvent<ZoneEventDetail>) => void heard.push(`second ${event.detail.name}`);
    sdk.on('extole-zone:requested', first);
    sdk.on('extole-zone:requested', second);
    sdk.createZone({ name: 'overlay' });
    await settle();
    sdk.off('extole-zone:requested', first);
    sdk.createZone({ name: 'confirmation' });
    await settle();
    sdk.stop();
    start();
    sdk.createZone({ name: 'overlay' });
    await settle();
    expect(heard).toEqual(['first overlay', 'second overlay', 'second confirmation']);
  });
});

describe('the core tag', () => {
  /** Whether the browser lists tags as loaded, or given up. */
  let isListed = true;
  beforeEach(() => {
    isListed = true;
    vi.spyOn(performance, 'getEntriesByName').mockImplementation((name) =>
      isListed ? [performance.mark(name)] : [],
    );
  });
  const start = (config: sdk.StorefrontConfig = {}) =>
    sdk.start({ programDomain: PROGRAM_DOMAIN, ...config });

  it('is added once, from the program domain', () => {
    start();
    sdk.start();
    expect(coreTags()).toHaveLength(1);
    expect(coreTag().src).toBe('https://share.brand.com/core.js');
  });

  it.each([
    ['the configuration', 'given', 'given'],
    ['a script of the page', undefined, 'of-page'],
  ])('carries the nonce of %s', (_where, nonce, expected) => {
    place('<script nonce="of-page"></script>');
    start({ nonce });
    expect(coreTag().nonce).toBe(expected);
  });

  it('comes after the call queue, so that earlier calls of others are kept', () => {
    start();
    window.extole?.createZone?.({ name: 'of-others', data: {} });
    const [entry] = window.extole?.q ?? [];
    expect(entry).toEqual(['createZone', [{ name: 'of-others', data: {} }]]);
  });

  it('leaves a queue that others installed as it is', () => {
    const q: ExtoleGlobal['q'] = [['createZone', [{ name: 'early' }]]];
    const createZone = vi.fn();
    window.extole = { q, createZone };
    start();
    expect(window.extole).toEqual({ q, createZone });
    expect(coreTags()).toHaveLength(1);
  });

  it.each([
    'https://share.brand.com/core.js',
    'https://share.brand.com/core.js?v=1',
    'https://brand.extole.io/core.js',
    'https://origin.extole.io/brand/core.js',
    'https://refer.other.com/core.js',
  ])('is not added when the page has one: %s', (src) => {
    document.head.append(Object.assign(document.createElement('script'), { src }));
    start();
    expect(coreTags()).toHaveLength(1);
  });

  it.each([
    ['another file', 'https://cdn.example.com/js/core.js', ''],
    ['a longer name', 'https://share.brand.com/score.js', ''],
    ['a tag that a consent manager holds back', 'https://share.brand.com/core.js', 'text/plain'],
  ])('is added beside %s', (_what, src, type) => {
    document.head.append(Object.assign(document.createElement('script'), { src, type }));
    start();
    expect(document.querySelectorAll('script[src="https://share.brand.com/core.js"]').length).toBe(
      src.includes('share.brand.com/core') ? 2 : 1,
    );
  });

  it('is added when a tag of others turns out to be something else', async () => {
    const other = Object.assign(document.createElement('script'), { src: 'https://cdn.example.com/core.js' });
    document.head.append(other);
    start();
    expect(coreTags()).toHaveLength(1);
    other.dispatchEvent(new Event('load'));
    await pass(999);
    expect(coreTags()).toHaveLength(1);
    await pass(1001);
    expect(coreTags().map(({ src }) => src)).toEqual([other.src, 'https://share.brand.com/core.js']);
  });

  it('is added once when a tag of others was over before the SDK came', async () => {
    const other = Object.assign(document.createElement('script'), { src: 'https://cdn.example.com/core.js' });
    document.head.append(other);
    start();
    window.dispatchEvent(new Event('load'));
    other.dispatchEvent(new Event('load'));
    await pass(999);
    expect(coreTags()).toHaveLength(1);
    await pass(1001);
    other.dispatchEvent(new Event('error'));
    expect(coreTags()).toHaveLength(2);
  });

  it('of the page is told to be blocked when it was over before the SDK came', async () => {
    document.head.append(
      Object.assign(document.createElement('script'), { src: 'https://share.brand.com/core.js' }),
    );
    place('<extole-zone name="a"></extole-zone>');
    start();
    await settle();
    window.dispatchEvent(new Event('load'));
    await pass(1000);
    expect(codes()).toEqual(['EXTOLE_CORE_BLOCKED']);
  });

  it.each([
    ['is blocked', 'EXTOLE_CORE_BLOCKED', () => coreTag().dispatchEvent(new Event('error'))],
    [
      'brings something else',
      'EXTOLE_GLOBAL_MISSING',
      async () => {
        coreTag().dispatchEvent(new Event('load'));
        await pass(2000);
      },
    ],
    ['does not come in time', 'EXTOLE_CORE_TIMEOUT', () => pass(5000)],
  ])('tells each zone when it %s, and the fallback stays', async (_what, code, happen) => {
    const zones = [
      place('<extole-zone name="a">A</extole-zone>'),
      place('<extole-zone name="b">B</extole-zone>'),
    ];
    start();
    await settle();
    expect(codes()).toEqual([]);
    await happen();
    await settle();
    expect(told('extole-zone:failed').map(({ target, detail }) => [target, detail.code])).toEqual(
      zones.map((zone) => [zone, code]),
    );
    expect(document.body.textContent).toBe('AB');
  });

  it('is waited for as long as the configuration says, to the millisecond', async () => {
    place('<extole-zone name="a"></extole-zone>');
    start({ timeoutMs: 100 });
    await settle();
    await pass(99);
    expect(codes()).toEqual([]);
    await pass(1);
    expect(codes()).toEqual(['EXTOLE_CORE_TIMEOUT']);
  });

  it('tells zones that come after the failure as well', async () => {
    start();
    coreTag().dispatchEvent(new Event('error'));
    await settle();
    place('<extole-zone name="a"></extole-zone>');
    await settle();
    expect(codes()).toEqual(['EXTOLE_CORE_BLOCKED']);
  });

  it('that a script added after the page had loaded is waited for while it is on its way', async () => {
    isListed = false;
    const src = 'https://share.brand.com/core.js';
    document.head.append(Object.assign(document.createElement('script'), { src }));
    place('<extole-zone name="a"></extole-zone>');
    start();
    await pass(1000);
    await pass(4999);
    expect(codes()).toEqual([]);
    expect(coreTags()).toHaveLength(1);
    await pass(1);
    expect(codes()).toEqual(['EXTOLE_CORE_TIMEOUT']);
    await pass(24_999);
    expect(coreTags()).toHaveLength(1);
    await pass(1);
    expect(codes()).toEqual(['EXTOLE_CORE_TIMEOUT', 'EXTOLE_CORE_BLOCKED']);
  });

  describe('that can not be loaded', () => {
    const fails = async (times: number) => {
      for (let time = 0; time < times; time += 1) {
        coreTag().dispatchEvent(new Event('error'));
        // Longer than any wait between two attempts.
        await pass(3000);
      }
    };
    const failures = () =>
      told('extole-zone:failed').map(({ detail }) => [detail.code, detail.message, detail.willRetry]);

    beforeEach(() => {
      vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(true);
      place('<extole-zone name="a">Fallback</extole-zone>');
    });

    it('is tried again three times, and then no more', async () => {
      start();
      await settle();
      await fails(1);
      expect(failures()).toEqual([['EXTOLE_CORE_BLOCKED', 'network', true]]);
      await fails(2);
      expect(coreTags()).toHaveLength(1);
      await fails(1);
      expect(failures().at(-1)).toEqual(['EXTOLE_CORE_BLOCKED', 'network', false]);
      expect(failures()).toHaveLength(2);
      await pass(60_000);
      expect(coreTags()).toHaveLength(0);
    });

    it.each([
      [0, [250, 500, 1000]],
      [1, [750, 1500, 3000]],
    ])('is tried again ever later, by chance %d after %j ms', async (chance, waitsMs) => {
      vi.spyOn(Math, 'random').mockReturnValue(chance);
      start();
      await settle();
      for (const waitMs of waitsMs) {
        coreTag().dispatchEvent(new Event('error'));
        await pass(waitMs - 1);
        expect(coreTags()).toHaveLength(0);
        await pass(1);
        expect(coreTags()).toHaveLength(1);
      }
    });

    it('shows the creative once an attempt succeeds, and asks for it once', async () => {
      start();
      await settle();
      await fails(2);
      const fake = fakeExtole();
      fake.takeOver();
      coreTag().dispatchEvent(new Event('load'));
      expect(fake.calls).toHaveLength(1);
      fake.calls[0]?.answer('<p>Creative</p>');
      expect(document.body.textContent).toBe('Creative');
      await pass(60_000);
      expect(coreTags()).toHaveLength(1);
    });

    it('is tried once more when the page forbids it, to know that, and then no more', async () => {
      start();
      await settle();
      coreTag().dispatchEvent(new Event('error'));
      await pass(1500);
      const violation = Object.assign(new Event('securitypolicyviolation'), {
        blockedURI: coreTag().src,
        disposition: 'enforce',
      });
      document.dispatchEvent(violation);
      await fails(1);
      expect(coreTags()).toHaveLength(0);
      expect(failures()).toEqual([
        ['EXTOLE_CORE_BLOCKED', 'network', true],
        ['EXTOLE_CORE_BLOCKED', 'csp', false],
      ]);
    });

    it.each([
      ['of something else', { blockedURI: 'https://else.com/x.js', disposition: 'enforce' }],
      ['that is only reported', { blockedURI: 'https://share.brand.com', disposition: 'report' }],
    ])('is tried on after a violation %s', async (_what, members) => {
      start();
      await settle();
      await fails(1);
      document.dispatchEvent(Object.assign(new Event('securitypolicyviolation'), members));
      await fails(1);
      expect(coreTags()).toHaveLength(1);
    });

    it('is tried at once when the browser comes back online, during a wait and after the end', async () => {
      vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
      start();
      await settle();
      coreTag().dispatchEvent(new Event('error'));
      await settle();
      expect(failures()).toEqual([['EXTOLE_CORE_BLOCKED', 'offline', true]]);
      window.dispatchEvent(new Event('online'));
      expect(coreTags()).toHaveLength(1);
      await fails(4);
      expect(failures().at(-1)).toEqual(['EXTOLE_CORE_BLOCKED', 'offline', false]);
      expect(coreTags()).toHaveLength(0);
      window.dispatchEvent(new Event('online'));
      window.dispatchEvent(new Event('online'));
      expect(coreTags()).toHaveLength(1);
    });

    it('is not said to be on its way still once the last attempt has failed', async () => {
      start();
      await settle();
      await fails(4);
      await pass(60_000);
      expect(failures().at(-1)).toEqual(['EXTOLE_CORE_BLOCKED', 'network', false]);
    });

    it('leaves nothing in the queue of zones that came and went meanwhile, nor after stop', async () => {
      document.body.replaceChildren();
      start();
      await settle();
      for (let time = 0; time < 5; time += 1) {
        const zone = place('<extole-zone name="a"></extole-zone>');
        await settle();
        zone.remove();
      }
      expect(window.extole?.q).toEqual([]);
      place('<extole-zone name="a"></extole-zone>');
      await settle();
      sdk.stop();
      expect(window.extole).toBeUndefined();
      expect(window.extoleStorefront).toBeUndefined();
    });

    it('is told to be late when an attempt takes long, and not tried beside it', async () => {
      start();
      await settle();
      await fails(1);
      await pass(5000);
      expect(failures().at(-1)).toEqual(['EXTOLE_CORE_TIMEOUT', undefined, true]);
      expect(coreTags()).toHaveLength(1);
    });

    it('is left alone after stop, and tried from the beginning by a later start', async () => {
      start();
      await settle();
      await fails(2);
      sdk.stop();
      coreTag().remove();
      await pass(60_000);
      window.dispatchEvent(new Event('online'));
      expect(coreTags()).toHaveLength(0);
      start();
      await settle();
      await fails(3);
      expect(coreTags()).toHaveLength(1);
    });
  });

  it('is tried anew by a later start', async () => {
    start();
    coreTag().dispatchEvent(new Event('error'));
    await settle();
    expect(coreTags()).toHaveLength(0);
    start();
    expect(coreTags()).toHaveLength(1);
  });

  it('is given a second after it has loaded to bring its global', async () => {
    place('<extole-zone name="a"></extole-zone>');
    start();
    await settle();
    coreTag().dispatchEvent(new Event('load'));
    await pass(999);
    window.extole = fakeExtole().extole;
    await pass(10_000);
    expect(codes()).toEqual([]);
  });

  it('has a logout that came before it forget the shopper before any zone is asked for', async () => {
    start();
    sdk.logout();
    sdk.identify({ id: 8 });
    place('<extole-zone name="a" fields="partner_user_id"></extole-zone>');
    await settle();
    expect(window.extole?.q, 'Extole would answer for the last shopper').toEqual([]);
    const fake = fakeExtole();
    window.extole = fake.extole;
    coreTag().dispatchEvent(new Event('load'));
    await settle();
    expect(fake.logouts()).toBe(1);
    expect(fake.calls.map(({ settings }) => settings.data)).toEqual([{ partner_user_id: '8' }]);
  });

  it('still renders the zones when it comes late', async () => {
    const zone = place('<extole-zone name="a">Fallback</extole-zone>');
    start();
    await settle();
    await pass(5000);
    const fake = fakeExtole();
    fake.takeOver();
    coreTag().dispatchEvent(new Event('load'));
    fake.calls[0]?.answer('<p>Late</p>');
    expect(zone.innerHTML).toBe('<p>Late</p>');
    expect(events.map(({ type }) => type)).toEqual([
      'extole-zone:requested',
      'extole-zone:failed',
      'extole-zone:rendered',
    ]);
  });

  it('finds the newest data in its queue, once for each zone', async () => {
    const zone = place('<extole-zone name="product" fields=""></extole-zone>');
    start();
    await settle();
    sdk.identify({ id: 8 });
    zone.setAttribute('fields', 'partner_user_id');
    await settle();
    zone.setAttribute('name', 'overlay');
    await settle();
    expect(window.extole?.q).toEqual([
      ['createZone', [{ name: 'overlay', data: { partner_user_id: '8' } }, expect.any(Function)]],
    ]);
  });

  it.each(['https://share.brand.com', 'share.brand.com/x', undefined])(
    'is not added for %j, which is no program domain; an event and a sentence tell',
    async (programDomain) => {
      place('<extole-zone name="a">Fallback</extole-zone>');
      sdk.start({ programDomain });
      await settle();
      expect(coreTags()).toEqual([]);
      expect(codes()).toEqual(['PROGRAM_DOMAIN_INVALID']);
      expect(document.body.textContent).toBe('Fallback');
      await vi.waitFor(() => expect(console.warn).toHaveBeenCalled());
      expect(vi.mocked(console.warn).mock.lastCall?.[0]).toMatch(
        /Enter the bare host name .* such as share\.brand\.com/,
      );
    },
  );
});

describe('who is signed in', () => {
  const bob = { id: 8, email: 'bob@brand.com', first_name: 'Bob', last_name: 'Moran' };
  const start = (config: sdk.StorefrontConfig = {}) =>
    sdk.start({ programDomain: PROGRAM_DOMAIN, ...config });
  const come = () => {
    const fake = fakeExtole();
    fake.takeOver();
    coreTag().dispatchEvent(new Event('load'));
    return fake;
  };
  const idsOf = ({ calls }: ReturnType<typeof fakeExtole>) =>
    calls.map(({ settings }) => [settings.name, settings.data.partner_user_id]);

  it.each<[string, () => void, string | undefined]>([
    ['another signs in', () => sdk.identify(bob), '8'],
    ['nobody is', () => sdk.identify(null), undefined],
    ['the shopper logs out', () => sdk.logout(), undefined],
  ])(
    'is who was last, when Extole comes after %s; nothing tells of the one before',
    async (_what, change, id) => {
      place('<extole-zone name="product"></extole-zone>');
      start({ context: { customer: ada } });
      sdk.createZone({ name: 'overlay' });
      await settle();
      change();
      await settle();
      expect(window.extole?.q).toEqual([]);
      const fake = come();
      await settle();
      expect(idsOf(fake).sort()).toEqual([
        ['overlay', id],
        ['product', id],
      ]);
      expect(fake.logouts()).toBe(1);
    },
  );

  it('is seen though the page changes the object that it gave', async () => {
    place('<extole-zone name="product"></extole-zone>');
    start();
    const fake = come();
    const customer: sdk.Customer & { id: number } = { ...ada };
    sdk.identify(customer);
    await settle();
    fake.calls.at(-1)?.answer('<p></p>');
    Object.assign(customer, bob);
    sdk.identify(customer);
    await settle();
    expect(fake.calls.at(-1)?.settings.data).toMatchObject({ partner_user_id: '8', first_name: 'Bob' });
    expect(fake.logouts()).toBe(1);
  });

  it('is the same when the page gives an equal object anew: nothing is asked again', async () => {
    vi.stubGlobal(
      'fetch',
      vi.fn(async () => new Response('{}')),
    );
    place('<extole-zone name="product"></extole-zone>');
    start({ storefrontApiToken: 'token', context: { customer: { id: 7, name: 'Ada Lovelace' } } });
    const fake = come();
    await settle();
    for (let time = 0; time < 3; time += 1) {
      sdk.identify({ id: 7, name: 'Ada Lovelace' });
      await settle();
    }
    expect(fetch).toHaveBeenCalledTimes(1);
    expect(fake.calls).toHaveLength(1);
    vi.unstubAllGlobals();
  });

  it('is found out again when another tab told of somebody else', async () => {
    place('<extole-zone name="product"></extole-zone>');
    start({ context: { customer: ada } });
    const fake = come();
    await settle();
    fake.calls[0]?.answer('<p></p>');
    localStorage.setItem('extole-shopper', `${'0'.repeat(32)}.${'0'.repeat(64)}`);
    sdk.setContext({ locale: 'de' });
    await settle();
    expect(fake.logouts()).toBe(1);
    expect(fake.calls).toHaveLength(2);
  });
});

describe('the first and last name of a signed-in shopper', () => {
  const customer = { id: 7, email: 'ada@brand.com', name: 'Ada K. Lovelace' };
  const answerOf = (data: unknown) => new Response(JSON.stringify({ data }));

  const startWith = (fetched: typeof fetch, context: sdk.PageContext = { customer }) => {
    vi.stubGlobal('fetch', vi.fn(fetched));
    const fake = fakeExtole();
    window.extole = fake.extole;
    sdk.start({ programDomain: PROGRAM_DOMAIN, storefrontApiToken: 'token', context });
    return fake;
  };
  afterEach(() => vi.unstubAllGlobals());

  it('come from BigCommerce, with its token', async () => {
    place('<extole-zone name="product"></extole-zone>');
    const { calls } = startWith(async () =>
      answerOf({ customer: { entityId: 7, firstName: 'Ada Katharina', lastName: 'Lovelace' } }),
    );
    await vi.waitFor(() => expect(calls).toHaveLength(1));
    expect(calls[0]?.settings.data).toMatchObject({ first_name: 'Ada Katharina', last_name: 'Lovelace' });
    const [url, init] = vi.mocked(fetch).mock.lastCall ?? [];
    expect(url).toBe('/graphql');
    expect(init?.headers).toMatchObject({ authorization: 'Bearer token' });
  });

  it.each<[string, typeof fetch]>([
    ['BigCommerce refuses', async () => new Response('no', { status: 401 })],
    ['the network fails', async () => Promise.reject(new TypeError())],
    ['nobody is signed in', async () => answerOf({ customer: null })],
    [
      'it is another shopper',
      async () => answerOf({ customer: { entityId: 8, firstName: 'Bob', lastName: 'B' } }),
    ],
  ])('are split from the full name when %s', async (_what, fetched) => {
    place('<extole-zone name="product"></extole-zone>');
    const { calls } = startWith(fetched);
    await vi.waitFor(() => expect(calls).toHaveLength(1));
    expect(calls[0]?.settings.data).toMatchObject({ first_name: 'Ada', last_name: 'K. Lovelace' });
  });

  it('are waited for at most 300 ms', async () => {
    place('<extole-zone name="product"></extole-zone>');
    const { calls } = startWith(() => new Promise(() => {}));
    await pass(299);
    expect(calls).toHaveLength(0);
    await pass(1);
    expect(calls[0]?.settings.data).toMatchObject({ first_name: 'Ada', last_name: 'K. Lovelace' });
  });

  it.each<[string, sdk.PageContext]>([
    ['a guest', { customer: null }],
    ['a shopper whose names the page has', { customer: { ...customer, first_name: 'Ada' } }],
    ['a page that says nothing', {}],
  ])('are not asked for: %s', async (_what, context) => {
    place('<extole-zone name="product"></extole-zone>');
    const { calls } = startWith(async () => answerOf({}), context);
    await settle();
    expect(calls).toHaveLength(1);
    expect(fetch).not.toHaveBeenCalled();
  });
});

describe('hostile input', () => {
  it('is data and nothing else', async () => {
    const fake = fakeExtole();
    window.extole = fake.extole;
    const nasty = '</script><script>alert(1)</script>"\'\u2028\ud800{{product.url}}';
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`k${index}`, 'v']));
    const texts = [
      JSON.stringify({ nasty, title: '{{product.title}}' }),
      JSON.stringify(many),
      `{"a":${'['.repeat(1000)}${']'.repeat(1000)}}`,
      `{"a":${'['.repeat(60_000)}`,
      JSON.stringify({ big: 'x'.repeat(64 * 1024) }),
      '{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}',
      'null',
      '{',
    ];
    for (const text of texts)
      place('<extole-zone name="a" fields=""></extole-zone>').setAttribute('event-data', text);
    sdk.start({
      programDomain: PROGRAM_DOMAIN,
      context: JSON.parse(JSON.stringify({ product: { title: nasty, url: '/x' } })),
    });
    await vi.waitFor(() => expect(fake.calls).toHaveLength(texts.length));
    const sent = fake.calls.map(({ settings }) => settings.data);
    expect(sent).toContainEqual({
      nasty: '</script><script>alert(1)</script>"\'\u2028\ud800/x',
      title: nasty,
    });
    expect(sent).toContainEqual(many);
    expect(sent).toContainEqual({ big: 'x'.repeat(64 * 1024) });
    expect('polluted' in {}).toBe(false);
    expect(codes()).toEqual(['EVENT_DATA_INVALID', 'EVENT_DATA_INVALID', 'EVENT_DATA_INVALID']);
  });
});
