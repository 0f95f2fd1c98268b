import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { compare, comparisonRow, formatMs, quantile, type Row, type Section } from '../measure.js';
import { formatMb } from '../memory.js';
import { spawnApp } from '../spawn-app.js';
import { until } from '../wait.js';
import { openBareInserts } from './bare-inserts.js';
import { debianDatabase, embeddedDatabase, type LoadDatabase } from './databases.js';
import { forMs, repeat, type Speed } from './repeat.js';
import { startBigCommerce, startExtole } from './stand-ins.js';
import { createWebhookSender, type WebhookSender } from './webhook-sender.js';

const STORES = 100;
const IN_FLIGHT = 64;
const ROUNDS = 5;
const ROUND_MS = 2_000;
const FLOOD_WEBHOOKS = 6_000;
const CALM_WEBHOOKS = 300;
const CALM_EVERY_MS = 50;
const REST_MS = 5_000;
const PATIENCE_MS = 600_000;

/**
 * How much one process of the app takes and how fast, on each database: webhooks until they are answered, beside what the database takes by
 * itself, and orders until Extole has them.
 */
export async function measureLoad(): Promise<Section[]> {
  const key = randomBytes(32);
  const sections: Section[] = [];
  for (const open of [embeddedDatabase, debianDatabase]) {
    const database = await open(key, STORES);
    if (typeof database === 'string') sections.push({ title: 'Orders', rows: [], note: database });
    else sections.push(await measureOn(database, key).finally(database.close));
  }
  return sections;
}

async function measureOn(database: LoadDatabase, key: Buffer): Promise<Section> {
  const arrivals = new Map<number, number>();
  const [bigcommerce, extole] = await Promise.all([
    startBigCommerce(),
    startExtole((orderId) => arrivals.set(orderId, performance.now())),
  ]);
  const clientSecret = randomBytes(32).toString('hex');
  const app = await spawnApp({
    ...database.environment,
    BIGCOMMERCE_CLIENT_SECRET: clientSecret,
    ENCRYPTION_KEYS: key.toString('base64'),
    BIGCOMMERCE_API_URL: bigcommerce.url,
    EXTOLE_API_URL: extole.url,
  });
  const { secrets } = database;
  const sender = createWebhookSender({ appUrl: app.url, clientSecret, secrets, connections: IN_FLIGHT });
  try {
    await pause(REST_MS);
    const rest = database.memory(app.pid);
    const calm = await measureCalm(sender, arrivals);
    const flood = await measureFlood(sender, arrivals, () => database.memory(app.pid));
    bigcommerce.fallSilent();
    const taken = await measureTaken(sender, await database.url());
    const memory = ({ app: own, database: beside }: Memory): string =>
      `${formatMb(own)} + ${formatMb(beside)}`;
    return {
      title: `Orders, on ${database.title}`,
      rows: [
        ...taken,
        { what: 'orders delivered, from the first webhook to the last event', ours: perSecond(flood.rate) },
        { what: 'webhooks taken meanwhile, p50 of the answer', ours: formatMs(quantile(flood.tookMs, 0.5)) },
        { what: 'webhooks taken meanwhile, p99', ours: formatMs(quantile(flood.tookMs, 0.99)) },
        {
          what: `from webhook to Extole, ${1_000 / CALM_EVERY_MS} a second, p50`,
          ours: formatMs(quantile(calm, 0.5)),
        },
        {
          what: `from webhook to Extole, ${1_000 / CALM_EVERY_MS} a second, p99`,
          ours: formatMs(quantile(calm, 0.99)),
        },
        { what: 'memory at rest, the app + its database', ours: memory(rest) },
        { what: 'memory under load, the app + its database', ours: memory(flood.memory) },
      ],
      note: `one process, ${STORES} stores; yardstick: inserts of such rows without the app, each durable before the next, as many at a time; app, database, stand-ins and whoever sends share the machine`,
    };
  } finally {
    await sender.close();
    // What the app waits for would keep it from ending.
    bigcommerce.close();
    await app.stop();
    extole.close();
  }
}

type Memory = ReturnType<LoadDatabase['memory']>;
type Round = Readonly<Record<'ours' | 'bare' | 'oursAlone' | 'bareAlone', Speed>>;

const perSecond = (rate: number): string => `${Math.round(rate).toLocaleString('en')} /s`;

/**
 * What webhooks cost while nothing else is done, since BigCommerce does not answer. Ours and the yardstick take turns.
 */
async function measureTaken(sender: WebhookSender, databaseUrl: string): Promise<Row[]> {
  const many = await openBareInserts(databaseUrl, IN_FLIGHT);
  const one = await openBareInserts(databaseUrl, 1);
  const rounds: Round[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    rounds.push({
      ours: await repeat(sender.send, { atOnce: IN_FLIGHT, goesOn: forMs(ROUND_MS) }),
      bare: await many.measure(ROUND_MS),
      oursAlone: await repeat(sender.send, { atOnce: 1, goesOn: forMs(ROUND_MS) }),
      bareAlone: await one.measure(ROUND_MS),
    });
  }
  await Promise.all([many.close(), one.close()]);
  const figures = (side: keyof Round, part: number): number[] =>
    rounds.map((round) => quantile(round[side].tookMs, part));
  const rates = (side: keyof Round): number[] => rounds.map((round) => round[side].perSecond);
  return [
    comparisonRow(
      `webhooks taken, ${IN_FLIGHT} at a time`,
      compare(rates('ours'), rates('bare'), 'cost'),
      perSecond,
    ),
    comparisonRow('the answer, p50', compare(figures('ours', 0.5), figures('bare', 0.5)), formatMs),
    comparisonRow('the answer, p99', compare(figures('ours', 0.99), figures('bare', 0.99)), formatMs),
    comparisonRow(
      'webhooks taken, one at a time',
      compare(rates('oursAlone'), rates('bareAlone'), 'cost'),
      perSecond,
    ),
    comparisonRow('the answer, p50', compare(figures('oursAlone', 0.5), figures('bareAlone', 0.5)), formatMs),
  ];
}

/** @returns How long each order took from its webhook to Extole, in a shop that has time. */
async function measureCalm(sender: WebhookSender, arrivals: ReadonlyMap<number, number>): Promise<number[]> {
  const sentMs = new Map<number, number>();
  for (let number = 0; number < CALM_WEBHOOKS; number += 1) {
    const startMs = performance.now();
    const [{ orderId, isNew }] = await Promise.all([sender.send(), pause(CALM_EVERY_MS)]);
    if (isNew) sentMs.set(orderId, startMs);
  }
  await until(async () => [...sentMs.keys()].every((orderId) => arrivals.has(orderId)), PATIENCE_MS);
  return [...sentMs].map(([orderId, atMs]) => (arrivals.get(orderId) ?? Number.NaN) - atMs);
}

/** Sends many webhooks as fast as they are taken, and waits until Extole has all that they told of. */
async function measureFlood(
  sender: WebhookSender,
  arrivals: ReadonlyMap<number, number>,
  memory: () => Memory,
): Promise<{ readonly rate: number; readonly tookMs: readonly number[]; readonly memory: Memory }> {
  const before = arrivals.size;
  const startMs = performance.now();
  let toSend = FLOOD_WEBHOOKS;
  let orders = 0;
  const send = async (): Promise<void> => {
    const { isNew } = await sender.send();
    if (isNew) orders += 1;
  };
  const goesOn = (): boolean => {
    toSend -= 1;
    return toSend >= 0;
  };
  const sending = repeat(send, { atOnce: IN_FLIGHT, goesOn });
  let isSent = false;
  const end = (): void => {
    isSent = true;
  };
  sending.then(end, end);
  const most = { app: 0, database: 0 };
  const look = (): void => {
    const { app, database } = memory();
    most.app = Math.max(most.app, app);
    most.database = Math.max(most.database, database);
  };
  for (let looks = 0; !isSent || arrivals.size < before + orders; looks += 1) {
    if (performance.now() > startMs + PATIENCE_MS) throw new Error('Extole did not get all orders.');
    // A look costs some, too.
    if (looks % 20 === 0) look();
    await pause(50);
  }
  const { tookMs } = await sending;
  return { rate: orders / ((Math.max(...arrivals.values()) - startMs) / 1_000), tookMs, memory: most };
}
