import { config } from './config.js';
import type { Customer, PageContext } from './types.js';

let said: PageContext = {};

/** Adds to what is known. A top-level object is replaced as a whole, and wins over what the page said. */
export function say(partial: PageContext): void {
  // A spread defines own members even for a hostile `__proto__`, where `Object.assign` would set the prototype.
  said = { ...said, ...partial };
}

/** Forgets all that was said. */
export function forget(): void {
  said = {};
}

/** Who is signed in: `null` for a guest, `undefined` where nobody said. */
export const customerOf = (): Customer | null | undefined => ({ ...config.context, ...said }).customer;

/**
 * The page context as it is now, but for what `custom-event-data.ts` reads of the page's address.
 *
 * @param customer - The shopper, where more is known than was said.
 */
export const pageContext = (customer = customerOf()): PageContext => ({
  ...config.context,
  ...said,
  customer,
});
