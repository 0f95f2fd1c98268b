import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createMetrics } from '../../src/app/metrics.js';
import { pollAll, pollRewards } from '../../src/app/rewards/poll.js';
import { DEFAULT_REWARD_SETTINGS, type RewardSettings } from '../../src/catalog/rewards.js';
import type { CodeState, RewardState } from '../../src/catalog/rewards-api.js';
import { refusal, START, startDeliveries } from '../support/deliveries.js';
import { rewardResponse, startExtoleRewards } from '../support/extole-rewards.js';
import { hasSpecifications } from '../support/openapi.js';

const STORE = 'store1';
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

let world: Awaited<ReturnType<typeof startDeliveries>>;
let extole: Awaited<ReturnType<typeof startExtoleRewards>>;
let deps: Awaited<ReturnType<typeof startDeliveries>>['deps'];
let logStart = 0;

beforeAll(async () => {
  [world, extole] = await Promise.all([startDeliveries(), startExtoleRewards()]);
});
beforeEach(async () => {
  await sql`truncate store cascade`.execute(world.deps.db);
  await world.forgetTurns();
  world.clock.timeMs = START.getTime();
  extole.rewards.length = 0;
  extole.calls.length = 0;
  extole.problems.length = 0;
  extole.setAnswer();
  deps = {
    ...world.deps,
    config: { ...world.deps.config, extoleApiUrl: extole.url },
    metrics: createMetrics(),
  };
  logStart = world.logged().length;
  await world.addStore(STORE);
  await world.saveChannel(STORE, 1);
  await saveRewards(1);
});
afterEach(() => {
  if (hasSpecifications) expect(extole.problems).toEqual([]);
});
afterAll(() => Promise.all([world?.close(), extole?.close()]));

const at = (ms: number): Date => new Date(START.getTime() + ms);
const setTime = (ms: number): void => {
  world.clock.timeMs = START.getTime() + ms;
};
const poll = (storeHash = STORE): Promise<void> => pollRewards(deps, storeHash);

/** Has a storefront with settings for rewards, whose turn it is now. */
async function saveRewards(
  channelId: number,
  {
    storeHash = STORE,
    pollAt = START,
    ...settings
  }: Partial<RewardSettings> & { readonly storeHash?: string; readonly pollAt?: Date | null } = {},
): Promise<void> {
  const row = {
    settings: JSON.stringify({ ...DEFAULT_REWARD_SETTINGS, isEnabled: true, ...settings }),
    poll_at: pollAt,
  };
  await deps.db
    .insertInto('reward_settings')
    .values({
      store_hash: storeHash,
      channel_id: channelId,
      revision: 1,
      saved_at: START,
      saved_by: 1,
      ...row,
    })
    .onConflict((where) => where.columns(['store_hash', 'channel_id']).doUpdateSet(row))
    .execute();
}

/** Has a reward that we heard of, in a state, which is worked at again at a time (not, for `null`). */
async function addReward(
  rewardId: string,
  state: RewardState,
  { dueAt = null, heardAt = START }: { readonly dueAt?: Date | null; readonly heardAt?: Date } = {},
): Promise<void> {
  await deps.db
    .insertInto('reward')
    .values({
      store_hash: STORE,
      reward_id: rewardId,
      channel_id: 1,
      heard_at: heardAt,
      created_at: START,
      found_by: 'webhook',
      state,
      due_at: dueAt,
    })
    .execute();
}

/** Has a reward with a code. */
async function addCode(rewardId: string, state: CodeState): Promise<void> {
  const code = { promotion_id: 12, code: `CODE${rewardId}`, marker: `CODE${rewardId}`, created_at: START };
  await deps.db
    .insertInto('coupon_code')
    .values({ store_hash: STORE, channel_id: 1, reward_id: rewardId, state, ...code })
    .execute();
}

const rewards = () => deps.db.selectFrom('reward').selectAll().orderBy('reward_id').execute();
const due = async () =>
  (await rewards()).filter(({ due_at }) => due_at !== null).map(({ reward_id }) => reward_id);
const turns = async () => (await world.turns()).map(({ key, run_at }) => [key, run_at]);
const settingsRow = (channelId = 1) =>
  deps.db
    .selectFrom('reward_settings')
    .selectAll()
    .where('channel_id', '=', channelId)
    .executeTakeFirstOrThrow();
const asked = (): string[] =>
  extole.calls.map(({ query }) => `${query.getAll('state').join()} from ${query.get('offset')}`);
const loggedNow = (): string => world.logged().slice(logStart);

describe('a poll', () => {
  it('has an earned reward worked at that no webhook told of, and wakes its store', async () => {
    extole.rewards.push(rewardResponse('6957'));
    await poll();
    expect(await rewards()).toMatchObject([
      {
        store_hash: STORE,
        reward_id: '6957',
        channel_id: 1,
        heard_count: 1,
        heard_at: START,
        created_at: START,
        found_by: 'poll',
        state: 'waiting',
        due_at: START,
        failure_code: null,
      },
    ]);
    expect((await world.turns()).map(({ key }) => key)).toEqual([`fulfill-rewards:${STORE}`]);
    expect(await settingsRow()).toMatchObject({ polled_at: START, failure_code: null });
  });

  it('asks with the token of the account, for custom rewards in whatever way they ended', async () => {
    await poll();
    const [earned, takenBack] = extole.calls;
    expect(extole.calls.map(({ method, path, token }) => [method, path, token])).toEqual([
      ['GET', '/v2/rewards', 'token-of-store1-1'],
      ['GET', '/v2/rewards', 'token-of-store1-1'],
    ]);
    expect(earned?.query.toString()).toBe(
      'state=EARNED&reward_type=CUSTOM_REWARD&success_only=false&limit=100&offset=0',
    );
    expect(takenBack && [...takenBack.query].slice(0, 3)).toEqual([
      ['state', 'CANCELED'],
      ['state', 'REVOKED'],
      ['time_interval', `${at(-30 * DAY).toISOString()}/${START.toISOString()}`],
    ]);
  });

  it('goes through all pages, and asks once more where the last one is full', async () => {
    for (let id = 1_000; id < 1_200; id += 1) extole.rewards.push(rewardResponse(`${id}`));
    await poll();
    expect(asked()).toEqual([
      'EARNED from 0',
      'EARNED from 100',
      'EARNED from 200',
      'CANCELED,REVOKED from 0',
    ]);
    expect(await due()).toHaveLength(200);
    expect(loggedNow()).toContain('"found":200');
  });

  it('ends where a page says nothing new, whatever the offset', async () => {
    const page = Array.from({ length: 100 }, (_, index) => rewardResponse(`${1_000 + index}`));
    extole.setAnswer(({ query }) => ({ status: 200, body: query.has('time_interval') ? [] : page }));
    await poll();
    expect(asked()).toEqual(['EARNED from 0', 'EARNED from 100', 'CANCELED,REVOKED from 0']);
    expect(await due()).toHaveLength(100);
  });

  it('reads twenty pages at once, goes on with the next ones, and begins anew at the end', async () => {
    for (let id = 10_000; id < 12_150; id += 1) extole.rewards.push(rewardResponse(`${id}`));
    const pages = (from: number, to: number): string[] =>
      Array.from({ length: (to - from) / 100 + 1 }, (_, index) => `EARNED from ${from + index * 100}`);
    await poll();
    expect(asked()).toEqual([...pages(0, 1_900), 'CANCELED,REVOKED from 0']);
    expect(await due()).toHaveLength(2_000);
    extole.calls.length = 0;
    setTime(15 * MINUTE);
    await poll();
    expect(asked()).toEqual([...pages(2_000, 2_100), ...pages(0, 1_700), 'CANCELED,REVOKED from 0']);
    expect(await due()).toHaveLength(2_150);
    extole.calls.length = 0;
    setTime(30 * MINUTE);
    await poll();
    expect(asked()[0]).toBe('EARNED from 1800');
  }, 30_000);

  it('goes through those that were taken back in the same way', async () => {
    for (let id = 10_000; id < 12_150; id += 1) extole.rewards.push(rewardResponse(`${id}`, 'REVOKED'));
    await addReward('12149', 'fulfilled');
    await poll();
    expect(await due()).toEqual([]);
    setTime(15 * MINUTE);
    await poll();
    expect(await due()).toEqual(['12149']);
  }, 30_000);

  it('takes an offset that Extole refuses for the end of the list', async () => {
    for (let id = 10_000; id < 11_500; id += 1) extole.rewards.push(rewardResponse(`${id}`));
    extole.setAnswer(({ query }) =>
      Number(query.get('offset')) > 1_000 ? refusal(400, 'max_fetch_size_1000') : undefined,
    );
    await poll();
    expect(await due()).toHaveLength(1_100);
    expect(await settingsRow()).toMatchObject({ failure_code: null, polled_at: START, earned_offset: 0 });
    // Those that are fulfilled are not listed any more.
    extole.rewards.splice(0, 600);
    setTime(15 * MINUTE);
    await poll();
    expect(await due()).toHaveLength(1_500);
  });

  it('leaves out what it can’t read, and reads the rest', async () => {
    extole.rewards.push(
      rewardResponse('../persons'),
      rewardResponse('1', 'EARNED', { reward_supplier_id: null }),
      rewardResponse('6957', 'EARNED', { email: undefined, partner_reward_supplier_id: 12 }),
      {},
    );
    await poll();
    expect(await due()).toEqual(['6957']);
  });

  it('asks for the suppliers of the settings only where the account is shared', async () => {
    await saveRewards(1, {
      usesPartnerSupplierIds: false,
      suppliers: [
        { supplierId: '88', promotionId: 12 },
        { supplierId: '89', promotionId: 13 },
      ],
    });
    extole.rewards.push(rewardResponse('1'), rewardResponse('2', 'EARNED', { reward_supplier_id: '90' }));
    await poll();
    expect(extole.calls.map(({ query }) => query.getAll('reward_supplier_id'))).toEqual([
      ['88', '89'],
      ['88', '89'],
    ]);
    expect(await due()).toEqual(['1']);
  });

  it('asks nothing where no supplier leads anywhere', async () => {
    await saveRewards(1, { usesPartnerSupplierIds: false, suppliers: [] });
    await poll();
    expect(asked()).toEqual([]);
    expect(await settingsRow()).toMatchObject({ polled_at: null, poll_at: at(15 * MINUTE) });
  });

  it('leaves alone what waits for its time, and what leads to no promotion', async () => {
    await addReward('1', 'waiting', { dueAt: at(HOUR), heardAt: at(-DAY) });
    await addReward('2', 'ignored', { heardAt: at(-DAY) });
    extole.rewards.push(rewardResponse('1'), rewardResponse('2'));
    await poll();
    expect(await rewards()).toMatchObject([
      { reward_id: '1', heard_count: 1, due_at: at(HOUR) },
      { reward_id: '2', heard_count: 1, due_at: null },
    ]);
    expect(await turns()).toEqual([]);
  });

  it.each(['fulfilled', 'failed', 'canceled'] as const)(
    'has a reward that is %s with us worked at where Extole has had it as earned for an hour: somebody had it retried',
    async (state) => {
      await addReward('6957', state);
      extole.rewards.push(rewardResponse('6957'));
      setTime(HOUR - 1);
      await poll();
      expect(await due()).toEqual([]);
      setTime(HOUR);
      await saveRewards(1);
      await poll();
      expect(await rewards()).toMatchObject([
        { state, heard_count: 2, heard_at: at(HOUR), due_at: at(HOUR) },
      ]);
      expect(await turns()).toHaveLength(1);
    },
  );

  it.each(['CANCELED', 'REVOKED'] as const)('has a %s reward worked at whose code is out', async (state) => {
    for (const [index, ours] of (['fulfilled', 'failed', 'canceled', 'ignored'] as const).entries()) {
      await addReward(`${index}`, ours);
      extole.rewards.push(rewardResponse(`${index}`, state));
    }
    for (const [rewardId, codeState] of [
      ['4', 'asked'],
      ['5', 'deleted'],
    ] as const) {
      await addReward(rewardId, 'ignored');
      await addCode(rewardId, codeState);
      extole.rewards.push(rewardResponse(rewardId, state));
    }
    await addReward('8', 'fulfilled', { dueAt: at(HOUR) });
    extole.rewards.push(rewardResponse('8', state), rewardResponse('9', state));
    await poll();
    expect((await rewards()).map((row) => [row.reward_id, row.state, row.heard_count, row.due_at])).toEqual([
      ['0', 'fulfilled', 2, START],
      ['1', 'failed', 2, START],
      ['2', 'canceled', 1, null],
      ['3', 'ignored', 1, null],
      ['4', 'ignored', 2, START],
      ['5', 'ignored', 1, null],
      ['8', 'fulfilled', 1, at(HOUR)],
    ]);
    expect((await world.turns()).map(({ key }) => key)).toEqual([`fulfill-rewards:${STORE}`]);
  });

  it.each([
    ['webhook', 15 * MINUTE],
    ['polling', MINUTE],
  ] as const)('comes again in its time where rewards are heard of by %s', async (intake, intervalMs) => {
    await saveRewards(1, { intake });
    setTime(SECOND);
    await poll();
    expect(await settingsRow()).toMatchObject({ poll_at: at(SECOND + intervalMs), polled_at: at(SECOND) });
    extole.calls.length = 0;
    setTime(SECOND + intervalMs - 1);
    await poll();
    expect(asked()).toEqual([]);
    setTime(SECOND + intervalMs);
    await poll();
    expect(asked()).toHaveLength(2);
  });

  it('comes at once again for whoever saved while it went on', async () => {
    extole.setAnswer(async ({ query }) => {
      if (!query.has('time_interval')) {
        await deps.db.updateTable('reward_settings').set({ revision: 2, poll_at: START }).execute();
      }
      return undefined;
    });
    await poll();
    expect(await settingsRow()).toMatchObject({ poll_at: START, polled_at: null });
  });

  it('asks for each account of a store whose turn it is, once for storefronts that share settings', async () => {
    await world.saveChannel(STORE, 2);
    await world.saveChannel(STORE, 3, { sameAs: 1 });
    await world.saveChannel(STORE, 4);
    await saveRewards(2);
    // From before it followed.
    await saveRewards(3);
    await saveRewards(4, { pollAt: at(1) });
    extole.setAnswer(({ token, query }) => {
      const isEarned = query.get('state') === 'EARNED';
      return {
        status: 200,
        body: isEarned ? [rewardResponse(token === 'token-of-store1-2' ? '2' : '1')] : [],
      };
    });
    await poll();
    expect(extole.calls.map(({ token }) => token)).toEqual([
      'token-of-store1-1',
      'token-of-store1-1',
      'token-of-store1-2',
      'token-of-store1-2',
    ]);
    expect((await rewards()).map((row) => [row.reward_id, row.channel_id])).toEqual([
      ['1', 1],
      ['2', 2],
    ]);
  });

  it('asks nothing while the storefront is switched off, and goes on by itself', async () => {
    await world.saveChannel(STORE, 1, { settings: { isEnabled: false } });
    await poll();
    expect(asked()).toEqual([]);
    expect(await settingsRow()).toMatchObject({
      polled_at: null,
      failure_code: null,
      poll_at: at(15 * MINUTE),
    });
    await world.saveChannel(STORE, 1);
    setTime(15 * MINUTE);
    await poll();
    expect(asked()).toHaveLength(2);
  });

  it('asks nothing where rewards are switched off, and does not come again', async () => {
    await saveRewards(1, { isEnabled: false });
    await poll();
    expect(asked()).toEqual([]);
    expect(await settingsRow()).toMatchObject({ poll_at: null });
  });
});

describe('a poll that fails', () => {
  const failure = async () => {
    const { failure_code, failure_message, poll_at, polled_at } = await settingsRow();
    return { code: failure_code, message: failure_message, pollAt: poll_at, polledAt: polled_at };
  };

  it('says so where there is no token', async () => {
    await world.saveChannel(STORE, 1, { token: null });
    await poll();
    expect(await failure()).toEqual({
      code: 'ACCESS_TOKEN_MISSING',
      message: expect.stringContaining('settings page'),
      pollAt: at(15 * MINUTE),
      polledAt: null,
    });
    expect(asked()).toEqual([]);
  });

  it('says so where the token can’t be opened', async () => {
    const sealed = deps.secrets.seal('token', 'extole-token:store1:2');
    await deps.db.updateTable('channel_settings').set({ access_token: sealed }).execute();
    await poll();
    expect((await failure()).code).toBe('SECRET_UNREADABLE');
  });

  it.each([
    [401, 'method_unauthorized'],
    [402, 'payment_required'],
    [403, 'access_denied'],
    [403, 'missing_access_token'],
  ])('leaves a token alone for a while that was answered %i %s', async (status, code) => {
    await saveRewards(1, { intake: 'polling' });
    extole.setAnswer(() => refusal(status, code));
    await poll();
    expect(await failure()).toEqual({
      code,
      message: `words of ${code}`,
      pollAt: at(15 * MINUTE),
      polledAt: null,
    });
    expect(asked()).toEqual(['EARNED from 0']);
    expect(loggedNow()).toContain(`"code":"${code}"`);
    expect(loggedNow()).not.toContain('token-of');
  });

  it('waits as long as Extole says after too many requests', async () => {
    await saveRewards(1, { intake: 'polling' });
    extole.setAnswer(() => ({ status: 429, headers: { 'retry-after': '7200' } }));
    await poll();
    expect(await failure()).toMatchObject({ code: 'EXTOLE_ANSWER_UNKNOWN', pollAt: at(2 * HOUR) });
  });

  it.each([
    ['an answer of nobody that we know', { status: 404, body: 'nothing' }, 'EXTOLE_ANSWER_UNKNOWN'],
    ['no list', { status: 200, body: { rewards: [] } }, 'EXTOLE_ANSWER_UNKNOWN'],
    ['a failure of its own', { status: 503, body: '' }, 'EXTOLE_ANSWER_UNKNOWN'],
    ['no answer', 'lost', 'EXTOLE_UNREACHABLE'],
  ] as const)('comes again in its time after %s', async (_what, answer, code) => {
    await saveRewards(1, { intake: 'polling' });
    extole.setAnswer(() => answer);
    await poll();
    expect(await failure()).toMatchObject({ code, pollAt: at(MINUTE), polledAt: null });
  });

  it('keeps what it found before, and no failure once it goes well', async () => {
    for (let id = 1_000; id < 1_150; id += 1) extole.rewards.push(rewardResponse(`${id}`));
    extole.setAnswer(({ query }) => (query.get('offset') === '100' ? 'lost' : undefined));
    await poll();
    expect(await due()).toHaveLength(100);
    expect((await failure()).code).toBe('EXTOLE_UNREACHABLE');
    extole.setAnswer();
    extole.calls.length = 0;
    setTime(15 * MINUTE);
    await poll();
    expect(asked()[0]).toBe('EARNED from 100');
    expect(await due()).toHaveLength(150);
    expect(await failure()).toMatchObject({ code: null, message: null, polledAt: at(15 * MINUTE) });
  });

  it('is in no other account’s way', async () => {
    await world.saveChannel(STORE, 2);
    await saveRewards(2);
    extole.rewards.push(rewardResponse('6957'));
    extole.setAnswer(({ token }) =>
      token === 'token-of-store1-1' ? refusal(403, 'access_denied') : undefined,
    );
    await poll();
    expect((await settingsRow(1)).failure_code).toBe('access_denied');
    expect(await settingsRow(2)).toMatchObject({ failure_code: null, polled_at: START });
    expect((await rewards()).map(({ channel_id }) => channel_id)).toEqual([2]);
  });
});

describe('every minute', () => {
  it('wakes the stores whose turn comes within the minute, at its time', async () => {
    for (const storeHash of ['store2', 'store3', 'store4', 'store5']) await world.addStore(storeHash);
    await saveRewards(1, { pollAt: at(30 * SECOND) });
    await saveRewards(2, { pollAt: at(20 * SECOND) });
    await saveRewards(1, { storeHash: 'store2', pollAt: at(-DAY) });
    await saveRewards(1, { storeHash: 'store3', pollAt: at(MINUTE) });
    await saveRewards(1, { storeHash: 'store4', pollAt: null });
    await saveRewards(1, { storeHash: 'store5' });
    await deps.db
      .updateTable('store')
      .set({ uninstalled_at: START })
      .where('store_hash', '=', 'store5')
      .execute();
    await pollAll(deps);
    expect(await turns()).toEqual([
      ['poll-rewards:store2', at(-DAY)],
      [`poll-rewards:${STORE}`, at(20 * SECOND)],
    ]);
    setTime(MINUTE);
    await pollAll(deps);
    expect(await turns()).toHaveLength(3);
  });

  it('has a store that keeps codes ready see to them once an hour', async () => {
    await world.addStore('store2');
    await saveRewards(1, { pollAt: null, readyPromotionIds: [12] });
    await saveRewards(1, { storeHash: 'store2', pollAt: null });
    for (const hour of [0, 1]) {
      for (let minute = 0; minute < 60; minute += 1) {
        setTime(hour * HOUR + minute * MINUTE + SECOND);
        await pollAll(deps);
        const woken = await turns();
        if (minute === 59) expect(woken).toEqual([[`refill-codes:${STORE}`, expect.any(Date)]]);
        for (const [, runAt] of woken) {
          expect(Number(runAt)).toBeGreaterThanOrEqual(START.getTime() + hour * HOUR);
          expect(Number(runAt)).toBeLessThan(START.getTime() + hour * HOUR + (minute + 1) * MINUTE);
        }
      }
      await world.forgetTurns();
    }
  });

  it('does so for a batch too that nobody else wants any more', async () => {
    await saveRewards(1, { pollAt: null, isEnabled: false });
    await deps.db
      .insertInto('code_batch')
      .values({
        store_hash: STORE,
        channel_id: 1,
        promotion_id: 12,
        marker: 'AB-',
        size: 5,
        max_uses: 1,
        max_uses_per_customer: 1,
        created_at: START,
      })
      .execute();
    for (let minute = 0; minute < 60; minute += 1) {
      setTime(minute * MINUTE);
      await pollAll(deps);
    }
    expect((await world.turns()).map(({ key }) => key)).toEqual([`refill-codes:${STORE}`]);
  });
});
