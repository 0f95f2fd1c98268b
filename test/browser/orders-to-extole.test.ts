import type { Browser, FrameLocator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import type { ExtoleEvent } from '../../examples/sandbox/extole-api/extole-api.js';
import { type Sandbox, startSandbox } from '../../examples/sandbox/sandbox.js';
import { axeFindings } from '../support/axe.js';
import { launchChromium } from '../support/chromium.js';
import { hasSpecifications, nonconformities } from '../support/openapi.js';

/** The whole circle: a shopper buys, BigCommerce tells the app, and the app tells Extole. */

const soon = { timeout: 30_000, interval: 100 };

let browser: Browser;
let sandbox: Sandbox;
let merchant: Page;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  [browser, sandbox] = await Promise.all([launchChromium(), startSandbox({ ports: 'free', app: true })]);
  merchant = await (await browser.newContext({ locale: 'en-US' })).newPage();
  await setUp(merchant);
});
afterEach(async () => {
  sandbox.webhooks.setWebhooks();
  sandbox.extole?.setMode('normal');
  await Promise.all(closing.splice(0).map((close) => close()));
});
afterAll(async () => {
  await browser?.close();
  await sandbox?.close();
  if (!hasSpecifications) return;
  expect(nonconformities(sandbox.api.calls())).toEqual([]);
  expect(nonconformities(sandbox.extole?.calls() ?? [])).toEqual([]);
});

/** Installs the app and gives it what it needs, as a merchant does. */
async function setUp(page: Page): Promise<void> {
  await page.goto(sandbox.appsUrl);
  await page.getByRole('link', { name: 'Install', exact: true }).click();
  await page.getByRole('button', { name: 'Accept and install' }).click();
  const app: FrameLocator = page.frameLocator('#app');
  await app.locator('[id="settings.programDomain"]').fill(sandbox.programDomain);
  await app.getByLabel(/^Extole Access Token/).fill(sandbox.app?.extoleAccessToken ?? '');
  await app.getByRole('button', { name: 'Save', exact: true }).first().click();
  const hasOrderHooks = (): boolean =>
    [...sandbox.content.hooks.values()].some(({ scope }) => scope.startsWith('store/order/'));
  await vi.waitUntil(hasOrderHooks, soon);
}

async function newShopper(): Promise<Page> {
  const context = await browser.newContext({ baseURL: sandbox.storefrontUrl, locale: 'en-US' });
  closing.push(() => context.close());
  return context.newPage();
}

/** Buys a mug, and gives the order's number; `undefined` where the payment failed. */
async function buy(
  page: Page,
  { coupon = '', payment = 'goes through' }: { coupon?: string; payment?: string } = {},
): Promise<number | undefined> {
  await page.goto('/stoneware-mug/');
  await page.getByRole('link', { name: 'Add to cart' }).first().click();
  await page.getByLabel('Coupon codes').fill(coupon);
  await page.getByLabel('Payment').selectOption({ label: payment });
  await page.getByRole('button', { name: 'Place the order' }).click();
  if (payment === 'fails') return void (await page.getByRole('alert').waitFor());
  return Number(/\d+/.exec(await page.locator('.confirmation .lead').innerText())?.[0]);
}

const cardOf = (id: number) => merchant.getByRole('listitem', { name: `Order ${id}`, exact: true });

async function setStatus(id: number, status: string): Promise<void> {
  await merchant.goto(sandbox.ordersUrl);
  await cardOf(id).getByLabel('Status').selectOption({ label: status });
  await cardOf(id).getByRole('button', { name: 'Change' }).click();
  await merchant.getByRole('status').waitFor();
}

async function switchTo(what: 'Webhooks' | "Extole's API", choice: string): Promise<void> {
  await merchant.goto(sandbox.ordersUrl);
  await merchant.getByLabel(what).selectOption({ label: choice });
  await merchant.getByRole('button', { name: `Switch ${what}` }).click();
  await merchant.getByRole('status').waitFor();
}

/** What Extole's API was told of an order, the oldest first. */
const eventsOf = (id: number | undefined): readonly ExtoleEvent[] =>
  (sandbox.extole?.events() ?? []).filter(({ data }) => data.partner_conversion_id === `${id}`);
const namesOf = (id: number | undefined): string[] =>
  eventsOf(id).map(({ name, isDuplicate }) => (isDuplicate ? `${name} again` : name));
const expectNames = (id: number | undefined, names: string[]) =>
  expect.poll(() => namesOf(id), soon).toEqual(names);

/** Lets an order go through that comes after all that was to be told before: whatever is not there by then does not come. */
async function letPass(): Promise<void> {
  const id = await buy(await newShopper());
  await expectNames(id, ['conversion']);
}

it('tells of an order with its number, its value, its coupon and who bought it', async () => {
  const id = await buy(await newShopper(), { coupon: 'FRIEND-7QK2' });
  await expectNames(id, ['conversion']);
  const [event] = eventsOf(id);
  const order = sandbox.content.orders.get(id ?? 0)?.fields;
  expect(event).toMatchObject({ endpoint: 'async', isDuplicate: false });
  expect(event?.data).toEqual({
    partner_conversion_id: `${id}`,
    email: 'grace@example.com',
    first_name: 'Grace',
    last_name: 'Hopper',
    // Before the coupon.
    cart_value: '24.00',
    currency: 'USD',
    locale: 'en',
    coupon_code: 'FRIEND-7QK2',
  });
  expect(Date.parse(event?.time ?? '')).toBe(Date.parse(order?.date_created ?? ''));

  const live = await newShopper();
  await live.goto(`${sandbox.programDomainUrl}/`);
  const told = live
    .getByRole('article')
    .filter({ hasText: 'from a server' })
    .filter({ hasText: `${id}` });
  await told.getByRole('heading', { name: /conversion.*noted/ }).waitFor();
});

it('tells that an order ships, once', async () => {
  const id = (await buy(await newShopper())) ?? 0;
  await expectNames(id, ['conversion']);
  await setStatus(id, 'Shipped');
  await expectNames(id, ['conversion', 'shipped']);
  await setStatus(id, 'Completed');
  await letPass();
  expect(namesOf(id)).toEqual(['conversion', 'shipped']);
  expect(await axeFindings(merchant)).toEqual([]);
});

it('tells that an order is canceled', async () => {
  const id = (await buy(await newShopper())) ?? 0;
  await expectNames(id, ['conversion']);
  await setStatus(id, 'Cancelled');
  await expectNames(id, ['conversion', 'canceled']);
});

it('tells nothing of a payment that fails, and waits for one that comes later', async () => {
  const known = new Set(sandbox.content.orders.keys());
  const shopper = await newShopper();
  await buy(shopper, { payment: 'fails' });
  const [failed] = [...sandbox.content.orders.keys()].filter((id) => !known.has(id));
  const awaiting = (await buy(await newShopper(), { payment: 'comes later' })) ?? 0;
  await letPass();
  expect([namesOf(failed), namesOf(awaiting)]).toEqual([[], []]);
  await setStatus(awaiting, 'Waiting to be packed');
  await expectNames(awaiting, ['conversion']);
});

it('finds the orders that no webhook told of', async () => {
  await switchTo('Webhooks', 'are silent');
  const id = await buy(await newShopper());
  await switchTo('Webhooks', 'are sent');
  await letPass();
  expect(namesOf(id)).toEqual([]);
  // A sweep leaves to webhooks what changed a moment ago.
  await expect
    .poll(async () => {
      await merchant.getByRole('button', { name: 'Send a webhook that names no order' }).click();
      await merchant.getByText('A webhook was sent.').waitFor();
      return namesOf(id);
    }, soon)
    .toEqual(['conversion']);
});

it('delivers what waited while Extole was down', async () => {
  await switchTo("Extole's API", 'is down');
  const id = await buy(await newShopper());
  await expect.poll(() => sandbox.extole?.calls().some(({ status }) => status === 500), soon).toBe(true);
  expect(namesOf(id)).toEqual([]);
  await switchTo("Extole's API", 'answers');
  await expectNames(id, ['conversion']);
});
