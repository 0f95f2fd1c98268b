import { expect, it } from 'vitest';
import { longestDueSeconds } from '../../src/app/rewards/longest-due.js';
import { DEFAULT_REWARD_SETTINGS } from '../../src/catalog/rewards.js';
import { appStore, START } from '../support/app-store.js';

const store = appStore();

const longest = () => longestDueSeconds(store.test.deps);

const switchRewards = (isEnabled: boolean) =>
  store.test.deps.db
    .insertInto('reward_settings')
    .values({
      store_hash: store.test.storeHash,
      channel_id: 1,
      settings: JSON.stringify({ ...DEFAULT_REWARD_SETTINGS, isEnabled }),
      revision: 1,
      saved_at: START,
      saved_by: 1,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['store_hash', 'channel_id'])
        .doUpdateSet({ settings: JSON.stringify({ ...DEFAULT_REWARD_SETTINGS, isEnabled }) }),
    )
    .execute();

const addReward = (rewardId: string, dueSeconds: number | null) =>
  store.test.deps.db
    .insertInto('reward')
    .values({
      store_hash: store.test.storeHash,
      reward_id: rewardId,
      channel_id: 1,
      heard_at: START,
      created_at: START,
      found_by: 'webhook',
      state: 'waiting',
      due_at: dueSeconds === null ? null : new Date(START.getTime() - dueSeconds * 1_000),
    })
    .execute();

it('tells for how long the reward has been due that is due for longest, whatever was put off or is done', async () => {
  await switchRewards(true);
  await addReward('put-off', -3_600);
  await addReward('done', null);
  expect(await longest()).toBe(0);
  await addReward('due', 30);
  await addReward('due for longer', 90);
  expect(await longest()).toBe(90);
});

it('leaves out rewards that are switched off, which wait for their merchant', async () => {
  await switchRewards(true);
  await addReward('due', 30);
  expect(await longest()).toBe(30);
  await switchRewards(false);
  expect(await longest()).toBe(0);
});
