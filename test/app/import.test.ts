import { sql } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  changeOrder,
  type NewOrder,
  placeOrder,
  setOrderStatus,
} from '../../examples/sandbox/bigcommerce/orders.js';
import { forgetStore } from '../../src/app/install/uninstall.js';
import { importOrders, startImport } from '../../src/app/orders/import.js';
import { lookAtOrders } from '../../src/app/orders/look-at-orders.js';
import { PAGES_PER_TURN } from '../../src/app/orders/order-pages.js';
import { sweep } from '../../src/app/orders/sweep.js';
import type { ActivityAnswer, ImportView } from '../../src/catalog/activity-api.js';
import type { Failure } from '../../src/catalog/admin-api.js';
import { ORDERS_PAGE_SIZE } from '../../src/store/order-types.js';
import { appStore, START } from '../support/app-store.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const FIRST = { number: 1, isLast: false };
const LAST = { number: 10, isLast: true };

const store = appStore();
const deps = () => store.test.deps;
const hash = () => store.test.storeHash;
const content = () => store.test.content;

beforeEach(async () => {
  content().now = () => deps().now();
  content().lastOrderId = 99;
  await store.save({ isEnabled: true });
});

const at = (ms: number): Date => new Date(START.getTime() + ms);
const setTime = (ms: number): void => store.setNow(at(ms));
/** An order, and when it was placed, which is in the past. */
const place = (placedAt: number, order: NewOrder = {}): number => {
  setTime(placedAt);
  const { id } = placeOrder(content(), order).fields;
  setTime(0);
  return id;
};
const start = (since: number): Promise<ImportView> =>
  startImport(deps(), { storeHash: hash(), userId: 100 }, at(since));
const run = (attempt = FIRST): Promise<void> => importOrders(deps(), hash(), attempt);
const look = (): Promise<void> => lookAtOrders(deps(), hash());
const shown = async (): Promise<ImportView | null> =>
  (await store.ask<ActivityAnswer>('GET', '/api/activity')).body.import;
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
const ordersSince = async (): Promise<Date> =>
  (await deps().db.selectFrom('order_sweep').select('orders_since').executeTakeFirstOrThrow()).orders_since;
const pagesAsked = () => store.test.api.calls().filter(({ path }) => path === '/v2/orders');
/** As if a webhook had told of an order, and it was looked at. */
const hear = async (orderId: number): Promise<void> => {
  await deps()
    .db.insertInto('store_order')
    .values({
      store_hash: hash(),
      order_id: orderId,
      heard_at: START,
      found_by: 'webhook',
      due_at: START,
    })
    .execute();
};

describe('a merchant', () => {
  it('has orders imported from before the app was installed', async () => {
    const old = place(-2 * DAY - SECOND);
    const first = place(-2 * DAY);
    const second = place(-DAY, { statusId: 2 });
    const since = at(-2 * DAY).toISOString();
    const { status, body } = await store.ask<ImportView>('POST', '/api/orders/import', { body: { since } });
    expect(status).toBe(202);
    expect(body).toEqual({
      id: expect.any(String),
      since,
      state: 'running',
      found: 0,
      failure: null,
      createdAt: START.toISOString(),
      finishedAt: null,
    });
    setTime(MINUTE);
    await store.run('import');
    expect(await shown()).toEqual({ ...body, state: 'done', found: 2, finishedAt: at(MINUTE).toISOString() });
    await look();
    expect(await told()).toEqual([`${first} created`, `${second} created`, `${second} fulfilled`]);
    expect(await row(old)).toBeUndefined();
  });

  it.each([
    ['in the future', SECOND],
    ['before 2000', new Date('1999-12-31T23:59:59Z').getTime() - START.getTime()],
  ])('can not import since a date %s', async (_name, since) => {
    const { status, body } = await store.ask<Failure>('POST', '/api/orders/import', {
      body: { since: at(since).toISOString() },
    });
    expect([status, body.code]).toEqual([422, 'IMPORT_DATE_INVALID']);
    expect(await shown()).toBeNull();
    expect(await ordersSince()).toEqual(START);
  });

  it.each([
    ['this moment', 0],
    ['the year 2000', new Date('2000-01-01T00:00:00Z').getTime() - START.getTime()],
  ])('can import since %s', async (_name, since) => {
    await start(since);
    expect(await ordersSince()).toEqual(at(since));
  });

  it('can not have two at a time, and can have one after the other', async () => {
    await start(-DAY);
    await expect(start(-2 * DAY)).rejects.toMatchObject({ code: 'IMPORT_RUNNING', status: 409 });
    expect(await ordersSince()).toEqual(at(-DAY));
    await run();
    await start(-2 * DAY);
    expect(await ordersSince()).toEqual(at(-2 * DAY));
  });

  it('begins one import by asking twice at the same moment', async () => {
    const answers = await Promise.allSettled([start(-DAY), start(-DAY), start(-DAY)]);
    expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect(await store.queued('import')).toHaveLength(1);
  });

  it('has an import go on that lost its job by asking again', async () => {
    await start(-DAY);
    await sql`select graphile_worker.remove_job(${`import:${hash()}`})`.execute(deps().db);
    expect(await store.queued('import')).toEqual([]);
    await expect(start(-DAY)).rejects.toMatchObject({ code: 'IMPORT_RUNNING' });
    expect(await store.queued('import')).toMatchObject([{ payload: { storeHash: hash() } }]);
  });

  it('needs to have the app', async () => {
    await forgetStore(deps(), hash());
    await expect(start(-DAY)).rejects.toMatchObject({ code: 'STORE_NOT_INSTALLED' });
  });
});

describe('an import', () => {
  it('makes no order young that is ours already', async () => {
    await start(-2 * DAY);
    await run();
    await start(-DAY);
    expect(await ordersSince()).toEqual(at(-2 * DAY));
  });

  it('lets new orders pass, and takes nothing from what is due already', async () => {
    const urgent = place(-DAY);
    const old = place(-DAY);
    await hear(urgent);
    await start(-2 * DAY);
    await run();
    expect(await row(urgent)).toMatchObject({ priority: 0, found_by: 'webhook', heard_count: 2 });
    expect(await row(old)).toMatchObject({ priority: 1, found_by: 'import', due_at: START });
    expect(await shown()).toMatchObject({ found: 1 });
  });

  it('has orders looked at again that were too old when they were looked at', async () => {
    const id = place(-DAY);
    await hear(id);
    await look();
    expect(await row(id)).toMatchObject({ outcome: 'before-start', due_at: null });
    await start(-2 * DAY);
    await run();
    await look();
    expect(await told()).toEqual([`${id} created`]);
  });

  it('leaves alone what is known', async () => {
    const id = place(-DAY);
    await start(-2 * DAY);
    await run();
    await look();
    setTime(SECOND);
    await start(-2 * DAY);
    await run();
    expect(await due()).toEqual([]);
    expect(await shown()).toMatchObject({ state: 'done', found: 0 });
    expect(await told()).toEqual([`${id} created`]);
  });

  it('leaves out orders of storefronts that Extole is told nothing of', async () => {
    await store.addChannel(2);
    const id = place(-DAY);
    place(-DAY, { channelId: 2 });
    await start(-2 * DAY);
    await run();
    expect(await due()).toEqual([id]);
    expect(await shown()).toMatchObject({ found: 1 });
  });

  it('goes on with what becomes of an imported order', async () => {
    const id = place(-DAY);
    await start(-2 * DAY);
    await run();
    await look();
    setTime(HOUR);
    setOrderStatus(content(), id, 2);
    setTime(2 * HOUR);
    await sweep(deps(), hash());
    await look();
    expect(await told()).toEqual([`${id} created`, `${id} fulfilled`]);
  });

  it('makes room for other stores after a while, and goes on from there', async () => {
    const inATurn = PAGES_PER_TURN * ORDERS_PAGE_SIZE;
    for (let number = 0; number <= inATurn; number += 1) place(-DAY);
    await start(-2 * DAY);
    await store.run('import');
    expect(pagesAsked()).toHaveLength(PAGES_PER_TURN);
    expect(await shown()).toMatchObject({ state: 'running', found: inATurn });
    await store.run('import');
    expect(pagesAsked()).toHaveLength(PAGES_PER_TURN + 1);
    expect(await shown()).toMatchObject({ state: 'done', found: inATurn + 1 });
    expect(await store.queued('import')).toEqual([]);
  });

  it('skips none when some change between two pages', async () => {
    for (let number = 0; number < ORDERS_PAGE_SIZE + 1; number += 1) place(-DAY);
    let isFirst = true;
    store.test.api.setFault(({ path }) =>
      path === '/v2/orders' && isFirst
        ? {
            onHandled() {
              isFirst = false;
              for (const id of [100, 101]) changeOrder(content(), id, { customer_id: 9 });
            },
          }
        : undefined,
    );
    await start(-2 * DAY);
    await run();
    expect(await due()).toHaveLength(ORDERS_PAGE_SIZE + 1);
  });
});

describe('an import that does not come through', () => {
  /** Fails from the second page on. */
  const failOn = (status: number): void => {
    let pages = 0;
    store.test.api.setFault(({ path }) => {
      if (path !== '/v2/orders') return undefined;
      pages += 1;
      return pages > 1 ? { status, headers: { 'x-rate-limit-time-reset-ms': '1' } } : undefined;
    });
  };
  beforeEach(async () => {
    for (let number = 0; number < ORDERS_PAGE_SIZE + 5; number += 1) place(-DAY);
    await start(-2 * DAY);
    store.test.api.clearCalls();
  });

  it('waits for what passes, and goes on where it was', async () => {
    failOn(429);
    await expect(run()).rejects.toMatchObject({ code: 'BIGCOMMERCE_RATE_LIMITED' });
    expect(await shown()).toMatchObject({ state: 'running', found: ORDERS_PAGE_SIZE, failure: null });
    store.test.api.setFault();
    store.test.api.clearCalls();
    await run();
    expect(pagesAsked().map(({ query }) => query.min_id)).toEqual([`${100 + ORDERS_PAGE_SIZE}`]);
    expect(await shown()).toMatchObject({ state: 'done', found: ORDERS_PAGE_SIZE + 5 });
  });

  it('fails when that does not pass', async () => {
    failOn(429);
    setTime(HOUR);
    await run(LAST);
    expect(await shown()).toMatchObject({
      state: 'failed',
      found: ORDERS_PAGE_SIZE,
      failure: { code: 'BIGCOMMERCE_RATE_LIMITED' },
      finishedAt: at(HOUR).toISOString(),
    });
  });

  it('fails with what will not pass, and can be asked for again', async () => {
    failOn(403);
    await run();
    expect(await shown()).toMatchObject({
      state: 'failed',
      failure: {
        code: 'BIGCOMMERCE_SCOPE_MISSING',
        message: expect.not.stringMatching(/BIGCOMMERCE_SCOPE_MISSING/),
      },
    });
    expect(await store.queued('import')).toHaveLength(1);
    store.test.api.setFault();
    setTime(SECOND);
    await start(-2 * DAY);
    await run();
    expect(await shown()).toMatchObject({ state: 'done', found: 5 });
  });

  it('fails when the store has not the app any more', async () => {
    await forgetStore(deps(), hash());
    await run();
    const { state, failure_code } = await deps()
      .db.selectFrom('order_import')
      .selectAll()
      .executeTakeFirstOrThrow();
    expect([state, failure_code]).toEqual(['failed', 'STORE_NOT_INSTALLED']);
  });

  it('finds each order once when two processes run it at the same time', async () => {
    await Promise.all([run(), run(), run()]);
    expect(await shown()).toMatchObject({ state: 'done', found: ORDERS_PAGE_SIZE + 5 });
    expect((await rows()).every(({ heard_count }) => heard_count === 1)).toBe(true);
  });
});
