import { fill } from '../../catalog/placeholders.js';
import type { Settings } from '../../catalog/settings.js';
import type { BigCommerceClient } from '../../store/bigcommerce-client.js';
import type { OrderCoupon, OrderProduct, OrderShippingAddress } from '../../store/order-types.js';

/** What belongs to an order and has to be asked for. What is not asked for is not there. */
export interface OrderParts {
  readonly coupons?: readonly OrderCoupon[];
  readonly products?: readonly OrderProduct[];
  readonly shipping_addresses?: readonly OrderShippingAddress[];
  /** The names of the categories of products, by product. */
  readonly categories?: ReadonlyMap<number, readonly string[]>;
}

/** The name of a part. */
export type OrderPart = keyof OrderParts;

/** Which parts "order created" needs, by what is ticked and by the placeholders of the custom event data. */
export function neededParts({ orderCreatedFields, customEventData }: Settings): ReadonlySet<OrderPart> {
  const parts = new Set<OrderPart>();
  if (orderCreatedFields.includes('coupon_code')) parts.add('coupons');
  fill(
    customEventData.map(({ value }) => value),
    ([top, part, _index, member] = []) => {
      // A whole order is its parts as well, and a whole product its categories.
      const isNamed = (name: string): boolean => top === 'order' && (part === name || part === undefined);
      if (isNamed('coupons')) parts.add('coupons');
      if (isNamed('shipping_addresses')) parts.add('shipping_addresses');
      if (isNamed('products')) parts.add('products');
      if (isNamed('products') && [undefined, 'category', 'categories'].includes(member))
        parts.add('categories');
      return '';
    },
  );
  return parts;
}

/**
 * Asks BigCommerce for parts of an order.
 *
 * @throws {BigCommerceError} Any of its codes.
 */
export async function readParts(
  client: BigCommerceClient,
  orderId: number,
  needed: ReadonlySet<OrderPart>,
): Promise<OrderParts> {
  const [coupons, shipping_addresses, products] = await Promise.all([
    needed.has('coupons') && client.orderCoupons(orderId),
    needed.has('shipping_addresses') && client.orderShippingAddresses(orderId),
    needed.has('products') && client.orderProducts(orderId),
  ]);
  const productIds = (products || []).map(({ product_id }) => product_id).filter((id) => id > 0);
  const categories = needed.has('categories') && (await client.productCategories(productIds));
  return {
    ...(coupons && { coupons }),
    ...(shipping_addresses && { shipping_addresses }),
    ...(products && { products }),
    ...(categories && { categories }),
  };
}
