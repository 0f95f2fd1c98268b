import { createHmac } from 'node:crypto';
import Fastify, { type FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { answerFailures } from '../../src/app/http/failures.js';
import { createMetrics } from '../../src/app/metrics.js';
import { createRewardIntake } from '../../src/app/rewards/reward-intake.js';
import { rewardWebhookKeyPurpose } from '../../src/app/rewards/reward-settings.js';
import { rewardWebhookRoutes } from '../../src/app/rewards/reward-webhook-routes.js';
import { DEFAULT_REWARD_SETTINGS, type RewardSettings, WEBHOOK_PROOFS } from '../../src/catalog/rewards.js';
import { START, startDeliveries } from '../support/deliveries.js';

const STORE = 'store1';
const KEY = 'client-key-0123456789';
const MINUTE = 60_000;

let world: Awaited<ReturnType<typeof startDeliveries>>;
let deps: Awaited<ReturnType<typeof startDeliveries>>['deps'];
let app: FastifyInstance;
let logStart = 0;

beforeAll(async () => {
  world = await startDeliveries();
  deps = { ...world.deps, metrics: createMetrics() };
  app = Fastify();
  answerFailures(app);
  await app.register(async (scope) => rewardWebhookRoutes(scope, deps));
});
beforeEach(async () => {
  await sql`truncate store cascade`.execute(deps.db);
  await world.forgetTurns();
  world.clock.timeMs = START.getTime();
  deps.metrics.rewardWebhooks.reset();
  logStart = world.logged().length;
  await world.addStore(STORE);
  await world.saveChannel(STORE, 1);
  await saveRewards(1);
});
afterEach(() => vi.restoreAllMocks());
afterAll(async () => {
  await app?.close();
  await world?.close();
});

/** Has a storefront with settings for rewards, and a client key (none for `null`). */
async function saveRewards(
  channelId: number,
  {
    key = KEY,
    storeHash = STORE,
    settings = {},
  }: {
    readonly key?: string | null;
    readonly storeHash?: string;
    readonly settings?: Partial<RewardSettings>;
  } = {},
): Promise<void> {
  const row = {
    settings: JSON.stringify({ ...DEFAULT_REWARD_SETTINGS, isEnabled: true, ...settings }),
    webhook_key: key === null ? null : deps.secrets.seal(key, rewardWebhookKeyPurpose(storeHash, channelId)),
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

const signed = (body: string | Buffer, key = KEY): Record<string, string> => ({
  'x-extole-signature': createHmac('sha256', key).update(body).digest('hex'),
});

interface SendOptions {
  readonly to?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** As Extole does, signed with the key of storefront 1. */
async function send(content: unknown, { to = `${STORE}/1`, headers }: SendOptions = {}): Promise<number> {
  const body = typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content);
  const { statusCode } = await app.inject({
    method: 'POST',
    url: `/webhooks/extole/${to}`,
    headers: { 'content-type': 'application/json', ...(headers ?? signed(body)) },
    payload: body,
  });
  return statusCode;
}

/** The two bodies that Extole documents. */
const nested = (rewardId: unknown) => ({
  reward_id: rewardId,
  data: { earned_event_value: '64.00', journey_name: 'ADVOCATE', email: 'jane@example.com' },
});
const flat = (rewardId: unknown) => ({
  type: 'reward_earned',
  event_id: '7011',
  event_time: '2026-03-01T12:00:00Z',
  reward_id: rewardId,
  reward_supplier_id: '88',
  reward_supplier_name: 'Ten off',
  reward_supplier_type: 'CUSTOM_REWARD',
  partner_reward_supplier_id: '12',
  person_id: '501',
  partner_user_id: null,
  face_value: 10,
  face_value_type: 'USD',
  message: null,
  schema_version: '1.0',
});

const rewards = () => deps.db.selectFrom('reward').selectAll().orderBy('reward_id').execute();
const heard = async () => (await rewards()).map((row) => [row.reward_id, row.channel_id, row.heard_count]);
const webhookAt = async (channelId = 1): Promise<Date | null | undefined> =>
  (
    await deps.db
      .selectFrom('reward_settings')
      .select('webhook_at')
      .where('channel_id', '=', channelId)
      .executeTakeFirst()
  )?.webhook_at;
const turns = async () => (await world.turns()).map(({ key }) => key);
const loggedNow = (): string => world.logged().slice(logStart);

/** How often each outcome was counted since the last question. */
async function outcomes(): Promise<Record<string, number>> {
  const { rewardWebhooks } = deps.metrics;
  const { values } = await rewardWebhooks.get();
  rewardWebhooks.reset();
  return Object.fromEntries(values.map(({ labels, value }) => [labels.outcome, value]));
}

/** That nothing was done at all. */
async function expectNothing(): Promise<void> {
  expect(await rewards()).toEqual([]);
  expect(await turns()).toEqual([]);
}

describe("a reward webhook that is Extole's", () => {
  it('is on the disk once it is answered, and its store is woken', async () => {
    expect(await send(flat('6957'))).toBe(200);
    expect(await rewards()).toMatchObject([
      {
        store_hash: STORE,
        reward_id: '6957',
        channel_id: 1,
        heard_count: 1,
        heard_at: START,
        created_at: START,
        found_by: 'webhook',
        state: 'waiting',
        supplier_id: null,
        promotion_id: null,
        due_at: START,
        attempt_count: 0,
        failing_since: null,
        failure_code: null,
        failure_message: null,
        fulfilled_at: null,
      },
    ]);
    expect(await turns()).toEqual([`fulfill-rewards:${STORE}`]);
    expect(await outcomes()).toEqual({ heard: 1 });
  });

  it.each([
    ['nested', nested('6957')],
    ['flat', flat('6957')],
    ['nothing but its id', { reward_id: '6957' }],
  ])('names its reward: %s', async (_shape, body) => {
    expect(await send(body)).toBe(200);
    expect(await heard()).toEqual([['6957', 1, 1]]);
  });

  it.each([
    'application/json; charset=utf-8',
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/octet-stream',
  ])('may come as %s, and be written in any way', async (type) => {
    const body = JSON.stringify(nested('6957'), null, 4);
    expect(await send(body, { headers: { ...signed(body), 'content-type': type } })).toBe(200);
    expect(await heard()).toEqual([['6957', 1, 1]]);
  });

  it('may come without a content type', async () => {
    const payload = JSON.stringify(flat('6957'));
    const { statusCode } = await app.inject({
      method: 'POST',
      url: `/webhooks/extole/${STORE}/1`,
      headers: signed(payload),
      payload,
    });
    expect(statusCode).toBe(200);
    expect(await heard()).toEqual([['6957', 1, 1]]);
  });

  it.each(WEBHOOK_PROOFS)('is proven as settings say: %s', async (webhookProof) => {
    await saveRewards(1, { settings: { webhookProof } });
    const body = JSON.stringify(flat('6957'));
    const hmac = (algorithm: string): string => createHmac(algorithm, KEY).update(body).digest('hex');
    const headers = {
      'hmac-sha256': { 'x-extole-signature': hmac('sha256') },
      'hmac-sha256-prefixed': { 'x-extole-signature': `sha256=${hmac('sha256')}` },
      'hmac-sha1-prefixed': { 'x-extole-signature': `sha1=${hmac('sha1')}` },
      bearer: { authorization: `Bearer ${KEY}` },
      basic: { authorization: `Basic ${Buffer.from(KEY).toString('base64')}` },
    };
    for (const proof of WEBHOOK_PROOFS) {
      expect([proof, await send(body, { headers: headers[proof] })]).toEqual([
        proof,
        proof === webhookProof ? 200 : 401,
      ]);
    }
    expect(await heard()).toEqual([['6957', 1, 1]]);
  });

  it('is kept where rewards are switched off: they wait until they are on', async () => {
    await saveRewards(1, { settings: { isEnabled: false } });
    expect(await send(flat('6957'))).toBe(200);
    expect(await heard()).toEqual([['6957', 1, 1]]);
  });

  it('counts for the account of the storefront that its own one follows, with that one’s key', async () => {
    await world.saveChannel(STORE, 2, { sameAs: 1 });
    // From before it followed.
    await saveRewards(2, { key: 'key-of-its-own-99' });
    const body = JSON.stringify(flat('6957'));
    expect(await send(body, { to: `${STORE}/2` })).toBe(200);
    expect(await send(body, { to: `${STORE}/2`, headers: signed(body, 'key-of-its-own-99') })).toBe(401);
    expect(await heard()).toEqual([['6957', 1, 1]]);
    expect([await webhookAt(1), await webhookAt(2)]).toEqual([START, null]);
  });

  it('adds one to what is known of its reward, has it worked at again, and leaves its state alone', async () => {
    await send(flat('6957'));
    const later = new Date(START.getTime() + MINUTE);
    for (const state of ['waiting', 'fulfilled', 'failed', 'canceled', 'ignored'] as const) {
      await deps.db
        .updateTable('reward')
        .set({ state, due_at: null, heard_count: 1, attempt_count: 3, heard_at: START })
        .execute();
      await world.forgetTurns();
      world.clock.timeMs = later.getTime();
      expect(await send(nested('6957'))).toBe(200);
      expect(await rewards()).toMatchObject([
        { state, heard_count: 2, heard_at: later, due_at: later, created_at: START, attempt_count: 3 },
      ]);
      expect(await turns()).toEqual([`fulfill-rewards:${STORE}`]);
    }
  });

  it('is one of many that come at once, with repeats: each reward is there once, and all of them are counted', async () => {
    await world.addStore('store2');
    await world.saveChannel('store2', 7);
    await saveRewards(7, { storeHash: 'store2' });
    const ids = Array.from({ length: 60 }, (_, index) => `${1_000 + index}`);
    const sent = await Promise.all(
      ids.flatMap((id) => [send(flat(id)), send(nested(id)), send(flat(id), { to: 'store2/7' })]),
    );
    expect(new Set(sent)).toEqual(new Set([200]));
    const rows = await rewards();
    expect(
      rows.filter(({ store_hash }) => store_hash === STORE).map((row) => [row.reward_id, row.heard_count]),
    ).toEqual(ids.map((id) => [id, 2]));
    expect(
      rows.filter(({ store_hash }) => store_hash === 'store2').map((row) => [row.reward_id, row.channel_id]),
    ).toEqual(ids.map((id) => [id, 7]));
    expect((await turns()).sort()).toEqual(['fulfill-rewards:store1', 'fulfill-rewards:store2']);
    expect(await outcomes()).toEqual({ heard: 180 });
  });

  it.each([
    ['no JSON', 'reward'],
    ['nothing', ''],
    ['a list', [flat('6957')]],
    ['no reward_id', { type: 'person_updated' }],
    ['a number', flat(6957)],
    ['null', flat(null)],
    ['an empty one', flat('')],
    ['one that would lead to another address', flat('../persons')],
    ['one of 101 characters', flat('1'.repeat(101))],
    ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00])],
  ])('is taken and ignored where its reward can’t be read: %s', async (_what, body) => {
    expect(await send(body)).toBe(200);
    await expectNothing();
    expect(await webhookAt()).toEqual(START);
    expect(await outcomes()).toEqual({ ignored: 1 });
    expect(loggedNow()).toContain('a reward webhook names no reward');
  });

  it('may name a reward by 100 characters', async () => {
    expect(await send(flat('a-_1'.repeat(25)))).toBe(200);
    expect(await heard()).toEqual([['a-_1'.repeat(25), 1, 1]]);
  });

  it('is noted once a minute', async () => {
    expect(await webhookAt()).toBeNull();
    await send(flat('1'));
    expect(await webhookAt()).toEqual(START);
    world.clock.timeMs = START.getTime() + MINUTE - 1;
    await send(flat('2'));
    expect(await webhookAt()).toEqual(START);
    world.clock.timeMs = START.getTime() + MINUTE;
    await send(flat('3'));
    expect(await webhookAt()).toEqual(new Date(START.getTime() + MINUTE));
  });

  it('does not wait for whoever saves the settings at the moment', async () => {
    await deps.db.transaction().execute(async (db) => {
      await sql`select 1 from reward_settings for update`.execute(db);
      expect(await send(flat('6957'))).toBe(200);
    });
    expect(await heard()).toEqual([['6957', 1, 1]]);
    expect(await webhookAt()).toBeNull();
  });

  it('is answered with a failure, and so sent again, when it is not on the disk', async () => {
    vi.spyOn(deps.queue, 'wake').mockRejectedValueOnce(new Error('the disk is full'));
    expect(await send(flat('6957'))).toBe(500);
    await expectNothing();
    expect(await outcomes()).toEqual({ failed: 1 });
    expect(await send(flat('6957'))).toBe(200);
    expect(await heard()).toEqual([['6957', 1, 1]]);
  });

  it('is answered with a failure when its key can’t be opened: it may be once the key is back', async () => {
    await deps.db
      .updateTable('reward_settings')
      .set({ webhook_key: deps.secrets.seal(KEY, rewardWebhookKeyPurpose(STORE, 2)) })
      .execute();
    expect(await send(flat('6957'))).toBe(500);
    await expectNothing();
    expect(await outcomes()).toEqual({ failed: 1 });
  });

  it('leaves nothing personal, no key and no signature in the log', async () => {
    await send(nested('6957'));
    await send({ data: { email: 'jane@example.com' } });
    await send(nested('6957'), { headers: signed('other') });
    expect(loggedNow()).not.toMatch(/jane|example\.com|client-key|earned_event_value|[0-9a-f]{64}/);
  });
});

describe("a reward webhook that is not shown to be Extole's", () => {
  it('is refused with a code and a sentence, and nothing is done', async () => {
    const body = JSON.stringify(flat('6957'));
    const answer = await app.inject({
      method: 'POST',
      url: `/webhooks/extole/${STORE}/1`,
      headers: { 'content-type': 'application/json', ...signed(body, 'another-key-0123456789') },
      payload: body,
    });
    expect(answer.statusCode).toBe(401);
    expect(answer.json()).toEqual({
      code: 'REWARD_WEBHOOK_REFUSED',
      message: expect.stringContaining('Rewards page'),
    });
    await expectNothing();
    expect(await webhookAt()).toBeNull();
    expect(await outcomes()).toEqual({ refused: 1 });
  });

  it.each([
    ['no signature', {}],
    ['the signature of another body', signed('{}')],
    ['the key in place of a signature', { 'x-extole-signature': KEY }],
    ['the key in place of its signature', { authorization: `Bearer ${KEY}` }],
  ])('is refused: %s', async (_what, headers) => {
    expect(await send(flat('6957'), { headers })).toBe(401);
    await expectNothing();
    expect(await outcomes()).toEqual({ refused: 1 });
  });

  it.each([
    ['a store that nobody knows', 'store9/1'],
    ['a storefront that nobody knows', `${STORE}/9`],
    ['no number', `${STORE}/one`],
    ['zero', `${STORE}/0`],
    ['a number that is none of ours', `${STORE}/99999999999999999999`],
    ['no store hash', '%00/1'],
    ['letters that no store hash has', 'STORE1/1'],
  ])('is refused where it names %s, as if the key were wrong', async (_what, to) => {
    expect(await send(flat('6957'), { to })).toBe(401);
    await expectNothing();
    expect(await outcomes()).toEqual({ refused: 1 });
  });

  it('is refused where nobody set a client key', async () => {
    await saveRewards(1, { key: null });
    expect(await send(flat('6957'))).toBe(401);
    await deps.db.deleteFrom('reward_settings').execute();
    expect(await send(flat('6957'))).toBe(401);
    await expectNothing();
  });

  it('is refused where the store left', async () => {
    await deps.db.updateTable('store').set({ uninstalled_at: START }).execute();
    expect(await send(flat('6957'))).toBe(401);
    await expectNothing();
  });

  it('is refused with the key of another storefront', async () => {
    await world.saveChannel(STORE, 2);
    await saveRewards(2, { key: 'key-of-another-99' });
    const body = JSON.stringify(flat('6957'));
    expect(await send(body, { headers: signed(body, 'key-of-another-99') })).toBe(401);
    expect(await send(body, { to: `${STORE}/2`, headers: signed(body, 'key-of-another-99') })).toBe(200);
    expect(await heard()).toEqual([['6957', 2, 1]]);
  });

  it('is not even looked at where it has more than 64 KB', async () => {
    const limit = 64 * 1_024;
    const most = `{"reward_id":"6957"${' '.repeat(limit - 20)}}`;
    expect(Buffer.byteLength(most)).toBe(limit);
    expect(await send(`${most} `)).toBe(413);
    await expectNothing();
    expect(await send(most)).toBe(200);
    expect(await heard()).toEqual([['6957', 1, 1]]);
  });
});

describe('the intake of rewards', () => {
  it('counts all that is heard of a known reward at once', async () => {
    const intake = createRewardIntake(deps);
    const news = { storeHash: STORE, channelId: 1, rewardId: '6957' };
    await intake.hear(news);
    await Promise.all([intake.hear(news), intake.hear(news), intake.hear(news)]);
    expect(await heard()).toEqual([['6957', 1, 4]]);
  });

  it('keeps nothing of a store that left', async () => {
    await deps.db.updateTable('store').set({ uninstalled_at: START }).execute();
    await createRewardIntake(deps).hear({ storeHash: STORE, channelId: 1, rewardId: '6957' });
    await expectNothing();
  });

  it.each(['40001', '40P01', '23503'])('tries again after PostgreSQL’s %s', async (code) => {
    const wake = vi
      .spyOn(deps.queue, 'wake')
      .mockRejectedValueOnce(Object.assign(new Error('in the way'), { code }));
    await createRewardIntake(deps).hear({ storeHash: STORE, channelId: 1, rewardId: '6957' });
    expect(wake).toHaveBeenCalledTimes(2);
    expect(await heard()).toEqual([['6957', 1, 1]]);
  });
});
