import fc from 'fast-check';
import { sql } from 'kysely';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { orderDate, withDates } from '../../examples/sandbox/bigcommerce/order-record.js';
import {
  archiveOrder,
  changeOrder,
  deleteOrder,
  type NewOrder,
  placeOrder,
  refundOrder,
  setOrderStatus,
} from '../../examples/sandbox/bigcommerce/orders.js';
import type { AppDeps } from '../../src/app/deps.js';
import { forgetStore } from '../../src/app/install/uninstall.js';
import { putOffAll } from '../../src/app/orders/failed-looks.js';
import { createIntake } from '../../src/app/orders/intake.js';
import { lookAtOrders, resumeLooks } from '../../src/app/orders/look-at-orders.js';
import { emailHash } from '../../src/app/privacy/email-hash.js';
import { storeClient, storeTokenPurpose } from '../../src/app/stores/stores.js';
import { TIMING } from '../../src/app/timing.js';
import { DEFAULT_SETTINGS, type OrderEvent, type Settings } from '../../src/catalog/settings.js';
import { appStore, START } from '../support/app-store.js';
import {
  anySettings,
  changed,
  eventText,
  expectedEvents,
  FIRST_STATE,
  type Look,
  type OrderChange,
  type OrderState,
  orderChange,
  TOTAL,
} from '../support/order-model.js';

const store = appStore();

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Answers that say to come back, and need not be waited for. */
const BUSY = { status: 503, headers: { 'retry-after': '0' } };
const SPENT = { status: 429, headers: { 'retry-after': '0' } };

beforeEach(async () => {
  store.test.content.now = store.test.deps.now;
  await saveSettings({});
});

const pass = (ms: number) => store.setNow(new Date(store.test.clock.timeMs + ms));

type EventChanges = { readonly [Kind in OrderEvent]?: Partial<Settings['orderEvents'][Kind]> };

/** Saves the defaults with some changes, as the page would. */
async function saveSettings(
  changes: Partial<Settings>,
  events: EventChanges = {},
  channelId = 1,
): Promise<void> {
  const { created, fulfilled, canceled, partially_refunded, refunded } = DEFAULT_SETTINGS.orderEvents;
  const orderEvents = {
    created: { ...created, ...events.created },
    fulfilled: { ...fulfilled, ...events.fulfilled },
    canceled: { ...canceled, ...events.canceled },
    partially_refunded: { ...partially_refunded, ...events.partially_refunded },
    refunded: { ...refunded, ...events.refunded },
  };
  await writeSettings({ ...DEFAULT_SETTINGS, orderEvents, ...changes }, channelId);
}

/** Writes settings, or takes them away as if nobody had ever saved any. */
async function writeSettings(settings: Settings | undefined, channelId = 1): Promise<void> {
  const { db, now } = store.test.deps;
  const key = { store_hash: store.test.storeHash, channel_id: channelId };
  if (!settings) {
    await db
      .deleteFrom('channel_settings')
      .where((is) => is.and(key))
      .execute();
    return;
  }
  const row = { settings: JSON.stringify(settings), revision: 1, saved_at: now(), saved_by: 100 };
  await db
    .insertInto('channel_settings')
    .values({ ...key, ...row })
    .onConflict((conflict) => conflict.columns(['store_hash', 'channel_id']).doUpdateSet(row))
    .execute();
}

const withRefunds: EventChanges = { partially_refunded: { isEnabled: true }, refunded: { isEnabled: true } };

const place = (said: NewOrder = {}): number => placeOrder(store.test.content, said).fields.id;

/** As webhooks say. */
async function hear(...orderIds: number[]): Promise<void> {
  const { deps, storeHash } = store.test;
  const intake = createIntake(deps);
  await Promise.all(orderIds.map((orderId) => intake.hear({ storeHash, orderId })));
}

const look = (changes: Partial<AppDeps> = {}) =>
  lookAtOrders({ ...store.test.deps, ...changes }, store.test.storeHash);

/** What there is to tell, in the order in which it is. */
const events = () => store.test.deps.db.selectFrom('event').selectAll().orderBy('sequence').execute();

const told = async (): Promise<string[]> =>
  (await events()).map(
    ({ order_id, kind, refund_id }) => `${order_id} ${eventText({ kind, refundId: refund_id })}`,
  );

async function row(orderId: number) {
  return store.test.deps.db
    .selectFrom('store_order')
    .selectAll()
    .where('order_id', '=', orderId)
    .executeTakeFirstOrThrow();
}

/** The calls that were made about orders and the catalog. */
const asked = (): string[] =>
  store.test.api
    .calls()
    .map(({ path, query }) => `${path}${query.page && query.page !== '1' ? ` page ${query.page}` : ''}`);

/** How many queries wait for somebody else's transaction. */
async function areWaiting(): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`.execute(store.test.deps.db);
  return rows[0]?.count ?? 0;
}

const at = (ms: number): Date => new Date(START.getTime() + ms);

describe('an order that something was heard of', () => {
  it('becomes an event, waiting for its delivery', async () => {
    const id = place({ buyer: { id: 23, firstName: 'Ada', lastName: 'Lovelace', email: 'Ada@Example.com' } });
    await hear(id);
    pass(5_000);
    await store.run('look-at-orders');
    await expect(events()).resolves.toMatchObject([
      {
        channel_id: 1,
        order_id: id,
        kind: 'created',
        refund_id: 0,
        name: 'conversion',
        occurred_at: START,
        created_at: at(5_000),
        due_at: at(5_000),
        state: 'waiting',
        priority: 0,
        attempt_count: 0,
        customer_id: 23,
        email_hash: emailHash(store.test.storeHash, 'ada@example.com'),
        data: {
          partner_conversion_id: `${id}`,
          email: 'Ada@Example.com',
          partner_user_id: '23',
          cart_value: '24.00',
        },
      },
    ]);
    await expect(store.queued('deliver')).resolves.toHaveLength(1);
    await expect(row(id)).resolves.toMatchObject({
      due_at: null,
      outcome: 'told',
      status_id: 11,
      channel_id: 1,
      modified_at: START,
      looked_at: at(5_000),
      failed_looks: 0,
    });
    // Nothing is due, so nobody is woken.
    await expect(store.queued('look-at-orders')).resolves.toEqual([]);
  });

  it('is told through its life: each step once, however often it is heard of', async () => {
    const id = place({ statusId: 0 });
    for (const statusId of [7, 11, 11, 9, 2, 10, 5, 2]) {
      pass(1_000);
      setOrderStatus(store.test.content, id, statusId);
      await hear(id, id);
      await look();
      await look();
    }
    await expect(told()).resolves.toEqual([`${id} created`, `${id} fulfilled`, `${id} canceled`]);
    const occurred = (await events()).map(({ occurred_at }) => occurred_at);
    // Placed, shipped, changed.
    expect(occurred).toEqual([START, at(5_000), at(7_000)]);
  });

  it('is told of a guest without an id of a customer', async () => {
    await hear(place());
    await look();
    const [event] = await events();
    expect(event).toMatchObject({ customer_id: null });
    expect(event?.data).not.toHaveProperty('partner_user_id');
  });

  it('is told in the settings of its own storefront, or of the one that it follows', async () => {
    await store.addChannel(2);
    await store.addChannel(3);
    await saveSettings({}, { created: { name: 'opencart_order' } }, 2);
    await saveSettings({}, {}, 3);
    await store.test.deps.db
      .updateTable('channel_settings')
      .set({ same_as: 2 })
      .where('channel_id', '=', 3)
      .execute();
    await hear(place(), place({ channelId: 2 }), place({ channelId: 3 }));
    await look();
    const names = (await events()).map(({ channel_id, name }) => `${channel_id} ${name}`).sort();
    expect(names).toEqual(['1 conversion', '2 opencart_order', '3 opencart_order']);
  });

  it.each<[string, () => number, string]>([
    ['a draft', () => place({ statusId: 0 }), 'not-yet'],
    [
      'made by an API, and pending',
      () => place({ statusId: 1, fields: { order_source: 'external', external_source: 'POS' } }),
      'not-yet',
    ],
    [
      'migrated with its old date',
      () => place({ placedAt: new Date('2019-05-01T10:00:00Z') }),
      'before-start',
    ],
    ['of a storefront that nobody set up', () => place({ channelId: 7 }), 'channel-off'],
    ['deleted for good', () => 4_711, 'gone'],
    [
      'archived',
      () => {
        const id = place();
        archiveOrder(store.test.content, id);
        return id;
      },
      'archived',
    ],
  ])('is not told while it is %s', async (_what, make, outcome) => {
    const id = make();
    await hear(id);
    await look();
    await expect(told()).resolves.toEqual([]);
    await expect(row(id)).resolves.toMatchObject({ outcome, due_at: null });
    await expect(store.queued('deliver')).resolves.toEqual([]);
  });

  it('is told once it is paid, when an API made it', async () => {
    const id = place({ statusId: 1, fields: { order_source: 'external', external_source: 'POS' } });
    await hear(id);
    await look();
    setOrderStatus(store.test.content, id, 11);
    await hear(id);
    await look();
    await expect(told()).resolves.toEqual([`${id} created`]);
  });

  it('goes on being told when it is archived, and no more when it is deleted', async () => {
    const [archived, deleted] = [place(), place()];
    await hear(archived, deleted);
    await look();
    setOrderStatus(store.test.content, archived, 2);
    archiveOrder(store.test.content, archived);
    deleteOrder(store.test.content, deleted);
    await hear(archived, deleted);
    await look();
    expect(new Set(await told())).toEqual(
      new Set([`${archived} created`, `${archived} fulfilled`, `${deleted} created`]),
    );
    await expect(row(deleted)).resolves.toMatchObject({ outcome: 'gone', due_at: null });
  });

  it('is not told while its storefront is off, and is from when it is on', async () => {
    await saveSettings({ isEnabled: false });
    const id = place();
    await hear(id);
    await look();
    await expect(row(id)).resolves.toMatchObject({ outcome: 'channel-off' });
    await saveSettings({});
    await hear(id);
    await look();
    await expect(told()).resolves.toEqual([`${id} created`]);
  });

  it('is told from before the start once an import goes back as far', async () => {
    const id = place({ placedAt: at(-HOUR_MS) });
    const { db } = store.test.deps;
    await db
      .updateTable('order_sweep')
      .set({ orders_since: at(-HOUR_MS) })
      .execute();
    await hear(id);
    await look();
    await expect(told()).resolves.toEqual([`${id} created`]);
  });

  it('has each of its refunds told with what it was', async () => {
    await saveSettings({}, withRefunds);
    const id = place();
    await hear(id);
    await look();
    const first = refundOrder(store.test.content, id, 10);
    await hear(id);
    await look();
    const second = refundOrder(store.test.content, id, 14);
    await hear(id);
    await look();
    const [, partial, whole] = await events();
    expect(partial).toMatchObject({
      kind: 'partially_refunded',
      refund_id: first.id,
      name: 'partially_refunded',
    });
    expect(partial?.data).toMatchObject({
      refund_amount: '10.00',
      currency: 'USD',
      partner_refund_id: `${first.id}`,
    });
    expect(whole).toMatchObject({ kind: 'refunded', refund_id: second.id, name: 'returned' });
    expect(whole?.data).toMatchObject({ refund_amount: '14.00', partner_refund_id: `${second.id}` });
    await expect(told()).resolves.toHaveLength(3);
  });
});

describe('BigCommerce is asked', () => {
  it('for no more than an order needs', async () => {
    await saveSettings({ orderCreatedFields: ['email'] });
    const id = place();
    store.test.api.clearCalls();
    await hear(id);
    await look();
    expect(asked()).toEqual([`/v2/orders/${id}`]);
  });

  it('for coupons, products, categories and addresses, where they are told', async () => {
    const { content } = store.test;
    content.products.set(111, { id: 111, name: 'Stoneware Mug', categories: [5, 6] });
    content.categories.set(5, { id: 5, name: 'Kitchen' });
    content.categories.set(6, { id: 6, name: 'Gifts' });
    await saveSettings({
      customEventData: [
        { key: 'category', value: '{{order.products[0].category}}' },
        { key: 'all', value: '{{order.products[0].categories}}' },
        { key: 'to', value: '{{order.shipping_addresses[0].state}} by {{order.channel_name}}' },
      ],
    });
    const id = place({ couponCodes: ['A-1', 'B-2'] });
    store.test.api.clearCalls();
    await hear(id);
    await look();
    expect(asked().sort()).toEqual([
      `/v2/orders/${id}`,
      `/v2/orders/${id}/coupons`,
      `/v2/orders/${id}/products`,
      `/v2/orders/${id}/shipping_addresses`,
      '/v3/catalog/categories',
      '/v3/catalog/products',
    ]);
    expect((await events())[0]?.data).toMatchObject({
      coupon_code: 'A-1,B-2',
      category: 'Kitchen',
      all: ['Kitchen', 'Gifts'],
      to: 'Oregon by Brand',
    });
    store.test.api.clearCalls();
    setOrderStatus(content, id, 2);
    await hear(id);
    await look();
    expect(asked()).toEqual([`/v2/orders/${id}`]);
  });

  it('for refunds only when the status says that there are some', async () => {
    await saveSettings({ orderCreatedFields: [] }, withRefunds);
    const id = place();
    await hear(id);
    await look();
    refundOrder(store.test.content, id, 10);
    await hear(id);
    await look();
    expect(asked().filter((path) => path.includes('refunds'))).toEqual([
      `/v3/orders/${id}/payment_actions/refunds`,
    ]);
  });

  it('for all pages of products', async () => {
    const line = { productId: 111, name: 'Mug', sku: 'M', brand: 'J', price: 1, quantity: 1 };
    const lines = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ ...line, name: `Mug ${index + 1}` }));
    const ids = [place({ lines: lines(100) }), place({ lines: lines(101) }), place({ lines: lines(99) })];
    const client = await storeClient(store.test.deps, store.test.storeHash);
    store.test.api.clearCalls();
    const lengths = await Promise.all(ids.map(async (id) => (await client.orderProducts(id)).length));
    expect(lengths).toEqual([100, 101, 99]);
    // A hundred might be followed by more.
    const [a, b, c] = ids.map((id) => `/v2/orders/${id}/products`);
    expect(asked().sort()).toEqual(
      [
        `${a}`,
        `${a} page 2`,
        `${a} page 3`,
        `${b}`,
        `${b} page 2`,
        `${b} page 3`,
        `${c}`,
        `${c} page 2`,
      ].sort(),
    );
  });

  it('for pages of orders by id, with what changed or was placed in a time', async () => {
    const early = place();
    pass(MINUTE_MS);
    const [second, third] = [place(), place()];
    pass(MINUTE_MS);
    setOrderStatus(store.test.content, early, 2);
    const client = await storeClient(store.test.deps, store.test.storeHash);
    const ids = async (query: Parameters<typeof client.ordersPage>[0]) =>
      (await client.ordersPage(query)).map(({ id }) => id);
    await expect(ids({ minId: 0 })).resolves.toEqual([early, second, third]);
    await expect(ids({ minId: second })).resolves.toEqual([second, third]);
    await expect(ids({ minId: 0, minDateModified: at(2 * MINUTE_MS) })).resolves.toEqual([early]);
    await expect(ids({ minId: 0, maxDateModified: at(MINUTE_MS) })).resolves.toEqual([second, third]);
    await expect(ids({ minId: 0, minDateCreated: at(MINUTE_MS) })).resolves.toEqual([second, third]);
    await expect(ids({ minId: third + 1 })).resolves.toEqual([]);
  });

  it('in vain for categories, without the scope: the rest is told all the same', async () => {
    const { api, config, content, deps, storeHash } = store.test;
    content.products.set(111, { id: 111, name: 'Stoneware Mug', categories: [5] });
    const scopes = ['store_v2_orders_read_only'];
    const accessToken = api.addApp(config.clientId, scopes);
    await deps.db
      .updateTable('store')
      .set({ access_token: deps.secrets.seal(accessToken, storeTokenPurpose(storeHash)) })
      .execute();
    await saveSettings({
      customEventData: [
        { key: 'category', value: '{{order.products[0].category}}' },
        { key: 'product', value: '{{order.products[0].name}}' },
      ],
    });
    await hear(place());
    await look();
    const data = (await events())[0]?.data;
    expect(data).toMatchObject({ product: 'Stoneware Mug' });
    expect(data).not.toHaveProperty('category');
  });
});

describe('at the same time', () => {
  it('two workers make one event', async () => {
    const ids = Array.from({ length: 8 }, () => place());
    await hear(...ids);
    await Promise.all([look(), look(), look()]);
    expect((await told()).sort()).toEqual(ids.map((id) => `${id} created`).sort());
  });

  it('what is heard while somebody looks is looked at again', async () => {
    const id = place({ statusId: 1 });
    await hear(id);
    let isFirst = true;
    store.test.api.setFault(({ path }) => {
      if (path !== `/v2/orders/${id}` || !isFirst) return undefined;
      isFirst = false;
      // The answer is on its way when the order is paid.
      return {
        onHandled: async () => {
          setOrderStatus(store.test.content, id, 11);
          await hear(id);
        },
      };
    });
    await look();
    await expect(told()).resolves.toEqual([]);
    await expect(row(id)).resolves.toMatchObject({ due_at: START });
    await expect(store.queued('look-at-orders')).resolves.toHaveLength(1);
    await store.run('look-at-orders');
    await expect(told()).resolves.toEqual([`${id} created`]);
  });

  it('a slow worker with an old answer takes nothing back', async () => {
    const id = place();
    await hear(id);
    let isFirst = true;
    store.test.api.setFault(({ path }) => {
      if (path !== `/v2/orders/${id}` || !isFirst) return undefined;
      isFirst = false;
      return {
        onHandled: async () => {
          pass(MINUTE_MS);
          setOrderStatus(store.test.content, id, 2);
          await hear(id);
          await look();
        },
      };
    });
    await look();
    await expect(told()).resolves.toEqual([`${id} created`, `${id} fulfilled`]);
    await expect(row(id)).resolves.toMatchObject({ status_id: 2, modified_at: at(MINUTE_MS), due_at: null });
  });

  it('a slow worker that saw a cancellation tells it after "created"', async () => {
    const id = place({ statusId: 5 });
    await hear(id);
    let isFirst = true;
    store.test.api.setFault(({ path }) => {
      if (path !== `/v2/orders/${id}` || !isFirst) return undefined;
      isFirst = false;
      return {
        onHandled: async () => {
          setOrderStatus(store.test.content, id, 11);
          await hear(id);
          await look();
        },
      };
    });
    await look();
    await expect(told()).resolves.toEqual([`${id} created`, `${id} canceled`]);
  });

  it('whoever decides knows what the one before decided', async () => {
    await saveSettings({}, withRefunds);
    const { db } = store.test.deps;
    const id = place();
    await hear(id);
    await look();
    // Without a refund that is listed, all of it would be told as one.
    setOrderStatus(store.test.content, id, 4);
    await hear(id);
    let looking: Promise<void> | undefined;
    await db.transaction().execute(async (other) => {
      await other.selectFrom('store_order').select('order_id').forUpdate().execute();
      looking = look();
      await vi.waitFor(async () => expect(await areWaiting()).toBe(1));
      await sql`insert into event (store_hash, channel_id, order_id, kind, refund_id, name, occurred_at, created_at, state)
        select store_hash, channel_id, order_id, 'refunded', 9, 'returned', occurred_at, created_at, 'waiting' from event`.execute(
        other,
      );
    });
    await looking;
    await expect(told()).resolves.toEqual([`${id} created`, `${id} refunded 9`]);
  });

  it('an end in the middle leaves nothing half done', async () => {
    const id = place({ statusId: 2 });
    await hear(id);
    const { queue } = store.test.deps;
    const dying = { ...queue, wake: () => Promise.reject(new Error('the process ends')) };
    await expect(look({ queue: dying })).rejects.toThrow('the process ends');
    await expect(told()).resolves.toEqual([]);
    await expect(row(id)).resolves.toMatchObject({ outcome: null });
    pass(HOUR_MS);
    await look();
    await expect(told()).resolves.toEqual([`${id} created`, `${id} fulfilled`]);
  });
});

describe('a turn', () => {
  it('looks at 25 orders, and has the store wait for its next one behind others', async () => {
    const ids = Array.from({ length: 26 }, () => place());
    await hear(...ids);
    await store.run('look-at-orders');
    await expect(told()).resolves.toHaveLength(25);
    await expect(store.queued('look-at-orders')).resolves.toHaveLength(1);
    await store.run('look-at-orders');
    await expect(told()).resolves.toHaveLength(26);
    await expect(store.queued('look-at-orders')).resolves.toEqual([]);
  });

  it('begins with no more orders after 20 seconds', async () => {
    const ids = Array.from({ length: 10 }, () => place());
    await hear(...ids);
    // Each answer takes six seconds, by the app's clock.
    store.test.api.setFault(() => ({ onHandled: () => pass(6_000) }));
    await look();
    expect((await told()).length).toBeLessThan(10);
    await expect(store.queued('look-at-orders')).resolves.toHaveLength(1);
    store.test.api.setFault();
    await look();
    await expect(told()).resolves.toHaveLength(10);
  });

  it('lets the present pass before what is imported', async () => {
    const ids = Array.from({ length: 26 }, () => place());
    await hear(...ids);
    const { db } = store.test.deps;
    await db
      .updateTable('store_order')
      .set({ priority: 1, due_at: at(-HOUR_MS) })
      .where('order_id', '<', ids[25] ?? 0)
      .execute();
    await look();
    const made = await events();
    expect(made.map(({ order_id }) => order_id)).toContain(ids[25]);
    expect(made.filter(({ priority }) => priority === 1)).toHaveLength(24);
  });
});

describe('an order that can’t be looked at', () => {
  it('is tried again, later each time, and never given up', async () => {
    const id = place();
    await hear(id);
    store.test.api.setFault(({ path }) => (path === `/v2/orders/${id}` ? BUSY : undefined));
    const waits: number[] = [];
    for (let turn = 0; turn < 14; turn += 1) {
      await look();
      const { due_at, failed_looks, failure_code } = await row(id);
      expect(failed_looks).toBe(turn + 1);
      expect(failure_code).toBe('BIGCOMMERCE_UNAVAILABLE');
      waits.push((due_at?.getTime() ?? 0) - store.test.clock.timeMs);
      store.setNow(due_at ?? START);
    }
    expect(waits.slice(0, 4)).toEqual([10_000, 20_000, 40_000, 80_000]);
    expect(waits.at(-1)).toBe(TIMING.retryMaxMs);
    store.test.api.setFault();
    await look();
    await expect(told()).resolves.toEqual([`${id} created`]);
    await expect(row(id)).resolves.toMatchObject({
      failed_looks: 0,
      failure_code: null,
      failure_message: null,
      due_at: null,
    });
  });

  it('keeps no other from being looked at, when its answer can’t be read', async () => {
    const [bad, good] = [place(), place()];
    await hear(bad, good);
    store.test.api.setFault(({ path }) =>
      path === `/v2/orders/${bad}` ? { status: 200, body: { id: 'x' } } : undefined,
    );
    await store.run('look-at-orders');
    await expect(told()).resolves.toEqual([`${good} created`]);
    await expect(row(bad)).resolves.toMatchObject({
      failed_looks: 1,
      failure_code: 'BIGCOMMERCE_ANSWER_INVALID',
    });
    const [next] = await store.queued('look-at-orders');
    expect(next?.runAt).toEqual(at(10_000));
  });

  it('is due at once when it was heard of meanwhile', async () => {
    const id = place();
    await hear(id);
    store.test.api.setFault(({ path }) =>
      path.endsWith('/coupons') ? { status: 200, body: 'none' } : { onHandled: () => hear(id) },
    );
    await look();
    await expect(row(id)).resolves.toMatchObject({ due_at: START });
  });

  it.each([
    ['is busy', SPENT, 'BIGCOMMERCE_RATE_LIMITED'],
    ['does not answer', BUSY, 'BIGCOMMERCE_UNAVAILABLE'],
  ])('ends the turn when the store %s: the others stay due', async (_what, fault, code) => {
    const ids = Array.from({ length: 20 }, () => place());
    await hear(...ids);
    store.test.api.setFault(() => fault);
    const before = store.test.logged().length;
    await store.run('look-at-orders');
    const rows = await store.test.deps.db.selectFrom('store_order').selectAll().execute();
    const failed = rows.filter(({ failed_looks }) => failed_looks > 0);
    expect(failed.length).toBeGreaterThanOrEqual(1);
    expect(failed.length).toBeLessThanOrEqual(4);
    expect(new Set(failed.map(({ failure_code }) => failure_code))).toEqual(new Set([code]));
    expect(rows.every(({ due_at }) => due_at !== null)).toBe(true);
    const [next] = await store.queued('look-at-orders');
    expect(next?.runAt).toEqual(at(MINUTE_MS));
    const warnings = store.test
      .logged()
      .slice(before)
      .split('\n')
      .filter((line) => line.includes(code));
    expect(warnings).toHaveLength(1);
    store.test.api.setFault();
    pass(MINUTE_MS);
    await look();
    await expect(told()).resolves.toHaveLength(20);
  });

  it('waits an hour when BigCommerce takes the token no more, and for a new token no longer', async () => {
    const ids = [place(), place(), place()];
    await hear(...ids);
    store.test.api.removeApp(store.test.config.clientId);
    await store.run('look-at-orders');
    for (const id of ids) {
      await expect(row(id)).resolves.toMatchObject({
        failure_code: 'BIGCOMMERCE_UNAUTHORIZED',
        failed_looks: 1,
        due_at: at(HOUR_MS),
      });
    }
    const [next] = await store.queued('look-at-orders');
    expect(next?.runAt).toEqual(at(HOUR_MS));
    await store.install();
    await store.run('look-at-orders');
    await expect(told()).resolves.toHaveLength(3);
  });

  it('does not have what a new token made due wait, once a turn with the former one fails', async () => {
    const id = place();
    await hear(id);
    const dueAt = store.test.deps.now();
    pass(1);
    await store.test.deps.db
      .transaction()
      .execute((db) => resumeLooks(store.test.deps, db, store.test.storeHash));
    const failure = { code: 'BIGCOMMERCE_UNAUTHORIZED', message: 'the token was refused' };
    await putOffAll(store.test.deps, store.test.storeHash, failure, { dueAt, until: at(HOUR_MS) });
    await expect(row(id)).resolves.toMatchObject({ failure_code: null, due_at: at(1) });
    await putOffAll(store.test.deps, store.test.storeHash, failure, { dueAt: at(1), until: at(HOUR_MS) });
    await expect(row(id)).resolves.toMatchObject({ failure_code: failure.code, due_at: at(HOUR_MS) });
  });

  it('waits an hour where a scope is missing', async () => {
    const id = place();
    await hear(id);
    store.test.api.setFault(() => ({ status: 403 }));
    await look();
    await expect(row(id)).resolves.toMatchObject({
      failure_code: 'BIGCOMMERCE_SCOPE_MISSING',
      due_at: at(HOUR_MS),
    });
  });

  it('waits an hour while the store has not installed the app', async () => {
    const id = place();
    await hear(id);
    await forgetStore(store.test.deps, store.test.storeHash);
    await look();
    await expect(row(id)).resolves.toMatchObject({
      failure_code: 'STORE_NOT_INSTALLED',
      due_at: at(HOUR_MS),
    });
    await store.test.deps.db.deleteFrom('store').execute();
    await look();
    await expect(store.queued('look-at-orders')).resolves.toHaveLength(1);
  });

  it('says nothing of anybody to the log', async () => {
    const id = place({
      buyer: { id: 5, firstName: 'Grace', lastName: 'Hopper', email: 'grace@example.com' },
    });
    changeOrder(store.test.content, id, { customer_message: 'to the back door' });
    await hear(id);
    store.test.api.setFault(({ path }) =>
      path.endsWith('/coupons') ? { status: 200, body: [{ code: 5 }, 'grace@example.com'] } : undefined,
    );
    await look();
    await expect(row(id)).resolves.toMatchObject({ failure_code: 'BIGCOMMERCE_ANSWER_INVALID' });
    const { failure_message } = await row(id);
    for (const text of [store.test.logged(), failure_message ?? '']) {
      expect(text).not.toMatch(/grace|hopper|back door/i);
    }
  });
});

describe('whatever becomes of an order, in the tables', () => {
  const step = fc.record({
    what: fc.oneof(
      { weight: 4, arbitrary: fc.record({ order: orderChange }) },
      { weight: 1, arbitrary: fc.record({ settings: fc.option(anySettings, { nil: undefined, freq: 8 }) }) },
    ),
    /** How often it is heard of. */
    heard: fc.constantFrom(0, 1, 1, 2),
    /** How many look at the same time then. */
    workers: fc.constantFrom(0, 1, 1, 2),
    /** What happens while the answer to the first one is on its way, and whether somebody else is done looking before it comes. */
    meanwhile: fc.option(
      fc.record({ order: orderChange.filter(({ change }) => change !== 'delete'), isLookedAt: fc.boolean() }),
      { nil: undefined, freq: 4 },
    ),
  });
  const histories = fc.tuple(anySettings, fc.array(step, { minLength: 1, maxLength: 10, size: 'max' }));

  it('Extole gets what it should, once everything has settled', async () => {
    const { api } = store.test;
    await fc.assert(
      fc.asyncProperty(histories, async ([first, steps]) => {
        const id = place({ statusId: 0, lines: [{ ...LINE, price: TOTAL }] });
        const looks: Look[] = [];
        let state = FIRST_STATE;
        let settings: Settings | undefined = first;
        await writeSettings(settings);
        const happen = (change: OrderChange): void => {
          pass(1_000);
          state = changed(state, change);
          show(id, state);
        };
        const takeLook = async (
          workers: number,
          meanwhile?: { readonly order: OrderChange; readonly isLookedAt: boolean },
        ): Promise<void> => {
          if (!(await isDue(id))) return;
          const seen = { state, settings };
          const waiting = meanwhile && !state.isDeleted ? [meanwhile] : [];
          api.setFault(({ path }) => {
            const next = path === `/v2/orders/${id}` ? waiting.pop() : undefined;
            return (
              next && {
                onHandled: async () => {
                  happen(next.order);
                  await hear(id);
                  if (!next.isLookedAt) return;
                  await look();
                  looks.push({ state, settings });
                },
              }
            );
          });
          await Promise.all(Array.from({ length: meanwhile ? 1 : workers }, () => look()));
          // Refunds are asked for after the order.
          looks.push({ ...seen, state: { ...seen.state, refunds: state.refunds } });
          api.setFault();
        };

        for (const { what, heard, workers, meanwhile } of steps) {
          if ('order' in what) happen(what.order);
          else {
            settings = what.settings;
            await writeSettings(settings);
          }
          for (let times = 0; times < heard; times += 1) await hear(id);
          if (workers > 0) await takeLook(workers, meanwhile);
        }
        // What no webhook told of, the sweep finds.
        await hear(id);
        await takeLook(1);

        await expect(isDue(id)).resolves.toBe(false);
        const got = (await told())
          .filter((text) => text.startsWith(`${id} `))
          .map((text) => text.slice(`${id} `.length));
        expect(new Set(got)).toEqual(expectedEvents(looks));
        expect(got).toHaveLength(new Set(got).size);
      }),
      { numRuns: 60 },
    );
  }, 120_000);
});

const LINE = {
  productId: 111,
  name: 'Stoneware Mug',
  sku: 'MUG-01',
  brand: 'Juniper',
  price: 24,
  quantity: 1,
};

/** Has BigCommerce tell of an order as it is in a history. */
function show(id: number, { statusId, isArchived, isDeleted, refunds }: OrderState): void {
  const { content, deps } = store.test;
  const order = content.orders.get(id);
  if (!order) return;
  if (isDeleted) {
    content.orders.delete(id);
    return;
  }
  const created = deps.now().toISOString();
  content.orders.set(
    id,
    withDates({
      ...order,
      fields: {
        ...order.fields,
        status_id: statusId,
        is_deleted: isArchived,
        date_modified: orderDate(deps.now()),
      },
      refunds: refunds.map(({ id: refundId, amount }) => ({
        id: refundId,
        order_id: id,
        user_id: 1,
        created,
        reason: '',
        total_amount: amount,
        total_tax: 0,
        items: [],
        payments: [
          {
            id: refundId,
            provider_id: 'testgateway',
            amount,
            offline: false,
            is_declined: false,
            declined_message: '',
          },
        ],
      })),
    }),
  );
}

async function isDue(id: number): Promise<boolean> {
  const { db, now } = store.test.deps;
  const known = await db
    .selectFrom('store_order')
    .select('order_id')
    .where('order_id', '=', id)
    .where('due_at', '<=', now())
    .executeTakeFirst();
  return known !== undefined;
}
