import { describe, expect, it } from 'vitest';
import {
  needsRefunds,
  type OrderFacts,
  type ToldEvent,
  transitionsOf,
} from '../../src/app/orders/transitions.js';
import {
  DEFAULT_SETTINGS,
  ORDER_STATUSES,
  type OrderEvent,
  type Settings,
} from '../../src/catalog/settings.js';
import { orderSchema, type Refund } from '../../src/store/order-types.js';

const START = new Date('2026-03-01T12:00:00Z');
const PLACED = new Date('2026-03-01T13:00:00Z');
const CHANGED = new Date('2026-03-02T08:00:00Z');
const SHIPPED = new Date('2026-03-02T07:00:00Z');
const NOW = new Date('2026-03-02T09:00:00Z');
const EVERY_STATUS = Object.keys(ORDER_STATUSES).map(Number);

const order = (changes: Partial<OrderFacts> = {}): OrderFacts => ({
  status_id: 11,
  is_deleted: false,
  date_created: PLACED,
  date_modified: CHANGED,
  date_shipped: null,
  total_inc_tax: '100.0000',
  ...changes,
});

type EventChanges = { readonly [Kind in OrderEvent]?: Partial<Settings['orderEvents'][Kind]> };

/** Everything is told, but for what is changed. */
const settings = (changes: EventChanges = {}): Settings => {
  const { created, fulfilled, canceled, partially_refunded, refunded } = DEFAULT_SETTINGS.orderEvents;
  return {
    ...DEFAULT_SETTINGS,
    orderEvents: {
      created: { ...created, ...changes.created },
      fulfilled: { ...fulfilled, ...changes.fulfilled },
      canceled: { ...canceled, ...changes.canceled },
      partially_refunded: { ...partially_refunded, isEnabled: true, ...changes.partially_refunded },
      refunded: { ...refunded, isEnabled: true, ...changes.refunded },
    },
  };
};

const refund = (id: number, total_amount: number, created: Date | null = CHANGED): Refund => ({
  id,
  total_amount,
  created,
});

const told = (...kinds: OrderEvent[]): ToldEvent[] => kinds.map((kind) => ({ kind, refundId: 0 }));

const decide = (
  facts: Partial<OrderFacts>,
  rest: Partial<Omit<Parameters<typeof transitionsOf>[0], 'order'>> = {},
) =>
  transitionsOf({
    order: order(facts),
    refunds: [],
    told: [],
    settings: settings(),
    ordersSince: START,
    seenAt: NOW,
    ...rest,
  });

const kinds = (...args: Parameters<typeof decide>) => decide(...args).transitions.map(({ kind }) => kind);

describe('an order is created for Extole', () => {
  it('once it has a status that counts, and with no other', () => {
    const counting = EVERY_STATUS.filter((status_id) => kinds({ status_id }).includes('created'));
    expect(counting).toEqual([2, 3, 8, 9, 10, 11, 14]);
    expect(decide({ status_id: 1 })).toEqual({ outcome: 'not-yet', transitions: [] });
    expect(decide({}).outcome).toBe('told');
  });

  it('as soon as there is one, where that is the setting, but for a checkout that did not come to its end', () => {
    const timing = { settings: settings({ created: { timing: 'creation', statusIds: [] } }) };
    const counting = EVERY_STATUS.filter((status_id) => kinds({ status_id }, timing).includes('created'));
    expect(counting).toEqual(EVERY_STATUS.filter((id) => id !== 0));
  });

  it('at the time when it was placed, whenever it came to count', () => {
    expect(decide({}).transitions).toEqual([
      { kind: 'created', refundId: 0, occurredAt: PLACED, amount: undefined },
    ]);
  });

  it('at the time when it was changed or seen, where BigCommerce does not say when it was placed', () => {
    const occurredAt = (facts: Partial<OrderFacts>) => decide(facts).transitions[0]?.occurredAt;
    expect(occurredAt({ date_created: null })).toEqual(CHANGED);
    expect(occurredAt({ date_created: null, date_modified: null })).toEqual(NOW);
  });

  it('once, whatever becomes of it', () => {
    for (const status_id of EVERY_STATUS) {
      expect(kinds({ status_id }, { told: told('created') })).not.toContain('created');
    }
  });

  it('also when an API made it as Pending and it is paid later', () => {
    expect(kinds({ status_id: 1 })).toEqual([]);
    expect(kinds({ status_id: 11 })).toEqual(['created']);
  });

  it('not where nobody asked for it', () => {
    expect(decide({}, { settings: settings({ created: { isEnabled: false } }) })).toEqual({
      outcome: 'not-yet',
      transitions: [],
    });
    const creation = settings({ created: { isEnabled: false, timing: 'creation' } });
    expect(kinds({}, { settings: creation })).toEqual([]);
  });
});

describe('nothing is told', () => {
  it('of an order from before the start, to the second', () => {
    const early = new Date(START.getTime() - 1_000);
    expect(decide({ date_created: early })).toEqual({ outcome: 'before-start', transitions: [] });
    expect(kinds({ date_created: START })).toEqual(['created']);
    // Dates of orders have no milliseconds.
    const ordersSince = new Date(START.getTime() + 999);
    expect(kinds({ date_created: START }, { ordersSince })).toEqual(['created']);
    expect(kinds({ date_created: early }, { ordersSince })).toEqual([]);
  });

  it('of an order that was migrated with its old date, whatever its status', () => {
    const old = new Date('2019-05-01T10:00:00Z');
    for (const status_id of EVERY_STATUS) {
      expect(decide({ status_id, date_created: old }).outcome).toBe('before-start');
    }
  });

  it('for a storefront that nobody set up or that is switched off', () => {
    const channelOff = { outcome: 'channel-off', transitions: [] };
    expect(decide({}, { settings: undefined })).toEqual(channelOff);
    expect(decide({}, { settings: { ...settings(), isEnabled: false } })).toEqual(channelOff);
    const told1 = told('created');
    expect(decide({ status_id: 5 }, { told: told1, settings: undefined })).toEqual(channelOff);
  });

  it('of an order that was archived before it counted', () => {
    expect(decide({ is_deleted: true })).toEqual({ outcome: 'archived', transitions: [] });
    expect(decide({ is_deleted: true, status_id: 5 })).toEqual({ outcome: 'archived', transitions: [] });
  });

  it('of an order that was cancelled, declined or refunded before it counted', () => {
    for (const status_id of [4, 5, 6]) {
      expect(decide({ status_id }, { refunds: [refund(7, 100)] })).toEqual({
        outcome: 'not-yet',
        transitions: [],
      });
    }
  });
});

describe('what becomes of an order that was told', () => {
  const since = { told: told('created') };

  it('is told once: fulfilled, and canceled', () => {
    expect(kinds({ status_id: 2 }, since)).toEqual(['fulfilled']);
    expect(kinds({ status_id: 10 }, since)).toEqual(['fulfilled']);
    expect(kinds({ status_id: 3 }, since)).toEqual([]);
    expect(kinds({ status_id: 5 }, since)).toEqual(['canceled']);
    expect(kinds({ status_id: 2 }, { told: told('created', 'fulfilled') })).toEqual([]);
    expect(kinds({ status_id: 5 }, { told: told('created', 'canceled') })).toEqual([]);
  });

  it('goes on when it is archived', () => {
    expect(kinds({ status_id: 2, is_deleted: true }, since)).toEqual(['fulfilled']);
    expect(decide({ status_id: 5, is_deleted: true }, since).outcome).toBe('told');
  });

  it('goes on after the app was installed again', () => {
    const ordersSince = new Date(PLACED.getTime() + 3_600_000);
    expect(kinds({ status_id: 2 }, { ...since, ordersSince })).toEqual(['fulfilled']);
  });

  it('has the time of the shipment, or of the change', () => {
    const at = (facts: Partial<OrderFacts>) => decide(facts, since).transitions[0]?.occurredAt;
    expect(at({ status_id: 2, date_shipped: SHIPPED })).toEqual(SHIPPED);
    expect(at({ status_id: 10 })).toEqual(CHANGED);
    expect(at({ status_id: 5, date_shipped: SHIPPED })).toEqual(CHANGED);
    expect(at({ status_id: 5, date_modified: null })).toEqual(NOW);
  });

  it('is told with "created" before it, when one look finds both', () => {
    expect(kinds({ status_id: 2 })).toEqual(['created', 'fulfilled']);
    const all = settings({
      created: { statusIds: [5] },
      fulfilled: { statusIds: [5] },
      partially_refunded: { statusIds: [5] },
    });
    const refunds = [refund(8, 60), refund(7, 40)];
    expect(kinds({ status_id: 5 }, { settings: all, refunds })).toEqual([
      'created',
      'fulfilled',
      'canceled',
      'partially_refunded',
      'refunded',
    ]);
  });

  it('is told without "created" where another tells that', () => {
    const rest = { settings: settings({ created: { isEnabled: false } }) };
    expect(kinds({ status_id: 2 }, rest)).toEqual(['fulfilled']);
    expect(kinds({ status_id: 5 }, rest)).toEqual(['canceled']);
    const early = { date_created: new Date('2019-05-01T10:00:00Z') };
    expect(kinds({ status_id: 5, ...early }, rest)).toEqual([]);
  });

  it('is not told where nobody asked for it', () => {
    const off = { isEnabled: false };
    const rest = { ...since, settings: settings({ fulfilled: off, canceled: off }) };
    expect(kinds({ status_id: 2 }, rest)).toEqual([]);
    expect(kinds({ status_id: 5 }, rest)).toEqual([]);
  });
});

describe('a refund', () => {
  const since = { told: told('created') };
  const find = (refunds: Refund[], facts: Partial<OrderFacts> = {}, rest = {}) =>
    decide({ status_id: 14, ...facts }, { ...since, refunds, ...rest }).transitions;

  it('is asked for only when the status says that there is one, and somebody wants to know', () => {
    const asked = (one: Settings) => EVERY_STATUS.filter((status_id) => needsRefunds(one, { status_id }));
    expect(asked(settings())).toEqual([4, 14]);
    expect(asked(settings({ refunded: { isEnabled: false } }))).toEqual([14]);
    expect(asked(DEFAULT_SETTINGS)).toEqual([]);
  });

  it('is partial as long as something is left, to the half cent', () => {
    expect(find([refund(7, 99.99)])).toEqual([
      { kind: 'partially_refunded', refundId: 7, occurredAt: CHANGED, amount: 99.99 },
    ]);
    expect(find([refund(7, 99.995)])[0]?.kind).toBe('refunded');
    expect(find([refund(7, 99.994)])[0]?.kind).toBe('partially_refunded');
    expect(find([refund(7, 100)])[0]?.kind).toBe('refunded');
  });

  it('is the last by what all of them add up to, in the order of their ids', () => {
    // 0.1 + 0.2 is a little more than 0.3, and 3 × 33.33 a little less than 100.
    const found = find([refund(9, 33.34), refund(7, 33.33), refund(8, 33.33)], { status_id: 4 });
    expect(found.map(({ kind, refundId, amount }) => [kind, refundId, amount])).toEqual([
      ['partially_refunded', 7, 33.33],
      ['partially_refunded', 8, 33.33],
      ['refunded', 9, 33.34],
    ]);
    expect(find([refund(7, 0.1), refund(8, 0.2)], { total_inc_tax: 0.3 }).at(-1)?.kind).toBe('refunded');
  });

  it('is told once', () => {
    const before = [...told('created'), { kind: 'partially_refunded' as const, refundId: 7 }];
    const found = find([refund(7, 30), refund(8, 20)], {}, { told: before });
    expect(found.map(({ refundId }) => refundId)).toEqual([8]);
  });

  it('has its own time, or that of the change', () => {
    expect(find([refund(7, 10, SHIPPED)])[0]?.occurredAt).toEqual(SHIPPED);
    expect(find([refund(7, 10, null)])[0]?.occurredAt).toEqual(CHANGED);
  });

  it('that BigCommerce does not list is of all that was paid', () => {
    expect(find([], { status_id: 4 })).toEqual([
      { kind: 'refunded', refundId: 0, occurredAt: CHANGED, amount: '100.0000' },
    ]);
    expect(find([], { status_id: 14 })).toEqual([]);
  });

  it('is not told after all was given back', () => {
    const before = told('created', 'refunded');
    expect(find([refund(7, 30)], { status_id: 4 }, { told: before })).toEqual([]);
    expect(find([refund(7, 100), refund(8, 5)], { status_id: 4 }).map(({ refundId }) => refundId)).toEqual([
      7,
    ]);
  });

  it('is told if its kind is wanted, and counts if not', () => {
    const onlyLast = { settings: settings({ partially_refunded: { isEnabled: false } }) };
    const found = find([refund(7, 30), refund(8, 70)], { status_id: 4 }, onlyLast);
    expect(found.map(({ kind, refundId }) => [kind, refundId])).toEqual([['refunded', 8]]);
    const onlyPartial = { settings: settings({ refunded: { isEnabled: false } }) };
    expect(find([], { status_id: 4 }, onlyPartial)).toEqual([]);
    expect(find([refund(7, 100)], { status_id: 14 }, onlyPartial)).toEqual([]);
  });
});

describe('what BigCommerce says of an order', () => {
  it('may lack, or garble, all but its id and status', () => {
    expect(
      orderSchema.parse({
        id: 7,
        status_id: 11,
        date_created: 'soon',
        date_modified: 12,
        billing_address: [],
        customer_id: 'x',
        total_inc_tax: {},
      }),
    ).toMatchObject({
      channel_id: 1,
      customer_id: 0,
      is_deleted: false,
      date_created: null,
      date_modified: null,
      date_shipped: null,
      billing_address: null,
      total_inc_tax: null,
    });
    expect(orderSchema.safeParse({ id: 7 }).success).toBe(false);
  });

  it('has dates in either way of writing, and none where it is empty', () => {
    const read = (date_shipped: string) =>
      orderSchema.parse({ id: 1, status_id: 2, date_shipped }).date_shipped;
    expect(read('Tue, 05 Mar 2019 21:40:11 +0000')).toEqual(new Date('2019-03-05T21:40:11Z'));
    expect(read('2019-03-05T22:40:11+01:00')).toEqual(new Date('2019-03-05T21:40:11Z'));
    expect(read('')).toBeNull();
  });
});
