import type { PageContext, ZoneEventDetail, ZoneOptions } from './types.js';

/** Where `localStorage` keeps the ids of the orders that Extole was told, so that a reload does not tell them again. */
const TOLD_KEY = 'extole-conversions';
const TOLD_KEPT = 20;

/** The longest id and name that Extole takes. Sources: Extole, "Google Tag Manager", "Recent Customer Purchase Upload". */
const MAX_LENGTH = 38;

/** What this page has told or is about to tell. */
const told = new Set<string>();

/**
 * Tells Extole of the order that the confirmation page is for, once however often the page is loaded.
 *
 * The server tells the same order with the same id, and Extole keeps what comes first: so this tells all or nothing.
 *
 * @param options.orderId - The id of the order, as BigCommerce has it.
 * @param options.setContext - Takes the order into the page context, under `order`.
 * @param options.createZone - Asks for the zone `conversion`.
 * @returns `sent` once Extole has taken it: never, if Extole refuses it or is not there, and then the next load tries again.
 *   `told-before` when it needs no telling. `no-order` when BigCommerce does not give the order, or not enough of it; nothing
 *   is sent then. Rejects only if `setContext` or `createZone` throws.
 */
export async function tellConversion(options: {
  readonly orderId: number | string;
  readonly setContext: (partial: PageContext) => void;
  readonly createZone: (options: ZoneOptions) => void;
}): Promise<'sent' | 'told-before' | 'no-order'> {
  const { orderId, setContext, createZone } = options;
  const id = idOf(orderId);
  if (!id) return 'no-order';
  if (told.has(id) || toldBefore().includes(id)) return 'told-before';
  told.add(id);
  const conversion = await findConversion(id);
  if (!conversion) {
    told.delete(id);
    return 'no-order';
  }
  setContext({ order: { id: orderId, ...conversion } });
  return new Promise((resolve) => {
    const onRendered = ({ detail }: CustomEvent<ZoneEventDetail>): void => {
      if (detail.name !== 'conversion') return;
      document.removeEventListener('extole-zone:rendered', onRendered);
      remember(id);
      resolve('sent');
    };
    document.addEventListener('extole-zone:rendered', onRendered);
    createZone({
      name: 'conversion',
      // Who ordered is what the order says, and is not mixed with the account.
      fields: ['locale'],
      // By placeholders, since what a placeholder becomes is not filled in again: a shopper may be called `{{product.url}}`.
      eventData: Object.fromEntries(Object.keys(conversion).map((key) => [key, `{{order.${key}}}`])),
    });
  });
}

/** What is read of BigCommerce's answer. Source: BigCommerce, "Storefront Orders". */
interface Order {
  readonly orderId?: unknown;
  readonly customerId?: unknown;
  readonly baseAmount?: unknown;
  readonly currency?: { readonly code?: string; readonly decimalPlaces?: number };
  readonly coupons?: readonly { readonly code?: string }[];
  readonly billingAddress?: {
    readonly email?: string;
    readonly firstName?: string;
    readonly lastName?: string;
  };
}

/**
 * Asks BigCommerce for the order, and gives what Extole wants to know of it, by Extole's names.
 *
 * Source: Extole, JavaScript SDK, "Event Tags".
 *
 * @returns `undefined` when it can't be had, is another order, or lacks its amount, currency or e-mail address. With less,
 *   it would keep out the complete one that the server tells.
 */
async function findConversion(id: string): Promise<Record<string, string> | undefined> {
  try {
    const url = `/api/storefront/orders/${encodeURIComponent(id)}?include=billingAddress,coupons,currency`;
    // The media type that BigCommerce's own checkout asks for.
    const headers = { accept: 'application/vnd.bc.v1+json' };
    const response = await fetch(url, { credentials: 'include', headers });
    const order: Order = await response.json();
    const { orderId, customerId, baseAmount, currency, coupons, billingAddress } = order;
    if (response.status !== 200 || idOf(orderId) !== id) return undefined;
    if (typeof baseAmount !== 'number' || !currency?.code || !billingAddress?.email) return undefined;
    const values = {
      partner_conversion_id: id,
      // Before discounts, as Extole wants it and the server tells it.
      cart_value: baseAmount.toFixed(currency.decimalPlaces ?? 2),
      coupon_code: (coupons ?? []).map(({ code }) => code).join(','),
      currency: currency.code,
      email: billingAddress.email,
      first_name: cut(billingAddress.firstName),
      last_name: cut(billingAddress.lastName),
      // A guest's is 0, and all guests would become one shopper.
      partner_user_id: idOf(customerId),
    };
    return Object.fromEntries(Object.entries(values).filter(([, value]) => value));
  } catch {
    // No network, or not an order.
    return undefined;
  }
}

/** An id as text; empty where there is none (BigCommerce's `0`), or where Extole would not take it. */
function idOf(value: unknown): string {
  const id = `${value || ''}`;
  return id === '0' || id.length > MAX_LENGTH ? '' : id;
}

/** Cuts a name to Extole's length, and not through a character that takes two units. */
const cut = (name = ''): string =>
  name
    .trim()
    .slice(0, MAX_LENGTH)
    .replace(/[\uD800-\uDBFF]$/, '');

// A browser may refuse its storage to a page, and others may write to it. Then a reload tells again, and Extole keeps the first.
function toldBefore(): unknown[] {
  try {
    const ids: unknown = JSON.parse(localStorage.getItem(TOLD_KEY) ?? '');
    return Array.isArray(ids) ? ids : [];
  } catch {
    return [];
  }
}

function remember(id: string): void {
  try {
    localStorage.setItem(TOLD_KEY, JSON.stringify([...toldBefore(), id].slice(-TOLD_KEPT)));
  } catch {
    // As above.
  }
}
