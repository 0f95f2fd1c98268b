import { randomUUID } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Buyer, GUEST, SAMPLE_ORDER } from './orders.js';
import type { Cart } from './stencil-context.js';
import {
  CURRENCIES,
  type Currency,
  LANGUAGES,
  type Language,
  PRODUCTS,
  SHOPPERS,
  type Shopper,
} from './store-data.js';

/** What a browser remembers, one cookie each. The banner's own script keeps `consent`; the last two are the control panel's. */
export type Choice =
  | 'language'
  | 'currency'
  | 'shopper'
  | 'cart'
  | 'order'
  | 'consent'
  | 'staff'
  | 'staff_locale';

/** What each browser can switch for itself, and to what. What is not switched is the first one; the language is the browser's. */
const SWITCHES: readonly (readonly [name: Choice, values: readonly string[]])[] = [
  ['language', LANGUAGES],
  ['currency', Object.keys(CURRENCIES)],
];

/** The parameters of the address. */
export function parametersOf(request: FastifyRequest): URLSearchParams {
  return new URLSearchParams(request.url.split('?', 2)[1]);
}

/** Reads a value of the address: the first one of the name, empty when there is none. */
export function queryOf(request: FastifyRequest, name: string): string {
  return parametersOf(request).get(name) ?? '';
}

/** What a browser remembers of a choice; empty when it was not made. */
export function recall(request: FastifyRequest, name: Choice): string {
  const cookies = (request.headers.cookie ?? '').split('; ');
  return cookies.find((cookie) => cookie.startsWith(`sandbox_${name}=`))?.split('=')[1] ?? '';
}

/** Has the browser remember a choice; an empty value makes it forget. The value is one that cookies may hold as it is. */
export function remember(reply: FastifyReply, name: Choice, value: string): void {
  reply.header(
    'set-cookie',
    `sandbox_${name}=${value}; Path=/; HttpOnly; SameSite=Lax${value ? '' : '; Max-Age=0'}`,
  );
}

/** Has the browser remember what the address switches. */
export function rememberSwitches(request: FastifyRequest, reply: FastifyReply): void {
  for (const [name, values] of SWITCHES) {
    const value = queryOf(request, name);
    if (values.includes(value)) remember(reply, name, value);
  }
}

/** The shopper who is signed in; `undefined` for a guest. */
export function shopperOf(request: FastifyRequest): Shopper | undefined {
  return SHOPPERS.find(({ key }) => key === recall(request, 'shopper'));
}

/** The chosen language, else the first of the browser's that the theme speaks, else English. */
export function languageOf(request: FastifyRequest): Language {
  const wanted = [recall(request, 'language'), ...(request.headers['accept-language'] ?? '').split(',')];
  for (const tag of wanted) {
    const known = LANGUAGES.find((language) => language === tag.trim().slice(0, 2).toLowerCase());
    if (known) return known;
  }
  return 'en';
}

/** The chosen currency, else US dollars. */
export function currencyOf(request: FastifyRequest): Currency {
  const code = recall(request, 'currency');
  return isCurrency(code) ? code : 'USD';
}

function isCurrency(code: string): code is Currency {
  return Object.hasOwn(CURRENCIES, code);
}

/** What the shopper agreed to: BigCommerce's numbers of the categories, `1.2.3`, or `none`; empty before a choice. */
export function consentOf(request: FastifyRequest): string {
  return recall(request, 'consent');
}

/** The number of the order that this browser placed last, else of the sample order. */
export function orderIdOf(request: FastifyRequest): number {
  return Number.parseInt(recall(request, 'order'), 10) || SAMPLE_ORDER.id;
}

/** Who places an order: the shopper who is signed in, else a guest, who may be named in the address. */
export function buyerOf(request: FastifyRequest): Buyer {
  return (
    shopperOf(request) ?? {
      id: GUEST.id,
      firstName: queryOf(request, 'first_name') || GUEST.firstName,
      lastName: queryOf(request, 'last_name') || GUEST.lastName,
      email: queryOf(request, 'email') || GUEST.email,
    }
  );
}

/** The cart, kept in the cookie as `<id>.<product>x<quantity>.…`. */
export function cartOf(request: FastifyRequest): Cart | undefined {
  const [id, ...entries] = recall(request, 'cart').split('.');
  const lines = entries.flatMap((entry) => {
    const [productId, quantity] = entry.split('x').map(Number);
    const product = PRODUCTS.find((known) => known.id === productId);
    return product && quantity ? [{ product, quantity }] : [];
  });
  return id && lines.length > 0 ? { id, lines } : undefined;
}

/**
 * Puts one more of a product into the cart, or takes the product out.
 *
 * @returns The cookie's new value; empty when nothing is left in the cart.
 */
export function changeCart(cart: Cart | undefined, productId: number, action: 'add' | 'remove'): string {
  const quantities = new Map(cart?.lines.map(({ product, quantity }) => [product.id, quantity]));
  if (action === 'add') quantities.set(productId, (quantities.get(productId) ?? 0) + 1);
  else quantities.delete(productId);
  if (quantities.size === 0) return '';
  return [cart?.id ?? randomUUID(), ...Array.from(quantities, ([id, quantity]) => `${id}x${quantity}`)].join(
    '.',
  );
}
