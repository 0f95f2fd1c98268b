import { randomBytes } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { type Insertable, sql } from 'kysely';
import { readConfig } from '../../src/app/config.js';
import type { ChannelSettingsTable, EventTable } from '../../src/app/database/tables.js';
import type { DeliveryDeps } from '../../src/app/deliveries/deliver.js';
import type { EventBody } from '../../src/app/deliveries/event-body.js';
import type { Database } from '../../src/app/deps.js';
import { createLog } from '../../src/app/log.js';
import { createMetrics } from '../../src/app/metrics.js';
import { createQueue } from '../../src/app/queue/queue.js';
import { createSecretBox } from '../../src/app/secret-box.js';
import { accessTokenPurpose } from '../../src/app/settings/settings.js';
import { TIMING } from '../../src/app/timing.js';
import type { EventKind } from '../../src/catalog/activity-api.js';
import { DEFAULT_SETTINGS, type Settings } from '../../src/catalog/settings.js';
import { openTestDatabase } from './app-database.js';

/** What the stand-in for Extole got. */
export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: EventBody;
}

/** What it answers; `lost`: it breaks the connection; `late`: it never answers. */
export type EventAnswer =
  | 'lost'
  | 'late'
  | { readonly status: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> };

/** Extole's answer to an event that it does not take. */
export const refusal = (status: number, code: string, message = `words of ${code}`): EventAnswer => ({
  status,
  body: { unique_id: '1', http_status_code: status, code, message, parameters: {} },
});

/** When every test begins. */
export const START = new Date('2026-03-01T12:00:00Z');

/** An app's deliveries on an empty database, with a stand-in for Extole that a test rules. Jobs wait until a test runs them. */
export async function startDeliveries() {
  const database = await openTestDatabase();
  const received: Received[] = [];
  let answerTo: (event: Received) => EventAnswer | Promise<EventAnswer> = accept;
  let accepted = 0;
  function accept(): EventAnswer {
    accepted += 1;
    return { status: 200, body: { event_id: `extole-${accepted}` } };
  }

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', async () => {
      const { url = '', headers } = request;
      const event: Received = { path: url, headers, body: JSON.parse(Buffer.concat(chunks).toString()) };
      received.push(event);
      reply(response, await answerTo(event));
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;

  const clock = { timeMs: START.getTime() };
  const lines: string[] = [];
  const key = (): string => randomBytes(32).toString('base64');
  const config = readConfig({
    APP_URL: 'https://app.example.com',
    BIGCOMMERCE_CLIENT_ID: 'testclientid0123456789',
    BIGCOMMERCE_CLIENT_SECRET: key(),
    ENCRYPTION_KEYS: key(),
    SESSION_KEY: key(),
    EXTOLE_API_URL: `http://127.0.0.1:${port}`,
  });
  const deps: DeliveryDeps = {
    config,
    db: database.db,
    queue: createQueue(database.pool),
    secrets: createSecretBox(config.encryptionKeys),
    log: createLog('trace', { write: (line) => lines.push(line) }),
    metrics: createMetrics(),
    now: () => new Date(clock.timeMs),
    timing: TIMING,
    random: () => 0.5,
  };

  const { db } = deps;
  return {
    deps,
    database,
    /** A store without storefronts. */
    addStore: async (storeHash: string): Promise<void> => {
      const at = new Date(clock.timeMs);
      await db
        .insertInto('store')
        .values({ store_hash: storeHash, name: storeHash, scope: '', order_statuses: '[]', installed_at: at })
        .execute();
    },
    /** Has a storefront with a token (none for `null`), or changes its settings. */
    saveChannel: (
      storeHash: string,
      channelId: number,
      {
        token = `token-of-${storeHash}-${channelId}`,
        sameAs = null,
        settings = {},
      }: { token?: string | null; sameAs?: number | null; settings?: Partial<Settings> } = {},
      database: Database = db,
    ): Promise<void> =>
      saveChannel(deps, database, storeHash, channelId, {
        same_as: sameAs,
        settings: JSON.stringify({ ...DEFAULT_SETTINGS, ...settings }),
        access_token:
          token === null ? null : deps.secrets.seal(token, accessTokenPurpose(storeHash, channelId)),
      }),
    /** An event that waits, due now unless said otherwise. @returns Its id. */
    addEvent: async (
      storeHash: string,
      event: Partial<Insertable<EventTable>> & { orderId?: number | null; kind?: EventKind } = {},
    ): Promise<string> => {
      const { orderId = 1, kind = 'created', ...rest } = event;
      const at = new Date(clock.timeMs);
      const { id } = await db
        .insertInto('event')
        .values({
          store_hash: storeHash,
          channel_id: 1,
          order_id: orderId,
          kind,
          name: kind,
          occurred_at: at,
          created_at: at,
          data: JSON.stringify({ partner_conversion_id: `${orderId}`, email: 'jane@example.com' }),
          state: 'waiting',
          due_at: at,
          ...rest,
        })
        .returning('id')
        .executeTakeFirstOrThrow();
      return id;
    },
    event: (id: string) => db.selectFrom('event').selectAll().where('id', '=', id).executeTakeFirstOrThrow(),
    attempts: (id: string) =>
      db.selectFrom('attempt').selectAll().where('event_id', '=', id).orderBy('number').execute(),
    pauses: () => db.selectFrom('delivery_pause').selectAll().orderBy('channel_id').execute(),
    /** When each store that has a turn has it. */
    turns: async () => {
      const { rows } = await sql<{ key: string; run_at: Date }>`
        select key, run_at from graphile_worker.jobs order by run_at, id`.execute(db);
      return rows;
    },
    forgetTurns: () => sql`delete from graphile_worker._private_jobs`.execute(db),
    clock,
    /** Requests, in the order in which they came. */
    received,
    logged: () => lines.join(''),
    /** How events are answered from now on; as they should be, unless said otherwise. */
    setAnswer(answer: EventAnswer | ((event: Received) => EventAnswer | Promise<EventAnswer>) = accept) {
      answerTo = typeof answer === 'function' ? answer : () => answer;
    },
    accept,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await database.close();
    },
  };
}

async function saveChannel(
  { now }: DeliveryDeps,
  db: Database,
  storeHash: string,
  channelId: number,
  row: Pick<Insertable<ChannelSettingsTable>, 'same_as' | 'settings' | 'access_token'>,
): Promise<void> {
  await db
    .insertInto('channel')
    .values({
      store_hash: storeHash,
      channel_id: channelId,
      name: 'Shop',
      platform: 'bigcommerce',
      position: 0,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await db
    .insertInto('channel_settings')
    .values({
      store_hash: storeHash,
      channel_id: channelId,
      revision: 1,
      saved_at: now(),
      saved_by: 1,
      ...row,
    })
    .onConflict((conflict) => conflict.columns(['store_hash', 'channel_id']).doUpdateSet(row))
    .execute();
}

function reply(response: ServerResponse, answer: EventAnswer): void {
  if (answer === 'late') return;
  if (answer === 'lost') {
    response.destroy();
    return;
  }
  const { status, body, headers } = answer;
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body));
}
