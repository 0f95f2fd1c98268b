import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, vi } from 'vitest';
import { SDK_PATH } from '../../examples/sandbox/merchant.js';
import { type Sandbox, startSandbox } from '../../examples/sandbox/sandbox.js';
import type { ZoneEventDetail } from '../../src/storefront/index.js';
import { launchChromium } from './chromium.js';
import { hasSpecifications, nonconformities } from './openapi.js';

export { SDK_PATH };

/** The SDK's tag, for pages of a test's own. */
export const SDK = `<script async src="${SDK_PATH}extole-storefront.js"></script>`;

/** An event of the SDK as a page saw it. */
export interface SeenEvent {
  readonly type: string;
  readonly name: string;
  readonly code?: string;
  readonly message?: string;
  readonly willRetry?: boolean | undefined;
  /** `document`, or the tag name of the element that it came from. */
  readonly from: string;
}

/** A page of the sandbox's storefront in a real browser, in a profile of its own. */
export interface StorefrontPage {
  readonly page: Page;
  /** What the page threw, rejected without being caught, or ran though it was data. Empty on a good page. */
  readonly mishaps: string[];
  /** The SDK's events so far, in order. */
  events(): Promise<SeenEvent[]>;
  /** Waits for an event of this type (and code) and gives it. */
  event(type: string, code?: string): Promise<SeenEvent>;
}

declare global {
  interface Window {
    seenEvents?: SeenEvent[];
  }
}

/** Starts the sandbox and a browser for a file of tests, and opens pages in fresh profiles. */
export function storefrontBrowser() {
  let browser: Browser;
  let sandbox: Sandbox;
  const closing: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    [browser, sandbox] = await Promise.all([launchChromium(), startSandbox({ ports: 'free' })]);
  });
  afterEach(async () => {
    await Promise.all(closing.splice(0).map((close) => close()));
    sandbox.setCoreMode('normal');
    sandbox.setGraphqlDelay(0);
    await sandbox.setScripts();
    sandbox.setWidgets();
    sandbox.setVerification();
    sandbox.clearZoneRequests();
  });
  afterAll(async () => {
    await browser?.close();
    await sandbox?.close();
    if (hasSpecifications) expect(nonconformities(sandbox.api.calls())).toEqual([]);
  });

  return {
    get sandbox(): Sandbox {
      return sandbox;
    },
    /** Opens a profile with nothing in it; the page is still empty. */
    async open(options: BrowserContextOptions = {}): Promise<StorefrontPage> {
      const context = await browser.newContext({
        baseURL: sandbox.storefrontUrl,
        // Pages that a test makes up count as the internet's, which has to ask before it talks to this machine.
        permissions: ['local-network-access'],
        ...options,
      });
      closing.push(() => context.close());
      const page = await context.newPage();
      const mishaps: string[] = [];
      page.on('pageerror', (error) => mishaps.push(error.message));
      page.on('dialog', (dialog) => {
        mishaps.push(`dialog: ${dialog.message()}`);
        void dialog.dismiss();
      });
      await page.addInitScript(() => {
        const seen: SeenEvent[] = [];
        window.seenEvents = seen;
        const record = (event: CustomEvent<ZoneEventDetail>): void => {
          const from = event.target instanceof Element ? event.target.localName : 'document';
          const { message, ...detail } = event.detail;
          seen.push({
            type: event.type.replace('extole-zone:', ''),
            from,
            ...detail,
            ...(message && { message }),
          });
        };
        for (const type of ['extole-zone:requested', 'extole-zone:rendered', 'extole-zone:failed'] as const) {
          document.addEventListener(type, record);
        }
      });
      const events = (): Promise<SeenEvent[]> => page.evaluate(() => window.seenEvents ?? []);
      return {
        page,
        mishaps,
        events,
        async event(type, code) {
          const found = await vi.waitUntil(
            async () =>
              (await events()).find((event) => event.type === type && (!code || event.code === code)),
            { timeout: 15_000, interval: 50 },
          );
          return found;
        },
      };
    },
    /** Waits until the program domain got as many zone requests, and gives them by zone name. */
    async requests(count: number): Promise<Record<string, Readonly<Record<string, unknown>>>> {
      await vi.waitUntil(() => sandbox.zoneRequests().length >= count, { timeout: 15_000, interval: 20 });
      const all = sandbox.zoneRequests();
      expect(all.map(({ zone }) => zone)).toHaveLength(count);
      return Object.fromEntries(all.map(({ zone, data }) => [zone, data]));
    },
  };
}

/** Serves a page of a test's own on the storefront's origin, under any query. */
export async function serve(page: Page, path: string, parts: Parameters<typeof pageWith>[0]): Promise<void> {
  await page.route(
    (url) => url.pathname === path,
    (route) => route.fulfill({ contentType: 'text/html', body: pageWith(parts) }),
  );
}

/** A page of ours on the storefront's origin: the SDK, and what a test adds. */
export function pageWith(parts: { head?: string; body?: string; sdk?: string }): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Test</title>${parts.head ?? ''}</head><body>${parts.body ?? ''}${parts.sdk ?? ''}</body></html>`;
}
