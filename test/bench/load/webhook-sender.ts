import { randomUUID } from 'node:crypto';
import { Pool } from 'undici';
import { bodyOf, signatureOf } from '../../../examples/sandbox/bigcommerce/hook-delivery.js';
import { WEBHOOK_SECRET_HEADER } from '../../../src/app/provision/webhooks.js';

/** Sends webhooks as BigCommerce does. */
export interface WebhookSender {
  /** Tells of an order that nobody told of before, or, one time in four, again of one that was told of. Settles when it is answered with 200. */
  send(): Promise<Sent>;
  close(): Promise<void>;
}

/** What was sent. */
export interface Sent {
  readonly orderId: number;
  readonly isNew: boolean;
}

/** Every so manieth webhook is of an order that another one told of just before. */
const AGAIN = 4;

const CHANGED = [
  'store/order/statusUpdated',
  { status: { previous_status_id: 0, new_status_id: 11 } },
] as const;

/**
 * @param options.secrets - What a store's webhooks have to carry, by store.
 * @param options.connections - How many requests may be under way.
 */
export function createWebhookSender(options: {
  readonly appUrl: string;
  readonly clientSecret: string;
  readonly secrets: ReadonlyMap<string, string>;
  readonly connections: number;
}): WebhookSender {
  const { appUrl, clientSecret, secrets, connections } = options;
  const pool = new Pool(appUrl, { connections });
  const stores = [...secrets.keys()];
  let sent = 0;
  let lastOrderId = 0;

  return {
    async send() {
      sent += 1;
      const isNew = sent % AGAIN !== 0;
      if (isNew) lastOrderId += 1;
      const orderId = lastOrderId;
      const storeHash = stores[orderId % stores.length] ?? '';
      const now = new Date();
      const [scope, data] = isNew ? (['store/order/created', {}] as const) : CHANGED;
      const body = bodyOf({ storeHash, now: () => now }, scope, { type: 'order', id: orderId, ...data });
      const answer = await pool.request({
        method: 'POST',
        path: '/webhooks/bigcommerce',
        headers: {
          'content-type': 'application/json',
          [WEBHOOK_SECRET_HEADER]: secrets.get(storeHash) ?? '',
          ...signatureOf(clientSecret, randomUUID(), now, body),
        },
        body,
      });
      await answer.body.dump();
      if (answer.statusCode !== 200) throw new Error(`A webhook was answered with ${answer.statusCode}.`);
      return { orderId, isNew };
    },
    close: () => pool.destroy(),
  };
}
