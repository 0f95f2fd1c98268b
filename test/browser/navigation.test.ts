import { createServer, type Server } from 'node:http';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.js';
import { pageWith, SDK, SDK_PATH, serve, storefrontBrowser } from '../support/storefront-browser.js';

const shop = storefrontBrowser();
const zoneNames = () => shop.sandbox.zoneRequests().map(({ zone }) => zone);
const configure = (configuration = ''): string =>
  `<script>window.extoleStorefront = { programDomain: '${shop.sandbox.programDomain}', ${configuration} };</script>`;

describe('a route change of a single-page storefront, in Chromium', () => {
  it('asks again for the zones alone whose data changed, and for those that came', async () => {
    const { page } = await shop.open();
    await serve(page, '/app', {
      head: configure('context: { product: { url: "/a" }, locale: "en" }'),
      body: `<extole-zone name="global_header"></extole-zone>
        <main><extole-zone name="product" event-data='{"url": "{{product.url}}"}'></extole-zone></main>`,
      sdk: SDK,
    });
    await page.goto('/app', { waitUntil: 'networkidle' });
    await expect.poll(() => zoneNames().sort()).toEqual(['global_header', 'product']);
    shop.sandbox.clearZoneRequests();

    await page.evaluate(() => window.extoleStorefront?.q?.push(['setContext', [{ product: { url: '/b' } }]]));
    expect(await shop.requests(1)).toEqual({ product: { url: '/b', locale: 'en' } });
    await page.evaluate(() => window.extoleStorefront?.q?.push(['setContext', [{ product: { url: '/b' } }]]));
    await page.evaluate(() => {
      document.querySelector('main')?.replaceChildren();
      window.extoleStorefront?.q?.push(['setContext', [{ product: undefined }]]);
    });
    await page.waitForLoadState('networkidle');
    expect(zoneNames()).toEqual(['product']);

    await page.evaluate(() => {
      const main = document.querySelector('main');
      if (main) main.innerHTML = '<extole-zone name="category"></extole-zone>';
    });
    await expect.poll(zoneNames).toEqual(['product', 'category']);
  });
});

describe('a page from the back/forward cache, in Chromium', () => {
  let browser: Browser;
  let server: Server;
  let page: Page;
  let origin = '';
  let body = '';

  beforeAll(async () => {
    browser = await launchChromium({ keepsPages: true });
    server = createServer(({ url }, response) => {
      response.setHeader('content-type', 'text/html');
      const context = new URL(`http://localhost${url}`).searchParams.get('context') ?? '{}';
      response.end(
        pageWith({
          head: `<script>addEventListener('pageshow', (event) => { window.isBack = event.persisted });</script>${configure(`context: ${context}`)}`,
          body,
          sdk: SDK.replace('src="', `src="${shop.sandbox.storefrontUrl}`),
        }),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
    const address = server.address();
    origin = `http://localhost:${typeof address === 'object' ? address?.port : ''}`;
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  const open = async (context = '{}') => {
    page = await (await browser.newContext()).newPage();
    await page.goto(`${origin}/first?context=${encodeURIComponent(context)}`, { waitUntil: 'networkidle' });
  };
  const leave = (context = '{}') =>
    page.goto(`${origin}/second?context=${encodeURIComponent(context)}`, { waitUntil: 'networkidle' });
  const comeBack = async () => {
    await page.goBack({ waitUntil: 'commit' });
    expect(await page.evaluate(() => Reflect.get(window, 'isBack')), 'the page was kept').toBe(true);
  };

  it('shows what it showed, asks for nothing again, and goes on', async () => {
    body = '<extole-zone name="product"></extole-zone>';
    await open();
    await expect.poll(zoneNames).toEqual(['product']);
    await leave();
    shop.sandbox.clearZoneRequests();
    await comeBack();
    await page.waitForLoadState('networkidle');
    expect(await page.locator('extole-zone > *').count()).toBe(1);
    await page.evaluate(() => window.extoleStorefront?.q?.push(['setContext', [{ locale: 'de' }]]));
    await expect.poll(() => shop.sandbox.zoneRequests().map(({ data }) => data.locale)).toEqual(['de']);
  });

  it('tries the core tag anew that had failed', async () => {
    body = '<extole-zone name="product">Fallback</extole-zone>';
    shop.sandbox.setCoreMode('flaky', 9);
    await open();
    expect(await page.locator('extole-zone').innerText()).toBe('Fallback');
    await leave();
    shop.sandbox.setCoreMode('normal');
    await comeBack();
    await expect
      .poll(() => page.locator('extole-zone').innerText(), { timeout: 15_000 })
      .not.toBe('Fallback');
    expect(await page.locator('script[src$="/core.js"]').count()).toBe(1);
  });

  it('has Extole forget whom another page told of, before it asks for a zone', async () => {
    body = '<extole-zone name="product"></extole-zone>';
    await open('{ customer: { id: 7, first_name: "Ada" } }');
    await expect.poll(zoneNames).toHaveLength(1);
    await leave('{ customer: { id: 8, first_name: "Bob" } }');
    const logouts = shop.sandbox.logouts();
    await comeBack();
    await page.evaluate(() => window.extoleStorefront?.q?.push(['refresh']));
    await expect
      .poll(() => shop.sandbox.zoneRequests().map(({ data }) => data.partner_user_id))
      .toEqual(['7', '8', '7']);
    expect(shop.sandbox.logouts()).toBe(logouts + 1);
  });
});

describe('what comes and goes a thousand times, in Chromium', () => {
  /** A page with Extole on it at once, so that nothing waits for a network. */
  const open = async (configuration = '') => {
    const { page } = await shop.open();
    await serve(page, '/leak', {
      head: `<script>window.extole = { require() {}, createZone(settings, done) { settings.element?.append('Creative'); done(); } };</script>${configure(configuration)}`,
      sdk: SDK.replace('async', ''),
    });
    await page.goto('/leak');
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable');
    const measure = async () => {
      // What the test itself keeps.
      await page.evaluate(() => window.seenEvents?.splice(0));
      await session.send('HeapProfiler.collectGarbage');
      await session.send('HeapProfiler.collectGarbage');
      const { metrics } = await session.send('Performance.getMetrics');
      const of = (name: string): number =>
        metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
      return { heapBytes: of('JSHeapUsedSize'), nodes: of('Nodes'), listeners: of('JSEventListeners') };
    };
    return { page, measure };
  };

  const expectFlat = async (
    { page, measure }: Awaited<ReturnType<typeof open>>,
    round: (page: Page, times: number) => Promise<void>,
  ) => {
    await round(page, 200);
    const before = await measure();
    await round(page, 1000);
    const after = await measure();
    expect(after.listeners).toBe(before.listeners);
    // A node here and there belongs to the browser's own tools.
    expect(after.nodes - before.nodes).toBeLessThan(20);
    // 100 bytes for each round at most, where a zone that is kept weighs several times that.
    expect(after.heapBytes - before.heapBytes).toBeLessThan(100_000);
  };

  it.each([
    ['', 'a zone'],
    ['loading="lazy" style="position:fixed;top:-9999px"', 'a lazy zone that never comes near'],
    [`event-data='{"a": "{{currency}}"}'`, 'a zone with event data'],
  ])('leaves nothing behind: <extole-zone %s>', async (attributes) => {
    await expectFlat(await open('context: { currency: "EUR" }'), (page, times) =>
      page.evaluate(
        async ([html, count]) => {
          for (let time = 0; time < count; time += 1) {
            document.body.insertAdjacentHTML('beforeend', html);
            // Long enough for the SDK to ask and to show.
            if (time % 10 === 0) await new Promise(requestAnimationFrame);
            else await new Promise((resolve) => queueMicrotask(() => resolve(0)));
            document.querySelector('extole-zone')?.remove();
          }
          await new Promise((resolve) => setTimeout(resolve));
        },
        [`<extole-zone name="product" ${attributes}>Fallback</extole-zone>`, times] as const,
      ),
    );
  });

  it('leaves nothing behind: a start and a stop, with listeners, automatic zones and lazy ones', async () => {
    const opened = await open();
    await opened.page.evaluate(() => {
      document.body.innerHTML =
        '<header></header><extole-zone name="product"></extole-zone><extole-zone name="x" loading="lazy"></extole-zone>';
    });
    await expectFlat(opened, (page, times) =>
      page.evaluate(async (count) => {
        const sdk = window.extoleStorefront;
        if (!sdk?.version) throw new Error('not loaded');
        for (let time = 0; time < count; time += 1) {
          sdk.on('extole-zone:rendered', () => {});
          sdk.start({ programDomain: 'localhost', zones: ['global_header', 'overlay'] });
          sdk.identify(null);
          await new Promise((resolve) => setTimeout(resolve));
          sdk.stop();
        }
      }, times),
    );
  });

  it('gives the globals back', async () => {
    const { page } = await shop.open();
    await serve(page, '/globals', {
      sdk: `<script type="module">import * as sdk from '${SDK_PATH}index.mjs'; window.sdk = sdk;</script>`,
    });
    await page.goto('/globals', { waitUntil: 'networkidle' });
    await page.route('**/core.js', () => {});
    const globals = await page.evaluate((programDomain) => {
      const sdk: typeof import('../../src/storefront/index.js') = Reflect.get(window, 'sdk');
      const before = Object.keys(window);
      const added = () => Object.keys(window).filter((key) => !before.includes(key));
      sdk.start({ programDomain });
      const started = added();
      sdk.stop();
      return { started, stopped: added() };
    }, shop.sandbox.programDomain);
    expect(globals).toEqual({ started: ['extoleStorefront', 'extole'], stopped: [] });
  });
});
