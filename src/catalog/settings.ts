import { z } from 'zod';
import { CONSENT_CATEGORIES } from './consent-categories.js';
import { isProgramDomain } from './program-domain.js';

/**
 * BigCommerce's order statuses by id, with the names that they have before a merchant renames them.
 *
 * Source: OpenAPI file orders.v2, `status_id`.
 */
export const ORDER_STATUSES: Readonly<Record<number, string>> = {
  0: 'Incomplete',
  1: 'Pending',
  2: 'Shipped',
  3: 'Partially Shipped',
  4: 'Refunded',
  5: 'Cancelled',
  6: 'Declined',
  7: 'Awaiting Payment',
  8: 'Awaiting Pickup',
  9: 'Awaiting Shipment',
  10: 'Completed',
  11: 'Awaiting Fulfillment',
  12: 'Manual Verification Required',
  13: 'Disputed',
  14: 'Partially Refunded',
};

/** What can go with "order created", in the order of the settings page. The first always goes. */
export const ORDER_CREATED_FIELDS = [
  'partner_conversion_id',
  'email',
  'partner_user_id',
  'first_name',
  'last_name',
  'cart_value',
  'locale',
  'coupon_code',
] as const;

/** What can become of an order for Extole, in the order in which it does. */
export const ORDER_EVENTS = ['created', 'fulfilled', 'canceled', 'partially_refunded', 'refunded'] as const;

/** One of {@link ORDER_EVENTS}. */
export type OrderEvent = (typeof ORDER_EVENTS)[number];

/**
 * Which value of an order goes as `cart_value`. `subtotal`: before discounts and coupons, with tax where the store's prices hold it, which
 * is what Extole's documents ask for and what the order confirmation page tells. The others are BigCommerce's, by their names.
 *
 * Source: Extole, "Recent Customer Purchase Upload"; OpenAPI file orders.v2, `order_Resp`.
 */
export const CART_VALUES = [
  'subtotal',
  'subtotal_ex_tax',
  'subtotal_inc_tax',
  'total_ex_tax',
  'total_inc_tax',
] as const;

/** One of {@link CART_VALUES}. */
export type CartValue = (typeof CART_VALUES)[number];

/** The zones that can be switched on in the settings page, beside the order confirmation. */
export const SWITCHED_ZONES = ['global_header', 'global_footer', 'product', 'overlay'] as const;

const line = (maxLength: number) =>
  z
    .string()
    .max(maxLength)
    // A control character in a name would only ever be an accident or an attack, as would half a character.
    .regex(/^[^\p{Cc}\p{Cs}]*$/u);

const orderEventSchema = z.strictObject({
  isEnabled: z.boolean(),
  /** What Extole calls it. */
  name: line(100).regex(/^[A-Za-z0-9_.-]+$/),
  /** The order statuses that mean it: BigCommerce's ids. */
  statusIds: z.array(z.int().min(0).max(1_000)).max(50),
});

/**
 * What a merchant sets for one storefront. Secrets are not part of it: they go to the server and never come back.
 */
export const settingsSchema = z.strictObject({
  /** Off: nothing of ours is on the storefront, no order is told to Extole, and rewards wait. */
  isEnabled: z.boolean(),
  /** A bare host name; empty until the merchant gives one. */
  programDomain: z
    .string()
    .max(253)
    .refine((value) => value === '' || isProgramDomain(value)),
  /** Which zones show without a widget. */
  zones: z.strictObject({
    global_header: z.boolean(),
    global_footer: z.boolean(),
    product: z.boolean(),
    overlay: z.boolean(),
  }),
  /** Whether the order confirmation page shows Extole's pop-up. */
  orderConfirmation: z.boolean(),
  /** Under which category of BigCommerce's consent banner our scripts run. */
  consentCategory: z.enum(CONSENT_CATEGORIES),
  /** Whether the page itself asks for consent before anything leaves it. */
  requireConsent: z.boolean(),
  /** Whether the order confirmation page tells Extole of the order, beside the server. */
  browserConversion: z.boolean(),
  orderEvents: z.strictObject({
    created: orderEventSchema.extend({
      /**
       * `status`: once the order has one of the statuses, so that unpaid and failed ones never count. `creation`: as soon as there is
       * an order, whatever its status but Incomplete, which is a checkout that never came to its end.
       */
      timing: z.enum(['status', 'creation']),
    }),
    fulfilled: orderEventSchema,
    canceled: orderEventSchema,
    /** Each refund is told once: as `refunded` when nothing of the order's total is left with it. */
    partially_refunded: orderEventSchema,
    refunded: orderEventSchema,
  }),
  cartValue: z.enum(CART_VALUES),
  /** `async` takes any number of events; `sync` tells at once whether it took one, and takes 100 a minute. */
  eventEndpoint: z.enum(['async', 'sync']),
  /** Extole's program label, sent with each order event; empty for none. */
  programLabel: line(100),
  orderCreatedFields: z.array(z.enum(ORDER_CREATED_FIELDS)).max(ORDER_CREATED_FIELDS.length),
  /** Sent with "order created" beside the fields. A value may hold placeholders. */
  customEventData: z.array(z.strictObject({ key: line(100).min(1), value: line(1_000) })).max(50),
});

/** See {@link settingsSchema}. */
export type Settings = z.infer<typeof settingsSchema>;

/** What a storefront starts with. */
export const DEFAULT_SETTINGS: Settings = {
  isEnabled: true,
  programDomain: '',
  zones: { global_header: false, global_footer: false, product: false, overlay: false },
  orderConfirmation: false,
  consentCategory: 'targeting',
  requireConsent: false,
  browserConversion: true,
  orderEvents: {
    // Paid and under way. Pending and Awaiting Payment are not paid; Manual Verification waits for somebody who looks.
    created: { isEnabled: true, name: 'conversion', statusIds: [2, 3, 8, 9, 10, 11, 14], timing: 'status' },
    fulfilled: { isEnabled: true, name: 'shipped', statusIds: [2, 10] },
    canceled: { isEnabled: true, name: 'canceled', statusIds: [5] },
    partially_refunded: { isEnabled: false, name: 'partially_refunded', statusIds: [14] },
    refunded: { isEnabled: false, name: 'returned', statusIds: [4] },
  },
  cartValue: 'subtotal',
  eventEndpoint: 'async',
  programLabel: '',
  orderCreatedFields: [...ORDER_CREATED_FIELDS],
  customEventData: [],
};
