import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FRIEND_SUPPLIER_ID } from '../../examples/sandbox/extole-api/extole-api.js';
import { type Sandbox, startSandbox } from '../../examples/sandbox/sandbox.js';
import { axeFindings } from '../support/axe.js';
import { launchChromium } from '../support/chromium.js';

/** The sandbox's referral program, as shoppers see it. Extole's API is told here what an app would tell it. */

let browser: Browser;
let sandbox: Sandbox;
beforeAll(async () => {
  [browser, sandbox] = await Promise.all([launchChromium(), startSandbox({ ports: 'free', app: true })]);
  await sandbox.setScripts({ conversion: true });
  sandbox.setWidgets();
});
afterAll(async () => {
  await browser?.close();
  await sandbox?.close();
});

const newShopper = async (): Promise<Page> =>
  (await browser.newContext({ baseURL: sandbox.storefrontUrl, locale: 'en-US' })).newPage();

async function tellExtole(path: string, body: object): Promise<void> {
  const response = await fetch(`${sandbox.extole?.url}${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${sandbox.extole?.accessToken}`,
    },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(200);
}
const fulfil = (supplierId: string | undefined, code: string): Promise<void> => {
  const reward = sandbox.extole?.rewards().find((one) => one.supplierId === supplierId);
  return tellExtole(`/v2/rewards/custom-reward/${reward?.id}/fulfilled`, {
    partner_reward_id: code,
    message: 'Made.',
  });
};

it('has a guest share, a friend land and buy, and both get a code', async () => {
  const advocate = await newShopper();
  await advocate.goto('/');
  await advocate.getByRole('button', { name: 'Refer a friend', exact: true }).click();
  const sharing = advocate.getByRole('dialog', { name: 'Give $20, get $20' });
  await sharing.getByLabel('Your e-mail address').fill('advocate@example.com');
  await sharing.getByRole('button', { name: 'Get my link' }).click();
  const link = await sharing.getByLabel('Your link').inputValue();
  expect(await axeFindings(advocate)).toEqual([]);

  const friend = await newShopper();
  await friend.goto(link);
  const landing = friend.getByRole('dialog', { name: 'A friend gives you $20' });
  await landing.getByLabel('Your e-mail address').fill('friend@example.com');
  expect(await axeFindings(friend)).toEqual([]);
  await landing.getByRole('button', { name: 'Get my code' }).click();
  await landing.getByText('A code is on its way.').waitFor();
  await fulfil(FRIEND_SUPPLIER_ID, 'FRIEND-4K7M');
  await landing.getByRole('button', { name: 'Look again' }).click();
  await landing.getByText('FRIEND-4K7M').waitFor();
  await landing.getByRole('button', { name: 'Close' }).click();

  await friend.goto('/stoneware-mug/');
  await friend.getByText('Your $20: FRIEND-4K7M').waitFor();
  await friend.getByRole('link', { name: 'Add to cart' }).first().click();
  await friend.getByLabel('E-mail').fill('friend.at.work@example.com');
  await friend.getByRole('button', { name: 'Place the order' }).click();
  await tellExtole('/v6/async-events', {
    event_name: 'conversion',
    event_time: '2026-03-01T12:00:00Z',
    data: { partner_conversion_id: '1', email: 'friend.at.work@example.com' },
  });
  // Before or after it the page tells of the address of the order.
  const earned = () =>
    sandbox.extole?.rewards().map(({ role, email, state }) => `${role} ${email}: ${state}`);
  await expect
    .poll(earned, { timeout: 10_000 })
    .toEqual(['friend friend@example.com: FULFILLED', 'advocate advocate@example.com: EARNED']);

  await fulfil(sandbox.extole?.suppliers()[0]?.id, 'THANKS-9QX2');
  await advocate.goto('/');
  await advocate.getByText('Your $20: THANKS-9QX2').waitFor();
});

it('shows an operator what became of each reward', async () => {
  const operator = await newShopper();
  const { id = '' } = sandbox.extole?.earn({ email: 'operator@example.com' }) ?? {};
  sandbox.extole?.changeReward(id, 'FULFILLED', { partnerRewardId: 'THANKS-1AB2' });
  await operator.goto(sandbox.operatorUrl);
  const card = operator.getByRole('article', { name: `Reward ${id}` });
  await card.getByText('FULFILLED', { exact: true }).waitFor();
  await card.getByText('THANKS-1AB2').waitFor();
  expect(await axeFindings(operator)).toEqual([]);
  await card.getByRole('button', { name: 'Revoke' }).click();
  await operator.getByText('The reward was revoked.').waitFor();
  await card.getByText('REVOKED', { exact: true }).waitFor();
  const supplier = operator.getByRole('form', { name: 'For friends' });
  await supplier.getByLabel('Partner reward supplier ID').fill('12');
  await supplier.getByRole('button', { name: 'Save' }).click();
  await operator.getByText('The supplier was saved.').waitFor();
  expect(await supplier.getByLabel('Partner reward supplier ID').inputValue()).toBe('12');
});
