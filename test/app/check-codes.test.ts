import type { Insertable } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CouponCodeTable } from '../../src/app/database/tables.js';
import { checkCodes } from '../../src/app/rewards/check-codes.js';
import { storeClient } from '../../src/app/stores/stores.js';
import { type RewardWorld, START, STORE, startRewardWorld } from '../support/reward-world.js';

let world: RewardWorld;
beforeAll(async () => {
  world = await startRewardWorld();
});
beforeEach(() => world.reset());
afterAll(() => world?.close());

const MINUTE = 60_000;

const check = async () => checkCodes(world.deps, await storeClient(world.deps, STORE));
const inStore = () => [...world.codes.values()].map(({ code }) => code).sort();
const calls = (pattern: RegExp) => world.calls.filter(({ name }) => pattern.test(name));

/** A code that is to be checked now, in the store unless it has no value. */
async function addDue(values: Partial<Insertable<CouponCodeTable>> = {}): Promise<void> {
  const { code = null, promotion_id = 13 } = values;
  if (code !== null) addToStore(code, promotion_id);
  await world.deps.db
    .insertInto('coupon_code')
    .values({
      store_hash: STORE,
      channel_id: 1,
      promotion_id,
      code,
      marker: code ?? 'MARKER-',
      state: 'deleted',
      created_at: START,
      check_at: START,
      ...values,
    })
    .execute();
}

function addToStore(code: string, promotionId = 13, current_uses = 0): void {
  const id = world.codes.size + 1;
  world.codes.set(id, { id, code, promotionId, max_uses: 1, max_uses_per_customer: 1, current_uses });
}

const dueTimes = async () =>
  (await world.codeRows()).map(({ promotion_id, check_at }) => [promotion_id, check_at?.getTime() ?? null]);

describe('codes that nobody wants', () => {
  it('are deleted, but for those that somebody used', async () => {
    await addDue({ code: 'GIVEN-UP' });
    await addDue({ code: 'MARKER-1', marker: 'MARKER-', state: 'made', reward_id: 'r1' });
    addToStore('MARKER-2');
    addToStore('MARKER-USED', 13, 1);
    addToStore('GIVEN-UP-NOT');
    await check();
    expect(inStore()).toEqual(['GIVEN-UP-NOT', 'MARKER-1', 'MARKER-USED']);
    expect(await dueTimes()).toEqual([
      [13, null],
      [13, null],
    ]);
  });

  it('are looked for in one reading of a promotion’s codes, and deleted at once, where they are many', async () => {
    for (let number = 100; number < 340; number += 1) await addDue({ code: `READY-${number}` });
    addToStore('READY-1000');
    await check();
    expect(inStore()).toEqual(['READY-1000']);
    expect(calls(/^GET/)).toHaveLength(1);
    expect(calls(/^DELETE/)).toHaveLength(1);
  });

  it('are looked for by their values where they are few', async () => {
    for (let number = 0; number < 10; number += 1) await addDue({ code: `READY-${number}` });
    addToStore('OTHER');
    await check();
    expect(inStore()).toEqual(['OTHER']);
    expect(calls(/^GET/)).toHaveLength(10);
    expect(calls(/^DELETE/)).toHaveLength(1);
  });

  it('are deleted though those of another promotion can not be, which is tried again later', async () => {
    await addDue({ code: 'BAD', promotion_id: 12, check_at: new Date(START.getTime() - 1) });
    await addDue({ code: 'GOOD' });
    world.setFault(({ name }, carryOut) =>
      name.startsWith('DELETE /v3/promotions/12') ? { status: 422, body: {} } : carryOut(),
    );
    await check();
    expect(inStore()).toEqual(['BAD']);
    expect(await dueTimes()).toEqual([
      [12, START.getTime() + 5 * MINUTE],
      [13, null],
    ]);
  });

  it('are all left for later when BigCommerce takes no calls', async () => {
    for (const promotion_id of [12, 13]) await addDue({ code: `READY-${promotion_id}`, promotion_id });
    world.setFault(() => ({ status: 401, body: {} }));
    await check();
    expect(world.calls).toHaveLength(1);
    expect(await dueTimes()).toEqual([
      [12, START.getTime() + 5 * MINUTE],
      [13, START.getTime() + 5 * MINUTE],
    ]);
  });

  it.each([
    [19_999, 2],
    [20_000, 1],
  ])('of a further promotion are begun with after %i ms: %i of two are through', async (ms, count) => {
    for (const promotion_id of [12, 13]) await addDue({ code: `READY-${promotion_id}`, promotion_id });
    world.setFault(({ name }, carryOut) => {
      if (name.startsWith('DELETE')) world.clock.timeMs += ms;
      return carryOut();
    });
    await check();
    expect(calls(/^DELETE/)).toHaveLength(count);
  });
});
