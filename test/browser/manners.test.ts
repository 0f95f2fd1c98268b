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

/** What the browser reports of a jump. TypeScript does not know it yet. */
interface LayoutShift extends PerformanceEntry {
  readonly value: number;
  readonly sources: readonly { readonly node?: Node | null }[];
}

declare global {
  interface Window {
    /** Sums up how far the page jumped so far, but for what stands before all that could be ours. */
    sumOfShifts?: () => number;
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
      const shifts: LayoutShift[] = [];
      const isShift = (entry: PerformanceEntry): entry is LayoutShift => 'sources' in entry;
      new PerformanceObserver((list) => shifts.push(...list.getEntries().filter(isShift))).observe({
        type: 'layout-shift',
        buffered: true,
      });
      window.sumOfShifts = () => {
        // On a busy machine the bar and the menu jump while the parser is amid them. Zones can move nothing before them.
        const first = document.querySelector('[data-content-region], extole-zone');
        const isBefore = (node: Node | null | undefined): boolean =>
          Boolean(node && first && node.compareDocumentPosition(first) & Node.DOCUMENT_POSITION_FOLLOWING);
        return shifts
          .filter(({ sources }) => !sources.every(({ node }) => isBefore(node)) || sources.length === 0)
          .reduce((sum, { value }) => sum + value, 0);
      };
    });
    await page.goto(`/sandbox/sign-in?as=${shopper}&back=/our-story/`);
    await page.goto(`/sandbox/switch?placing=${placing}&back=/our-story/`);
    const shifts: Record<string, number> = {};
    for (const path of PATHS) {
      await page.goto(path, { waitUntil: 'networkidle' });
      shifts[path] = await page.evaluate(() => window.sumOfShifts?.() ?? Number.NaN);
    }
    expect(shifts).toEqual(Object.fromEntries(PATHS.map((path) => [path, 0])));
    expect(mishaps).toEqual([]);
  });
});
