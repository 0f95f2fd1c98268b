// @vitest-environment jsdom
import { createHash, webcrypto } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { describe as describeMeeting, leave, meet } from '../../src/storefront/shopper.js';
import { SHOPPER_KEY } from '../../src/storefront/shopper-key.js';
import type { Customer, StorefrontConfig } from '../../src/storefront/types.js';

const ada = { id: 7, email: 'ada@brand.com', name: 'Ada King Lovelace' };
const bob = { id: 8, email: 'bob@brand.com', first_name: 'Bob', last_name: 'Moran' };
const named = { ...bob, id: 7 };
const verification = { appClientId: 'client id', url: 'https://app.brand.com/verify' };

/** What BigCommerce signs for a customer; its signature is the app's business. */
const currentJwt = (id: number): string =>
  `h.${btoa(JSON.stringify({ customer: { id } }))}.s`.replace(/=/g, '');
const current = currentJwt(7);

type Answer = () => Response | Promise<Response>;
const never: Answer = () => new Promise(() => {});
const json =
  (body: unknown, status = 200): Answer =>
  () =>
    new Response(JSON.stringify(body), { status });
const text =
  (body: string, status = 200): Answer =>
  () =>
    new Response(body, { status });
const offline: Answer = () => Promise.reject(new TypeError('offline'));

let requests: { url: string; init: RequestInit }[] = [];
let answers: { names: Answer; customer: Answer; app: Answer };
const asked = (part: string) => requests.filter(({ url }) => url.includes(part));

/** A promise whose end the test decides on. */
function later<T>() {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

/** Extole's side of a logout. */
let logout = vi.fn((): unknown => undefined);
const whenCoreReady = (use: () => void) => use();

const meeting = ({
  customer = named,
  deadline = new Promise((resolve) => setTimeout(resolve, 300)),
  whenReady = whenCoreReady,
  ...config
}: StorefrontConfig & {
  customer?: Customer | null;
  deadline?: Promise<unknown>;
  whenReady?: (use: () => void) => void;
} = {}) => meet(customer, config, whenReady, deadline);

const sha256 = (value: string): string => createHash('sha256').update(value).digest('hex');
const markOf = (key: string, salt = 'ab'.repeat(16)): string => `${salt}.${sha256(`${salt}:${key}`)}`;
const mark = (): string | null => localStorage.getItem(SHOPPER_KEY);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  vi.stubGlobal('crypto', webcrypto);
  logout = vi.fn();
  window.extole = {
    require: (modules, use) => {
      expect(modules).toEqual(['core-root:///common/user-service.js']);
      use({ logout });
    },
  };
  requests = [];
  answers = {
    names: json({ data: { customer: { entityId: 7, firstName: 'Ada', lastName: 'Lovelace' } } }),
    customer: text(current),
    app: json({ jwt: 'e.x.tole', expires_in_seconds: 300 }),
  };
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    requests.push({ url, init });
    return answers[url === '/graphql' ? 'names' : url.startsWith('/') ? 'customer' : 'app']();
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  localStorage.clear();
  delete window.extole;
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('the first and last name of a shopper', () => {
  it('are those of the page, without a question', async () => {
    const { customer } = await meeting({ customer: bob, storefrontApiToken: 'token' });
    expect(customer).toEqual(bob);
    expect(requests).toEqual([]);
    expect(describeMeeting()).toMatchObject({ isSignedIn: true, names: 'page' });
  });

  it('are asked of BigCommerce where the page has the full name only', async () => {
    const { customer } = await meeting({ customer: ada, storefrontApiToken: 'token' });
    expect(customer).toEqual({ ...ada, first_name: 'Ada', last_name: 'Lovelace' });
    expect(requests).toEqual([
      {
        url: '/graphql',
        init: {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: 'Bearer token' },
          body: '{"query":"{ customer { entityId firstName lastName } }"}',
        },
      },
    ]);
    expect(describeMeeting().names).toBe('graphql');
  });

  it.each<[string, Answer]>([
    ['can not be reached', offline],
    ['refuses', json({}, 401)],
    ['answers a page', text('<html>')],
    ['answers nothing', json(null)],
    ['knows nobody', json({ data: { customer: null } })],
    ['knows another shopper', json({ data: { customer: { entityId: 8, firstName: 'Bob' } } })],
    ['knows no names', json({ data: { customer: { entityId: 7, firstName: '', lastName: null } } })],
  ])('are split from the full name at once when BigCommerce %s', async (_what, answer) => {
    answers.names = answer;
    const { customer } = await meeting({ customer: ada, storefrontApiToken: 'token' });
    expect(customer).toEqual({ ...ada, first_name: 'Ada', last_name: 'King Lovelace' });
    expect(describeMeeting().names).toBe('split');
  });

  it('are split from the full name at the deadline, and a later answer is not used', async () => {
    const answer = later<Response>();
    answers.names = () => answer.promise;
    const shopper = meeting({ customer: ada, storefrontApiToken: 'token' });
    await vi.advanceTimersByTimeAsync(300);
    const { customer } = await shopper;
    answer.resolve(await json({ data: { customer: { entityId: 7, firstName: 'Augusta' } } })());
    await vi.advanceTimersByTimeAsync(0);
    expect(customer).toMatchObject({ first_name: 'Ada' });
    expect(describeMeeting().names).toBe('split');
  });

  it.each([
    ['  Ada  King  Lovelace ', { first_name: 'Ada', last_name: 'King Lovelace' }],
    ['Ada', { first_name: 'Ada', last_name: undefined }],
  ])('are split from %j where nobody can be asked', async (name, expected) => {
    const { customer } = await meeting({ customer: { id: 7, name } });
    expect(customer).toEqual({ id: 7, name, ...expected });
    expect(requests).toEqual([]);
  });

  it.each([undefined, '', '  '])('stay unknown when the full name is %j', async (name) => {
    const { customer } = await meeting({ customer: { id: 7, name } });
    expect(customer).toEqual({ id: 7, name });
    expect(describeMeeting().names).toBe('unknown');
  });
});

describe('a shopper who is to be verified', () => {
  const verified = (options: Parameters<typeof meeting>[0] = {}) => meeting({ verification, ...options });

  it('is vouched for by BigCommerce to the app, and by the app to Extole', async () => {
    const { jwt } = await verified();
    expect(jwt(null)).toBe('e.x.tole');
    expect(requests).toEqual([
      {
        url: '/customer/current.jwt?app_client_id=client%20id',
        init: { headers: { accept: 'application/json' }, cache: 'no-store' },
      },
      { url: verification.url, init: { method: 'POST', body: current, credentials: 'omit' } },
    ]);
    // What a browser makes of it: a request that needs no preflight.
    expect(new Request(verification.url, requests[1]?.init).headers.get('content-type')).toMatch(
      /^text\/plain/,
    );
    expect(describeMeeting().verification).toBe('verified');
  });

  it.each([
    ['locale', undefined],
    ['', undefined],
    ['first_name email', 'e.x.tole'],
    ['partner_user_id', 'e.x.tole'],
  ])('is vouched for only with a zone that says who it is: %j', async (fields, expected) => {
    const { jwt } = await verified();
    expect(jwt(fields)).toBe(expected);
  });

  it('is vouched for by a string of JSON as well', async () => {
    answers.customer = text(`"${current}"\n`);
    await verified();
    expect(asked('/verify')[0]?.init.body).toBe(current);
  });

  it.each([
    ['a guest', { customer: null }],
    ['a store without verification', { verification: undefined }],
  ])('is nobody for %s: nothing is asked', async (_what, options) => {
    const { jwt } = await verified(options);
    expect(jwt(null)).toBeUndefined();
    expect(requests).toEqual([]);
    expect(describeMeeting().verification).toBe('off');
  });

  it('is verified while the names are on their way', async () => {
    answers.names = never;
    void verified({ customer: ada, storefrontApiToken: 'token' });
    await vi.advanceTimersByTimeAsync(0);
    expect(requests).toHaveLength(3);
  });

  it('goes unverified from the deadline on, until the JWT comes', async () => {
    const answer = later<Response>();
    answers.app = () => answer.promise;
    const shopper = verified();
    await vi.advanceTimersByTimeAsync(300);
    const { jwt } = await shopper;
    expect(jwt(null)).toBeUndefined();
    expect(describeMeeting().verification).toBe('pending');
    answer.resolve(await json({ jwt: 'l.a.te', expires_in_seconds: 300 })());
    await vi.advanceTimersByTimeAsync(0);
    expect(jwt(null)).toBe('l.a.te');
    expect(asked('/verify')).toHaveLength(1);
  });

  it.each<[string, 'customer' | 'app', Answer]>([
    ['BigCommerce can not be reached', 'customer', offline],
    ['BigCommerce knows nobody', 'customer', text('Not found', 404)],
    ['BigCommerce answers a page', 'customer', text('<html><body>Sign in.</body></html>')],
    ['BigCommerce knows another shopper than the page', 'customer', text(currentJwt(8))],
    ['BigCommerce answers what is no JWT', 'customer', text('a.b.c')],
    ['the app can not be reached', 'app', offline],
    ['the app refuses', 'app', json({ jwt: 'e.x.tole', expires_in_seconds: 300 }, 403)],
    ['the app answers 201', 'app', json({ jwt: 'e.x.tole', expires_in_seconds: 300 }, 201)],
    ['the app answers a page', 'app', text('<html>')],
    ['the app answers null', 'app', json(null)],
    ['the app answers no JWT', 'app', json({ jwt: 'e.x', expires_in_seconds: 300 })],
    ['the app answers a number', 'app', json({ jwt: 7, expires_in_seconds: 300 })],
    ['the app does not say how long', 'app', json({ jwt: 'e.x.tole' })],
    ['the JWT has no life', 'app', json({ jwt: 'e.x.tole', expires_in_seconds: 0 })],
    ['the life is text', 'app', json({ jwt: 'e.x.tole', expires_in_seconds: '300' })],
  ])('goes unverified when %s, and is tried again after a minute', async (_what, who, answer) => {
    const good = answers[who];
    answers[who] = answer;
    const { jwt } = await verified();
    expect(jwt(null)).toBeUndefined();
    expect(describeMeeting().verification).toBe('failed');
    expect(asked('/verify')).toHaveLength(who === 'app' ? 1 : 0);

    answers[who] = good;
    await vi.advanceTimersByTimeAsync(59_999);
    expect(jwt(null)).toBeUndefined();
    expect(asked('current.jwt')).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    await jwt(null);
    expect(jwt(null)).toBe('e.x.tole');
    expect(describeMeeting().verification).toBe('verified');
  });

  it('keeps a JWT while it has more than 30 seconds left, then gets a new one for all who ask', async () => {
    const { jwt } = await verified();
    answers.app = json({ jwt: 'n.e.w', expires_in_seconds: 300 });
    await vi.advanceTimersByTimeAsync(269_999);
    expect(jwt(null)).toBe('e.x.tole');
    await vi.advanceTimersByTimeAsync(1);
    const renewal = jwt(null);
    expect(renewal).toBeInstanceOf(Promise);
    expect(jwt(null)).toBe(renewal);
    await renewal;
    expect(jwt(null)).toBe('n.e.w');
    expect(asked('/verify')).toHaveLength(2);
  });

  it('goes on with the old JWT when a new one takes longer than 300 ms, as long as it lives', async () => {
    const { jwt } = await verified();
    const answer = later<Response>();
    answers.app = () => answer.promise;
    await vi.advanceTimersByTimeAsync(270_000);
    const renewal = jwt(null);
    await vi.advanceTimersByTimeAsync(300);
    await renewal;
    expect(jwt(null)).toBe('e.x.tole');
    await vi.advanceTimersByTimeAsync(29_699);
    expect(jwt(null)).toBe('e.x.tole');
    await vi.advanceTimersByTimeAsync(1);
    expect(jwt(null)).toBeUndefined();
    answer.resolve(await json({ jwt: 'n.e.w', expires_in_seconds: 600 })());
    await vi.advanceTimersByTimeAsync(0);
    expect(jwt(null)).toBe('n.e.w');
    expect(asked('/verify')).toHaveLength(2);
  });

  it('goes on with the old JWT when a new one can not be had', async () => {
    const { jwt } = await verified();
    answers.app = offline;
    await vi.advanceTimersByTimeAsync(270_000);
    await jwt(null);
    expect(jwt(null)).toBe('e.x.tole');
    await vi.advanceTimersByTimeAsync(30_000);
    expect(jwt(null)).toBeUndefined();
    expect(asked('/verify')).toHaveLength(2);
  });

  it('does not wait again and again when JWTs live shorter than the margin', async () => {
    answers.app = json({ jwt: 'e.x.tole', expires_in_seconds: 20 });
    const { jwt } = await verified();
    expect(jwt(null)).toBe('e.x.tole');
    await vi.advanceTimersByTimeAsync(1000);
    await jwt(null);
    expect(jwt(null)).toBe('e.x.tole');
    expect(asked('/verify')).toHaveLength(2);
  });

  it('is described without a word about who it is', async () => {
    await verified({ customer: ada, storefrontApiToken: 'token' });
    expect(describeMeeting()).toEqual({
      isSignedIn: true,
      names: 'graphql',
      verification: 'verified',
      hasLoggedOut: false,
    });
  });
});

describe('the mark of a shopper', () => {
  it.each([
    ['the id', { id: 7, email: 'ada@brand.com' }, 'id:7'],
    ['the e-mail address', { id: 0, email: ' Ada@Brand.com ' }, 'email:ada@brand.com'],
  ])('is a salted hash of %s', async (_what, customer, key) => {
    await meeting({ customer });
    const first = mark() ?? '';
    expect(first).toMatch(/^[0-9a-f]{32}\.[0-9a-f]{64}$/);
    expect(first).toBe(markOf(key, first.slice(0, 32)));
    localStorage.clear();
    await meeting({ customer });
    expect(mark()).not.toBe(first);
  });

  it('stays when the same shopper comes again, and nobody is logged out', async () => {
    await meeting({ customer: { id: 7 } });
    const before = mark();
    await meeting({ customer: { id: '7', email: 'new@brand.com' } });
    expect(mark()).toBe(before);
    expect(logout).not.toHaveBeenCalled();
    expect(describeMeeting().hasLoggedOut).toBe(false);
  });

  it.each([
    ['another shopper', bob],
    ['a guest', null],
  ])('goes when %s comes, but only after Extole has forgotten the one before', async (_who, customer) => {
    const adas = markOf('id:7');
    localStorage.setItem(SHOPPER_KEY, adas);
    const called = later<void>();
    const done = later<void>();
    let isSettled = false;
    logout.mockImplementation(() => {
      called.resolve();
      return done.promise;
    });
    const shopper = meeting({ customer });
    void shopper.then(() => {
      isSettled = true;
    });
    await called.promise;
    await vi.advanceTimersByTimeAsync(999);
    expect(isSettled, 'zones wait for it').toBe(false);
    expect(mark(), 'an interrupted logout is due on the next page').toBe(adas);
    done.resolve();
    expect((await shopper).customer).toEqual(customer);
    expect(mark()).toBe(customer && markOf('id:8', mark()?.slice(0, 32)));
    expect(describeMeeting()).toMatchObject({ isSignedIn: !!customer, hasLoggedOut: true });
  });

  it('goes a second after a logout that does not tell that it is done', async () => {
    localStorage.setItem(SHOPPER_KEY, markOf('id:7'));
    logout.mockImplementation(() => new Promise(() => {}));
    const shopper = meeting({ customer: null });
    await vi.advanceTimersByTimeAsync(999);
    expect(mark()).not.toBeNull();
    await vi.advanceTimersByTimeAsync(1);
    await shopper;
    expect(mark()).toBeNull();
  });

  it.each(['', 'nonsense', '.', 'a.b.c', `${'ab'.repeat(16)}.`])(
    'counts as that of another shopper when it says %j',
    async (malformed) => {
      localStorage.setItem(SHOPPER_KEY, malformed);
      await meeting();
      expect(logout).toHaveBeenCalledTimes(1);
      expect(mark()).toBe(markOf('id:7', mark()?.slice(0, 32)));
    },
  );

  it('is not left for a guest who comes first', async () => {
    await meeting({ customer: null });
    expect(mark()).toBeNull();
    expect(logout).not.toHaveBeenCalled();
  });

  it.each([{}, { id: 0, email: ' ', name: 'Ada' }])(
    'stays as it is when the page does not say who is signed in: %j',
    async (customer) => {
      localStorage.setItem(SHOPPER_KEY, markOf('id:8'));
      await meeting({ customer });
      expect(mark()).toBe(markOf('id:8'));
      expect(logout).not.toHaveBeenCalled();
    },
  );

  it('stays until Extole comes, and then goes', async () => {
    localStorage.setItem(SHOPPER_KEY, markOf('id:8'));
    const coming = later<() => void>();
    const shopper = meeting({ customer: null, whenReady: coming.resolve });
    const come = await coming.promise;
    expect(mark()).toBe(markOf('id:8'));
    come();
    await shopper;
    expect(logout).toHaveBeenCalledTimes(1);
    expect(mark()).toBeNull();
  });

  it('stays when Extole has nothing to log out with, and no zone may go on', async () => {
    localStorage.setItem(SHOPPER_KEY, markOf('id:8'));
    window.extole = { createZone() {} };
    await expect(meeting({ customer: null })).rejects.toThrow('no user service');
    expect(mark()).toBe(markOf('id:8'));
  });

  it('stays when the logout fails, and no zone may go on', async () => {
    localStorage.setItem(SHOPPER_KEY, markOf('id:8'));
    const failure = new Error('no logout');
    logout.mockImplementation(() => {
      throw failure;
    });
    await expect(meeting()).rejects.toBe(failure);
    await expect(leave(whenCoreReady)).rejects.toBe(failure);
    expect(mark()).toBe(markOf('id:8'));
  });

  it('is done without when the browser refuses its storage', async () => {
    for (const method of ['getItem', 'setItem', 'removeItem'] as const) {
      vi.spyOn(Storage.prototype, method).mockImplementation(() => {
        throw new DOMException('refused', 'SecurityError');
      });
    }
    expect((await meeting()).customer).toEqual(named);
    expect((await meeting({ customer: null })).customer).toBeNull();
    expect(logout).not.toHaveBeenCalled();
    await leave(whenCoreReady);
    expect(logout).toHaveBeenCalledTimes(1);
  });

  it('can not be compared on an insecure page: Extole forgets, and no mark is left', async () => {
    localStorage.setItem(SHOPPER_KEY, markOf('id:7'));
    vi.stubGlobal('crypto', { getRandomValues: (bytes: Uint8Array) => bytes });
    await meeting();
    await meeting();
    expect(logout).toHaveBeenCalledTimes(1);
    expect(mark()).toBeNull();
  });

  it('is removed when the shopper leaves, once Extole has forgotten who it was', async () => {
    await meeting();
    const done = later<void>();
    logout.mockReturnValue(done.promise);
    const left = leave(whenCoreReady);
    await vi.waitUntil(() => logout.mock.calls.length > 0);
    expect(mark()).not.toBeNull();
    done.resolve();
    await left;
    expect(mark()).toBeNull();
    expect(describeMeeting().isSignedIn).toBe(false);
  });

  it('is not left by a meeting that is under way when the shopper leaves', async () => {
    const shopper = meeting();
    await leave(whenCoreReady);
    await shopper;
    expect(mark()).toBeNull();
  });

  it('stays with a shopper who came while the one before was leaving', async () => {
    const done = later<void>();
    logout.mockReturnValue(done.promise);
    const left = leave(whenCoreReady);
    await meeting();
    done.resolve();
    await left;
    expect(mark()).toBe(markOf('id:7', mark()?.slice(0, 32)));
  });

  it('is left by the last meeting only', async () => {
    const done = later<void>();
    localStorage.setItem(SHOPPER_KEY, markOf('id:9'));
    logout.mockReturnValueOnce(done.promise);
    const earlier = meeting({ customer: ada });
    // Hashes are made side by side: without this, the later meeting could be the one whose logout does not end.
    await vi.waitUntil(() => logout.mock.calls.length > 0);
    await meeting({ customer: bob });
    const bobs = mark();
    done.resolve();
    await earlier;
    expect(mark()).toBe(bobs);
    expect(bobs).toBe(markOf('id:8', bobs?.slice(0, 32)));
  });
});
