import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { replayRewards } from '../../src/app/rewards/replay-rewards.js';
import { resumeRewards, resumeStoreRewards } from '../../src/app/rewards/resume-rewards.js';
import { wakeOverdue } from '../../src/app/wake.js';
import {
  extoleRefusal,
  type RewardWorld,
  START,
  STORE,
  startRewardWorld,
  type WorldCall,
  type WorldCode,
  type WorldPromotion,
} from '../support/reward-world.js';

let world: RewardWorld;
beforeAll(async () => {
  world = await startRewardWorld();
});
beforeEach(() => world.reset());
afterAll(() => world?.close());

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const later = (ms: number): Date => new Date(world.clock.timeMs + ms);
const callsTo = (pattern: RegExp): WorldCall[] => world.calls.filter(({ name }) => pattern.test(name));
const told = () => callsTo(/POST .*custom-reward/);
const codes = (): string[] => [...world.codes.values()].map(({ code }) => code);

function promotion(id: number): WorldPromotion {
  const found = world.promotions.get(id);
  if (!found) throw new Error(`There is no promotion ${id}.`);
  return found;
}

function inExtole(rewardId = 'r1') {
  const found = world.rewards.get(rewardId);
  if (!found) throw new Error(`There is no reward ${rewardId}.`);
  return found;
}

function onlyCode(): WorldCode {
  const [code] = world.codes.values();
  if (!code || world.codes.size > 1) throw new Error(`There are ${world.codes.size} codes.`);
  return code;
}

async function addReady(code: string, madeAt: Date, promotionId = 13, maxUses = 1): Promise<void> {
  const id = world.codes.size + 1;
  world.codes.set(id, {
    id,
    code,
    promotionId,
    max_uses: maxUses,
    max_uses_per_customer: 1,
    current_uses: 0,
  });
  await world.deps.db
    .insertInto('coupon_code')
    .values({
      store_hash: STORE,
      channel_id: 1,
      promotion_id: promotionId,
      code,
      marker: code,
      state: 'made',
      max_uses: maxUses,
      max_uses_per_customer: 1,
      created_at: START,
      made_at: madeAt,
    })
    .execute();
}

/** What somebody waits for, and what lets them go on. */
function signal(): readonly [Promise<void>, () => void] {
  let give = (): void => {};
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return [given, give];
}

const replay = (...rewardIds: string[]) => replayRewards(world.deps, STORE, { rewardIds });

describe('an earned reward', () => {
  it('gets a code of its promotion that can be used once, and Extole is told all that it asks for', async () => {
    await world.earn('r1');
    world.clock.timeMs += 3_000;
    await world.turn();
    const { code, promotionId, max_uses, max_uses_per_customer } = onlyCode();
    expect({ promotionId, max_uses, max_uses_per_customer }).toEqual({
      promotionId: 12,
      max_uses: 1,
      max_uses_per_customer: 1,
    });
    expect(code).toMatch(/^[A-HJKMNP-Z2-9]{10}$/);
    expect(told()).toEqual([
      {
        name: 'POST /v2/rewards/custom-reward/r1/fulfilled',
        body: {
          partner_reward_id: code,
          message: 'A coupon code of BigCommerce promotion 12.',
          cost_code: null,
          face_value: null,
          face_value_type: null,
          success: true,
        },
      },
    ]);
    expect(await world.reward('r1')).toMatchObject({
      state: 'fulfilled',
      supplier_id: 'supplier1',
      promotion_id: 12,
      fulfilled_at: later(0),
      due_at: null,
      failure_code: null,
    });
    const { values } = await world.deps.metrics.rewardDelay.get();
    expect(values.find(({ metricName }) => metricName?.endsWith('_sum'))?.value).toBe(3);
  });

  it('gets a code that BigCommerce draws where the promotion is one of many codes', async () => {
    await world.saveRewards({
      code: { prefix: 'THANKS-', pattern: 'random', length: 10, excludesLookAlikes: true },
      maxUses: 3,
      maxUsesPerCustomer: 2,
    });
    await world.earn('r1', { partnerSupplierId: '13' });
    await world.turn();
    expect(callsTo(/codegen/)).toEqual([
      {
        name: 'POST /v3/promotions/13/codegen',
        body: {
          batch_size: 1,
          max_uses: 3,
          max_uses_per_customer: 2,
          prefix: expect.stringMatching(/^THANKS-[A-Z2-9]{8}$/),
          delimiter: '-',
          code_length: 6,
          exclude_characters: ['0', 'O', '1', 'I', 'L'],
        },
      },
    ]);
    expect(inExtole()).toMatchObject({ state: 'FULFILLED', partnerRewardId: onlyCode().code });
  });

  it('is told as sent where the merchant sends codes, to an e-mail address if there is one', async () => {
    await world.saveRewards({ told: 'fulfilled_and_sent' });
    await world.earn('r1');
    await world.earn('r2', { email: null });
    await world.turn();
    const [sent, notSent] = told().sort((one, other) => (one.name < other.name ? -1 : 1));
    expect(sent).toMatchObject({
      name: 'POST /v2/rewards/custom-reward/r1/fulfilled_and_sent',
      body: { email: 'jane@example.com', partner_reward_sent_id: null },
    });
    expect(notSent).toMatchObject({ name: 'POST /v2/rewards/custom-reward/r2/fulfilled' });
  });

  it('leaves neither its code nor an e-mail address in the log', async () => {
    await world.earn('r1');
    await world.earn('r2', { partnerSupplierId: '99' });
    await world.turn();
    expect(world.logged()).toContain('r2');
    expect(world.logged()).not.toContain(onlyCode().code);
    expect(world.logged()).not.toContain('jane');
  });

  it('is told once, however often its webhook comes', async () => {
    await world.earn('r1');
    await world.hear('r1');
    await world.turn();
    await world.hear('r1');
    world.clock.timeMs += MINUTE;
    await world.turn();
    expect(told()).toHaveLength(1);
    expect(codes()).toHaveLength(1);
    expect(await world.reward('r1')).toMatchObject({ state: 'fulfilled', fulfilled_at: START, due_at: null });
  });

  it('is looked at again when its webhook comes while it is worked at, and not before that is done', async () => {
    const [isHeard, hear] = signal();
    const [isOtherReached, reachOther] = signal();
    await world.earn('r1');
    await world.earn('r2');
    world.setFault(async ({ name }, carryOut) => {
      if (name.endsWith('/r2/fulfilled')) await isHeard;
      if (name.endsWith('GET /v2/rewards/r3')) reachOther();
      if (name.endsWith('/r1/fulfilled')) {
        await world.hear('r1');
        world.clock.timeMs += 1;
        await world.earn('r3');
        hear();
        await isOtherReached;
      }
      return carryOut();
    });
    await world.turn();
    expect(callsTo(/GET .*r1/)).toHaveLength(2);
    expect(callsTo(/POST .*r1/)).toHaveLength(1);
    expect(await world.reward('r1')).toMatchObject({ state: 'fulfilled', due_at: null });
  });

  it('has another code drawn in place of one that somebody else has', async () => {
    await world.earn('r1');
    let drawn = 0;
    world.setFault((call, carryOut) => {
      if (!call.name.endsWith('/12/codes')) return carryOut();
      drawn += 1;
      return drawn === 1 ? { status: 409, body: {} } : carryOut();
    });
    await world.settle();
    const asked = callsTo(/POST .*\/codes/).map(({ body }) => body);
    expect(asked).toHaveLength(2);
    expect(asked[0]).not.toEqual(asked[1]);
    expect(inExtole().partnerRewardId).toBe(onlyCode().code);
  });

  it.each([
    ['we drew', '12', /POST .*12\/codes/],
    ['BigCommerce drew', '13', /POST .*codegen/],
  ])(
    'keeps the code that %s when the answer was lost, and none is made again',
    async (_who, partnerSupplierId, ask) => {
      await world.earn('r1', { partnerSupplierId });
      world.setFault((call, carryOut) => {
        const answer = carryOut();
        return ask.test(call.name) ? 'lost' : answer;
      });
      await world.turn();
      expect(await world.reward('r1')).toMatchObject({
        state: 'waiting',
        failure_code: 'BIGCOMMERCE_UNAVAILABLE',
        due_at: later(10_000),
      });
      world.setFault();
      world.clock.timeMs += 10_000;
      await world.turn();
      expect(callsTo(ask)).toHaveLength(1);
      expect(inExtole()).toMatchObject({ state: 'FULFILLED', partnerRewardId: onlyCode().code });
    },
  );

  it('keeps the code that was made after all, between a look for it and the next request', async () => {
    await world.earn('r1');
    world.setFault((call, carryOut) => {
      const answer = carryOut();
      return call.name.endsWith('/12/codes') ? 'lost' : answer;
    });
    await world.turn();
    let looks = 0;
    world.setFault((call, carryOut) => {
      const answer = carryOut();
      if (call.name !== 'GET /v3/promotions/12/codes') return answer;
      looks += 1;
      return looks === 1 ? { ...answer, body: { ...Object(answer.body), data: [] } } : answer;
    });
    world.clock.timeMs += 10_000;
    await world.turn();
    expect(inExtole()).toMatchObject({ state: 'FULFILLED', partnerRewardId: onlyCode().code });
    expect(await world.codeRows()).toHaveLength(1);
  });

  it('keeps one code where BigCommerce shows late what it made, and its answer was lost', async () => {
    await world.earn('r1');
    const shownAt = later(MINUTE).getTime();
    let asked = 0;
    world.setFault((call, carryOut) => {
      const isTaken = call.name === 'POST /v3/promotions/12/codes' && asked === 1;
      if (call.name === 'POST /v3/promotions/12/codes') asked += 1;
      if (isTaken) return { status: 409, body: {} };
      const answer = carryOut();
      if (call.name === 'POST /v3/promotions/12/codes' && asked === 1) return 'lost';
      const isEmpty = /GET .*codes/.test(call.name) && world.clock.timeMs < shownAt;
      return isEmpty ? { ...answer, body: { ...Object(answer.body), data: [] } } : answer;
    });
    await world.turn();
    expect(codes()).toHaveLength(1);
    world.clock.timeMs += 10_000;
    await world.turn();
    expect(codes()).toHaveLength(2);
    await world.settle();
    expect(inExtole()).toMatchObject({ history: ['FULFILLED'], partnerRewardId: onlyCode().code });
  });

  it('knows its promotion in the end, though the answer to its code was lost', async () => {
    await world.earn('r1');
    world.setFault((call, carryOut) => {
      const answer = carryOut();
      return call.name.endsWith('/r1/fulfilled') ? 'lost' : answer;
    });
    await world.turn();
    world.setFault();
    await world.settle();
    expect(await world.reward('r1')).toMatchObject({ state: 'fulfilled', promotion_id: 12 });
  });

  it.each([
    ['we drew', '12', /POST .*12\/codes/],
    ['BigCommerce drew', '13', /POST .*codegen/],
  ])(
    'has the code that %s asked for anew after a 429, and looks for none',
    async (_who, partnerSupplierId, ask) => {
      await world.earn('r1', { partnerSupplierId });
      world.setFault((call, carryOut) => (ask.test(call.name) ? { status: 429 } : carryOut()));
      await world.turn();
      world.setFault();
      await world.settle();
      expect(callsTo(/GET .*codes/)).toEqual([]);
      expect(await world.codeRows()).toMatchObject([{ state: 'made', asked_count: 1, check_at: null }]);
      expect(inExtole()).toMatchObject({ state: 'FULFILLED', partnerRewardId: onlyCode().code });
    },
  );

  it('is ignored where Extole takes no code of its supplier, and has none', async () => {
    await world.earn('r1');
    world.setFault((call, carryOut) =>
      call.name.includes('custom-reward') ? extoleRefusal('reward_type_not_supported') : carryOut(),
    );
    await world.settle();
    expect(await world.reward('r1')).toMatchObject({
      state: 'ignored',
      failure_code: 'REWARD_NOT_CUSTOM',
      failure_message: expect.stringContaining('supplier1'),
    });
    expect(callsTo(/POST .*\/codes/)).toHaveLength(1);
    expect(codes()).toEqual([]);
  });

  it('waits when five codes in a row are taken', async () => {
    await world.earn('r1');
    world.setFault((call, carryOut) =>
      call.name.endsWith('/12/codes') ? { status: 409, body: {} } : carryOut(),
    );
    await world.turn();
    expect(callsTo(/POST .*\/codes/)).toHaveLength(5);
    expect(await world.reward('r1')).toMatchObject({ state: 'waiting', failure_code: 'COUPON_CODES_TAKEN' });
  });
});

describe('the promotion of a reward', () => {
  it.each([
    ['is the one that the supplier names', '12', {}, 12],
    ['is the one that the supplier names, before the one of the settings', ' 12 ', { suppliers: true }, 12],
    ['is the one of the settings where the supplier names none', null, { suppliers: true }, 13],
    ['is the one of the settings where the supplier names something else', '12-B', { suppliers: true }, 13],
    ['is the one of the settings where the supplier names number 0', '0', { suppliers: true }, 13],
    [
      'is the one of the settings where what suppliers name does not count',
      '12',
      { suppliers: true, usesPartnerSupplierIds: false },
      13,
    ],
  ])(
    '%s',
    async (_what, partnerSupplierId, { suppliers, ...settings }: Record<string, boolean>, expected) => {
      await world.saveRewards({
        ...settings,
        suppliers: suppliers ? [{ supplierId: 'supplier1', promotionId: 13 }] : [],
      });
      await world.earn('r1', { partnerSupplierId });
      await world.turn();
      expect(onlyCode().promotionId).toBe(expected);
    },
  );

  it('is missed until the merchant enters it, and nobody is told of that', async () => {
    await world.earn('r1', { partnerSupplierId: null });
    await world.turn();
    expect(await world.reward('r1')).toMatchObject({
      state: 'ignored',
      failure_code: 'REWARD_SUPPLIER_UNKNOWN',
      due_at: null,
    });
    expect(told()).toEqual([]);

    await world.deps.db.transaction().execute(async (db) => {
      await world.saveRewards({ suppliers: [{ supplierId: 'supplier1', promotionId: 12 }] }, db);
      await resumeRewards(world.deps, db, STORE, 1);
    });
    expect(await world.nextTurn()).toBeDefined();
    await world.turn();
    expect(inExtole().partnerRewardId).toBe(onlyCode().code);
  });

  it.each<[string, (id: number) => void, string]>([
    ['is gone', (id) => world.promotions.delete(id), 'is not there any more'],
    ['has no coupons', (id) => (promotion(id).redemption_type = 'AUTOMATIC'), 'is no coupon promotion'],
    ['is invalid', (id) => (promotion(id).status = 'INVALID'), 'is not valid'],
    ['ends at this moment', (id) => (promotion(id).end_date = START.toISOString()), 'has ended'],
    [
      'has been used as often as it may be',
      (id) => Object.assign(promotion(id), { max_uses: 5, current_uses: 5 }),
      'has been used as often',
    ],
  ])(
    'fails the reward when it %s, with a sentence for Extole and one for the merchant',
    async (_what, spoil, words) => {
      await world.earn('r1');
      spoil(12);
      await world.turn();
      expect(inExtole().history).toEqual(['FAILED']);
      expect(told()).toMatchObject([{ body: { message: expect.stringContaining(`promotion 12 ${words}`) } }]);
      expect(await world.reward('r1')).toMatchObject({
        state: 'failed',
        promotion_id: 12,
        failure_code: 'PROMOTION_UNUSABLE',
        failure_message: expect.stringContaining(`promotion 12 ${words}`),
        due_at: null,
      });
      expect(callsTo(/POST .*promotions/)).toEqual([]);
      // What comes twice tells the merchant no less.
      await world.hear('r1');
      await world.turn();
      expect((await world.reward('r1')).failure_code).toBe('PROMOTION_UNUSABLE');
    },
  );

  it.each([
    ['of which we draw the codes', '12', 422],
    ['of which we draw the codes', '12', 405],
    ['of which BigCommerce draws the codes', '13', 422],
    ['of which BigCommerce draws the codes', '13', 405],
  ])('fails the reward when BigCommerce makes no code of one %s: %s, %i', async (_what, id, status) => {
    await world.earn('r1', { partnerSupplierId: id });
    world.setFault((call, carryOut) =>
      /POST .*\/(codes|codegen)$/.test(call.name) ? { status, body: { title: 'no' } } : carryOut(),
    );
    await world.settle();
    expect(inExtole().history).toEqual(['FAILED']);
    expect(told()).toMatchObject([
      { body: { message: expect.stringContaining(`promotion ${id} has no codes made`) } },
    ]);
    expect(await world.reward('r1')).toMatchObject({ state: 'failed', failure_code: 'PROMOTION_UNUSABLE' });
    expect((await world.codeRows()).map(({ state }) => state)).toEqual(['deleted']);
  });

  it.each([
    ['it was lost', () => 'lost' as const],
    ['Extole could not be asked after that', () => ({ status: 503 })],
  ])('tells why it failed a reward, whether Extole answered or not: %s', async (_what, answerTo) => {
    await world.earn('r1');
    promotion(12).status = 'INVALID';
    world.setFault((call, carryOut) => {
      const answer = carryOut();
      return call.name.endsWith('/r1/failed') ? 'lost' : answer;
    });
    await world.turn();
    world.setFault(answerTo);
    world.clock.timeMs += MINUTE;
    await world.turn();
    world.setFault();
    await world.settle();
    expect(await world.reward('r1')).toMatchObject({
      state: 'failed',
      promotion_id: 12,
      failure_code: 'PROMOTION_UNUSABLE',
    });
  });

  it('is another one where the supplier leads there before a code was made, and the first has no code then', async () => {
    await world.earn('r1');
    world.setFault((call, carryOut) => {
      const answer = carryOut();
      return call.name.endsWith('POST /v3/promotions/12/codes') ? 'lost' : answer;
    });
    await world.turn();
    expect(onlyCode().promotionId).toBe(12);
    world.setFault();
    inExtole().partnerSupplierId = '13';
    await world.settle();
    expect(onlyCode().promotionId).toBe(13);
    expect(inExtole().partnerRewardId).toBe(onlyCode().code);
  });

  it('stays the one of a code that was made', async () => {
    await world.earn('r1');
    world.setFault((call, carryOut) => (call.name.endsWith('/r1/fulfilled') ? { status: 503 } : carryOut()));
    await world.turn();
    world.setFault();
    inExtole().partnerSupplierId = '13';
    await world.settle();
    expect(onlyCode().promotionId).toBe(12);
    expect(inExtole().partnerRewardId).toBe(onlyCode().code);
  });

  it('gives codes until the moment before it ends, and before it begins', async () => {
    Object.assign(promotion(12), {
      start_date: later(HOUR).toISOString(),
      end_date: later(1).toISOString(),
      max_uses: 5,
      current_uses: 4,
    });
    await world.earn('r1');
    await world.turn();
    expect(inExtole().state).toBe('FULFILLED');
  });

  it('has the reward wait while it is switched off, and go on by itself', async () => {
    promotion(12).status = 'DISABLED';
    await world.earn('r1');
    await world.turn();
    expect(await world.reward('r1')).toMatchObject({
      state: 'waiting',
      failure_code: 'PROMOTION_UNUSABLE',
      due_at: later(10_000),
    });
    expect(told()).toEqual([]);
    promotion(12).status = 'ENABLED';
    world.clock.timeMs += 10_000;
    await world.turn();
    expect(await world.reward('r1')).toMatchObject({ state: 'fulfilled', failure_code: null });
  });
});

describe('a code that is kept ready', () => {
  it('is given at once, the oldest first, and others are made in its place', async () => {
    await addReady('READY-NEW', later(-1_000));
    await addReady('READY-OLD', later(-2_000));
    await addReady('READY-OTHER', later(-3_000), 14);
    await world.earn('r1', { partnerSupplierId: '13' });
    await world.turn();
    expect(inExtole().partnerRewardId).toBe('READY-OLD');
    expect(callsTo(/POST .*promotions/)).toEqual([]);
    expect(await world.nextTurn('refill-codes')).toBeDefined();
    const rows = await world.codeRows();
    expect(rows.filter(({ reward_id }) => reward_id)).toMatchObject([{ code: 'READY-OLD', given_at: START }]);
  });

  it('is given on the terms that the storefront wants, and on no others', async () => {
    await addReady('READY-OLD-TERMS', later(-2_000), 13, 500);
    await addReady('READY', later(-1_000));
    for (const id of ['r1', 'r2']) {
      await world.earn(id, { partnerSupplierId: '13' });
      await world.turn();
    }
    expect(inExtole('r1').partnerRewardId).toBe('READY');
    expect(callsTo(/POST .*codegen/).map(({ body }) => body)).toMatchObject([{ max_uses: 1 }]);
    expect(inExtole('r2').partnerRewardId).not.toBe('READY-OLD-TERMS');
  });

  it('is looked for where it was made a day ago or earlier, and another one is given where it is gone', async () => {
    await addReady('READY-GONE', later(-2 * 24 * HOUR));
    await addReady('READY-THERE', later(-24 * HOUR));
    await addReady('READY-NEW', later(1 - 24 * HOUR));
    for (const [id, { code }] of world.codes) if (code === 'READY-GONE') world.codes.delete(id);
    await world.earn('r1', { partnerSupplierId: '13' });
    await world.turn();
    expect(inExtole('r1').partnerRewardId).toBe('READY-THERE');
    expect(callsTo(/GET .*codes/)).toHaveLength(2);
    await world.earn('r2', { partnerSupplierId: '13' });
    await world.turn();
    expect(inExtole('r2').partnerRewardId).toBe('READY-NEW');
    expect(callsTo(/GET .*codes/)).toHaveLength(2);
    const gone = (await world.codeRows()).find(({ code }) => code === 'READY-GONE');
    expect(gone).toMatchObject({ state: 'deleted', check_at: null });
  });

  it('is made at once after five in a row are gone', async () => {
    for (let number = 1; number <= 6; number += 1) await addReady(`READY-${number}`, later(-2 * 24 * HOUR));
    world.codes.clear();
    await world.earn('r1', { partnerSupplierId: '13' });
    await world.turn();
    expect(callsTo(/GET .*codes/)).toHaveLength(5);
    expect(codes()).toEqual([inExtole('r1').partnerRewardId]);
  });

  it('is given to one reward only, however many come at once', async () => {
    for (let number = 1; number <= 5; number += 1) await addReady(`READY-${number}`, START);
    for (let number = 1; number <= 8; number += 1)
      await world.earn(`r${number}`, { partnerSupplierId: '13' });
    await Promise.all([world.turn(), world.turn()]);
    await world.settle();
    const given = [...world.rewards.values()].map(({ partnerRewardId }) => partnerRewardId);
    expect(new Set(given).size).toBe(8);
    expect(codes().sort()).toEqual([...given].sort());
  });
});

describe('a reward that was taken back', () => {
  it.each(['CANCELED', 'REVOKED'] as const)('loses the code that nobody used: %s', async (state) => {
    await world.earn('r1');
    await world.turn();
    inExtole().state = state;
    await world.hear('r1');
    await world.turn();
    expect(codes()).toEqual([]);
    expect(await world.reward('r1')).toMatchObject({ state: 'canceled', due_at: null });
    expect(await world.codeRows()).toMatchObject([{ state: 'deleted', deleted_at: START }]);
  });

  it('keeps the code that somebody used', async () => {
    await world.earn('r1');
    await world.turn();
    onlyCode().current_uses = 1;
    inExtole().state = 'REVOKED';
    await world.hear('r1');
    await world.turn();
    expect(codes()).toHaveLength(1);
    expect(await world.reward('r1')).toMatchObject({ state: 'canceled' });
    expect(await world.codeRows()).toMatchObject([{ state: 'made' }]);
  });

  it.each(['12', '13'])('loses a code that nobody told us of: promotion %s', async (partnerSupplierId) => {
    await world.earn('r1', { partnerSupplierId });
    world.setFault((call, carryOut) => {
      const answer = carryOut();
      return /POST .*\/(codes|codegen)$/.test(call.name) ? 'lost' : answer;
    });
    await world.turn();
    expect(codes()).toHaveLength(1);
    world.setFault();
    inExtole().state = 'CANCELED';
    await world.hear('r1');
    await world.turn();
    expect(codes()).toEqual([]);
  });

  it('has no code made when it comes too late', async () => {
    await world.earn('r1', { state: 'CANCELED' });
    await world.turn();
    expect(callsTo(/v3/)).toEqual([]);
    expect((await world.reward('r1')).state).toBe('canceled');
  });

  it('loses its code when it was taken back while the code was made', async () => {
    await world.earn('r1');
    world.setFault((call, carryOut) => {
      const answer = carryOut();
      if (call.name.endsWith('/12/codes')) inExtole().state = 'CANCELED';
      return answer;
    });
    await world.turn();
    expect(codes()).toEqual([]);
    expect((await world.reward('r1')).state).toBe('canceled');
  });
});

describe('a reward that Extole failed', () => {
  it.each(['12', '13'])('loses a code that nobody told us of: promotion %s', async (partnerSupplierId) => {
    await world.earn('r1', { partnerSupplierId });
    world.setFault((call, carryOut) => {
      const answer = carryOut();
      return /POST .*\/(codes|codegen)$/.test(call.name) ? 'lost' : answer;
    });
    await world.turn();
    expect(codes()).toHaveLength(1);
    world.setFault();
    inExtole().state = 'FAILED';
    await world.hear('r1');
    await world.turn();
    expect(codes()).toEqual([]);
    expect(await world.reward('r1')).toMatchObject({
      state: 'failed',
      failure_code: 'REWARD_FAILED_IN_EXTOLE',
    });
  });

  it('keeps the code that was made, for a replay', async () => {
    await world.earn('r1');
    world.setFault((call, carryOut) => {
      if (call.name.endsWith('/r1/fulfilled')) inExtole().state = 'FAILED';
      return call.name.endsWith('/r1/fulfilled') ? 'lost' : carryOut();
    });
    await world.turn();
    world.setFault();
    await world.settle();
    const { code } = onlyCode();
    expect(await world.reward('r1')).toMatchObject({ state: 'failed', promotion_id: 12 });
    await replay('r1');
    await world.settle();
    expect(inExtole()).toMatchObject({ state: 'FULFILLED', partnerRewardId: code });
  });
});

describe('a reward that somebody else fulfilled', () => {
  it('gets no code of ours', async () => {
    await world.earn('r1', { state: 'FULFILLED', partnerRewardId: 'THEIRS' });
    await world.turn();
    expect(codes()).toEqual([]);
    expect(await world.reward('r1')).toMatchObject({
      state: 'ignored',
      failure_code: 'REWARD_FULFILLED_ELSEWHERE',
    });
  });

  it('loses ours, which Extole does not take', async () => {
    await world.earn('r1');
    world.setFault((call, carryOut) => {
      if (call.name.endsWith('/fulfilled'))
        Object.assign(inExtole(), { state: 'SENT', partnerRewardId: 'THEIRS' });
      return carryOut();
    });
    await world.turn();
    expect(codes()).toEqual([]);
    expect(await world.reward('r1')).toMatchObject({ state: 'ignored' });
    expect(inExtole().partnerRewardId).toBe('THEIRS');
  });
});

describe('a reward that Extole does not know', () => {
  it('waits for ten minutes, and is ignored then until there is another token', async () => {
    await world.hear('r1');
    await world.turn();
    expect(await world.reward('r1')).toMatchObject({ state: 'waiting', failure_code: 'reward_not_found' });
    world.clock.timeMs += 10 * MINUTE - 1;
    await world.turn();
    expect((await world.reward('r1')).state).toBe('waiting');
    world.clock.timeMs += HOUR;
    await world.turn();
    expect(await world.reward('r1')).toMatchObject({ state: 'ignored', failure_code: 'REWARD_UNKNOWN' });
    await resumeRewards(world.deps, world.deps.db, STORE, 1);
    expect(await world.reward('r1')).toMatchObject({ state: 'waiting', due_at: later(0) });
  });

  it('stays fulfilled where it was, and is taken back once Extole knows it again', async () => {
    await world.earn('r1');
    await world.turn();
    const known = inExtole();
    world.rewards.clear();
    await world.hear('r1');
    world.clock.timeMs += HOUR;
    await world.turn();
    const unknown = { state: 'fulfilled', failure_code: 'REWARD_UNKNOWN', due_at: null };
    expect(await world.reward('r1')).toMatchObject(unknown);
    expect(codes()).toHaveLength(1);
    await replay('r1');
    await world.turn();
    expect(await world.reward('r1')).toMatchObject(unknown);

    world.rewards.set('r1', { ...known, state: 'CANCELED' });
    await resumeRewards(world.deps, world.deps.db, STORE, 1);
    await world.turn();
    expect(await world.reward('r1')).toMatchObject({ state: 'canceled', failure_code: null });
    expect(codes()).toEqual([]);
  });

  it('is looked at again after thirty days by nobody, and before that where something can have mended it', async () => {
    const resume = (mayMend: boolean) => resumeRewards(world.deps, world.deps.db, STORE, 1, mayMend);
    const isDue = async () => (await world.reward('r1')).due_at !== null;
    await world.earn('r1', { partnerSupplierId: null });
    await world.turn();
    world.clock.timeMs += 30 * 24 * HOUR - 1;
    await resume(false);
    await resumeStoreRewards(world.deps, world.deps.db, STORE);
    expect(await isDue()).toBe(false);
    world.clock.timeMs += 1;
    await resume(true);
    expect(await isDue()).toBe(false);
    world.clock.timeMs -= 1;
    await resume(true);
    expect(await isDue()).toBe(true);
  });
});

describe('trouble that passes', () => {
  it('has a reward wait twice as long each time, two hours at most, and never gives it up', async () => {
    await world.earn('r1');
    world.setFault(() => ({ status: 503 }));
    const waits: number[] = [];
    for (let tries = 0; tries < 14; tries += 1) {
      await world.turn();
      const { due_at: dueAt } = await world.reward('r1');
      const waitMs = (dueAt?.getTime() ?? 0) - world.clock.timeMs;
      waits.push(waitMs / 1_000);
      world.clock.timeMs += waitMs;
    }
    expect(waits.slice(0, 4)).toEqual([10, 20, 40, 80]);
    expect(waits.slice(-2)).toEqual([7_200, 7_200]);
    world.setFault();
    await world.turn();
    expect(await world.reward('r1')).toMatchObject({
      state: 'fulfilled',
      failure_code: null,
      failing_since: null,
    });
  });

  it('leaves the rest to a later turn when four rewards in a row failed', async () => {
    for (let number = 1; number <= 20; number += 1) await world.earn(`r${number}`);
    world.setFault(() => ({ status: 503 }));
    await world.turn();
    expect(world.calls.length).toBeLessThan(8);
    expect(await world.nextTurn()).toEqual(later(10_000));
    world.setFault();
    await world.settle();
    expect([...world.rewards.values()].every(({ state }) => state === 'FULFILLED')).toBe(true);
  });

  it('has all rewards wait as long as Extole says when it is asked too much', async () => {
    for (let number = 1; number <= 20; number += 1) await world.earn(`r${number}`);
    world.setFault(() => ({ ...extoleRefusal('too_many_requests', 429), headers: { 'retry-after': '90' } }));
    await world.turn();
    expect(world.calls.length).toBeLessThanOrEqual(4);
    expect(await world.nextTurn()).toEqual(later(90_000));
    expect(await world.reward('r20')).toMatchObject({ due_at: later(90_000), failing_since: null });
  });

  it('has all rewards of the store wait when BigCommerce does not let us in, until it does', async () => {
    for (let number = 1; number <= 20; number += 1) await world.earn(`r${number}`);
    world.setFault((call, carryOut) => (call.name.includes('/v3/') ? { status: 403 } : carryOut()));
    await world.turn();
    expect(await world.reward('r20')).toMatchObject({
      state: 'waiting',
      due_at: later(HOUR),
      failure_code: 'BIGCOMMERCE_SCOPE_MISSING',
    });
    world.setFault();
    await resumeStoreRewards(world.deps, world.deps.db, STORE);
    await world.turn();
    expect(inExtole('r20').state).toBe('FULFILLED');
  });

  it('has rewards wait when the store no longer has the app', async () => {
    await world.earn('r1');
    await world.deps.db.updateTable('store').set({ access_token: null, uninstalled_at: START }).execute();
    await world.turn();
    expect(await world.reward('r1')).toMatchObject({
      due_at: later(HOUR),
      failure_code: 'STORE_NOT_INSTALLED',
    });
    expect(world.calls).toEqual([]);
  });
});

describe('a token that Extole refuses', () => {
  const refuse = (call: WorldCall, carryOut: () => ReturnType<typeof extoleRefusal>) =>
    call.name.includes('/v2/') ? extoleRefusal('access_denied', 403) : carryOut();

  it('has all rewards wait for an hour, and they go on at once when another one is saved', async () => {
    for (let number = 1; number <= 20; number += 1) await world.earn(`r${number}`);
    world.setFault(refuse);
    await world.turn();
    expect(world.calls.length).toBeLessThanOrEqual(4);
    const waiting = await world.deps.db.selectFrom('reward').select(['due_at', 'failure_code']).execute();
    expect(
      new Set(waiting.map(({ due_at, failure_code }) => `${due_at?.toISOString()} ${failure_code}`)),
    ).toEqual(new Set([`${later(HOUR).toISOString()} access_denied`]));
    world.setFault();
    await world.deps.db.transaction().execute(async (db) => {
      await world.saveChannel({ token: 'another-token-of-brand-1234' }, db);
      await resumeRewards(world.deps, db, STORE, 1);
    });
    await world.turn();
    expect(told()).toHaveLength(20);
  });

  it('is no reason to put rewards off that wait for a later time, nor a second time', async () => {
    await world.earn('r1');
    await world.earn('r2');
    await world.earn('r3');
    const { leaseMs } = world.deps.timing;
    for (const [rewardId, dueAt] of [
      ['r2', later(leaseMs)],
      ['r3', later(leaseMs + 1)],
    ] as const) {
      await sql`update reward set due_at = ${dueAt} where reward_id = ${rewardId}`.execute(world.deps.db);
    }
    const [waits, dueLater] = [later(HOUR), later(leaseMs + 1)];
    world.setFault(refuse);
    await world.turn();
    const dues = async () =>
      Promise.all(['r1', 'r2', 'r3'].map(async (id) => (await world.reward(id)).due_at));
    expect(await dues()).toEqual([waits, waits, dueLater]);
    world.clock.timeMs += 1_000;
    await world.earn('r4');
    await world.turn();
    expect((await dues()).slice(0, 2)).toEqual([waits, waits]);
    expect((await world.reward('r4')).due_at).toEqual(later(HOUR));
  });

  it('keeps no reward waiting that another token was saved for meanwhile', async () => {
    await world.earn('r1');
    await world.earn('r2');
    let isSaved = false;
    world.setFault(async () => {
      if (!isSaved) {
        isSaved = true;
        await world.deps.db.transaction().execute(async (db) => {
          await world.saveChannel({ token: 'another-token-of-brand-1234' }, db);
          await resumeRewards(world.deps, db, STORE, 1);
        });
      }
      return extoleRefusal('invalid_access_token', 403);
    });
    await world.turn();
    expect(await world.reward('r1')).toMatchObject({ state: 'waiting', due_at: START });
    expect(await world.reward('r2')).toMatchObject({ state: 'waiting', due_at: START });
  });

  it('is missed where there is none', async () => {
    await world.saveChannel({ token: null });
    await world.earn('r1');
    await world.turn();
    expect(await world.reward('r1')).toMatchObject({
      due_at: later(HOUR),
      failure_code: 'ACCESS_TOKEN_MISSING',
    });
    expect(world.calls).toEqual([]);
    expect(await world.nextTurn()).toEqual(later(HOUR));
  });
});

describe('rewards of a storefront that is switched off', () => {
  it.each<[string, () => Promise<unknown>, string | null]>([
    ['its rewards', () => world.saveRewards({ isEnabled: false }), null],
    ['all of it', () => world.saveChannel({ settings: { isEnabled: false } }), 'STOREFRONT_OFF'],
    ['nobody saved it yet', () => world.deps.db.deleteFrom('channel_settings').execute(), 'STOREFRONT_OFF'],
  ])('wait untried, and go on when it is switched on: %s', async (_what, switchOff, code) => {
    await switchOff();
    await world.earn('r1');
    await world.turn();
    expect(world.calls).toEqual([]);
    const waiting = { state: 'waiting', attempt_count: 0, failure_code: code, due_at: later(HOUR) };
    expect(await world.reward('r1')).toMatchObject(waiting);
    expect(await world.nextTurn()).toEqual(later(HOUR));
    // So long, nobody is woken for nothing.
    await world.forgetTurns();
    world.clock.timeMs += HOUR;
    await wakeOverdue(world.deps);
    expect(await world.nextTurn()).toBeUndefined();

    await world.deps.db.transaction().execute(async (db) => {
      await world.saveRewards({}, db);
      await world.saveChannel({}, db);
      await resumeRewards(world.deps, db, STORE, 1);
    });
    await world.turn();
    expect(inExtole().state).toBe('FULFILLED');
  });
});

describe('a replay', () => {
  async function fail(isRetryable: boolean): Promise<void> {
    promotion(12).status = 'INVALID';
    await world.earn('r1', { isRetryable });
    await world.turn();
    promotion(12).status = 'ENABLED';
    world.calls.length = 0;
  }

  it.each([true, false])(
    'gives a failed reward its code, whether Extole tries it again: %s',
    async (isRetryable) => {
      await fail(isRetryable);
      expect(await replay('r1', 'unknown')).toEqual({ replayed: 1 });
      expect(await world.nextTurn()).toBeDefined();
      await world.turn();
      expect(inExtole()).toMatchObject({ state: 'FULFILLED', partnerRewardId: onlyCode().code });
      expect(await world.reward('r1')).toMatchObject({
        state: 'fulfilled',
        is_replay: false,
        failure_code: null,
      });
    },
  );

  it('leads to another promotion where the supplier does by now', async () => {
    await fail(true);
    inExtole().partnerSupplierId = '13';
    await replay('r1');
    await world.turn();
    expect(onlyCode().promotionId).toBe(13);
  });

  it('fails again as before where nothing was mended', async () => {
    await fail(false);
    promotion(12).status = 'INVALID';
    await replay('r1');
    await world.turn();
    expect(await world.reward('r1')).toMatchObject({
      state: 'failed',
      failure_code: 'PROMOTION_UNUSABLE',
      is_replay: false,
    });
  });

  it('is done once, however often Extole’s own webhook comes while it fails again', async () => {
    await fail(true);
    promotion(12).status = 'INVALID';
    await replay('r1');
    world.setFault(async (call, carryOut) => {
      const answer = carryOut();
      if (call.name.startsWith('POST /v2/')) await world.hear('r1');
      return answer;
    });
    await world.settle();
    expect(callsTo(/retry/)).toHaveLength(1);
    expect(inExtole().history).toEqual(['FAILED', 'EARNED', 'FAILED']);
    expect(await world.reward('r1')).toMatchObject({
      state: 'failed',
      failure_code: 'PROMOTION_UNUSABLE',
      is_replay: false,
    });
  });

  it('is done though BigCommerce is away when Extole does not try the reward again', async () => {
    await fail(false);
    await replay('r1');
    world.setFault((call, carryOut) => (call.name.endsWith('/12/codes') ? 'lost' : carryOut()));
    await world.turn();
    world.setFault();
    await world.settle();
    expect(inExtole()).toMatchObject({ state: 'FULFILLED', partnerRewardId: onlyCode().code });
  });

  it('of all takes those that failed, and no others', async () => {
    await fail(true);
    await world.earn('r2', { partnerSupplierId: null });
    await world.turn();
    expect(await replayRewards(world.deps, STORE, { all: 'failed' })).toEqual({ replayed: 1 });
    expect(await world.reward('r2')).toMatchObject({ state: 'ignored' });
  });

  it('of a fulfilled reward makes no other code, and tells Extole nothing that it knows', async () => {
    await world.earn('r1');
    await world.turn();
    await replay('r1');
    await world.turn();
    expect(codes()).toHaveLength(1);
    expect(told()).toHaveLength(1);
    expect(await world.reward('r1')).toMatchObject({ state: 'fulfilled', is_replay: false });
  });

  it('that is asked for while the reward is worked at is done after that', async () => {
    await fail(true);
    promotion(12).status = 'INVALID';
    await replay('r1');
    world.setFault(async (call, carryOut) => {
      const answer = carryOut();
      if (call.name.endsWith('/failed')) await replay('r1');
      return answer;
    });
    await world.turn();
    expect(await world.reward('r1')).toMatchObject({ is_replay: true, due_at: START });
    world.setFault();
    promotion(12).status = 'ENABLED';
    await world.turn();
    expect(inExtole().state).toBe('FULFILLED');
  });

  it('is what a reward waits for that Extole failed', async () => {
    await world.earn('r1', { state: 'FAILED' });
    await world.turn();
    expect(await world.reward('r1')).toMatchObject({
      state: 'failed',
      failure_code: 'REWARD_FAILED_IN_EXTOLE',
    });
    expect(callsTo(/POST/)).toEqual([]);
  });
});

describe('a turn', () => {
  it('works at fifty rewards, the one that is due for longest first, and leaves the rest to the next', async () => {
    for (let number = 1; number <= 51; number += 1) {
      await world.earn(`r${number}`);
      world.clock.timeMs += 1;
    }
    await world.turn();
    expect(told()).toHaveLength(50);
    expect(inExtole('r51').state).toBe('EARNED');
    expect((await world.nextTurn())?.getTime()).toBeLessThanOrEqual(Date.now());
    // A promotion is not asked for each reward.
    expect(callsTo(/GET \/v3\/promotions\/12/)).toHaveLength(1);
  });

  it('comes no more when nothing waits', async () => {
    await world.earn('r1');
    await world.turn();
    expect(await world.nextTurn()).toBeUndefined();
  });

  it('is had by a store whose rewards or codes are overdue, whatever became of its job', async () => {
    await world.earn('r1');
    await world.forgetTurns();
    const overdue = () => wakeOverdue(world.deps);
    world.clock.timeMs += world.deps.timing.overdueMs;
    await overdue();
    expect(await world.nextTurn()).toBeUndefined();
    world.clock.timeMs += 1;
    await overdue();
    expect(await world.nextTurn()).toBeDefined();

    await sql`update reward set due_at = null`.execute(world.deps.db);
    await world.forgetTurns();
    await overdue();
    expect(await world.nextTurn()).toBeUndefined();
    await addReady('READY-1', START);
    await sql`update coupon_code set check_at = ${START}`.execute(world.deps.db);
    await overdue();
    expect(await world.nextTurn()).toBeDefined();
  });
});

describe('codes that nobody is to have', () => {
  it('are deleted once BigCommerce shows them, but for those that somebody used', async () => {
    const row = { store_hash: STORE, channel_id: 1, promotion_id: 13, created_at: START, deleted_at: START };
    await world.deps.db
      .insertInto('coupon_code')
      .values([
        { ...row, code: null, marker: 'MARKED-', state: 'deleted', check_at: later(5 * MINUTE) },
        { ...row, code: 'GIVEN-A1', marker: 'GIVEN-', state: 'made', check_at: later(5 * MINUTE) },
      ])
      .execute();
    const names = ['MARKED-A1', 'MARKED-USED', 'GIVEN-A1', 'GIVEN-B2', 'OTHER-A1'];
    for (const [index, code] of names.entries()) {
      const used = code === 'MARKED-USED' ? 1 : 0;
      const uses = { max_uses: 1, max_uses_per_customer: 1, current_uses: used };
      world.codes.set(index, { id: index, code, promotionId: 13, ...uses });
    }
    await world.turn();
    expect(codes()).toEqual(names);
    expect(await world.nextTurn()).toEqual(later(5 * MINUTE));
    world.clock.timeMs += 5 * MINUTE;
    await world.turn();
    expect(codes()).toEqual(['MARKED-USED', 'GIVEN-A1', 'OTHER-A1']);
    expect((await world.codeRows()).map(({ check_at }) => check_at)).toEqual([null, null]);
  });

  it('are looked for again minutes later when BigCommerce fails', async () => {
    await addReady('READY-1', START);
    await sql`update coupon_code set check_at = ${START}, state = 'deleted'`.execute(world.deps.db);
    world.setFault(() => ({ status: 401 }));
    await world.turn();
    expect(await world.nextTurn()).toEqual(later(5 * MINUTE));
    world.setFault();
    await world.settle();
    expect(codes()).toEqual([]);
  });
});
