import Fastify, { type FastifyInstance } from 'fastify';
import { Webhook as Verifier } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  createHookDelivery,
  type HookDelivery,
  RETRY_INTERVALS_S,
} from '../../examples/sandbox/bigcommerce/hook-delivery.js';
import {
  archiveOrder,
  placeOrder,
  refundOrder,
  setOrderStatus,
} from '../../examples/sandbox/bigcommerce/orders.js';
import {
  emptyStore,
  type HookRecord,
  type StoreContent,
} from '../../examples/sandbox/bigcommerce/store-content.js';
import { listen } from '../../examples/sandbox/listen.js';

const SECRET = 'client-secret-of-the-app';
const NOW = new Date('2026-03-01T12:00:00Z');

interface Received {
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly body: { readonly scope: string; readonly hash: string; readonly data: object };
}

let app: FastifyInstance;
let url: string;
let received: Received[];
/** What the app answers, one after the other; 200 when there is none left. */
let statuses: number[];
/** What waits for its time. */
let scheduled: { readonly run: () => void; readonly delayMs: number; isOff: boolean }[];
let content: StoreContent;
let delivery: HookDelivery;

beforeEach(async () => {
  received = [];
  statuses = [];
  scheduled = [];
  app = Fastify({ forceCloseConnections: true });
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'string' },
    async (_: unknown, text: unknown) => text,
  );
  app.post<{ Body: string }>('/hooks', async ({ headers, body }, reply) => {
    const texts = Object.entries(headers).map(([name, value]) => [name, `${value}`]);
    received.push({ headers: Object.fromEntries(texts), text: body, body: JSON.parse(body) });
    return reply.code(statuses.shift() ?? 200).send();
  });
  url = `http://localhost:${await listen(app)}/hooks`;
  content = emptyStore({ storeHash: 'store1', name: 'Brand', regions: new Map() });
  content.now = () => NOW;
  delivery = createHookDelivery({
    content,
    clientSecretOf: (clientId) => (clientId === 'app-1' ? SECRET : undefined),
    schedule: (run, delayMs) => {
      const one = { run, delayMs, isOff: false };
      scheduled.push(one);
      return () => {
        one.isOff = true;
      };
    },
  });
});
afterEach(() => Promise.all([delivery.close(), app.close()]));

function addHook(scope: string, fields: Partial<HookRecord> = {}): HookRecord {
  const hook: HookRecord = {
    id: content.hooks.size + 1,
    client_id: 'app-1',
    store_hash: 'store1',
    scope,
    destination: url,
    headers: { 'x-secret': 'open sesame' },
    is_active: true,
    created_at: 0,
    updated_at: 0,
    ...fields,
  };
  content.hooks.set(hook.id, hook);
  return hook;
}

/** Lets what waits have its time, in the order in which it was scheduled. */
async function passTime(): Promise<number[]> {
  const due = scheduled.filter(({ isOff }) => !isOff);
  scheduled = [];
  for (const { run } of due) run();
  await delivery.settled();
  return due.map(({ delayMs }) => delayMs);
}
const scopes = (): string[] => received.map(({ body }) => body.scope);

describe('a webhook', () => {
  it('says what happened to which order, as BigCommerce says it', async () => {
    addHook('store/order/created');
    const { fields } = placeOrder(content);
    await delivery.settled();
    expect(received).toHaveLength(1);
    expect(received[0]?.body).toEqual({
      scope: 'store/order/created',
      store_id: '1025646',
      data: { type: 'order', id: fields.id },
      hash: expect.stringMatching(/^[\da-f]{40}$/),
      created_at: NOW.getTime() / 1_000,
      producer: 'stores/store1',
    });
    expect(received[0]?.headers).toMatchObject({
      'content-type': 'application/json',
      'x-secret': 'open sesame',
    });
  });

  it('tells each kind of change with what belongs to it', async () => {
    addHook('store/order/*');
    placeOrder(content, { id: 5, statusId: 0 });
    setOrderStatus(content, 5, 11);
    const { id } = refundOrder(content, 5, 4);
    archiveOrder(content, 5);
    await delivery.settled();
    const order = { type: 'order', id: 5 };
    expect(received.map(({ body: { scope, data } }) => [scope, data])).toEqual(
      expect.arrayContaining([
        ['store/order/created', order],
        ['store/order/statusUpdated', { ...order, status: { previous_status_id: 0, new_status_id: 11 } }],
        ['store/order/statusUpdated', { ...order, status: { previous_status_id: 11, new_status_id: 14 } }],
        ['store/order/refund/created', { ...order, refund: { refund_id: id } }],
        ['store/order/archived', order],
      ]),
    );
    expect(scopes().filter((scope) => scope === 'store/order/updated')).toHaveLength(3);
    expect(received).toHaveLength(8);
  });

  it('of a channel has another name for the order', async () => {
    addHook('store/channel/2/order/created');
    placeOrder(content, { id: 5, channelId: 1 });
    placeOrder(content, { id: 6, channelId: 2 });
    await delivery.settled();
    expect(received.map(({ body }) => [body.scope, body.data])).toEqual([
      ['store/channel/2/order/created', { order_id: 6 }],
    ]);
  });

  it('goes to the hooks of its scope that are active, and to no others', async () => {
    addHook('store/order/created', { is_active: false });
    addHook('store/order/updated');
    addHook('store/channel/*');
    addHook('store/channel/1/order/*');
    addHook('store/cart/*');
    placeOrder(content);
    await delivery.settled();
    expect(scopes()).toEqual(['store/channel/1/order/created', 'store/channel/1/order/created']);
  });

  it('has the same hash when the same thing happened, and another where not', async () => {
    addHook('store/order/statusUpdated');
    placeOrder(content, { id: 5 });
    for (const status of [2, 11, 2]) {
      setOrderStatus(content, 5, status);
      await delivery.settled();
    }
    const [first, second, third] = received.map(({ body }) => body.hash);
    expect(first).toBe(third);
    expect(first).not.toBe(second);
  });
});

describe('the signature of a webhook', () => {
  const verifier = new Verifier(Buffer.from(SECRET).toString('base64'));
  // The library looks at the clock.
  beforeEach(() => {
    content.now = () => new Date();
  });

  it("is Standard Webhooks', made with the client secret", async () => {
    addHook('store/order/created');
    placeOrder(content);
    await delivery.settled();
    const [one] = received;
    expect(verifier.verify(one?.text ?? '', one?.headers ?? {})).toEqual(one?.body);
    expect(() => verifier.verify(`${one?.text} `, one?.headers ?? {})).toThrow('No matching signature found');
  });

  it('is not there where it is switched off, nor on hooks of somebody whose secret nobody knows', async () => {
    addHook('store/order/created', { client_id: 'app-2' });
    placeOrder(content);
    content.hooks.clear();
    addHook('store/order/created');
    await delivery.settled();
    delivery.setWebhooks({ isSigned: false });
    placeOrder(content);
    await delivery.settled();
    delivery.setWebhooks();
    placeOrder(content);
    await delivery.settled();
    expect(received.map(({ headers }) => 'webhook-signature' in headers)).toEqual([false, false, true]);
  });

  it('holds the same id with each retry, and the time of the retry', async () => {
    addHook('store/order/created');
    statuses = [500];
    content.now = () => NOW;
    placeOrder(content);
    await delivery.settled();
    content.now = () => new Date(NOW.getTime() + 60_000);
    await passTime();
    const [first, second] = received.map(({ headers }) => headers);
    expect(second?.['webhook-id']).toBe(first?.['webhook-id']);
    expect(Number(second?.['webhook-timestamp']) - Number(first?.['webhook-timestamp'])).toBe(60);
    expect(received[1]?.text).toBe(received[0]?.text);
  });
});

describe('a webhook that is not acknowledged', () => {
  it.each([
    [200, 0],
    [204, 0],
    [299, 0],
    [302, 1],
    [401, 1],
    [500, 1],
  ])('comes again where the answer is %i: %i times', async (status, retries) => {
    addHook('store/order/created');
    statuses = [status];
    placeOrder(content);
    await delivery.settled();
    await passTime();
    expect(received).toHaveLength(1 + retries);
    expect(delivery.counts()).toEqual({ acknowledged: 1, failed: retries, dropped: 0, exhausted: 0 });
  });

  it("comes again after BigCommerce's intervals, and its hook is put to sleep after the last", async () => {
    const { id } = addHook('store/order/created');
    const { length } = RETRY_INTERVALS_S;
    statuses = Array(length + 1).fill(503);
    placeOrder(content);
    await delivery.settled();
    const delays: number[] = [];
    for (let retry = 0; retry < length; retry += 1) {
      expect(content.hooks.get(id)?.is_active).toBe(true);
      delays.push(...(await passTime()));
    }
    expect(delays).toEqual(RETRY_INTERVALS_S.map((seconds) => seconds * 1_000));
    expect(content.hooks.get(id)?.is_active).toBe(false);
    expect(await passTime()).toEqual([]);
    expect(delivery.counts()).toEqual({ acknowledged: 0, failed: length + 1, dropped: 0, exhausted: 1 });
    placeOrder(content);
    await delivery.settled();
    expect(received).toHaveLength(length + 1);
  });

  it('comes again where nobody listens, or the answer got lost', async () => {
    addHook('store/order/created', { destination: 'http://localhost:1/hooks' });
    placeOrder(content);
    await vi.waitFor(() => expect(scheduled.map(({ delayMs }) => delayMs)).toEqual([60_000]));
  });

  it('comes no more once its hook is gone', async () => {
    addHook('store/order/created');
    statuses = [500];
    placeOrder(content);
    await delivery.settled();
    content.hooks.clear();
    await passTime();
    expect(received).toHaveLength(1);
    expect(delivery.counts().dropped).toBe(1);
  });

  it('comes no more once the sender is closed', async () => {
    addHook('store/order/created');
    statuses = [500];
    placeOrder(content);
    await delivery.settled();
    await delivery.close();
    placeOrder(content);
    expect(await passTime()).toEqual([]);
    expect(received).toHaveLength(1);
  });
});

describe('a test', () => {
  it('silences webhooks, also those that wait, until it lets them speak', async () => {
    addHook('store/order/created');
    statuses = [500];
    placeOrder(content);
    await delivery.settled();
    delivery.setWebhooks({ isSilent: true });
    expect(delivery.isSilent).toBe(true);
    placeOrder(content);
    await passTime();
    expect(received).toHaveLength(1);
    expect(delivery.counts()).toMatchObject({ dropped: 2 });
    delivery.setWebhooks();
    placeOrder(content);
    await delivery.settled();
    expect(received).toHaveLength(2);
  });

  it('has webhooks name no order', async () => {
    addHook('store/order/*');
    addHook('store/order/created');
    addHook('store/order/created', { is_active: false });
    addHook('store/channel/1/order/created');
    delivery.sendWithoutOrder();
    await delivery.settled();
    expect(received.map(({ body: { scope, data } }) => [scope, data])).toEqual([
      ['store/order/updated', { type: 'order' }],
      ['store/order/created', { type: 'order' }],
    ]);
  });

  it('drops, repeats and delays webhooks', async () => {
    const { id: hookId } = addHook('store/order/created');
    const plans: Readonly<Record<number, number[]>> = { 5: [], 6: [0, 300, 100], 7: [200] };
    const asked: unknown[] = [];
    delivery.setWebhooks({
      copiesOf: (notice) => {
        asked.push(notice);
        return plans[notice.orderId] ?? [0];
      },
    });
    for (const id of [5, 6, 7]) placeOrder(content, { id });
    await delivery.settled();
    expect(received).toHaveLength(1);
    expect(await passTime()).toEqual([300, 100, 200]);
    expect(received.map(({ body }) => body.data)).toEqual(
      expect.arrayContaining([6, 6, 6, 7].map((id) => ({ type: 'order', id }))),
    );
    expect(delivery.counts()).toMatchObject({ acknowledged: 4, dropped: 1 });
    expect(asked[0]).toEqual({ hookId, scope: 'store/order/created', orderId: 5 });
  });
});
