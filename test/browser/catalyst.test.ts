import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { createElement, StrictMode } from 'react';
import { prerender } from 'react-dom/static';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { App } from '../../examples/catalyst/page/app.js';
import { PRODUCTS, SHOPPER } from '../../examples/catalyst/page/store.js';
import { storefrontBrowser } from '../support/storefront-browser.js';

const shop = storefrontBrowser();
const folder = mkdtempSync(join(tmpdir(), 'extole-bigcommerce-'));
const [mug, kettle] = PRODUCTS;
const mugPath = mug?.path ?? '';

beforeAll(async () => {
  const root = fileURLToPath(new URL('../../examples/catalyst/page/', import.meta.url));
  await build({
    configFile: `${root}vite.config.ts`,
    logLevel: 'error',
    build: { outDir: folder, emptyOutDir: true },
    define: {
      'import.meta.env.VITE_EXTOLE_PROGRAM_DOMAIN': JSON.stringify(shop.sandbox.programDomain),
      // Only React's development build mounts twice, and says what it doesn't like.
      'process.env.NODE_ENV': '"development"',
    },
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Prepares the page, as a browser makes it or as a server rendered it. */
async function prepare(path: string, options: { isRendered?: boolean; hasJavaScript?: boolean } = {}) {
  const { isRendered = false, hasJavaScript = true } = options;
  const opened = await shop.open({ javaScriptEnabled: hasJavaScript });
  const { programDomain, storefrontUrl: origin } = shop.sandbox;
  const complaints: string[] = [];
  opened.page.on('console', (message) => {
    if (/error|warning/.test(message.type())) complaints.push(message.text());
  });
  let html = readFileSync(join(folder, 'index.html'), 'utf8');
  if (isRendered) {
    const app = createElement(StrictMode, {}, createElement(App, { programDomain, origin, path }));
    const { prelude } = await prerender(app);
    html = html.replace(
      '<div id="root"></div>',
      `<div id="root">${await new Response(prelude).text()}</div>`,
    );
  }
  await opened.page.route(
    (url) => url.origin === origin,
    (route) => {
      const file = join(folder, new URL(route.request().url()).pathname);
      return /\.\w+$/.test(file) && existsSync(file)
        ? route.fulfill({ path: file })
        : route.fulfill({ contentType: 'text/html', body: html });
    },
  );
  return { ...opened, complaints };
}

async function open(...args: Parameters<typeof prepare>) {
  const prepared = await prepare(...args);
  await prepared.page.goto(args[0]);
  return prepared;
}

const go = (page: Page, name = '') => page.getByRole('link', { name }).click();
const zones = () => shop.sandbox.zoneRequests().map(({ zone }) => zone);
/** Long enough for whatever is asked for too much. */
const settle = (page: Page) => page.waitForTimeout(400);
const everywhere = { global_header: { locale: 'en' }, global_footer: { locale: 'en' } };
/** What is asked for because a route is about a product. */
const askedFor = (product: (typeof PRODUCTS)[number] | undefined) => ({
  product: {
    locale: 'en',
    sku: product?.sku,
    dynamic_product_url: `${shop.sandbox.storefrontUrl}${product?.path}`,
  },
  global_footer: { locale: 'en', sku: product?.sku },
});

describe("Catalyst's components on a React page, in Chromium", () => {
  it('ask for each zone once, also in StrictMode, which mounts twice', async () => {
    const { page, mishaps, complaints } = await open(mugPath);
    expect(await shop.requests(3)).toEqual({ ...everywhere, ...askedFor(mug) });
    await page.getByRole('status').filter({ hasText: 'product has come' }).waitFor();
    expect(await page.locator('extole-zone').allInnerTexts()).not.toContain('Tell a friend');
    await settle(page);
    expect(zones()).toHaveLength(3);
    expect(await page.locator('script[src$="/core.js"]').count()).toBe(1);
    expect([...mishaps, ...complaints]).toEqual([]);
  });

  it('ask on each route for what that route changes, and not for the header again', async () => {
    const { page, mishaps, complaints } = await open('/');
    expect(await shop.requests(2)).toEqual(everywhere);
    const header = page.locator('extole-zone[name=global_header] > .referral');
    await header.evaluate((creative) => creative.setAttribute('data-same', ''));

    const { global_footer } = everywhere;
    const routes: readonly [go: () => Promise<unknown>, asked: object][] = [
      [() => go(page, mug?.name), askedFor(mug)],
      [() => go(page, kettle?.name), askedFor(kettle)],
      [() => go(page, 'Account'), { global_footer }],
      [() => go(page, 'Home'), {}],
      [() => go(page, mug?.name), askedFor(mug)],
      [() => page.goBack(), { global_footer }],
      [() => page.goBack(), {}],
      [() => page.goBack(), askedFor(kettle)],
    ];
    for (const [change, asked] of routes) {
      shop.sandbox.clearZoneRequests();
      await change();
      expect(await shop.requests(Object.keys(asked).length)).toEqual(asked);
      await settle(page);
      expect(zones()).toHaveLength(Object.keys(asked).length);
    }
    expect(await header.getAttribute('data-same')).toBe('');
    expect([...mishaps, ...complaints]).toEqual([]);
  });

  it('tell who signs in, and have Extole forget who signs out', async () => {
    const { page, mishaps } = await open(mugPath);
    await shop.requests(3);
    const shopper = {
      first_name: SHOPPER.firstName,
      last_name: SHOPPER.lastName,
      email: SHOPPER.email,
      partner_user_id: `${SHOPPER.entityId}`,
    };
    shop.sandbox.clearZoneRequests();
    await page.getByRole('button', { name: 'Sign in' }).click();
    const asked = askedFor(mug);
    expect(await shop.requests(3)).toEqual({
      global_header: { ...shopper, locale: 'en' },
      global_footer: { ...shopper, ...asked.global_footer },
      product: { ...asked.product, first_name: SHOPPER.firstName },
    });
    await page.locator('.referral :text("Mary Ann")').first().waitFor();

    shop.sandbox.clearZoneRequests();
    const logouts = shop.sandbox.logouts();
    await page.getByRole('button', { name: 'Sign out' }).click();
    expect(await shop.requests(3)).toEqual({ ...everywhere, ...askedFor(mug) });
    expect(shop.sandbox.logouts()).toBe(logouts + 1);
    expect(mishaps).toEqual([]);
  });

  it('keep the fallback where Extole can not be reached, and let React change and remove it', async () => {
    shop.sandbox.setCoreMode('error');
    const { page, mishaps } = await open(mugPath);
    await page.getByRole('status').filter({ hasText: 'EXTOLE_CORE_BLOCKED' }).waitFor();
    const fallback = page.locator('extole-zone[name=product]');
    expect(await fallback.innerText()).toBe('Tell a friend about the Stoneware Mug by Fireside Pottery');
    await go(page, kettle?.name);
    await vi.waitFor(async () =>
      expect(await fallback.innerText()).toBe('Tell a friend about the Pour-Over Kettle'),
    );
    await go(page, 'Home');
    await fallback.waitFor({ state: 'detached' });
    expect(mishaps).toEqual([]);
  });

  it('stop when the provider leaves the page, and start again when it comes back', async () => {
    const { page, mishaps, complaints } = await open('/');
    await shop.requests(2);
    await page.locator('header extole-zone > .referral').waitFor();
    shop.sandbox.clearZoneRequests();
    const extole = page.getByRole('checkbox', { name: 'Extole' });
    await extole.uncheck();
    await go(page, mug?.name);
    await settle(page);
    expect(zones()).toEqual([]);
    expect(await page.locator('extole-zone[name=product]').innerText()).toContain('Tell a friend');
    expect(await page.locator('extole-zone[name=global_header] > .referral').count()).toBe(1);

    await extole.check();
    await page.locator('extole-zone[name=product] > .referral').waitFor();
    expect(zones()).toContain('product');
    expect([...mishaps, ...complaints]).toEqual([]);
  });
});

describe("Catalyst's components on a page that a server rendered", () => {
  it('show the fallback without JavaScript', async () => {
    const { page } = await open(mugPath, { isRendered: true, hasJavaScript: false });
    expect(await page.locator('main .zone').innerText()).toBe(
      'Tell a friend about the Stoneware Mug by Fireside Pottery',
    );
  });

  it('are taken over by React without a complaint though the SDK starts before all of it is', async () => {
    const { page, mishaps, complaints } = await prepare(mugPath, { isRendered: true });
    let letGo = () => {};
    const isHeld = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    await page.route('**/product-page*.js', async (route) => {
      await isHeld;
      await route.fallback();
    });
    await page.goto(mugPath);
    await page.locator('extole-zone[name=global_header] > .referral').waitFor();
    expect(await page.locator('main .zone').innerText()).toBe(
      'Tell a friend about the Stoneware Mug by Fireside Pottery',
    );
    await settle(page);
    letGo();
    expect(await shop.requests(3)).toEqual({ ...everywhere, ...askedFor(mug) });
    await page.locator('extole-zone[name=product] > .referral').waitFor();
    await settle(page);
    expect(zones()).toHaveLength(3);
    expect([...mishaps, ...complaints]).toEqual([]);
  });
});
