import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { PRODUCTS } from '../../examples/sandbox/sandbox.js';
import { SDK, SDK_PATH, serve, storefrontBrowser } from '../support/storefront-browser.js';

const shop = storefrontBrowser();
const mugPath = PRODUCTS[0]?.path ?? '';

const configure = (configuration = ''): string =>
  `<script>window.extoleStorefront = { programDomain: '${shop.sandbox.programDomain}', ${configuration} };</script>`;
const zoneNames = () => shop.sandbox.zoneRequests().map(({ zone }) => zone);

/** What left the page for anywhere, but for the page itself and the SDK's script. */
function recordRequests(page: Page): string[] {
  const urls: string[] = [];
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (!request.isNavigationRequest() && pathname !== `${SDK_PATH}extole-storefront.js`)
      urls.push(request.url());
  });
  return urls;
}

const kept = (page: Page) =>
  page.evaluate(() => [document.cookie, localStorage.length, sessionStorage.length, window.name]);

describe('while consent is required and not given, in Chromium', () => {
  const open = async (options: { head?: string; body?: string } = {}) => {
    const opened = await shop.open();
    const requests = recordRequests(opened.page);
    await serve(opened.page, '/consent', {
      head: `${configure(`consent: 'required', zones: ['overlay'], storefrontApiToken: 'token', verification: { appClientId: 'a', url: '/nowhere' },
        context: { customer: { id: 7, name: 'Ada Lovelace' } }`)}${options.head ?? ''}`,
      body:
        options.body ??
        '<extole-zone name="product" event-data="{“a”: 1}">Fallback</extole-zone><extole-zone name="lazy" loading="lazy"></extole-zone>',
      sdk: SDK,
    });
    await opened.page.goto('/consent', { waitUntil: 'networkidle' });
    return { ...opened, requests };
  };
  const consent = (page: Page, isGranted: boolean) =>
    page.evaluate((is) => window.extoleStorefront?.q?.push(['consent', [is]]), isGranted);

  it('nothing leaves the page, and nothing is kept', async () => {
    const { page, requests, mishaps, events } = await open();
    await page.evaluate(() => {
      window.extoleStorefront?.q?.push(['createZone', [{ name: 'registration' }]]);
      window.extoleStorefront?.q?.push(['logout']);
      window.extoleStorefront?.q?.push(['refresh']);
    });
    // No type allows it.
    await page.evaluate("extoleStorefront.q.push(['nope', []])");
    await page.waitForLoadState('networkidle');
    expect(requests).toEqual([]);
    expect(await kept(page)).toEqual(['', 0, 0, '']);
    expect(await page.locator('extole-zone').first().innerText()).toBe('Fallback');
    expect((await events()).filter(({ code }) => code !== 'CALL_INVALID')).toEqual([]);
    expect(mishaps).toEqual([]);
  });

  it('calls wait, and are carried out once it is given', async () => {
    const { page } = await open({ body: '' });
    await page.evaluate(() => {
      window.extoleStorefront?.q?.push(['setContext', [{ currency: 'EUR' }]]);
      window.extoleStorefront?.q?.push(['identify', [null]]);
      window.extoleStorefront?.q?.push([
        'createZone',
        [{ name: 'registration', eventData: { currency: '{{currency}}' } }],
      ]);
    });
    expect(zoneNames()).toEqual([]);
    await consent(page, true);
    const requests = await shop.requests(2);
    expect(requests).toEqual({
      registration: { locale: 'en', currency: 'EUR' },
      overlay: { locale: 'en' },
    });
  });

  it('a refusal changes nothing', async () => {
    const { page, requests } = await open();
    await consent(page, false);
    await page.evaluate(() => window.extoleStorefront?.q?.push(['setContext', [{ currency: 'EUR' }]]));
    await page.waitForLoadState('networkidle');
    expect(requests).toEqual([]);
    expect(await kept(page)).toEqual(['', 0, 0, '']);
  });

  it('withdrawn, Extole forgets the shopper and no zone is asked for again, until it is given anew', async () => {
    const { page, event } = await open({ body: '<extole-zone name="product">Fallback</extole-zone>' });
    await consent(page, true);
    await event('rendered');
    await expect.poll(zoneNames).toHaveLength(2);
    const logouts = shop.sandbox.logouts();
    await consent(page, false);
    await expect.poll(() => shop.sandbox.logouts()).toBe(logouts + 1);
    await expect.poll(() => page.evaluate(() => localStorage.length)).toBe(0);
    await page.evaluate(() => {
      window.extoleStorefront?.q?.push(['setContext', [{ locale: 'de' }]], ['refresh']);
      document.body.insertAdjacentHTML('beforeend', '<extole-zone name="global_footer"></extole-zone>');
    });
    await page.waitForLoadState('networkidle');
    expect(zoneNames()).toHaveLength(2);
    await consent(page, true);
    await expect.poll(zoneNames).toHaveLength(4);
    expect(zoneNames().slice(2).sort()).toEqual(['global_footer', 'product']);
  });

  it('withdrawn before Extole has come, the calls that wait for it are taken back', async () => {
    const { page, event } = await open({ body: '<extole-zone name="product">Fallback</extole-zone>' });
    let release = (): void => {};
    const isReleased = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route('**/core.js', async (route) => {
      await isReleased;
      await route.continue();
    });
    await page.evaluate(() => window.extoleStorefront?.q?.push(['identify', [null]]));
    await consent(page, true);
    await event('requested');
    await consent(page, false);
    const loaded = page.waitForResponse('**/core.js');
    release();
    await loaded;
    await page.waitForLoadState('networkidle');
    expect(zoneNames()).toEqual([]);
    expect(await page.locator('extole-zone').innerText()).toBe('Fallback');
  });
});

describe("BigCommerce's consent banner, in Chromium", () => {
  it('lets zones show once it is accepted, on this page and the next, and stops them when it is taken back', async () => {
    const { page } = await shop.open();
    await shop.sandbox.setScripts({ consent: 'required' });
    await page.goto('/sandbox/switch?banner=on&back=/');
    await page.waitForLoadState('networkidle');
    expect(zoneNames()).toEqual([]);
    expect(shop.sandbox.coreRequests()).toBe(0);
    await page.getByRole('button', { name: 'Accept' }).click();
    await expect.poll(() => zoneNames().sort()).toEqual(['global_footer', 'global_header', 'overlay']);
    shop.sandbox.clearZoneRequests();
    await page.goto(mugPath);
    await expect.poll(zoneNames).toHaveLength(4);

    const logouts = shop.sandbox.logouts();
    await page.getByRole('button', { name: 'Cookie settings' }).click();
    await page.getByRole('button', { name: 'Decline' }).click();
    await expect.poll(() => shop.sandbox.logouts()).toBe(logouts + 1);
    shop.sandbox.clearZoneRequests();
    await page.goto('/');
    await page.waitForLoadState('networkidle');
    expect(zoneNames()).toEqual([]);
  });

  it.each([
    ['targeting', { advertising: true, analytics: false, functional: false }, true],
    ['targeting', { advertising: false, analytics: true, functional: true }, false],
    ['analytics', { advertising: false, analytics: true, functional: false }, true],
    ['functional', { advertising: true, analytics: true, functional: false }, false],
  ])('counts for the category %s: %j', async (category, choice, isGranted) => {
    const { page, event } = await shop.open();
    await serve(page, '/banner', {
      head: `${configure(`consent: 'required', consentCategory: '${category}'`)}<script>
        addEventListener('load', () => { window.bodlEvents = { consent: { loaded(heed) { setTimeout(() => { heed(${JSON.stringify(choice)}); document.title = 'told'; }) } } } });
      </script>`,
      body: '<extole-zone name="product"></extole-zone>',
      sdk: SDK.replace('async', ''),
    });
    await page.goto('/banner');
    await page.waitForFunction(() => document.title === 'told');
    if (isGranted) await event('rendered');
    else await page.waitForLoadState('networkidle');
    expect(zoneNames()).toEqual(isGranted ? ['product'] : []);
  });

  it('is not waited for where consent is not required', async () => {
    const { page, event } = await shop.open();
    await serve(page, '/free', {
      head: `${configure("consent: 'not-required'")}<script>window.bodlEvents = { consent: { loaded(heed) { heed({ advertising: false }) } } };</script>`,
      body: '<extole-zone name="product"></extole-zone>',
      sdk: SDK,
    });
    await page.goto('/free');
    await event('rendered');
  });
});

describe('a network in trouble, in Chromium', () => {
  it('shows the creative after the core tag failed three times, asked for once', async () => {
    const { page, event, events } = await shop.open();
    shop.sandbox.setCoreMode('flaky', 3);
    await serve(page, '/flaky', {
      head: configure(),
      body: '<extole-zone name="product">Fallback</extole-zone>',
      sdk: SDK,
    });
    await page.goto('/flaky');
    expect(await event('failed')).toMatchObject({
      code: 'EXTOLE_CORE_BLOCKED',
      message: 'network',
      willRetry: true,
    });
    await event('rendered');
    expect(shop.sandbox.coreRequests()).toBe(4);
    expect(zoneNames()).toEqual(['product']);
    expect((await events()).map(({ type }) => type)).toEqual(['requested', 'failed', 'rendered']);
    expect(await page.locator('script[src$="/core.js"]').count()).toBe(1);
  });

  it('ends after the third retry, and a later start tries anew', async () => {
    const { page, event } = await shop.open();
    shop.sandbox.setCoreMode('flaky', 4);
    await serve(page, '/flaky', {
      head: configure(),
      body: '<extole-zone name="product">Fallback</extole-zone>',
      sdk: SDK,
    });
    await page.goto('/flaky');
    await expect
      .poll(() => page.evaluate(() => window.seenEvents?.at(-1)?.willRetry), { timeout: 15_000 })
      .toBe(false);
    expect(shop.sandbox.coreRequests()).toBe(4);
    expect(await page.locator('extole-zone').innerText()).toBe('Fallback');
    await page.evaluate(() => window.extoleStorefront?.q?.push(['start']));
    await event('rendered');
    expect(shop.sandbox.coreRequests()).toBe(5);
  });

  it('tells a Content-Security-Policy apart, and asks a page that forbids it no third time', async () => {
    const { page, event } = await shop.open();
    await page.route('**/forbidden', (route) =>
      route.fulfill({
        contentType: 'text/html',
        headers: { 'content-security-policy': "script-src 'self' 'unsafe-inline'" },
        body: `<!doctype html>${configure()}<extole-zone name="product">Fallback</extole-zone>${SDK}`,
      }),
    );
    const refused: string[] = [];
    page.on(
      'console',
      (message) => /Content Security Policy/.test(message.text()) && refused.push(message.text()),
    );
    await page.goto('/forbidden');
    await expect.poll(() => page.evaluate(() => window.seenEvents?.at(-1)?.message)).toBe('csp');
    expect((await event('failed', 'EXTOLE_CORE_BLOCKED')).willRetry).toBe(true);
    expect(refused).toHaveLength(2);
  });

  it('shows the creative as soon as the browser is back online', async () => {
    const opened = await shop.open();
    const { page, event } = opened;
    await serve(page, '/offline', {
      head: configure(),
      body: '<extole-zone name="product">Fallback</extole-zone>',
    });
    await page.goto('/offline');
    // The SDK's files are there; the network goes before Extole is asked.
    await page.route('**/core.js', (route) => route.abort('internetdisconnected'));
    await page.addScriptTag({ url: `${SDK_PATH}extole-storefront.js` });
    await event('failed');
    await page.unroute('**/core.js');
    await page.evaluate(() => window.dispatchEvent(new Event('online')));
    await event('rendered');
    expect(zoneNames()).toEqual(['product']);
  });
});

describe('more than one of us on a page, in Chromium', () => {
  const zone = '<extole-zone name="product"></extole-zone>';
  const coreTags = (page: Page) => page.locator('script[src$="/core.js"]').count();

  it.each([
    ['two script tags', () => `${SDK}${SDK.replace('.js', '.js?again')}`],
    [
      'a script tag and the module',
      () =>
        `${SDK}<script type="module">import { start } from '${SDK_PATH}index.mjs'; start({ programDomain: '${shop.sandbox.programDomain}', zones: ['overlay'] });</script>`,
    ],
    [
      'the module and a script tag',
      () =>
        `<script type="module">import { start } from '${SDK_PATH}index.mjs'; start({ programDomain: '${shop.sandbox.programDomain}', zones: ['overlay'] });
        const script = document.createElement('script'); script.src = '${SDK_PATH}extole-storefront.js'; document.head.append(script);</script>`,
    ],
  ])('asks for each zone once: %s', async (_what, sdk) => {
    const { page, mishaps } = await shop.open();
    await serve(page, '/twice', { head: configure("zones: ['overlay']"), body: zone, sdk: sdk() });
    await page.goto('/twice', { waitUntil: 'networkidle' });
    await expect.poll(() => zoneNames().sort()).toEqual(['overlay', 'product']);
    expect(await coreTags(page)).toBe(1);
    expect(mishaps).toEqual([]);
  });

  it('hands what the module is told to the script tag that came before it', async () => {
    const { page, event } = await shop.open();
    await serve(page, '/handed', { head: configure(), body: zone, sdk: SDK });
    await page.goto('/handed');
    await event('rendered');
    await page.addScriptTag({
      type: 'module',
      content: `import { setContext } from '${SDK_PATH}index.mjs'; setContext({ locale: 'de' });`,
    });
    await expect.poll(() => shop.sandbox.zoneRequests().map(({ data }) => data.locale)).toEqual(['en', 'de']);
  });

  // As Google Tag Manager places it: a script that brings the queue, the core tag and a call.
  const managed = () => `<script>
    if (!window.extole) window.extole = { q: [], createZone() { window.extole.q.push(['createZone', arguments]) } };
    if (!document.querySelector('script[src$="/core.js"]')) {
      const tag = document.createElement('script'); tag.async = true; tag.src = '${shop.sandbox.programDomainUrl}/core.js';
      document.head.append(tag);
    }
    extole.createZone({ name: 'overlay', data: { from: 'tag manager' } });
  </script>`;

  it.each([
    ['before', (sdk: string) => `${managed()}${sdk}`],
    ['after', (sdk: string) => `${sdk}${managed()}`],
  ])("leaves the overlay to a tag manager's tag that comes %s us", async (_when, place) => {
    const { page } = await shop.open();
    await serve(page, '/managed', {
      head: configure("zones: ['overlay']"),
      body: zone,
      sdk: place(SDK.replace('async', '')),
    });
    await page.goto('/managed', { waitUntil: 'networkidle' });
    await expect.poll(() => zoneNames().sort()).toEqual(['overlay', 'product']);
    expect(shop.sandbox.zoneRequests().find((request) => request.zone === 'overlay')?.data).toEqual({
      from: 'tag manager',
    });
    expect(await coreTags(page)).toBe(1);
  });
});

describe('lazy zones, in Chromium', () => {
  const open = async (top: string) => {
    const opened = await shop.open({ viewport: { width: 800, height: 600 } });
    await serve(opened.page, '/lazy', {
      head: configure(),
      body: `<extole-zone name="global_header"></extole-zone><div style="height:${top}"></div><extole-zone name="product" loading="lazy">Fallback</extole-zone>`,
      sdk: SDK,
    });
    await opened.page.goto('/lazy', { waitUntil: 'networkidle' });
    return opened;
  };

  it('are asked for when they come within a viewport of what is seen, once', async () => {
    const { page, event } = await open('4000px');
    expect(zoneNames()).toEqual(['global_header']);
    expect(await page.locator('extole-zone').last().innerText()).toBe('Fallback');
    await page.evaluate(() => window.scrollTo(0, 2000));
    await page.waitForLoadState('networkidle');
    expect(zoneNames()).toEqual(['global_header']);
    await page.evaluate(() => window.scrollTo(0, 3300));
    await event('rendered');
    await expect.poll(zoneNames).toEqual(['global_header', 'product']);
    await page.evaluate(() => window.scrollTo(0, 0));
    await page.evaluate(() => window.scrollTo(0, 4000));
    await page.waitForLoadState('networkidle');
    expect(zoneNames()).toEqual(['global_header', 'product']);
  });

  it('are asked for at once when they are near from the start', async () => {
    await open('900px');
    await expect.poll(zoneNames).toEqual(['global_header', 'product']);
  });

  it('load nothing for pages that have none', async () => {
    const { page } = await shop.open();
    const requests = recordRequests(page);
    await page.goto('/', { waitUntil: 'networkidle' });
    expect(requests.filter((url) => url.includes('lazy-zones'))).toEqual([]);
  });
});

describe('a shared computer, in Chromium', () => {
  const signIn = (page: Page, key: string) =>
    page.goto(`/sandbox/sign-in?as=${key}&back=${mugPath}`, { waitUntil: 'networkidle' });

  it.each([
    ['another shopper signs in', 'zoe', '8'],
    ['a guest goes on', 'guest', undefined],
  ])('has Extole forget the last shopper before the next zone when %s', async (_what, next, id) => {
    const { page } = await shop.open();
    await signIn(page, 'mary');
    await expect.poll(zoneNames).toHaveLength(4);
    const logouts = shop.sandbox.logouts();
    shop.sandbox.clearZoneRequests();
    const order: string[] = [];
    page.on('request', (request) => {
      if (request.method() === 'DELETE') order.push('logout');
      if (request.url().endsWith('/zones') && request.method() === 'POST') order.push('zone');
    });
    await signIn(page, next);
    await expect.poll(zoneNames).toHaveLength(4);
    expect(order).toEqual(['logout', 'zone', 'zone', 'zone', 'zone']);
    expect(shop.sandbox.logouts()).toBe(logouts + 1);
    expect(shop.sandbox.zoneRequests().map(({ data }) => data.partner_user_id)).toEqual(Array(4).fill(id));
  });

  it('lets the same shopper be, on page after page', async () => {
    const { page } = await shop.open();
    const logouts = shop.sandbox.logouts();
    await signIn(page, 'mary');
    await page.goto('/', { waitUntil: 'networkidle' });
    await page.goto(mugPath, { waitUntil: 'networkidle' });
    expect(shop.sandbox.logouts()).toBe(logouts);
  });

  it('lets a guest who signs in keep what Extole knows of the guest', async () => {
    const { page } = await shop.open();
    const logouts = shop.sandbox.logouts();
    await page.goto(mugPath, { waitUntil: 'networkidle' });
    await signIn(page, 'mary');
    expect(shop.sandbox.logouts()).toBe(logouts);
  });

  it('keeps neither id nor e-mail', async () => {
    const { page } = await shop.open();
    await signIn(page, 'mary');
    const stored = await page.evaluate(() => JSON.stringify({ ...localStorage }));
    expect(stored).toMatch(/^\{"extole-shopper":"[0-9a-f]{32}\.[0-9a-f]{64}"\}$/);
  });

  it('holds the next zones back while Extole is not there, and asks for them after the logout', async () => {
    const { page, event } = await shop.open();
    await signIn(page, 'mary');
    shop.sandbox.clearZoneRequests();
    shop.sandbox.setCoreMode('flaky', 2);
    await page.goto(`/sandbox/sign-in?as=zoe&back=${mugPath}`);
    await event('failed', 'EXTOLE_CORE_BLOCKED');
    expect(await page.evaluate(() => window.extole?.q?.length)).toBe(0);
    await expect.poll(zoneNames, { timeout: 15_000 }).toHaveLength(4);
    expect(new Set(shop.sandbox.zoneRequests().map(({ data }) => data.partner_user_id))).toEqual(
      new Set(['8']),
    );
  });

  it('works where the browser keeps nothing', async () => {
    const { page, mishaps } = await shop.open();
    await page.addInitScript(() => {
      Object.defineProperty(window, 'localStorage', {
        get() {
          throw new DOMException('denied', 'SecurityError');
        },
      });
    });
    await signIn(page, 'mary');
    await expect.poll(zoneNames).toHaveLength(4);
    expect(mishaps).toEqual([]);
  });
});
