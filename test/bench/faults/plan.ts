import type { NewOrder } from '../../../examples/sandbox/bigcommerce/orders.js';
import { LIVES, type Life } from './lives.js';
import { chosen, type Draw } from './random.js';
import { type BenchStore, STORES } from './stores.js';

/** An order that is to be lived. */
export interface PlannedOrder {
  readonly store: BenchStore;
  readonly id: number;
  readonly life: Life;
  /** What it is about, but for its status. */
  readonly content: Omit<NewOrder, 'statusId' | 'placedAt'>;
  /** When it is placed, from the start of the run. */
  readonly placedAfterMs: number;
  /** How long nothing happens before each step. */
  readonly pausesMs: readonly number[];
}

/** What the catalogs of all stores hold. */
export const PRODUCTS = Array.from({ length: 20 }, (_, index) => ({
  id: 111 + index,
  name: `Mug No. ${index}`,
  categories: [30 + (index % 3)],
}));
export const CATEGORIES = [
  { id: 30, name: 'Kitchen' },
  { id: 31, name: 'Garden' },
  { id: 32, name: 'Bath' },
];

/** Decides which orders there will be, and what becomes of each, in the order in which they are placed. */
export function planOrders(draw: Draw, count: number, durationMs: number): PlannedOrder[] {
  const nextIds = new Map(STORES.map(({ storeHash, firstOrderId }) => [storeHash, firstOrderId]));
  return Array.from({ length: count }, (_, index) => {
    const store = chosen(draw('store', index), STORES);
    const id = nextIds.get(store.storeHash) ?? 0;
    nextIds.set(store.storeHash, id + 1);
    const life = chosen(
      draw('life', index),
      LIVES.map((one) => ({ ...one, share: one.percent / 100 })),
    );
    return {
      store,
      id,
      life,
      content: contentOf(draw, store, id),
      placedAfterMs: ((index + draw('placed', index)) / count) * durationMs,
      // Short ones are frequent, long ones are there.
      pausesMs: life.steps.map((_step, step) => 150 + 5_000 * draw('pause', index, step) ** 3),
    };
  });
}

function contentOf(draw: Draw, store: BenchStore, id: number): PlannedOrder['content'] {
  const { currency, taxRate } = store;
  const number = (what: string, upTo: number): number => Math.floor(draw(what, id) * upTo);
  const isGuest = draw('guest', id) < 0.3;
  return {
    id,
    channelId: chosen(draw('channel', id), store.channels).id,
    buyer: {
      id: isGuest ? 0 : 1_000 + number('customer', 5_000),
      firstName: `Grace ${'Brewster '.repeat(number('names', 6))}`.trim(),
      lastName: `Hopper-${number('last name', 1_000)}`,
      email: `shopper-${number('email', 5_000)}@example.com`,
    },
    lines: Array.from({ length: 1 + number('lines', 3) }, (_, line) => {
      const product = PRODUCTS[Math.floor(draw('product', id, line) * PRODUCTS.length)];
      return {
        productId: product?.id ?? 0,
        name: product?.name ?? '',
        sku: 'MUG',
        brand: 'Juniper',
        // Taxes come to whole yen.
        price: 11 * (1 + Math.floor(draw('price', id, line) * 20)),
        quantity: 1 + Math.floor(draw('quantity', id, line) * 3),
      };
    }),
    couponCodes: draw('coupon', id) < 0.2 ? ['FRIEND-7QK2', 'TEN'].slice(0, 1 + number('coupons', 2)) : [],
    currency: currency.code,
    locale: draw('locale', id) < 0.5 ? 'en' : 'pt-BR',
    taxRate,
  };
}
