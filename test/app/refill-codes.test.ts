import { sql } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import { changePromotion, codesOf, createPromotion } from '../../examples/sandbox/bigcommerce/promotions.js';
import { refillCodes } from '../../src/app/rewards/refill-codes.js';
import { DEFAULT_REWARD_SETTINGS, type RewardSettings } from '../../src/catalog/rewards.js';
import { appStore, START } from '../support/app-store.js';

const store = appStore();

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

let promotionId: number;

beforeEach(async () => {
  promotionId = createPromotion(store.test.content).id;
  await store.save({ isEnabled: true });
});

/** Switches rewards on, with codes of the promotion kept ready unless said otherwise. */
async function save(changes: Partial<RewardSettings> = {}, channelId = 1): Promise<void> {
  const { deps, storeHash } = store.test;
  const settings = JSON.stringify({
    ...DEFAULT_REWARD_SETTINGS,
    isEnabled: true,
    readyPromotionIds: [promotionId],
    ...changes,
  });
  await deps.db
    .insertInto('reward_settings')
    .values({
      store_hash: storeHash,
      channel_id: channelId,
      settings,
      revision: 1,
      saved_at: START,
      saved_by: 1,
    })
    .onConflict((conflict) => conflict.columns(['store_hash', 'channel_id']).doUpdateSet({ settings }))
    .execute();
}

const refill = () => refillCodes(store.test.deps, store.test.storeHash);

/** Runs turn after turn, as the worker would, until nothing is to be done at once. */
async function refillAll(): Promise<void> {
  const { db } = store.test.deps;
  for (let isMore = true; isMore; ) {
    await sql`select graphile_worker.remove_job(${`refill-codes:${store.test.storeHash}`})`.execute(db);
    await refill();
    const [turn] = await store.queued('refill-codes');
    // What is to be done at once is so by the database's clock, and not by that of the test.
    isMore = turn !== undefined && turn.runAt.getTime() <= Date.now();
  }
}

const ready = () =>
  store.test.deps.db
    .selectFrom('coupon_code')
    .selectAll()
    .where('reward_id', 'is', null)
    .where('state', '=', 'made')
    .orderBy('code')
    .execute();
const batches = () => store.test.deps.db.selectFrom('code_batch').selectAll().execute();
const inStore = (id = promotionId) =>
  codesOf(store.test.content, id)
    .map(({ code }) => code)
    .sort();
const drawn = () => store.writes().filter(({ path }) => path.endsWith('/codegen'));
const readyCodes = async () => (await ready()).map(({ code }) => code).sort();

/** Has rewards get so many codes, some time ago. */
async function give(count: number, givenAt: Date): Promise<void> {
  const { deps, storeHash } = store.test;
  const values = Array.from({ length: count }, (_, index) => {
    const code = `GIVEN-${givenAt.getTime()}-${index}`;
    return {
      store_hash: storeHash,
      channel_id: 1,
      promotion_id: promotionId,
      code,
      marker: code,
      state: 'made' as const,
      reward_id: code,
      created_at: givenAt,
      given_at: givenAt,
    };
  });
  await deps.db.insertInto('coupon_code').values(values).execute();
}

describe('codes that are kept ready', () => {
  it('are made in one call, as the settings want them, and are ours', async () => {
    const code = { ...DEFAULT_REWARD_SETTINGS.code, prefix: 'THX-' };
    await save({ minReady: 30, maxUses: 2, maxUsesPerCustomer: 1, code });
    await refillAll();
    expect(drawn().map(({ body }) => body)).toMatchObject([
      { batch_size: 30, max_uses: 2, max_uses_per_customer: 1 },
    ]);
    const codes = await ready();
    expect(codes).toHaveLength(30);
    for (const { code: value } of codes) expect(value).toMatch(/^THX-[A-Z2-9]{8}-[A-Z2-9]{6}$/);
    expect(await readyCodes()).toEqual(inStore());
    expect(codes[0]).toMatchObject({ promotion_id: promotionId, channel_id: 1, made_at: START });
    expect(await batches()).toEqual([]);
  });

  it('are not made again while there are enough', async () => {
    await save({ minReady: 30 });
    await refillAll();
    await refillAll();
    expect(inStore()).toHaveLength(30);
  });

  it('are made again, up to as many as are wanted, once rewards took half of them', async () => {
    await save({ minReady: 30 });
    await refillAll();
    const take = (codes: readonly string[]) =>
      Promise.all(
        codes.map((code) =>
          store.test.deps.db
            .updateTable('coupon_code')
            .set({ reward_id: code, given_at: START })
            .where('code', '=', code)
            .execute(),
        ),
      );
    await take(inStore().slice(0, 14));
    await refillAll();
    expect(await ready()).toHaveLength(16);
    await take(inStore().slice(14, 15));
    await refillAll();
    expect(await ready()).toHaveLength(30);
    expect(inStore()).toHaveLength(45);
    expect(drawn()).toHaveLength(2);
  });

  it('are as many as two days took of the last seven, where that is more', async () => {
    await save({ minReady: 20 });
    await give(71, new Date(START.getTime() - 7 * DAY_MS + 1));
    await give(500, new Date(START.getTime() - 7 * DAY_MS));
    await refillAll();
    expect(await ready()).toHaveLength(21);
  });

  it('are made 250 at a time', async () => {
    await save({ minReady: 600 });
    await refill();
    expect(drawn().map(({ body }) => body)).toMatchObject([
      { batch_size: 250 },
      { batch_size: 250 },
      { batch_size: 100 },
    ]);
    expect(await ready()).toHaveLength(600);
  });

  it('are shared by storefronts, the one that wants most says how many', async () => {
    await store.addChannel(2);
    await store.save({ isEnabled: true }, {}, { channelId: 2 });
    await save({ minReady: 20 });
    await save({ minReady: 35 }, 2);
    await refillAll();
    expect(await ready()).toHaveLength(35);
  });

  it('are made for each of the terms that storefronts want them on', async () => {
    await store.addChannel(2);
    await store.save({ isEnabled: true }, {}, { channelId: 2 });
    await save({ minReady: 20 });
    await save({ minReady: 10, maxUses: 5 }, 2);
    await refillAll();
    await refillAll();
    const terms = (await ready()).map((one) =>
      [one.channel_id, one.max_uses, one.max_uses_per_customer].join(),
    );
    expect(terms.sort()).toEqual([...Array(20).fill('1,1,1'), ...Array(10).fill('2,5,1')]);
    expect(drawn().map(({ body }) => body)).toMatchObject([
      { batch_size: 20, max_uses: 1 },
      { batch_size: 10, max_uses: 5 },
    ]);
  });

  it('are given up where settings were saved while they were made, and others are made', async () => {
    await save({ maxUses: 500 });
    let saving: Promise<void> | undefined;
    store.test.api.setFault(({ path }) => {
      if (path.endsWith('/codegen')) saving ??= save({ maxUses: 1 });
      return undefined;
    });
    await refill();
    await saving;
    await refillAll();
    const codes = await ready();
    expect(codes).toHaveLength(20);
    for (const { max_uses } of codes) expect(max_uses).toBe(1);
    await store.run('fulfill-rewards');
    expect(inStore()).toEqual(await readyCodes());
  });

  it.each<[string, () => Promise<unknown>]>([
    ['rewards are switched off', () => save({ isEnabled: false })],
    ['the storefront is switched off', () => store.save({ isEnabled: false })],
    ['no promotion is named', () => save({ readyPromotionIds: [] })],
    [
      'the storefront follows another one',
      async () => {
        await store.addChannel(2);
        await store.save({}, { sameAs: 2 });
      },
    ],
    [
      'the promotion has ended',
      async () => changePromotion(store.test.content, promotionId, { end_date: '2026-02-01T00:00:00Z' }),
    ],
    [
      'the promotion is no bulk promotion',
      async () => changePromotion(store.test.content, promotionId, { coupon_type: 'SINGLE' }),
    ],
    ['the promotion is gone', () => save({ readyPromotionIds: [4_711] })],
  ])('are none where %s', async (_where, make) => {
    await save();
    await make();
    await refillAll();
    expect(drawn()).toEqual([]);
    expect(await ready()).toEqual([]);
  });

  it('are made of one promotion though another one fails, and the failure is told', async () => {
    const other = createPromotion(store.test.content).id;
    await save({ readyPromotionIds: [promotionId, other] });
    store.test.api.setFault(({ method, path }) =>
      method === 'POST' && path.includes(`/${promotionId}/`) ? { status: 422, body: {} } : undefined,
    );
    await expect(refill()).rejects.toMatchObject({ code: 'BIGCOMMERCE_REFUSED' });
    expect(inStore(other)).toHaveLength(20);
    expect(await batches()).toEqual([]);
    expect(store.test.logged()).toContain('coupon codes could not be kept ready');
  });

  it('do not go on for ever where BigCommerce makes fewer than it was asked for', async () => {
    await save({ minReady: 600 });
    const body = { data: { codes: [] } };
    store.test.api.setFault(({ path }) => (path.endsWith('/codegen') ? { status: 201, body } : undefined));
    await refillAll();
    expect(drawn()).toHaveLength(1);
  });
});

describe('codes whose answer was lost', () => {
  const lose = (when: 'before' | 'after') =>
    store.test.api.setFault(({ path }) => (path.endsWith('/codegen') ? { drop: when } : undefined));

  it('are found again and used, and none is made in their place', async () => {
    await save();
    lose('after');
    await expect(refill()).rejects.toMatchObject({ code: 'BIGCOMMERCE_UNAVAILABLE' });
    expect(await ready()).toEqual([]);
    store.test.api.setFault();
    await refillAll();
    expect(drawn()).toHaveLength(1);
    expect(await readyCodes()).toEqual(inStore());
    expect(await ready()).toHaveLength(20);
    expect(await batches()).toEqual([]);
  });

  it('are found after the process ended before it could write them down', async () => {
    const { deps, storeHash } = store.test;
    await save();
    const dying = new Error('the process ends');
    const now = () => {
      if (drawn().length > 0) throw dying;
      return deps.now();
    };
    await expect(refillCodes({ ...deps, now }, storeHash)).rejects.toBe(dying);
    expect(await ready()).toEqual([]);
    await refillAll();
    expect(await readyCodes()).toEqual(inStore());
    expect(inStore()).toHaveLength(20);
  });

  it('are waited for as long as they may still come, and made anew after that', async () => {
    const { clock } = store.test;
    await save();
    lose('before');
    await expect(refill()).rejects.toMatchObject({ code: 'BIGCOMMERCE_UNAVAILABLE' });
    store.test.api.setFault();
    clock.timeMs += 10 * MINUTE_MS - 1;
    await refill();
    expect(drawn()).toHaveLength(1);
    const [turn] = await store.queued('refill-codes');
    expect(turn?.runAt).toEqual(new Date(clock.timeMs + MINUTE_MS));
    clock.timeMs += 1;
    await refill();
    expect(drawn()).toHaveLength(2);
    expect(await readyCodes()).toEqual(inStore());
    expect(await ready()).toHaveLength(20);
    expect(await batches()).toEqual([]);
  });

  it('are taken in as they come, and stay a reward’s that got one meanwhile', async () => {
    const { deps, content, storeHash } = store.test;
    await save();
    await refillAll();
    const [first, second, ...others] = inStore();
    // As if only two were there when it was looked, and one more came.
    const marker = first?.slice(0, 9) ?? '';
    await deps.db
      .insertInto('code_batch')
      .values({
        store_hash: storeHash,
        channel_id: 1,
        promotion_id: promotionId,
        marker,
        size: 21,
        max_uses: 1,
        max_uses_per_customer: 1,
        created_at: START,
        asked_count: 1,
      })
      .execute();
    await deps.db
      .deleteFrom('coupon_code')
      .where('code', '=', second ?? '')
      .execute();
    await deps.db
      .updateTable('coupon_code')
      .set({ reward_id: 'r1', given_at: START })
      .where('code', '=', first ?? '')
      .execute();
    await refill();
    expect(await readyCodes()).toEqual([second, ...others].sort());
    expect(codesOf(content, promotionId)).toHaveLength(20);
    expect(await batches()).toHaveLength(1);
  });

  it('are given up where they are to be used otherwise by now, and others are made', async () => {
    await save({ maxUses: 500 });
    lose('after');
    await expect(refill()).rejects.toThrow();
    store.test.api.setFault();
    const old = inStore();
    await save({ maxUses: 1 });
    await refillAll();
    await refillAll();
    const codes = await ready();
    expect(codes).toHaveLength(20);
    for (const { code, max_uses } of codes) {
      expect(old).not.toContain(code);
      expect(max_uses).toBe(1);
    }
    // They are looked for, and deleted.
    expect(await store.queued('fulfill-rewards')).toHaveLength(1);
    await store.run('fulfill-rewards');
    expect(inStore()).toEqual(await readyCodes());
  });

  it('stay where another storefront wants codes of the promotion on those terms', async () => {
    await store.addChannel(2);
    await store.save({ isEnabled: true }, {}, { channelId: 2 });
    await save({ maxUses: 500, minReady: 20 });
    lose('after');
    await expect(refill()).rejects.toThrow();
    store.test.api.setFault();
    await save({ maxUses: 1, readyPromotionIds: [] });
    await save({ maxUses: 500, minReady: 20 }, 2);
    await refillAll();
    expect(drawn()).toHaveLength(1);
    expect(await ready()).toHaveLength(20);
  });

  it('are found in one reading of all codes, however many times they were asked for', async () => {
    const other = createPromotion(store.test.content).id;
    await save({ readyPromotionIds: [promotionId, other], minReady: 20 });
    lose('after');
    await expect(refill()).rejects.toThrow();
    await store.test.deps.db.updateTable('code_batch').set({ promotion_id: promotionId }).execute();
    store.test.api.setFault();
    store.test.api.clearCalls();
    await save({ isEnabled: false });
    await refill();
    expect(store.test.api.calls().filter(({ path }) => path.endsWith('/codes'))).toHaveLength(1);
    expect(await readyCodes()).toEqual(inStore());
  });

  it('are found though nothing is to be kept ready any more', async () => {
    await save();
    lose('after');
    await expect(refill()).rejects.toThrow();
    store.test.api.setFault();
    await save({ isEnabled: false });
    await refillAll();
    expect(await readyCodes()).toEqual(inStore());
    expect(await batches()).toEqual([]);
  });
});
