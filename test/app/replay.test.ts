import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { claim } from '../../src/app/deliveries/claim.js';
import { type DeliveryDeps, deliver } from '../../src/app/deliveries/deliver.js';
import { replay } from '../../src/app/deliveries/replay.js';
import { TIMING } from '../../src/app/timing.js';
import type { EventFilter } from '../../src/catalog/activity-api.js';
import { refusal, START, startDeliveries } from '../support/deliveries.js';

const STORE = 'store1';
const DAY = 24 * 3_600_000;

let world: Awaited<ReturnType<typeof startDeliveries>>;
let deps: DeliveryDeps;

beforeAll(async () => {
  world = await startDeliveries();
  ({ deps } = world);
});
beforeEach(async () => {
  await sql`truncate store cascade`.execute(deps.db);
  await world.forgetTurns();
  world.clock.timeMs = START.getTime();
  world.received.length = 0;
  world.setAnswer();
  for (const storeHash of [STORE, 'store2']) {
    await world.addStore(storeHash);
    await world.saveChannel(storeHash, 1);
  }
});
afterAll(() => world?.close());

const at = (ms: number): Date => new Date(START.getTime() + ms);

describe('a replay', () => {
  test('of a delivered event sends the same again, under the same id, as a further attempt', async () => {
    const id = await world.addEvent(STORE);
    await deliver(deps, STORE);
    const before = await world.event(id);
    world.clock.timeMs += DAY;
    expect(await replay(deps, STORE, { ids: [id] })).toEqual({ replayed: 1, forgotten: 0 });
    expect(await world.event(id)).toMatchObject({ state: 'waiting', due_at: at(DAY), failing_since: null });
    expect((await world.turns()).map(({ key }) => key)).toEqual([`deliver:${STORE}`]);
    await deliver(deps, STORE);
    const [first, second] = world.received.map(({ body }) => body);
    expect(second).toEqual(first);
    expect(await world.event(id)).toMatchObject({
      state: 'delivered',
      attempt_count: 2,
      data: before.data,
      // It has been Extole's since then.
      delivered_at: before.delivered_at,
    });
    expect((await world.event(id)).extole_event_id).not.toBe(before.extole_event_id);
    expect((await world.attempts(id)).map(({ number, outcome }) => [number, outcome])).toEqual([
      [1, 'delivered'],
      [2, 'delivered'],
    ]);
  });

  test('of a dead event begins anew: it has three days again, and short pauses', async () => {
    const id = await world.addEvent(STORE, { failing_since: at(-4 * DAY) });
    world.setAnswer(refusal(500, 'software_error'));
    await deliver(deps, STORE);
    expect((await world.event(id)).state).toBe('dead');
    await replay(deps, STORE, { filter: { state: 'dead' } });
    await deliver(deps, STORE);
    expect(await world.event(id)).toMatchObject({
      state: 'waiting',
      failing_since: at(0),
      due_at: at(TIMING.retryBaseMs),
    });
  });

  test('of an event that waits for its next try has it now', async () => {
    const id = await world.addEvent(STORE, { due_at: at(DAY), failing_since: at(-DAY), attempt_count: 3 });
    expect(await replay(deps, STORE, { ids: [id] })).toEqual({ replayed: 1, forgotten: 0 });
    await deliver(deps, STORE);
    expect((await world.event(id)).state).toBe('delivered');
  });

  test('leaves an event that is being sent to whoever sends it, as long as they may live', async () => {
    const id = await world.addEvent(STORE);
    await claim(deps, STORE, [1], 1);
    const before = await world.event(id);
    expect(await replay(deps, STORE, { filter: {} })).toEqual({ replayed: 1, forgotten: 0 });
    expect(await world.event(id)).toEqual(before);
    world.clock.timeMs += TIMING.leaseMs;
    await replay(deps, STORE, { filter: {} });
    await deliver(deps, STORE);
    expect(world.received).toHaveLength(1);
  });

  test('counts those whose content is gone, and leaves them as they are', async () => {
    const ids = [
      await world.addEvent(STORE, { orderId: 1, state: 'delivered', due_at: null, data: null }),
      await world.addEvent(STORE, { orderId: 2, state: 'erased', due_at: null, data: null }),
      await world.addEvent(STORE, { orderId: 3, state: 'dead', due_at: null, data: null }),
      await world.addEvent(STORE, { orderId: 4, state: 'dead', due_at: null }),
    ];
    expect(await replay(deps, STORE, { ids })).toEqual({ replayed: 1, forgotten: 3 });
    const states = await Promise.all(ids.map(async (id) => (await world.event(id)).state));
    expect(states).toEqual(['delivered', 'erased', 'dead', 'waiting']);
  });

  test('touches no event of another store, even by its id', async () => {
    const theirs = await world.addEvent('store2', { state: 'dead', due_at: null });
    expect(await replay(deps, STORE, { ids: [theirs] })).toEqual({ replayed: 0, forgotten: 0 });
    expect(await replay(deps, STORE, { filter: {} })).toEqual({ replayed: 0, forgotten: 0 });
    expect((await world.event(theirs)).state).toBe('dead');
  });

  test('keeps the order of the events of one order', async () => {
    for (const kind of ['created', 'fulfilled', 'refunded'] as const) {
      await world.addEvent(STORE, { kind, state: 'delivered', due_at: null });
    }
    await replay(deps, STORE, { filter: {} });
    for (let turn = 0; turn < 3; turn += 1) await deliver(deps, STORE);
    expect(world.received.map(({ body }) => body.event_name)).toEqual(['created', 'fulfilled', 'refunded']);
  });

  test('by a filter lets new events pass, and one by ids does not wait behind it', async () => {
    const old = await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        world.addEvent(STORE, { orderId: index + 1, state: 'delivered', due_at: null }),
      ),
    );
    await replay(deps, STORE, { filter: {} });
    const one = await world.addEvent(STORE, { orderId: 100, state: 'dead', due_at: null });
    await replay(deps, STORE, { ids: [one] });
    await world.addEvent(STORE, { orderId: 101 });
    await deliver(deps, STORE);
    expect(world.received).toHaveLength(50);
    const told = world.received.map(({ body }) => body.data.partner_conversion_id);
    expect(told).toEqual(expect.arrayContaining(['100', '101']));
    await deliver(deps, STORE);
    expect(world.received).toHaveLength(old.length + 2);
  });

  test.each<[EventFilter, number[]]>([
    [{}, [1, 2, 3, 4]],
    [{ state: 'dead' }, [2, 3, 4]],
    [{ kind: 'fulfilled' }, [3]],
    [{ channelId: 2 }, [4]],
    [{ orderId: 2 }, [2]],
    [{ since: at(-DAY).toISOString() }, [1, 2, 3]],
    [{ until: at(-DAY).toISOString() }, [4]],
    [{ since: '2026-03-01T13:00:00+01:00' }, [1]],
    [{ since: at(-DAY).toISOString(), until: at(0).toISOString(), state: 'dead' }, [2, 3]],
    [{ state: 'erased' }, []],
  ])('by the filter %j has its orders sent: %j', async (filter, orders) => {
    const dead = { state: 'dead', due_at: null } as const;
    await world.addEvent(STORE, { orderId: 1, state: 'delivered', due_at: null });
    await world.addEvent(STORE, { ...dead, orderId: 2, created_at: at(-DAY) });
    await world.addEvent(STORE, { ...dead, orderId: 3, created_at: at(-1), kind: 'fulfilled' });
    await world.addEvent(STORE, { ...dead, orderId: 4, created_at: at(-DAY - 1), channel_id: 2 });
    expect(await replay(deps, STORE, { filter })).toEqual({ replayed: orders.length, forgotten: 0 });
    const waiting = await deps.db
      .selectFrom('event')
      .select('order_id')
      .where('state', '=', 'waiting')
      .orderBy('order_id')
      .execute();
    expect(waiting.map(({ order_id: order }) => order)).toEqual(orders);
  });
});
