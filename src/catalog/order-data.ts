/** One value of an order that custom event data may hold. */
export interface OrderDataPath {
  /** As it is written between the braces of a placeholder. */
  readonly path: string;
  readonly what: string;
  /** What it may look like. */
  readonly example: string;
}

/**
 * The values that the settings page offers for the custom event data of an order, in its order. `[0]` is the first of a list, and may be
 * any other.
 */
export const ORDER_DATA_PATHS = [
  { path: 'order.id', what: 'order number', example: '1234' },
  { path: 'order.currency', what: 'code of the currency', example: 'USD' },
  { path: 'order.total', what: 'what was paid, with tax and shipping', example: '59.90' },
  { path: 'order.status', what: 'status of the order', example: 'Shipped' },
  { path: 'order.channel', what: 'name of the storefront', example: 'Brand Store' },
  { path: 'order.products.[0].name', what: 'name of the first product', example: 'Stoneware Mug' },
  { path: 'order.products.[0].sku', what: 'SKU of the first product', example: 'MUG-01' },
  { path: 'order.products.[0].category', what: 'category of the first product', example: 'Kitchen' },
  { path: 'order.customer_group', what: 'customer group of the shopper', example: 'Wholesale' },
  { path: 'order.marketing.source', what: 'marketing channel that led to the order', example: 'newsletter' },
  { path: 'order.marketing.medium', what: 'kind of that channel', example: 'email' },
  { path: 'order.marketing.campaign', what: 'campaign that led to the order', example: 'spring' },
] as const satisfies readonly OrderDataPath[];
