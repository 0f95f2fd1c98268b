import type { FrameLocator, Locator, Page } from 'playwright-core';
import { PRODUCTS } from '../../examples/sandbox/sandbox.js';
import type { storefrontBrowser } from './storefront-browser.js';

/** A product's page. */
export const mugPath = PRODUCTS[0]?.path ?? '';

/** Page Builder in a real browser. */
export interface Builder {
  readonly page: Page;
  readonly frame: FrameLocator;
  readonly mishaps: string[];
  /** The preview box of a zone, by what it is called. */
  box(label: string): Locator;
  region(name: string): Locator;
  button(name: string): Locator;
  /** Waits for what became of the changes. */
  state(text: string): Promise<void>;
}

/** Opens a page of the store in Page Builder, and waits until it can be edited. */
export async function openBuilder(
  shop: ReturnType<typeof storefrontBrowser>,
  path: string = mugPath,
  options: Parameters<typeof shop.open>[0] = {},
): Promise<Builder> {
  const { page, mishaps } = await shop.open({ locale: 'en-US', ...options });
  await page.goto(`${shop.sandbox.pageBuilderUrl}&path=${encodeURIComponent(path)}`);
  const frame = page.frameLocator('#frame');
  await frame.locator('html[data-page-builder]').waitFor();
  return {
    page,
    frame,
    mishaps,
    box: (label) => frame.getByRole('group', { name: `Extole CTA Tag: ${label}`, exact: true }),
    region: (name) => frame.locator(`[data-content-region="${name}"]`),
    button: (name) => page.getByRole('button', { name, exact: true }),
    state: (text) => page.locator('#state', { hasText: text }).waitFor(),
  };
}

/** Drags with the mouse, as a hand does: down, a little, there, up. */
export async function drag(page: Page, from: Locator, to: Locator): Promise<void> {
  const start = await from.boundingBox();
  if (!start) throw new Error('There is nothing to drag.');
  await page.mouse.move(start.x + 15, start.y + 10);
  await page.mouse.down();
  await page.mouse.move(start.x + 30, start.y + 20, { steps: 3 });
  // Regions make room as soon as something is dragged.
  await to.and(page.frameLocator('#frame').locator('[data-is-dropping] *')).waitFor();
  const end = await to.boundingBox();
  if (!end) throw new Error('There is nowhere to drop.');
  await page.mouse.move(end.x + end.width / 2, end.y + end.height - 5, { steps: 5 });
  await to.and(page.frameLocator('#frame').locator('[data-is-target]')).waitFor();
  await page.mouse.up();
}
