import { fill, lookUp } from '../../catalog/placeholders.js';
import type { Settings } from '../../catalog/settings.js';
import type { Order } from '../../store/order-types.js';
import type { OrderParts } from './order-parts.js';
import { currencyOf, plainMoney, plainOrder } from './plain-order.js';
import type { Transition } from './transitions.js';

/** The longest name that Extole takes. Source: Extole, "Recent Customer Purchase Upload". */
export const MAX_NAME_LENGTH = 38;

/** The longest value of custom event data, as JSON: all that is in an order of thousands of products is no value. */
const MAX_CUSTOM_LENGTH = 10_000;

type Data = Record<string, unknown>;

/** What an event is made of. */
export interface EventSource {
  readonly order: Order;
  /** At least those that `neededParts` names, for "order created". */
  readonly parts: OrderParts;
  readonly settings: Settings;
  /** What BigCommerce calls the order's storefront. */
  readonly channelName: string | undefined;
}

/**
 * Makes what Extole is told of a transition: the `data` of an event. What is not known is left out, never sent empty.
 *
 * Source: Extole, "Recent Customer Purchase Upload", "Sending Platform Events".
 */
export function eventData(transition: Transition, source: EventSource): Data {
  const { order, settings } = source;
  const { kind, refundId, amount } = transition;
  const id = { partner_conversion_id: `${order.id}` };
  const data = { ...id, ...ticked(settings, identityOf(order)) };
  const label = known({ labels: settings.programLabel });
  switch (kind) {
    case 'created':
      return {
        ...data,
        ...ticked(settings, detailsOf(source)),
        ...cartValue(source),
        ...label,
        ...customData(source),
        // What everything of an order is found by is nobody's to choose.
        ...id,
      };
    case 'fulfilled':
    case 'canceled':
      return { ...data, ...label };
    case 'partially_refunded':
    case 'refunded':
      return {
        ...data,
        ...label,
        ...inCurrency(order, 'refund_amount', amount),
        ...known({ partner_refund_id: idOf(refundId) }),
      };
  }
}

/** The e-mail address that an order was placed with; `undefined` without one. */
export function emailOf({ billing_address }: Pick<Order, 'billing_address'>): string | undefined {
  return billing_address?.email?.trim() || undefined;
}

const identityOf = (order: Order): Data => ({
  email: emailOf(order),
  partner_user_id: idOf(order.customer_id),
});

const detailsOf = ({ order, parts }: EventSource): Data => ({
  first_name: cut(order.billing_address?.first_name),
  last_name: cut(order.billing_address?.last_name),
  locale: order.customer_locale,
  coupon_code: parts.coupons?.flatMap(({ code }) => code || []).join(','),
});

function cartValue({ order, settings }: EventSource): Data {
  if (!settings.orderCreatedFields.includes('cart_value')) return {};
  const subtotal = order.is_tax_inclusive_pricing ? order.subtotal_inc_tax : order.subtotal_ex_tax;
  return inCurrency(
    order,
    'cart_value',
    settings.cartValue === 'subtotal' ? subtotal : order[settings.cartValue],
  );
}

/** Money together with what it is in: without that, it would be taken for the program's own currency. */
function inCurrency(order: Order, name: string, amount: unknown): Data {
  const currency = currencyOf(order);
  const value = currency && plainMoney(amount, currency);
  return value ? { [name]: value, currency } : {};
}

function customData({ order, parts, settings, channelName }: EventSource): Data {
  const currency = currencyOf(order);
  const context = {
    order: {
      ...plainOrder(order, currency),
      channel_name: channelName,
      coupons: parts.coupons?.map((coupon) => plainOrder(coupon, currency)),
      shipping_addresses: parts.shipping_addresses?.map((address) => plainOrder(address, currency)),
      products: parts.products?.map((product) => {
        const categories = parts.categories?.get(product.product_id) ?? [];
        return { ...plainOrder(product, currency), category: categories[0], categories };
      }),
    },
  };
  const custom = Object.fromEntries(settings.customEventData.map(({ key, value }) => [key, value]));
  const filled = fill(custom, (path) => {
    const found = lookUp(context, path);
    return isKnown(found) ? found : undefined;
  });
  return known(Object(filled), (value) => JSON.stringify(value).length <= MAX_CUSTOM_LENGTH);
}

/** Leaves out what is not known, or does not fit. */
function known(data: Data, fits: (value: unknown) => boolean = () => true): Data {
  return Object.fromEntries(Object.entries(data).filter(([, value]) => isKnown(value) && fits(value)));
}

const isKnown = (value: unknown): boolean => value !== undefined && value !== null && value !== '';

const ticked = ({ orderCreatedFields }: Settings, data: Data): Data =>
  known(Object.fromEntries(orderCreatedFields.map((name) => [name, data[name]])));

/** An id as text; a guest's is 0, and all guests would become one shopper. */
const idOf = (id: number): string => (id === 0 ? '' : `${id}`);

/** Cuts a name to Extole's length, and not through a character that takes two units, as the storefront's script does. */
const cut = (name: string | null | undefined): string =>
  (name ?? '')
    .trim()
    .slice(0, MAX_NAME_LENGTH)
    .replace(/[\uD800-\uDBFF]$/, '');
