import { createHmac } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { inBatches } from '../../src/app/in-batches.js';
import { forgetStore } from '../../src/app/install/uninstall.js';
import { createIntake } from '../../src/app/orders/intake.js';
import {
  ensureWebhooks,
  keepWebhooks,
  webhookSecretOf,
  webhookStates,
} from '../../src/app/provision/webhooks.js';
import { startWorker } from '../../src/app/queue/worker.js';
import { storeClient } from '../../src/app/stores/stores.js';
import { createTasks } from '../../src/app/tasks.js';
import { wakeOverdue } from '../../src/app/wake.js';
import { DEFAULT_SETTINGS, ORDER_EVENTS, type Settings } from '../../src/catalog/settings.js';
import { appStore, START } from '../support/app-store.js';

const store = appStore();
const deps = () => store.test.deps;
const hash = () => store.test.storeHash;

let secret = '';
beforeEach(async () => {
  secret = (await webhookSecretOf(deps(), hash())) ?? '';
  // What the installation asked for.
  await sql`delete from graphile_worker._private_jobs`.execute(deps().db);
  deps().metrics.webhooks.reset();
});
afterEach(() => {
  vi.useRealTimers();
});

interface SendOptions {
  /** What the secret's header holds; `undefined` leaves it out. */
  readonly given?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** As BigCommerce does. */
async function send(body: unknown, { given = secret, headers = {} }: SendOptions = {}): Promise<number> {
  const { statusCode } = await store.test.app.inject({
    method: 'POST',
    url: '/webhooks/bigcommerce',
    headers: { 'content-type': 'application/json', 'x-extole-webhook-secret': given, ...headers },
    payload: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
  });
  return statusCode;
}

const event = (scope: string, data: unknown) => ({
  scope,
  store_id: '1025646',
  data,
  hash: '3f9ea420af83450d7ef9f78b08c8af25b2213637',
  created_at: 1_561_479_335,
  producer: `stores/${hash()}`,
});
const created = (id: unknown) => event('store/order/created', { type: 'order', id });

/** The headers of Standard Webhooks. */
function signature(
  body: string,
  {
    key = store.test.config.clientSecret,
    timestamp = Math.floor(Date.now() / 1_000),
    id = 'msg_1',
  }: { readonly key?: string; readonly timestamp?: number; readonly id?: string } = {},
): Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string> {
  const digest = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return {
    'webhook-id': id,
    'webhook-timestamp': `${timestamp}`,
    'webhook-signature': `v1,${digest}`,
  };
}

const orders = () => deps().db.selectFrom('store_order').selectAll().orderBy('order_id').execute();
const heard = async () => (await orders()).map((row) => [row.order_id, row.heard_count]);

/** How often each outcome was counted since the last question. */
async function outcomes(): Promise<Record<string, number>> {
  const { webhooks } = deps().metrics;
  const { values } = await webhooks.get();
  webhooks.reset();
  return Object.fromEntries(values.map(({ labels, value }) => [labels.outcome, value]));
}
/** That nothing was done at all. */
async function expectNothing(): Promise<void> {
  expect(await orders()).toEqual([]);
  for (const task of ['look-at-orders', 'sweep', 'refresh-channels'] as const) {
    expect(await store.queued(task)).toEqual([]);
  }
  expect(store.test.api.calls()).toEqual([]);
}

describe('a webhook of an order', () => {
  it('is on the disk once it is answered, its store is woken, and nothing else is done before', async () => {
    expect(await send(created(118))).toBe(200);
    expect(await orders()).toMatchObject([
      {
        store_hash: hash(),
        order_id: 118,
        heard_count: 1,
        heard_at: START,
        found_by: 'webhook',
        due_at: START,
        priority: 0,
        channel_id: null,
        looked_at: null,
      },
    ]);
    expect((await store.queued('look-at-orders')).map(({ payload }) => payload)).toEqual([
      { storeHash: hash() },
    ]);
    expect(store.test.api.calls()).toEqual([]);
    expect(await outcomes()).toEqual({ heard: 1 });
  });

  it.each([
    ['store/order/created', { type: 'order', id: 118 }],
    ['store/order/created', { type: 'order', id: '118' }],
    ['store/order/updated', { type: 'order', id: 118 }],
    ['store/order/archived', { type: 'order', id: 118 }],
    [
      'store/order/statusUpdated',
      { type: 'order', id: 118, status: { previous_status_id: 0, new_status_id: 10 } },
    ],
    ['store/order/refund/created', { type: 'order', id: 118, refund: { refund_id: 71 } }],
    ['store/channel/1/order/created', { type: 'order', order_id: 118 }],
    [
      'store/channel/664177/order/statusUpdated',
      { type: 'order', order_id: 118, status: { previous_status_id: 0, new_status_id: 10 } },
    ],
    ['store/shipment/created', { type: 'shipment', id: 251, orderId: 118 }],
    ['store/shipment/updated', { type: 'shipment', id: 251, orderId: '118' }],
    ['store/cart/converted', { type: 'cart', id: '09346904-4175-44fd-be53-f7e598531b6c', orderId: 118 }],
  ])('of %s names its order: %j', async (scope, data) => {
    expect(await send(event(scope, data))).toBe(200);
    expect(await heard()).toEqual([[118, 1]]);
    expect(await outcomes()).toEqual({ heard: 1 });
  });

  it('may come in any shape around what is read of it', async () => {
    const { scope, producer, data } = created(118);
    expect(await send({ scope, producer, data })).toBe(200);
    expect(await send({ ...created(118), more: { of: ['this'] } })).toBe(200);
    expect(await send(JSON.stringify(created(118), null, 4))).toBe(200);
    expect(await heard()).toEqual([[118, 3]]);
  });

  it.each([
    ['a number', Number.MAX_SAFE_INTEGER],
    ['text', `${Number.MAX_SAFE_INTEGER}`],
  ])('has an id of up to 2^53 - 1, as %s', async (_what, id) => {
    expect(await send(created(id))).toBe(200);
    expect(await heard()).toEqual([[Number.MAX_SAFE_INTEGER, 1]]);
  });

  it.each([
    ['0', 0],
    ['a negative one', -1],
    ['a fraction', 1.5],
    ['2^53', 2 ** 53],
    ['2^53 as text', `${2 ** 53}`],
    ['17 digits', '12345678901234567'],
    ['text with a sign', '+1'],
    ['text with zeros in front', '01'],
    ['text with a space', ' 1'],
    ['empty text', ''],
    ['hexadecimal text', '0x10'],
    ['digits of another script', '١٢'],
    ['a NUL', '1\u0000'],
    ['true', true],
    ['null', null],
    ['an array', [118]],
    ['an object', { id: 118 }],
    ['nothing', undefined],
  ])('that does not say which, with %s for an id, has its store swept', async (_what, id) => {
    expect(await send(created(id))).toBe(200);
    expect(await orders()).toEqual([]);
    expect(await store.queued('look-at-orders')).toEqual([]);
    expect((await store.queued('sweep')).map(({ payload }) => payload)).toEqual([{ storeHash: hash() }]);
    expect(await outcomes()).toEqual({ swept: 1 });
  });

  it.each([
    ['a shipment', 'store/shipment/created', { type: 'shipment', id: 118 }],
    ['a channel', 'store/channel/1/order/updated', { type: 'order', id: 118 }],
    ['a cart', 'store/cart/converted', { type: 'cart', id: 118 }],
    ['nothing', 'store/order/created', undefined],
    ['an array', 'store/order/created', [{ id: 118 }]],
  ])('never takes the id of something else for an order: %s', async (_what, scope, data) => {
    expect(await send(event(scope, data))).toBe(200);
    expect(await orders()).toEqual([]);
    expect(await store.queued('sweep')).toHaveLength(1);
  });

  it('that comes again is counted, and kept once', async () => {
    for (let times = 0; times < 3; times += 1) expect(await send(created(118))).toBe(200);
    expect(await heard()).toEqual([[118, 3]]);
    expect(await store.queued('look-at-orders')).toHaveLength(1);
    expect(await outcomes()).toEqual({ heard: 3 });
  });

  it('is kept in one row with 199 others that come at once', async () => {
    const codes = await Promise.all(
      Array.from({ length: 200 }, (_, index) => send(created(1 + (index % 5)))),
    );
    expect(new Set(codes)).toEqual(new Set([200]));
    expect(await heard()).toEqual([1, 2, 3, 4, 5].map((id) => [id, 40]));
    expect(await store.queued('look-at-orders')).toHaveLength(1);
  });

  it('has what waits for a later time looked at now, before imports, and says who found what nobody waited for', async () => {
    const { db } = deps();
    const row = { store_hash: hash(), heard_at: new Date(0), priority: 1, heard_count: 7 };
    const later = new Date(START.getTime() + 3_600_000);
    await db
      .insertInto('store_order')
      .values([
        { ...row, order_id: 1, found_by: 'import', due_at: later, failed_looks: 3 },
        { ...row, order_id: 2, found_by: 'sweep', due_at: null, status_id: 11 },
      ])
      .execute();
    await send(created(1));
    await send(created(2));
    const now = { heard_count: 8, heard_at: START, due_at: START, priority: 0 };
    expect(await orders()).toMatchObject([
      { ...now, order_id: 1, found_by: 'import', failed_looks: 3 },
      { ...now, order_id: 2, found_by: 'webhook', status_id: 11 },
    ]);
  });
});

describe('a webhook of something else', () => {
  it.each(['store/product/updated', 'store/channel/1/settings/updated', 'store/channel/deleted', 'x', ''])(
    'is taken, and nothing is done: %j',
    async (scope) => {
      expect(await send(event(scope, { type: 'order', id: 118 }))).toBe(200);
      await expectNothing();
      expect(await outcomes()).toEqual({ ignored: 1 });
    },
  );

  it.each([
    ['none', undefined],
    ['a number', 7],
    ['an array', ['store/order/created']],
    ['a long one', `store/product/${'x'.repeat(10_000)}`],
    ['one that starts like ours', 'store/orders/created'],
    ['one with a NUL', 'store/product/\u0000'],
  ])('is taken whatever its scope is: %s', async (_what, scope) => {
    expect(await send({ ...created(118), scope })).toBe(200);
    await expectNothing();
  });

  it('tells of storefronts, and of a store that closes', async () => {
    expect(await send(event('store/channel/updated', { type: 'channel', id: 1 }))).toBe(200);
    expect(await store.queued('refresh-channels')).toHaveLength(1);
    expect(await send(event('store/app/uninstalled', { type: 'store' }))).toBe(200);
    expect(await webhookSecretOf(deps(), hash())).toBeUndefined();
    expect(await outcomes()).toEqual({ refreshed: 1, forgotten: 1 });
  });
});

describe('a webhook that nobody is to believe', () => {
  it.each([
    ['another secret', () => `${secret.slice(0, -1)}${secret.endsWith('A') ? 'B' : 'A'}`],
    ['a part of the secret', () => secret.slice(0, -1)],
    ['more than the secret', () => `${secret}x`],
    ['an empty secret', () => ''],
    ['the secret twice', () => `${secret}, ${secret}`],
  ])('is refused: with %s', async (_what, given) => {
    expect(await send(created(118), { given: given() })).toBe(401);
    await expectNothing();
    expect(await outcomes()).toEqual({ refused: 1 });
  });

  it('is refused without a secret, with a signature too', async () => {
    const body = JSON.stringify(created(118));
    for (const headers of [{}, signature(body)]) {
      const answer = await store.test.app.inject({
        method: 'POST',
        url: '/webhooks/bigcommerce',
        headers: { 'content-type': 'application/json', ...headers },
        payload: body,
      });
      expect([answer.statusCode, answer.json().code]).toEqual([401, 'WEBHOOK_REFUSED']);
    }
    await expectNothing();
  });

  it('is refused with the secret of another store', async () => {
    await sql`insert into store (store_hash, name, scope, order_statuses, installed_at, webhook_secret)
      values ('other', 'Other', '', '[]', now(), ${deps().secrets.seal('of-other', 'webhook-secret:other')})`.execute(
      deps().db,
    );
    expect(await send({ ...created(118), producer: 'stores/other' })).toBe(401);
    expect(await send({ ...created(118), producer: 'stores/other' }, { given: 'of-other' })).toBe(200);
    expect((await orders()).map(({ store_hash }) => store_hash)).toEqual(['other']);
  });
});

describe('a webhook of a store that does not have the app', () => {
  it('is taken, so that BigCommerce does not send it for two days, and nothing is done', async () => {
    for (const given of [secret, 'other', '']) {
      expect(await send({ ...created(118), producer: 'stores/unknown' }, { given })).toBe(200);
    }
    await expectNothing();
    await forgetStore(deps(), hash());
    expect(await send(created(118))).toBe(200);
    expect(await send(event('store/channel/updated', { type: 'channel', id: 1 }))).toBe(200);
    await expectNothing();
    expect(await outcomes()).toEqual({ unknown: 5 });
  });

  it('is believed from the moment at which it has it again, with its new secret only', async () => {
    const former = secret;
    expect(await send(created(1))).toBe(200);
    await forgetStore(deps(), hash());
    expect(await send(created(2))).toBe(200);
    await store.install();
    const current = (await webhookSecretOf(deps(), hash())) ?? '';
    expect(await send(created(3), { given: former })).toBe(401);
    expect(await send(created(4), { given: current })).toBe(200);
    expect(await heard()).toEqual([
      [1, 1],
      [4, 1],
    ]);
  });

  it('is not kept when the store goes between question and answer', async () => {
    const intake = createIntake(deps());
    await forgetStore(deps(), hash());
    await intake.hear({ storeHash: hash(), orderId: 1 });
    await intake.hear({ storeHash: 'erased', orderId: 1 });
    await expectNothing();
  });
});

describe('a webhook that BigCommerce signed', () => {
  const now = 1_772_366_400;
  const at = (seconds: number) => vi.useFakeTimers({ toFake: ['Date'], now: seconds * 1_000 });

  it('is taken when the signature is that of the bytes that came', async () => {
    for (const body of [
      JSON.stringify(created(1)),
      JSON.stringify(created(2), null, 2),
      `\n ${JSON.stringify({ ...created(3), name: 'Zoë ☕' })} `,
    ]) {
      expect(await send(body, { headers: signature(body) })).toBe(200);
    }
    expect(await heard()).toEqual([1, 2, 3].map((id) => [id, 1]));
  });

  it.each([
    [-301, 401],
    [-300, 200],
    [0, 200],
    [300, 200],
    [301, 401],
  ])('%i seconds from now is answered with %i', async (difference, status) => {
    at(now);
    const body = JSON.stringify(created(118));
    const headers = signature(body, { timestamp: now + difference });
    expect(await send(body, { headers })).toBe(status);
    expect(await orders()).toHaveLength(status === 200 ? 1 : 0);
  });

  it('is taken when one of several signatures is right', async () => {
    const body = JSON.stringify(created(118));
    const right = signature(body);
    const wrong = signature(body, { key: 'another' })['webhook-signature'];
    const headers = { ...right, 'webhook-signature': `${wrong} ${right['webhook-signature']}` };
    expect(await send(body, { headers })).toBe(200);
  });

  it.each<[string, (body: string) => Record<string, string>]>([
    ['by another key', (body) => signature(body, { key: 'another' })],
    ['of another body', (body) => signature(`${body} `)],
    ['of another id', (body) => ({ ...signature(body), 'webhook-id': 'msg_2' })],
    ['of another time', (body) => ({ ...signature(body), 'webhook-timestamp': `${now + 1}` })],
    ['of no time', (body) => ({ ...signature(body), 'webhook-timestamp': 'now' })],
    ['without a version', (body) => ({ ...signature(body), 'webhook-signature': 'v1' })],
    [
      'of another version',
      (body) => ({
        ...signature(body),
        'webhook-signature': signature(body)['webhook-signature'].replace('v1', 'v2'),
      }),
    ],
    ['that is empty', (body) => ({ ...signature(body), 'webhook-signature': '' })],
    ['that is only begun', () => ({ 'webhook-id': 'msg_1' })],
    ['without an id', (body) => ({ ...signature(body), 'webhook-id': '' })],
    ['without a signature', () => ({ 'webhook-timestamp': `${now}` })],
  ])('is refused with the right secret and a signature %s', async (_what, headersOf) => {
    at(now);
    const body = JSON.stringify(created(118));
    expect(await send(body, { headers: headersOf(body) })).toBe(401);
    await expectNothing();
    expect(await outcomes()).toEqual({ refused: 1 });
  });

  it('is taken for what it is when nobody can read of which store it is, and refused without the signature', async () => {
    for (const body of ['{', '[]', 'null', '{"scope":"store/order/created"}', '"x"']) {
      expect(await send(body)).toBe(401);
      expect(await send(body, { headers: signature(body) })).toBe(200);
      expect(await send(body, { headers: signature(body, { key: 'another' }) })).toBe(401);
    }
    await expectNothing();
    expect(await outcomes()).toEqual({ refused: 10, unknown: 5 });
  });
});

describe('a body that is none', () => {
  const deep = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;
  it.each<[string, string | Buffer]>([
    ['nothing', ''],
    ['half of JSON', '{"scope":'],
    ['deep JSON', deep(30_000)],
    ['numbers without end', `{"producer":${'9'.repeat(60_000)}}`],
    ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00, 0x80])],
    ['a NUL', '\u0000'],
    ['SQL for a store', JSON.stringify({ producer: "stores/'; drop table store" })],
    ['a store with a NUL', JSON.stringify({ producer: 'stores/store1\u0000' })],
    ['a store in an array', JSON.stringify({ producer: ['stores/store1'] })],
    ['a store of a prototype', '{"__proto__":{"producer":"stores/store1"}}'],
  ])('is refused: %s', async (_what, body) => {
    expect(await send(body)).toBe(401);
    await expectNothing();
  });

  it('inside an event has its store swept, however it is built', async () => {
    const { scope, producer } = created(118);
    const around = (data: string) => `{"scope":"${scope}","producer":"${producer}","data":${data}}`;
    for (const data of [deep(20_000), '{"id":1e999}', '{"__proto__":{"id":118}}', '"\\u0000"']) {
      expect(await send(around(data))).toBe(200);
    }
    expect(await orders()).toEqual([]);
    expect(await outcomes()).toEqual({ swept: 4 });
  });

  it('is taken up to 64 KiB', async () => {
    const body = JSON.stringify(created(118));
    expect(await send(body.padEnd(64 * 1_024))).toBe(200);
    expect(await send(body.padEnd(64 * 1_024 + 1))).toBe(413);
    expect(await heard()).toEqual([[118, 1]]);
  });

  it('is read whatever type it is said to have', async () => {
    const body = JSON.stringify(created(118));
    for (const type of ['application/json; charset=utf-8', 'text/plain', 'application/octet-stream']) {
      expect(await send(body, { headers: { 'content-type': type } })).toBe(200);
    }
    const untyped = await store.test.app.inject({
      method: 'POST',
      url: '/webhooks/bigcommerce',
      headers: { 'x-extole-webhook-secret': secret },
      payload: Buffer.from(body),
    });
    expect(untyped.statusCode).toBe(200);
    expect(await heard()).toEqual([[118, 4]]);
  });
});

describe('an outage of the database', () => {
  const rename = (from: string, to: string) =>
    sql`alter table ${sql.table(from)} rename to ${sql.ref(to)}`.execute(deps().db);

  it('has BigCommerce send again what could not be kept', async () => {
    await rename('store_order', 'away');
    try {
      const codes = await Promise.all([1, 2, 3].map((id) => send(created(id))));
      expect(codes).toEqual([500, 500, 500]);
      expect(await outcomes()).toEqual({ failed: 3 });
    } finally {
      await rename('away', 'store_order');
    }
    expect(await send(created(1))).toBe(200);
    expect(await heard()).toEqual([[1, 1]]);
  });

  it('leaves nothing of a webhook whose store can not be woken', async () => {
    await rename('graphile_worker._private_jobs', 'away');
    try {
      expect(await send(created(1))).toBe(500);
    } finally {
      await rename('graphile_worker.away', '_private_jobs');
    }
    expect(await orders()).toEqual([]);
  });

  it('leaves nothing of a webhook that can not be committed', async () => {
    await sql`create function refuse() returns trigger language plpgsql as $$ begin raise 'no'; end $$`.execute(
      deps().db,
    );
    await sql`create constraint trigger refuse after insert on store_order deferrable initially deferred
      for each row execute function refuse()`.execute(deps().db);
    try {
      expect(await send(created(1))).toBe(500);
    } finally {
      await sql`drop function refuse cascade`.execute(deps().db);
    }
    await expectNothing();
  });

  it('has it sent again when it can not be said whether the secret is right', async () => {
    await rename('store', 'away');
    try {
      expect(await send(created(1))).toBe(500);
    } finally {
      await rename('away', 'store');
    }
  });

  it('of two writers who wait for each other ends by another try', async () => {
    await send(created(1));
    await send(created(2));
    const other = await store.test.database.pool.connect();
    try {
      await other.query('begin');
      await other.query("set local deadlock_timeout = '1min'");
      await other.query('update store_order set failed_looks = 1 where order_id = 2');
      const intake = createIntake(deps());
      const both = Promise.all([1, 2].map((orderId) => intake.hear({ storeHash: hash(), orderId })));
      await vi.waitFor(
        async () => {
          const { rows } = await store.test.database.pool.query('select 1 from pg_locks where not granted');
          expect(rows).not.toEqual([]);
        },
        { timeout: 5_000, interval: 10 },
      );
      await other.query('update store_order set failed_looks = 1 where order_id = 1');
      await other.query('commit');
      await both;
    } finally {
      other.release();
    }
    expect(await heard()).toEqual([
      [1, 2],
      [2, 2],
    ]);
  });

  it('that comes after the answer takes nothing back: whichever process is next looks at the order', async () => {
    expect(await send(created(118))).toBe(200);
    const { log, metrics } = deps();
    const seen: string[] = [];
    const worker = await startWorker({
      pool: store.test.database.pool,
      log,
      metrics,
      tasks: {
        ...createTasks(deps()),
        'look-at-orders': async ({ storeHash }) => {
          seen.push(storeHash);
        },
      },
    });
    try {
      await vi.waitFor(() => expect(seen).toEqual([hash()]), { timeout: 5_000, interval: 10 });
    } finally {
      await worker.stop();
    }
    expect(await orders()).toMatchObject([{ order_id: 118, due_at: START }]);
  });
});

describe('what is done in batches', () => {
  /** Work that ends when it is told to. */
  function slowWork() {
    const batches: (readonly number[])[] = [];
    const ends: { resolve: (sum: number) => void; reject: (error: Error) => void }[] = [];
    return {
      batches,
      work: (items: readonly number[]) => {
        batches.push([...items]);
        return new Promise<number>((resolve, reject) => {
          ends.push({ resolve, reject });
        });
      },
      async end(error?: Error) {
        const end = ends.shift();
        if (error) end?.reject(error);
        else end?.resolve(batches.length);
        await nextTurn();
      },
    };
  }

  it('is begun at once, and gathers while something is done, up to the limit', async () => {
    const { batches, work, end } = slowWork();
    const add = inBatches(2, work);
    const first = add(1);
    await nextTurn();
    expect(batches).toEqual([[1]]);
    const rest = [2, 3, 4].map(add);
    await nextTurn();
    expect(batches).toEqual([[1]]);
    await end();
    expect(await first).toBe(1);
    expect(batches).toEqual([[1], [2, 3]]);
    await end();
    await end();
    expect(batches).toEqual([[1], [2, 3], [4]]);
    expect(await Promise.all(rest)).toEqual([2, 2, 3]);
  });

  it('fails with the batch, and with all that was gathered until then, and goes on after that', async () => {
    const { batches, work, end } = slowWork();
    const add = inBatches(2, work);
    const all = [add(1)];
    await nextTurn();
    all.push(...[2, 3, 4].map(add));
    const settled = Promise.allSettled(all);
    await end(new Error('away'));
    expect((await settled).map(({ status }) => status)).toEqual(Array(4).fill('rejected'));
    expect(batches).toEqual([[1]]);
    const next = add(5);
    await nextTurn();
    await end();
    expect(await next).toBe(2);
    expect(batches).toEqual([[1], [5]]);
  });
});

const STORE_SCOPES = ['store/channel/created', 'store/channel/updated', 'store/app/uninstalled'];
const ORDER_SCOPES = ['store/order/created', 'store/order/statusUpdated'];

/** Order events of which only some are told. */
function telling(...kinds: readonly (typeof ORDER_EVENTS)[number][]): Pick<Settings, 'orderEvents'> {
  const { orderEvents } = DEFAULT_SETTINGS;
  const of = <Kind extends (typeof ORDER_EVENTS)[number]>(kind: Kind) => ({
    ...orderEvents[kind],
    isEnabled: kinds.includes(kind),
  });
  return {
    orderEvents: {
      created: of('created'),
      fulfilled: of('fulfilled'),
      canceled: of('canceled'),
      partially_refunded: of('partially_refunded'),
      refunded: of('refunded'),
    },
  };
}

describe('the webhooks of a store', () => {
  const hooks = () => [...store.test.content.hooks.values()];
  const scopes = () => hooks().map(({ scope }) => scope);
  const woken = async () =>
    (await deps().db.selectFrom('woken_webhook').selectAll().orderBy('woken_at').execute()).map(
      ({ scope, woken_at }) => [scope, woken_at],
    );
  /** As is done at install and at each save. */
  async function keep(): Promise<void> {
    await deps().queue.wake('keep-webhooks', hash());
    await store.run('keep-webhooks');
  }

  it('are those of the store itself as long as nothing was saved', async () => {
    await keep();
    expect(scopes()).toEqual(STORE_SCOPES);
    for (const { destination, headers, is_active } of hooks()) {
      expect(destination).toBe(`${store.test.config.appUrl}/webhooks/bigcommerce`);
      expect(headers).toEqual({ 'x-extole-webhook-secret': secret });
      expect(is_active).toBe(true);
    }
  });

  it.each<[string, Partial<Settings>, readonly string[]]>([
    ['told', telling('created'), ORDER_SCOPES],
    ['told in part', telling('canceled'), ORDER_SCOPES],
    ['told with refunds', telling('created', 'refunded'), [...ORDER_SCOPES, 'store/order/refund/created']],
    ['told in refunds only', telling('partially_refunded'), [...ORDER_SCOPES, 'store/order/refund/created']],
    ['not told', telling(), []],
    ['not told since Extole is off', { ...telling('created'), isEnabled: false }, []],
  ])('are as many as it takes where orders are %s', async (_what, settings, more) => {
    await store.save(settings);
    await keep();
    expect(scopes()).toEqual([...STORE_SCOPES, ...more]);
  });

  it('come and go with the settings, and are left alone otherwise', async () => {
    await store.save(telling(...ORDER_EVENTS));
    await keep();
    expect(scopes()).toHaveLength(6);
    store.test.api.clearCalls();
    await keep();
    expect(store.writes()).toEqual([]);
    await store.save(telling('created'));
    await keep();
    expect(scopes()).toEqual([...STORE_SCOPES, ...ORDER_SCOPES]);
    await store.save({ isEnabled: false });
    await keep();
    expect(scopes()).toEqual(STORE_SCOPES);
  });

  it('are asked for by any one storefront, also by one that has the settings of another', async () => {
    await store.addChannel(2);
    await store.addChannel(3);
    await store.save({ isEnabled: false });
    await store.save(telling('created'), {}, { channelId: 2 });
    await keep();
    expect(scopes()).toEqual([...STORE_SCOPES, ...ORDER_SCOPES]);
    await store.save({ isEnabled: true, ...telling('created') }, { sameAs: 1 }, { channelId: 2 });
    await keep();
    expect(scopes()).toEqual(STORE_SCOPES);
    // The settings of one that nobody set up say nothing.
    await store.save({ isEnabled: false }, { sameAs: null }, { channelId: 2 });
    expect(await store.save({}, { sameAs: 3 })).toMatchObject({
      status: 200,
      body: { channel: { sameAs: 3 } },
    });
    await keep();
    expect(scopes()).toEqual(STORE_SCOPES);
  });

  it('that sleep are woken, which is noted and told, and have the store swept', async () => {
    await store.save(telling('created'));
    await keep();
    for (const hook of hooks()) {
      if (!ORDER_SCOPES.includes(hook.scope)) continue;
      store.test.content.hooks.set(hook.id, { ...hook, is_active: false });
    }
    const client = await storeClient(deps(), hash());
    const before = await webhookStates(deps(), hash(), await client.hooks());
    expect(before.filter(({ isActive }) => !isActive).map(({ scope }) => scope)).toEqual(ORDER_SCOPES);
    expect(await ensureWebhooks(deps(), client)).toEqual(ORDER_SCOPES);
    expect(hooks().every(({ is_active }) => is_active)).toBe(true);
    expect((await woken()).sort()).toEqual(ORDER_SCOPES.map((scope) => [scope, START]));
    expect(await store.queued('sweep')).toHaveLength(1);
    expect(await ensureWebhooks(deps(), client)).toEqual([]);
    expect(await woken()).toHaveLength(2);
  });

  it('are not said to have slept when they are made, or only carried another secret', async () => {
    await keep();
    const [first] = hooks();
    if (first)
      store.test.content.hooks.set(first.id, { ...first, headers: { 'x-extole-webhook-secret': 'x' } });
    await keep();
    expect(hooks().map(({ headers }) => headers?.['x-extole-webhook-secret'])).toEqual(Array(3).fill(secret));
    expect(await woken()).toEqual([]);
    expect(await store.queued('sweep')).toEqual([]);
  });

  it('are noted the last 50 times that they were woken', async () => {
    await keep();
    const [first] = hooks();
    if (!first) throw new Error('There are three.');
    const client = await storeClient(deps(), hash());
    const at = (minute: number) => new Date(START.getTime() + minute * 60_000);
    for (let minute = 1; minute <= 52; minute += 1) {
      store.setNow(at(minute));
      store.test.content.hooks.set(first.id, { ...first, is_active: false });
      await ensureWebhooks(deps(), client);
    }
    const times = (await woken()).map(([, wokenAt]) => wokenAt);
    expect([times.length, times[0], times.at(-1)]).toEqual([50, at(3), at(52)]);
  });

  it('of a former address of the app go, and nobody else’s do', async () => {
    await store.save(telling('created'));
    const client = await storeClient(deps(), hash());
    const other = { is_active: true, headers: {} };
    const former = 'https://old.example.com/webhooks/bigcommerce';
    for (const scope of ['store/order/created', 'store/channel/updated']) {
      await client.createHook({ ...other, scope, destination: former });
    }
    await client.createHook({
      ...other,
      scope: 'store/product/created',
      destination: 'https://x.example.com/y',
    });
    await keep();
    expect(hooks().map(({ destination }) => destination)).not.toContain(former);
    expect(scopes()).toEqual(['store/product/created', ...STORE_SCOPES, ...ORDER_SCOPES]);
  });

  it('that another process makes at the same moment are fine', async () => {
    const made = store.test.content.hooks;
    store.test.api.setFault(({ path, method }) => {
      if (path !== '/v3/hooks' || method !== 'POST' || made.size > 0) return undefined;
      const destination = `${store.test.config.appUrl}/webhooks/bigcommerce`;
      const [scope = ''] = STORE_SCOPES;
      made.set(1, {
        id: 1,
        scope,
        destination,
        is_active: true,
        headers: { 'x-extole-webhook-secret': secret },
        client_id: store.test.config.clientId,
        store_hash: hash(),
        created_at: 1,
        updated_at: 1,
      });
      return { status: 422, body: { status: 422, title: 'There is one.', type: 'x' } };
    });
    await keep();
    expect(scopes()).toEqual(STORE_SCOPES);
  });

  it('that can not be made are told of in the log, and tried again where that may help', async () => {
    store.test.api.setFault(({ method }) => (method === 'POST' ? { status: 403 } : undefined));
    await expect(keep()).resolves.toBeUndefined();
    expect(store.test.logged()).toContain('webhooks could not be made');
    expect(store.test.logged()).toContain('BIGCOMMERCE_SCOPE_MISSING');
    store.test.api.setFault(() => ({ status: 503, headers: { 'retry-after': '0' } }));
    await expect(keep()).rejects.toThrow('BIGCOMMERCE_UNAVAILABLE');
  });

  it('are on the status page as soon as they are there', async () => {
    await store.ask('GET', '/api/status?look=true');
    await store.save(telling('created'));
    await keepWebhooks(deps(), hash());
    const { body } = await store.ask<{ readonly webhooks: object[] }>('GET', '/api/status');
    expect(body.webhooks).toEqual(
      [...STORE_SCOPES, ...ORDER_SCOPES].map((scope) => ({ scope, isActive: true })),
    );
  });
});

describe('a store', () => {
  const OVERDUE_MS = 2 * 60_000;
  const dueOrder = (dueAt: Date | null) =>
    deps()
      .db.insertInto('store_order')
      .values({ store_hash: hash(), order_id: 1, heard_at: START, found_by: 'webhook', due_at: dueAt })
      .execute();
  const waitingEvent = (dueAt: Date) =>
    deps()
      .db.insertInto('event')
      .values({
        store_hash: hash(),
        channel_id: 1,
        order_id: 1,
        kind: 'created',
        name: 'conversion',
        occurred_at: START,
        created_at: START,
        data: '{}',
        state: 'waiting',
        due_at: dueAt,
      })
      .execute();
  const runAtOf = async (task: 'look-at-orders' | 'deliver') =>
    (await store.queued(task)).map(({ runAt }) => runAt);

  it('whose job is lost is woken two minutes after something was due', async () => {
    await dueOrder(START);
    await waitingEvent(START);
    store.setNow(new Date(START.getTime() + OVERDUE_MS));
    await wakeOverdue(deps());
    expect(await runAtOf('look-at-orders')).toEqual([]);
    expect(await runAtOf('deliver')).toEqual([]);
    store.setNow(new Date(START.getTime() + OVERDUE_MS + 1));
    await wakeOverdue(deps());
    expect((await store.queued('look-at-orders')).map(({ payload }) => payload)).toEqual([
      { storeHash: hash() },
    ]);
    expect((await store.queued('deliver')).map(({ payload }) => payload)).toEqual([{ storeHash: hash() }]);
  });

  it('with nothing to do is left alone, and so is one that is gone', async () => {
    await dueOrder(null);
    store.setNow(new Date(START.getTime() + OVERDUE_MS + 1));
    await wakeOverdue(deps());
    expect(await runAtOf('look-at-orders')).toEqual([]);
    await deps().db.updateTable('store_order').set({ due_at: START }).execute();
    await waitingEvent(START);
    await forgetStore(deps(), hash());
    await wakeOverdue(deps());
    expect(await runAtOf('look-at-orders')).toEqual([]);
    expect(await runAtOf('deliver')).toEqual([]);
  });

  it('that waits for its time is not woken before', async () => {
    const later = new Date(Date.now() + 3_600_000);
    await dueOrder(START);
    await waitingEvent(START);
    await deps().queue.wake('look-at-orders', hash(), { runAt: later });
    await deps().queue.wake('deliver', hash(), { runAt: later });
    store.setNow(new Date(START.getTime() + OVERDUE_MS + 1));
    await wakeOverdue(deps());
    expect(await runAtOf('look-at-orders')).toEqual([later]);
    expect(await runAtOf('deliver')).toEqual([later]);
  });

  it('is woken by a webhook although it waits', async () => {
    await deps().queue.wake('look-at-orders', hash(), { runAt: new Date(Date.now() + 3_600_000) });
    await send(created(1));
    const [runAt] = await runAtOf('look-at-orders');
    expect(runAt?.getTime()).toBeLessThanOrEqual(Date.now());
  });

  /** The job is run at this moment, as a worker does. */
  const beginJob = () =>
    sql`update graphile_worker._private_jobs set locked_at = now(), locked_by = 'worker', attempts = 1`.execute(
      deps().db,
    );
  const keyed = async () => (await store.queued('look-at-orders')).filter(({ key }) => key !== null);

  it.each(['before', 'after'])(
    'has its next turn at once when a webhook comes %s a turn ends which sees nothing due for an hour',
    async (when) => {
      const later = new Date(Date.now() + 3_600_000);
      await deps().queue.wake('look-at-orders', hash());
      await beginJob();
      if (when === 'before') await send(created(1));
      await deps().queue.wake('look-at-orders', hash(), { runAt: later, keepsRunAt: true });
      if (when === 'after') await send(created(1));
      const jobs = await keyed();
      expect(jobs).toHaveLength(1);
      expect(jobs[0]?.runAt.getTime()).toBeLessThanOrEqual(Date.now());
    },
  );

  it.each(['the webhook', 'the end of the turn'])(
    'has its next turn at once when both happen at the same moment, %s first',
    async (who) => {
      const later = new Date(Date.now() + 3_600_000);
      await deps().queue.wake('look-at-orders', hash());
      await beginJob();
      const { db, queue } = deps();
      const endTurn = (inside?: typeof db) =>
        queue.wake('look-at-orders', hash(), {
          runAt: later,
          keepsRunAt: true,
          ...(inside && { db: inside }),
        });
      const hear = (inside: typeof db) => queue.wake('look-at-orders', hash(), { db: inside });
      const isWebhookFirst = who === 'the webhook';
      let second: Promise<unknown> = Promise.resolve();
      await db.transaction().execute(async (transaction) => {
        await (isWebhookFirst ? hear(transaction) : endTurn(transaction));
        second = isWebhookFirst ? endTurn() : send(created(1));
        await vi.waitFor(
          async () => {
            const { rows } = await store.test.database.pool.query('select 1 from pg_locks where not granted');
            expect(rows).not.toEqual([]);
          },
          { timeout: 5_000, interval: 10 },
        );
      });
      await second;
      const jobs = await keyed();
      expect(jobs).toHaveLength(1);
      expect(jobs[0]?.runAt.getTime()).toBeLessThanOrEqual(Date.now());
    },
  );
});
