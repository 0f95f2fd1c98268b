import type { Customer, Data, PageContext } from './types.js';

/** A longer wait would be seen: the creative of a signed-in shopper comes at most this much later. */
const NAMES_DEADLINE_MS = 300;

let fromPage: PageContext = {};
let said: PageContext = {};
let names: Promise<void> | undefined;

/** Takes what the page said about itself, as the configuration has it. */
export function setPage(context: PageContext | undefined): void {
  fromPage = { ...context };
}

/** Adds to what is known. A top-level object is replaced as a whole, and wins over what the page said. */
export function say(partial: PageContext): void {
  // A spread defines own members even for a hostile `__proto__`, where `Object.assign` would set the prototype.
  said = { ...said, ...partial };
}

/** Forgets the page and all that was said. */
export function forget(): void {
  fromPage = said = {};
  names = undefined;
}

/**
 * The page context as it is now. Where nobody gave a `url`, the page's address is read when it is needed; where nobody
 * knows the shopper's first and last name, the full name is split.
 */
export function pageContext(): PageContext {
  const context: PageContext = {
    get url(): Data {
      const { href, pathname, search } = location;
      return { href, path: pathname, query: Object.fromEntries(new URLSearchParams(search)) };
    },
    ...fromPage,
    ...said,
  };
  const { customer } = context;
  if (!customer?.name || hasNames(customer)) return context;
  const [first_name, ...rest] = `${customer.name}`.trim().split(/\s+/);
  return { ...context, customer: { ...customer, first_name, last_name: rest.join(' ') || undefined } };
}

const hasNames = ({ first_name, last_name }: Customer): boolean => !!(first_name || last_name);

/** Settles, never with an error, when the shopper's names are known or can't be; `undefined` when nobody asked. */
export function namesSettled(): Promise<void> | undefined {
  return names;
}

/**
 * Sees to it that the first and last name of a signed-in shopper become known, where the page has the full name only.
 * What takes longer than 300 ms is not used on this page: all of its zones tell the same.
 */
export function findNames(token: string | undefined): void {
  const { customer } = fromPage;
  if (!token || !customer || hasNames(customer)) return;
  const found = import('./shopper-names.js').then(({ withNames }) => withNames(customer, token));
  const deadline = new Promise<typeof customer>((resolve) =>
    setTimeout(() => resolve(customer), NAMES_DEADLINE_MS),
  );
  names = Promise.race([found, deadline])
    // Without the names the full name is split; there is nothing that a shopper or a merchant could do about it.
    .catch(() => customer)
    .then((named) => {
      if (fromPage.customer === customer) fromPage = { ...fromPage, customer: named };
      names = undefined;
    });
}
