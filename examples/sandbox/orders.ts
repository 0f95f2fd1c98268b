import { freeCoupon, type TakenCoupon } from './bigcommerce/coupons.js';
import type { NewOrder } from './bigcommerce/orders.js';
import type { Cart } from './stencil-context.js';
import { type Currency, inCents, PRODUCTS, priceIn, type Shopper } from './store-data.js';

/** Who bought: a customer, or a guest, whose id is 0. */
export type Buyer = Omit<Shopper, 'key'>;

/** An order that was placed. */
export interface Order {
  readonly id: number;
  readonly cart: Cart;
  readonly coupons: readonly TakenCoupon[];
  readonly currency: Currency;
  readonly buyer: Buyer;
}

/** Who a guest says to be who says nothing else. */
export const GUEST: Buyer = { id: 0, firstName: 'Grace', lastName: 'Hopper', email: 'grace@example.com' };

const SAMPLE_CART: Cart = {
  id: '1f0c2f5e-6a0d-4c55-9a3b-2f6c1d0e1042',
  lines: PRODUCTS.slice(0, 2).map((product, index) => ({ product, quantity: index + 1 })),
};

/** The order that the confirmation page shows to a browser that placed none. */
export const SAMPLE_ORDER: Order = {
  id: 1042,
  cart: SAMPLE_CART,
  coupons: [freeCoupon('WELCOME', subtotalOf(SAMPLE_CART, 'USD'))],
  currency: 'USD',
  buyer: GUEST,
};

/** The status that an order has after its payment: Awaiting Fulfillment, or Awaiting Payment. One that fails leaves it as it is. */
export const PAYMENT_STATUS_IDS = { paid: 11, awaiting: 7 } as const;

/** What the things in a cart cost, before coupons. */
export function subtotalOf({ lines }: Cart, currency: Currency): number {
  const totals = lines.map(({ product, quantity }) =>
    inCents(priceIn(currency, product.priceUsd) * quantity),
  );
  return inCents(totals.reduce((sum, total) => sum + total, 0));
}

/** Whether a shopper's payment is one of {@link PAYMENT_STATUS_IDS}. */
export function isPayment(payment: string): payment is keyof typeof PAYMENT_STATUS_IDS {
  return Object.hasOwn(PAYMENT_STATUS_IDS, payment);
}

/** What BigCommerce notes of an order when a shopper places it: it is Incomplete until it is paid. */
export function newOrder(order: Omit<Order, 'id'>, locale: string): NewOrder {
  const { cart, coupons, currency, buyer } = order;
  return {
    cartId: cart.id,
    statusId: 0,
    buyer,
    lines: cart.lines.map(({ product, quantity }) => ({
      productId: product.id,
      name: product.title,
      sku: product.sku,
      brand: product.brand.name,
      price: priceIn(currency, product.priceUsd),
      quantity,
    })),
    coupons,
    currency,
    locale,
  };
}

/** The coupon codes in what a shopper typed, one or more: as BigCommerce takes them, but without spaces. */
export function couponCodesIn(typed: readonly string[]): string[] {
  return [...new Set(typed.flatMap((text) => text.match(/[\w-]{1,50}/g) ?? []))].slice(0, 5);
}

/**
 * Makes what BigCommerce's REST Storefront API answers for an order.
 *
 * Source: BigCommerce, Storefront Orders, `GET /orders/{orderId}`.
 *
 * @param include - The sub-resources that were asked for; of those that the sandbox has, no other comes.
 */
export function storefrontOrder(order: Order, include: readonly string[]): Record<string, unknown> {
  const { id, cart, currency, buyer } = order;
  const items = cart.lines.map(({ product, quantity }) => {
    const price = priceIn(currency, product.priceUsd);
    const total = inCents(price * quantity);
    return {
      id: `${product.id}`,
      productId: product.id,
      variantId: product.id + 1_000,
      sku: product.sku,
      name: product.title,
      brand: product.brand.name,
      quantity,
      listPrice: price,
      salePrice: price,
      extendedListPrice: total,
      extendedSalePrice: total,
      type: 'physical',
    };
  });
  const baseAmount = subtotalOf(cart, currency);
  const coupons = order.coupons.map(({ code, displayName, discount, couponCodeId }, index) => ({
    id: `${couponCodeId ?? index + 1}`,
    code,
    displayName,
    couponType: couponCodeId === null ? 'percentage_discount' : 'promotion',
    discountedAmount: discount,
  }));
  const totalDiscount = inCents(coupons.reduce((sum, { discountedAmount }) => sum + discountedAmount, 0));
  const orderAmount = inCents(baseAmount - totalDiscount);
  const subResources = {
    lineItems: { physicalItems: items, digitalItems: [], giftCertificate: [] },
    billingAddress: {
      firstName: buyer.firstName,
      lastName: buyer.lastName,
      email: buyer.email,
      city: 'Portland',
      country: 'United States',
      countryCode: 'US',
    },
    coupons,
    currency: { code: currency, decimalPlaces: 2 },
  };
  return {
    orderId: id,
    cartId: cart.id,
    customerId: buyer.id,
    channelId: 1,
    baseAmount,
    // Coupons are no part of it, by the description of `orderAmount`.
    discountAmount: 0,
    totalDiscount,
    orderAmount,
    orderAmountAsInteger: Math.round(orderAmount * 100),
    isTaxIncluded: true,
    shippingCostTotal: 0,
    handlingCostTotal: 0,
    status: 'AWAITING_FULFILLMENT',
    isComplete: true,
    ...Object.fromEntries(Object.entries(subResources).filter(([name]) => include.includes(name))),
  };
}
