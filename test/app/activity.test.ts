import fc from 'fast-check';
import { sql } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import { activityDays, countWaiting } from '../../src/app/activity/activity-days.js';
import { installStore } from '../../src/app/install/install.js';
import { createSession } from '../../src/app/install/session.js';
import { emailHash } from '../../src/app/privacy/email-hash.js';
import type {
  ActivityAnswer,
  ErasureView,
  EventDetail,
  EventsAnswer,
  EventView,
  ImportView,
  ReplayAnswer,
} from '../../src/catalog/activity-api.js';
import type { Failure, SaveAnswer } from '../../src/catalog/admin-api.js';
import { keepEvents, keepManyEvents, storedEvent } from '../support/activity-events.js';
import { COLLEAGUE, OWNER } from '../support/app.js';
import { appStore, EXTOLE_TOKEN, START } from '../support/app-store.js';

const store = appStore();

const SECOND_MS = 1_000;
const DAY_MS = 24 * 60 * 60 * SECOND_MS;
const UNKNOWN_ID = '5c0e3a3e-6a52-4c53-9f0b-1a2b3c4d5e6f';

const ADA = {
  partner_conversion_id: '1234',
  email: 'ada.lovelace@shopper.example',
  partner_user_id: '4711',
  first_name: 'Ada',
  last_name: 'Lovelace',
  cart_value: '59.90',
  currency: 'USD',
  locale: 'en-US',
  coupon_code: 'FRIEND-7QK2',
  labels: 'refer-a-friend',
  gift_note: 'For Ada, call +1 503 555 0123',
};

const OTHER = { storeHash: 'other', user: { id: 7, email: 'seven@other.example' } };

const later = (ms: number): Date => new Date(START.getTime() + ms);
const event = (createdAt: Date, more: Parameters<typeof storedEvent>[2] = {}) =>
  storedEvent(store.test.storeHash, createdAt, more);
const keep = (...events: Parameters<typeof keepEvents>[1]) => keepEvents(store.test.deps.db, events);
const get = <T>(url: string) => store.ask<T>('GET', url);
const list = async (query = '') => (await get<EventsAnswer>(`/api/events?${query}`)).body;
const idsOf = async (query = '') => (await list(query)).events.map(({ id }) => id);

let users = 1_000;
/** A user who has asked for nothing yet, so that no limit of a user is reached. */
const nextUser = () => {
  users += 1;
  return { id: users, email: `user-${users}@brand.example` };
};

/** All pages of a list. */
async function pages(query = ''): Promise<EventView[][]> {
  const user = nextUser();
  const all: EventView[][] = [];
  let next: string | null = '';
  while (next !== null) {
    const cursor: string = next && `&cursor=${encodeURIComponent(next)}`;
    const { body } = await store.ask<EventsAnswer>('GET', `/api/events?${query}${cursor}`, { user });
    all.push([...body.events]);
    next = body.next;
  }
  return all;
}

/** Another store that has the app, with whatever an attacker may do there. */
async function otherStore() {
  const { app, deps } = store.test;
  const { storeHash, user } = OTHER;
  await installStore(deps, { storeHash, accessToken: 'token-of-other', scope: '', user });
  const { token } = await createSession(deps, {
    storeHash,
    userId: user.id,
    locale: 'en',
    openedAt: deps.now(),
  });
  const headers = { authorization: `Bearer ${token}` };
  return {
    get: (url: string) => app.inject({ url, headers }),
    post: (url: string, payload: object) => app.inject({ method: 'POST', url, headers, payload }),
  };
}

/** The log lines of this test that say something. */
let loggedBefore: number;
beforeEach(() => {
  loggedBefore = store.test.logged().length;
});
const logged = () => store.test.logged().slice(loggedBefore);
const lines = (message: string): Record<string, unknown>[] =>
  logged()
    .split('\n')
    .filter((line) => line.includes(`"${message}"`))
    .map((line) => JSON.parse(line));

describe('the list of events', () => {
  it('tells of each what is known of it', async () => {
    const [waiting, delivered] = await keep(
      event(later(0), {
        order_id: 1001,
        kind: 'created',
        state: 'waiting',
        occurred_at: later(-5_000),
        due_at: later(60_000),
        attempt_count: 3,
        delivered_at: null,
        failure_code: 'EXTOLE_UNAVAILABLE',
        failure_message: 'Extole answered 503.',
      }),
      event(later(1_000), {
        order_id: null,
        kind: 'test',
        channel_id: 2,
        state: 'delivered',
        data: null,
        delivered_at: later(2_000),
      }),
    );
    const { status, body } = await get<EventsAnswer>('/api/events');
    expect(status).toBe(200);
    expect(body).toEqual({
      events: [
        {
          id: delivered,
          kind: 'test',
          name: 'conversion',
          channelId: 2,
          orderId: null,
          state: 'delivered',
          occurredAt: '2026-03-01T12:00:01.000Z',
          createdAt: '2026-03-01T12:00:01.000Z',
          deliveredAt: '2026-03-01T12:00:02.000Z',
          nextAttemptAt: null,
          attemptCount: 1,
          failure: null,
          hasPayload: false,
        },
        {
          id: waiting,
          kind: 'created',
          name: 'conversion',
          channelId: 1,
          orderId: 1001,
          state: 'waiting',
          occurredAt: '2026-03-01T11:59:55.000Z',
          createdAt: '2026-03-01T12:00:00.000Z',
          deliveredAt: null,
          nextAttemptAt: '2026-03-01T12:01:00.000Z',
          attemptCount: 3,
          failure: { code: 'EXTOLE_UNAVAILABLE', message: 'Extole answered 503.' },
          hasPayload: true,
        },
      ],
      next: null,
    });
  });

  it('is empty before the first event', async () => {
    expect(await list()).toEqual({ events: [], next: null });
  });

  it('shows what happened to an order last first, though all was found at the same time', async () => {
    const ids = await keep(
      event(START, { order_id: 1, kind: 'created' }),
      event(START, { order_id: 1, kind: 'fulfilled' }),
      event(START, { order_id: 1, kind: 'refunded' }),
    );
    expect(await idsOf()).toEqual(ids.reverse());
  });

  it('has 50 events on a page, and a next page only where there are more', async () => {
    const ids = await keep(...Array.from({ length: 50 }, (_, index) => event(later(index))));
    expect((await list()).next).toBeNull();
    const [newest] = await keep(event(later(100)));
    const [first, second, ...rest] = await pages();
    expect(first?.map(({ id }) => id)).toEqual([newest, ...ids.slice(1).reverse()]);
    expect(second?.map(({ id }) => id)).toEqual([ids[0]]);
    expect(rest).toEqual([]);
  });

  it('has each event once, the newest first, however many have the same time', async () => {
    const { db } = store.test.deps;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 40, maxLength: 160 }),
        async (times) => {
          await db.deleteFrom('event').execute();
          await keep(...times.map((time) => event(later(time * SECOND_MS))));
          const all = (await pages()).flat();
          expect(new Set(all.map(({ id }) => id)).size).toBe(times.length);
          expect(all).toHaveLength(times.length);
          const createdAt = all.map((one) => one.createdAt);
          expect(createdAt).toEqual([...createdAt].sort().reverse());
        },
      ),
      { numRuns: 8 },
    );
  });

  it('has each event once, also where they are microseconds apart', async () => {
    await keepManyEvents(store.test.deps.db, store.test.storeHash, START, 120);
    const all = await pages();
    expect(all.map((page) => page.length)).toEqual([50, 50, 20]);
    const orders = all.flat().map(({ orderId }) => orderId);
    expect(orders).toEqual(Array.from({ length: 120 }, (_, index) => 1_000_120 - index));
  });

  it('goes on where the page ended, though new events came and others have changed', async () => {
    const ids = await keep(...Array.from({ length: 60 }, (_, index) => event(later(index))));
    const first = await list();
    await keep(event(later(100)), event(later(101)));
    await store.test.deps.db.updateTable('event').set({ state: 'dead' }).execute();
    const second = await list(`cursor=${first.next}`);
    expect(second.events.map(({ id }) => id)).toEqual(ids.slice(0, 10).reverse());
  });

  it.each([
    ['no cursor at all', 'x'],
    ['SQL', "' or 1=1 --"],
    ['a time', '2026-03-01T12:00:00Z'],
    ['an event that is not there', UNKNOWN_ID],
  ])('refuses %s as a cursor', async (_what, cursor) => {
    await keep(event(START));
    const { status, body } = await get<Failure>(`/api/events?cursor=${encodeURIComponent(cursor)}`);
    expect([status, body.code]).toEqual([422, 'CURSOR_INVALID']);
    expect(body.message).not.toContain(cursor);
  });

  it('has of an order what became of it', async () => {
    const [created, fulfilled] = await keep(
      event(later(1), { order_id: 42, kind: 'created' }),
      event(later(2), { order_id: 42, kind: 'fulfilled' }),
      event(later(3), { order_id: 421 }),
      event(later(4), { order_id: null, kind: 'test' }),
    );
    expect(await idsOf('orderId=42')).toEqual([fulfilled, created]);
    expect(await idsOf('orderId=4')).toEqual([]);
  });

  it('has what a filter names, and what all of several do', async () => {
    const [dead, waiting, erased, refund, elsewhere] = await keep(
      event(later(1), { state: 'dead' }),
      event(later(2), { state: 'waiting', due_at: START }),
      event(later(3), { state: 'erased' }),
      event(later(4), { kind: 'refunded' }),
      event(later(5), { channel_id: 2, state: 'dead' }),
    );
    expect(await idsOf('state=dead')).toEqual([elsewhere, dead]);
    expect(await idsOf('state=waiting')).toEqual([waiting]);
    expect(await idsOf('state=erased')).toEqual([erased]);
    expect(await idsOf('state=delivered')).toEqual([refund]);
    expect(await idsOf('kind=refunded')).toEqual([refund]);
    expect(await idsOf('channelId=2')).toEqual([elsewhere]);
    expect(await idsOf('channelId=2&state=dead')).toEqual([elsewhere]);
    expect(await idsOf('channelId=1&state=dead&kind=created')).toEqual([dead]);
    expect(await idsOf('channelId=2&kind=refunded')).toEqual([]);
  });

  it('has what was found at a time or after it, and before another', async () => {
    const [, first, last] = await keep(
      event(later(-1)),
      event(later(0)),
      event(later(999)),
      event(later(1_000)),
    );
    const at = (date: Date) => encodeURIComponent(date.toISOString());
    expect(await idsOf(`since=${at(later(0))}&until=${at(later(1_000))}`)).toEqual([last, first]);
    // The same in another time zone.
    const zone = encodeURIComponent('2026-03-01T14:00:00+02:00');
    expect(await idsOf(`since=${zone}&until=${at(later(1_000))}`)).toEqual([last, first]);
  });

  it('pages through what a filter names', async () => {
    const ids = await keep(
      ...Array.from({ length: 120 }, (_, index) => event(START, index % 2 ? { state: 'dead' } : {})),
    );
    const all = (await pages('state=dead')).flat().map(({ id }) => id);
    expect(all).toEqual(ids.filter((_, index) => index % 2).reverse());
  });

  it.each([
    'state=gone',
    'state=dead&state=waiting',
    'state[]=dead',
    "state=' or '1'='1",
    'kind=everything',
    'channelId=0',
    'channelId=1;drop table event',
    'channelId=1.5',
    'orderId=-1',
    'orderId=',
    'orderId=9007199254740993',
    'orderId=1&orderId=2',
    'orderId=1 or 1=1',
    'since=yesterday',
    'since=2026-02-30T00:00:00Z',
    'until=2026-03-01',
    "until=2026-03-01T00:00:00Z'--",
    'storeHash=other',
    'store_hash=other',
    '__proto__=1',
    `cursor=${'x'.repeat(201)}`,
  ])('refuses %j', async (query) => {
    await keep(event(START));
    const [, value = ''] = query.split(/=(.*)/s);
    for (const path of ['/api/events', '/api/events.csv']) {
      const answer = await store.ask<Failure>('GET', `${path}?${encodeURI(query)}`, { user: nextUser() });
      expect([path, answer.status, answer.body.code]).toEqual([path, 422, 'INPUT_INVALID']);
      if (value.length > 5) expect(JSON.stringify(answer.body)).not.toContain(value);
    }
  });

  it('shows no e-mail address that Extole quotes', async () => {
    const failure = { failure_code: 'event_blocked', failure_message: `${ADA.email} is blocked` };
    await keep(event(START, { state: 'dead', ...failure }));
    expect((await list()).events[0]?.failure).toEqual({
      code: 'event_blocked',
      message: 'a•••@s•••.example is blocked',
    });
  });
});

describe('an event', () => {
  const kept = (more: Parameters<typeof storedEvent>[2] = {}) =>
    keep(event(START, { data: JSON.stringify(ADA), customer_id: 4711, ...more }));

  it('shows what is sent, without saying who it is of', async () => {
    const [id] = await kept({ occurred_at: later(-5_000), name: 'order_created' });
    const { status, body } = await get<EventDetail>(`/api/events/${id}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id,
      extoleEventId: expect.stringMatching(/^e-/),
      isMasked: true,
      attempts: [],
    });
    expect(body.payload).toEqual({
      event_name: 'order_created',
      event_time: '2026-03-01T11:59:55.000Z',
      data: {
        ...ADA,
        email: 'a•••@s•••.example',
        partner_user_id: '•••',
        first_name: 'A•••',
        last_name: 'L•••',
        gift_note: 'For A•••, call •••',
      },
    });
    expect(lines('personal data was looked at')).toEqual([]);
  });

  it('shows it as it is sent to whoever asks for it, and the log says who looked at what', async () => {
    const [id] = await kept();
    const { body } = await store.ask<EventDetail>('GET', `/api/events/${id}?reveal=true`, {
      user: COLLEAGUE,
    });
    expect(body.payload?.data).toEqual(ADA);
    expect(Object.keys(body.payload?.data ?? {})).toEqual(Object.keys(ADA));
    expect(body.isMasked).toBe(false);
    expect(lines('personal data was looked at')).toEqual([
      expect.objectContaining({ storeHash: store.test.storeHash, userId: COLLEAGUE.id, eventId: id }),
    ]);
    expect(logged()).not.toMatch(/lovelace|4711/i);
  });

  it.each(['', 'false', 'TRUE', '1'])('hides who it is of when it is told reveal=%s', async (reveal) => {
    const [id] = await kept();
    const { body } = await get<EventDetail>(`/api/events/${id}?reveal=${reveal}`);
    expect(body.isMasked).toBe(true);
    expect(JSON.stringify(body)).not.toMatch(/lovelace|4711/i);
  });

  it('hides the id of a customer also where only the event says whose it is', async () => {
    const [id] = await kept({ data: JSON.stringify({ partner_conversion_id: '1', note: 'customer 4711' }) });
    const { body } = await get<EventDetail>(`/api/events/${id}`);
    expect(body.payload?.data).toEqual({ partner_conversion_id: '1', note: 'customer •••' });
  });

  it('is said to hide nothing where there is nothing to hide', async () => {
    const [id] = await keep(event(START, { data: JSON.stringify({ partner_conversion_id: '1234567890' }) }));
    const { body } = await get<EventDetail>(`/api/events/${id}`);
    expect([body.isMasked, body.payload?.data]).toEqual([false, { partner_conversion_id: '1234567890' }]);
  });

  it('shows nothing of what was sent once that is forgotten', async () => {
    const [id] = await kept({ data: null, customer_id: null });
    for (const query of ['', '?reveal=true']) {
      const { body } = await get<EventDetail>(`/api/events/${id}${query}`);
      expect(body).toMatchObject({ payload: null, isMasked: false, hasPayload: false });
    }
    expect(lines('personal data was looked at')).toEqual([]);
  });

  it('has its last 100 attempts, the newest first', async () => {
    const [id = ''] = await kept({ state: 'dead', delivered_at: null, attempt_count: 101 });
    const attempts = Array.from({ length: 101 }, (_, index) => ({
      event_id: id,
      number: index + 1,
      started_at: later(index * SECOND_MS),
      duration_ms: 120,
      status: 503,
      outcome: 'retry' as const,
      failure_code: 'EXTOLE_UNAVAILABLE',
      failure_message: `no luck for ${ADA.email}`,
    }));
    const underWay = { duration_ms: null, status: null, outcome: 'under-way' as const, failure_code: null };
    await store.test.deps.db
      .insertInto('attempt')
      .values([
        ...attempts.slice(0, 100),
        {
          ...attempts[0],
          ...underWay,
          event_id: id,
          number: 101,
          started_at: later(0),
          failure_message: null,
        },
      ])
      .execute();
    const { body } = await get<EventDetail>(`/api/events/${id}`);
    expect(body.attempts).toHaveLength(100);
    expect(body.attempts.slice(0, 2)).toEqual([
      {
        number: 101,
        startedAt: START.toISOString(),
        durationMs: null,
        status: null,
        outcome: 'under-way',
        failure: null,
      },
      {
        number: 100,
        startedAt: later(99_000).toISOString(),
        durationMs: 120,
        status: 503,
        outcome: 'retry',
        failure: { code: 'EXTOLE_UNAVAILABLE', message: 'no luck for a•••@s•••.example' },
      },
    ]);
    expect(body.attempts.at(-1)?.number).toBe(2);
  });

  it.each(['x', '1', UNKNOWN_ID, "'%20or%20'1'='1", '..%2f..%2fstate', 'a'.repeat(90)])(
    'is not there under %s',
    async (id) => {
      for (const query of ['', '?reveal=true']) {
        const { status, body } = await get<Failure>(`/api/events/${id}${query}`);
        expect([status, body.code]).toEqual([404, 'EVENT_UNKNOWN']);
      }
      expect(lines('personal data was looked at')).toEqual([]);
    },
  );
});

describe('a replay', () => {
  it('has dead events wait again, and the log says who wanted it and how many', async () => {
    const dead = { state: 'dead', delivered_at: null } as const;
    const ids = await keep(
      event(later(1), dead),
      event(later(2), dead),
      event(later(3), { ...dead, data: null }),
    );
    const { status, body } = await store.ask<ReplayAnswer>('POST', '/api/events/replay', { body: { ids } });
    expect([status, body]).toEqual([202, { replayed: 2, forgotten: 1 }]);
    expect(await idsOf('state=waiting')).toEqual([ids[1], ids[0]]);
    expect(lines('events are sent again')).toEqual([
      expect.objectContaining({
        storeHash: store.test.storeHash,
        userId: OWNER.id,
        replayed: 2,
        forgotten: 1,
      }),
    ]);
  });

  it('has what a filter names wait again', async () => {
    const dead = { state: 'dead', delivered_at: null } as const;
    const [, second] = await keep(event(later(1), dead), event(later(2), { ...dead, channel_id: 2 }));
    const body = { filter: { state: 'dead', channelId: 2 } };
    expect((await store.ask<ReplayAnswer>('POST', '/api/events/replay', { body })).body.replayed).toBe(1);
    expect(await idsOf('state=waiting')).toEqual([second]);
  });

  it.each([
    {},
    { ids: [] },
    { ids: ['x'] },
    { ids: Array.from({ length: 501 }, () => UNKNOWN_ID) },
    { filter: { state: 'gone' } },
    { filter: {}, ids: [UNKNOWN_ID] },
    { filter: { storeHash: 'other' } },
  ])('is refused when it is %j', async (body) => {
    const [id] = await keep(event(START, { state: 'dead' }));
    const { status, body: failure } = await store.ask<Failure>('POST', '/api/events/replay', { body });
    expect([status, failure.code]).toEqual([422, 'INPUT_INVALID']);
    expect(await idsOf('state=dead')).toEqual([id]);
    expect(lines('events are sent again')).toEqual([]);
  });
});

describe('a test event', () => {
  it('waits to be delivered, for the user who asked', async () => {
    await store.save<SaveAnswer>({ programDomain: 'share.brand.example' }, { accessToken: EXTOLE_TOKEN });
    const { status, body } = await store.ask<EventView>('POST', '/api/events/test', {
      body: { channelId: 1 },
      user: COLLEAGUE,
    });
    expect(status).toBe(202);
    expect(body).toMatchObject({
      kind: 'test',
      channelId: 1,
      orderId: null,
      state: 'waiting',
      hasPayload: true,
    });
    expect((await list()).events).toEqual([body]);
    const { body: detail } = await get<EventDetail>(`/api/events/${body.id}?reveal=true`);
    expect(detail.payload?.data).toMatchObject({ email: COLLEAGUE.email });
  });

  it('is refused for a storefront that is not there', async () => {
    const answer = await store.ask<Failure>('POST', '/api/events/test', { body: { channelId: 99 } });
    expect([answer.status, answer.body.code]).toEqual([404, 'CHANNEL_UNKNOWN']);
    expect(await idsOf()).toEqual([]);
  });

  it.each([{}, { channelId: '1' }, { channelId: 1, email: 'x@y.example' }])(
    'is refused when it is %j',
    async (body) => {
      const answer = await store.ask<Failure>('POST', '/api/events/test', { body });
      expect([answer.status, answer.body.code]).toEqual([422, 'INPUT_INVALID']);
    },
  );
});

describe('an import of orders', () => {
  it('begins once at a time, shows among how things stand, and the log says who wanted it', async () => {
    const body = { since: '2026-01-01T00:00:00Z' };
    const first = await store.ask<ImportView>('POST', '/api/orders/import', { body, user: COLLEAGUE });
    expect(first.status).toBe(202);
    expect(first.body).toMatchObject({
      since: '2026-01-01T00:00:00.000Z',
      state: 'running',
      found: 0,
      failure: null,
    });
    const second = await store.ask<Failure>('POST', '/api/orders/import', { body });
    expect([second.status, second.body.code]).toEqual([409, 'IMPORT_RUNNING']);
    expect((await get<ActivityAnswer>('/api/activity')).body.import).toEqual(first.body);
    expect(lines('an import of orders began')).toEqual([
      expect.objectContaining({
        storeHash: store.test.storeHash,
        userId: COLLEAGUE.id,
        importId: first.body.id,
      }),
    ]);
  });

  it.each([{}, { since: '2026-01-01' }, { since: 0 }, { since: '2026-01-01T00:00:00Z', storeHash: 'other' }])(
    'is refused when it is %j',
    async (body) => {
      const answer = await store.ask<Failure>('POST', '/api/orders/import', { body });
      expect([answer.status, answer.body.code]).toEqual([422, 'INPUT_INVALID']);
      expect((await get<ActivityAnswer>('/api/activity')).body.import).toBeNull();
    },
  );
});

describe('an erasure', () => {
  it('leaves a record of who asked for it and nothing of whose it was, in the log neither', async () => {
    const { storeHash } = store.test;
    const [id] = await keep(
      event(START, {
        data: JSON.stringify(ADA),
        customer_id: 4711,
        email_hash: emailHash(storeHash, ADA.email),
      }),
    );
    const erased = await store.ask<ErasureView>('POST', '/api/erasures', { body: { email: ADA.email } });
    expect(erased.status).toBe(201);
    expect(erased.body).toMatchObject({ by: 'email', askedBy: OWNER.email, events: 1 });
    expect((await get<ErasureView[]>('/api/erasures')).body).toEqual([erased.body]);
    expect(JSON.stringify(erased.body)).not.toMatch(/lovelace/i);
    const { body } = await get<EventDetail>(`/api/events/${id}?reveal=true`);
    expect(body.payload).toBeNull();
    expect(lines('a person was erased')).toEqual([
      expect.objectContaining({
        storeHash,
        userId: OWNER.id,
        erasureId: erased.body.id,
        by: 'email',
        events: 1,
      }),
    ]);
    expect(logged()).not.toMatch(/lovelace|4711/i);
  });

  it.each([
    {},
    { email: 'ada' },
    { customerId: 0 },
    { customerId: '7' },
    { email: ADA.email, customerId: 7 },
  ])('is refused when it is %j', async (body) => {
    const answer = await store.ask<Failure>('POST', '/api/erasures', { body });
    expect([answer.status, answer.body.code]).toEqual([422, 'INPUT_INVALID']);
    expect(JSON.stringify(answer.body)).not.toContain('lovelace');
    expect((await get<ErasureView[]>('/api/erasures')).body).toEqual([]);
  });
});

describe('how things stand', () => {
  const activity = async () => (await get<ActivityAnswer>('/api/activity')).body;
  const day = async (name: string) => (await activity()).days.find((one) => one.day === name);

  it('is quiet in a store where nothing happened yet', async () => {
    expect(await activity()).toEqual({
      waiting: 0,
      dead: 0,
      oldestWaitingAt: null,
      ordersToLookAt: 0,
      lookFailure: null,
      days: Array.from({ length: 14 }, (_, index) => ({
        day: later((index - 13) * DAY_MS)
          .toISOString()
          .slice(0, 10),
        delivered: 0,
        waiting: 0,
        dead: 0,
        oldestWaitingSeconds: 0,
      })),
      pauses: [],
      wokenWebhooks: [],
      sweep: { ordersSince: START.toISOString(), sweptAt: null, lastFound: 0, totalFound: 0 },
      import: null,
      payloadDays: store.test.config.payloadDays,
    });
  });

  it('counts what waits and what is dead, however old', async () => {
    const waiting = { state: 'waiting', due_at: START, delivered_at: null } as const;
    const dead = { state: 'dead', delivered_at: null } as const;
    await keep(
      event(later(-40 * DAY_MS), waiting),
      event(later(-1_000), waiting),
      event(later(-30 * DAY_MS), dead),
      event(later(-50 * DAY_MS)),
      event(later(-60 * DAY_MS), { state: 'erased', delivered_at: null }),
    );
    expect(await activity()).toMatchObject({
      waiting: 2,
      dead: 1,
      oldestWaitingAt: later(-40 * DAY_MS).toISOString(),
    });
  });

  it('counts events on the day in UTC on which they were found, by what has become of them', async () => {
    const midnight = Date.parse('2026-02-27T00:00:00Z');
    const at = (ms: number) => new Date(midnight + ms);
    await keep(
      event(at(-1), { delivered_at: at(-1) }),
      event(at(0), { delivered_at: at(0) }),
      event(at(DAY_MS - 1), { delivered_at: at(DAY_MS - 1) }),
      event(at(DAY_MS), { delivered_at: at(DAY_MS) }),
      event(at(1), { state: 'dead', delivered_at: null }),
      event(at(2), { state: 'erased', delivered_at: null }),
    );
    expect(await day('2026-02-26')).toMatchObject({ delivered: 1, dead: 0 });
    expect(await day('2026-02-27')).toMatchObject({ delivered: 2, dead: 1, waiting: 0 });
    expect(await day('2026-02-28')).toMatchObject({ delivered: 1, dead: 0 });
  });

  it('tells of the last 14 days and not of the one before, whatever the time of day', async () => {
    await keep(event(new Date('2026-02-15T23:59:59.999Z')), event(new Date('2026-02-16T00:00:00Z')));
    for (const time of ['2026-03-01T00:00:00Z', '2026-03-01T23:59:59.999Z']) {
      store.setNow(new Date(time));
      const { days } = await activity();
      expect(days).toHaveLength(14);
      expect(days[0]).toMatchObject({ day: '2026-02-16', delivered: 1 });
      expect(days.at(-1)?.day).toBe('2026-03-01');
      expect(days.reduce((sum, { delivered }) => sum + delivered, 0)).toBe(1);
    }
    store.setNow(new Date('2026-03-02T00:00:00Z'));
    expect((await activity()).days[0]).toMatchObject({ day: '2026-02-17', delivered: 0 });
  });

  it('is the same whatever time zone the database is in', async () => {
    const [before, midnight] = [new Date('2026-02-27T23:59:59.999Z'), new Date('2026-02-28T00:00:00Z')];
    await keep(
      event(before),
      event(midnight),
      event(before, { delivered_at: midnight }),
      event(before, { state: 'waiting', due_at: START, delivered_at: null }),
      event(midnight, { state: 'waiting', due_at: START, delivered_at: null }),
    );
    const { days } = await activity();
    await store.test.deps.db.transaction().execute(async (db) => {
      await sql`set local timezone = 'Pacific/Auckland'`.execute(db);
      const waiting = await countWaiting(db, store.test.storeHash);
      expect(await activityDays(db, store.test.storeHash, waiting, START)).toEqual(days);
    });
  });

  it('tells how old the oldest undelivered event was at the end of each day, and is now', async () => {
    await keep(
      // Delivered a second after midnight.
      event(new Date('2026-02-24T23:59:50Z'), { delivered_at: new Date('2026-02-25T00:00:01Z') }),
      // Delivered within its day, and at midnight sharp.
      event(new Date('2026-02-26T08:00:00Z'), { delivered_at: new Date('2026-02-26T23:59:59.999Z') }),
      event(new Date('2026-02-26T23:00:00Z'), { delivered_at: new Date('2026-02-27T00:00:00Z') }),
      // Waits since yesterday.
      event(new Date('2026-02-28T12:00:00Z'), { state: 'waiting', due_at: START, delivered_at: null }),
      event(new Date('2026-03-01T11:00:00Z'), { state: 'waiting', due_at: START, delivered_at: null }),
      // Waits for nobody.
      event(new Date('2026-02-20T00:00:00Z'), { state: 'dead', delivered_at: null }),
      event(new Date('2026-02-20T00:00:00Z'), { state: 'erased', delivered_at: null }),
    );
    const ages = Object.fromEntries(
      (await activity()).days.map((one) => [one.day, one.oldestWaitingSeconds]),
    );
    expect(ages).toMatchObject({
      '2026-02-20': 0,
      '2026-02-23': 0,
      '2026-02-24': 10,
      '2026-02-25': 0,
      '2026-02-26': 3_600,
      '2026-02-27': 0,
      '2026-02-28': 12 * 3_600,
      '2026-03-01': 24 * 3_600,
    });
  });

  it('tells the same of events that are older than the 14 days', async () => {
    await keep(
      event(new Date('2026-01-01T00:00:00Z'), { delivered_at: new Date('2026-02-18T00:00:00Z') }),
      event(new Date('2026-02-10T00:00:00Z'), { state: 'waiting', due_at: START, delivered_at: null }),
    );
    expect(await day('2026-02-16')).toMatchObject({ waiting: 0, oldestWaitingSeconds: 47 * 86_400 });
    expect(await day('2026-02-17')).toMatchObject({ oldestWaitingSeconds: 48 * 86_400 });
    expect(await day('2026-02-18')).toMatchObject({ oldestWaitingSeconds: 9 * 86_400 });
  });

  it('counts what is sent once more among what waits, and as late for nobody', async () => {
    await keep(event(later(-3 * DAY_MS), { state: 'waiting', due_at: START }));
    const { waiting, oldestWaitingAt, days } = await activity();
    expect([waiting, oldestWaitingAt]).toEqual([1, null]);
    expect(days.map((one) => one.oldestWaitingSeconds)).toEqual(days.map(() => 0));
    expect(days.find((one) => one.day === '2026-02-26')).toMatchObject({ waiting: 1, delivered: 0 });
  });

  it('tells how many orders wait for a look, and why the last one failed', async () => {
    const { db } = store.test.deps;
    const order = { store_hash: store.test.storeHash, heard_at: START, found_by: 'webhook' } as const;
    const failed = { failed_looks: 1, failure_code: 'BIGCOMMERCE_UNAVAILABLE' } as const;
    await db
      .insertInto('store_order')
      .values([
        { ...order, order_id: 1, due_at: START },
        { ...order, order_id: 2, due_at: later(10_000), ...failed, failure_message: 'the first' },
        { ...order, order_id: 3, due_at: later(20_000), ...failed, failure_message: 'the last' },
        { ...order, order_id: 4, due_at: null },
      ])
      .execute();
    expect(await activity()).toMatchObject({
      ordersToLookAt: 3,
      lookFailure: { code: 'BIGCOMMERCE_UNAVAILABLE', message: 'the last' },
    });
    await db
      .updateTable('store_order')
      .set({ failed_looks: 0, failure_code: null, failure_message: null })
      .execute();
    expect(await activity()).toMatchObject({ ordersToLookAt: 3, lookFailure: null });
  });

  it('tells of pauses, of webhooks that were woken, and of the last sweep', async () => {
    const { deps, storeHash } = store.test;
    const { db } = deps;
    await db
      .insertInto('delivery_pause')
      .values({
        store_hash: storeHash,
        channel_id: 1,
        reason: 'token-refused',
        since: later(-60_000),
        until: later(60_000),
        failure_code: 'invalid_access_token',
        failure_message: 'Extole does not know the token.',
      })
      .execute();
    await db
      .insertInto('woken_webhook')
      .values(
        Array.from({ length: 11 }, (_, index) => ({
          store_hash: storeHash,
          scope: `store/order/${index}`,
          woken_at: later(index),
        })),
      )
      .execute();
    await db
      .updateTable('order_sweep')
      .set({ swept_at: later(-5_000), last_found: 2, total_found: 17 })
      .where('store_hash', '=', storeHash)
      .execute();
    const { pauses, wokenWebhooks, sweep } = await activity();
    expect(pauses).toEqual([
      {
        channelId: 1,
        reason: 'token-refused',
        since: later(-60_000).toISOString(),
        until: later(60_000).toISOString(),
        failure: { code: 'invalid_access_token', message: 'Extole does not know the token.' },
      },
    ]);
    expect(wokenWebhooks).toHaveLength(10);
    expect(wokenWebhooks[0]).toEqual({ scope: 'store/order/10', wokenAt: later(10).toISOString() });
    expect(sweep).toEqual({
      ordersSince: START.toISOString(),
      sweptAt: later(-5_000).toISOString(),
      lastFound: 2,
      totalFound: 17,
    });
  });
});

describe("another store's user", () => {
  it('sees and changes nothing of it, whatever is asked for', async () => {
    const { deps, storeHash } = store.test;
    const { db } = deps;
    const [id = ''] = await keep(
      event(START, {
        state: 'dead',
        order_id: 42,
        data: JSON.stringify(ADA),
        customer_id: 4711,
        delivered_at: null,
        email_hash: emailHash(storeHash, ADA.email),
      }),
    );
    await db
      .insertInto('erasure')
      .values({ store_hash: storeHash, asked_by: OWNER.id, erased_by: 'email', erased_at: START, events: 3 })
      .execute();
    await db
      .insertInto('store_order')
      .values({ store_hash: storeHash, order_id: 42, heard_at: START, found_by: 'webhook', due_at: START })
      .execute();
    await db
      .insertInto('woken_webhook')
      .values({ store_hash: storeHash, scope: 'store/order/*', woken_at: START })
      .execute();
    const before = await db.selectFrom('event').selectAll().where('id', '=', id).executeTakeFirst();
    const other = await otherStore();

    for (const query of ['', '?orderId=42', '?state=dead', '?channelId=1']) {
      expect((await other.get(`/api/events${query}`)).json()).toEqual({ events: [], next: null });
      expect((await other.get(`/api/events.csv${query}`)).body).not.toContain(id);
    }
    expect((await other.get(`/api/events?cursor=${id}`)).json().code).toBe('CURSOR_INVALID');
    for (const query of ['', '?reveal=true']) {
      const answer = await other.get(`/api/events/${id}${query}`);
      expect([answer.statusCode, answer.json().code]).toEqual([404, 'EVENT_UNKNOWN']);
    }
    expect((await other.get('/api/activity')).json()).toMatchObject({
      waiting: 0,
      dead: 0,
      ordersToLookAt: 0,
      wokenWebhooks: [],
      import: null,
    });
    expect((await other.get('/api/erasures')).json()).toEqual([]);

    for (const body of [{ ids: [id] }, { filter: {} }, { filter: { orderId: 42 } }]) {
      expect((await other.post('/api/events/replay', body)).json()).toEqual({ replayed: 0, forgotten: 0 });
    }
    expect((await other.post('/api/events/test', { channelId: 1 })).statusCode).toBe(404);
    for (const body of [{ email: ADA.email }, { customerId: 4711 }]) {
      expect((await other.post('/api/erasures', body)).json()).toMatchObject({ events: 0 });
    }
    await other.post('/api/orders/import', { since: '2020-01-01T00:00:00Z' });
    expect(await db.selectFrom('event').selectAll().execute()).toEqual([before]);
    expect((await get<ActivityAnswer>('/api/activity')).body).toMatchObject({
      import: null,
      sweep: { ordersSince: START.toISOString() },
    });
    expect((await get<ErasureView[]>('/api/erasures')).body).toHaveLength(1);
  });
});
