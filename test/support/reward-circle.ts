import type { Browser, Page } from 'playwright-core';
import type { Sandbox } from '../../examples/sandbox/sandbox.js';

/** A moment of the circle that is worth a look: the page that it shows on, as it is then. */
export type Scene =
  | 'promotions'
  | 'rewards-page'
  | 'share'
  | 'landing'
  | 'friend-buys'
  | 'advocate-code'
  | 'advocate-buys'
  | 'issued-codes';

/** What came of it. */
export interface Circle {
  readonly friendCode: string;
  readonly advocateCode: string;
  readonly friendOrderId: number;
  readonly advocateOrderId: number;
}

/** What the merchant shares with Extole. */
const CLIENT_KEY = 'a-key-that-only-we-two-know';

/** A code that the merchant made, and that nobody gets for a reward. */
export const OWN_CODE = 'PRESS-20';

const ADVOCATE = 'ada@example.com';
const FRIEND = 'grace@example.com';

/**
 * Plays the whole circle, each part by its own page as those who have it would: a merchant makes promotions and sets rewards up; an advocate shares; a
 * friend lands, gets a code and buys with it; the app tells Extole of the order; the advocate earns a reward, gets a code and buys with that.
 *
 * @param sandbox - With the app, which nobody has installed yet.
 * @param onScene - Is shown each scene once it is there.
 */
export async function playRewardCircle(
  browser: Browser,
  sandbox: Sandbox,
  onScene: (scene: Scene, page: Page) => Promise<unknown> = async () => {},
): Promise<Circle> {
  const newPage = async (baseURL: string): Promise<Page> =>
    (
      await browser.newContext({ baseURL, locale: 'en-US', viewport: { width: 1120, height: 700 } })
    ).newPage();
  const merchant = await newPage(sandbox.appsUrl);
  await install(merchant, sandbox);
  const ids = {
    advocate: await createPromotion(merchant, sandbox, 'Thank you, advocate', 'Coupon codes in bulk'),
    friend: await createPromotion(merchant, sandbox, 'Welcome, friend', 'A single coupon code'),
  };
  await onScene('promotions', merchant);
  const operator = await newPage(sandbox.operatorUrl);
  await setUpRewards(merchant, operator, sandbox, ids);
  await showHeading(merchant, 'Promotions');
  await onScene('rewards-page', merchant);

  const advocate = await newPage(sandbox.storefrontUrl);
  await advocate.goto('/');
  await advocate.getByRole('button', { name: 'Refer a friend', exact: true }).click();
  const sharing = advocate.getByRole('dialog', { name: 'Give $20, get $20' });
  await sharing.getByLabel('Your e-mail address').fill(ADVOCATE);
  await sharing.getByRole('button', { name: 'Get my link' }).click();
  const link = await sharing.getByLabel('Your link').inputValue();
  await onScene('share', advocate);

  const friend = await newPage(sandbox.storefrontUrl);
  await friend.goto(link);
  const landing = friend.getByRole('dialog', { name: 'A friend gives you $20' });
  await landing.getByLabel('Your e-mail address').fill(FRIEND);
  await landing.getByRole('button', { name: 'Get my code' }).click();
  await landing.getByText('A code is on its way.').waitFor();
  const friendCode = await codeIn(friend, async () => {
    await landing.getByRole('button', { name: 'Look again' }).click();
    return landing.locator('code').first();
  });
  await onScene('landing', friend);
  await landing.getByRole('button', { name: 'Close' }).click();
  const friendOrderId = await buy(friend, FRIEND, friendCode);
  await onScene('friend-buys', friend);

  const advocateCode = await codeIn(advocate, async () => {
    await advocate.goto('/');
    return advocate
      .getByText(/Your \$20:/)
      .filter({ visible: true })
      .first();
  });
  await onScene('advocate-code', advocate);
  const advocateOrderId = await buy(advocate, ADVOCATE, advocateCode);
  await onScene('advocate-buys', advocate);

  await merchant.bringToFront();
  const app = merchant.frameLocator('#app');
  await app.getByRole('button', { name: 'Refresh' }).click();
  await app.getByText(advocateCode).first().waitFor();
  await showHeading(merchant, 'Issued codes');
  await onScene('issued-codes', merchant);
  return { friendCode, advocateCode, friendOrderId, advocateOrderId };
}

/** Scrolls to a part of the app's page, with the pointer on its heading and on no button that happens to be there. */
async function showHeading(page: Page, name: string): Promise<void> {
  const heading = page.frameLocator('#app').getByRole('heading', { name });
  await heading.evaluate((element) => element.scrollIntoView());
  await heading.hover();
}

async function install(page: Page, sandbox: Sandbox): Promise<void> {
  await page.goto(sandbox.appsUrl);
  await page.getByRole('link', { name: 'Install', exact: true }).click();
  await page.getByRole('button', { name: 'Accept and install' }).click();
  const app = page.frameLocator('#app');
  await app.locator('[id="settings.programDomain"]').fill(sandbox.programDomain);
  await app.getByLabel(/^Extole Access Token/).fill(sandbox.app?.extoleAccessToken ?? '');
  await app.getByRole('checkbox', { name: 'Header', exact: true }).check();
  await app.getByRole('button', { name: 'Save', exact: true }).first().click();
  await app
    .getByText(/in place|is up to date/i)
    .first()
    .waitFor();
}

/** @returns Its id, as the page shows it. */
async function createPromotion(page: Page, sandbox: Sandbox, name: string, type: string): Promise<string> {
  await page.goto(sandbox.promotionsUrl);
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Type').selectOption({ label: type });
  // A single coupon has a code of the merchant's own.
  if (type === 'A single coupon code') await page.getByLabel('Code of a single coupon').fill(OWN_CODE);
  await page.getByLabel('Discount').fill('20');
  await page.getByLabel('Unit').selectOption({ label: 'USD off the cart' });
  await page.getByRole('button', { name: 'Create' }).click();
  const card = page.getByRole('listitem', { name: `Promotion ${name}` });
  return card.locator('b').first().innerText();
}

async function setUpRewards(
  merchant: Page,
  operator: Page,
  sandbox: Sandbox,
  ids: Readonly<Record<'advocate' | 'friend', string>>,
): Promise<void> {
  await merchant.goto(sandbox.appsUrl);
  await merchant.getByRole('link', { name: 'Open', exact: true }).click();
  const app = merchant.frameLocator('#app');
  await app.getByRole('link', { name: 'Rewards', exact: true }).click();
  await app.getByText('Enable / Disable Rewards').click();
  await app.getByLabel('Client Key', { exact: true }).fill(CLIENT_KEY);
  const webhookUrl = await app.locator('code').filter({ hasText: '/webhooks/extole/' }).innerText();
  await app.getByRole('button', { name: 'Save changes' }).click();
  await app.getByText('Saved.').waitFor();

  for (const [supplier, id] of [
    ['For advocates', ids.advocate],
    ['For friends', ids.friend],
  ] as const) {
    await operator.goto(sandbox.operatorUrl);
    const form = operator.getByRole('form', { name: supplier });
    await form.getByLabel('Partner reward supplier ID').fill(id);
    await form.getByRole('button', { name: 'Save' }).click();
    await operator.getByText('The supplier was saved.').waitFor();
  }
  await operator.goto(sandbox.operatorUrl);
  await operator.getByLabel('Address').fill(webhookUrl);
  await operator.getByLabel('Client key').fill(CLIENT_KEY);
  await operator.getByRole('button', { name: 'Save the webhook' }).click();
  await operator.getByText('The webhook was saved.').waitFor();
}

/** Looks until a code is there: it comes within seconds, and nothing tells a page of it. */
async function codeIn(page: Page, look: () => Promise<ReturnType<Page['locator']>>): Promise<string> {
  const endsAtMs = performance.now() + 30_000;
  while (performance.now() < endsAtMs) {
    const shown = await look();
    const isThere = await shown.waitFor({ timeout: 1_000 }).then(
      () => true,
      () => false,
    );
    const [code] = isThere ? ((await shown.innerText()).match(/[A-Z0-9-]{8,}/) ?? []) : [];
    if (code !== undefined) return code;
  }
  throw new Error(`no code came on ${page.url()}`);
}

/** Buys a kettle with a code, and gives the order's number. */
async function buy(page: Page, email: string, code: string): Promise<number> {
  await page.goto('/pour-over-kettle/');
  await page.getByRole('link', { name: 'Add to cart' }).first().click();
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Coupon codes').fill(code);
  await page.getByRole('button', { name: 'Place the order' }).click();
  return Number(/\d+/.exec(await page.locator('.confirmation .lead').innerText())?.[0]);
}
