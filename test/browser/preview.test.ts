import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PRODUCTS } from '../../examples/sandbox/sandbox.js';
import { axeFindings } from '../support/axe.js';
import { pageWith, SDK, SDK_PATH, serve, storefrontBrowser } from '../support/storefront-browser.js';

const shop = storefrontBrowser();
const mugPath = PRODUCTS[0]?.path ?? '';
const CONTROL_PANEL = 'https://store-abc123.mybigcommerce.com/manage/page-builder';
const SDK_FILES = join(import.meta.dirname, '../../dist/storefront');
const ZONE =
  '<extole-zone name="product" event-data=\'{"shelf": "A7", "url": "{{product.url}}"}\'>Fallback</extole-zone>';
const soon = { timeout: 10_000 };

const configure = (configuration = ''): string =>
  `<script>window.extoleStorefront = { programDomain: '${shop.sandbox.programDomain}', ${configuration} };</script>`;
const zoneNames = () =>
  shop.sandbox
    .zoneRequests()
    .map(({ zone }) => zone)
    .sort();

/** Opens a page of somebody's with a page of the storefront in a frame. */
async function openFramed(
  options: {
    owner?: string;
    /** A page of the sandbox, in place of one that is made of the parts. */
    path?: string;
    head?: string;
    body?: string;
    locale?: string;
  } = {},
) {
  const {
    owner = CONTROL_PANEL,
    path = '/framed',
    head = configure(),
    body = ZONE,
    locale = 'en-US',
  } = options;
  const opened = await shop.open({ locale });
  if (path === '/framed') await serve(opened.page, path, { head, body, sdk: SDK });
  await opened.page.route(owner, (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<!doctype html><html lang="en"><title>Owner</title><iframe title="Store" src="${shop.sandbox.storefrontUrl}${path}" style="width:100%;height:600px"></iframe></html>`,
    }),
  );
  await opened.page.goto(owner);
  return { ...opened, frame: opened.page.frameLocator('iframe') };
}

describe('in Page Builder, in Chromium', () => {
  it('each zone is a box with its name and its data, and nothing is asked for', async () => {
    const { page, frame, mishaps } = await openFramed({
      head: configure(
        "context: { product: { url: '/mug/' }, customer: { id: 7, email: 'mary@example.com' } }",
      ),
      body: `${ZONE}<extole-zone name="overlay"></extole-zone><extole-zone name="spring_sale" fields=""></extole-zone>`,
    });
    const product = frame.getByRole('group', { name: 'Extole CTA Tag: Product' });
    await product.waitFor();
    expect((await product.innerText()).split('\n').filter((line) => line)).toEqual([
      'Extole CTA Tag · Product product',
      'Extole’s creative shows here on your storefront. Content is changed in Extole’s Campaign Editor.',
      'Event data',
      'email',
      'mary@example.com',
      'partner_user_id',
      '7',
      'locale',
      'en',
      'shelf',
      'A7',
      'url',
      '/mug/',
    ]);
    expect(await frame.getByRole('group', { name: 'Extole CTA Tag: Overlay' }).innerText()).toContain(
      'This zone shows as an overlay, not at this place.',
    );
    expect(
      await frame.getByRole('group', { name: 'Extole CTA Tag: Custom: spring_sale' }).innerText(),
    ).toContain('No event data');
    expect(await frame.getByText('Fallback').isVisible()).toBe(true);

    await page.waitForLoadState('networkidle');
    expect(zoneNames()).toEqual([]);
    expect(shop.sandbox.coreRequests()).toBe(0);
    expect(await frame.locator('script[src$="/core.js"]').count()).toBe(0);
    expect(mishaps).toEqual([]);
  });

  it('no event leaves that a script of the page sends, and no automatic zone is asked for', async () => {
    const { page, frame } = await openFramed({
      head: configure("zones: ['global_footer', 'overlay'], q: [['createZone', [{ name: 'registration' }]]]"),
      body: '<main></main><footer></footer>',
    });
    await frame.getByRole('group', { name: 'Extole CTA Tag: Footer' }).waitFor();
    await page.waitForLoadState('networkidle');
    expect(zoneNames()).toEqual([]);
    expect(shop.sandbox.coreRequests()).toBe(0);
  });

  it('a whole page of a store asks for nothing, though its template brings the core tag', async () => {
    const { page, frame, mishaps } = await openFramed({ path: mugPath });
    const product = frame.getByRole('group', { name: 'Extole CTA Tag: Product' });
    await product.waitFor();
    expect(await product.innerText()).toMatch(
      /static_variable\s+foobar\s+dynamic_product_url\s+http:.*\/stoneware-mug\//,
    );
    expect(await frame.getByRole('group', { name: /^Extole CTA Tag/ }).count()).toBe(4);
    await page.waitForLoadState('networkidle');
    expect(zoneNames()).toEqual([]);
    expect(mishaps).toEqual([]);
  });

  it.each([
    [
      'en-US',
      'Enter the name of the custom zone',
      'is not a JSON object',
      'line 1, column 2: expected a key in quotes, but found "o"',
      'No value on this page',
    ],
    ['de-DE', 'Geben Sie den Namen', 'kein JSON-Objekt', 'line 1, column 2', 'Ohne Wert auf dieser Seite'],
    [
      'ja',
      'カスタムゾーンの名前を入力してください',
      'JSON オブジェクトではない',
      'line 1',
      'このページには値がない',
    ],
    // A language that we do not speak.
    ['sv-SE', 'Enter the name of the custom zone', 'is not a JSON object', 'line 1', 'No value on this page'],
  ])('what is wrong is told in the language of an editor who reads %s', async (locale, ...texts) => {
    const [name, data, detail, value] = texts;
    const { frame } = await openFramed({
      locale,
      body: `<extole-zone name=" "></extole-zone><extole-zone name="product" event-data="{oops}"></extole-zone>
        <extole-zone name="product" event-data='{"url": "{{product.url}}"}'></extole-zone>`,
    });
    await frame.getByRole('note').nth(2).waitFor();
    const notes = await frame.getByRole('note').allInnerTexts();
    expect(notes).toEqual([
      expect.stringContaining(name),
      expect.stringContaining(data),
      expect.stringContaining(value),
    ]);
    expect(notes[1]).toContain(detail);
    expect(notes[2]).toContain('{{product.url}}');
  });

  it('axe finds nothing in the boxes', async () => {
    const { page, frame } = await openFramed({
      head: `<meta name="viewport" content="width=device-width">${configure()}`,
      body: `<main><h1>Store</h1>${ZONE}<extole-zone name=" "></extole-zone><extole-zone name="overlay" event-data="{oops}"></extole-zone></main>`,
    });
    await frame.getByRole('note').nth(2).waitFor();
    expect(await axeFindings(page)).toEqual([]);
  });
});

describe("on a merchant's own domain, in Chromium", () => {
  const expectZones = async ({ page, frame }: Awaited<ReturnType<typeof openFramed>>) => {
    await frame.locator('extole-zone > *').first().waitFor();
    expect(await frame.getByRole('group').count()).toBe(0);
    expect(zoneNames()).toEqual(['product']);
    expect(shop.sandbox.coreRequests()).toBe(1);
    await page.waitForLoadState('networkidle');
    expect(await frame.locator('script[src$="/core.js"]').count()).toBe(1);
  };

  it.each([
    'https://partner.example/manage/page-builder',
    'https://www.brand.com/landing',
    'https://store-abc123.mybigcommerce.com.evil.example/manage',
    'https://mybigcommerce.com/manage',
    'https://notbigcommerce.com/manage',
  ])('zones are asked for as always in a frame of %s', async (owner) => {
    await expectZones(await openFramed({ owner }));
  });

  it('zones are asked for as always in a frame of the store itself', async () => {
    await expectZones(await openFramed({ owner: `${shop.sandbox.storefrontUrl}/landing` }));
  });

  it('zones are asked for as always at the top, even when the control panel led there', async () => {
    const { page } = await shop.open();
    await serve(page, '/top', { head: configure(), body: ZONE, sdk: SDK });
    await page.route(CONTROL_PANEL, (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: `<!doctype html><a href="${shop.sandbox.storefrontUrl}/top" referrerpolicy="unsafe-url">View store</a>`,
      }),
    );
    await page.goto(CONTROL_PANEL);
    await page.getByRole('link').click();
    await page.locator('extole-zone > *').first().waitFor();
    expect(await page.evaluate(() => document.referrer)).toBe(CONTROL_PANEL);
    expect(zoneNames()).toEqual(['product']);
    expect(await page.getByRole('group').count()).toBe(0);
  });

  it.each([
    ['/landing', false],
    ['/manage/page-builder', true],
    ['/managers-choice', false],
  ])(
    'which may be the host of the control panel, the page %s that holds the frame decides',
    async (path, isEditor) => {
      const { page } = await shop.open();
      const host = 'https://store-abc123.mybigcommerce.com';
      await page.route(`${host}/**`, (route) => {
        const { pathname } = new URL(route.request().url());
        if (pathname.startsWith(SDK_PATH)) {
          return route.fulfill({
            path: join(SDK_FILES, pathname.slice(SDK_PATH.length)),
            contentType: 'text/javascript',
          });
        }
        const body =
          pathname === path
            ? '<iframe src="/framed"></iframe>'
            : pageWith({ head: configure(), body: ZONE, sdk: SDK });
        return route.fulfill({ contentType: 'text/html', body });
      });
      await page.goto(host + path);
      const frame = page.frameLocator('iframe');
      if (isEditor) await frame.getByRole('group').waitFor();
      else await frame.locator('extole-zone > *').first().waitFor();
      await page.waitForLoadState('networkidle');
      expect(zoneNames()).toEqual(isEditor ? [] : ['product']);
      expect(await frame.getByRole('group').count()).toBe(isEditor ? 1 : 0);
    },
  );
});

describe('a configuration that says how zones show, in Chromium', () => {
  it.each([true, false])('wins at the top: preview %s', async (preview) => {
    const { page } = await shop.open();
    await serve(page, '/top', { head: configure(`preview: ${preview}`), body: ZONE, sdk: SDK });
    await page.goto('/top', { waitUntil: 'networkidle' });
    await expect.poll(() => page.getByRole('group').count(), soon).toBe(preview ? 1 : 0);
    expect(zoneNames()).toEqual(preview ? [] : ['product']);
    expect(shop.sandbox.coreRequests()).toBe(preview ? 0 : 1);
  });

  it('wins inside the control panel', async () => {
    const { frame } = await openFramed({ head: configure('preview: false') });
    await frame.locator('extole-zone > *').first().waitFor();
    expect(zoneNames()).toEqual(['product']);
    expect(await frame.getByRole('group').count()).toBe(0);
  });

  it('wins inside a frame of anybody', async () => {
    const { frame } = await openFramed({
      owner: 'https://partner.example/',
      head: configure('preview: true'),
    });
    await frame.getByRole('group').waitFor();
    expect(zoneNames()).toEqual([]);
  });

  it('shows each zone of a store as a box in which axe finds nothing', async () => {
    const { page } = await shop.open();
    await page.goto(`${mugPath}?preview`, { waitUntil: 'networkidle' });
    expect(await page.getByRole('group', { name: /^Extole CTA Tag/ }).count()).toBe(4);
    expect(zoneNames()).toEqual([]);
    expect(await axeFindings(page, 'extole-zone')).toEqual([]);
  });
});
