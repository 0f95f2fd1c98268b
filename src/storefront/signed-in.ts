import { config } from './config.js';
import { whenCoreReady } from './core-tag.js';
import { customerOf } from './page-context.js';
import type { Shopper } from './shopper.js';
import type { Customer } from './types.js';

/** A longer wait would be seen: the creative of a signed-in shopper comes at most this much later. */
const DEADLINE_MS = 300;

/** Where `shopper.ts` keeps whom we told Extole of, as a salted hash. */
const SHOPPER_KEY = 'extole-shopper';

let known: Customer | null | undefined;
let meeting: Promise<unknown> | undefined;

/** The shopper, as far as known beyond what the page said. */
export let shopper: Shopper | undefined;

/**
 * Sees to it that zones tell of the right shopper: that Extole has forgotten a former one, that first and last name are known,
 * that Extole can trust it. Guests whom nobody preceded cost nothing.
 *
 * @returns What zones have to wait for; it settles, never with an error, within 300 ms, but for a former shopper whom
 *   Extole has yet to forget. `undefined` when there is nothing to wait for.
 */
export function meetShopper(): Promise<unknown> | undefined {
  const customer = customerOf();
  if (meeting || customer === known) return meeting;
  known = customer;
  shopper = undefined;
  let mark: unknown;
  try {
    mark = localStorage.getItem(SHOPPER_KEY);
  } catch {
    // Nothing could be kept here, so that there is nothing to compare with.
  }
  if (!customer && !(customer === null && mark)) return undefined;
  const deadline = wait(DEADLINE_MS);
  const met = import('./shopper.js')
    .then(({ meet }) => meet(customer, config, deadline, whenCoreReady))
    .then((found) => {
      if (known === customer) shopper = found;
    });
  // Without the file nobody can tell whether Extole knows somebody else, and the next shopper must not be taken for the last.
  // At the deadline the file makes the best of what it has, which takes it no time.
  return hold(mark ? met : Promise.race([met, deadline.then(() => wait(0))]).catch(() => {}));
}

/** Has Extole forget its shopper, as soon as it is there. Zones wait for it. */
export function leaveShopper(): void {
  hold(import('./shopper.js').then(({ leave }) => leave(whenCoreReady)));
}

/** Looks anew at who is signed in. */
export function forgetMeeting(): void {
  known = meeting = shopper = undefined;
}

const wait = (ms: number): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, ms));

function hold(until: Promise<unknown>): Promise<unknown> {
  const held = until
    .catch(() => new Promise(() => {}))
    .then(() => {
      if (meeting === held) meeting = undefined;
    });
  return (meeting = held);
}
