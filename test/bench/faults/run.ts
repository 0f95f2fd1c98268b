import { randomBytes } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openDatabase } from '../../../src/app/database/database.js';
import { startEmbeddedDatabase } from '../../../src/app/database/embedded.js';
import { createSecretBox } from '../../../src/app/secret-box.js';
import { createDatabaseEye, type DatabaseEye, embeddedUrl } from '../database-eye.js';
import { installBenchStore } from '../install-store.js';
import { until } from '../wait.js';
import { startAppSide } from './app-side.js';
import { type BigCommerceSide, startBigCommerceSide } from './bigcommerce-side.js';
import { startChaos } from './chaos.js';
import { type ExtoleSide, startExtoleSide } from './extole-side.js';
import { live } from './live.js';
import type { LivedOrder } from './model.js';
import { planOrders } from './plan.js';
import { drawsOf } from './random.js';
import { STORES, settingsOf } from './stores.js';
import { TIMING } from './timing.js';
import { attemptsKey, judge, type Verdict } from './verdict.js';
import { startWatch } from './watch.js';

/** What is put to the test, and how hard. */
export interface RunOptions {
  readonly seed: number;
  readonly orders: number;
  readonly kills: number;
  readonly cuts: number;
  readonly processes: number;
  /** An empty database; `undefined`: the embedded one. */
  readonly databaseUrl: string | undefined;
  readonly logLevel: string;
}

/** What came of it. */
export interface RunResult extends Verdict {
  readonly orders: number;
  readonly stores: number;
  readonly kills: number;
  readonly failedStarts: number;
  readonly crashes: number;
  readonly cuts: number;
  readonly webhooks: Readonly<Record<'sent' | 'dropped' | 'duplicated' | 'delayed' | 'exhausted', number>>;
  readonly foundBySweep: number;
  readonly extole: ReadonlyMap<string, number>;
  readonly bigcommerce: ReadonlyMap<string, number>;
  readonly seconds: number;
  /** What was still to be done at the end, if anything. */
  readonly unfinished: string | undefined;
}

/** How many orders are placed in a second at most, and how much time there is between two kills at least. */
const ORDERS_PER_SECOND = 40;
const KILL_EVERY_MS = 5_000;

/** How long everything may take after the last order was placed. */
const PATIENCE_MS = 300_000;

/** As often as real ones for a timing that is as much faster. */
const SWEEP_EVERY_MS = 4_000;
const WAKE_EVERY_MS = 3_000;

/** Has all orders lived with an app that is killed again and again, and says what Extole got. */
export async function run(options: RunOptions): Promise<RunResult> {
  const draw = drawsOf(options.seed);
  const startedMs = performance.now();
  const key = randomBytes(32);
  const client = { clientId: 'benchclientid0123456789', clientSecret: randomBytes(32).toString('hex') };
  const dataDir = await mkdtemp(join(tmpdir(), 'extole-faults-'));
  const [bigcommerce, extole] = await Promise.all([
    startBigCommerceSide(draw, STORES, client),
    startExtoleSide(draw, STORES),
  ]);
  const ordersSince = await install(options, dataDir, key, bigcommerce, extole);
  const app = await startAppSide(options.processes, (appUrl, number) => ({
    APP_URL: appUrl,
    HOST: '127.0.0.1',
    PORT: '0',
    LOG_LEVEL: options.logLevel,
    ...(options.databaseUrl && { DATABASE_URL: options.databaseUrl }),
    DATA_DIR: dataDir,
    BIGCOMMERCE_CLIENT_ID: client.clientId,
    BIGCOMMERCE_CLIENT_SECRET: client.clientSecret,
    ENCRYPTION_KEYS: key.toString('base64'),
    SESSION_KEY: randomBytes(32).toString('base64'),
    BIGCOMMERCE_API_URL: bigcommerce.url,
    EXTOLE_API_URL: extole.urlFor(number),
  }));
  const { databaseUrl } = options;
  const eye = createDatabaseEye(async () => databaseUrl ?? embeddedUrl(dataDir));
  try {
    await app.start();
    await untilWebhooksAreThere(eye, bigcommerce);
    bigcommerce.begin();

    const durationMs = Math.max((options.orders / ORDERS_PER_SECOND) * 1_000, options.kills * KILL_EVERY_MS);
    const ending = new AbortController();
    // Each order listens.
    setMaxListeners(0, ending.signal);
    const limit = setTimeout(() => ending.abort(), durationMs + PATIENCE_MS);
    const clockwork = startClockwork(eye, ending.signal);
    const watch = startWatch(eye);
    ending.signal.addEventListener('abort', () => watch.stop());
    const planned = planOrders(draw, options.orders, durationMs);
    const orders = planned.map(
      (order): LivedOrder => ({
        store: order.store,
        id: order.id,
        lifeName: order.life.name,
        settings: settingsOf(order.store, order.content.channelId ?? 1),
        ordersSinceMs: Math.floor(ordersSince.getTime() / 1_000) * 1_000,
        states: [],
      }),
    );
    const chaos = startChaos(draw, { app, eye }, { ...options, durationMs });
    const lives = planned.map(async (order, index) => {
      const content = bigcommerce.stores.get(order.store.storeHash)?.content;
      const lived = orders[index];
      if (content && lived) await live(content, order, lived, (one) => watch.untilFound(one), ending.signal);
    });
    const all = await Promise.race([
      Promise.all([...lives, chaos.done]).then(() => 'lived' as const),
      aborted(ending.signal),
    ]);
    if (all === 'lived') await untilQuiet(eye, bigcommerce, ending.signal);
    await Promise.allSettled(lives);
    const unfinished = ending.signal.aborted
      ? ((await whatIsLeft(eye, bigcommerce, new Date(0))) ?? 'lives')
      : undefined;
    clearTimeout(limit);
    ending.abort();
    await clockwork;
    const [sweep] =
      (await eye.ask<{ found: string }>('select sum(total_found) as found from order_sweep')) ?? [];

    return {
      ...judge(orders, extole.arrivals, { deaths: app.deaths, cutsMs: chaos.cutsMs }, await attemptsOf(eye)),
      orders: options.orders,
      stores: STORES.length,
      kills: app.deaths.size,
      failedStarts: app.failedStarts,
      crashes: app.crashes,
      cuts: chaos.cutsMs.length,
      webhooks: {
        sent: bigcommerce.webhooks.copies,
        dropped: bigcommerce.webhooks.dropped,
        duplicated: bigcommerce.webhooks.duplicated,
        delayed: bigcommerce.webhooks.delayed,
        exhausted: bigcommerce.exhaustedWebhooks(),
      },
      foundBySweep: Number(sweep?.found ?? Number.NaN),
      extole: extole.counts,
      bigcommerce: bigcommerce.counts,
      seconds: (performance.now() - startedMs) / 1_000,
      unfinished,
    };
  } finally {
    await eye.close();
    await app.stop();
    await Promise.all([bigcommerce.close(), extole.close()]);
    await rm(dataDir, { recursive: true, force: true });
  }
}

const aborted = (signal: AbortSignal): Promise<'aborted'> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve('aborted'), { once: true }));

/** Puts the stores into the database. @returns Since when their orders count. */
async function install(
  { databaseUrl }: RunOptions,
  dataDir: string,
  key: Buffer,
  bigcommerce: BigCommerceSide,
  extole: ExtoleSide,
): Promise<Date> {
  const server = databaseUrl === undefined ? await startEmbeddedDatabase(dataDir) : undefined;
  const database = await openDatabase(databaseUrl ?? server?.url ?? '');
  const now = new Date();
  for (const store of STORES) {
    const tokens = {
      bigcommerce: bigcommerce.stores.get(store.storeHash)?.accessToken ?? '',
      extole: extole.tokens.get(store.storeHash) ?? '',
    };
    await installBenchStore(database, createSecretBox([key]), store, tokens, now);
  }
  await database.close();
  await server?.stop();
  return now;
}

const ADD_JOBS = `select graphile_worker.add_job(
    task, payload => json_build_object('storeHash', store_hash), queue_name => task || ':' || store_hash,
    job_key => task || ':' || store_hash, max_attempts => 10)
  from store cross join (select $1::text as task) as tasks`;

async function untilWebhooksAreThere(eye: DatabaseEye, bigcommerce: BigCommerceSide): Promise<void> {
  await eye.ask(ADD_JOBS, ['keep-webhooks']);
  const areThere = (): boolean =>
    [...bigcommerce.stores.values()].every(({ content }) =>
      [...content.hooks.values()].some(({ scope }) => scope === 'store/order/statusUpdated'),
    );
  await until(async () => areThere(), 30_000);
  // The last of them.
  await pause(500);
}

/** Does what the app's own clock does every few minutes. */
async function startClockwork(eye: DatabaseEye, signal: AbortSignal): Promise<void> {
  const every = async (ms: number, act: () => Promise<unknown>): Promise<void> => {
    while (!signal.aborted) {
      await act();
      await pause(ms, undefined, { signal }).catch(() => {});
    }
  };
  await Promise.all([
    every(SWEEP_EVERY_MS, () => eye.ask(ADD_JOBS, ['sweep'])),
    every(WAKE_EVERY_MS, () =>
      eye.ask(`select graphile_worker.add_job('wake-overdue', queue_name => 'wake-overdue',
        job_key => 'wake-overdue', max_attempts => 10)`),
    ),
  ]);
}

/** Settles when nothing is left to be done, and a sweep has looked for what nobody told of. */
async function untilQuiet(
  eye: DatabaseEye,
  bigcommerce: BigCommerceSide,
  signal: AbortSignal,
): Promise<void> {
  const changedLast = new Date(Date.now() + TIMING.sweepLagMs);
  while (!signal.aborted && (await whatIsLeft(eye, bigcommerce, changedLast)) !== undefined) await pause(200);
}

/** What the app says of how it went with events that took more than one attempt, by what {@link judge} calls them. */
async function attemptsOf(eye: DatabaseEye): Promise<ReadonlyMap<string, string>> {
  const rows = await eye.ask<Record<'order_id' | 'kind' | 'refund_id' | 'attempts', string>>(
    `select order_id, kind, refund_id,
      string_agg(concat_ws(' ', number, attempt.outcome, attempt.failure_code, duration_ms || ' ms'), ', ' order by number)
        as attempts
    from event join attempt on attempt.event_id = event.id
    where attempt_count > 1
    group by event.id`,
  );
  return new Map(
    rows?.map(({ order_id, kind, refund_id, attempts }) => [
      attemptsKey(Number(order_id), refund_id === '0' ? kind : `${kind}:${refund_id}`),
      attempts,
    ]),
  );
}

async function whatIsLeft(
  eye: DatabaseEye,
  bigcommerce: BigCommerceSide,
  sweptTo: Date,
): Promise<string | undefined> {
  const [left] =
    (await eye.ask<Record<'due' | 'waiting' | 'dead' | 'unswept', string>>(
      `select
        (select count(*) from store_order where due_at is not null) as due,
        (select count(*) from event where state = 'waiting') as waiting,
        (select count(*) from event where state not in ('waiting', 'delivered')) as dead,
        (select count(*) from order_sweep where swept_to < $1) as unswept`,
      [sweptTo],
    )) ?? [];
  if (!left) return 'a database that does not answer';
  const what = [
    [Number(left.due), 'orders to look at'],
    [Number(left.waiting), 'events to deliver'],
    [Number(left.dead), 'events given up'],
    [Number(left.unswept), 'stores to sweep'],
    [bigcommerce.waitingWebhooks(), 'webhooks to send'],
  ] as const;
  const words = what.filter(([count]) => count > 0).map(([count, name]) => `${count} ${name}`);
  return words.length > 0 ? words.join(', ') : undefined;
}
