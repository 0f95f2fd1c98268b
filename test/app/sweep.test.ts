import { sql } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  archiveOrder,
  changeOrder,
  type NewOrder,
  placeOrder,
  setOrderStatus,
} from '../../examples/sandbox/bigcommerce/orders.js';
import { forgetStore } from '../../src/app/install/uninstall.js';
import { lookAtOrders } from '../../src/app/orders/look-at-orders.js';
import { PAGES_PER_TURN } from '../../src/app/orders/order-pages.js';
import { sweep, sweepAll } from '../../src/app/orders/sweep.js';
import { keepWebhooks } from '../../src/app/provision/webhooks.js';
import { TIMING } from '../../src/app/timing.js';
import type { ActivityAnswer } from '../../src/catalog/activity-api.js';
import { ORDERS_PAGE_SIZE } from '../../src/store/order-types.js';
import { appStore, START } from '../support/app-store.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const LAG = TIMING.sweepLagMs;

const store = appStore();
const deps = () => store.test.deps;
const hash = () => store.test.storeHash;
const content = () => store.test.content;

beforeEach(async () => {
  content().now = () => deps().now();
  content().lastOrderId = 99;
  await store.save({ isEnabled: true });
  await keepWebhooks(deps(), hash());
  // What a test is about is never that it is the first sweep, nor the one that comes with the first save.
  await sql`select graphile_worker.remove_job(${`sweep:${hash()}`})`.execute(deps().db);
  await deps().db.updateTable('order_sweep').set({ hooks_checked_at: START }).execute();
  store.test.api.clearCalls();
});

const at = (ms: number): Date => new Date(START.getTime() + ms);
const setTime = (ms: number): void => store.setNow(at(ms));
const place = (placedAt: number, order: NewOrder = {}): number => {
  setTime(placedAt);
  return placeOrder(content(), order).fields.id;
};
/** Sweeps at a time, one turn unless others are told of. */
const sweepAt = async (ms: number): Promise<void> => {
  setTime(ms);
  await sweep(deps(), hash());
};
/** Looks at all that is due. */
const look = (): Promise<void> => lookAtOrders(deps(), hash());

const rows = () => deps().db.selectFrom('store_order').selectAll().orderBy('order_id').execute();
const row = async (orderId: number) => (await rows()).find((one) => one.order_id === orderId);
const due = async (): Promise<number[]> =>
  (await rows()).filter(({ due_at }) => due_at !== null).map(({ order_id }) => order_id);
const told = async (): Promise<string[]> =>
  (
    await deps()
      .db.selectFrom('event')
      .select(['order_id', 'kind'])
      .orderBy('order_id')
      .orderBy('sequence')
      .execute()
  ).map(({ order_id, kind }) => `${order_id} ${kind}`);
const progress = () =>
  deps().db.selectFrom('order_sweep').selectAll().where('store_hash', '=', hash()).executeTakeFirstOrThrow();
const summary = async (): Promise<ActivityAnswer['sweep']> =>
  (await store.ask<ActivityAnswer>('GET', '/api/activity')).body.sweep;
const pagesAsked = () => store.test.api.calls().filter(({ path }) => path === '/v2/orders');

describe('a sweep', () => {
  it('has an order looked at that no webhook told of, once', async () => {
    const id = place(MINUTE);
    await sweepAt(HOUR);
    expect(await row(id)).toMatchObject({ found_by: 'sweep', due_at: at(HOUR), heard_count: 1, priority: 0 });
    await look();
    expect(await told()).toEqual([`${id} created`]);
    await sweepAt(2 * HOUR);
    await sweepAt(3 * HOUR);
    expect(await due()).toEqual([]);
    expect(await told()).toEqual([`${id} created`]);
  });

  it('leaves to webhooks what changed lately, and comes back for it', async () => {
    const swept = place(HOUR - LAG);
    const late = place(HOUR - LAG + SECOND);
    await sweepAt(HOUR);
    expect(await due()).toEqual([swept]);
    await sweepAt(HOUR + SECOND);
    expect(await due()).toEqual([swept, late]);
  });

  it('has an order looked at again that changed since it was looked at', async () => {
    const id = place(MINUTE);
    const other = place(MINUTE);
    await sweepAt(HOUR);
    await look();
    setTime(HOUR + MINUTE);
    setOrderStatus(content(), id, 2);
    await sweepAt(2 * HOUR);
    expect(await due()).toEqual([id]);
    await look();
    expect(await told()).toEqual([`${id} created`, `${id} fulfilled`, `${other} created`]);
  });

  it('sees by its status that an order changed again within the second in which it was looked at', async () => {
    const id = place(MINUTE, { statusId: 0 });
    setTime(MINUTE + 300);
    await deps()
      .db.insertInto('store_order')
      .values({
        store_hash: hash(),
        order_id: id,
        heard_at: at(MINUTE),
        found_by: 'webhook',
        due_at: at(MINUTE),
      })
      .execute();
    await look();
    expect(await row(id)).toMatchObject({ outcome: 'not-yet', due_at: null });
    setOrderStatus(content(), id, 11);
    await sweepAt(HOUR);
    await look();
    expect(await told()).toEqual([`${id} created`]);
  });

  it('tells how many it found, the last time and in all', async () => {
    place(MINUTE);
    place(MINUTE);
    await sweepAt(HOUR);
    expect(await summary()).toMatchObject({ sweptAt: at(HOUR).toISOString(), lastFound: 2, totalFound: 2 });
    await look();
    place(HOUR);
    await sweepAt(2 * HOUR);
    expect(await summary()).toMatchObject({ lastFound: 1, totalFound: 3 });
    await look();
    await sweepAt(3 * HOUR);
    expect(await summary()).toMatchObject({
      sweptAt: at(3 * HOUR).toISOString(),
      lastFound: 0,
      totalFound: 3,
    });
  });

  it('has an order that is due looked at once more, keeps its place and does not count it', async () => {
    const id = place(MINUTE);
    await deps()
      .db.insertInto('store_order')
      .values({
        store_hash: hash(),
        order_id: id,
        heard_at: at(MINUTE),
        found_by: 'webhook',
        due_at: at(5 * HOUR),
        priority: 1,
      })
      .execute();
    await sweepAt(HOUR);
    expect(await row(id)).toMatchObject({
      found_by: 'webhook',
      due_at: at(5 * HOUR),
      heard_count: 2,
      priority: 0,
    });
    expect(await progress()).toMatchObject({ total_found: 0 });
  });

  it('leaves orders alone that were placed before we began', async () => {
    place(-DAY);
    const first = place(0);
    setTime(MINUTE);
    for (const id of content().orders.keys()) changeOrder(content(), id, { customer_id: 5 });
    await sweepAt(HOUR);
    expect((await rows()).map(({ order_id }) => order_id)).toEqual([first]);
  });

  it('goes on with an order that something was told of, whenever it was placed', async () => {
    const id = place(MINUTE);
    await sweepAt(HOUR);
    await look();
    await deps()
      .db.updateTable('order_sweep')
      .set({ orders_since: at(MINUTE + SECOND) })
      .execute();
    setTime(HOUR + MINUTE);
    setOrderStatus(content(), id, 2);
    await sweepAt(2 * HOUR);
    await look();
    expect(await told()).toEqual([`${id} created`, `${id} fulfilled`]);
  });

  it('finds nothing in an archived order that was told, and does not mind', async () => {
    const id = place(MINUTE);
    await sweepAt(HOUR);
    await look();
    setTime(HOUR + MINUTE);
    archiveOrder(content(), id);
    await sweepAt(2 * HOUR);
    await look();
    expect(await told()).toEqual([`${id} created`]);
  });
});

describe('a sweep of a store that tells Extole nothing', () => {
  it('asks for no order; once it is switched on, all of the meantime are found', async () => {
    await store.save({ isEnabled: false });
    store.test.api.clearCalls();
    const id = place(MINUTE);
    await sweepAt(DAY);
    expect(pagesAsked()).toEqual([]);
    await store.save({ isEnabled: true });
    await sweepAt(2 * DAY);
    expect(await due()).toEqual([id]);
  });

  it('finds orders that were looked at while it was off', async () => {
    await store.save({ isEnabled: false });
    const id = place(MINUTE);
    await deps()
      .db.insertInto('store_order')
      .values({
        store_hash: hash(),
        order_id: id,
        heard_at: at(MINUTE),
        found_by: 'webhook',
        due_at: at(MINUTE),
      })
      .execute();
    await look();
    expect(await row(id)).toMatchObject({ outcome: 'channel-off', due_at: null });
    await store.save({ isEnabled: true });
    await sweepAt(HOUR);
    await look();
    expect(await told()).toEqual([`${id} created`]);
  });

  it('finds the orders of a storefront that is switched on after others were swept', async () => {
    await store.addChannel(2);
    await store.save({ isEnabled: false }, {}, { channelId: 2 });
    const id = place(MINUTE, { fields: { channel_id: 2 } });
    await sweepAt(HOUR);
    expect(await due()).toEqual([]);
    await store.save({ isEnabled: true }, {}, { channelId: 2 });
    await sweepAt(HOUR + MINUTE);
    expect(await due()).toEqual([id]);
  });

  it('leaves out the orders of a storefront that is off, or that nobody set up', async () => {
    for (const channelId of [2, 3, 4]) await store.addChannel(channelId);
    await store.save({ isEnabled: false }, {}, { channelId: 2 });
    await store.save({}, { sameAs: 1 }, { channelId: 4 });
    const [first, , , fourth] = [1, 2, 3, 4].map((channelId) => place(MINUTE, { channelId }));
    await sweepAt(HOUR);
    expect((await rows()).map(({ order_id }) => order_id)).toEqual([first, fourth]);
  });
});

describe('a sweep of many orders', () => {
  const placeMany = (count: number, placedAt = MINUTE): void => {
    for (let number = 0; number < count; number += 1) place(placedAt);
  };

  it.each([
    [ORDERS_PAGE_SIZE - 1, 1],
    [ORDERS_PAGE_SIZE, 2],
    [ORDERS_PAGE_SIZE + 1, 2],
  ])('finds %i of them on %i pages', async (count, pages) => {
    placeMany(count);
    await sweepAt(HOUR);
    expect(await due()).toHaveLength(count);
    expect(pagesAsked()).toHaveLength(pages);
    expect(await progress()).toMatchObject({ swept_to: at(HOUR - LAG), total_found: count });
  });

  it('skips none when some change between two pages', async () => {
    placeMany(ORDERS_PAGE_SIZE + 10);
    const moved = [100, 101, 102];
    let pages = 0;
    store.test.api.setFault(({ path }) =>
      path === '/v2/orders'
        ? {
            onHandled() {
              pages += 1;
              if (pages === 1) for (const id of moved) changeOrder(content(), id, { customer_id: 9 });
            },
          }
        : undefined,
    );
    await sweepAt(HOUR);
    expect(await due()).toHaveLength(ORDERS_PAGE_SIZE + 10);
    await deps()
      .db.updateTable('store_order')
      .set({ due_at: null, modified_at: at(MINUTE), status_id: 11 })
      .execute();
    await sweepAt(2 * HOUR);
    expect(await due()).toEqual(moved);
  });

  it('makes room for other stores after a while, and goes on from there', async () => {
    const inATurn = PAGES_PER_TURN * ORDERS_PAGE_SIZE;
    placeMany(inATurn + 1);
    const [last] = [...content().orders.keys()].slice(-1);
    await sweepAt(HOUR);
    expect(pagesAsked()).toHaveLength(PAGES_PER_TURN);
    expect(await due()).toHaveLength(inATurn);
    // Nothing is said to be swept before all of it is.
    expect(await progress()).toMatchObject({ swept_to: START, swept_at: null, next_order_id: last });
    expect(await store.queued('sweep')).toMatchObject([{ payload: { storeHash: hash() } }]);
    // What comes meanwhile is for the next sweep.
    const next = place(HOUR);
    setTime(2 * HOUR);
    await store.run('sweep');
    expect(await store.queued('sweep')).toEqual([]);
    expect(await due()).toHaveLength(inATurn + 1);
    expect(await progress()).toMatchObject({
      swept_to: at(HOUR - LAG),
      last_found: inATurn + 1,
      total_found: inATurn + 1,
    });
    await sweepAt(2 * HOUR);
    expect(await due()).toContain(next);
  });

  it('goes on where an earlier one broke off, and counts nothing twice', async () => {
    placeMany(ORDERS_PAGE_SIZE + 5);
    let pages = 0;
    store.test.api.setFault(({ path }) => {
      if (path !== '/v2/orders') return undefined;
      pages += 1;
      return pages === 2 ? { status: 400 } : undefined;
    });
    await expect(sweepAt(HOUR)).rejects.toMatchObject({ code: 'BIGCOMMERCE_REFUSED' });
    expect(await due()).toHaveLength(ORDERS_PAGE_SIZE);
    expect(await progress()).toMatchObject({ swept_to: START, last_found: ORDERS_PAGE_SIZE });
    store.test.api.clearCalls();
    await sweepAt(HOUR + MINUTE);
    expect(pagesAsked().map(({ query }) => query.min_id)).toEqual([`${100 + ORDERS_PAGE_SIZE}`]);
    expect(await progress()).toMatchObject({
      swept_to: at(HOUR - LAG),
      last_found: ORDERS_PAGE_SIZE + 5,
      total_found: ORDERS_PAGE_SIZE + 5,
    });
  });

  it('begins again in a store that was away meanwhile', async () => {
    placeMany(ORDERS_PAGE_SIZE);
    setTime(HOUR);
    await deps()
      .db.updateTable('order_sweep')
      .set({ sweeping_to: at(-DAY), next_order_id: 1_000 })
      .execute();
    await sweepAt(HOUR);
    expect(await due()).toHaveLength(ORDERS_PAGE_SIZE);
  });

  it('finds each once when two processes sweep at the same time', async () => {
    placeMany(2 * ORDERS_PAGE_SIZE + 1);
    setTime(HOUR);
    await Promise.all([1, 2, 3].map(() => sweep(deps(), hash())));
    const count = 2 * ORDERS_PAGE_SIZE + 1;
    expect(await progress()).toMatchObject({ swept_to: at(HOUR - LAG), total_found: count });
    expect((await rows()).map(({ heard_count }) => heard_count)).toEqual(Array(count).fill(1));
  });
});

describe('a store that can not be swept', () => {
  it('is told of in the log, and keeps where it had come', async () => {
    place(MINUTE);
    store.test.api.setFault(() => ({ status: 401 }));
    await expect(sweepAt(HOUR)).rejects.toMatchObject({ code: 'BIGCOMMERCE_UNAUTHORIZED' });
    expect(store.test.logged()).toContain('a store could not be swept');
    expect(await progress()).toMatchObject({ swept_to: START });
    store.test.api.setFault();
    await sweepAt(2 * HOUR);
    expect(await due()).toHaveLength(1);
  });

  it('has uninstalled the app', async () => {
    await forgetStore(deps(), hash());
    await expect(sweepAt(HOUR)).rejects.toMatchObject({ code: 'STORE_NOT_INSTALLED' });
  });
});

describe('webhooks that BigCommerce switched off', () => {
  const switchOff = (): void => {
    for (const [id, hook] of content().hooks) content().hooks.set(id, { ...hook, is_active: false });
  };
  const areOn = (): boolean => [...content().hooks.values()].every(({ is_active }) => is_active);

  it('are on again within the hour, which the page tells', async () => {
    switchOff();
    await sweepAt(TIMING.hooksCheckMs - 1);
    expect(areOn()).toBe(false);
    await sweepAt(TIMING.hooksCheckMs);
    expect(areOn()).toBe(true);
    const { body } = await store.ask<ActivityAnswer>('GET', '/api/activity');
    expect(body.wokenWebhooks).toContainEqual({
      scope: 'store/order/created',
      wokenAt: at(TIMING.hooksCheckMs).toISOString(),
    });
    expect(store.test.logged()).toContain('webhooks were switched off, and are on again');
    // And not asked for with each sweep.
    store.test.api.clearCalls();
    await sweepAt(2 * TIMING.hooksCheckMs - 1);
    expect(store.test.api.calls().filter(({ path }) => path.startsWith('/v3/hooks'))).toEqual([]);
  });

  it('are looked after in a store that tells Extole nothing, too', async () => {
    await store.save({ isEnabled: false });
    switchOff();
    await sweepAt(TIMING.hooksCheckMs);
    expect(areOn()).toBe(true);
  });
});

describe('all stores', () => {
  const addStore = (storeHash: string, rest: object = {}) =>
    deps()
      .db.insertInto('store')
      .values({
        store_hash: storeHash,
        name: '',
        scope: '',
        order_statuses: '[]',
        installed_at: START,
        ...rest,
      })
      .execute();

  const addStores = async (): Promise<void> => {
    for (let number = 0; number < 100; number += 1) await addStore(`other${number}`);
  };
  /** Each sweep that begins where the clock runs `sweepAll` at these times. What waits begins on time. */
  async function sweptWhen(times: readonly number[]): Promise<Map<string, number[]>> {
    const swept = new Map<string, number[]>();
    for (const [index, time] of times.entries()) {
      setTime(time);
      await sweepAll(deps());
      for (const { payload, runAt, key } of await store.queued('sweep')) {
        const begins = runAt.getTime() - START.getTime();
        if (begins >= (times[index + 1] ?? time + MINUTE)) continue;
        await sql`select graphile_worker.remove_job(${key})`.execute(deps().db);
        swept.set(payload.storeHash, [...(swept.get(payload.storeHash) ?? []), begins]);
      }
    }
    return swept;
  }
  const everyMinute = (from: number, minutes: number): number[] =>
    Array.from({ length: minutes }, (_, minute) => from + minute * MINUTE);

  it('are swept once in 15 minutes each, evenly, unless they do not let us in', async () => {
    await addStores();
    await addStore('gone', { uninstalled_at: START });
    await addStore('refused', { token_refused_at: START });
    const swept = await sweptWhen(everyMinute(0, 30));
    expect(swept.size).toBe(101);
    expect([...swept.keys()]).not.toContain('gone');
    expect([...swept.keys()]).not.toContain('refused');
    for (const times of swept.values()) {
      const [first = Number.NaN] = times;
      expect(times).toEqual([first, first + 15 * MINUTE]);
    }
    const minutes = [...swept.values()].flat().map((time) => Math.floor(time / MINUTE));
    for (let minute = 0; minute < 30; minute += 1) {
      const count = minutes.filter((one) => one === minute).length;
      expect(count, `in minute ${minute}`).toBeGreaterThan(0);
      expect(count, `in minute ${minute}`).toBeLessThan(20);
    }
  });

  it('wait for their turn only while it is near', async () => {
    await addStores();
    await sweepAll(deps());
    const waiting = await store.queued('sweep');
    expect(waiting.length).toBeGreaterThan(0);
    for (const { runAt } of waiting) expect(runAt.getTime()).toBeLessThan(START.getTime() + 2 * MINUTE);
  });

  it('have their turn though the clock comes late', async () => {
    await addStores();
    const swept = await sweptWhen(
      [0, 119, 180, 299, 360, 420, 539, 600, 719, 780, 840].map((at) => at * SECOND),
    );
    expect(swept.size).toBe(101);
    for (const times of swept.values()) expect(times).toHaveLength(1);
  });

  it('are all swept within 15 minutes once a process is there again', async () => {
    await addStores();
    await sweptWhen([0]);
    const swept = await sweptWhen(everyMinute(5 * HOUR + 7 * MINUTE + 31 * SECOND, 15));
    expect(swept.size).toBe(101);
  });

  it('keep the turn that they wait for, however late it is', async () => {
    const runAt = at(-HOUR);
    await deps().queue.wake('sweep', hash(), { runAt });
    for (const time of everyMinute(0, 15)) {
      setTime(time);
      await sweepAll(deps());
    }
    expect(await store.queued('sweep')).toMatchObject([{ runAt }]);
  });
});
