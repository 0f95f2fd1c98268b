import { describe, expect, it } from 'vitest';
import { PRODUCTS, SHOPPERS } from '../../examples/sandbox/store-data.js';
import { pageWith, SDK, SDK_PATH, storefrontBrowser } from '../support/storefront-browser.js';

const shop = storefrontBrowser();
const [mug] = PRODUCTS;
const mugPath = mug?.path ?? '';
const taggedSdk = () =>
  `<script async src="${SDK_PATH}extole-storefront.js" data-program-domain="${shop.sandbox.programDomain}"></script>`;

describe('the zones of a store, in Chromium', () => {
  it.each(['guest', ...SHOPPERS.map(({ key }) => key)])(
    'show with exactly the right data for %s',
    async (key) => {
      const { page, mishaps, events } = await shop.open();
      const shopper = SHOPPERS.find((known) => known.key === key);
      await page.goto(`/sandbox/sign-in?as=${key}`);
      shop.sandbox.clearZoneRequests();

      const defaults = {
        ...(shopper && {
          first_name: shopper.firstName,
          ...(shopper.lastName && { last_name: shopper.lastName }),
          email: shopper.email,
          partner_user_id: `${shopper.id}`,
        }),
        locale: 'en',
      };
      await page.goto(mugPath);
      expect(await shop.requests(4)).toEqual({
        global_header: defaults,
        global_footer: defaults,
        overlay: defaults,
        product: {
          ...defaults,
          static_variable: 'foobar',
          dynamic_product_url: `${shop.sandbox.storefrontUrl}${mugPath}`,
        },
      });
      await page.locator('extole-zone[name=product] :text("friend")').first().waitFor();
      expect((await events()).map(({ type }) => type).sort()).toEqual([
        ...Array(4).fill('rendered'),
        ...Array(4).fill('requested'),
      ]);

      shop.sandbox.clearZoneRequests();
      await page.goto('/checkout/order-confirmation');
      expect(await shop.requests(1)).toEqual({ confirmation: defaults });
      expect(mishaps).toEqual([]);
    },
  );

  it('show on every kind of page', async () => {
    const { page, mishaps } = await shop.open();
    for (const path of [
      '/',
      '/kitchen/',
      '/cart.php',
      '/search.php?search_query=mug',
      '/account.php',
      '/our-story/',
    ]) {
      shop.sandbox.clearZoneRequests();
      await page.goto(path);
      expect(Object.keys(await shop.requests(3)).sort(), path).toEqual([
        'global_footer',
        'global_header',
        'overlay',
      ]);
    }
    expect(mishaps).toEqual([]);
  });

  it('tell the language that the shopper chose', async () => {
    const { page } = await shop.open({ locale: 'fr-FR' });
    await page.goto(mugPath);
    expect((await shop.requests(4)).product).toMatchObject({ locale: 'fr' });
  });

  it('carry a hostile title as data', async () => {
    const { page, mishaps } = await shop.open();
    const pot = PRODUCTS.find(({ title }) => title.includes('</script>'));
    await page.goto(pot?.path ?? '');
    await shop.requests(4);
    shop.sandbox.clearZoneRequests();
    await page.evaluate(() => {
      document
        .querySelector('extole-zone[name=product]')
        ?.setAttribute('event-data', '{"t": "{{product.title}}"}');
    });
    expect((await shop.requests(1)).product).toMatchObject({ t: pot?.title });
    expect(mishaps).toEqual([]);
  });

  it('replace the fallback, and stand twice where they are placed twice', async () => {
    const { page } = await shop.open();
    await page.route('**/twice', (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: pageWith({
          body: '<extole-zone name="global_header">One</extole-zone><extole-zone name="global_header">Two</extole-zone>',
          sdk: taggedSdk(),
        }),
      }),
    );
    await page.goto('/twice');
    await expect.poll(() => page.locator('extole-zone > *').count()).toBe(2);
    expect(await page.locator('body').innerText()).not.toMatch(/One|Two/);
    expect(shop.sandbox.zoneRequests()).toHaveLength(2);
  });

  it('come to elements that a script adds later', async () => {
    const { page, event } = await shop.open();
    await page.route('**/later', (route) =>
      route.fulfill({ contentType: 'text/html', body: pageWith({ sdk: taggedSdk() }) }),
    );
    await page.goto('/later', { waitUntil: 'networkidle' });
    await page.evaluate(() =>
      document.body.insertAdjacentHTML('beforeend', '<div><extole-zone name="product"></extole-zone></div>'),
    );
    expect(await event('rendered')).toEqual({ type: 'rendered', name: 'product', from: 'extole-zone' });
  });

  it('have their fallback read though the script runs before the parser gets there', async () => {
    const { page, event } = await shop.open();
    await page.route('**/early', (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: pageWith({
          head: taggedSdk().replace('async', ''),
          body: '<extole-zone name="product"><p>Fallback</p></extole-zone>',
        }),
      }),
    );
    await page.goto('/early');
    await event('rendered');
    expect(await page.locator('extole-zone').innerText()).not.toContain('Fallback');
    expect(await page.locator('extole-zone > *').count()).toBe(1);
  });

  it('are told apart by what a page said before the script came', async () => {
    const { page } = await shop.open();
    await page.route('**/queued', (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: pageWith({
          head: `<script>window.extoleStorefront = { programDomain: '${shop.sandbox.programDomain}', context: { locale: 'de' },
            q: [['identify', [{ id: 5 }]], ['nope', []], ['createZone']] };
            (function () { extoleStorefront.q.push(['setContext', arguments]); })({ currency: 'EUR' });</script>`,
          body: '<extole-zone name="product" event-data=\'{"c": "{{currency}}"}\'></extole-zone>',
          sdk: SDK,
        }),
      }),
    );
    await page.goto('/queued');
    expect(await shop.requests(1)).toEqual({ product: { partner_user_id: '5', locale: 'de', c: 'EUR' } });
    expect(await page.evaluate(() => typeof window.extoleStorefront?.start)).toBe('function');
    expect(await page.evaluate(() => window.extoleStorefront?.version)).toMatch(/^\d+\.\d+\.\d+$/);
    await page.evaluate(() => window.extoleStorefront?.q?.push(['createZone', [{ name: 'overlay' }]]));
    await expect
      .poll(() => shop.sandbox.zoneRequests().map(({ zone }) => zone))
      .toEqual(['product', 'overlay']);
  });

  it('wait for a start that a page queued', async () => {
    const { page, events } = await shop.open();
    await page.route('**/started', (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: pageWith({
          head: `<script>window.extoleStorefront = { q: [['start', [{ programDomain: '${shop.sandbox.programDomain}' }]]] };</script>`,
          body: '<extole-zone name="product"></extole-zone>',
          sdk: SDK,
        }),
      }),
    );
    await page.goto('/started');
    await shop.requests(1);
    expect((await events()).filter(({ type }) => type === 'failed')).toEqual([]);
  });

  it('wait for the first and last name at most 300 ms', async () => {
    const { page } = await shop.open();
    await page.goto('/sandbox/sign-in?as=mary');
    shop.sandbox.clearZoneRequests();
    shop.sandbox.setGraphqlDelay(20_000);
    await page.goto(mugPath, { waitUntil: 'commit' });
    expect((await shop.requests(4)).product).toMatchObject({ first_name: 'Mary', last_name: 'Ann Evans' });
  });

  it('leave two globals on the page and no more', async () => {
    const { page } = await shop.open();
    await page.route('**/globals', (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: pageWith({
          head: '<script>window.before = Object.keys(window)</script>',
          body: '<extole-zone name="product" event-data="{“a”: 1}"></extole-zone>',
          sdk: taggedSdk(),
        }),
      }),
    );
    await page.goto('/globals');
    await shop.requests(1);
    const tag = page.locator('script[src$="/core.js"]');
    expect(await tag.evaluate((script: HTMLScriptElement) => [script.async, script.fetchPriority])).toEqual([
      true,
      'high',
    ]);
    const added = await page.evaluate(() => {
      const before: unknown = Reflect.get(window, 'before');
      return Object.keys(window).filter(
        (key) => Array.isArray(before) && !before.includes(key) && key !== 'before',
      );
    });
    expect(added.sort()).toEqual(['extole', 'extoleStorefront']);
  });
});

describe('when Extole can not be reached, in Chromium', () => {
  const zone = '<extole-zone name="product">Share with a friend</extole-zone><p>The page goes on</p>';
  const open = async (configuration = '') => {
    const opened = await shop.open();
    await opened.page.route('**/trouble', (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: pageWith({
          head: `<script>window.extoleStorefront = { ${configuration} }</script>`,
          body: zone,
          sdk: taggedSdk(),
        }),
      }),
    );
    return opened;
  };
  const expectFallback = async ({ page, mishaps }: Awaited<ReturnType<typeof open>>) => {
    expect(await page.locator('extole-zone').innerText()).toBe('Share with a friend');
    expect(await page.locator('p').innerText()).toBe('The page goes on');
    expect(mishaps).toEqual([]);
  };

  it('keeps the fallback when the core tag is blocked', async () => {
    const opened = await open();
    await opened.page.route('**/core.js', (route) => route.abort('blockedbyclient'));
    await opened.page.goto('/trouble');
    expect(await opened.event('failed')).toEqual({
      type: 'failed',
      code: 'EXTOLE_CORE_BLOCKED',
      message: 'network',
      willRetry: true,
      name: 'product',
      from: 'extole-zone',
    });
    await expectFallback(opened);
  });

  it.each([
    ['a server error', 'error', 'EXTOLE_CORE_BLOCKED'],
    // Chromium takes no HTML of another origin for a script, and says no more than that it failed.
    ['an HTML page', 'html', 'EXTOLE_CORE_BLOCKED'],
    ['a script that brings nothing', 'no-global', 'EXTOLE_GLOBAL_MISSING'],
  ] as const)('keeps the fallback when the program domain answers with %s', async (_what, mode, code) => {
    const opened = await open();
    shop.sandbox.setCoreMode(mode);
    await opened.page.goto('/trouble');
    expect((await opened.event('failed')).code).toBe(code);
    await expectFallback(opened);
  });

  it('keeps the fallback of a theme that prints the core tag itself', async () => {
    const opened = await shop.open();
    shop.sandbox.setCoreMode('error');
    await opened.page.goto('/');
    await opened.event('failed', 'EXTOLE_CORE_BLOCKED');
    expect(await opened.page.locator('extole-zone[name=global_header]').innerText()).toContain(
      'Refer a friend',
    );
    expect(opened.mishaps).toEqual([]);
  });

  it('tells when the core tag takes too long, and still shows the creative when it comes after 10 seconds', async () => {
    const opened = await open('timeoutMs: 1000');
    shop.sandbox.setCoreMode('slow', 10_000);
    await opened.page.goto('/trouble', { waitUntil: 'commit' });
    expect((await opened.event('failed')).code).toBe('EXTOLE_CORE_TIMEOUT');
    await expectFallback(opened);
    await opened.event('rendered');
    expect(await opened.page.locator('extole-zone').innerText()).not.toBe('Share with a friend');
    expect(shop.sandbox.zoneRequests()).toHaveLength(1);
  });

  it('keeps the fallback when Extole knows no such zone', async () => {
    const opened = await open();
    await opened.page.goto('/trouble');
    await opened.event('rendered');
    await opened.page.evaluate(() =>
      document.querySelector('extole-zone')?.setAttribute('name', 'unheard_of'),
    );
    expect((await opened.event('failed')).code).toBe('EXTOLE_ZONE_EMPTY');
    await expectFallback(opened);
  });

  it('says in the console what to enter when the program domain is none', async () => {
    const opened = await open("programDomain: 'https://share.brand.com/'");
    const warning = opened.page.waitForEvent('console', (message) => message.type() === 'warning');
    await opened.page.goto('/trouble');
    expect((await warning).text()).toContain('such as share.brand.com: no https://, no path, no port');
    expect(await opened.event('failed')).toMatchObject({ code: 'PROGRAM_DOMAIN_INVALID', from: 'document' });
    await expectFallback(opened);
  });

  it('shows the fallback without JavaScript', async () => {
    const { page } = await shop.open({ javaScriptEnabled: false });
    await page.goto('/');
    expect(await page.locator('extole-zone[name=global_header]').innerText()).toBe('Refer a friend, get $20');
  });
});

describe('the console, in Chromium', () => {
  const openWith = async (query: string) => {
    const { page, requests } = { ...(await shop.open()), requests: shop.requests };
    const warnings: string[] = [];
    page.on('console', (message) => message.type() === 'warning' && warnings.push(message.text()));
    await page.route('**/console*', (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: pageWith({
          body: '<extole-zone name="product" event-data=\'{"a": "{{product.url}}", "b": 1}\'></extole-zone>',
          sdk: taggedSdk(),
        }),
      }),
    );
    await page.goto(`/console${query}`, { waitUntil: 'networkidle' });
    expect((await requests(1)).product).toEqual({ b: 1, locale: 'en' });
    return warnings;
  };

  it('tells in debug mode which placeholder has no value on the page', async () => {
    const warnings = await openWith('?extole_debug');
    expect(warnings).toEqual([
      expect.stringContaining('PLACEHOLDER_UNRESOLVED: The placeholder {{product.url}}'),
    ]);
  });

  it('is left alone otherwise', async () => {
    expect(await openWith('')).toEqual([]);
  });
});

describe('a page that has a core tag, in Chromium', () => {
  it.each([
    ['is still loading', 'async'],
    ['has loaded', ''],
  ])('is given no other when its own %s', async (_state, loading) => {
    const { page, event } = await shop.open();
    await page.route('**/tagged', (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: pageWith({
          head: `<script ${loading} src="${shop.sandbox.programDomainUrl}/core.js"></script>`,
          body: '<extole-zone name="product"></extole-zone>',
          sdk: taggedSdk(),
        }),
      }),
    );
    const loads: string[] = [];
    page.on('request', (request) => request.url().endsWith('/core.js') && loads.push(request.url()));
    await page.goto('/tagged', { waitUntil: 'networkidle' });
    await event('rendered');
    expect(await page.locator('script[src$="/core.js"]').count()).toBe(1);
    expect(loads).toHaveLength(1);
  });

  it('serves calls that others made before anything had loaded', async () => {
    const { page } = await shop.open();
    await page.route('**/others', (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: pageWith({
          head: `<script>window.extole = { q: [], createZone() { window.extole.q.push(['createZone', arguments]) } };
            extole.createZone({ name: 'global_footer', element_id: 'theirs' });</script>`,
          body: '<div id="theirs"></div><extole-zone name="product"></extole-zone>',
          sdk: taggedSdk(),
        }),
      }),
    );
    await page.goto('/others');
    expect(Object.keys(await shop.requests(2)).sort()).toEqual(['global_footer', 'product']);
    await expect.poll(() => page.locator('#theirs').innerText()).not.toBe('');
  });
});

describe('under a strict Content-Security-Policy, in Chromium', () => {
  it('passes the nonce on, and violates nothing', async () => {
    const { page, mishaps } = await shop.open();
    const violations: string[] = [];
    page.on(
      'console',
      (message) => /Content.Security.Policy/i.test(message.text()) && violations.push(message.text()),
    );
    await page.goto(`${mugPath}?csp=strict`);
    await page.locator('extole-zone[name=product] :text("friend")').first().waitFor();
    expect(Object.keys(await shop.requests(4)).sort()).toEqual([
      'global_footer',
      'global_header',
      'overlay',
      'product',
    ]);
    expect(violations).toEqual([]);
    expect(mishaps).toEqual([]);
  });

  it('gives the core tag that the SDK adds the nonce of its own tag, and loads its other files', async () => {
    const { page, event } = await shop.open();
    const violations: string[] = [];
    page.on(
      'console',
      (message) => /Content.Security.Policy/i.test(message.text()) && violations.push(message.text()),
    );
    await page.route('**/nonce', (route) =>
      route.fulfill({
        contentType: 'text/html',
        headers: {
          'content-security-policy': `default-src 'none'; script-src 'nonce-abc'; connect-src ${shop.sandbox.programDomainUrl}`,
        },
        body: pageWith({
          body: '<extole-zone name="nowhere" event-data="{“a”: 1}"></extole-zone>',
          sdk: taggedSdk().replace('<script', '<script nonce="abc"'),
        }),
      }),
    );
    await page.goto('/nonce');
    await event('failed', 'EXTOLE_ZONE_EMPTY');
    expect(shop.sandbox.zoneRequests()[0]?.data).toEqual({ a: 1, locale: 'en' });
    expect(violations).toEqual([]);
  });

  it('tells that the core tag was blocked when the policy does not allow it', async () => {
    const { page, event } = await shop.open();
    await page.route('**/refused', (route) =>
      route.fulfill({
        contentType: 'text/html',
        headers: { 'content-security-policy': "script-src 'self'" },
        body: pageWith({ body: '<extole-zone name="product">Fallback</extole-zone>', sdk: taggedSdk() }),
      }),
    );
    await page.goto('/refused');
    expect((await event('failed')).code).toBe('EXTOLE_CORE_BLOCKED');
    expect(await page.locator('extole-zone').innerText()).toBe('Fallback');
  });
});
