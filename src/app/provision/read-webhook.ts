import { z } from 'zod';
import { parseJson } from '../../store/parse-json.js';
import { storeContextSchema } from '../install/signed-payload.js';

/** What BigCommerce tells of, as far as we read it. */
export interface WebhookEvent {
  readonly storeHash: string;
  /** What happened; empty when that can't be read. */
  readonly scope: string;
  /** What it happened to. */
  readonly data: unknown;
}

/** Source: BigCommerce, "Webhooks", Callback payload: `producer` is `stores/{store_hash}`. */
const eventSchema = z.object({
  producer: storeContextSchema,
  scope: z.string().catch(''),
  data: z.unknown().optional(),
});

/** Where each kind of event says which order it is about. Source: BigCommerce, "Webhook events". */
const ORDER_SCOPES = [
  { pattern: /^store\/order\/./, key: 'id' },
  { pattern: /^store\/channel\/\d+\/order\/./, key: 'order_id' },
  { pattern: /^store\/shipment\/./, key: 'orderId' },
  { pattern: /^store\/cart\/converted$/, key: 'orderId' },
] as const;

const orderIdSchema = z.union([
  z.int().positive(),
  z
    .string()
    .regex(/^[1-9]\d{0,15}$/)
    .transform(Number)
    .refine(Number.isSafeInteger),
]);

/** @returns `undefined` when it can't be read which store it is of. */
export function readWebhook(body: string): WebhookEvent | undefined {
  const { producer, scope, data } = eventSchema.safeParse(parseJson(body)).data ?? {};
  return producer === undefined ? undefined : { storeHash: producer, scope: scope ?? '', data };
}

/** @returns The order that an event is about, `unreadable` when it does not say which, and `undefined` when it is about none. */
export function orderOf({ scope, data }: WebhookEvent): number | 'unreadable' | undefined {
  const found = ORDER_SCOPES.find(({ pattern }) => pattern.test(scope));
  if (!found) return undefined;
  const orderId = z.object({ [found.key]: orderIdSchema }).safeParse(data).data?.[found.key];
  return orderId ?? 'unreadable';
}
