import { createHash, randomUUID } from 'node:crypto';
import { Webhook as Signer } from 'standardwebhooks';
import { Agent, request } from 'undici';
import type { OrderEvent } from './orders.js';
import type { HookRecord, StoreContent } from './store-content.js';

/** How webhooks go wrong, or differ from what the documents say. */
export interface WebhookSwitches {
  /** Nothing is sent any more, nor is what waits for a retry. */
  readonly isSilent: boolean;
  /** Whether requests carry the signature of Standard Webhooks. */
  readonly isSigned: boolean;
  /** When each copy of a webhook is sent, in milliseconds from now: `[0]` is once and at once, `[]` never, `[0, 50]` twice. */
  readonly copiesOf: (webhook: WebhookNotice) => readonly number[];
}

/** What a test is told of a webhook before it is sent. */
export interface WebhookNotice {
  readonly hookId: number;
  /** That of the event, also where the hook's holds a wildcard. */
  readonly scope: string;
  readonly orderId: number;
}

/** What became of requests so far. A retry counts as a request of its own. */
export interface WebhookCounts {
  readonly acknowledged: number;
  readonly failed: number;
  /** Webhooks that were never sent: silenced, dropped by a test, or for a hook that went or was deactivated. */
  readonly dropped: number;
  /** Webhooks whose last retry failed. Each deactivated its hook. */
  readonly exhausted: number;
}

/** What sends a store's webhooks. */
export interface HookDelivery {
  /** Switches what is named, and all else back to how BigCommerce does it. */
  setWebhooks(switches?: Partial<WebhookSwitches>): void;
  readonly isSilent: boolean;
  /** Sends each webhook for orders once without saying of which order, as no document of BigCommerce's has it. */
  sendWithoutOrder(): void;
  counts(): WebhookCounts;
  /** Settles once all that was to be sent by now was answered, or failed. Retries are for later. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** After how many seconds a webhook that was not acknowledged comes again; 48 hours in all, by BigCommerce's count. */
export const RETRY_INTERVALS_S = [60, 180, 300, 600, 900, 1_800, 3_600, 7_200, 21_600, 50_400, 86_400];

/** How long BigCommerce waits for an answer is documented nowhere. */
const TIMEOUT_MS = 10_000;

const MAX_CONNECTIONS = 50;

const USUAL: WebhookSwitches = { isSilent: false, isSigned: true, copiesOf: () => [0] };

/** One event for one hook, the same with each retry. */
interface Message {
  readonly id: string;
  readonly hookId: number;
  readonly body: string;
}

/**
 * Sends what happens to a store's orders to its active webhooks, as BigCommerce does.
 *
 * Source: BigCommerce, "HTTPS Webhooks Overview", "Webhook Events", "Channels Webhook Events". What `hash` is made of is documented
 * nowhere; here it is the event's data, so that the same event has the same hash.
 *
 * @param options.clientSecretOf - The secret of the app or account that a hook belongs to, which signs.
 * @param options.retryIntervalsMs - BigCommerce's, unless a test is in a hurry.
 * @param options.schedule - Runs something later, and gives what calls it off.
 */
export function createHookDelivery(options: {
  readonly content: StoreContent;
  readonly clientSecretOf: (clientId: string) => string | undefined;
  readonly retryIntervalsMs?: readonly number[];
  readonly schedule?: (run: () => void, delayMs: number) => () => void;
}): HookDelivery {
  const { content, clientSecretOf, schedule = later } = options;
  const { retryIntervalsMs = RETRY_INTERVALS_S.map((seconds) => seconds * 1_000) } = options;
  const dispatcher = new Agent({ connections: MAX_CONNECTIONS });
  const counts = { acknowledged: 0, failed: 0, dropped: 0, exhausted: 0 };
  const underWay = new Set<Promise<void>>();
  const scheduled = new Set<() => void>();
  let switches = USUAL;

  const hear = (event: OrderEvent): void => {
    for (const [scope, data] of told(event)) {
      for (const hook of hooksFor(scope)) {
        const copies = switches.copiesOf({ hookId: hook.id, scope, orderId: event.orderId });
        if (copies.length === 0) counts.dropped += 1;
        const message = messageFor(hook, scope, data);
        for (const delayMs of copies) send(message, 0, delayMs);
      }
    }
  };
  const hooksFor = (scope: string): HookRecord[] =>
    [...content.hooks.values()].filter((hook) => hook.is_active && isMeant(hook, scope));
  const messageFor = (hook: HookRecord, scope: string, data: object): Message => ({
    id: randomUUID(),
    hookId: hook.id,
    body: bodyOf(content, scope, data),
  });

  /** @param attempt - How many there were before. */
  function send(message: Message, attempt: number, delayMs: number): void {
    const start = (): void => {
      const sending = post(message, attempt).finally(() => underWay.delete(sending));
      underWay.add(sending);
    };
    if (delayMs === 0) {
      start();
      return;
    }
    const cancel = schedule(() => {
      scheduled.delete(cancel);
      start();
    }, delayMs);
    scheduled.add(cancel);
  }

  async function post(message: Message, attempt: number): Promise<void> {
    const hook = content.hooks.get(message.hookId);
    if (!hook?.is_active || switches.isSilent) {
      counts.dropped += 1;
      return;
    }
    if (await isAcknowledged(hook, message)) {
      counts.acknowledged += 1;
      return;
    }
    counts.failed += 1;
    const delayMs = retryIntervalsMs[attempt];
    if (delayMs !== undefined) return send(message, attempt + 1, delayMs);
    counts.exhausted += 1;
    const current = content.hooks.get(hook.id);
    if (current) content.hooks.set(hook.id, { ...current, is_active: false });
  }

  async function isAcknowledged({ destination, headers, client_id }: HookRecord, message: Message) {
    const { id, body } = message;
    const secret = switches.isSigned ? clientSecretOf(client_id) : undefined;
    try {
      const answer = await request(destination, {
        dispatcher,
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...headers,
          ...(secret !== undefined && signatureOf(secret, id, content.now(), body)),
        },
        body,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      await answer.body.dump();
      return answer.statusCode >= 200 && answer.statusCode < 300;
    } catch {
      return false;
    }
  }

  content.orderListeners.add(hear);
  return {
    setWebhooks(given = {}) {
      switches = { ...USUAL, ...given };
    },
    get isSilent() {
      return switches.isSilent;
    },
    sendWithoutOrder() {
      for (const hook of content.hooks.values()) {
        if (!hook.is_active || !hook.scope.startsWith('store/order/')) continue;
        send(messageFor(hook, hook.scope.replace('*', 'updated'), { type: 'order' }), 0, 0);
      }
    },
    counts: () => ({ ...counts }),
    async settled() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
    async close() {
      content.orderListeners.delete(hear);
      for (const cancel of scheduled) cancel();
      await dispatcher.destroy();
    },
  };
}

/** The scopes under which an event is told, each with the `data` that goes with it. */
function told({ name, orderId, channelId, details }: OrderEvent): (readonly [scope: string, data: object])[] {
  return [
    [`store/order/${name}`, { type: 'order', id: orderId, ...details }],
    [`store/channel/${channelId}/order/${name}`, { order_id: orderId }],
  ];
}

const isMeant = (hook: HookRecord, scope: string): boolean =>
  hook.scope === scope || (hook.scope.endsWith('/*') && scope.startsWith(hook.scope.slice(0, -1)));

/** What BigCommerce sends of an event. Source: BigCommerce, "Webhooks", Callback payload. */
export function bodyOf(
  { storeHash, now }: Pick<StoreContent, 'storeHash' | 'now'>,
  scope: string,
  data: object,
): string {
  return JSON.stringify({
    scope,
    store_id: '1025646',
    data,
    hash: createHash('sha1').update(JSON.stringify(data)).digest('hex'),
    created_at: Math.floor(now().getTime() / 1_000),
    producer: `stores/${storeHash}`,
  });
}

/**
 * The headers of a signed webhook. The library is given the secret in base64, and signs with the bytes of the secret itself.
 *
 * Source: BigCommerce, "Webhooks over HTTPS", Standard Webhooks.
 */
export function signatureOf(secret: string, id: string, now: Date, body: string): Record<string, string> {
  return {
    'webhook-id': id,
    'webhook-timestamp': `${Math.floor(now.getTime() / 1_000)}`,
    'webhook-signature': new Signer(Buffer.from(secret).toString('base64')).sign(id, now, body),
  };
}

function later(run: () => void, delayMs: number): () => void {
  const timer = setTimeout(run, delayMs).unref();
  return () => clearTimeout(timer);
}
