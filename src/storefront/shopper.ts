import { SHOPPER_KEY } from './shopper-key.js';
import type { Customer, StorefrontConfig, Verification } from './types.js';

/** Calls back once Extole's library answers: never, where it does not come. */
type WhenCoreReady = (use: () => void) => void;

/** The shopper as zones may tell it to Extole. */
export interface Shopper {
  /** With first and last name where they could be had; `null` for a guest. */
  readonly customer: Customer | null;
  /**
   * The Extole JWT to send now with a zone. While it is renewed, a promise that settles within 300 ms and never with an error:
   * then ask again. `undefined` when the zone goes unverified, as does one that shall not tell who the shopper is.
   *
   * @param fields - The default fields that the zone sends; `null` for all of them.
   */
  readonly jwt: (fields: string | null) => string | Promise<unknown> | undefined;
}

/** How a meeting went, for whoever looks into it. Holds nothing about the shopper. */
export interface MeetingState {
  isSignedIn: boolean;
  /** Where first and last name come from. */
  names: 'page' | 'graphql' | 'split' | 'unknown';
  verification: 'off' | 'pending' | 'verified' | 'failed';
  /** Whether Extole had to forget the shopper of an earlier page. */
  hasLoggedOut: boolean;
}

/** A JWT with less than this left could expire on its way. */
const MARGIN_MS = 30_000;
/** A longer wait would be seen: the creative of a signed-in shopper comes at most this much later. */
const DEADLINE_MS = 300;
const RETRY_AFTER_MS = 60_000;
const LOGOUT_MS = 1000;

const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;

const wait = (ms: number): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, ms));

const unmet = (): MeetingState => ({
  isSignedIn: false,
  names: 'unknown',
  verification: 'off',
  hasLoggedOut: false,
});

/** The state of the last meeting. An earlier one that is still under way has lost its say. */
let last = unmet();

const begin = (): MeetingState => {
  last = unmet();
  return last;
};

/** Says how the last meeting went. Its verification goes on changing while the shopper stays. */
export const describe = (): Readonly<MeetingState> => ({ ...last });

/**
 * Finds out what zones may say about the shopper, and sees to it that nobody inherits the identity of an earlier one.
 *
 * Names and the first JWT are waited for until the deadline. That Extole forgets an earlier shopper is waited for without limit:
 * until then it would take this one for that.
 *
 * @param customer - The shopper who is signed in, as the page has it; `null` for a guest.
 * @param whenCoreReady - Calls back once Extole is there.
 * @param deadline - Settles, never with an error, when zones must not wait any longer for names or for a JWT; after 300 ms.
 * @returns The shopper. Rejects only if Extole could not forget the earlier one; then no zone may be asked for.
 */
export async function meet(
  customer: Customer | null,
  { storefrontApiToken, verification }: StorefrontConfig,
  whenCoreReady: WhenCoreReady,
  deadline: Promise<unknown> = wait(DEADLINE_MS),
): Promise<Shopper> {
  const state = begin();
  state.isSignedIn = !!customer;
  const jwt =
    customer && verification ? keepVerified(customer, verification, deadline, state) : () => undefined;
  const [named, kept] = await Promise.all([
    customer && withNames(customer, storefrontApiToken, deadline, state),
    keepApart(customer, whenCoreReady, state),
    jwt(),
  ]);
  let mark = kept;
  let again: Promise<unknown> | undefined;
  return {
    customer: named,
    jwt(fields) {
      // Another tab has told of somebody else since.
      if (customer && readMark() !== mark) {
        again ??= keepApart(customer, whenCoreReady, state)
          .then((left) => {
            mark = left;
          })
          .finally(() => {
            again = undefined;
          });
      }
      return again ?? (/email|partner_user_id/.test(fields ?? 'email') ? jwt() : undefined);
    },
  };
}

/**
 * Has Extole forget its shopper, as soon as it is there, and then removes the mark. A meeting under way will not leave one
 * either.
 *
 * @returns Settles when that is done: never while Extole is not there. Rejects if Extole could not.
 */
export async function leave(whenCoreReady: WhenCoreReady): Promise<undefined> {
  const state = begin();
  await forgetAtExtole(whenCoreReady);
  if (state === last) storeMark(null);
  return undefined;
}

/**
 * Source: Extole, JavaScript SDK, "userService.logout()". Whether that tells when it is done is not documented: a second counts
 * as long enough.
 */
async function forgetAtExtole(whenCoreReady: WhenCoreReady): Promise<void> {
  const userService = await new Promise<{ logout(): unknown }>((resolve, reject) =>
    whenCoreReady(() => {
      if (window.extole?.require) window.extole.require(['core-root:///common/user-service.js'], resolve);
      else reject(new Error('Extole has no user service'));
    }),
  );
  await Promise.race([userService.logout(), wait(LOGOUT_MS)]);
}

/** The customer with first and last name: the page's own, else those that BigCommerce knows, else the full name split. */
async function withNames(
  customer: Customer,
  token: string | undefined,
  deadline: Promise<unknown>,
  state: MeetingState,
): Promise<Customer> {
  const { first_name, last_name, name } = customer;
  if (first_name || last_name) {
    state.names = 'page';
    return customer;
  }
  if (token) {
    // Of a failure nothing is told: there is nothing that a shopper or a merchant could do about it.
    const asked = askForNames(customer, token).catch(() => undefined);
    const names = await Promise.race([asked, deadline.then(() => undefined)]);
    if (names) {
      state.names = 'graphql';
      return { ...customer, ...names };
    }
  }
  const [first, ...rest] = `${name ?? ''}`.trim().split(/\s+/);
  if (!first) return customer;
  state.names = 'split';
  return { ...customer, first_name: first, last_name: rest.join(' ') || undefined };
}

/** What BigCommerce's GraphQL Storefront API answers. */
interface NamesAnswer {
  readonly data?: {
    readonly customer?: {
      readonly entityId?: unknown;
      readonly firstName?: string | null;
      readonly lastName?: string | null;
    } | null;
  } | null;
}

/**
 * Asks BigCommerce for the shopper's names, since its pages have the full name only.
 *
 * Source: BigCommerce, GraphQL Storefront API, `customer`.
 *
 * @returns `undefined` when BigCommerce knows no names, another shopper or none.
 */
async function askForNames(
  { id }: Customer,
  token: string,
): Promise<Pick<Customer, 'first_name' | 'last_name'> | undefined> {
  const body = JSON.stringify({ query: '{ customer { entityId firstName lastName } }' });
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const { data }: NamesAnswer = JSON.parse(await textOf('/graphql', { method: 'POST', headers, body }));
  const { entityId, firstName, lastName } = data?.customer ?? {};
  // A copy of the page may be older than the session.
  if (`${entityId}` !== `${id}` || !(firstName || lastName)) return undefined;
  return { first_name: firstName ?? undefined, last_name: lastName ?? undefined };
}

/**
 * Keeps a JWT of Extole's at hand: from now on waited for until the deadline, and renewed when it is asked for with little
 * life left.
 */
function keepVerified(
  customer: Customer,
  verification: Verification,
  deadline: Promise<unknown>,
  state: MeetingState,
): () => string | Promise<unknown> | undefined {
  let jwt: string | undefined;
  // By the clock of the day: `performance.now()` may stand still while a laptop sleeps, and a JWT does not.
  let expiresAt = 0;
  let renewAt = 0;
  let waiting: Promise<unknown> | undefined;

  const renew = async (): Promise<void> => {
    const askedAt = Date.now();
    // One at a time.
    renewAt = Infinity;
    try {
      const proof = await prove(customer, verification);
      jwt = proof.jwt;
      expiresAt = askedAt + proof.lifeMs;
      // However short its life, zones don't wait for a new one again and again.
      renewAt = askedAt + Math.max(proof.lifeMs - MARGIN_MS, 1000);
      state.verification = 'verified';
    } catch {
      renewAt = Date.now() + RETRY_AFTER_MS;
      state.verification = 'failed';
    }
  };
  const renewWithin = (limit: Promise<unknown>): void => {
    waiting = Promise.race([renew(), limit]).then(() => {
      waiting = undefined;
    });
  };

  state.verification = 'pending';
  renewWithin(deadline);
  return () => {
    if (Date.now() >= renewAt) renewWithin(wait(DEADLINE_MS));
    return waiting ?? (Date.now() < expiresAt ? jwt : undefined);
  };
}

/**
 * Has BigCommerce say who is signed in, and the app turn that into a JWT of Extole's.
 *
 * Sources: BigCommerce, "Current Customer API"; Extole, "Verifying Consumers".
 *
 * @returns Rejects with whatever keeps the shopper from being verified; holds no part of a JWT.
 */
async function prove(
  { id }: Customer,
  { appClientId, url }: Verification,
): Promise<{ jwt: string; lifeMs: number }> {
  const path = `/customer/current.jwt?app_client_id=${encodeURIComponent(appClientId)}`;
  // From a cache, it could be the one of the shopper before.
  const answered = await textOf(path, { headers: { accept: 'application/json' }, cache: 'no-store' });
  // Documented as a string of JSON, and sent as plain text.
  const current = answered.trim().replace(/^"|"$/g, '');
  // A page for people (to sign in, of a failure) is nobody else's business.
  if (!JWT.test(current)) throw 'customer';
  // The session may have changed in another tab; at Extole the JWT would win over what the page says.
  const claims: { customer?: { id?: unknown } } = JSON.parse(
    atob((current.split('.')[1] ?? '').replace(/-/g, '+').replace(/_/g, '/')),
  );
  if (`${claims.customer?.id}` !== `${id}`) throw 'customer';
  // Text goes as `text/plain`, for which browsers ask no permission first.
  const answer = await textOf(url, { method: 'POST', body: current, credentials: 'omit' });
  const { jwt, expires_in_seconds: life }: { jwt?: unknown; expires_in_seconds?: unknown } =
    JSON.parse(answer);
  if (typeof jwt !== 'string' || !JWT.test(jwt) || typeof life !== 'number' || life <= 0) throw 'app';
  return { jwt, lifeMs: life * 1000 };
}

/** The text of a `200`. Rejects with any other status, or when there is no answer. */
async function textOf(url: string, request: RequestInit): Promise<string> {
  const response = await fetch(url, request);
  if (response.status !== 200) throw response.status;
  return response.text();
}

/**
 * Has Extole forget the shopper of an earlier page when this one is another, or a guest.
 *
 * Extole knows a browser by its own cookies, which outlive a session at BigCommerce. The mark says, to this browser only,
 * for whom they are.
 *
 * @returns The mark that is there now.
 */
async function keepApart(
  customer: Customer | null,
  whenCoreReady: WhenCoreReady,
  state: MeetingState,
): Promise<string | null> {
  const key = customer && keyOf(customer);
  const mark = readMark();
  // Signed in, but as whom the page does not say.
  if (key === '') return mark;
  if (mark !== null) {
    if (key && mark === (await markOf(key, mark.split('.')[0]))) return mark;
    // The mark goes last: a logout that a shopper leaves behind happens on the next page.
    await forgetAtExtole(whenCoreReady);
    state.hasLoggedOut = true;
  }
  const fresh = key && (await markOf(key));
  if (state === last) storeMark(fresh);
  return readMark();
}

/** By what a shopper is told from others; empty when the page does not say. */
function keyOf({ id, email }: Customer): string {
  const address = `${email ?? ''}`.trim().toLowerCase();
  if (id) return `id:${id}`;
  return address && `email:${address}`;
}

/**
 * The mark of a shopper: a salted hash, which tells neither who it is nor, between two shops, whether it is the same.
 *
 * @returns `null` on an insecure page, where browsers don't hash.
 */
async function markOf(
  key: string,
  salt = hex(crypto.getRandomValues(new Uint8Array(16))),
): Promise<string | null> {
  const digest = await crypto.subtle?.digest('SHA-256', new TextEncoder().encode(`${salt}:${key}`));
  return digest ? `${salt}.${hex(new Uint8Array(digest))}` : null;
}

const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

// A browser may refuse its storage to a page. Then nothing is kept, and nothing needs to be compared.
function readMark(): string | null {
  try {
    return localStorage.getItem(SHOPPER_KEY);
  } catch {
    return null;
  }
}

function storeMark(mark: string | null): void {
  try {
    if (mark) localStorage.setItem(SHOPPER_KEY, mark);
    else localStorage.removeItem(SHOPPER_KEY);
  } catch {
    // As above.
  }
}
