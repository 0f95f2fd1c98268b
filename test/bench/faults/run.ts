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
import { appWords } from './rewards/app-words.js';
import { judgeRewards, type RewardVerdict } from './rewards/reward-verdict.js';
import { createRewardsSide, type RewardsSide } from './rewards/rewards-side.js';
import { STORES, settingsOf } from './stores.js';
import { attemptsKey, judge, type Verdict } from './verdict.js';
import { startWatch } from './watch.js';
import type { WebhookFigures } from './webhook-luck.js';
import { untilQuiet, whatIsLeft } from './what-is-left.js';

/** What is put to the test, and how hard. */
export interface RunOptions {
  readonly seed: number;
  readonly orders: number;
  readonly rewards: number;
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
  readonly webhooks: WebhookResult;
  readonly rewards: RewardVerdict & { readonly webhooks: WebhookResult };
  readonly foundBySweep: number;
  readonly extole: ReadonlyMap<string, number>;
  readonly bigcommerce: ReadonlyMap<string, number>;
  readonly seconds: number;
  /** What was still to be done at the end, if anything. */
  readonly unfinished: string | undefined;
}

/** How those of one kind fared. */
export interface WebhookResult extends WebhookFigures {
  /** Tried as often as there are tries, in vain. */
  readonly exhausted: number;
}

/** How many orders are placed in a second at most, and how much time there is between two kills at least. */
const ORDERS_PER_SECOND = 40;
const KILL_EVERY_MS = 5_000;

/** How long everything may take after the last order was placed. A machine with other work does less between two kills, and has more left then. */
const PATIENCE_MS = 900_000;

/** As often as real ones for a timing that is as much faster. */
const SWEEP_EVERY_MS = 4_000;
const WAKE_EVERY_MS = 3_000;
const POLL_EVERY_MS = 4_000;
const REFILL_EVERY_MS = 10_000;

/** Has all orders and rewards lived with an app that is killed again and again, and says what Extole got. */
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
  const rewards = createRewardsSide(draw, bigcommerce, extole);
  const ordersSince = await install(options, dataDir, key, { bigcommerce, extole, rewards });
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
    rewards.begin(app.url);

    const durationMs = Math.max((options.orders / ORDERS_PER_SECOND) * 1_000, options.kills * KILL_EVERY_MS);
    const ending = new AbortController();
    // Each order and each reward listens.
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
    const rewardLives = rewards.live(options.rewards, durationMs, ending.signal);
    const all = await Promise.race([
      Promise.all([...lives, ...rewardLives, chaos.done]).then(() => 'lived' as const),
      aborted(ending.signal),
    ]);
    const places = { eye, bigcommerce, rewards };
    if (all === 'lived') await untilQuiet(places, ending.signal);
    await Promise.allSettled([...lives, ...rewardLives]);
    const what = all === 'lived' ? 'a last look at what nobody told of' : 'lives';
    const unfinished = ending.signal.aborted
      ? ((await whatIsLeft(places, new Date(0), new Date(0))) ?? what)
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
      webhooks: { ...bigcommerce.webhooks, exhausted: bigcommerce.exhaustedWebhooks() },
      rewards: {
        ...judgeRewards(
          rewards.judged(),
          [...bigcommerce.stores.values()].map(({ content }) => content),
          await appWords(eye),
        ),
        webhooks: { ...rewards.webhooks, exhausted: rewards.exhaustedWebhooks() },
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
  sides: {
    readonly bigcommerce: BigCommerceSide;
    readonly extole: ExtoleSide;
    readonly rewards: RewardsSide;
  },
): Promise<Date> {
  const server = databaseUrl === undefined ? await startEmbeddedDatabase(dataDir) : undefined;
  const database = await openDatabase(databaseUrl ?? server?.url ?? '');
  const { bigcommerce, extole, rewards } = sides;
  const secrets = createSecretBox([key]);
  const now = new Date();
  for (const store of STORES) {
    const tokens = {
      bigcommerce: bigcommerce.stores.get(store.storeHash)?.accessToken ?? '',
      extole: extole.accounts.get(store.storeHash)?.accessToken ?? '',
    };
    await installBenchStore(database, secrets, store, tokens, now);
  }
  await rewards.install(database, secrets, now);
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
    every(POLL_EVERY_MS, async () => {
      await eye.ask('update reward_settings set poll_at = now()');
      await eye.ask(ADD_JOBS, ['poll-rewards']);
    }),
    every(REFILL_EVERY_MS, () => eye.ask(ADD_JOBS, ['refill-codes'])),
    every(WAKE_EVERY_MS, () =>
      eye.ask(`select graphile_worker.add_job('wake-overdue', queue_name => 'wake-overdue',
        job_key => 'wake-overdue', max_attempts => 10)`),
    ),
  ]);
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
