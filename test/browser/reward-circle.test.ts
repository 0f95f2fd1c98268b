import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { codesOf } from '../../examples/sandbox/bigcommerce/promotions.js';
import { type Sandbox, startSandbox } from '../../examples/sandbox/sandbox.js';
import { axeFindings } from '../support/axe.js';
import { launchChromium } from '../support/chromium.js';
import { hasSpecifications, nonconformities } from '../support/openapi.js';
import { OWN_CODE, playRewardCircle } from '../support/reward-circle.js';

let browser: Browser;
let sandbox: Sandbox;
beforeAll(async () => {
  [browser, sandbox] = await Promise.all([launchChromium(), startSandbox({ ports: 'free', app: true })]);
});
afterAll(async () => {
  await browser?.close();
  await sandbox?.close();
});

it('goes round: an advocate shares, a friend buys with a code, the advocate earns one, and buys with it', async () => {
  const findings: unknown[] = [];
  const circle = await playRewardCircle(browser, sandbox, async (_scene, page) => {
    findings.push(...(await axeFindings(page)));
  });
  expect(findings).toEqual([]);

  const rewards = sandbox.extole?.rewards() ?? [];
  expect(rewards.map(({ role, partnerRewardId }) => [role, partnerRewardId]).sort()).toEqual([
    ['advocate', circle.advocateCode],
    ['friend', circle.friendCode],
  ]);
  const codes = [...sandbox.content.promotions.keys()].flatMap((id) => codesOf(sandbox.content, id));
  const used = codes.map(({ code, current_uses, max_uses }) => [code, current_uses, max_uses]);
  expect(used.sort()).toEqual(
    [
      [circle.advocateCode, 1, 1],
      [circle.friendCode, 1, 1],
      [OWN_CODE, 0, 0],
    ].sort(),
  );
  for (const id of [circle.friendOrderId, circle.advocateOrderId]) {
    expect(sandbox.content.orders.get(id)?.fields.total_inc_tax).toBe('59.0000');
  }
  if (!hasSpecifications) return;
  expect(nonconformities(sandbox.api.calls())).toEqual([]);
  expect(nonconformities(sandbox.extole?.calls() ?? [])).toEqual([]);
}, 120_000);
