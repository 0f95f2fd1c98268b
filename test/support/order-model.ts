import fc from 'fast-check';
import {
  DEFAULT_SETTINGS,
  type ORDER_EVENTS,
  ORDER_STATUSES,
  type Settings,
} from '../../src/catalog/settings.js';

/*
 * What Extole should get of an order, in a few lines, and the histories that this has to hold for.
 */

/** What BigCommerce says of an order at a moment. */
export interface OrderState {
  readonly statusId: number;
  readonly isArchived: boolean;
  readonly isDeleted: boolean;
  readonly refunds: readonly { readonly id: number; readonly amount: number }[];
}

/** What a look went by. */
export interface Look {
  readonly state: OrderState;
  /** `undefined`: nobody saved any. */
  readonly settings: Settings | undefined;
}

/** What is paid for each order of a history. */
export const TOTAL = 100;

/** What every history begins with: a checkout that has not come to its end. */
export const FIRST_STATE: OrderState = { statusId: 0, isArchived: false, isDeleted: false, refunds: [] };

/**
 * What Extole should have got after some looks: `created`, `partially_refunded 2`.
 *
 * @param looks - Those at one order that was placed after the start, in the order in which their results were kept.
 */
export function expectedEvents(looks: readonly Look[]): Set<string> {
  const all = looks.flatMap(({ state, settings }) =>
    settings?.isEnabled && !state.isDeleted ? [{ state, events: settings.orderEvents }] : [],
  );
  type Seen = (typeof all)[number];
  const says = ({ state, events }: Seen, kind: (typeof ORDER_EVENTS)[number]): boolean =>
    events[kind].isEnabled && events[kind].statusIds.includes(state.statusId);
  const isCreated = (look: Seen): boolean =>
    !look.state.isArchived &&
    (look.events.created.timing === 'status'
      ? says(look, 'created')
      : look.events.created.isEnabled && look.state.statusId !== 0);

  const created = all.findIndex(isCreated);
  const counted = all.filter(
    ({ events }, index) => !events.created.isEnabled || (created >= 0 && index >= created),
  );
  const expected = new Set<string>();
  if (created >= 0) expected.add('created');
  if (counted.some((look) => says(look, 'fulfilled'))) expected.add('fulfilled');
  if (counted.some((look) => says(look, 'canceled'))) expected.add('canceled');

  const refunding = counted.filter((look) => says(look, 'partially_refunded') || says(look, 'refunded'));
  const lastRefund = ({ state: { refunds } }: Seen) =>
    refunds.find((_refund, index) => sumOf(refunds.slice(0, index + 1)) > TOTAL - 0.005);
  const wholeRefund = (look: Seen): number | undefined =>
    look.state.refunds.length > 0
      ? look.events.refunded.isEnabled
        ? lastRefund(look)?.id
        : undefined
      : says(look, 'refunded')
        ? 0
        : undefined;
  const end = refunding.findIndex((look) => wholeRefund(look) !== undefined);
  for (const look of end < 0 ? refunding : refunding.slice(0, end + 1)) {
    const last = lastRefund(look)?.id ?? Number.POSITIVE_INFINITY;
    for (const { id } of look.state.refunds)
      if (look.events.partially_refunded.isEnabled && id < last) expected.add(`partially_refunded ${id}`);
  }
  const whole = refunding[end] && wholeRefund(refunding[end]);
  if (whole !== undefined) expected.add(`refunded${whole === 0 ? '' : ` ${whole}`}`);
  return expected;
}

const sumOf = (refunds: OrderState['refunds']): number =>
  refunds.reduce((sum, { amount }) => sum + amount, 0);

/** How {@link expectedEvents} writes an event. */
export const eventText = ({
  kind,
  refundId,
}: {
  readonly kind: string;
  readonly refundId: number;
}): string => (refundId === 0 ? kind : `${kind} ${refundId}`);

/** Something that happens to an order. */
export type OrderChange =
  | { readonly change: 'status'; readonly statusId: number }
  | { readonly change: 'refund'; readonly amount: number }
  | { readonly change: 'archive' }
  | { readonly change: 'delete' };

/** What an order is like after something happened to it. */
export function changed(state: OrderState, change: OrderChange): OrderState {
  switch (change.change) {
    case 'status':
      return { ...state, statusId: change.statusId };
    case 'refund': {
      const refunds = [...state.refunds, { id: state.refunds.length + 1, amount: change.amount }];
      return { ...state, refunds, statusId: sumOf(refunds) > TOTAL - 0.005 ? 4 : 14 };
    }
    case 'archive':
      return { ...state, isArchived: true };
    case 'delete':
      return { ...state, isDeleted: true };
  }
}

const statusId = fc.constantFrom(...Object.keys(ORDER_STATUSES).map(Number));

/** What may happen to an order; most often what happens most often. */
export const orderChange: fc.Arbitrary<OrderChange> = fc.oneof(
  { weight: 8, arbitrary: statusId.map((id) => ({ change: 'status', statusId: id }) as const) },
  {
    weight: 3,
    arbitrary: fc
      .constantFrom(10, 33.33, 33.34, 50, 100)
      .map((amount) => ({ change: 'refund', amount }) as const),
  },
  { weight: 1, arbitrary: fc.constant({ change: 'archive' } as const) },
  { weight: 1, arbitrary: fc.constant({ change: 'delete' } as const) },
);

const statusIds = (usual: readonly number[]): fc.Arbitrary<number[]> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant(usual).map((ids) => [...ids]) },
    { weight: 1, arbitrary: fc.uniqueArray(statusId, { maxLength: 6 }) },
  );

const event = ({
  name,
  statusIds: usual,
}: {
  readonly name: string;
  readonly statusIds: readonly number[];
}) =>
  fc.record({
    isEnabled: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, fc.constant(false)),
    name: fc.constant(name),
    statusIds: statusIds(usual),
  });

const { created, fulfilled, canceled, partially_refunded, refunded } = DEFAULT_SETTINGS.orderEvents;

/** What a merchant may set. */
export const anySettings: fc.Arbitrary<Settings> = fc
  .record({
    isEnabled: fc.oneof({ weight: 9, arbitrary: fc.constant(true) }, fc.constant(false)),
    orderEvents: fc.record({
      created: fc
        .tuple(event(created), fc.constantFrom('status' as const, 'creation' as const))
        .map(([one, timing]) => ({ ...one, timing })),
      fulfilled: event(fulfilled),
      canceled: event(canceled),
      partially_refunded: event(partially_refunded),
      refunded: event(refunded),
    }),
  })
  .map((changes) => ({ ...DEFAULT_SETTINGS, ...changes }));
