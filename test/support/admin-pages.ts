import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeEach } from 'vitest';
import { type AdminApi, startAdminApi } from './admin-api.js';
import { launchChromium } from './chromium.js';

/** The app's pages, opened in a browser against a stand-in of the app. */
export interface AdminPages {
  readonly api: AdminApi;
  readonly browser: Browser;
  /** What console and pages complained of in the current test, but for the failures that it asked for. */
  readonly mishaps: readonly string[];
  /** Opens a page, in a browser context of its own. */
  open(
    options?: { readonly path?: string; readonly width?: number } & Pick<
      BrowserContextOptions,
      'permissions'
    >,
  ): Promise<Page>;
}

/**
 * Starts both, for the tests of a file: each begins with a stand-in as it is at first, and ends without a page.
 *
 * @param home - What is opened unless a test says otherwise: `/#activity`.
 * @param settings - Of each browser context.
 */
export async function startAdminPages(
  home: string,
  settings: BrowserContextOptions = {},
): Promise<AdminPages> {
  const [api, browser] = await Promise.all([startAdminApi(), launchChromium()]);
  const mishaps: string[] = [];
  beforeEach(() => {
    api.reset();
    mishaps.length = 0;
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
  });
  afterAll(() => Promise.all([api.close(), browser.close()]));
  return {
    api,
    browser,
    mishaps,
    async open({ path = home, width = 1_280, ...rest } = {}) {
      const viewport = { width, height: 900 };
      const context = await browser.newContext({ viewport, ...settings, ...rest });
      const page = await context.newPage();
      page.on('pageerror', (error) => mishaps.push(error.message));
      page.on('console', (message) => {
        const isAskedFor = message.text().startsWith('Failed to load resource');
        if (message.type() === 'error' && !isAskedFor) mishaps.push(message.text());
      });
      await page.goto(`${api.url}${path}`);
      return page;
    },
  };
}
