import { createHash, randomUUID } from 'node:crypto';
import { Webhook as Signer } from 'standardwebhooks';
import { createWebhookPosts, type Schedule, type WebhookPosts } from '../webhook-posts.js';
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

/** What sends a store's webhooks. */
export interface HookDelivery extends Pick<WebhookPosts<Message>, 'counts' | 'settled' | 'close'> {
  /** Switches what is named, and all else back to how BigCommerce does it. */
  setWebhooks(switches?: Partial<WebhookSwitches>): void;
  readonly isSilent: boolean;
  /** Sends each webhook for orders once without saying of which order, as no document of BigCommerce's has it. */
  sendWithoutOrder(): void;
}

/** After how many seconds a webhook that was not acknowledged comes again; 48 hours in all, by BigCommerce's count. */
export const RETRY_INTERVALS_S = [60, 180, 300, 600, 900, 1_800, 3_600, 7_200, 21_600, 50_400, 86_400];

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
  readonly schedule?: Schedule;
}): HookDelivery {
  const { content, clientSecretOf, schedule } = options;
  const { retryIntervalsMs = RETRY_INTERVALS_S.map((seconds) => seconds * 1_000) } = options;
  let switches = USUAL;

  const hear = (event: OrderEvent): void => {
    for (const [scope, data] of told(event)) {
      for (const hook of hooksFor(scope)) {
        const copiesMs = switches.copiesOf({ hookId: hook.id, scope, orderId: event.orderId });
        posts.send(messageFor(hook, scope, data), copiesMs);
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

  const posts = createWebhookPosts<Message>({
    // Not for a hook that went or was deactivated.
    requestOf({ id, hookId, body }) {
      const hook = content.hooks.get(hookId);
      if (!hook?.is_active || switches.isSilent) return undefined;
      const secret = switches.isSigned ? clientSecretOf(hook.client_id) : undefined;
      const signature = secret !== undefined && signatureOf(secret, id, content.now(), body);
      return { url: hook.destination, headers: { ...hook.headers, ...signature }, body, retryIntervalsMs };
    },
    onExhausted({ hookId }) {
      const hook = content.hooks.get(hookId);
      if (hook) content.hooks.set(hookId, { ...hook, is_active: false });
    },
    schedule,
  });

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
        posts.send(messageFor(hook, hook.scope.replace('*', 'updated'), { type: 'order' }), [0]);
      }
    },
    counts: posts.counts,
    settled: posts.settled,
    close() {
      content.orderListeners.delete(hear);
      return posts.close();
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
