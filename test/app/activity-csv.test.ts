import { describe, expect, it } from 'vitest';
import { keepEvents, keepManyEvents, storedEvent } from '../support/activity-events.js';
import { appStore, START } from '../support/app-store.js';

const store = appStore();

const HEADERS = [
  'Event ID',
  'Event',
  'Name at Extole',
  'Storefront ID',
  'Order ID',
  'State',
  'Happened at (UTC)',
  'Found at (UTC)',
  'Delivered at (UTC)',
  'Next attempt at (UTC)',
  'Attempts',
  'Failure code',
  'Failure',
  'Event ID at Extole',
];

const event = (more: Parameters<typeof storedEvent>[2] = {}, createdAt = START) =>
  storedEvent(store.test.storeHash, createdAt, more);
const keep = (...events: Parameters<typeof keepEvents>[1]) => keepEvents(store.test.deps.db, events);

let users = 1_000;
/** Downloads the file as somebody who has not done so yet. */
async function download(query = '') {
  users += 1;
  const headers = await store.test.session({ id: users, email: `user-${users}@brand.example` });
  return store.test.app.inject({ url: `/api/events.csv${query}`, headers });
}

/** Reads a CSV file as RFC 4180 has it. */
function parse(text: string): string[][] {
  const records: string[][] = [[]];
  for (const [, quoted, plain = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    if (end === '' && quoted === undefined && plain === '') break;
    records.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === '\r\n') records.push([]);
  }
  return records.slice(0, -1);
}

/** The lines below the header, by header. */
function rowsOf(body: string): Record<string, string>[] {
  const [headers = [], ...records] = parse(body.replace('\uFEFF', ''));
  expect(headers).toEqual(HEADERS);
  return records.map((record) =>
    Object.fromEntries(headers.map((header, index) => [header, record[index] ?? ''])),
  );
}

describe('the file of events', () => {
  it('is offered for keeping, and opens in a spreadsheet', async () => {
    await keep(event());
    const { statusCode, headers, rawPayload, body } = await download();
    expect(statusCode).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="extole-events-2026-03-01.csv"',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    expect([...rawPayload.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    expect(body.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(body.endsWith('\r\n')).toBe(true);
  });

  it('has a line for each event, the newest first', async () => {
    const [waiting, test] = await keep(
      event({
        order_id: 1001,
        state: 'waiting',
        occurred_at: new Date('2026-03-01T11:59:55Z'),
        due_at: new Date('2026-03-01T12:01:00Z'),
        attempt_count: 3,
        delivered_at: null,
        extole_event_id: null,
        failure_code: 'EXTOLE_UNAVAILABLE',
        failure_message: 'Extole answered 503, "busy", again.',
      }),
      event({ order_id: null, kind: 'test', channel_id: 2, name: 'größe ✓', extole_event_id: 'e-77' }),
    );
    expect(rowsOf((await download()).body)).toEqual([
      {
        'Event ID': test,
        Event: 'test',
        'Name at Extole': 'größe ✓',
        'Storefront ID': '2',
        'Order ID': '',
        State: 'delivered',
        'Happened at (UTC)': '2026-03-01T12:00:00.000Z',
        'Found at (UTC)': '2026-03-01T12:00:00.000Z',
        'Delivered at (UTC)': '2026-03-01T12:00:00.000Z',
        'Next attempt at (UTC)': '',
        Attempts: '1',
        'Failure code': '',
        Failure: '',
        'Event ID at Extole': 'e-77',
      },
      {
        'Event ID': waiting,
        Event: 'created',
        'Name at Extole': 'conversion',
        'Storefront ID': '1',
        'Order ID': '1001',
        State: 'waiting',
        'Happened at (UTC)': '2026-03-01T11:59:55.000Z',
        'Found at (UTC)': '2026-03-01T12:00:00.000Z',
        'Delivered at (UTC)': '',
        'Next attempt at (UTC)': '2026-03-01T12:01:00.000Z',
        Attempts: '3',
        'Failure code': 'EXTOLE_UNAVAILABLE',
        Failure: 'Extole answered 503, "busy", again.',
        'Event ID at Extole': '',
      },
    ]);
  });

  it('has its headers though there is no event', async () => {
    expect(rowsOf((await download()).body)).toEqual([]);
  });

  it('has what a filter names', async () => {
    const [dead] = await keep(event({ state: 'dead', channel_id: 2 }), event({ state: 'dead' }), event());
    const rows = rowsOf((await download('?state=dead&channelId=2')).body);
    expect(rows.map((row) => row['Event ID'])).toEqual([dead]);
  });

  it('knows no cursor', async () => {
    expect((await download('?cursor=x')).statusCode).toBe(422);
  });

  it('holds nothing of who the events are of', async () => {
    const data = { email: 'ada@shopper.example', first_name: 'Ada', partner_user_id: '4711' };
    await keep(
      event({
        data: JSON.stringify(data),
        customer_id: 4711,
        order_id: 1,
        state: 'dead',
        failure_code: 'event_blocked',
        failure_message: 'ada@shopper.example is blocked',
      }),
    );
    const { body } = await download();
    expect(body).not.toMatch(/ada@|"Ada"|4711/);
    expect(rowsOf(body)[0]?.Failure).toBe('a•••@s•••.example is blocked');
  });

  it.each(['=', '+', '-', '@', '\t', '\r'])('has no cell that begins with %j', async (first) => {
    const evil = `${first}HYPERLINK("https://evil.example","see")`;
    await keep(event({ name: evil, failure_code: evil, failure_message: evil, extole_event_id: evil }));
    const [row = {}] = rowsOf((await download()).body);
    for (const header of ['Name at Extole', 'Failure code', 'Failure', 'Event ID at Extole']) {
      expect(row[header]).toBe(`'${evil}`);
    }
  });

  it.each(['one\rtwo', 'one\ntwo', 'one\r\ntwo', '"one"', 'one, two', 'one "two"\n\r, three'])(
    'keeps %j within its cell',
    async (text) => {
      await keep(event({ failure_code: 'x', failure_message: text }), event());
      const rows = rowsOf((await download()).body);
      expect(rows).toHaveLength(2);
      expect(rows[1]?.Failure).toBe(text);
    },
  );

  it.each([999, 1_000, 1_001, 2_500])('has each of %i events once', async (count) => {
    await keepManyEvents(store.test.deps.db, store.test.storeHash, START, count);
    const orders = rowsOf((await download()).body).map((row) => Number(row['Order ID']));
    expect(orders).toEqual(Array.from({ length: count }, (_, index) => 1_000_000 + count - index));
  });

  it('has 100,000 events at most, and its last line says so when there are more', async () => {
    await keepManyEvents(store.test.deps.db, store.test.storeHash, START, 100_000);
    const all = (await download()).body;
    expect(all.split('\r\n')).toHaveLength(1 + 100_000 + 1);
    expect(all).not.toContain('there are more');

    const [newest] = await keep(event({}, new Date(START.getTime() + 1_000)));
    const lines = (await download()).body.split('\r\n');
    expect(lines).toHaveLength(1 + 100_000 + 1 + 1);
    expect(lines[1]).toContain(newest);
    expect(lines.at(-2)).toMatch(/^"These are the newest 100,000 events, and there are more\. .*",+$/);
  }, 60_000);

  it('breaks off where the database fails, so that nobody takes it for all there is', async () => {
    const { app, deps, storeHash } = store.test;
    await keepManyEvents(deps.db, storeHash, START, 3_000);
    const headers = await store.test.session({ id: 999, email: 'x@brand.example' });
    const answer = app.inject({ url: '/api/events.csv', headers, payloadAsStream: true });
    const { stream } = await answer.then((one) => ({ stream: one.stream() }));
    await deps.db.schema.alterTable('event').renameTo('event_elsewhere').execute();
    try {
      await expect(
        (async () => {
          for await (const _ of stream) {
            // Reads on.
          }
        })(),
      ).rejects.toThrow();
    } finally {
      await deps.db.schema.alterTable('event_elsewhere').renameTo('event').execute();
    }
  });

  it('can be had ten times a minute by one user, and then by another', async () => {
    const { app, session } = store.test;
    const ask = async (id: number) =>
      (
        await app.inject({
          url: '/api/events.csv',
          headers: await session({ id, email: `${id}@brand.example` }),
        })
      ).statusCode;
    for (let count = 0; count < 10; count += 1) expect(await ask(1)).toBe(200);
    expect(await ask(1)).toBe(429);
    expect(await ask(2)).toBe(200);
    expect(
      (await app.inject({ url: '/api/events', headers: await session({ id: 1, email: 'x@y.example' }) }))
        .statusCode,
    ).toBe(200);
  });
});
