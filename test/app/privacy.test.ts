import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { claim } from '../../src/app/deliveries/claim.js';
import { type DeliveryDeps, deliver } from '../../src/app/deliveries/deliver.js';
import { replay } from '../../src/app/deliveries/replay.js';
import { type Outcome, writeOutcomes } from '../../src/app/deliveries/write-outcomes.js';
import { seeUser } from '../../src/app/install/install.js';
import { emailHash } from '../../src/app/privacy/email-hash.js';
import { erasePerson, erasures } from '../../src/app/privacy/erase-person.js';
import { forgetOrders } from '../../src/app/privacy/forget-orders.js';
import { forgetPayloads } from '../../src/app/privacy/forget-payloads.js';
import { erase } from '../../src/app/provision/all-stores.js';
import { OWNER } from '../support/app.js';
import { type EventAnswer, refusal, START, startDeliveries } from '../support/deliveries.js';

const STORE = 'store1';
const OTHER = 'store2';
const EMAIL = 'jane@example.com';
const HOUR = 60 * 60 * 1_000;
const DAY = 24 * HOUR;
const ASKING = { storeHash: STORE, userId: OWNER.id };

let world: Awaited<ReturnType<typeof startDeliveries>>;
let deps: DeliveryDeps;

beforeAll(async () => {
  world = await startDeliveries();
  deps = world.deps;
});
beforeEach(async () => {
  await sql`truncate store cascade`.execute(deps.db);
  await world.forgetTurns();
  world.clock.timeMs = START.getTime();
  world.received.length = 0;
  world.setAnswer();
  for (const storeHash of [STORE, OTHER]) {
    await world.addStore(storeHash);
    await world.saveChannel(storeHash, 1);
    const start = { orders_since: at(-1_000 * DAY), swept_to: START };
    await deps.db
      .insertInto('order_sweep')
      .values({ store_hash: storeHash, ...start })
      .execute();
  }
  await seeUser(deps.db, STORE, OWNER);
});
afterAll(() => world?.close());

const at = (ms: number): Date => new Date(START.getTime() + ms);
const setTime = (ms: number): void => {
  world.clock.timeMs = at(ms).getTime();
};

type Given = Parameters<typeof world.addEvent>[1];
/** An event of Jane's, or of somebody else. */
const add = (event: Given = {}, storeHash = STORE): Promise<string> =>
  world.addEvent(storeHash, { email_hash: emailHash(storeHash, EMAIL), customer_id: 7, ...event });
const state = async (id: string): Promise<string> => (await world.event(id)).state;
const kept = async (): Promise<string[]> =>
  (await deps.db.selectFrom('event').select('id').orderBy('sequence').execute()).map(({ id }) => id);

/** All that is kept of a store, as text. */
async function everything(): Promise<string> {
  const { rows } = await sql<{ text: string }>`
    select coalesce(string_agg(row_to_json(event)::text, ' '), '') as text from event where store_hash = ${STORE}
    union all select coalesce(string_agg(row_to_json(attempt)::text, ' '), '')
      from attempt join event on event.id = attempt.event_id where store_hash = ${STORE}
    union all select coalesce(string_agg(row_to_json(erasure)::text, ' '), '') from erasure`.execute(deps.db);
  return rows.map(({ text }) => text).join(' ');
}
const hashText = (): string => emailHash(STORE, EMAIL).toString('hex');

/** That nothing of Jane is there any more, and that an event would show it. */
async function expectForgotten(...ids: string[]): Promise<void> {
  for (const id of ids) {
    expect(await world.event(id)).toMatchObject({
      data: null,
      email_hash: null,
      customer_id: null,
      failure_message: null,
    });
  }
  const text = await everything();
  expect(text).not.toContain(EMAIL);
  expect(text).not.toContain(hashText());
}

const outcome = (eventId: string, number: number, rest: Partial<Outcome> = {}): Outcome => ({
  eventId,
  number,
  attempt: 'refused',
  state: 'dead',
  dueAt: null,
  failingSince: null,
  failure: { code: 'invalid_person', message: `unfit: ${EMAIL}` },
  extoleEventId: null,
  startedAt: START,
  endedAt: deps.now(),
  durationMs: 5,
  status: 400,
  ...rest,
});
const delivered = (eventId: string, number: number): Outcome =>
  outcome(eventId, number, {
    attempt: 'delivered',
    state: 'delivered',
    failure: null,
    status: 200,
    extoleEventId: `extole-of-${eventId}`,
  });

const byEmail = (email = EMAIL) => erasePerson(deps, ASKING, { email });

describe('an e-mail address', () => {
  it('is the same however it is written, and another one in each store', () => {
    const hash = emailHash(STORE, EMAIL);
    expect(emailHash(STORE, ' Jane@Example.COM ')).toEqual(hash);
    expect(emailHash(STORE, 'jan@example.com')).not.toEqual(hash);
    expect(emailHash(OTHER, EMAIL)).not.toEqual(hash);
    // Kept in the database: a change would leave events behind.
    expect(hash.toString('hex')).toBe('a4726f5211c0e5a1b67331ed4e797f1c43e699610b247754373f035f2e0dc5a7');
  });
});

describe('the erasure of a person', () => {
  it('erases what events told, whatever became of them, and keeps ids, states and times', async () => {
    const waiting = await add({ failure_code: 'software_error', failure_message: `no ${EMAIL}` });
    const dead = await add({
      orderId: 2,
      state: 'dead',
      due_at: null,
      failure_code: 'invalid_person',
      failure_message: `unfit: ${EMAIL}`,
    });
    const sent = await add({
      orderId: 3,
      state: 'delivered',
      due_at: null,
      delivered_at: START,
      extole_event_id: 'extole-1',
    });
    await deps.db
      .insertInto('attempt')
      .values({
        event_id: dead,
        number: 1,
        started_at: START,
        duration_ms: 9,
        status: 400,
        outcome: 'refused',
        failure_code: 'invalid_person',
        failure_message: `unfit: ${EMAIL}`,
      })
      .execute();
    await byEmail('JANE@Example.com');
    await expectForgotten(waiting, dead, sent);
    expect(await world.event(waiting)).toMatchObject({ state: 'erased', due_at: null, order_id: 1 });
    expect(await world.event(dead)).toMatchObject({ state: 'dead', failure_code: 'invalid_person' });
    expect(await world.event(sent)).toMatchObject({
      state: 'delivered',
      delivered_at: START,
      extole_event_id: 'extole-1',
    });
    expect(await world.attempts(dead)).toMatchObject([
      {
        outcome: 'refused',
        status: 400,
        duration_ms: 9,
        failure_code: 'invalid_person',
        failure_message: null,
      },
    ]);
  });

  it('finds a customer by the id, whatever the e-mail address', async () => {
    const hers = await add({ email_hash: emailHash(STORE, 'jane@work.example') });
    const guest = await add({ orderId: 2, customer_id: null });
    await erasePerson(deps, ASKING, { customerId: 7 });
    expect([await state(hers), await state(guest)]).toEqual(['erased', 'waiting']);
    await expect(world.event(hers)).resolves.toMatchObject({ data: null });
  });

  it('touches nobody else, and no other store', async () => {
    const another = await add({ email_hash: emailHash(STORE, 'joe@example.com'), customer_id: 8 });
    const nobody = await add({ orderId: 2, email_hash: null, customer_id: null });
    const elsewhere = await add({}, OTHER);
    await byEmail();
    await erasePerson(deps, ASKING, { customerId: 7 });
    for (const id of [another, nobody, elsewhere]) {
      expect(await world.event(id)).toMatchObject({
        state: 'waiting',
        data: expect.objectContaining({ email: EMAIL }),
      });
    }
  });

  it('is recorded, without saying of whom', async () => {
    await add();
    await add({ orderId: 2, state: 'dead' });
    const first = await byEmail();
    expect(first).toEqual({
      id: expect.any(String),
      by: 'email',
      erasedAt: START.toISOString(),
      askedBy: OWNER.email,
      events: 2,
    });
    setTime(HOUR);
    const again = await byEmail();
    expect(again).toMatchObject({ events: 0 });
    setTime(2 * HOUR);
    const third = await erasePerson(deps, { storeHash: STORE, userId: 999 }, { customerId: 7 });
    expect(third).toMatchObject({ by: 'customer-id', askedBy: null });
    await erasePerson(deps, { storeHash: OTHER, userId: 1 }, { email: EMAIL });
    expect(await erasures(deps, STORE)).toEqual([third, again, first]);
    const text = await everything();
    expect(text).not.toContain(EMAIL);
    expect(text).not.toContain(hashText());
  });

  it('shows the last 100', async () => {
    await sql`insert into erasure (store_hash, asked_by, erased_by, erased_at, events)
      select ${STORE}, ${OWNER.id}, 'email', ${START}::timestamptz + make_interval(secs => number), number
      from generate_series(1, 101) as number`.execute(deps.db);
    const shown = await erasures(deps, STORE);
    expect(shown.map(({ events }) => events)).toEqual(Array.from({ length: 100 }, (_, index) => 101 - index));
  });

  it('leaves nothing to replay', async () => {
    const id = await add({ state: 'dead', due_at: null });
    await byEmail();
    expect(await replay(deps, STORE, { ids: [id] })).toEqual({ replayed: 0, forgotten: 1 });
    await deliver(deps, STORE);
    expect(world.received).toEqual([]);
  });

  it('takes a replay back without forgetting that Extole has the event', async () => {
    const id = await add();
    await deliver(deps, STORE);
    await replay(deps, STORE, { ids: [id] });
    await byEmail();
    await expectForgotten(id);
    expect(await world.event(id)).toMatchObject({ state: 'delivered', extole_event_id: 'extole-1' });
    await deliver(deps, STORE);
    expect(world.received).toHaveLength(1);
  });

  it('lets others of the order go on', async () => {
    const hers = await add({ orderId: 1 });
    const his = await add({
      orderId: 1,
      kind: 'fulfilled',
      email_hash: emailHash(STORE, 'joe@example.com'),
      customer_id: 8,
    });
    await byEmail();
    await deliver(deps, STORE);
    expect([await state(hers), await state(his)]).toEqual(['erased', 'delivered']);
  });
});

describe('an erasure while an event of the person is being sent', () => {
  /** Erases while Extole has the event and has not answered. */
  async function eraseWhileSending(answer: EventAnswer): Promise<string> {
    const id = await add();
    world.setAnswer(async () => {
      await byEmail();
      return answer;
    });
    await deliver(deps, STORE);
    expect(world.received).toHaveLength(1);
    return id;
  }

  it('knows afterwards that it arrived, and nothing else', async () => {
    const id = await eraseWhileSending({ status: 200, body: { event_id: 'extole-9' } });
    await expectForgotten(id);
    expect(await world.event(id)).toMatchObject({ state: 'delivered', extole_event_id: 'extole-9' });
  });

  it.each<[string, EventAnswer]>([
    ['refused', refusal(400, 'invalid_person', `unfit: ${EMAIL}`)],
    ['failed', refusal(500, 'software_error', `no ${EMAIL}`)],
    ['rate limited', refusal(429, 'too_many_requests', `not ${EMAIL}`)],
    ['lost', 'lost'],
  ])('keeps it erased when it is %s', async (_name, answer) => {
    const id = await eraseWhileSending(answer);
    await expectForgotten(id);
    expect(await state(id)).toBe('erased');
    setTime(3 * DAY);
    world.setAnswer();
    await deliver(deps, STORE);
    expect(world.received).toHaveLength(1);
  });

  it('gets nothing back from whoever is late with an answer to an earlier attempt', async () => {
    const id = await add();
    await claim(deps, STORE, [1], 1);
    setTime(HOUR);
    await claim(deps, STORE, [1], 1);
    await writeOutcomes(deps.db, [delivered(id, 2)]);
    await byEmail();
    await writeOutcomes(deps.db, [outcome(id, 1)]);
    await expectForgotten(id);
    expect(await state(id)).toBe('delivered');
  });

  it('is not overtaken by an outcome that is written at the same moment', async () => {
    for (let round = 0; round < 20; round += 1) {
      const id = await add({ orderId: round + 10 });
      await claim(deps, STORE, [1], 1);
      await Promise.all([byEmail(), writeOutcomes(deps.db, [outcome(id, 1)])]);
      await expectForgotten(id);
    }
  });

  it('is not overtaken by an outcome that waits for it', async () => {
    const id = await add();
    await claim(deps, STORE, [1], 1);
    let writing: Promise<void> | undefined;
    const eraseSlowly = {
      ...deps,
      // The record is the last that is written, while all that is erased is locked.
      now: () => {
        writing ??= writeOutcomes(deps.db, [outcome(id, 1)]);
        return deps.now();
      },
    };
    await erasePerson(eraseSlowly, ASKING, { email: EMAIL });
    await writing;
    await expectForgotten(id);
    expect(await state(id)).toBe('erased');
  });

  it('has nobody claim what it is about to erase', async () => {
    for (let round = 0; round < 20; round += 1) {
      const id = await add({ orderId: round + 10 });
      const [, claimed] = await Promise.all([byEmail(), claim(deps, STORE, [1], 1)]);
      // Whoever was before it has the event; nobody has it after.
      expect(claimed.length).toBeLessThanOrEqual(1);
      expect(await claim(deps, STORE, [1], 1)).toEqual([]);
      expect(await world.attempts(id)).toEqual([]);
      await expectForgotten(id);
    }
  });
});

describe('what events told', () => {
  it('is forgotten once it is as old as it may get', async () => {
    const rest = { state: 'delivered', due_at: null, delivered_at: START } as const;
    const old = await add({ created_at: at(-30 * DAY), ...rest });
    const young = await add({ orderId: 2, created_at: at(-30 * DAY + 1), ...rest });
    const dead = await add({
      orderId: 3,
      created_at: at(-31 * DAY),
      state: 'dead',
      due_at: null,
      failure_code: 'invalid_person',
      failure_message: `unfit: ${EMAIL}`,
    });
    expect(await forgetPayloads(deps)).toBe(2);
    expect(await world.event(young)).toMatchObject({ data: { email: EMAIL }, customer_id: 7 });
    await deps.db.deleteFrom('event').where('id', '=', young).execute();
    await expectForgotten(old, dead);
    expect(await world.event(old)).toMatchObject({ state: 'delivered', failure_code: null });
    expect(await world.event(dead)).toMatchObject({ state: 'dead', failure_code: 'invalid_person' });
    expect(await forgetPayloads(deps)).toBe(0);
  });

  it('is kept for as many days as the app is set to', async () => {
    await add({ created_at: at(-2 * DAY), state: 'delivered', due_at: null });
    const keeping = (payloadDays: number) => ({ ...deps, config: { ...deps.config, payloadDays } });
    expect(await forgetPayloads(keeping(3))).toBe(0);
    expect(await forgetPayloads(keeping(2))).toBe(1);
  });

  it('is not waited for longer: what could not be delivered by then is given up', async () => {
    const id = await add({
      created_at: at(-30 * DAY),
      failure_code: 'software_error',
      failure_message: `no ${EMAIL}`,
    });
    await forgetPayloads(deps);
    expect(await world.event(id)).toMatchObject({
      state: 'dead',
      due_at: null,
      data: null,
      email_hash: null,
      customer_id: null,
      failure_code: 'PAYLOAD_EXPIRED',
      failure_message:
        'it could not be delivered within the 30 days that payloads are kept for, and what it was to tell is forgotten.',
    });
    expect(await replay(deps, STORE, { ids: [id] })).toEqual({ replayed: 0, forgotten: 1 });
  });

  it('is known to have arrived when it was under way at that moment', async () => {
    const id = await add({ created_at: at(-30 * DAY) });
    world.setAnswer(async () => {
      await forgetPayloads(deps);
      return { status: 200, body: { event_id: 'extole-9' } };
    });
    await deliver(deps, STORE);
    await expectForgotten(id);
    expect(await world.event(id)).toMatchObject({ state: 'delivered', failure_code: null });
  });

  it('is forgotten however much there is', async () => {
    await sql`insert into event
        (store_hash, channel_id, order_id, kind, name, occurred_at, created_at, data, state)
      select ${STORE}, 1, number, 'created', 'conversion', ${START}, ${at(-40 * DAY)}, '{"a": 1}', 'delivered'
      from generate_series(1, 1001) as number`.execute(deps.db);
    expect(await forgetPayloads(deps)).toBe(1_001);
    const { rows } = await sql`select 1 from event where data is not null`.execute(deps.db);
    expect(rows).toEqual([]);
  });

  it('that somebody writes to at that moment has its turn the next night', async () => {
    const id = await add({ created_at: at(-40 * DAY), state: 'delivered', due_at: null });
    await deps.db.transaction().execute(async (db) => {
      await sql`select from event where id = ${id} for update`.execute(db);
      expect(await forgetPayloads(deps)).toBe(0);
    });
    expect(await forgetPayloads(deps)).toBe(1);
  });
});

describe('orders', () => {
  const addOrder = (orderId: number, heardAt: Date, rest: object = {}) =>
    deps.db
      .insertInto('store_order')
      .values({ store_hash: STORE, order_id: orderId, heard_at: heardAt, found_by: 'webhook', ...rest })
      .execute();
  const orders = async (): Promise<number[]> =>
    (await deps.db.selectFrom('store_order').select('order_id').orderBy('order_id').execute()).map(
      ({ order_id }) => order_id,
    );
  const sinceOf = async (storeHash: string): Promise<Date> =>
    (
      await deps.db
        .selectFrom('order_sweep')
        .select('orders_since')
        .where('store_hash', '=', storeHash)
        .executeTakeFirstOrThrow()
    ).orders_since;
  const rest = { state: 'delivered', due_at: null } as const;
  const LIMIT = -400 * DAY;

  it('are forgotten once nothing was heard of them for 400 days', async () => {
    await addOrder(1, at(LIMIT));
    await addOrder(2, at(LIMIT + 1));
    await addOrder(3, at(LIMIT), { due_at: START });
    expect(await forgetOrders(deps)).toEqual({ events: 0, orders: 1 });
    expect(await orders()).toEqual([2, 3]);
  });

  it('are forgotten with all of their events and attempts at once', async () => {
    const first = await add({ orderId: 1, created_at: at(LIMIT - DAY), ...rest });
    await add({ orderId: 1, kind: 'fulfilled', created_at: at(LIMIT), ...rest });
    const going = await add({ orderId: 2, created_at: at(LIMIT - DAY), ...rest });
    const refund = await add({ orderId: 2, kind: 'refunded', created_at: at(LIMIT + 1), ...rest });
    await add({ orderId: null, kind: 'test', created_at: at(LIMIT), ...rest });
    const test = await add({ orderId: null, kind: 'test', created_at: at(LIMIT + 1), ...rest });
    const elsewhere = await add({ orderId: 1, created_at: at(LIMIT + 1), ...rest }, OTHER);
    await deps.db
      .insertInto('attempt')
      .values({ event_id: first, number: 1, started_at: START, outcome: 'delivered' })
      .execute();
    expect(await forgetOrders(deps)).toEqual({ events: 3, orders: 0 });
    expect(await kept()).toEqual([going, refund, test, elsewhere]);
    expect(await world.attempts(first)).toEqual([]);
  });

  it('are not taken for new ones afterwards', async () => {
    await add({ orderId: 1, created_at: at(LIMIT), ...rest });
    await forgetOrders(deps);
    expect(await sinceOf(STORE)).toEqual(at(LIMIT));
    expect(await sinceOf(OTHER)).toEqual(at(-1_000 * DAY));
    await deps.db.updateTable('order_sweep').set({ orders_since: START }).execute();
    await add({ orderId: 1, created_at: at(LIMIT), ...rest });
    await forgetOrders(deps);
    expect(await sinceOf(STORE)).toEqual(START);
  });

  it('are forgotten however many there are', async () => {
    await sql`insert into event (store_hash, channel_id, order_id, kind, name, occurred_at, created_at, state)
      select ${STORE}, 1, number / 2, case number % 2 when 0 then 'created' else 'fulfilled' end, 'conversion', ${START},
        ${at(-500 * DAY)}, 'delivered'
      from generate_series(2, 1203) as number`.execute(deps.db);
    await sql`insert into store_order (store_hash, order_id, heard_at, found_by)
      select ${STORE}, number, ${at(-500 * DAY)}, 'webhook' from generate_series(1, 1100) as number`.execute(
      deps.db,
    );
    expect(await forgetOrders(deps)).toEqual({ events: 1_202, orders: 1_100 });
  });

  it('and what events told are forgotten every night', async () => {
    const told = await add({ created_at: at(-30 * DAY), ...rest });
    await add({ orderId: 2, created_at: at(LIMIT), ...rest });
    await addOrder(2, at(LIMIT));
    await erase(deps);
    expect(await kept()).toEqual([told]);
    await expectForgotten(told);
    expect(await orders()).toEqual([]);
  });
});
