import { DEFAULT_SETTINGS, type Settings } from '../../../src/catalog/settings.js';

/** A storefront of a store of the bench. */
export interface BenchChannel {
  readonly id: number;
  /** Its part of the store's orders. */
  readonly share: number;
  /** `undefined`: nobody saved any. */
  readonly settings: Settings | undefined;
  readonly sameAs?: number;
}

/** A store of the bench. */
export interface BenchStore {
  readonly storeHash: string;
  /** Its part of all orders. */
  readonly share: number;
  /** Ids differ from store to store, so that an event that reaches another store's account is seen. */
  readonly firstOrderId: number;
  readonly currency: { readonly code: string; readonly digits: number };
  readonly taxRate: number;
  readonly channels: readonly BenchChannel[];
}

const { orderEvents } = DEFAULT_SETTINGS;
const WITH_REFUNDS: Settings = {
  ...DEFAULT_SETTINGS,
  orderEvents: {
    ...orderEvents,
    partially_refunded: { ...orderEvents.partially_refunded, isEnabled: true },
    refunded: { ...orderEvents.refunded, isEnabled: true },
  },
};
const DOLLARS = { code: 'USD', digits: 2 };

/** One that has half of all orders, and small ones that differ in what their merchants set. */
export const STORES: readonly BenchStore[] = [
  {
    storeHash: 'big',
    share: 0.5,
    firstOrderId: 1_000_001,
    currency: DOLLARS,
    taxRate: 0,
    channels: [{ id: 1, share: 1, settings: { ...WITH_REFUNDS, programLabel: 'refer-a-friend' } }],
  },
  {
    storeHash: 'atonce',
    share: 0.125,
    firstOrderId: 2_000_001,
    currency: { code: 'EUR', digits: 2 },
    taxRate: 0.19,
    channels: [
      {
        id: 1,
        share: 1,
        settings: {
          ...DEFAULT_SETTINGS,
          eventEndpoint: 'sync',
          orderEvents: { ...orderEvents, created: { ...orderEvents.created, timing: 'creation' } },
        },
      },
    ],
  },
  {
    storeHash: 'manyfronts',
    share: 0.125,
    firstOrderId: 3_000_001,
    currency: DOLLARS,
    taxRate: 0,
    channels: [
      { id: 1, share: 0.5, settings: WITH_REFUNDS },
      { id: 2, share: 0.3, settings: WITH_REFUNDS, sameAs: 1 },
      { id: 3, share: 0.1, settings: { ...WITH_REFUNDS, isEnabled: false } },
      { id: 4, share: 0.1, settings: undefined },
    ],
  },
  {
    storeHash: 'owndata',
    share: 0.125,
    firstOrderId: 4_000_001,
    currency: DOLLARS,
    taxRate: 0.08,
    channels: [
      {
        id: 1,
        share: 1,
        settings: {
          ...WITH_REFUNDS,
          cartValue: 'total_inc_tax',
          orderCreatedFields: ['partner_conversion_id', 'email', 'cart_value'],
          customEventData: [
            { key: 'campaign', value: 'spring' },
            { key: 'number', value: 'Order {{order.id}}' },
            { key: 'product', value: '{{order.products[0].name}}' },
            { key: 'category', value: '{{order.products[0].category}}' },
            { key: 'code', value: 'code {{order.coupons[0].code}}' },
            { key: 'partner_conversion_id', value: 'mine' },
          ],
        },
      },
    ],
  },
  {
    storeHash: 'yen',
    share: 0.125,
    firstOrderId: 5_000_001,
    currency: { code: 'JPY', digits: 0 },
    taxRate: 0.1,
    channels: [
      {
        id: 1,
        share: 1,
        settings: {
          ...WITH_REFUNDS,
          cartValue: 'subtotal_ex_tax',
          // This merchant counts what is completed.
          orderEvents: {
            ...WITH_REFUNDS.orderEvents,
            created: { isEnabled: true, name: 'purchase', statusIds: [2, 10], timing: 'status' },
            canceled: { ...orderEvents.canceled, statusIds: [5, 13] },
          },
        },
      },
    ],
  },
];

/** What counts for a storefront. */
export function settingsOf({ channels }: BenchStore, channelId: number): Settings | undefined {
  const channel = channels.find(({ id }) => id === channelId);
  return channel?.sameAs === undefined
    ? channel?.settings
    : channels.find(({ id }) => id === channel.sameAs)?.settings;
}
