// @vitest-environment jsdom
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { VERSION } from '../../src/catalog/version.js';
import { placeZones } from '../../src/storefront/automatic-zones.js';
import { showPanel } from '../../src/storefront/debug-panel.js';
import type { Inside } from '../../src/storefront/debug-report.js';
import { leave, meet } from '../../src/storefront/shopper.js';
import type { Customer, Data, StorefrontConfig, ZoneEventDetail } from '../../src/storefront/types.js';
import type { Zone } from '../../src/storefront/zones.js';

const ada = { id: 7, email: 'ada@brand.com', first_name: 'Ada', last_name: 'Lovelace' };

let close = () => {};
let copied = '';

/** What the core would let the panel see: a page that is well, but for what a test changes. */
function inside(changes: Partial<Inside> = {}): Inside {
  return {
    config: () => ({ programDomain: 'share.brand.com' }),
    zones: new Set(),
    context: () => ({ page: { type: 'product' }, customer: null }),
    hasConsent: () => true,
    isCoreReady: () => true,
    ...changes,
  };
}

const configured = (config: StorefrontConfig) =>
  inside({ config: () => ({ programDomain: 'share.brand.com', ...config }) });
const signedIn = (customer: Customer, changes: Partial<Inside> = {}) =>
  inside({ context: () => ({ customer }), ...changes });

/** A zone as the core keeps it, in an element of the page. */
function zone(name: string, data: Data, changes: Partial<Zone> = {}): Zone {
  const element = document.createElement('extole-zone');
  if (!('element' in changes)) document.body.append(element);
  const read = () => ({ name, eventData: null, fields: null });
  return { element, read, name, asked: JSON.stringify([{ name, data }]), ...changes };
}

const root = () => document.querySelector('extole-debug')?.shadowRoot;
const all = <Found extends Element>(selector: string) =>
  Array.from(root()?.querySelectorAll<Found>(selector) ?? []);
const text = (selector = '.findings') => all(selector)[0]?.textContent ?? '';
const zoneTitles = () => all('summary').map(({ textContent }) => textContent);
const button = (label: string) => {
  const found = all<HTMLButtonElement>('button').find(({ textContent }) => textContent === label);
  if (!found) throw new Error(`no button "${label}"`);
  return found;
};
/** What is said under a label. */
const fact = (label: string) =>
  all('dt').find(({ textContent }) => textContent === label)?.nextElementSibling?.textContent;
/** What is said in a section, as it reads. */
const part = (title: string) => {
  const body = all('h3').find(({ textContent }) => textContent === title)?.nextElementSibling;
  return body?.localName === 'dl'
    ? Array.from(body.children, (child) => child.textContent).join(' ')
    : body?.textContent;
};
const until = (assert: () => void) => vi.waitFor(assert, { interval: 1 });
const settled = () => until(() => expect(text()).not.toBe(''));

async function open(page: Inside, ...failures: readonly ZoneEventDetail[]) {
  close = showPanel(page);
  await settled();
  for (const detail of failures) document.dispatchEvent(new CustomEvent('extole-zone:failed', { detail }));
  if (failures.length > 0) await until(() => expect(part('Latest errors')).not.toBe('None'));
}

async function copyReport() {
  button('Copy report').click();
  await until(() => expect(text('[role=status]')).not.toBe(''));
  return copied;
}

beforeEach(() => {
  copied = '';
  vi.stubGlobal('navigator', {
    userAgent: 'Browser/1.0',
    clipboard: {
      async writeText(report: string) {
        copied = report;
      },
    },
  });
});

afterEach(() => {
  localStorage.clear();
  close();
  void leave(() => {});
  document.body.replaceChildren();
  document.head.replaceChildren();
  window.name = '';
  window.history.replaceState(null, '', '/');
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('the diagnosis of a page', () => {
  it('says which SDK runs, with what program domain and configuration', async () => {
    window.history.replaceState(null, '', '/mug?extole_debug');
    await open(
      configured({ channelId: 1, zones: ['overlay'], timeoutMs: 900, storefrontApiToken: 'secret' }),
    );
    expect(fact('SDK version')).toBe(VERSION);
    expect(fact('Program domain')).toBe('share.brand.com');
    expect(fact('Address')).toBe(`${location.origin}/mug?extole_debug`);
    expect(fact('Page type')).toBe('product');
    expect(fact('Page context')).toBe('page');
    expect(fact('Configuration')).toBe(
      'channelId 1, zones ["overlay"], timeoutMs 900, storefrontApiToken (not shown)',
    );
    expect(text()).not.toContain('secret');
  });

  it('says what to do about a program domain that is none', async () => {
    await open(configured({ programDomain: 'https://share.brand.com/' }));
    expect(fact('Program domain')).toContain('is not a program domain. Enter the bare host name');
  });

  it('says that the core tag is ready, where it came from and how long that took', async () => {
    document.head.innerHTML =
      '<script type="text/plain" src="https://share.brand.com/core.js?id=7"></script>';
    const entries = [{ startTime: 99.8, duration: 120.4 }];
    vi.stubGlobal('performance', {
      getEntriesByName: (url: string) => (url.endsWith('?id=7') ? entries : []),
    });
    await open(inside());
    expect(fact('State')).toBe('Ready');
    expect(fact('File')).toBe(
      "https://share.brand.com/core.js?id=… (type text/plain): took 120 ms, until 220 ms after the page's start",
    );
  });

  it.each<[string, Partial<Inside>, string, string, ZoneEventDetail?]>([
    ['is not on the page', {}, '', 'Not on the page'],
    [
      'is loading',
      {},
      '<script type="text/plain" src="https://share.brand.com/core.js"></script>',
      'Loading',
    ],
    ['waits for consent', { hasConsent: () => false }, '', 'Waits for consent'],
    [
      'failed',
      {},
      '',
      "Failed: EXTOLE_CORE_BLOCKED: Extole's core tag could not be loaded. The page's Content-Security-Policy refused it: allow the program domain in script-src and connect-src. Fallbacks stay. It may still come.",
      { code: 'EXTOLE_CORE_BLOCKED', name: 'product', message: 'csp', willRetry: true },
    ],
  ])('says that the core tag %s', async (_what, changes, head, expected, failure) => {
    document.head.innerHTML = head;
    await open(inside({ isCoreReady: () => false, ...changes }), ...(failure ? [failure] : []));
    expect(fact('State')).toBe(expected);
  });

  it.each<[StorefrontConfig['consent'], boolean, string]>([
    ['required', true, 'Required, and given'],
    ['required', false, 'Required, and not given: Extole is asked for nothing until it is'],
    [undefined, true, 'Not required'],
    [undefined, false, 'Refused'],
  ])('says of consent that is %s, when it is given: %s', async (consent, isGiven, expected) => {
    await open({ ...configured({ consent }), hasConsent: () => isGiven });
    expect(fact('Consent')).toBe(expected);
  });

  it.each([
    [null, 'A guest'],
    [undefined, 'The page does not say who it is'],
  ])('says who the shopper is: %s', async (customer, expected) => {
    await open(inside({ context: () => ({ customer }) }));
    expect(fact('Shopper')).toBe(expected);
    expect(fact('Verification')).toBeUndefined();
  });

  it('says who is signed in, where the names are from and how sure that is', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('offline')));
    await meet(
      { id: 7, name: 'Ada Lovelace' },
      { verification: { appClientId: 'id', url: 'https://app.brand.com/verify' } },
      () => {},
    );
    await open(signedIn({ id: 7, name: 'Ada Lovelace' }));
    expect(fact('Shopper')).toBe('Signed in: id 7, name Ada Lovelace');
    expect(fact('First and last name')).toBe('a guess: the full name, split at the first space');
    expect(fact('Verification')).toContain('Failed: zones go unverified');
  });

  it('does not guess about a shopper whom nobody looked into yet', async () => {
    await open(signedIn(ada));
    expect(fact('Shopper')).toBe('Signed in: id 7, email ada@brand.com, first_name Ada, last_name Lovelace');
    expect(fact('First and last name')).toBe('looked for when a zone is asked for');
    expect(fact('Verification')).toBeUndefined();
  });
});

describe('the zones of a diagnosis', () => {
  const call = { name: 'any', data: {} };

  it('are listed with the data that was sent', async () => {
    const zones = new Set([zone('product', { email: 'ada@brand.com', price: { value: 7 } })]);
    await open(inside({ zones }));
    expect(zoneTitles()).toEqual(['product: rendered']);
    expect(fact('data.email')).toBe('"ada@brand.com"');
    expect(fact('data.price')).toBe('{"value":7}');
  });

  it.each<[string, Partial<Zone>, Partial<Inside>]>([
    ['rendered', {}, {}],
    ['waits until it is known who the shopper is', { asked: undefined }, {}],
    ['waits for consent', { asked: undefined }, { hasConsent: () => false }],
    ['waits for the core tag', { call }, { isCoreReady: () => false }],
    ['asked for, and Extole has not answered', { call }, {}],
    ['failed (EXTOLE_ZONE_EMPTY)', { failure: { code: 'EXTOLE_ZONE_EMPTY', name: 'any' } }, {}],
    ['rendered', { failure: { code: 'EVENT_DATA_INVALID', name: 'any', message: '' } }, {}],
    ['asked for and answered', { name: 'overlay' }, {}],
    ['asked for, and Extole has not answered', { element: undefined, call }, {}],
  ])('tell that a zone is %s', async (state, ofZone, changes) => {
    await open(inside({ zones: new Set([zone('any', {}, ofZone)]), ...changes }));
    expect(zoneTitles()).toEqual([`${ofZone.name ?? 'any'}: ${state}`]);
  });

  it('tell that a zone is shown as a preview', async () => {
    const previewed = zone('overlay', {});
    previewed.element?.attachShadow({ mode: 'open' }).append(document.createElement('div'));
    previewed.element?.shadowRoot?.firstElementChild?.setAttribute('id', 'extole-preview');
    await open(inside({ zones: new Set([previewed]) }));
    expect(zoneTitles()).toEqual(['overlay: shown as a preview, not asked for']);
  });

  it('tell that only the first of several overlays is asked for', async () => {
    await open(inside({ zones: new Set([zone('overlay', {}), zone('overlay', {})]) }));
    expect(zoneTitles()).toEqual([
      'overlay: asked for and answered',
      'overlay: left to the first of its name',
    ]);
  });

  it('say what to do about a failure, and which placeholders have no value', async () => {
    const failure = { code: 'EVENT_DATA_INVALID', name: 'any', message: 'line 1, column 2: expected "}"' };
    const zones = new Set([zone('any', {}, { failure, custom: { unresolved: ['product.colour'] } })]);
    await open(inside({ zones }));
    expect(fact('Error')).toContain('left out: line 1, column 2: expected "}".');
    expect(fact('Unresolved')).toContain('{{product.colour}} has no value on this page');
  });

  it('include those of the page that are not zones yet', async () => {
    document.body.innerHTML =
      '<extole-zone name="far" loading="lazy"></extole-zone><extole-zone></extole-zone>';
    await open(inside());
    expect(zoneTitles()).toEqual([
      'far: waits until it comes near what is seen (loading="lazy")',
      '(no name): not taken up',
    ]);
    close();
    await open(inside({ hasConsent: () => false }));
    expect(zoneTitles()).toEqual(['far: waits for consent', '(no name): waits for consent']);
  });

  it('include why automatic zones were not placed', async () => {
    const zones = ['overlay', 'product', 'global_footer'];
    document.body.innerHTML = '<extole-zone name="overlay"></extole-zone>';
    placeZones({ zones, pageType: 'home', createZone: () => {} });
    await open(configured({ zones }));
    expect(fact('overlay')).toBe('The page has it already, from a widget or the theme.');
    expect(fact('product')).toBe('It shows on product pages only.');
    expect(fact('global_footer')).toContain('The theme has no place for it. Drag it in Page Builder');
  });

  it('say so where there is none', async () => {
    await open(inside());
    const titles = ['Zones', 'Automatic zones that were not placed', 'Latest errors'];
    expect(titles.map(part)).toEqual(['None', 'None', 'None']);
  });
});

describe('the errors of a diagnosis', () => {
  const failure = { code: 'EXTOLE_ZONE_EMPTY', name: 'hero' };

  it('come newest first, each with what to do, and once for all zones that it befell', async () => {
    const blocked = { code: 'EXTOLE_CORE_BLOCKED', message: 'offline' };
    const failures = [
      { ...blocked, name: 'product' },
      { ...blocked, name: 'footer' },
      { code: 'EXTOLE_ZONE_EMPTY', name: 'hero' },
      { code: 'CALL_INVALID', name: '', message: 'identfy' },
    ];
    await open(inside(), ...failures);
    const errors = part('Latest errors');
    expect(errors).toMatch(/^the page CALL_INVALID: .*identfy.* hero EXTOLE_ZONE_EMPTY: .*"hero"/);
    expect(errors).toContain("footer, product EXTOLE_CORE_BLOCKED: Extole's core tag could not be loaded.");
    expect(errors?.match(/EXTOLE_CORE_BLOCKED/g)).toHaveLength(1);
  });

  it('include those that zones had before', async () => {
    await open(inside({ zones: new Set([zone('hero', {}, { failure })]) }));
    expect(part('Latest errors')).toMatch(/^hero EXTOLE_ZONE_EMPTY: /);
  });

  it('are the latest only', async () => {
    const many = Array.from({ length: 25 }, (_, index) => ({ ...failure, name: `hero${index}.` }));
    await open(inside(), ...many);
    const errors = part('Latest errors');
    expect(errors?.match(/EXTOLE_ZONE_EMPTY/g)).toHaveLength(20);
    expect(errors).toMatch(/^hero24\. /);
    expect(errors).not.toContain('hero4.');
  });

  it('may come from anybody', async () => {
    const odd = { code: 'ODD', name: 'hero' };
    await open(inside(), odd);
    document.dispatchEvent(new CustomEvent('extole-zone:failed'));
    button('Refresh').click();
    await until(() => expect(text('[role=status]')).toBe('Looked again.'));
    expect(part('Latest errors')).toBe('hero ODD');
  });
});

describe('the copied report', () => {
  it('holds what the panel shows, as text', async () => {
    const failures = [{ code: 'EXTOLE_ZONE_EMPTY', name: 'hero' }];
    await open(
      inside({ zones: new Set([zone('hero', { sku: 'MUG', tags: ['a', 'b'], at: null })]) }),
      ...failures,
    );
    const report = await copyReport();
    expect(text('[role=status]')).toContain('The report is copied');
    expect(report).toMatch(/^# Extole diagnosis of \d{4}-\d\d-\d\dT[\d:.]+Z\n/);
    for (const line of [
      '## Page',
      `- SDK version: ${VERSION}`,
      '- Browser: Browser/1.0',
      '- State: Ready',
      '- Shopper: A guest',
      '### hero: rendered',
      '- data.sku: string(3)',
      '- data.tags: array(2)',
      '- data.at: null',
      '## Latest errors',
    ]) {
      expect(report.split('\n')).toContain(line);
    }
  });

  it('holds nothing about the shopper, wherever the page has it', async () => {
    // No letter of a marker stands in a report by itself.
    const marker = fc.stringMatching(/^[ЖЩЮ]{3,9}$/);
    const value = fc.oneof(marker, fc.array(marker), fc.dictionary(fc.constant('inner'), marker));
    await fc.assert(
      fc.asyncProperty(
        fc.record({ id: marker, email: marker, first_name: marker, last_name: marker, name: marker }),
        fc.dictionary(fc.stringMatching(/^[a-z_]{1,9}$/), value),
        marker,
        async (customer, data, secret) => {
          window.history.replaceState(null, '', `/mug?${secret}&mail=${secret}&${secret}=1#${secret}`);
          const thrown = { code: 'EXTOLE_ZONE_FAILED', name: 'any', message: `Error: ${secret}` };
          const config = {
            programDomain: 'share.brand.com',
            storefrontApiToken: secret,
            nonce: secret,
            context: { customer },
            verification: {
              appClientId: 'id',
              url: `https://${secret}:${secret}@app.brand.com/v?key=${secret}`,
            },
          };
          await open(
            signedIn(customer, {
              config: () => config,
              zones: new Set([
                zone('any', data, { failure: thrown, call: { name: 'any', data, jwt: secret } }),
              ]),
            }),
          );
          const report = await copyReport();
          close();
          document.body.replaceChildren();
          expect(report).toContain('Signed in: ');
          expect(decodeURIComponent(report.replace(/%(?![\da-f]{2})/gi, ''))).not.toMatch(/[ЖЩЮ]/);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('keeps each fact on a line of its own, so that no value passes for another fact', async () => {
    await open(inside({ zones: new Set([zone('any\n## Consent\n- Consent: given', {})]) }));
    expect(await copyReport()).toContain('### any ## Consent - Consent: given: rendered');
  });

  it.each([
    ['refuses', { userAgent: '', clipboard: { writeText: () => Promise.reject(new Error('denied')) } }],
    ['has none for an insecure page', { userAgent: '' }],
  ])('is there to be copied by hand when the clipboard %s', async (_what, navigator) => {
    vi.stubGlobal('navigator', navigator);
    await open(inside());
    const [report] = all<HTMLTextAreaElement>('textarea');
    expect(report?.hidden).toBe(true);
    await copyReport();
    expect(text('[role=status]')).toContain('copy it by keyboard');
    expect(report?.hidden).toBe(false);
    expect(report?.value).toContain('- SDK version');
    expect([report?.selectionStart, report?.selectionEnd]).toEqual([0, report?.value.length]);
  });
});

describe('the panel', () => {
  it('shows hostile values as the text that they are', async () => {
    const hostile = '<img src=x onerror="alert(1)"><script>alert(2)</script>';
    const zones = new Set([zone(hostile, { [hostile]: hostile }, { custom: { unresolved: [hostile] } })]);
    const failures = [{ code: 'EXTOLE_ZONE_EMPTY', name: hostile }];
    await open(signedIn({ email: hostile }, { zones }), ...failures);
    expect(zoneTitles()).toEqual([`${hostile}: rendered`]);
    expect(fact(`data.${hostile}`)).toBe(JSON.stringify(hostile));
    expect(all('img, script')).toEqual([]);
  });

  it('says so when the page can not be looked at, and goes on with the next look', async () => {
    let isHostile = true;
    const context = () => {
      if (isHostile) throw new Error('hostile');
      return {};
    };
    close = showPanel(inside({ context }));
    await until(() => expect(text('[role=status]')).toContain('could not be looked at: Error: hostile'));
    isHostile = false;
    button('Refresh').click();
    await settled();
    expect(fact('SDK version')).toBe(VERSION);
  });

  it.each(['extole-zone:requested', 'extole-zone:rendered', 'extole-zone:failed'])(
    'shows the news of %s by itself, and leaves open what was open',
    async (type) => {
      const zones = new Set([zone('one', {}, { call: { name: 'one', data: {} } }), zone('two', {})]);
      await open(inside({ zones }));
      const [details] = all<HTMLDetailsElement>('details');
      if (details) details.open = true;
      all<HTMLElement>('summary')[0]?.focus();
      for (const each of zones) each.call = undefined;
      document.dispatchEvent(new CustomEvent(type));
      await until(() => expect(zoneTitles()).toEqual(['one: rendered', 'two: rendered']));
      expect(all<HTMLDetailsElement>('details').map(({ open }) => open)).toEqual([true, false]);
      expect(root()?.activeElement?.textContent).toBe('one: rendered');
    },
  );

  it('sees that Extole has come, even when no zone tells of it', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'requestAnimationFrame'] });
    let isReady = false;
    close = showPanel(inside({ isCoreReady: () => isReady }));
    await vi.advanceTimersByTimeAsync(0);
    expect(fact('State')).toBe('Not on the page');
    isReady = true;
    await vi.advanceTimersByTimeAsync(1100);
    expect(fact('State')).toBe('Ready');
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each([
    ['while it looks', 0],
    ['before the next look', 50],
    ['while a frame is awaited', 1001],
  ])('does not look any more when it is closed %s', async (_when, afterMs) => {
    vi.useFakeTimers({
      toFake: ['setTimeout', 'clearTimeout', 'requestAnimationFrame', 'cancelAnimationFrame'],
    });
    close = showPanel(inside({ isCoreReady: () => false }));
    if (afterMs > 0) await vi.advanceTimersByTimeAsync(afterMs);
    close();
    await vi.advanceTimersByTimeAsync(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('leaves what it shows untouched as long as nothing changes, so that it can be selected', async () => {
    await open(inside());
    const [before] = all('dl');
    button('Refresh').click();
    await until(() => expect(text('[role=status]')).toBe('Looked again.'));
    expect(all('dl')[0]).toBe(before);
  });

  it('is a named region in English whose controls are native buttons', async () => {
    await open(inside());
    const [section] = all('section');
    expect(section?.getAttribute('aria-label')).toBe('Extole diagnosis');
    expect(section?.getAttribute('lang')).toBe('en');
    expect(all('button').map(({ textContent }) => textContent)).toEqual([
      'Extole diagnosis',
      'Copy report',
      'Refresh',
      'Move to the right',
      'Close',
    ]);
    expect(all('h3').map(({ textContent }) => textContent)).toEqual([
      'Page',
      'Core tag',
      'Shopper',
      'Zones',
      'Automatic zones that were not placed',
      'Latest errors',
    ]);
  });

  it('leaves the focus where it is', async () => {
    document.body.innerHTML = '<input>';
    document.querySelector('input')?.focus();
    await open(inside());
    expect(document.activeElement?.localName).toBe('input');
  });

  it('collapses to a button and back, by the button or by Escape, which the store does not notice', async () => {
    const keys = vi.fn();
    document.addEventListener('keydown', keys);
    await open(inside());
    const toggle = button('Extole diagnosis');
    const isExpanded = () => [toggle.getAttribute('aria-expanded'), all<HTMLElement>('.content')[0]?.hidden];
    const press = () =>
      root()?.activeElement?.dispatchEvent(
        new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, composed: true }),
      );
    expect(isExpanded()).toEqual(['true', false]);
    button('Refresh').focus();
    press();
    expect(isExpanded()).toEqual(['false', true]);
    expect(root()?.activeElement).toBe(toggle);
    expect(keys).not.toHaveBeenCalled();
    press();
    expect(keys).toHaveBeenCalledTimes(1);
    toggle.click();
    expect(isExpanded()).toEqual(['true', false]);
    toggle.click();
    expect(isExpanded()).toEqual(['false', true]);
    document.removeEventListener('keydown', keys);
  });

  it('moves to the other side of the page, and back', async () => {
    await open(inside());
    button('Move to the right').click();
    expect(all('section')[0]?.className).toBe('right');
    button('Move to the left').click();
    expect(all('section')[0]?.className).toBe('');
  });

  it('is wanted on further pages of the tab until it is closed', async () => {
    window.name = 'theirs';
    await open(inside());
    expect(window.name).toBe('theirs extole_debug');
    button('Refresh').click();
    await until(() => expect(text('[role=status]')).toBe('Looked again.'));
    expect(window.name).toBe('theirs extole_debug');
    close();
    expect(window.name).toBe('theirs extole_debug');
    await open(inside());
    button('Close').click();
    expect(window.name).toBe('theirs');
  });

  it('keeps nothing without consent', async () => {
    let hasConsent = false;
    await open(inside({ hasConsent: () => hasConsent }));
    expect([window.name, localStorage.length, sessionStorage.length, document.cookie]).toEqual([
      '',
      0,
      0,
      '',
    ]);
    hasConsent = true;
    button('Refresh').click();
    expect(window.name).toBe(' extole_debug');
  });

  it.each<[string, () => void]>([
    ['its button', () => button('Close').click()],
    ['whoever showed it', () => close()],
  ])('gives everything back when it is closed by %s', async (_by, act) => {
    const listeners = new Set<string>();
    const add = document.addEventListener.bind(document);
    vi.spyOn(document, 'addEventListener').mockImplementation(
      (
        type: string,
        listener: EventListenerOrEventListenerObject,
        options?: boolean | AddEventListenerOptions,
      ) => {
        listeners.add(type);
        const signal = typeof options === 'object' ? options.signal : undefined;
        signal?.addEventListener('abort', () => listeners.delete(type));
        add(type, listener, options);
      },
    );
    const before = document.documentElement.outerHTML;
    await open(inside({ isCoreReady: () => false }));
    expect(listeners.size).toBe(3);
    act();
    expect(document.documentElement.outerHTML).toBe(before);
    expect(listeners.size).toBe(0);
  });
});
