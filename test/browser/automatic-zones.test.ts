import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { PRODUCTS } from '../../examples/sandbox/sandbox.js';
import { SDK, type StorefrontPage, serve, storefrontBrowser } from '../support/storefront-browser.js';

const shop = storefrontBrowser();
const mugPath = PRODUCTS[0]?.path ?? '';
const ALL = ['global_header', 'global_footer', 'product', 'overlay'];
const zoneNames = () =>
  shop.sandbox
    .zoneRequests()
    .map(({ zone }) => zone)
    .sort();

/** Where the creatives show: what each zone's element stands in, by its region, its id or its tag. */
const places = (page: Page) =>
  page.locator('extole-zone').evaluateAll((elements) =>
    elements.flatMap(({ childElementCount, attributes, parentElement: parent }) => {
      const place = parent?.dataset.contentRegion ?? (parent?.id || parent?.localName);
      return childElementCount > 0 ? `${attributes.getNamedItem('name')?.value} in ${place}` : [];
    }),
  );

/** Opens a page of a theme that is not the sandbox's, with automatic zones. */
async function openTheme(theme: {
  body: string;
  zones?: readonly string[];
  pageType?: string;
  head?: string;
  sdk?: string;
  opened?: StorefrontPage;
}) {
  const { body, zones = ALL, pageType = 'product', head = '', sdk = SDK } = theme;
  const opened = theme.opened ?? (await shop.open());
  const configuration = {
    programDomain: shop.sandbox.programDomain,
    zones,
    context: { page: { type: pageType }, customer: null },
  };
  await serve(opened.page, '/theme', {
    head: `<script>window.extoleStorefront = ${JSON.stringify(configuration)};</script>${head}`,
    body,
    sdk,
  });
  await opened.page.goto('/theme', { waitUntil: 'networkidle' });
  return opened;
}

const region = (name: string, content = '') => `<div data-content-region="${name}">${content}</div>`;

describe('automatic zones in a store without widgets, in Chromium', () => {
  it("show in the theme's regions and as an overlay, with the data of any zone", async () => {
    const { page, mishaps } = await shop.open();
    shop.sandbox.setWidgets([]);
    await shop.sandbox.setScripts({ zones: ALL });
    await page.request.get('/sandbox/sign-in?as=mary');
    await page.goto(mugPath);
    const data = {
      first_name: 'Mary Ann',
      last_name: 'Evans',
      email: 'mary.ann@example.com',
      partner_user_id: '7',
      locale: 'en',
    };
    expect(await shop.requests(4)).toEqual(Object.fromEntries(ALL.map((name) => [name, data])));
    await page.getByRole('button', { name: 'Get $20', exact: true }).waitFor();
    await expect
      .poll(async () => (await places(page)).sort())
      .toEqual([
        'global_footer in ssl_site_seal--global',
        'global_header in header_bottom--global',
        'product in product_below_price',
      ]);
    expect(await page.locator('extole-zone[name=product]').innerText()).toContain('know a friend');
    expect(mishaps).toEqual([]);
  });

  it('show nowhere when none is switched on', async () => {
    const { page } = await shop.open();
    shop.sandbox.setWidgets([]);
    await page.goto(mugPath, { waitUntil: 'networkidle' });
    expect(zoneNames()).toEqual([]);
    expect(await page.locator('extole-zone').count()).toBe(0);
  });

  it.each(['/', '/kitchen/', '/cart.php', '/search.php?search_query=mug', '/our-story/'])(
    'leave the product zone out on %s',
    async (path) => {
      const { page } = await shop.open();
      shop.sandbox.setWidgets([]);
      await shop.sandbox.setScripts({ zones: ALL });
      await page.goto(path, { waitUntil: 'networkidle' });
      expect(zoneNames()).toEqual(['global_footer', 'global_header', 'overlay']);
    },
  );

  it('come after the shopper agrees, where consent is required', async () => {
    const { page } = await shop.open();
    shop.sandbox.setWidgets([]);
    await shop.sandbox.setScripts({ zones: ALL, consent: 'required' });
    await page.goto(mugPath, { waitUntil: 'networkidle' });
    expect(zoneNames()).toEqual([]);
    await page.getByRole('button', { name: 'Accept' }).click();
    await page.locator('[data-content-region=product_below_price] :text("friend")').first().waitFor();
    expect(zoneNames()).toEqual([...ALL].sort());
  });
});

describe('automatic zones beside those that somebody placed, in Chromium', () => {
  it('show once where a widget has the zone', async () => {
    const { page } = await shop.open();
    await shop.sandbox.setScripts({ zones: ALL });
    await page.goto(mugPath, { waitUntil: 'networkidle' });
    expect(zoneNames()).toEqual([...ALL].sort());
    // It is the widget's that shows.
    expect(shop.sandbox.zoneRequests().find(({ zone }) => zone === 'product')?.data).toHaveProperty(
      'static_variable',
    );
  });

  it('fill in for the widgets that are missing', async () => {
    const { page } = await shop.open();
    await shop.sandbox.setScripts({ zones: ALL });
    shop.sandbox.setWidgets([
      {
        id: '5f6c8d1e-0000-4b1c-9a7e-000000000001',
        region: 'ssl_site_seal--global',
        configuration: { zone: 'global_header' },
      },
    ]);
    await page.goto(mugPath, { waitUntil: 'networkidle' });
    expect(zoneNames()).toEqual([...ALL].sort());
    expect((await places(page)).sort()).toEqual([
      'global_footer in ssl_site_seal--global',
      // Where the merchant dragged it: the widget's own box in that region.
      'global_header in div',
      'product in product_below_price',
    ]);
  });

  it('leave a zone to the theme that has it, wherever that is', async () => {
    const { page } = await openTheme({
      body: `<header></header><main><extole-zone name=" global_header "></extole-zone>${region('product_below_price')}</main>
        <footer></footer><extole-zone name="overlay"></extole-zone>`,
    });
    expect(zoneNames()).toEqual([...ALL].sort());
    expect((await places(page)).sort()).toEqual([
      ' global_header  in main',
      'global_footer in footer',
      'product in product_below_price',
    ]);
  });

  it('see the zones that the theme has further down, however long those take', async () => {
    const opened = await shop.open();
    const placing = opened.page.waitForEvent('requestfinished', (request) =>
      request.url().endsWith('-automatic.js'),
    );
    await opened.page.route('**/slow.js', async (route) => {
      await placing;
      await route.fulfill({ contentType: 'text/javascript', body: '' });
    });
    const { page } = await openTheme({
      opened,
      body: `${region('product_below_price')}<script src="/slow.js"></script><footer><extole-zone name="product"></extole-zone></footer>`,
      sdk: '',
      head: SDK,
      zones: ['product'],
    });
    expect(zoneNames()).toEqual(['product']);
    expect(await places(page)).toEqual(['product in footer']);
  });

  it.each([
    ['waits in its queue', () => ''],
    // It takes the queue before the page is parsed, which is when zones are placed.
    [
      'has been taken over',
      () => `${SDK.replace('async ', '')}<script src="${shop.sandbox.programDomainUrl}/core.js"></script>`,
    ],
  ])('leave a zone to a script of others whose call %s', async (_when, scripts) => {
    const { page } = await openTheme({
      head: `<script>window.extole = { q: [], createZone() { window.extole.q.push(['createZone', arguments]) } };
        extole.createZone({ name: 'global_footer', element_id: 'theirs', data: { from: 'them' } });
        extole.createZone({ name: 'overlay', data: { from: 'them' } });</script>${scripts()}`,
      body: `<header></header>${region('product_below_price')}<footer></footer><div id="theirs"></div>`,
    });
    expect(zoneNames()).toEqual([...ALL].sort());
    const theirs = shop.sandbox.zoneRequests().filter(({ data }) => data.from === 'them');
    expect(theirs.map(({ zone }) => zone).sort()).toEqual(['global_footer', 'overlay']);
    expect(await page.locator('#theirs').innerText()).toContain('Refer a friend');
    expect(await page.locator('footer').innerText()).toBe('');
  });
});

describe("automatic zones in a theme without the sandbox's regions, in Chromium", () => {
  const header = '<header id="top"><nav>Menu</nav></header>';
  it.each([
    [
      'the header below the navigation',
      'global_header',
      `<header>${region('header_navigation_bottom--global')}</header>${region('header_bottom')}`,
      'header_navigation_bottom--global',
    ],
    [
      'the header of a page below the global one',
      'global_header',
      `${header}${region('header_bottom')}`,
      'header_bottom',
    ],
    ['the header itself', 'global_header', `<main><header>Title</header></main>${header}`, 'top'],
    [
      'the footer itself',
      'global_footer',
      '<article><footer>Tags</footer></article><footer id="bottom">Imprint</footer>',
      'bottom',
    ],
    [
      'the product below its description',
      'product',
      `<main>${region('product_below_content')}</main>`,
      'product_below_content',
    ],
  ])('show in %s', async (_where, zone, body, place) => {
    const { page } = await openTheme({ body, zones: [zone] });
    expect(await places(page)).toEqual([`${zone} in ${place}`]);
    expect(zoneNames()).toEqual([zone]);
  });

  it('take the first place of their list, not of the page', async () => {
    const { page } = await openTheme({
      body: `${header}${region('header_bottom')}${region('header_navigation_bottom--global')}${region('header_bottom--global')}`,
      zones: ['global_header'],
    });
    expect(await places(page)).toEqual(['global_header in header_bottom--global']);
  });

  it('show nowhere, and are not asked for, where the page has no place for them', async () => {
    const { page, mishaps, events } = await openTheme({
      body: `<main>${header}<footer></footer></main>`,
      zones: [...ALL, 'a custom one'],
    });
    expect(zoneNames()).toEqual(['overlay']);
    expect(await page.locator('extole-zone').count()).toBe(0);
    expect((await events()).filter(({ type }) => type === 'failed')).toEqual([]);
    expect(mishaps).toEqual([]);
  });

  it.each([
    ['category', []],
    ['product', ['product']],
  ])('show the product zone on a page of the type %s: %j', async (pageType, shown) => {
    await openTheme({ body: region('product_below_price'), pageType, zones: ['product'] });
    expect(zoneNames()).toEqual(shown);
  });

  it('show nowhere on the checkout page, and in the cart they do', async () => {
    const body = `<header></header>${region('header_bottom--global')}<footer></footer>`;
    const { page } = await openTheme({ body, pageType: 'checkout' });
    expect(zoneNames()).toEqual([]);
    expect(await page.locator('extole-zone').count()).toBe(0);

    await openTheme({ body, pageType: 'cart' });
    expect(zoneNames()).toEqual(['global_footer', 'global_header', 'overlay']);
  });
});
