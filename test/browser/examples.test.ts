import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { renderPage, type Theme } from '../../examples/sandbox/engine.js';
import { answerGraphql } from '../../examples/sandbox/graphql.js';
import { SAMPLE_ORDER } from '../../examples/sandbox/orders.js';
import { type StorePage, stencilContext } from '../../examples/sandbox/stencil-context.js';
import { PRODUCTS, type Product, type Shopper } from '../../examples/sandbox/store-data.js';
import { storefrontBrowser } from '../support/storefront-browser.js';

const shop = storefrontBrowser();
const project = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, project), 'utf8');

/** Puts in what a developer puts in. The address of the SDK stays: it is answered here. */
const withProgramDomain = (text: string): string =>
  text
    .replaceAll('https://share.brand.com', shop.sandbox.programDomainUrl)
    .replaceAll('share.brand.com', shop.sandbox.programDomain);

interface Opening {
  readonly html: string;
  /** The Content-Security-Policy that the page comes with. */
  readonly policy?: string;
  /** Who is signed in, for BigCommerce's GraphQL. */
  readonly shopper?: Shopper | undefined;
  readonly hasJavaScript?: boolean;
}

/** Opens a page on the storefront's origin. */
async function open(address: string, { html, policy, shopper, hasJavaScript = true }: Opening) {
  const opened = await shop.open({ javaScriptEnabled: hasJavaScript });
  const { page } = opened;
  const { pathname } = new URL(address, shop.sandbox.storefrontUrl);
  await page.route(
    (url) => url.pathname === pathname,
    (route) =>
      route.fulfill({
        contentType: 'text/html; charset=utf-8',
        body: html,
        headers: policy ? { 'content-security-policy': policy } : {},
      }),
  );
  await page.route('https://cdn.brand.com/**', (route) =>
    route.fulfill({
      // Playwright adds the header that lets other origins import modules.
      path: fileURLToPath(new URL(`dist/storefront${new URL(route.request().url()).pathname}`, project)),
    }),
  );
  await page.route('**/graphql', (route) =>
    route.fulfill({ json: answerGraphql(route.request().postDataJSON(), shopper).body }),
  );
  await page.goto(address);
  return { ...opened, creative: (zone: string) => page.locator(`extole-zone[name=${zone}] > .referral`) };
}

/** How far the page jumped since it was opened, as Chromium scores it. */
async function shiftOf(page: Page): Promise<number> {
  await page.waitForLoadState('networkidle');
  return page.evaluate(() => {
    const observer = new PerformanceObserver(() => {});
    observer.observe({ type: 'layout-shift', buffered: true });
    return observer.takeRecords().reduce((sum, entry) => sum + Number(Reflect.get(entry, 'value')), 0);
  });
}

const withoutHeights = (html: string): string => html.replaceAll('min-height', 'x-height');

const textsOf = async (page: Page): Promise<string[]> =>
  (await page.locator('extole-zone').allInnerTexts()).map((text) => text.trim());

describe('examples/plain-html, in Chromium', () => {
  const index = () => withProgramDomain(read('examples/plain-html/index.html'));
  const product = () => withProgramDomain(read('examples/plain-html/product.html'));
  const MUG = {
    content: { title: 'Stoneware Mug', url: 'https://brand.com/stoneware-mug/' },
    rating: 5,
  };
  const KETTLE = {
    content: { title: 'Pour-Over Kettle', url: 'https://brand.com/pour-over-kettle/' },
    rating: 4,
  };
  const GUEST = { locale: 'en' };
  const ADA = {
    ...GUEST,
    first_name: 'Ada',
    last_name: 'Lovelace',
    email: 'ada@brand.com',
    partner_user_id: '7',
  };

  it('shows the zones of index.html, and sends what its address says', async () => {
    const { page, mishaps, creative } = await open('/plain/?utm_source=paper', { html: index() });
    expect(await shop.requests(3)).toEqual({
      global_header: GUEST,
      global_footer: { ...GUEST, page_path: '/plain/', heard_from: 'paper' },
      overlay: GUEST,
    });
    await creative('global_header').waitFor();
    await creative('global_footer').waitFor();
    await page.locator('.referral-overlay').waitFor();
    expect(await textsOf(page)).not.toContain('Refer a friend');
    expect(mishaps).toEqual([]);
  });

  it('keeps the fallbacks when Extole can not be reached', async () => {
    shop.sandbox.setCoreMode('error');
    const { page, mishaps, event } = await open('/plain/', { html: index() });
    await event('failed', 'EXTOLE_CORE_BLOCKED');
    expect(await textsOf(page)).toEqual(['Refer a friend', 'Refer a friend', '']);
    expect(mishaps).toEqual([]);
  });

  it('shows the fallbacks without JavaScript', async () => {
    const { page } = await open('/plain/', { html: index(), hasJavaScript: false });
    expect(await textsOf(page)).toEqual(['Refer a friend', 'Refer a friend', '']);
  });

  it.each([
    ['index.html', index],
    ['product.html', product],
  ])('does not jump on %s, as it would without its heights', async (_file, page) => {
    const html = page().replace("consent: 'required',", '');
    const kept = await open('/plain/', { html });
    await kept.creative('global_header').waitFor();
    expect(await shiftOf(kept.page)).toBe(0);
    const jumping = await open('/plain/', { html: withoutHeights(html) });
    await jumping.creative('global_header').waitFor();
    expect(await shiftOf(jumping.page)).toBeGreaterThan(0);
  });

  it('asks for nothing before the shopper agrees, then with all that was said before the SDK came', async () => {
    const { page, mishaps, creative } = await open('/plain/', { html: product() });
    await page.waitForLoadState('networkidle');
    expect(shop.sandbox.coreRequests()).toBe(0);
    expect(await textsOf(page)).toEqual(['Refer a friend', 'Tell a friend']);
    await page.getByRole('button', { name: 'Agree' }).click();
    expect(await shop.requests(2)).toEqual({ global_header: ADA, product: { ...ADA, ...MUG } });
    await creative('product').waitFor();
    expect(mishaps).toEqual([]);
  });

  it('asks for nothing when the shopper does not agree', async () => {
    const { page, mishaps } = await open('/plain/', { html: product() });
    await page.getByRole('button', { name: 'No, thanks' }).click();
    await page.waitForLoadState('networkidle');
    expect(shop.sandbox.coreRequests()).toBe(0);
    expect(await page.evaluate(() => [document.cookie, localStorage.length])).toEqual(['', 0]);
    expect(mishaps).toEqual([]);
  });

  it('asks again for what another product and a sign-out change, and for nothing else', async () => {
    const { page, mishaps, creative } = await open('/plain/', { html: product() });
    await page.getByRole('button', { name: 'Agree' }).click();
    await creative('product').waitFor();
    await creative('global_header').waitFor();
    shop.sandbox.clearZoneRequests();
    await page.getByRole('button', { name: 'Pour-Over Kettle' }).click();
    expect(await shop.requests(1)).toEqual({ product: { ...ADA, ...KETTLE } });
    await page.waitForLoadState('networkidle');
    expect(shop.sandbox.zoneRequests()).toHaveLength(1);

    shop.sandbox.clearZoneRequests();
    const logouts = shop.sandbox.logouts();
    await page.getByRole('button', { name: 'Sign out' }).click();
    expect(await shop.requests(2)).toEqual({ global_header: GUEST, product: { ...GUEST, ...KETTLE } });
    expect(shop.sandbox.logouts()).toBe(logouts + 1);
    expect(mishaps).toEqual([]);
  });

  it('runs under the Content-Security-Policy that its README lists', async () => {
    const listed = /default-src[^`]+/.exec(read('examples/plain-html/README.md'))?.[0] ?? '';
    const policy = withProgramDomain(listed).replace('nonce-…', 'nonce-from-the-server').replace(/\s+/g, ' ');
    const html = index().replaceAll('<script', '<script nonce="from-the-server"');
    const { page, mishaps, creative } = await open('/plain/?utm_source=paper', { html, policy });
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    await page.reload();
    await creative('global_header').waitFor();
    await creative('global_footer').waitFor();
    await page.locator('.referral-overlay').waitFor();
    expect([...complaints, ...mishaps]).toEqual([]);
  });
});

/**
 * What the README of examples/stencil names of Cornerstone, on pages that hold little else.
 *
 * Source: Cornerstone 6.21.
 */
const CORNERSTONE: Readonly<Record<string, string>> = {
  'templates/layout/base.html': `<!DOCTYPE html>
<html class="no-js" lang="{{ locale_name }}">
<head>
  <title>{{ head.title }}</title>
  {{{ head.config }}}
  {{#block "head"}} {{/block}}
  {{{head.scripts}}}
</head>
<body>
  {{> components/common/header }}
  {{> components/common/body }}
  {{> components/common/footer }}
  {{{footer.scripts}}}
</body>
</html>`,
  'templates/layout/empty.html': `<!DOCTYPE html>
<html lang="{{ locale_name }}">
<head>
  <title>{{ head.title }}</title>
  {{#block "head"}}{{/block}}
</head>
<body>
  {{#block "page"}}{{/block}}
</body>
</html>`,
  'templates/components/common/header.html': `<header role="banner"><a href="{{urls.home}}">{{settings.store_name}}</a></header>
{{{region name="header_bottom--global"}}}
{{{region name="header_bottom"}}}`,
  'templates/components/common/body.html': '<div id="main-content">{{#block "page"}} {{/block}}</div>',
  'templates/components/common/footer.html': `<footer role="contentinfo">
  <p>{{settings.store_name}}</p>
  {{{region name="ssl_site_seal--global"}}}
</footer>`,
  'templates/components/products/product-view.html': `<h1>{{product.title}}</h1>
<div>{{product.price.with_tax.formatted}}</div>
{{{region name="product_below_price"}}}
<p>{{product.availability}}</p>`,
  'templates/components/products/quick-view.html':
    '<div class="quickView">{{> components/products/product-view}}</div>',
  'templates/pages/home.html': '{{#partial "page"}}<h1>{{lang "home"}}</h1>{{/partial}}{{> layout/base}}',
  'templates/pages/product.html':
    '{{#partial "page"}}{{> components/products/product-view}}{{/partial}}{{> layout/base}}',
  'templates/pages/order-confirmation.html': `{{#partial "head"}}
{{{head.scripts}}}
{{/partial}}
{{#partial "page"}}
<h1>{{checkout.order.id}}</h1>
{{{ footer.scripts }}}
{{/partial}}
{{> layout/empty}}`,
  'templates/pages/checkout.html': `{{#partial "head"}}
{{{head.scripts}}}
{{/partial}}
{{#partial "page"}}<h1>Checkout</h1>{{/partial}}
{{> layout/empty}}`,
};

/** Does what the README of examples/stencil says. */
function themeWithExtole(): Theme {
  const files = { ...CORNERSTONE };
  const rows = read('examples/stencil/README.md').matchAll(
    /^ *\| `(?<file>templates\/.+)` \| `(?<line>.+)` \| (?<side>after|before) `(?<anchor>.+)` \|$/gm,
  );
  for (const { groups: { file = '', line = '', side = '', anchor = '' } = {} } of rows) {
    const parts = files[file]?.split(anchor) ?? [];
    expect(parts, `${anchor} stands in ${file} once`).toHaveLength(2);
    files[file] = parts.join(side === 'after' ? `${anchor}\n${line}` : `${line}\n${anchor}`);
  }
  const partials = 'templates/components/extole/';
  for (const name of readdirSync(new URL(`examples/stencil/${partials}`, project))) {
    files[`${partials}${name}`] = read(`examples/stencil/${partials}${name}`);
  }
  files[`${partials}head.html`] = withProgramDomain(read('templates/stencil/head.html'));
  return {
    templates: Object.fromEntries(
      Object.entries(files).map(([path, text]) => [path.replace(/^templates\/|\.html$/g, ''), text]),
    ),
    translations: { en: { home: 'Home' } },
  };
}

/** Renders a page of the theme as BigCommerce does; with `path`, another template with that page's data. */
function render(page: StorePage, options: { shopper?: Shopper; path?: string } = {}): Promise<string> {
  const context = stencilContext({
    page,
    origin: shop.sandbox.storefrontUrl,
    back: '/',
    language: 'en',
    currency: 'USD',
    shopper: options.shopper,
    cart: undefined,
    isConsentNeeded: false,
    consent: '',
    areZonesAutomatic: false,
    isPreview: false,
    storefrontApiToken: 'token',
  });
  return renderPage({
    theme: themeWithExtole(),
    path: options.path ?? context.template,
    context: { ...context, head: {}, footer: {} },
    acceptLanguage: 'en',
    regions: {},
  });
}

describe('examples/stencil, rendered by the engine of BigCommerce, in Chromium', () => {
  const [mug, kettle] = PRODUCTS;
  const pot = PRODUCTS.find(({ title }) => title.includes('</script>'));
  if (!mug || !kettle || !pot) throw new Error('The sample store has other products.');

  const MALLORY: Shopper = {
    key: 'mallory',
    id: 66,
    firstName: `Mal'"</script><script>alert(1)</script>`,
    lastName: '{{customer.email}} <<product.url>>',
    email: `mal'lory+"x"@example.com`,
  };
  const GUEST = { locale: 'en' };
  const SIGNED_IN = {
    ...GUEST,
    first_name: MALLORY.firstName,
    last_name: MALLORY.lastName,
    email: MALLORY.email,
    partner_user_id: '66',
  };
  const addressOf = ({ path }: Product): string => `${shop.sandbox.storefrontUrl}${path}`;
  const contentOf = (product: Product) => ({
    partner_content_id: product.id,
    title: product.title,
    image_url: `${shop.sandbox.storefrontUrl}/images/original/${product.image}`,
    url: addressOf(product),
  });

  it.each([
    ['a guest', mug, undefined, GUEST],
    ['a shopper with a hostile name, of a product with a hostile title', pot, MALLORY, SIGNED_IN],
  ])('sends the product page of %s', async (_who, product, shopper, fields) => {
    const html = await render({ type: 'product', product }, shopper && { shopper });
    const { page, mishaps, creative } = await open(product.path, { html, shopper });
    expect(await shop.requests(4)).toEqual({
      global_header: { ...fields, page_type: 'product' },
      global_footer: fields,
      product: { ...fields, content: contentOf(product) },
      overlay: { ...fields, product_url: addressOf(product) },
    });
    for (const zone of ['global_header', 'global_footer', 'product']) await creative(zone).waitFor();
    await page.locator('.referral-overlay').waitFor();
    expect(mishaps).toEqual([]);
  });

  it('leaves the product out of the overlay of a page without one', async () => {
    const { mishaps } = await open('/', { html: await render({ type: 'default' }) });
    expect(await shop.requests(3)).toEqual({
      global_header: { ...GUEST, page_type: 'default' },
      global_footer: GUEST,
      overlay: GUEST,
    });
    expect(mishaps).toEqual([]);
  });

  it('sends the product of a quick view, though the page is about none', async () => {
    const { page, creative } = await open('/', { html: await render({ type: 'default' }) });
    await shop.requests(3);
    shop.sandbox.clearZoneRequests();
    const quickView = await render(
      { type: 'product', product: kettle },
      { path: 'components/products/quick-view' },
    );
    await page.evaluate((html) => document.body.insertAdjacentHTML('beforeend', html), quickView);
    expect(await shop.requests(1)).toEqual({ product: { ...GUEST, content: contentOf(kettle) } });
    await creative('product').waitFor();
  });

  it('shows the overlay of the order confirmation, with the order', async () => {
    const html = await render({ type: 'orderconfirmation', order: SAMPLE_ORDER });
    const { page, mishaps } = await open('/checkout/order-confirmation', { html });
    expect(await shop.requests(1)).toEqual({
      confirmation: { ...GUEST, partner_conversion_id: SAMPLE_ORDER.id },
    });
    await page.getByRole('dialog').waitFor();
    expect(mishaps).toEqual([]);
  });

  it('puts nothing onto the checkout', async () => {
    expect(await render({ type: 'default' }, { path: 'pages/checkout' })).not.toMatch(/extole/i);
  });

  it('keeps the fallbacks when Extole can not be reached', async () => {
    shop.sandbox.setCoreMode('error');
    const { page, mishaps, event } = await open(mug.path, {
      html: await render({ type: 'product', product: mug }),
    });
    await event('failed', 'EXTOLE_CORE_BLOCKED');
    expect(await textsOf(page)).toEqual(['Refer a friend', 'Share with a friend', 'Refer a friend', '']);
    expect(mishaps).toEqual([]);
  });

  it('does not jump, as it would without the heights', async () => {
    const html = await render({ type: 'product', product: mug });
    const kept = await open(mug.path, { html });
    await kept.creative('product').waitFor();
    expect(await shiftOf(kept.page)).toBe(0);
    const jumping = await open(mug.path, { html: withoutHeights(html) });
    await jumping.creative('product').waitFor();
    expect(await shiftOf(jumping.page)).toBeGreaterThan(0);
  });

  it('waits for the banner of BigCommerce after the change that its README names', async () => {
    const said = read('examples/stencil/README.md').match(/\{"programDomain".+?\}/)?.[0] ?? '';
    const [core = ''] = /^<script async .+core\.js.+$/m.exec(read('templates/stencil/head.html')) ?? [];
    const html = (await render({ type: 'product', product: mug }))
      .replace(withProgramDomain(core), '')
      .replace(withProgramDomain('{"programDomain":"share.brand.com"}'), withProgramDomain(said))
      .replace(
        '<title>',
        `<script>
          window.bodlEvents = { consent: { loaded: (tell) => { window.agree = () => tell({ advertising: true }); } } };
        </script><title>`,
      );
    const { page, mishaps } = await open(mug.path, { html });
    await page.waitForLoadState('networkidle');
    expect(shop.sandbox.coreRequests()).toBe(0);
    await page.evaluate('agree()');
    expect(Object.keys(await shop.requests(4)).sort()).toEqual([
      'global_footer',
      'global_header',
      'overlay',
      'product',
    ]);
    expect(mishaps).toEqual([]);
  });
});
