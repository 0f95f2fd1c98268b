import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { createPromotion, type PromotionRecord } from '../../examples/sandbox/bigcommerce/promotions.js';
import {
  ADVOCATE_SUPPLIER_ID,
  type ExtoleApi,
  type ExtoleRewardState,
  startExtoleApi,
} from '../../examples/sandbox/extole-api/extole-api.js';
import { fulfillRewards } from '../../src/app/rewards/fulfill-rewards.js';
import { replayRewards } from '../../src/app/rewards/replay-rewards.js';
import { createRewardIntake } from '../../src/app/rewards/reward-intake.js';
import { accessTokenPurpose } from '../../src/app/settings/settings.js';
import { DEFAULT_REWARD_SETTINGS, type RewardSettings } from '../../src/catalog/rewards.js';
import { DEFAULT_SETTINGS } from '../../src/catalog/settings.js';
import { expectConformity } from '../support/api-store.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { hasSpecifications, nonconformities, reason } from '../support/openapi.js';

/*
 * Rewards from end to end with the sandbox's BigCommerce and Extole: all that is said and answered is held to the OpenAPI files of both.
 */

let test: TestApp;
let extole: ExtoleApi;

beforeAll(async () => {
  extole = await startExtoleApi();
  test = await startTestApp({ extoleApiUrl: extole.url });
});
beforeEach(async () => {
  const { api, content, deps, storeHash } = test;
  content.promotions.clear();
  await deps.db.deleteFrom('store').execute();
  await test.install();
  await save({});
  extole.saveSupplier({ id: ADVOCATE_SUPPLIER_ID, partnerSupplierId: null });
  api.clearCalls();
  extole.clearCalls();
  expect(storeHash).toBe(content.storeHash);
});
afterEach(() => {
  expectConformity(test.api);
  if (hasSpecifications) expect(nonconformities(extole.calls())).toEqual([]);
});
afterAll(async () => {
  await test?.close();
  await extole?.close();
});

async function save(settings: Partial<RewardSettings>): Promise<void> {
  const { db, now, secrets } = test.deps;
  const { storeHash: store_hash } = test;
  const saved = { store_hash, channel_id: 1, revision: 1, saved_at: now(), saved_by: 1 };
  await db.deleteFrom('channel_settings').execute();
  await db.deleteFrom('reward_settings').execute();
  await db
    .insertInto('channel_settings')
    .values({
      ...saved,
      settings: JSON.stringify({ ...DEFAULT_SETTINGS, isEnabled: true }),
      access_token: secrets.seal(extole.accessToken, accessTokenPurpose(store_hash, 1)),
    })
    .execute();
  await db
    .insertInto('reward_settings')
    .values({
      ...saved,
      settings: JSON.stringify({ ...DEFAULT_REWARD_SETTINGS, isEnabled: true, ...settings }),
    })
    .execute();
}

/** Makes a promotion that the advocate's supplier leads to. */
function promote(said: Partial<Omit<PromotionRecord, 'id'>>): PromotionRecord {
  const promotion = createPromotion(test.content, said);
  extole.saveSupplier({ id: ADVOCATE_SUPPLIER_ID, partnerSupplierId: `${promotion.id}` });
  return promotion;
}

async function hear(rewardId: string): Promise<void> {
  await createRewardIntake(test.deps).hear({ storeHash: test.storeHash, channelId: 1, rewardId });
  await turn();
}

const turn = (): Promise<void> => fulfillRewards(test.deps, test.storeHash);

async function codesOf(promotionId: number): Promise<string[]> {
  const { api, storeHash } = test;
  const response = await fetch(`${api.url}/stores/${storeHash}/v3/promotions/${promotionId}/codes`, {
    headers: {
      'x-auth-token': api.accessToken,
      accept: 'application/json',
      'content-type': 'application/json',
    },
  });
  const { data }: { data: { code: string }[] } = JSON.parse(await response.text());
  return data.map(({ code }) => code);
}

it.each([
  ['SINGLE', 'fulfilled', 'FULFILLED'],
  ['BULK', 'fulfilled', 'FULFILLED'],
  ['BULK', 'fulfilled_and_sent', 'SENT'],
] as const)(
  `gives a code of a promotion of type %s, which is told as %s, and takes it back when the reward is revoked${reason}`,
  async (coupon_type, told, state) => {
    await save({ told });
    const { id } = promote({ coupon_type });
    const reward = extole.earn({ email: 'jane@example.com' });
    await hear(reward.id);
    const { partnerRewardId, state: reached } = extole.reward(reward.id);
    expect(reached).toBe(state);
    expect(await codesOf(id)).toEqual([partnerRewardId]);

    extole.changeReward(reward.id, 'REVOKED');
    await hear(reward.id);
    expect(await codesOf(id)).toEqual([]);
  },
);

it(`fails a reward whose promotion ended, and gives it its code in a replay once that is mended${reason}`, async () => {
  promote({ end_date: '2026-02-01T00:00:00+00:00', start_date: '2026-01-01T00:00:00+00:00' });
  const reward = extole.earn();
  await hear(reward.id);
  const states = (): ExtoleRewardState[] => extole.reward(reward.id).history.map(({ state }) => state);
  expect(states()).toEqual(['EARNED', 'FAILED']);

  const { id } = promote({});
  await replayRewards(test.deps, test.storeHash, { rewardIds: [reward.id] });
  await turn();
  expect(states()).toEqual(['EARNED', 'FAILED', 'EARNED', 'FULFILLED']);
  expect(await codesOf(id)).toEqual([extole.reward(reward.id).partnerRewardId]);
});

it.each(['SINGLE', 'BULK'] as const)(
  `finds the code of a promotion of type %s again whose answer was lost${reason}`,
  async (coupon_type) => {
    const { id } = promote({ coupon_type });
    const reward = extole.earn();
    test.api.setFault(({ method }) => (method === 'POST' ? { drop: 'after' } : undefined));
    await hear(reward.id);
    expect(extole.reward(reward.id).state).toBe('EARNED');
    test.api.setFault();
    await hear(reward.id);
    expect(await codesOf(id)).toEqual([extole.reward(reward.id).partnerRewardId]);
  },
);
