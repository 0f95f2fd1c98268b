import type { Browser, FrameLocator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../examples/sandbox/sandbox.js';
import { axeFindings } from '../support/axe.js';
import { launchChromium } from '../support/chromium.js';
import { hasSpecifications, nonconformities } from '../support/openapi.js';

/** The app as a merchant meets it: its server, database and settings page are real, as are the control panel's frame and the storefront. */

const CTA = 'extole-zone[name="global_header"]';
const soon = { timeout: 15_000, interval: 100 };

let browser: Browser;
let sandbox: Sandbox;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  [browser, sandbox] = await Promise.all([launchChromium(), startSandbox({ ports: 'free', app: true })]);
});
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
  sandbox.clearZoneRequests();
});
afterAll(async () => {
  await browser?.close();
  await sandbox?.close();
  if (hasSpecifications) expect(nonconformities(sandbox.api.calls())).toEqual([]);
});

/** Opens a profile of its own. In the control panel that is the store's owner, until somebody else signs in. */
async function open(): Promise<Page> {
  const context = await browser.newContext({ baseURL: sandbox.storefrontUrl, locale: 'en-US' });
  closing.push(() => context.close());
  return context.newPage();
}

const appIn = (page: Page): FrameLocator => page.frameLocator('#app');
const domainIn = (page: Page) => appIn(page).locator('[id="settings.programDomain"]');

async function install(page: Page): Promise<void> {
  await page.goto(sandbox.appsUrl);
  await page.getByRole('link', { name: 'Install', exact: true }).click();
  await page.getByRole('button', { name: 'Accept and install' }).click();
  await domainIn(page).waitFor();
}

/** Opens the app from the Apps page. */
async function openApp(page: Page): Promise<void> {
  await page.goto(sandbox.appsUrl);
  await page.getByRole('link', { name: 'Open', exact: true }).click();
  await domainIn(page).waitFor();
}

async function uninstall(page: Page): Promise<void> {
  await page.goto(sandbox.appsUrl);
  await page.getByRole('link', { name: 'Uninstall' }).click();
  await page.getByRole('button', { name: 'Uninstall' }).click();
  await page.getByText('Extole was uninstalled.').waitFor();
}

/** Fills in what the app needs, with the program domain and the token that the sandbox tells. */
async function fillIn(page: Page): Promise<void> {
  await domainIn(page).fill(sandbox.programDomain);
  await appIn(page)
    .getByLabel(/^Extole Access Token/)
    .fill(sandbox.app?.extoleAccessToken ?? '');
}

async function tickHeader(page: Page, isTicked: boolean): Promise<void> {
  await appIn(page).getByRole('checkbox', { name: 'Header', exact: true }).setChecked(isTicked);
  await appIn(page).getByRole('button', { name: 'Save', exact: true }).first().click();
}

/** How many header CTAs a shopper who comes now gets, once it is so many. */
async function shopperSees(shopper: Page, count: number): Promise<void> {
  await expect
    .poll(async () => {
      await shopper.goto('/');
      return shopper.locator(CTA).count();
    }, soon)
    .toBe(count);
}

async function signInAs(page: Page, person: string, language = 'English'): Promise<void> {
  await page.goto(sandbox.appsUrl);
  await page.getByLabel('Signed in as').selectOption({ label: person });
  await page.getByLabel('Language').selectOption({ label: language });
  await page.getByRole('button', { name: 'Switch' }).click();
}

/** The scripts and webhooks that are in the store. */
const inTheStore = (): number[] => [sandbox.content.scripts.size, sandbox.content.hooks.size];

it('goes from an empty store to a CTA in the header and back, in the control panel', async () => {
  const merchant = await open();
  const shopper = await open();
  await shopper.goto('/');
  expect(await shopper.content()).not.toContain('extole-storefront');

  await install(merchant);
  await fillIn(merchant);
  await tickHeader(merchant, true);
  await shopperSees(shopper, 1);
  await shopper.locator(CTA).getByText('Refer a friend').waitFor();
  expect(sandbox.zoneRequests().at(-1)).toMatchObject({ zone: 'global_header' });

  await tickHeader(merchant, false);
  await shopperSees(shopper, 0);
  expect(await shopper.content()).toContain('extole-storefront');

  // The app needs no cookie, which browsers would not give it in somebody else's frame.
  expect(await merchant.context().cookies(sandbox.app?.url)).toEqual([]);
  await uninstall(merchant);
});

describe('an app that was set up', () => {
  let owner: Page;
  beforeEach(async () => {
    owner = await open();
    await install(owner);
    if (
      await appIn(owner)
        .getByLabel(/^Extole Access Token/)
        .isVisible()
    )
      await fillIn(owner);
    await tickHeader(owner, true);
    await shopperSees(await open(), 1);
  });
  afterEach(async () => {
    const page = await open();
    await page.goto(sandbox.appsUrl);
    if (await page.getByRole('link', { name: 'Uninstall' }).isVisible()) await uninstall(page);
  });

  it('shows what was saved when it is opened again, and never the token', async () => {
    await openApp(owner);
    expect(await domainIn(owner).inputValue()).toBe(sandbox.programDomain);
    const token = sandbox.app?.extoleAccessToken ?? '';
    await appIn(owner).getByText(token.slice(-4)).waitFor();
    expect(await appIn(owner).locator('body').innerHTML()).not.toContain(token);
  });

  it('leaves the storefront when it is uninstalled, and comes back as it was', async () => {
    await expect.poll(inTheStore, soon).toEqual([2, 5]);
    await uninstall(owner);
    expect(inTheStore()).toEqual([0, 0]);
    const shopper = await open();
    await shopper.goto('/');
    expect(await shopper.content()).not.toContain('extole-storefront');

    await install(owner);
    expect(await domainIn(owner).inputValue()).toBe(sandbox.programDomain);
    await shopperSees(shopper, 1);
  });

  it('offers back what was not saved, in a frame that has no storage', async () => {
    await appIn(owner).getByRole('checkbox', { name: 'Footer', exact: true }).check();
    await owner.waitForResponse((answer) => answer.url().endsWith('/notes/draft'));
    owner.on('dialog', (dialog) => dialog.accept());
    await openApp(owner);
    await appIn(owner).getByText('They are not saved yet.').waitFor();
    const footer = appIn(owner).getByRole('checkbox', { name: 'Footer', exact: true });
    expect(await footer.isChecked()).toBe(true);
    await appIn(owner).getByRole('button', { name: 'Discard them' }).click();
    await owner.waitForResponse((answer) => answer.url().endsWith('/notes/draft'));
  });

  it("speaks the user's language", async () => {
    await signInAs(owner, 'June Oakes, owner', '日本語');
    await openApp(owner);
    await appIn(owner).locator('html[lang="ja"]').waitFor();
  });

  it('opens for another user, until the owner takes the access away', async () => {
    const ravi = await open();
    await signInAs(ravi, 'Ravi Menon');
    expect(await ravi.getByRole('link', { name: 'Open', exact: true }).count()).toBe(0);

    await owner.goto(sandbox.appsUrl);
    await owner.getByRole('button', { name: 'Give access of Ravi Menon' }).click();
    await openApp(ravi);

    await owner.getByRole('button', { name: 'Remove access of Ravi Menon' }).click();
    await owner.getByText('Access was removed.').waitFor();
    // What is still open does nothing any more.
    await tickHeader(ravi, false);
    await appIn(ravi)
      .getByText(/Your session/)
      .first()
      .waitFor();
    await ravi.goto(sandbox.appsUrl.replace(/apps$/, 'app/extole'));
    await ravi.getByText("You can't open Extole.").waitFor();
    await shopperSees(await open(), 1);
  });

  it('proves to Extole who is signed in, once it has a key for that', async () => {
    const app = appIn(owner);
    await app.getByRole('button', { name: 'Show / Hide Advanced' }).click();
    await app.getByLabel('Key ID', { exact: true }).fill('sandbox-key');
    await app.getByLabel('Key', { exact: true }).fill('k'.repeat(40));
    await app.getByRole('button', { name: 'Save', exact: true }).first().click();
    const shopper = await open();
    await shopper.goto('/sandbox/sign-in?as=mary&back=/');
    await expect
      .poll(async () => {
        sandbox.clearZoneRequests();
        await shopper.goto('/', { waitUntil: 'networkidle' });
        return sandbox.zoneRequests().map(({ body }) => body);
      }, soon)
      .toEqual([expect.objectContaining({ jwt: expect.any(String) })]);
  });

  it('is as good with a keyboard and a screen reader as the control panel around it', async () => {
    await openApp(owner);
    expect(await axeFindings(owner)).toEqual([]);
    await owner.goto(sandbox.appsUrl);
    expect(await axeFindings(owner)).toEqual([]);
    await owner.goto(sandbox.startUrl);
    expect(await axeFindings(owner)).toEqual([]);
  });
});

describe('without the app', () => {
  const switchExtole = async (page: Page, to: string): Promise<void> => {
    await page.goto('/');
    await page.locator('.sandbox-bar summary', { hasText: 'Extole' }).click();
    await page.getByRole('link', { name: to }).click();
  };

  it('Extole goes into the store and out of it by the bar', async () => {
    const page = await open();
    await switchExtole(page, 'Without the app: publish');
    await page.locator(CTA).waitFor();
    await switchExtole(page, 'Take it out');
    await page.goto('/');
    expect(await page.content()).not.toMatch(/extole-storefront|extole-zone/);
  });
});
