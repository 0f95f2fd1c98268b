import type { Insertable } from 'kysely';
import { describe, expect, it } from 'vitest';
import {
  addCode,
  changePromotion,
  codesOf,
  createPromotion,
} from '../../examples/sandbox/bigcommerce/promotions.js';
import type { CouponCodeTable, RewardTable } from '../../src/app/database/tables.js';
import { checkCodes } from '../../src/app/rewards/check-codes.js';
import { rewardSettingsOf, rewardWebhookKeyPurpose } from '../../src/app/rewards/reward-settings.js';
import { storeClient } from '../../src/app/stores/stores.js';
import type { Failure } from '../../src/catalog/admin-api.js';
import { DEFAULT_REWARD_SETTINGS, type RewardSettings } from '../../src/catalog/rewards.js';
import type {
  CodeTestAnswer,
  PromotionsAnswer,
  RewardChannelView,
  RewardConflict,
  RewardSaveBody,
  RewardsAnswer,
  RewardsListAnswer,
} from '../../src/catalog/rewards-api.js';
import { COLLEAGUE, OWNER } from '../support/app.js';
import { appStore, EXTOLE_TOKEN, START } from '../support/app-store.js';

const store = appStore();

const DAY_MS = 86_400_000;
const KEY = 'client-key-of-brand-4321';

const at = (ms: number): Date => new Date(START.getTime() + ms);

const summary = async (): Promise<RewardsAnswer> =>
  (await store.ask<RewardsAnswer>('GET', '/api/rewards')).body;

async function channel(channelId = 1): Promise<RewardChannelView> {
  const view = (await summary()).channels.find((one) => one.channelId === channelId);
  if (!view) throw new Error(`There is no channel ${channelId}.`);
  return view;
}

/** Saves what is there with some changes. */
async function save<T = RewardChannelView>(
  changes: Partial<RewardSettings> = {},
  rest: Partial<RewardSaveBody> = {},
  { channelId = 1, user = OWNER } = {},
) {
  const { revision, settings } = await channel(channelId);
  const body = { revision, settings: { ...settings, ...changes }, ...rest };
  return store.ask<T>('PUT', `/api/rewards/channels/${channelId}`, { body, user });
}

async function addReward(rewardId: string, values: Partial<Insertable<RewardTable>> = {}): Promise<void> {
  await store.test.deps.db
    .insertInto('reward')
    .values({
      store_hash: store.test.storeHash,
      reward_id: rewardId,
      channel_id: 1,
      heard_at: START,
      created_at: START,
      found_by: 'webhook',
      state: 'waiting',
      ...values,
    })
    .execute();
}

async function addCodeRow(values: Partial<Insertable<CouponCodeTable>>): Promise<void> {
  const code = values.code ?? null;
  await store.test.deps.db
    .insertInto('coupon_code')
    .values({
      store_hash: store.test.storeHash,
      channel_id: 1,
      promotion_id: 1,
      code,
      marker: code ?? 'MARKER-',
      state: 'made',
      max_uses: 1,
      max_uses_per_customer: 1,
      created_at: START,
      ...values,
    })
    .execute();
}

const codeRows = () => store.test.deps.db.selectFrom('coupon_code').selectAll().orderBy('code').execute();

describe('the rewards of a store', () => {
  it('are off, with the defaults, where nobody saved yet', async () => {
    expect(await summary()).toEqual({
      channels: [
        {
          channelId: 1,
          followsChannelId: null,
          webhookUrl: `${store.test.config.appUrl}/webhooks/extole/${store.test.storeHash}/1`,
          settings: DEFAULT_REWARD_SETTINGS,
          isStorefrontEnabled: true,
          webhookKey: null,
          hasAccessToken: false,
          revision: 0,
          savedAt: null,
          savedBy: null,
          webhookAt: null,
          polledAt: null,
          pollFailure: null,
        },
      ],
      counts: { waiting: 0, fulfilled: 0, failed: 0, canceled: 0, ignored: 0 },
      waitingForSwitch: 0,
      unknownSupplier: 0,
      oldestWaitingAt: null,
      hasPromotionScope: true,
    });
  });

  it('are counted, and the oldest that waits is told of', async () => {
    await save({ isEnabled: true });
    await addReward('old', { created_at: at(-2 * DAY_MS), state: 'fulfilled' });
    await addReward('first', { created_at: at(-DAY_MS) });
    await addReward('second');
    await addReward('lost', { state: 'failed' });
    await addReward('nowhere', { state: 'ignored', failure_code: 'REWARD_SUPPLIER_UNKNOWN' });
    await addReward('elsewhere', { state: 'ignored', failure_code: 'REWARD_FULFILLED_ELSEWHERE' });
    expect(await summary()).toMatchObject({
      counts: { waiting: 2, fulfilled: 1, failed: 1, canceled: 0, ignored: 2 },
      waitingForSwitch: 0,
      unknownSupplier: 1,
      oldestWaitingAt: at(-DAY_MS).toISOString(),
    });
  });

  it('that wait for a switch are told from those that are worked at', async () => {
    await store.addChannel(2);
    await save({ isEnabled: true });
    await addReward('off', { channel_id: 2, created_at: at(-2 * DAY_MS) });
    await addReward('on', { created_at: at(-DAY_MS) });
    expect(await summary()).toMatchObject({
      counts: { waiting: 2 },
      waitingForSwitch: 1,
      oldestWaitingAt: at(-DAY_MS).toISOString(),
    });
    await store.save({ isEnabled: false });
    const { channels, ...stand } = await summary();
    expect(channels.map(({ isStorefrontEnabled }) => isStorefrontEnabled)).toEqual([false, true]);
    expect(stand).toMatchObject({ counts: { waiting: 2 }, waitingForSwitch: 2, oldestWaitingAt: null });
  });

  it('say where promotions are not open to the app', async () => {
    const { db } = store.test.deps;
    const { scope } = await db.selectFrom('store').select('scope').executeTakeFirstOrThrow();
    await db
      .updateTable('store')
      .set({ scope: scope.replace('store_v2_marketing', '') })
      .execute();
    expect((await summary()).hasPromotionScope).toBe(false);
  });

  it('say whether there is an access token, and what became of webhooks and polls', async () => {
    await store.save({}, { accessToken: EXTOLE_TOKEN });
    await save();
    await store.test.deps.db
      .updateTable('reward_settings')
      .set({
        webhook_at: at(1),
        polled_at: at(2),
        failure_code: 'EXTOLE_REFUSED',
        failure_message: 'Extole says: jane@brand.example',
      })
      .execute();
    expect(await channel()).toMatchObject({
      hasAccessToken: true,
      webhookAt: at(1).toISOString(),
      polledAt: at(2).toISOString(),
      pollFailure: { code: 'EXTOLE_REFUSED', message: 'Extole says: j•••@b•••.example' },
    });
  });

  it('are another storefront’s where one follows it, and have nothing to set', async () => {
    await store.addChannel(2);
    await save({ isEnabled: true, minReady: 33 });
    await store.save({}, { sameAs: 1 }, { channelId: 2 });
    const own = await channel(1);
    expect(await channel(2)).toEqual({ ...own, channelId: 2, followsChannelId: 1 });
    expect(await save<Failure>({}, {}, { channelId: 2 })).toMatchObject({
      status: 409,
      body: { code: 'REWARDS_FOLLOW' },
    });
    const { deps, storeHash } = store.test;
    expect(await rewardSettingsOf(deps.db, storeHash, 2)).toMatchObject({ minReady: 33 });
  });
});

describe('saving reward settings', () => {
  it('keeps what was sent, and says who saved it', async () => {
    const suppliers = [{ supplierId: 'advocate-1', promotionId: 7 }];
    const { status, body } = await save({ isEnabled: true, suppliers }, {}, { user: COLLEAGUE });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      revision: 1,
      settings: { ...DEFAULT_REWARD_SETTINGS, isEnabled: true, suppliers },
      savedAt: START.toISOString(),
      savedBy: COLLEAGUE.email,
    });
    expect(await channel()).toEqual(body);
  });

  it('is refused with what stands now when somebody else saved meanwhile', async () => {
    await save({ minReady: 30 });
    const { status, body } = await save<RewardConflict>({ minReady: 40 }, { revision: 0 });
    expect(status).toBe(409);
    expect(body).toMatchObject({
      code: 'SETTINGS_CHANGED',
      current: { revision: 1, settings: { minReady: 30 } },
    });
    expect(await channel()).toEqual(body.current);
  });

  it('lets one of two win that save at the same time', async () => {
    const answers = await Promise.all([save({ minReady: 30 }), save({ minReady: 40 })]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  it('seals the client key, and shows no more than its end', async () => {
    const { body } = await save({}, { webhookKey: KEY });
    expect(body.webhookKey).toEqual({ lastFour: '4321', savedAt: START.toISOString() });
    const { deps, storeHash } = store.test;
    const { webhook_key } = await deps.db.selectFrom('reward_settings').selectAll().executeTakeFirstOrThrow();
    expect(webhook_key && deps.secrets.open(webhook_key, rewardWebhookKeyPurpose(storeHash, 1))).toBe(KEY);
    expect(JSON.stringify(await summary())).not.toContain(KEY);
    expect(store.test.logged()).not.toContain(KEY);
  });

  it('keeps the client key until another one comes, or it is to be forgotten', async () => {
    await save({}, { webhookKey: KEY });
    expect((await save({ minReady: 30 })).body.webhookKey).toMatchObject({ lastFour: '4321' });
    // Of a short one, four characters would be too much.
    expect((await save({}, { webhookKey: 'short-key' })).body.webhookKey).toMatchObject({ lastFour: '····' });
    expect((await save({}, { webhookKey: null })).body.webhookKey).toBeNull();
    const row = await store.test.deps.db.selectFrom('reward_settings').selectAll().executeTakeFirstOrThrow();
    expect(row).toMatchObject({ webhook_key: null, webhook_key_last_four: null, webhook_key_saved_at: null });
  });

  it('has Extole asked, codes made and rewards worked at, at once', async () => {
    await addReward('waits', { due_at: at(DAY_MS) });
    await save({ isEnabled: true });
    for (const task of ['poll-rewards', 'refill-codes', 'fulfill-rewards'] as const) {
      expect(await store.queued(task)).toMatchObject([{ payload: { storeHash: store.test.storeHash } }]);
    }
    const { poll_at } = await store.test.deps.db
      .selectFrom('reward_settings')
      .selectAll()
      .executeTakeFirstOrThrow();
    expect(poll_at).toEqual(START);
    const { due_at } = await store.test.deps.db.selectFrom('reward').selectAll().executeTakeFirstOrThrow();
    expect(due_at).toEqual(START);
  });

  it('has Extole asked for nothing any more when rewards are switched off', async () => {
    await save({ isEnabled: true });
    await save({ isEnabled: false });
    const { poll_at } = await store.test.deps.db
      .selectFrom('reward_settings')
      .selectAll()
      .executeTakeFirstOrThrow();
    expect(poll_at).toBeNull();
  });

  it('gives up codes that are ready when each is to be used otherwise', async () => {
    await addCodeRow({ code: 'READY' });
    await addCodeRow({ code: 'GIVEN', reward_id: 'one' });
    await save({ minReady: 30 });
    expect(await codeRows()).toMatchObject([{ state: 'made' }, { state: 'made' }]);
    await save({ maxUses: 2 });
    expect(await codeRows()).toMatchObject([
      { code: 'GIVEN', state: 'made', check_at: null },
      { code: 'READY', state: 'deleted', check_at: START },
    ]);
  });

  it('gives up no codes that another storefront keeps ready on those terms', async () => {
    await store.addChannel(2);
    await save({ readyPromotionIds: [1] }, {}, { channelId: 2 });
    await addCodeRow({ code: 'SHARED', promotion_id: 1 });
    await addCodeRow({ code: 'OTHER', promotion_id: 2 });
    await save({ maxUsesPerCustomer: 2 });
    expect(await codeRows()).toMatchObject([
      { code: 'OTHER', state: 'deleted' },
      { code: 'SHARED', state: 'made' },
    ]);
  });

  it.each<[string, Partial<RewardSettings>]>([
    [
      'a prefix that BigCommerce does not take',
      { code: { ...DEFAULT_REWARD_SETTINGS.code, prefix: 'dank€' } },
    ],
    ['no use at all', { maxUses: 0 }],
    ['a promotion that can be none', { readyPromotionIds: [0] }],
  ])('refuses %s', async (_what, changes) => {
    expect(await save<Failure>(changes)).toMatchObject({ status: 422, body: { code: 'INPUT_INVALID' } });
    expect((await channel()).revision).toBe(0);
  });

  it.each([
    ['random', 8],
    ['pronounceable', 12],
  ] as const)(
    'takes %s codes of %i characters and more, since shorter ones could be guessed',
    async (pattern, shortest) => {
      const code = { ...DEFAULT_REWARD_SETTINGS.code, pattern };
      expect(await save({ code: { ...code, length: shortest - 1 } })).toMatchObject({ status: 422 });
      expect(await save({ code: { ...code, length: shortest } })).toMatchObject({ status: 200 });
    },
  );

  it('refuses a storefront that the store has not', async () => {
    const body: RewardSaveBody = { revision: 0, settings: DEFAULT_REWARD_SETTINGS };
    expect(await store.ask<Failure>('PUT', '/api/rewards/channels/9', { body })).toMatchObject({
      status: 404,
      body: { code: 'CHANNEL_UNKNOWN' },
    });
  });

  it('is logged with who saved', async () => {
    await save({}, {}, { user: COLLEAGUE });
    expect(store.test.logged()).toMatch(
      new RegExp(`"userId":${COLLEAGUE.id}[^\\n]*reward settings were saved`),
    );
  });
});

describe('the promotions of a store', () => {
  const promotions = async (channelId = 1) =>
    store.ask<PromotionsAnswer>('GET', `/api/promotions?channelId=${channelId}`);

  it('are as they are in BigCommerce at this moment, with problems and warnings', async () => {
    const good = createPromotion(store.test.content, { name: 'Advocates' });
    const few = createPromotion(store.test.content, {
      max_uses: 100,
      current_uses: 93,
      channels: [{ id: 5 }],
    });
    const automatic = createPromotion(store.test.content, { redemption_type: 'AUTOMATIC' });
    const { status, body } = await promotions();
    expect(status).toBe(200);
    expect(body.missing).toEqual([]);
    expect(body.promotions).toMatchObject([
      {
        promotionId: few.id,
        problem: null,
        warnings: [
          { kind: 'other-storefronts', channelIds: [5] },
          { kind: 'few-uses-left', maxUses: 100, currentUses: 93, openCodes: 0 },
        ],
      },
      { promotionId: good.id, name: 'Advocates', couponType: 'bulk', problem: null, warnings: [] },
      { promotionId: automatic.id, problem: 'not-coupon', warnings: [] },
    ]);
    changePromotion(store.test.content, good.id, { status: 'DISABLED' });
    expect((await promotions()).body.promotions[1]).toMatchObject({ problem: 'disabled' });
    expect((await promotions(5)).body.promotions[0]?.warnings).toMatchObject([{ kind: 'few-uses-left' }]);
  });

  it('count our codes, and know which rewards led to them lately', async () => {
    const { id } = createPromotion(store.test.content);
    await save({ readyPromotionIds: [id], minReady: 5 });
    await addCodeRow({ promotion_id: id, code: 'READY' });
    await addCodeRow({ promotion_id: id, code: 'READY-OTHERWISE', max_uses: 2 });
    await addCodeRow({ promotion_id: id, code: 'GIVEN', reward_id: 'one', given_at: START });
    await addCodeRow({ promotion_id: id, code: 'GONE', state: 'deleted' });
    await addReward('one', { promotion_id: id, supplier_id: 'advocate' });
    await addReward('two', { promotion_id: id, supplier_id: 'friend' });
    const long = { promotion_id: id, created_at: at(-90 * DAY_MS) };
    await addReward('long-ago', { ...long, supplier_id: 'earlier' });
    expect((await promotions()).body.promotions).toMatchObject([
      {
        openCodes: 3,
        ready: { count: 1, target: 5 },
        isUsed: true,
        warnings: [{ kind: 'shared', supplierIds: ['advocate', 'friend'] }],
      },
    ]);
  });

  it('are missed where settings or rewards name them', async () => {
    await save({ suppliers: [{ supplierId: 'friend', promotionId: 70 }], readyPromotionIds: [80] });
    await addReward('one', { promotion_id: 90, supplier_id: 'advocate' });
    await addReward('two', { promotion_id: 91, supplier_id: 'advocate', created_at: at(-90 * DAY_MS) });
    expect((await promotions()).body).toEqual({ promotions: [], missing: [70, 80, 90] });
  });

  it('can not be listed without access to them', async () => {
    const { api } = store.test;
    api.setFault(({ path }) => (path === '/v3/promotions' ? { status: 403, body: {} } : undefined));
    expect(await promotions()).toMatchObject({ status: 502, body: { code: 'BIGCOMMERCE_SCOPE_MISSING' } });
  });
});

describe('the test of a promotion', () => {
  const test = <T = CodeTestAnswer>(promotionId: number, channelId = 1) =>
    store.ask<T>('POST', `/api/promotions/${promotionId}/test`, { body: { channelId } });
  const codeCalls = () =>
    store.writes().map(({ method, path }) => `${method} ${path.replace(/\d+$/, '{id}')}`);

  it('makes a code as the settings want it, and deletes it again', async () => {
    const { id } = createPromotion(store.test.content, { coupon_type: 'SINGLE' });
    await save({
      code: { ...DEFAULT_REWARD_SETTINGS.code, prefix: 'THX-', length: 8 },
      maxUsesPerCustomer: 2,
      maxUses: 3,
    });
    const { status, body } = await test(id);
    expect(status).toBe(200);
    expect(body.code).toMatch(/^THX-[A-Z2-9]{8}$/);
    expect(store.writes()[0]?.body).toEqual({ code: body.code, max_uses: 3, max_uses_per_customer: 2 });
    expect(codeCalls()).toEqual([
      `POST /v3/promotions/${id}/codes`,
      `DELETE /v3/promotions/${id}/codes/{id}`,
    ]);
    expect(codesOf(store.test.content, id)).toEqual([]);
    expect(await codeRows()).toEqual([]);
  });

  it('has BigCommerce draw the code of a bulk promotion, and deletes that', async () => {
    const { id } = createPromotion(store.test.content);
    const { status, body } = await test(id);
    expect(status).toBe(200);
    expect(body.code).toMatch(/^[A-Z2-9]{8}-[A-Z2-9]{6}$/);
    expect(codeCalls()).toEqual([
      `POST /v3/promotions/${id}/codegen`,
      `DELETE /v3/promotions/${id}/codes/{id}`,
    ]);
    expect(codesOf(store.test.content, id)).toEqual([]);
    expect(await codeRows()).toEqual([]);
  });

  it('says in a sentence why no code of the promotion is of use', async () => {
    const { id } = createPromotion(store.test.content, { max_uses: 5, current_uses: 5 });
    const { status, body } = await test<Failure>(id);
    expect(status).toBe(422);
    expect(body.code).toBe('PROMOTION_UNUSABLE');
    expect(body.message).toContain(`promotion ${id} has been used as often as it may be`);
    expect(await test<Failure>(4_711)).toMatchObject({ status: 422, body: { code: 'PROMOTION_UNUSABLE' } });
    expect(store.writes()).toEqual([]);
  });

  it.each(['SINGLE', 'BULK'] as const)(
    'remembers a code of a %s promotion that can not be deleted, and it is deleted later',
    async (coupon_type) => {
      const { api, content, deps, storeHash, clock } = store.test;
      const { id } = createPromotion(content, { coupon_type });
      api.setFault(({ method }) => (method === 'DELETE' ? { status: 403, body: {} } : undefined));
      expect((await test(id)).status).toBe(200);
      expect(codesOf(content, id)).toHaveLength(1);
      api.setFault();
      const [turn] = await store.queued('fulfill-rewards');
      clock.timeMs = turn?.runAt.getTime() ?? 0;
      await checkCodes(deps, await storeClient(deps, storeHash));
      expect(codesOf(content, id)).toEqual([]);
    },
  );

  it.each(['SINGLE', 'BULK'] as const)(
    'leaves no code of a %s promotion behind whose answer was lost',
    async (coupon_type) => {
      const { api, content, deps, storeHash, clock } = store.test;
      const { id } = createPromotion(content, { coupon_type });
      api.setFault(({ method }) => (method === 'POST' ? { drop: 'after' } : undefined));
      expect(await test<Failure>(id)).toMatchObject({
        status: 502,
        body: { code: 'BIGCOMMERCE_UNAVAILABLE' },
      });
      expect(codesOf(content, id)).toHaveLength(1);
      api.setFault();
      const [turn] = await store.queued('fulfill-rewards');
      clock.timeMs = turn?.runAt.getTime() ?? 0;
      await checkCodes(deps, await storeClient(deps, storeHash));
      expect(codesOf(content, id)).toEqual([]);
    },
  );

  it('leaves nothing to remember where BigCommerce refused', async () => {
    const { id } = createPromotion(store.test.content);
    store.test.api.setFault(({ method }) => (method === 'POST' ? { status: 422, body: {} } : undefined));
    expect(await test<Failure>(id)).toMatchObject({ status: 502, body: { code: 'BIGCOMMERCE_REFUSED' } });
    expect(await codeRows()).toEqual([]);
  });

  it('draws another code in place of one that somebody else has, and leaves that one alone', async () => {
    const { api, content } = store.test;
    const { id } = createPromotion(content, { coupon_type: 'SINGLE' });
    let taken: string | undefined;
    api.setFault(({ method }) => {
      const body = api.calls().at(-1)?.body;
      if (method !== 'POST' || taken || typeof body !== 'object' || body === null || !('code' in body))
        return;
      taken = `${body.code}`;
      addCode(content, id, { code: taken });
      return undefined;
    });
    const { status, body } = await test(id);
    expect(status).toBe(200);
    expect(taken).toBeDefined();
    expect(body.code).not.toBe(taken);
    expect(codesOf(content, id).map(({ code }) => code)).toEqual([taken]);
    expect(await codeRows()).toEqual([]);
  });

  it('is logged with who asked for it, without the code', async () => {
    const { id } = createPromotion(store.test.content);
    const { body } = await test(id);
    expect(store.test.logged()).toMatch(
      new RegExp(`"userId":${OWNER.id}[^\\n]*"promotionId":${id}[^\\n]*made and deleted as a test`),
    );
    expect(store.test.logged()).not.toContain(body.code);
  });

  it('needs a storefront of the store', async () => {
    const { id } = createPromotion(store.test.content);
    expect(await test<Failure>(id, 9)).toMatchObject({ status: 404, body: { code: 'CHANNEL_UNKNOWN' } });
  });
});

describe('the list of rewards', () => {
  const list = async (query = '') =>
    (await store.ask<RewardsListAnswer>('GET', `/api/reward-codes${query}`)).body;
  const ids = async (query = '') => (await list(query)).rewards.map(({ rewardId }) => rewardId);

  it('shows each with its code and how things stand', async () => {
    await addReward('r1', {
      state: 'fulfilled',
      supplier_id: 'advocate',
      promotion_id: 7,
      fulfilled_at: at(5),
      attempt_count: 1,
    });
    await addCodeRow({ promotion_id: 7, code: 'THANKS', reward_id: 'r1' });
    expect(await list()).toEqual({
      rewards: [
        {
          rewardId: 'r1',
          channelId: 1,
          state: 'fulfilled',
          supplierId: 'advocate',
          promotionId: 7,
          code: 'THANKS',
          codeState: 'made',
          heardAt: START.toISOString(),
          fulfilledAt: at(5).toISOString(),
          nextAttemptAt: null,
          attemptCount: 1,
          failure: null,
        },
      ],
      next: null,
    });
  });

  it('shows why one waits and until when, and nobody’s address', async () => {
    await addReward('r1', {
      due_at: at(DAY_MS),
      failure_code: 'EXTOLE_REFUSED',
      failure_message: 'no jane@brand.example here',
    });
    expect((await list()).rewards).toMatchObject([
      {
        state: 'waiting',
        code: null,
        codeState: null,
        nextAttemptAt: at(DAY_MS).toISOString(),
        failure: { code: 'EXTOLE_REFUSED', message: 'no j•••@b•••.example here' },
      },
    ]);
  });

  it('shows the code that a reward has, or else the one that it had last', async () => {
    await addReward('r1', { state: 'canceled' });
    await addCodeRow({ code: 'FIRST', reward_id: 'r1', state: 'deleted' });
    await addCodeRow({ code: 'LAST', reward_id: 'r1', state: 'deleted', created_at: at(1) });
    expect((await list()).rewards).toMatchObject([{ code: 'LAST', codeState: 'deleted' }]);
    await addCodeRow({ code: 'OWN', reward_id: 'r1', created_at: at(-1) });
    expect((await list()).rewards).toMatchObject([{ code: 'OWN', codeState: 'made' }]);
  });

  it('has the newest first, 50 at a time, each once, whatever comes in meanwhile', async () => {
    const names = Array.from({ length: 101 }, (_, index) => `r${`${index}`.padStart(3, '0')}`);
    // Three at each moment, so that pages end within one.
    for (const [index, name] of names.entries()) {
      await addReward(name, { created_at: at(-Math.floor(index / 3)) });
    }
    const first = await list();
    await addReward('new', { created_at: at(DAY_MS) });
    const second = await list(`?cursor=${first.next}`);
    const third = await list(`?cursor=${second.next}`);
    const pages = [first, second, third];
    expect(pages.map(({ rewards }) => rewards.length)).toEqual([50, 50, 1]);
    expect(pages.flatMap(({ rewards }) => rewards.map(({ rewardId }) => rewardId))).toEqual(names);
    expect(third.next).toBeNull();
  });

  it('ends with a full page when there are no more', async () => {
    for (let index = 0; index < 50; index += 1) await addReward(`r${index}`);
    expect((await list()).next).toBeNull();
  });

  it('is narrowed by state, storefront and promotion', async () => {
    await addReward('a', { state: 'failed', promotion_id: 7 });
    await addReward('b', { channel_id: 2, promotion_id: 7, created_at: at(-1) });
    await addReward('c', { promotion_id: 8, created_at: at(-2) });
    expect(await ids('?state=failed')).toEqual(['a']);
    expect(await ids('?channelId=2')).toEqual(['b']);
    expect(await ids('?promotionId=7')).toEqual(['a', 'b']);
    expect(await ids('?promotionId=7&state=waiting')).toEqual(['b']);
  });

  it('finds a reward by its id or its code, however that is written', async () => {
    await addReward('r1');
    await addReward('r2');
    await addCodeRow({ code: 'THANKS-1', reward_id: 'r2' });
    await addCodeRow({ code: 'READY' });
    expect(await ids('?search=r1')).toEqual(['r1']);
    expect(await ids('?search=%20thanks-1')).toEqual(['r2']);
    expect(await ids('?search=READY')).toEqual([]);
    expect(await ids('?search=THANKS')).toEqual([]);
  });

  it('does not go on from a cursor that no page ended with', async () => {
    expect(await store.ask<Failure>('GET', '/api/reward-codes?cursor=none')).toMatchObject({
      status: 422,
      body: { code: 'CURSOR_INVALID' },
    });
  });

  it('has nothing of other stores', async () => {
    const { db } = store.test.deps;
    await db
      .insertInto('store')
      .values({ store_hash: 'other', name: 'Other', scope: '', order_statuses: '[]', installed_at: START })
      .execute();
    await addReward('theirs', { store_hash: 'other' });
    await addReward('mine');
    await addCodeRow({ store_hash: 'other', code: 'THEIRS', reward_id: 'mine' });
    expect((await list()).rewards).toMatchObject([{ rewardId: 'mine', code: null }]);
    expect(await ids('?search=theirs')).toEqual([]);
    expect((await summary()).counts.waiting).toBe(1);
  });
});

describe('a replay of rewards', () => {
  it('has those worked at again that failed, and says how many, and who asked for it', async () => {
    await save({ isEnabled: true });
    await addReward('r1', { state: 'failed' });
    await addReward('r2', { state: 'fulfilled' });
    const { status, body } = await store.ask('POST', '/api/rewards/replay', { body: { all: 'failed' } });
    expect({ status, body }).toEqual({ status: 202, body: { replayed: 1 } });
    expect(store.test.logged()).toMatch(
      new RegExp(`"userId":${OWNER.id}[^\\n]*"replayed":1[^\\n]*rewards are worked at again`),
    );
  });

  it('refuses what it does not understand', async () => {
    expect(
      await store.ask<Failure>('POST', '/api/rewards/replay', { body: { all: 'waiting' } }),
    ).toMatchObject({
      status: 422,
      body: { code: 'INPUT_INVALID' },
    });
  });
});
