import { createHash, randomUUID } from 'node:crypto';
import { Webhook as Signer } from 'standardwebhooks';
import { Pool } from 'undici';
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
  const signer = new Signer(Buffer.from(clientSecret).toString('base64'));
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
      const body = webhookText(storeHash, orderId, isNew);
      const id = randomUUID();
      const now = new Date();
      const answer = await pool.request({
        method: 'POST',
        path: '/webhooks/bigcommerce',
        headers: {
          'content-type': 'application/json',
          [WEBHOOK_SECRET_HEADER]: secrets.get(storeHash) ?? '',
          'webhook-id': id,
          'webhook-timestamp': `${Math.floor(now.getTime() / 1_000)}`,
          'webhook-signature': signer.sign(id, now, body),
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

function webhookText(storeHash: string, orderId: number, isNew: boolean): string {
  const data = isNew
    ? { type: 'order', id: orderId }
    : { type: 'order', id: orderId, status: { previous_status_id: 0, new_status_id: 11 } };
  return JSON.stringify({
    scope: isNew ? 'store/order/created' : 'store/order/statusUpdated',
    store_id: '1025646',
    data,
    hash: createHash('sha1').update(JSON.stringify(data)).digest('hex'),
    created_at: Math.floor(Date.now() / 1_000),
    producer: `stores/${storeHash}`,
  });
}
