/** One thing that happens to an order. */
export type Step =
  /** It is placed, with a status: BigCommerce's id. */
  | { readonly place: number; readonly isOld?: true; readonly source?: string }
  | { readonly status: number }
  /** A part of what is left of its total is given back. */
  | { readonly refund: number }
  | { readonly is: 'touched' | 'archived' | 'deleted' }
  /** Nothing more happens until the app has found what came of the order so far, since what comes next would hide it. */
  | { readonly is: 'known' };

/** What becomes of an order, step by step. */
export interface Life {
  readonly name: string;
  /** How many of 100 orders live it. */
  readonly percent: number;
  readonly steps: readonly Step[];
}

const known: Step = { is: 'known' };
const touched: Step = { is: 'touched' };
const archived: Step = { is: 'archived' };
const deleted: Step = { is: 'deleted' };
const placed = (status: number): Step => ({ place: status });
const to = (status: number): Step => ({ status });
const refund = (part: number): Step => ({ refund: part });

/** By status ids: 0 Incomplete, 1 Pending, 2 Shipped, 3 Partially Shipped, 4 Refunded, 5 Cancelled, 6 Declined, 7 Awaiting Payment,
 * 8 Awaiting Pickup, 10 Completed, 11 Awaiting Fulfillment, 12 Manual Verification, 13 Disputed. */
export const LIVES: readonly Life[] = [
  { name: 'paid and shipped', percent: 20, steps: [placed(11), to(2)] },
  { name: 'paid, shipped, completed', percent: 6, steps: [placed(11), to(2), to(10)] },
  {
    name: 'paid, changed, shipped in parts',
    percent: 4,
    steps: [placed(11), touched, to(3), touched, to(2)],
  },
  { name: 'picked up', percent: 2, steps: [placed(8), to(10)] },
  { name: 'incomplete, then paid', percent: 8, steps: [placed(0), to(11), to(2)] },
  { name: 'awaiting payment, then paid', percent: 8, steps: [placed(7), to(11), to(2)] },
  { name: 'verified by hand, then paid', percent: 2, steps: [placed(12), to(11), to(2)] },
  { name: 'digital, completed at once', percent: 6, steps: [placed(10)] },
  { name: 'digital, completed', percent: 4, steps: [placed(11), to(10)] },
  { name: 'never completed', percent: 3, steps: [placed(0)] },
  { name: 'payment failed', percent: 5, steps: [placed(0), to(6)] },
  { name: 'payment failed, then paid', percent: 2, steps: [placed(0), to(6), to(11)] },
  { name: 'canceled before it counted', percent: 4, steps: [placed(7), to(5)] },
  { name: 'canceled', percent: 5, steps: [placed(11), known, to(5)] },
  { name: 'canceled at once', percent: 2, steps: [placed(11), to(5)] },
  { name: 'refunded in part', percent: 3, steps: [placed(11), to(2), known, refund(0.4)] },
  { name: 'refunded in two parts', percent: 2, steps: [placed(11), to(2), known, refund(0.3), refund(0.5)] },
  { name: 'refunded in parts, all of it', percent: 2, steps: [placed(10), known, refund(0.5), refund(1)] },
  { name: 'refunded', percent: 2, steps: [placed(11), known, refund(1)] },
  { name: 'refunded at once', percent: 1, steps: [placed(11), to(2), refund(1)] },
  { name: 'refunded elsewhere', percent: 1, steps: [placed(11), known, to(4)] },
  { name: 'disputed', percent: 1, steps: [placed(11), known, to(13)] },
  { name: 'archived before it counted', percent: 1, steps: [placed(7), archived] },
  { name: 'archived, then shipped', percent: 1, steps: [placed(11), known, archived, to(2)] },
  { name: 'deleted before it counted', percent: 0.5, steps: [placed(7), deleted] },
  { name: 'deleted', percent: 0.5, steps: [placed(11), known, deleted] },
  { name: 'old, migrated', percent: 1.5, steps: [{ place: 10, isOld: true, source: 'external' }, touched] },
  { name: 'made by the API, pending', percent: 1, steps: [{ place: 1, source: 'external' }] },
  {
    name: 'made by the API, then paid',
    percent: 1.5,
    steps: [{ place: 1, source: 'external' }, to(11), to(2)],
  },
];
