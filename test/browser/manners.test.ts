import { describe, expect, it } from 'vitest';
import { PRODUCTS } from '../../examples/sandbox/sandbox.js';
import { storefrontBrowser } from '../support/storefront-browser.js';

const shop = storefrontBrowser();

/** A page of each kind that the sandbox's store has. */
const PATHS = [
  '/',
  '/kitchen/',
  '/brands/fireside-pottery/',
  PRODUCTS[0]?.path ?? '',
  '/cart.php',
  '/search.php?search_query=mug',
  '/our-story/',
  '/login.php',
  '/account.php',
  '/checkout/order-confirmation',
  '/nowhere/',
];

declare global {
  interface Window {
    /** What the browser reported of the page: how far it jumped. */
    reported?: { shift: number };
  }
}

describe.each(['guest', 'mary'])('the pages of a store, for %s, in Chromium', (shopper) => {
  it.each([
    ['widgets', 1280],
    ['widgets', 375],
    ['automatic', 1280],
  ])('do not jump, with zones from %s at %d px', async (placing, width) => {
    const { page, mishaps } = await shop.open({ viewport: { width, height: 800 } });
    await page.addInitScript(() => {
      const reported = { shift: 0 };
      window.reported = reported;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) reported.shift += Number(Reflect.get(entry, 'value'));
      }).observe({ type: 'layout-shift', buffered: true });
    });
    await page.goto(`/sandbox/sign-in?as=${shopper}&back=/our-story/`);
    await page.goto(`/sandbox/switch?placing=${placing}&back=/our-story/`);
    const shifts: Record<string, number> = {};
    for (const path of PATHS) {
      await page.goto(path, { waitUntil: 'networkidle' });
      shifts[path] = await page.evaluate(() => window.reported?.shift ?? Number.NaN);
    }
    expect(shifts).toEqual(Object.fromEntries(PATHS.map((path) => [path, 0])));
    expect(mishaps).toEqual([]);
  });
});
