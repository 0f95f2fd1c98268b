import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Tables } from '../../src/app/database/tables.js';
import { claim, giveBack, nextDueAt } from '../../src/app/deliveries/claim.js';
import { type DeliveryDeps, deliver } from '../../src/app/deliveries/deliver.js';
import { eventBody } from '../../src/app/deliveries/event-body.js';
import { oldestWaitingSeconds } from '../../src/app/deliveries/oldest-waiting.js';
import { resumeDeliveries } from '../../src/app/deliveries/pauses.js';
import { replay } from '../../src/app/deliveries/replay.js';
import { addTestEvent } from '../../src/app/deliveries/test-event.js';
import { type Outcome, writeOutcomes } from '../../src/app/deliveries/write-outcomes.js';
import { sendEvent } from '../../src/app/extole/send-event.js';
import { createMetrics } from '../../src/app/metrics.js';
import { emailHash } from '../../src/app/privacy/email-hash.js';
import type { Tasks } from '../../src/app/queue/queue.js';
import { startWorker } from '../../src/app/queue/worker.js';
import { TIMING } from '../../src/app/timing.js';
import { type EventAnswer, refusal, START, startDeliveries } from '../support/deliveries.js';

const STORE = 'store1';
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

let world: Awaited<ReturnType<typeof startDeliveries>>;
let deps: DeliveryDeps;

beforeAll(async () => {
  world = await startDeliveries();
});
beforeEach(async () => {
  const { db } = world.deps;
  await sql`truncate store cascade`.execute(db);
  await world.forgetTurns();
  world.clock.timeMs = START.getTime();
  world.received.length = 0;
  world.setAnswer();
  deps = { ...world.deps, metrics: createMetrics() };
  await world.addStore(STORE);
  await world.saveChannel(STORE, 1);
});
afterEach(() => vi.restoreAllMocks());
afterAll(() => world?.close());

const pass = (ms: number): void => {
  world.clock.timeMs += ms;
};
const at = (ms: number): Date => new Date(START.getTime() + ms);
const told = (): string[] =>
  world.received.map(({ body }) => `${body.data.partner_conversion_id} ${body.event_name}`);
const run = (storeHash = STORE): Promise<void> => deliver(deps, storeHash);

/** What was told since the last time. */
function toldNow(): string[] {
  const now = told();
  world.received.length = 0;
  return now;
}

/** An outcome of an attempt, as another process would write it late. */
const outcome = (eventId: string, number: number, rest: Partial<Outcome>): Outcome => ({
  eventId,
  number,
  attempt: 'retry',
  state: 'waiting',
  dueAt: at(9 * HOUR),
  failingSince: at(0),
  failure: { code: 'software_error', message: 'late' },
  extoleEventId: null,
  startedAt: at(0),
  endedAt: deps.now(),
  durationMs: 1,
  status: 500,
  ...rest,
});
const delivered = (eventId: string, number: number): Outcome =>
  outcome(eventId, number, {
    attempt: 'delivered',
    state: 'delivered',
    dueAt: null,
    failingSince: null,
    failure: null,
    extoleEventId: 'late',
    status: 200,
  });

describe('an event that is due', () => {
  test('is told to Extole as it is, with the token of its storefront, and is delivered', async () => {
    const id = await world.addEvent(STORE, { occurred_at: new Date('2026-02-28T23:59:59Z') });
    pass(5 * SECOND);
    await run();
    expect(world.received).toHaveLength(1);
    const [request] = world.received;
    expect(request?.path).toBe('/v6/async-events');
    expect(request?.headers).toMatchObject({
      authorization: 'Bearer token-of-store1-1',
      'content-type': 'application/json',
    });
    expect(request?.body).toEqual({
      event_name: 'created',
      event_time: '2026-02-28T23:59:59.000Z',
      data: { partner_conversion_id: '1', email: 'jane@example.com' },
    });
    expect(await world.event(id)).toMatchObject({
      state: 'delivered',
      due_at: null,
      attempt_count: 1,
      failing_since: null,
      failure_code: null,
      delivered_at: at(5 * SECOND),
      extole_event_id: expect.stringMatching(/^extole-\d+$/),
    });
    expect(await world.attempts(id)).toMatchObject([
      { number: 1, started_at: at(5 * SECOND), outcome: 'delivered', status: 200, failure_code: null },
    ]);
    expect((await world.attempts(id))[0]?.duration_ms).toBeGreaterThanOrEqual(0);
    expect(await world.turns()).toEqual([]);
  });

  test('goes to the endpoint that the settings name', async () => {
    await world.saveChannel(STORE, 1, { settings: { eventEndpoint: 'sync' } });
    await world.addEvent(STORE);
    await run();
    expect(world.received.map(({ path }) => path)).toEqual(['/v6/events']);
  });

  test('goes with the settings and the token of the storefront that its own follows', async () => {
    await world.saveChannel(STORE, 2, { sameAs: 1, token: null, settings: { eventEndpoint: 'sync' } });
    await world.addEvent(STORE, { channel_id: 2 });
    await run();
    expect(world.received.map(({ path, headers }) => [path, headers.authorization])).toEqual([
      ['/v6/async-events', 'Bearer token-of-store1-1'],
    ]);
  });

  test('waits until it is', async () => {
    await world.addEvent(STORE, { due_at: at(1) });
    await run();
    expect(told()).toEqual([]);
    expect(await world.turns()).toEqual([{ key: `deliver:${STORE}`, run_at: at(1) }]);
    pass(1);
    await run();
    expect(told()).toEqual(['1 created']);
  });

  test('of the present goes before those of an import, and older ones before newer ones', async () => {
    // More than a batch, since what goes at the same time has no order.
    const add = (first: number, priority: number, dueMs: number): Promise<unknown> =>
      Promise.all(
        Array.from({ length: 25 }, (_, index) =>
          world.addEvent(STORE, { orderId: first + index, priority, due_at: at(dueMs) }),
        ),
      );
    await add(100, 1, -3 * HOUR);
    await add(200, 0, -1 * HOUR);
    await add(300, 0, -2 * HOUR);
    await run();
    const first = toldNow();
    expect(first.filter((one) => one.startsWith('1'))).toEqual([]);
    expect(first).toHaveLength(50);
    await run();
    expect(toldNow().every((one) => one.startsWith('1'))).toBe(true);
  });

  test('is counted, with the time that it took since it was found', async () => {
    deps.metrics.registry.resetMetrics();
    await world.addEvent(STORE);
    pass(4 * SECOND);
    await run();
    const text = await deps.metrics.registry.metrics();
    expect(text).toContain('extole_events_total{kind="created",outcome="delivered"} 1');
    expect(text).toContain('extole_event_delay_seconds_bucket{le="2"} 0');
    expect(text).toContain('extole_event_delay_seconds_bucket{le="5"} 1');
    expect(text).toContain('extole_calls_total{to="extole",outcome="2xx"} 1');
  });
});

describe('what becomes of an event, by how Extole answers', () => {
  const good = { event_id: 'e-1' };
  test.each<[EventAnswer, string, string]>([
    [{ status: 200, body: good }, 'delivered delivered', ''],
    [{ status: 202, body: good }, 'delivered delivered', ''],
    [{ status: 200, body: { event_id: '' } }, 'waiting retry', 'EXTOLE_ANSWER_UNKNOWN'],
    [{ status: 200, body: '<p>Welcome</p>' }, 'waiting retry', 'EXTOLE_ANSWER_UNKNOWN'],
    [{ status: 200 }, 'waiting retry', 'EXTOLE_ANSWER_UNKNOWN'],
    [{ status: 204 }, 'waiting retry', 'EXTOLE_ANSWER_UNKNOWN'],
    [{ status: 302, headers: { location: '/' } }, 'waiting retry', 'EXTOLE_ANSWER_UNKNOWN'],
    [{ status: 304 }, 'waiting retry', 'EXTOLE_ANSWER_UNKNOWN'],
    [refusal(400, 'event_blocked'), 'dead refused', 'event_blocked'],
    [{ status: 400, body: 'no' }, 'dead refused', 'EXTOLE_ANSWER_UNKNOWN'],
    [refusal(401, 'invalid_access_token'), 'waiting paused', 'invalid_access_token'],
    [{ status: 401 }, 'waiting paused', 'EXTOLE_ANSWER_UNKNOWN'],
    [refusal(402, 'payment_required'), 'dead refused', 'payment_required'],
    [refusal(403, 'access_denied'), 'dead refused', 'access_denied'],
    [refusal(403, 'method_unauthorized'), 'dead refused', 'method_unauthorized'],
    [{ status: 403, body: 'Forbidden' }, 'dead refused', 'EXTOLE_ANSWER_UNKNOWN'],
    [refusal(403, 'missing_access_token'), 'waiting paused', 'missing_access_token'],
    [refusal(403, 'invalid_access_token'), 'waiting paused', 'invalid_access_token'],
    [refusal(403, 'expired_access_token'), 'waiting paused', 'expired_access_token'],
    [refusal(404, 'not_found'), 'dead refused', 'not_found'],
    [refusal(408, 'timeout'), 'waiting retry', 'timeout'],
    [refusal(413, 'too_large'), 'dead refused', 'too_large'],
    [refusal(415, 'unsupported_media_type'), 'dead refused', 'unsupported_media_type'],
    [refusal(422, 'invalid'), 'dead refused', 'invalid'],
    [refusal(429, 'too_many_requests'), 'waiting paused', 'too_many_requests'],
    [refusal(500, 'software_error'), 'waiting retry', 'software_error'],
    [{ status: 502, body: '<html>' }, 'waiting retry', 'EXTOLE_ANSWER_UNKNOWN'],
    [{ status: 503, headers: { 'retry-after': '9' } }, 'waiting retry', 'EXTOLE_ANSWER_UNKNOWN'],
    [{ status: 200, body: `{"event_id":"${'x'.repeat(70_000)}"}` }, 'waiting retry', 'EXTOLE_ANSWER_UNKNOWN'],
    ['lost', 'waiting retry', 'EXTOLE_UNREACHABLE'],
  ])('%j: %s', async (answer, expected, code) => {
    const id = await world.addEvent(STORE);
    world.setAnswer(answer);
    await run();
    const event = await world.event(id);
    const [attempt] = await world.attempts(id);
    expect(`${event.state} ${attempt?.outcome}`).toBe(expected);
    expect([event.failure_code, attempt?.failure_code]).toEqual([code || null, code || null]);
    expect(attempt?.status).toBe(answer === 'lost' ? null : typeof answer === 'object' ? answer.status : 0);
    expect(event.due_at === null).toBe(event.state !== 'waiting');
    if (typeof answer === 'object' && code && code !== 'EXTOLE_ANSWER_UNKNOWN') {
      expect([event.failure_message, attempt?.failure_message]).toEqual([
        `words of ${code}`,
        `words of ${code}`,
      ]);
    }
    expect(world.received).toHaveLength(1);
  });

  test('no answer in time: it is tried again', async () => {
    deps = { ...deps, timing: { ...TIMING, attemptTimeoutMs: 50 } };
    const id = await world.addEvent(STORE);
    world.setAnswer('late');
    await run();
    expect(await world.event(id)).toMatchObject({ state: 'waiting', failure_code: 'EXTOLE_TIMEOUT' });
    expect(await world.attempts(id)).toMatchObject([{ outcome: 'retry', status: null }]);
  });

  test('nobody there: it is tried again', async () => {
    deps = { ...deps, config: { ...deps.config, extoleApiUrl: 'http://nowhere.invalid' } };
    const id = await world.addEvent(STORE);
    await run();
    expect(await world.event(id)).toMatchObject({
      state: 'waiting',
      failure_code: 'EXTOLE_UNREACHABLE',
      failure_message: expect.stringMatching(/^Extole could not be reached \(\w+\)\.$/),
    });
  });

  test('a redirect: neither token nor event go where it leads', async () => {
    await world.addEvent(STORE);
    world.setAnswer({ status: 307, headers: { location: `${deps.config.extoleApiUrl}/elsewhere` } });
    await run();
    expect(world.received.map(({ path }) => path)).toEqual(['/v6/async-events']);
  });

  test('words with somebody in them: these are not kept, nor is the token', async () => {
    const id = await world.addEvent(STORE);
    const words = `No ${'jane@example.com'}, <bob%40example.com>\u0000\n token-of-store1-1 \ud800 ${'🎁'.repeat(600)}`;
    world.setAnswer(refusal(400, 'invalid', words));
    await run();
    const { failure_message: kept } = await world.event(id);
    expect(kept).toMatch(/^No … … {1,3}… +🎁/);
    expect(Array.from(kept ?? '')).toHaveLength(500);
    const all = kept + world.logged() + JSON.stringify(await world.attempts(id));
    expect(all).not.toMatch(/jane|bob|token-of/);
  });
});

describe('an event that fails', () => {
  const fail = (): void => world.setAnswer(refusal(500, 'software_error'));
  /** The pauses between attempts, while each next one begins on time. */
  async function pausesOf(id: string, count: number): Promise<number[]> {
    const pauses: number[] = [];
    for (let attempt = 0; attempt < count; attempt += 1) {
      await run();
      const { due_at: dueAt } = await world.event(id);
      const pauseMs = (dueAt?.getTime() ?? 0) - world.clock.timeMs;
      pauses.push(pauseMs);
      pass(pauseMs);
    }
    return pauses;
  }

  test('is tried again after twice the time each time, up to two hours', async () => {
    const id = await world.addEvent(STORE);
    fail();
    const seconds = (await pausesOf(id, 13)).map((ms) => ms / SECOND);
    expect(seconds).toEqual([10, 20, 40, 80, 160, 320, 640, 1280, 2560, 5120, 7200, 7200, 7200]);
  });

  test('is tried again up to a quarter earlier or later, by chance', async () => {
    for (const [random, seconds] of [
      [0, [7.5, 13.125]],
      [0.999_999, [12.5, 28.125]],
    ] as const) {
      deps = { ...deps, random: () => random };
      const id = await world.addEvent(STORE, { orderId: null, kind: 'test' });
      fail();
      const [first = 0, second = 0] = await pausesOf(id, 2);
      expect(first / SECOND).toBeCloseTo(seconds[0], 2);
      expect(second / SECOND).toBeCloseTo(seconds[1], 2);
      world.setAnswer();
      await run();
    }
  });

  test('has its store wait for the next try', async () => {
    await world.addEvent(STORE);
    fail();
    await run();
    expect(await world.turns()).toEqual([{ key: `deliver:${STORE}`, run_at: at(10 * SECOND) }]);
  });

  test.each([
    ['a moment before three days', 72 * HOUR - 1, 'waiting', 'retry'],
    ['three days', 72 * HOUR, 'dead', 'dead'],
  ])('for %s is %s', async (_what, failingMs, state, counted) => {
    const id = await world.addEvent(STORE, { failing_since: at(0), due_at: at(failingMs) });
    pass(failingMs);
    fail();
    await run();
    expect(await world.event(id)).toMatchObject({
      state,
      failing_since: at(0),
      failure_code: 'software_error',
    });
    expect(await deps.metrics.registry.metrics()).toContain(
      `extole_events_total{kind="created",outcome="${counted}"} 1`,
    );
  });

  test('is not given up for the time in which nobody tried', async () => {
    const id = await world.addEvent(STORE);
    fail();
    await run();
    // No process runs for a week, say.
    pass(10 * SECOND + 168 * HOUR);
    await run();
    expect(await world.event(id)).toMatchObject({
      state: 'waiting',
      failing_since: at(168 * HOUR),
      due_at: at(168 * HOUR + 30 * SECOND),
    });
  });

  test('and goes well then has nothing left of it', async () => {
    const id = await world.addEvent(STORE);
    fail();
    await run();
    pass(10 * SECOND);
    world.setAnswer();
    await run();
    expect(await world.event(id)).toMatchObject({
      state: 'delivered',
      failing_since: null,
      failure_code: null,
      failure_message: null,
      attempt_count: 2,
    });
    expect((await world.attempts(id)).map(({ number, outcome: one }) => [number, one])).toEqual([
      [1, 'retry'],
      [2, 'delivered'],
    ]);
  });

  test('with all others is not joined by all that wait: Extole is away', async () => {
    const ids = await Promise.all(
      Array.from({ length: 30 }, (_, index) => world.addEvent(STORE, { orderId: index + 1 })),
    );
    fail();
    await run();
    // Eight failures, and those that were under way by then.
    const tried = told().length;
    expect(tried).toBeGreaterThanOrEqual(8);
    expect(tried).toBeLessThan(16);
    const events = await Promise.all(ids.map((id) => world.event(id)));
    expect(events.filter(({ attempt_count: count }) => count === 0)).toHaveLength(30 - tried);
    expect(await world.turns()).toMatchObject([{ run_at: at(10 * SECOND) }]);
    world.setAnswer();
    await world.forgetTurns();
    pass(10 * SECOND);
    await run();
    expect(told()).toHaveLength(30 + tried);
  });
});

describe('the events of one order', () => {
  test('are told one after the other, whatever fails in between', async () => {
    const kinds = ['created', 'fulfilled', 'refunded'] as const;
    for (const kind of kinds) await world.addEvent(STORE, { kind });
    await world.addEvent(STORE, { orderId: 2 });
    // The first one fails twice, the second one once.
    const answers: EventAnswer[] = ['lost', refusal(503, 'away'), world.accept(), 'lost'];
    world.setAnswer(({ body }) =>
      body.data.partner_conversion_id === '1' ? (answers.shift() ?? world.accept()) : world.accept(),
    );
    for (let minute = 0; minute < 8; minute += 1) {
      await run();
      pass(MINUTE);
    }
    expect(told().filter((one) => one.startsWith('1 '))).toEqual([
      '1 created',
      '1 created',
      '1 created',
      '1 fulfilled',
      '1 fulfilled',
      '1 refunded',
    ]);
    expect(told().filter((one) => one.startsWith('2 '))).toEqual(['2 created']);
  });

  test('wait for an earlier one as long as that waits, even those that come meanwhile', async () => {
    await world.addEvent(STORE);
    const second = await world.addEvent(STORE, { kind: 'fulfilled' });
    world.setAnswer('lost');
    await run();
    expect((await world.event(second)).due_at).toEqual(at(10 * SECOND));
    const third = await world.addEvent(STORE, { kind: 'refunded' });
    await world.forgetTurns();
    await run();
    expect(told()).toEqual(['1 created']);
    // One that is due and may not go yet does not keep its store busy.
    expect(await world.turns()).toMatchObject([{ run_at: at(10 * SECOND) }]);
    expect((await world.event(third)).attempt_count).toBe(0);
  });

  test('do not wait for one that is dead', async () => {
    await world.addEvent(STORE);
    await world.addEvent(STORE, { kind: 'fulfilled' });
    world.setAnswer(({ body }) =>
      body.event_name === 'created' ? refusal(400, 'event_blocked') : world.accept(),
    );
    await run();
    await run();
    expect(told()).toEqual(['1 created', '1 fulfilled']);
  });

  test('do not wait for those of the same order of another store', async () => {
    await world.addStore('store2');
    await world.saveChannel('store2', 1);
    await world.addEvent('store2', { due_at: at(HOUR) });
    await world.addEvent(STORE, { kind: 'fulfilled' });
    await run();
    expect(told()).toEqual(['1 fulfilled']);
  });

  test('never wait for tests, nor these for each other', async () => {
    const test = { orderId: null, kind: 'test' } as const;
    await world.addEvent(STORE, { ...test, due_at: at(HOUR) });
    await world.addEvent(STORE, test);
    await world.addEvent(STORE);
    await run();
    expect(told().sort()).toEqual(['1 created', 'null test']);
  });
});

describe('when a process dies', () => {
  const claimOne = async (): Promise<string> => {
    const [event] = await claim(deps, STORE, [1], 50);
    return event?.id ?? '';
  };

  test('what it had claimed goes once the lease is over, and not before', async () => {
    const id = await world.addEvent(STORE);
    expect(await claimOne()).toBe(id);
    expect(await world.attempts(id)).toMatchObject([{ number: 1, outcome: 'under-way', duration_ms: null }]);
    await run();
    expect(told()).toEqual([]);
    expect(await world.turns()).toMatchObject([{ run_at: at(TIMING.leaseMs) }]);
    pass(TIMING.leaseMs - 1);
    await run();
    expect(told()).toEqual([]);
    pass(1);
    await run();
    expect(told()).toEqual(['1 created']);
    expect((await world.attempts(id)).map(({ outcome: one }) => one)).toEqual(['under-way', 'delivered']);
  });

  test('the later events of an order that it had claimed wait as well', async () => {
    await world.addEvent(STORE);
    await world.addEvent(STORE, { kind: 'fulfilled' });
    await claimOne();
    await run();
    expect(told()).toEqual([]);
    pass(TIMING.leaseMs);
    await run();
    await run();
    expect(told()).toEqual(['1 created', '1 fulfilled']);
  });

  test('after Extole took an event, before that was written, it is told again', async () => {
    const id = await world.addEvent(STORE);
    for (const event of await claim(deps, STORE, [1], 50)) {
      await sendEvent(deps, { endpoint: 'async', token: 'token' }, eventBody(event));
    }
    pass(TIMING.leaseMs);
    await run();
    expect(told()).toEqual(['1 created', '1 created']);
    expect(await world.event(id)).toMatchObject({ state: 'delivered', attempt_count: 2 });
    await run();
    expect(told()).toHaveLength(2);
  });

  test('with the right to try one event after a pause, or before it gives back what it did not try, nothing is lost', async () => {
    for (const orderId of [1, 2, 3]) await world.addEvent(STORE, { orderId });
    await claim(deps, STORE, [1], 50);
    await sql`insert into delivery_pause values (${STORE}, 1, 'rate-limited', ${at(0)}, ${at(0)}, 'code', 'words')`.execute(
      deps.db,
    );
    await sql`update delivery_pause set until = ${at(TIMING.leaseMs)}`.execute(deps.db);
    pass(TIMING.leaseMs);
    await run();
    await run();
    expect(told().sort()).toEqual(['1 created', '2 created', '3 created']);
    expect(await world.pauses()).toEqual([]);
  });

  test('and lives after all, its late delivery counts, and spares the next', async () => {
    const id = await world.addEvent(STORE);
    await claimOne();
    pass(TIMING.leaseMs);
    await claimOne();
    await writeOutcomes(deps.db, [delivered(id, 1)]);
    expect(await world.event(id)).toMatchObject({
      state: 'delivered',
      due_at: null,
      extole_event_id: 'late',
      delivered_at: at(TIMING.leaseMs),
    });
    // The one that took over fails meanwhile.
    await writeOutcomes(deps.db, [outcome(id, 2, {})]);
    expect(await world.event(id)).toMatchObject({ state: 'delivered', due_at: null, failure_code: null });
    expect((await world.attempts(id)).map(({ outcome: one }) => one)).toEqual(['delivered', 'retry']);
  });

  test('and lives after all, its late failure changes nothing', async () => {
    const id = await world.addEvent(STORE);
    await claimOne();
    pass(TIMING.leaseMs);
    await claimOne();
    const before = await world.event(id);
    for (const late of [{}, { attempt: 'refused', state: 'dead', dueAt: null } as const]) {
      await writeOutcomes(deps.db, [outcome(id, 1, late)]);
      expect(await world.event(id)).toEqual(before);
    }
    await writeOutcomes(deps.db, [delivered(id, 2)]);
    await writeOutcomes(deps.db, [outcome(id, 1, {})]);
    expect(await world.event(id)).toMatchObject({ state: 'delivered', attempt_count: 2 });
  });

  test('and lives after all, its late delivery counts for one that was given up meanwhile', async () => {
    const id = await world.addEvent(STORE);
    await claimOne();
    pass(TIMING.leaseMs);
    world.setAnswer(refusal(400, 'event_blocked'));
    await run();
    expect((await world.event(id)).state).toBe('dead');
    await writeOutcomes(deps.db, [delivered(id, 1)]);
    expect(await world.event(id)).toMatchObject({ state: 'delivered', failure_code: null });
  });

  test('and lives after all, its late delivery does not stand for a replay of what was delivered since', async () => {
    const id = await world.addEvent(STORE);
    await claimOne();
    pass(TIMING.leaseMs);
    await run();
    await replay(deps, STORE, { ids: [id] });
    await writeOutcomes(deps.db, [delivered(id, 1)]);
    expect((await world.event(id)).state).toBe('waiting');
    await run();
    expect(told()).toEqual(['1 created', '1 created']);
  });

  test('and lives after all, what it gives back stays with whoever has it now', async () => {
    const second = await world.addEvent(STORE);
    const claimed = await claim(deps, STORE, [1], 50);
    pass(TIMING.leaseMs);
    await claim(deps, STORE, [1], 50);
    const before = await world.event(second);
    await giveBack(deps.db, claimed);
    expect(await world.event(second)).toEqual(before);
    expect((await world.attempts(second)).map(({ number }) => number)).toEqual([2]);
  });
});

describe('an event that is changed while it is under way', () => {
  /** Does something in the moment in which Extole has the event, and has not answered yet. */
  const meanwhile = (change: () => Promise<unknown>, answer: () => EventAnswer = world.accept): void =>
    world.setAnswer(async () => {
      await change();
      return answer();
    });
  const erase = (id: string) => () =>
    sql`update event set state = 'erased', due_at = null, data = null, email_hash = null where id = ${id}`.execute(
      deps.db,
    );

  test('and erased was delivered, if it was', async () => {
    const id = await world.addEvent(STORE);
    meanwhile(erase(id));
    await run();
    expect(await world.event(id)).toMatchObject({
      state: 'delivered',
      data: null,
      extole_event_id: expect.stringContaining('extole-'),
    });
  });

  test.each([
    ['failed', refusal(500, 'software_error')],
    ['was refused', refusal(400, 'event_blocked')],
    ['met a pause', refusal(429, 'too_many_requests')],
  ])('and erased stays erased, if it %s', async (_what, answer) => {
    const id = await world.addEvent(STORE);
    meanwhile(erase(id), () => answer);
    await run();
    expect(await world.event(id)).toMatchObject({ state: 'erased', due_at: null, data: null });
    world.setAnswer();
    pass(24 * HOUR);
    await run();
    expect(told()).toHaveLength(1);
  });

  test('and replayed is not sent twice at the same time', async () => {
    const id = await world.addEvent(STORE);
    meanwhile(async () => {
      expect(await replay(deps, STORE, { ids: [id] })).toEqual({ replayed: 1, forgotten: 0 });
      expect(await claim(deps, STORE, [1], 50)).toEqual([]);
    });
    await run();
    expect(told()).toEqual(['1 created']);
    expect((await world.event(id)).state).toBe('delivered');
  });

  test('and whose store is erased with it is gone', async () => {
    await world.addEvent(STORE);
    meanwhile(() => sql`delete from store where store_hash = ${STORE}`.execute(deps.db));
    await run();
    expect(await world.turns()).toEqual([]);
  });

  test('is written even if the database breaks all connections', async () => {
    const id = await world.addEvent(STORE);
    meanwhile(() =>
      sql`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()`.execute(deps.db),
    );
    await run();
    expect(await world.event(id)).toMatchObject({ state: 'delivered', attempt_count: 1 });
    expect(told()).toHaveLength(1);
  });
});

describe('two workers at once', () => {
  test('never send the same event, nor an order in the wrong order', async () => {
    const count = 120;
    for (let orderId = 1; orderId <= count; orderId += 1) {
      await world.addEvent(STORE, { orderId });
      await world.addEvent(STORE, { orderId, kind: 'fulfilled' });
    }
    let rounds = 0;
    while (world.received.length < 2 * count && rounds < 20) {
      await Promise.all([run(), run(), run()]);
      rounds += 1;
    }
    expect(new Set(told()).size).toBe(2 * count);
    expect(told()).toHaveLength(2 * count);
    for (let orderId = 1; orderId <= count; orderId += 1) {
      expect(told().filter((one) => one.startsWith(`${orderId} `))).toEqual([
        `${orderId} created`,
        `${orderId} fulfilled`,
      ]);
    }
    const { rows } = await sql`select from event where attempt_count <> 1 or state <> 'delivered'`.execute(
      deps.db,
    );
    expect(rows).toEqual([]);
  });
});

describe('a token that Extole refuses', () => {
  const refused = refusal(401, 'invalid_access_token');
  const addMany = (count: number): Promise<string[]> =>
    Promise.all(Array.from({ length: count }, (_, index) => world.addEvent(STORE, { orderId: index + 1 })));

  test('pauses what goes with it for an hour, and no event is the worse for it', async () => {
    const ids = await addMany(30);
    world.setAnswer(refused);
    await run();
    expect(world.received.length).toBeLessThanOrEqual(8);
    expect(await world.pauses()).toMatchObject([
      {
        channel_id: 1,
        reason: 'token-refused',
        since: at(0),
        until: at(HOUR),
        failure_code: 'invalid_access_token',
        failure_message: 'words of invalid_access_token',
      },
    ]);
    expect(await world.turns()).toEqual([{ key: `deliver:${STORE}`, run_at: at(HOUR) }]);
    const events = await Promise.all(ids.map((id) => world.event(id)));
    for (const event of events) {
      expect(event).toMatchObject({ state: 'waiting', due_at: at(0), failing_since: null });
    }
    const attempts = (await Promise.all(ids.map((id) => world.attempts(id)))).flat();
    expect(attempts).toHaveLength(world.received.length);
    expect(new Set(attempts.map(({ outcome: one, status }) => `${one} ${status}`))).toEqual(
      new Set(['paused 401']),
    );
    expect(world.logged()).toContain('deliveries with a token are paused');
    expect(world.logged()).not.toContain('token-of-store1');
    world.received.length = 0;
    pass(HOUR - 1);
    await run();
    expect(told()).toEqual([]);
  });

  test('is tried with one event after the hour, and paused again if it is still refused', async () => {
    await addMany(30);
    world.setAnswer(refused);
    await run();
    world.received.length = 0;
    pass(HOUR);
    await run();
    expect(told()).toHaveLength(1);
    expect(await world.pauses()).toMatchObject([{ since: at(0), until: at(2 * HOUR) }]);
    await world.forgetTurns();
    await run();
    expect(told()).toHaveLength(1);
    expect(await world.turns()).toMatchObject([{ run_at: at(2 * HOUR) }]);
  });

  test.each([
    ['takes', undefined],
    ['refuses for itself', refusal(400, 'event_blocked')],
  ])('is good again once Extole %s one event, and all go at full speed', async (_what, answer) => {
    await addMany(30);
    world.setAnswer(refused);
    await run();
    world.received.length = 0;
    pass(HOUR);
    world.setAnswer(answer);
    await run();
    expect(told()).toHaveLength(1);
    expect(await world.pauses()).toEqual([]);
    world.setAnswer();
    await run();
    expect(told()).toHaveLength(30);
  });

  test('says nothing of itself when the one event fails: another one is tried soon', async () => {
    await addMany(10);
    world.setAnswer(refused);
    await run();
    world.received.length = 0;
    pass(HOUR);
    world.setAnswer(refusal(503, 'away'));
    await run();
    await world.forgetTurns();
    await run();
    expect(told()).toHaveLength(1);
    expect(await world.turns()).toMatchObject([{ run_at: at(HOUR + TIMING.retryBaseMs) }]);
    pass(TIMING.retryBaseMs);
    world.setAnswer();
    await run();
    expect(told()).toHaveLength(2);
    expect(await world.pauses()).toEqual([]);
  });

  test('is tried by one process only', async () => {
    await addMany(30);
    world.setAnswer(refused);
    await run();
    world.received.length = 0;
    pass(HOUR);
    world.setAnswer();
    await Promise.all([run(), run(), run()]);
    expect(told()).toHaveLength(1);
  });

  test('is tried again after the lease when that process died', async () => {
    await addMany(3);
    world.setAnswer(refused);
    await run();
    world.received.length = 0;
    pass(HOUR);
    const { db } = deps;
    // It had the right to try, and a claimed event.
    await db
      .updateTable('delivery_pause')
      .set({ until: at(HOUR + TIMING.leaseMs) })
      .execute();
    await claim(deps, STORE, [1], 1);
    world.setAnswer();
    await run();
    expect(told()).toEqual([]);
    pass(TIMING.leaseMs);
    await run();
    await run();
    expect(told()).toHaveLength(3);
  });

  test('is forgotten at once when there is another one', async () => {
    await addMany(3);
    world.setAnswer(refused);
    await run();
    await world.forgetTurns();
    world.received.length = 0;
    world.setAnswer();
    pass(MINUTE);
    await deps.db.transaction().execute(async (db) => {
      await world.saveChannel(STORE, 1, { token: 'another-token' }, db);
      await resumeDeliveries(deps, db, STORE, 1);
    });
    expect(await world.pauses()).toEqual([]);
    expect((await world.turns()).map(({ key }) => key)).toEqual([`deliver:${STORE}`]);
    await run();
    expect(world.received.map(({ headers }) => headers.authorization)).toEqual(
      Array.from({ length: 3 }, () => 'Bearer another-token'),
    );
  });

  test('does not pause the one that was saved while it was tried', async () => {
    const id = await world.addEvent(STORE);
    world.setAnswer(async () => {
      await deps.db.transaction().execute(async (db) => {
        await world.saveChannel(STORE, 1, { token: 'another-token' }, db);
        await resumeDeliveries(deps, db, STORE, 1);
      });
      return refused;
    });
    await run();
    expect(await world.pauses()).toEqual([]);
    world.setAnswer();
    await run();
    expect((await world.event(id)).state).toBe('delivered');
  });

  test('does not pause the one that is being saved at that moment', async () => {
    await world.addEvent(STORE);
    let commit = (): void => {};
    let saved = (): void => {};
    const isSaved = new Promise<void>((resolve) => {
      saved = resolve;
    });
    const committing = deps.db.transaction().execute(async (db) => {
      await world.saveChannel(STORE, 1, { token: 'another-token' }, db);
      await resumeDeliveries(deps, db, STORE, 1);
      saved();
      await new Promise<void>((resolve) => {
        commit = resolve;
      });
    });
    await isSaved;
    world.setAnswer(refused);
    const running = run();
    // The pause waits for the settings.
    await vi.waitFor(async () => {
      const { rows } = await sql`select from pg_stat_activity where wait_event_type = 'Lock'
        and query like '%delivery_pause%' and datname = current_database()`.execute(deps.db);
      expect(rows).toHaveLength(1);
    });
    commit();
    await Promise.all([committing, running]);
    expect(await world.pauses()).toEqual([]);
  });

  test('holds up no storefront with another one, and all that share it', async () => {
    await world.saveChannel(STORE, 2);
    await world.saveChannel(STORE, 3, { sameAs: 1, token: null });
    for (const channel of [1, 2, 3]) await world.addEvent(STORE, { orderId: channel, channel_id: channel });
    world.setAnswer(({ headers }) => (headers.authorization?.endsWith('1') ? refused : world.accept()));
    await run();
    world.received.length = 0;
    await world.addEvent(STORE, { orderId: 4, channel_id: 2 });
    await world.addEvent(STORE, { orderId: 5, channel_id: 3 });
    await run();
    expect(told()).toEqual(['4 created']);
  });
});

describe('a storefront', () => {
  test('without a token has its events wait, and says so, until it has one', async () => {
    await world.saveChannel(STORE, 1, { token: null });
    await world.addEvent(STORE);
    await run();
    pass(HOUR);
    await run();
    expect(told()).toEqual([]);
    expect(await world.pauses()).toMatchObject([
      {
        channel_id: 1,
        reason: 'no-token',
        since: at(0),
        until: at(2 * HOUR),
        failure_code: 'ACCESS_TOKEN_MISSING',
      },
    ]);
    await world.saveChannel(STORE, 1);
    await run();
    expect(told()).toEqual(['1 created']);
    expect(await world.pauses()).toEqual([]);
  });

  test('whose token can not be opened has its events wait, and says so', async () => {
    await world.saveChannel(STORE, 1, { token: null });
    await deps.db
      .updateTable('channel_settings')
      .set({ access_token: Buffer.from('sealed by a key that is lost, or moved here') })
      .execute();
    await world.addEvent(STORE);
    await run();
    expect(told()).toEqual([]);
    expect(await world.pauses()).toMatchObject([
      { channel_id: 1, reason: 'token-refused', until: at(HOUR), failure_code: 'SECRET_UNREADABLE' },
    ]);
    expect(await world.turns()).toMatchObject([{ run_at: at(HOUR) }]);
  });

  test('that is switched off tells nothing, and goes on where it was when it is on again', async () => {
    await world.saveChannel(STORE, 2);
    const id = await world.addEvent(STORE);
    await world.addEvent(STORE, { orderId: 2, channel_id: 2 });
    await world.saveChannel(STORE, 1, { settings: { isEnabled: false } });
    await run();
    expect(told()).toEqual(['2 created']);
    expect(await world.event(id)).toMatchObject({ state: 'waiting', attempt_count: 0 });
    expect(await world.pauses()).toEqual([]);
    expect(await world.turns()).toMatchObject([{ run_at: at(HOUR) }]);
    await deps.db.transaction().execute(async (db) => {
      await world.saveChannel(STORE, 1, {}, db);
      await resumeDeliveries(deps, db, STORE, 1);
    });
    await run();
    expect(told()).toEqual(['2 created', '1 created']);
  });

  test('that follows another one from now on leaves its own pause behind', async () => {
    await world.saveChannel(STORE, 2);
    await world.addEvent(STORE, { channel_id: 2 });
    world.setAnswer(refusal(401, 'expired_access_token'));
    await run();
    world.setAnswer();
    await world.saveChannel(STORE, 2, { sameAs: 1 });
    await resumeDeliveries(deps, deps.db, STORE, 2);
    expect(await world.pauses()).toEqual([]);
    await run();
    expect(world.received.at(-1)?.headers.authorization).toBe('Bearer token-of-store1-1');
  });

  test('of a store that is gone has nothing to do', async () => {
    await deliver(deps, 'nowhere');
    expect(await world.turns()).toEqual([]);
  });
});

describe('when Extole takes no more at the moment', () => {
  const busy = (headers: Record<string, string> = {}): EventAnswer => ({
    status: 429,
    body: { code: 'too_many_requests', message: 'later' },
    headers,
  });
  const untilOf = async (): Promise<number> =>
    ((await world.pauses())[0]?.until.getTime() ?? 0) - world.clock.timeMs;

  test('what is left of the batch waits, and nothing has failed', async () => {
    const ids = await Promise.all(
      Array.from({ length: 20 }, (_, index) => world.addEvent(STORE, { orderId: index + 1 })),
    );
    let taken = 0;
    world.setAnswer(() => (++taken <= 5 ? world.accept() : busy()));
    await run();
    const states = (await Promise.all(ids.map((id) => world.event(id)))).map(({ state }) => state);
    expect(states.filter((state) => state === 'delivered')).toHaveLength(5);
    expect(states.filter((state) => state === 'waiting')).toHaveLength(15);
    expect(await world.pauses()).toMatchObject([{ reason: 'rate-limited', until: at(MINUTE) }]);
    expect(await world.turns()).toMatchObject([{ run_at: at(MINUTE) }]);
    world.setAnswer();
    pass(MINUTE);
    await run();
    await run();
    expect(new Set(told()).size).toBe(20);
    expect(await world.pauses()).toEqual([]);
    for (const id of ids) expect((await world.event(id)).failing_since).toBeNull();
  });

  test.each([
    ['7', 7 * SECOND],
    ['0', SECOND],
    ['4000', 4_000 * SECOND],
    ['999999999', 24 * HOUR],
    ['soon', MINUTE],
    ['', MINUTE],
  ])('the pause is as long as Extole says, within reason: %j', async (header, ms) => {
    await world.addEvent(STORE);
    world.setAnswer(busy({ 'retry-after': header }));
    await run();
    expect(await untilOf()).toBe(ms);
  });

  test('the pause may have an end in words', async () => {
    await world.addEvent(STORE);
    const end = Math.floor(Date.now() / SECOND) * SECOND + 2 * MINUTE;
    world.setAnswer(busy({ 'retry-after': new Date(end).toUTCString() }));
    await run();
    expect(await untilOf()).toBeGreaterThan(MINUTE);
    expect(await untilOf()).toBeLessThanOrEqual(2 * MINUTE);
  });

  test('pauses that follow each other double, up to an hour, by chance a quarter more or less', async () => {
    await world.addEvent(STORE);
    world.setAnswer(busy());
    const minutes: number[] = [];
    for (let pause = 0; pause < 8; pause += 1) {
      await run();
      const ms = await untilOf();
      minutes.push(ms / MINUTE);
      pass(ms);
    }
    expect(minutes).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
    await sql`delete from delivery_pause`.execute(deps.db);
    deps = { ...deps, random: () => 0 };
    await run();
    expect(await untilOf()).toBe(0.75 * MINUTE);
  });

  test('a pause that follows one for another reason begins anew', async () => {
    await world.addEvent(STORE);
    world.setAnswer(refusal(401, 'invalid_access_token'));
    await run();
    pass(HOUR);
    world.setAnswer(busy());
    await run();
    expect(await world.pauses()).toMatchObject([{ reason: 'rate-limited', since: at(HOUR) }]);
    expect(await untilOf()).toBe(MINUTE);
  });
});

describe('a batch', () => {
  test('that is full has the store come again, behind all others', async () => {
    for (let orderId = 1; orderId <= 51; orderId += 1) await world.addEvent(STORE, { orderId });
    await run();
    expect(told()).toHaveLength(50);
    expect((await world.turns()).map(({ key }) => key)).toEqual([`deliver:${STORE}`]);
    await world.forgetTurns();
    await run();
    expect(told()).toHaveLength(51);
    expect(await world.turns()).toEqual([]);
  });

  test('is found without reading all that waits, though PostgreSQL takes it for a handful', async () => {
    // Never counted by PostgreSQL, as after a sudden backlog.
    await sql`insert into event (store_hash, channel_id, order_id, kind, name, occurred_at, created_at, data, state, due_at)
      select ${STORE}, 1, number, 'created', 'created', now(), now(), '{}', 'waiting', ${START}
      from generate_series(1, 5000) as number`.execute(deps.db);
    // Each connection counts for itself what it read.
    const pool = new pg.Pool({ connectionString: world.database.url, max: 1 });
    const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
    const rowsRead = async (): Promise<number> => {
      await sql`select pg_stat_force_next_flush()`.execute(db);
      const { rows } = await sql<{ rows_read: string }>`
        select seq_tup_read + idx_tup_fetch as rows_read from pg_stat_user_tables where relname = 'event'`.execute(
        db,
      );
      return Number(rows[0]?.rows_read);
    };
    try {
      const before = await rowsRead();
      expect(await claim({ ...deps, db }, STORE, [1], 50)).toHaveLength(50);
      expect((await rowsRead()) - before).toBeLessThan(500);
      await nextDueAt(db, STORE, [1]);
      expect((await rowsRead()) - before).toBeLessThan(600);
    } finally {
      await db.destroy();
    }
  });

  test('in which Extole leaves one event without an answer has none that is due wait for it', async () => {
    for (let orderId = 1; orderId <= 60; orderId += 1) await world.addEvent(STORE, { orderId });
    let letGo = (): void => {};
    const everyOther = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    world.setAnswer(async ({ body }) => {
      if (body.data.partner_conversion_id === '1') await everyOther;
      else if (world.received.length === 60) letGo();
      return world.accept();
    });
    await run();
    expect(new Set(told()).size).toBe(60);
    expect((await world.turns()).map(({ key }) => key)).toEqual([]);
  });

  test('is never more than eight at the same time', async () => {
    for (let orderId = 1; orderId <= 30; orderId += 1) await world.addEvent(STORE, { orderId });
    let current = 0;
    let most = 0;
    world.setAnswer(async () => {
      current += 1;
      most = Math.max(most, current);
      await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
      current -= 1;
      return world.accept();
    });
    await run();
    expect([most, told().length]).toEqual([8, 30]);
  });

  test('begins no attempt that would outlast the lease: the rest is given back', async () => {
    for (let orderId = 1; orderId <= 20; orderId += 1) await world.addEvent(STORE, { orderId });
    // The last moment in which an attempt still fits.
    const last = at(TIMING.leaseMs - TIMING.attemptTimeoutMs).getTime();
    let answered = 0;
    world.setAnswer(() => {
      answered += 1;
      world.clock.timeMs = answered <= 8 ? last : last + 1;
      return world.accept();
    });
    await run();
    expect(told().length).toBeLessThan(20);
    expect(told().length).toBeGreaterThan(8);
    const waiting = await deps.db.selectFrom('event').selectAll().where('state', '=', 'waiting').execute();
    expect(waiting).toHaveLength(20 - told().length);
    for (const event of waiting) expect(event).toMatchObject({ attempt_count: 0, due_at: at(0) });
    world.setAnswer();
    await run();
    expect(new Set(told()).size).toBe(20);
    expect(told()).toHaveLength(20);
  });
});

describe('the oldest event that waits', () => {
  test('is told of by its age, unless its token is paused', async () => {
    expect(await oldestWaitingSeconds(deps)).toBe(0);
    await world.addEvent(STORE, { state: 'delivered', orderId: 1 });
    await world.addEvent(STORE, { orderId: 2, created_at: at(-90 * SECOND) });
    expect(await oldestWaitingSeconds(deps)).toBe(90);
    world.setAnswer(refusal(401, 'invalid_access_token'));
    await run();
    expect(await oldestWaitingSeconds(deps)).toBe(0);
  });

  test('is in the metrics, and these are there without it when it can not be told', async () => {
    const metrics = createMetrics({ oldestWaitingEvent: async () => 17, longestDueReward: async () => 0 });
    expect(await metrics.registry.metrics()).toContain('extole_oldest_waiting_event_seconds 17');
    const without = createMetrics({
      oldestWaitingEvent: () => Promise.reject(new Error('no database')),
      longestDueReward: async () => 18,
    });
    expect(await without.registry.metrics()).toContain('extole_oldest_waiting_event_seconds Nan');
    expect(await without.registry.metrics()).toContain('extole_longest_due_reward_seconds 18');
  });
});

describe('a test event', () => {
  test('goes as an order of its user would, marked as a test', async () => {
    await world.saveChannel(STORE, 1, { settings: { programLabel: 'refer' } });
    const id = await addTestEvent(deps, STORE, 1, 'owner@brand.example');
    expect((await world.turns()).map(({ key }) => key)).toEqual([`deliver:${STORE}`]);
    await run();
    const [request] = world.received;
    expect(request?.body).toEqual({
      event_name: 'conversion',
      event_time: START.toISOString(),
      data: {
        partner_conversion_id: expect.stringMatching(/^test-[\w-]{12}$/),
        email: 'owner@brand.example',
        cart_value: '1.00',
        currency: 'USD',
        container: 'test',
        labels: 'refer',
      },
    });
    expect(await world.event(id)).toMatchObject({
      kind: 'test',
      order_id: null,
      state: 'delivered',
      email_hash: emailHash(STORE, 'owner@brand.example'),
    });
  });

  test('has no label where there is none, and a number of its own each time', async () => {
    await addTestEvent(deps, STORE, 1, 'owner@brand.example');
    await addTestEvent(deps, STORE, 1, 'owner@brand.example');
    await run();
    expect(new Set(told()).size).toBe(2);
    for (const { body } of world.received) expect(Object.keys(body.data)).not.toContain('labels');
  });

  test.each([
    ['there is no such storefront', 9, {}, 404, 'CHANNEL_UNKNOWN'],
    ['there is no token', 1, { token: null }, 409, 'ACCESS_TOKEN_MISSING'],
    ['it is switched off', 1, { settings: { isEnabled: false } }, 409, 'STOREFRONT_OFF'],
  ])('is refused where %s', async (_what, channelId, changes, status, code) => {
    await world.saveChannel(STORE, 1, changes);
    await expect(addTestEvent(deps, STORE, channelId, 'owner@brand.example')).rejects.toMatchObject({
      status,
      code,
      message: expect.not.stringContaining('owner@'),
    });
    expect(await deps.db.selectFrom('event').selectAll().execute()).toEqual([]);
  });
});

describe('with the queue', () => {
  test('a store with 5,000 events keeps no other store waiting for more than a turn', async () => {
    const others = ['store2', 'store3', 'store4'];
    for (const other of others) {
      await world.addStore(other);
      await world.saveChannel(other, 1);
    }
    for (const [storeHash, count] of [[STORE, 5_000], ...others.map((other) => [other, 60])]) {
      await sql`insert into event (store_hash, channel_id, order_id, kind, name, occurred_at, created_at, data, state, due_at)
        select ${storeHash}, 1, number, 'created', 'created', now(), now(), '{}', 'waiting', now()
        from generate_series(1, ${count}::int) as number`.execute(deps.db);
      await deps.queue.add('deliver', { storeHash: `${storeHash}` }, { key: `deliver:${storeHash}` });
    }
    // One place only, so that each turn keeps all others waiting.
    const turns: string[] = [];
    const live: DeliveryDeps = { ...deps, now: () => new Date() };
    const nothing = async (): Promise<void> => {};
    const tasks: Tasks = {
      provision: nothing,
      look: nothing,
      'refresh-channels': nothing,
      'keep-webhooks': nothing,
      'look-at-orders': nothing,
      sweep: nothing,
      import: nothing,
      'fulfill-rewards': nothing,
      'poll-rewards': nothing,
      'refill-codes': nothing,
      'poll-all': nothing,
      'sweep-all': nothing,
      'wake-overdue': nothing,
      'look-at-all': nothing,
      'roll-out': nothing,
      erase: nothing,
      deliver: async ({ storeHash }) => {
        turns.push(storeHash);
        await deliver(live, storeHash);
      },
    };
    const { pool } = world.database;
    const worker = await startWorker({ pool, tasks, log: deps.log, metrics: deps.metrics, concurrency: 1 });
    try {
      await vi.waitFor(() => expect(turns.length).toBeGreaterThan(10), { timeout: 25_000, interval: 10 });
    } finally {
      await worker.stop();
    }
    // Two turns each for 60 events, in turn with the one that has so many; then it has all turns to itself.
    expect(turns.slice(0, 8).sort()).toEqual([STORE, STORE, ...others, ...others].sort());
    expect(new Set(turns.slice(8))).toEqual(new Set([STORE]));
    const { rows } = await sql<{ store_hash: string }>`
      select distinct store_hash from event where state = 'waiting'`.execute(deps.db);
    expect(rows).toEqual([{ store_hash: STORE }]);
  });
});
