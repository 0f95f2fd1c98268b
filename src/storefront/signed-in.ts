import { config } from './config.js';
import { whenCoreReady } from './core-tag.js';
import { customerOf } from './page-context.js';
import type { Shopper } from './shopper.js';
import { SHOPPER_KEY } from './shopper-key.js';

let known: string | undefined;
let meeting: Promise<unknown> | undefined;

/** The shopper, as far as known beyond what the page said. */
export let shopper: Shopper | undefined;

/**
 * Sees to it that zones tell of the right shopper: that Extole has forgotten a former one, that first and last name are known,
 * that Extole can trust it. Guests whom nobody preceded cost nothing.
 *
 * @returns What zones have to wait for, `undefined` when there is nothing. Rejects when the shopper's file can't be loaded, or
 *   Extole could not forget the former shopper: then no zone may be asked for, and the next call tries again.
 */
export function meetShopper(): Promise<unknown> | undefined {
  const customer = customerOf();
  // As text, since a page may change the object that it gave.
  const text = JSON.stringify(customer);
  if (meeting || text === known) return meeting;
  shopper = undefined;
  let mark: unknown;
  try {
    mark = localStorage.getItem(SHOPPER_KEY);
  } catch {
    // Nothing could be kept here, so that nobody is known.
  }
  if (customer || (customer === null && mark)) {
    hold(
      import('./shopper.js').then(({ meet }) => meet(customer, config, whenCoreReady)),
      text,
    );
  } else known = text;
  return meeting;
}

/** Has Extole forget its shopper, as soon as it is there. Zones wait for it. */
export function leaveShopper(): void {
  forgetMeeting();
  hold(import('./shopper.js').then(({ leave }) => leave(whenCoreReady)));
}

/** Looks anew at who is signed in. */
export function forgetMeeting(): void {
  known = meeting = shopper = undefined;
}

function hold(until: Promise<Shopper | undefined>, text?: string): void {
  const held = until
    .then((found) => {
      if (meeting === held) [shopper, known] = [found, text];
    })
    .finally(() => {
      if (meeting === held) meeting = undefined;
    });
  // Zones may wait for it, or none.
  held.catch(() => {});
  meeting = held;
}
