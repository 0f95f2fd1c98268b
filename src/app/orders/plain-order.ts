import type { Order } from '../../store/order-types.js';

type Members = Readonly<Record<string, unknown>>;

/** BigCommerce has no list of what is money, but names it after what it is for. */
const MONEY_NAME = /(^|_)(price|cost|total|subtotal|amount|discount|tax)(_|$)/;
const NO_MONEY_NAME = /^items_|_id$/;
const DECIMAL = /^-?\d+(\.\d+)?$/;

/** The currency that an order was paid in, by ISO 4217; `undefined` when BigCommerce does not say. */
export function currencyOf({ default_currency_code: code }: Pick<Order, 'default_currency_code'>) {
  return code && /^[A-Z]{3}$/.test(code) ? code : undefined;
}

/**
 * Writes money as Extole wants it: a plain decimal with as many digits as the currency has (2 for USD, 0 for JPY, 3 for KWD), without
 * signs and separators.
 *
 * @param amount - As BigCommerce writes it: `"69.8400"`, or a number.
 * @param currency - ISO 4217.
 * @returns `undefined` for what is no amount.
 */
export function plainMoney(amount: unknown, currency: string): string | undefined {
  if (!DECIMAL.test(`${amount}`)) return undefined;
  return formatOf(currency)
    .formatToParts(Number(amount))
    .filter(({ type }) => type !== 'currency' && type !== 'literal')
    .map(({ value }) => value)
    .join('');
}

/**
 * What BigCommerce tells of an order, or of a part of one, with money as {@link plainMoney} writes it and dates in ISO 8601.
 *
 * @param currency - What the money is in. Without it, money is left as BigCommerce writes it.
 */
export function plainOrder(members: Members, currency: string | undefined): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(members).map(([name, value]) => [name, plainValue(name, value, currency)]),
  );
}

function plainValue(name: string, value: unknown, currency: string | undefined): unknown {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((item) => plainValue('', item, currency));
  if (isMembers(value)) return plainOrder(value, currency);
  const isMoney = MONEY_NAME.test(name) && !NO_MONEY_NAME.test(name);
  return (isMoney && currency && plainMoney(value, currency)) || value;
}

const isMembers = (value: unknown): value is Members => typeof value === 'object' && value !== null;

const formats = new Map<string, Intl.NumberFormat>();

function formatOf(currency: string): Intl.NumberFormat {
  let format = formats.get(currency);
  if (!format) {
    format = new Intl.NumberFormat('en', { style: 'currency', currency, useGrouping: false });
    formats.set(currency, format);
  }
  return format;
}
