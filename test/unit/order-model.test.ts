import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ToldEvent, transitionsOf } from '../../src/app/orders/transitions.js';
import { ORDER_EVENTS } from '../../src/catalog/settings.js';
import {
  anySettings,
  changed,
  eventText,
  expectedEvents,
  FIRST_STATE,
  type Look,
  orderChange,
  TOTAL,
} from '../support/order-model.js';

const START = new Date('2026-03-01T12:00:00Z');
const RUNS = 5_000;

/** What happens: to the order, to the settings, or that somebody looks, and sees the order as it was some changes ago. */
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ order: orderChange }) },
  { weight: 1, arbitrary: fc.record({ settings: fc.option(anySettings, { nil: undefined, freq: 8 }) }) },
  { weight: 5, arbitrary: fc.record({ statesAgo: fc.oneof(fc.constant(0), fc.nat({ max: 4 })) }) },
);

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/**
 * The looks of a history, the last of which sees all. Whoever looks keeps what is new in one go, by what others had kept until then: so they
 * come one after the other, however late each is.
 */
function looksOf(first: Look['settings'], steps: readonly Step[]): Look[] {
  const states = [FIRST_STATE];
  const looks: Look[] = [];
  let settings = first;
  const see = (statesAgo: number): void => {
    looks.push({ state: states.at(-1 - statesAgo) ?? FIRST_STATE, settings });
  };
  for (const one of steps) {
    if ('order' in one) states.push(changed(states.at(-1) ?? FIRST_STATE, one.order));
    else if ('settings' in one) settings = one.settings;
    else see(one.statesAgo);
  }
  see(0);
  return looks;
}

const decide = ({ state, settings }: Look, told: readonly ToldEvent[], placedAt = START) =>
  transitionsOf({
    order: {
      status_id: state.statusId,
      is_deleted: state.isArchived,
      date_created: placedAt,
      date_modified: placedAt,
      date_shipped: null,
      total_inc_tax: `${TOTAL}.0000`,
    },
    refunds: state.refunds.map(({ id, amount }) => ({ id, total_amount: amount, created: null })),
    told,
    settings,
    ordersSince: START,
    seenAt: placedAt,
  });

/** What each look finds, the looks taken one after the other. One that is deleted can't be seen. */
function findings(
  looks: readonly Look[],
  placedAt = START,
): { readonly look: Look; readonly found: ToldEvent[] }[] {
  const told: ToldEvent[] = [];
  return looks
    .filter(({ state }) => !state.isDeleted)
    .map((look) => {
      const found = decide(look, told, placedAt).transitions.map(({ kind, refundId }) => ({
        kind,
        refundId,
      }));
      told.push(...found);
      return { look, found };
    });
}

const history = fc.tuple(
  fc.option(anySettings, { nil: undefined, freq: 10 }),
  fc.array(step, { maxLength: 30, size: 'max' }),
);
const check = (property: (looks: Look[]) => void): void =>
  fc.assert(
    fc.property(history, ([settings, steps]) => property(looksOf(settings, steps))),
    { numRuns: RUNS },
  );

describe('whatever becomes of an order, and however often and late it is looked at', () => {
  it('Extole gets what it should, and nothing twice', () => {
    check((looks) => {
      const got = findings(looks).flatMap(({ found }) => found.map(eventText));
      expect(new Set(got)).toEqual(expectedEvents(looks));
      expect(got).toHaveLength(new Set(got).size);
    });
  });

  it('nothing comes before "created", unless that is told by others', () => {
    check((looks) => {
      let isCreated = false;
      for (const { look, found } of findings(looks)) {
        for (const { kind } of found) {
          isCreated ||= kind === 'created';
          expect(isCreated || look.settings?.orderEvents.created.isEnabled === false).toBe(true);
        }
      }
    });
  });

  it('one look tells in the order in which things happen', () => {
    check((looks) => {
      for (const { found } of findings(looks)) {
        const ranks = found.map(({ kind, refundId }) => ORDER_EVENTS.indexOf(kind) * 1_000 + refundId);
        expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
      }
    });
  });

  it('a second look at the same finds nothing', () => {
    check((looks) => {
      const twice = looks.flatMap((look) => [look, look]);
      expect(findings(twice).flatMap(({ found }) => found)).toEqual(
        findings(looks).flatMap(({ found }) => found),
      );
    });
  });

  it('nothing is told of one from before the start', () => {
    const before = new Date(START.getTime() - 1_000);
    check((looks) => {
      expect(findings(looks, before).flatMap(({ found }) => found)).toEqual([]);
    });
  });
});
