import type { Browser, BrowserContext } from 'playwright-core';
import { type Sandbox, startSandbox } from '../../examples/sandbox/sandbox.js';
import { launchChromium } from '../support/chromium.js';
import { formatMs, quantile, type Section } from './measure.js';

const ROUNDS = 7;
const FIRST_FIELD = '[id="settings.programDomain"]';

/** How long a merchant waits for the settings page, in the frame of the sandbox's control panel. */
export async function measureSettingsPage(): Promise<Section> {
  const [browser, sandbox] = await Promise.all([
    launchChromium(),
    startSandbox({ ports: 'free', app: true }),
  ]);
  try {
    await install(browser, sandbox);
    const first: number[] = [];
    const again: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const context = await browser.newContext();
      first.push(await timeToUse(context, sandbox));
      again.push(await timeToUse(context, sandbox));
      await context.close();
    }
    return {
      title: 'The settings page in its frame, until its first field can be typed in',
      rows: [
        { what: 'first visit, nothing cached', ours: formatMs(quantile(first, 0.5)) },
        { what: 'later visit', ours: formatMs(quantile(again, 0.5)) },
      ],
      note: `medians of ${ROUNDS} visits, from the frame's request on; app, database and browser share this machine`,
    };
  } finally {
    await browser.close();
    await sandbox.close();
  }
}

async function install(browser: Browser, sandbox: Sandbox): Promise<void> {
  const page = await browser.newPage();
  await page.goto(sandbox.appsUrl);
  await page.getByRole('link', { name: 'Install', exact: true }).click();
  await page.getByRole('button', { name: 'Accept and install' }).click();
  await page.frameLocator('#app').locator(FIRST_FIELD).waitFor();
  await page.close();
}

async function timeToUse(context: BrowserContext, sandbox: Sandbox): Promise<number> {
  const page = await context.newPage();
  await page.goto(sandbox.appsUrl);
  await page.addInitScript((field) => {
    new MutationObserver((_changes, observer) => {
      if (!document.querySelector(`${field}:enabled`)) return;
      observer.disconnect();
      // Until it is on the screen.
      requestAnimationFrame(() => setTimeout(() => performance.mark('usable')));
    }).observe(document, { childList: true, subtree: true });
  }, FIRST_FIELD);
  await page.getByRole('link', { name: 'Open', exact: true }).click();
  const app = page.frameLocator('#app');
  await app.locator(FIRST_FIELD).waitFor();
  const usableMs = await app.locator('body').evaluate(
    () =>
      new Promise<number>((resolve) => {
        new PerformanceObserver((list) =>
          resolve(list.getEntriesByName('usable')[0]?.startTime ?? 0),
        ).observe({
          type: 'mark',
          buffered: true,
        });
      }),
  );
  await page.close();
  return usableMs;
}
