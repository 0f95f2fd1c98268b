import { z } from 'zod';

/**
 * What BigCommerce tells of an order. Members that are not named here are kept as they come, since merchants may ask for any of them by
 * its name. Only what nothing works without has to be there: whatever else is missing, or is not what is documented, is `null`.
 *
 * Source: BigCommerce's OpenAPI files orders.v2 and orders.v3.
 */

const lenient = <T>(schema: z.ZodType<T>) => schema.nullish().catch(null);

const text = lenient(z.string());

/** RFC 2822 as in version 2 of the API, or ISO 8601 as in version 3. Empty for what has not happened. */
const date = text.transform((written) => {
  const timeMs = Date.parse(written ?? '');
  return Number.isNaN(timeMs) ? null : new Date(timeMs);
});

/** Money comes as text with four decimals, and as numbers from some calls. */
const money = lenient(z.union([z.string(), z.number()]));

/** An order without its sub-resources. */
export const orderSchema = z.looseObject({
  id: z.number().int(),
  status_id: z.number().int(),
  /** The first storefront's where BigCommerce does not say. */
  channel_id: z.number().int().catch(1),
  /** 0 for a guest. */
  customer_id: z.number().int().catch(0),
  date_created: date,
  date_modified: date,
  date_shipped: date,
  /** Archived: the control panel shows it no more. */
  is_deleted: z.boolean().catch(false),
  is_tax_inclusive_pricing: z.boolean().catch(false),
  subtotal_ex_tax: money,
  subtotal_inc_tax: money,
  total_ex_tax: money,
  total_inc_tax: money,
  /** The currency that was paid in, and that all money is in. */
  default_currency_code: text,
  customer_locale: text,
  billing_address: lenient(z.looseObject({ email: text, first_name: text, last_name: text })),
});
export type Order = z.infer<typeof orderSchema>;

/** A coupon of an order. */
export const orderCouponSchema = z.looseObject({ code: text });
export type OrderCoupon = z.infer<typeof orderCouponSchema>;

/** A line of an order. */
export const orderProductSchema = z.looseObject({
  /** 0 for what is not in the catalog. */
  product_id: z.number().int().catch(0),
});
export type OrderProduct = z.infer<typeof orderProductSchema>;

/** An address that an order ships to. */
export const orderShippingAddressSchema = z.looseObject({});
export type OrderShippingAddress = z.infer<typeof orderShippingAddressSchema>;

/** Money that was given back. */
export const refundSchema = z.object({
  id: z.number().int(),
  created: date,
  total_amount: z.coerce.number(),
});
export type Refund = z.infer<typeof refundSchema>;

/** Which orders a page is made of. */
export interface OrdersQuery {
  /** Of all that are not smaller, those with the smallest ids. */
  readonly minId: number;
  readonly minDateModified?: Date;
  readonly maxDateModified?: Date;
  readonly minDateCreated?: Date;
}

/** How long a page of orders is, but for the last. */
export const ORDERS_PAGE_SIZE = 250;

/** A product of the catalog, and the categories that it is in. */
export const productCategoriesSchema = z.object({
  id: z.number().int(),
  categories: z.array(z.number().int()).catch([]),
});

/** A category of the catalog. */
export const categorySchema = z.object({ id: z.number().int(), name: z.string() });
