/** One value of an order that custom event data may hold. */
export interface OrderDataPath {
  /** As it is written between the braces of a placeholder. */
  readonly path: string;
  readonly what: string;
  /** What it may look like. */
  readonly example: string;
}

/**
 * The values that the settings page offers for the custom event data of an order, in its order. Names are those of BigCommerce's Orders
 * API. `[0]` is the first of a list, and may be any other; whatever else the API tells of an order is found under its own name too.
 *
 * Source: OpenAPI file orders.v2. `category` and `categories` of a product are its categories' names in the catalog.
 */
export const ORDER_DATA_PATHS = [
  { path: 'order.id', what: 'order number', example: '1234' },
  { path: 'order.total_inc_tax', what: 'what was paid, with tax and shipping', example: '59.90' },
  { path: 'order.total_ex_tax', what: 'what was paid, without tax', example: '50.34' },
  { path: 'order.subtotal_inc_tax', what: 'products before discounts, with tax', example: '64.90' },
  { path: 'order.subtotal_ex_tax', what: 'products before discounts, without tax', example: '54.54' },
  { path: 'order.discount_amount', what: 'discounts', example: '5.00' },
  { path: 'order.coupon_discount', what: 'what coupon codes took off', example: '5.00' },
  { path: 'order.shipping_cost_inc_tax', what: 'shipping, with tax', example: '4.90' },
  { path: 'order.default_currency_code', what: 'currency that was paid in', example: 'USD' },
  { path: 'order.items_total', what: 'number of items', example: '3' },
  { path: 'order.status', what: 'status of the order', example: 'Awaiting Fulfillment' },
  { path: 'order.payment_method', what: 'how it was paid', example: 'Credit Card' },
  { path: 'order.date_created', what: 'when it was placed', example: '2026-03-01T12:00:00.000Z' },
  { path: 'order.channel_id', what: 'number of the storefront', example: '1' },
  { path: 'order.channel_name', what: 'name of the storefront', example: 'Brand Store' },
  { path: 'order.order_source', what: 'where the order came from', example: 'www' },
  { path: 'order.external_source', what: 'the system that made the order by the API', example: 'POS' },
  { path: 'order.customer_locale', what: 'language of the shopper', example: 'en-US' },
  { path: 'order.geoip_country_iso2', what: 'country that the shopper ordered from', example: 'US' },
  { path: 'order.billing_address.country_iso2', what: 'country of the billing address', example: 'US' },
  { path: 'order.billing_address.state', what: 'state of the billing address', example: 'Oregon' },
  { path: 'order.billing_address.company', what: 'company of the billing address', example: 'Brand Ltd' },
  { path: 'order.shipping_addresses[0].country_iso2', what: 'country that it ships to', example: 'US' },
  { path: 'order.shipping_addresses[0].shipping_method', what: 'how it ships', example: 'Flat Rate' },
  { path: 'order.coupons[0].code', what: 'first coupon code', example: 'FRIEND-7QK2' },
  { path: 'order.products[0].name', what: 'name of the first product', example: 'Stoneware Mug' },
  { path: 'order.products[0].sku', what: 'SKU of the first product', example: 'MUG-01' },
  { path: 'order.products[0].product_id', what: 'number of the first product', example: '111' },
  { path: 'order.products[0].quantity', what: 'how many of the first product', example: '2' },
  { path: 'order.products[0].brand', what: 'brand of the first product', example: 'Juniper' },
  { path: 'order.products[0].category', what: 'category of the first product', example: 'Kitchen' },
] as const satisfies readonly OrderDataPath[];
