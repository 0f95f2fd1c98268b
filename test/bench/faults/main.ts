import { parseArgs } from 'node:util';
import pg from 'pg';
import { startDebianPostgres } from '../../support/postgres.js';
import { printResult } from './print-result.js';
import { run } from './run.js';

/*
 * `npm run bench:faults`: does Extole get each event once, and each reward one coupon code, whatever goes wrong? Thousands of orders and rewards, with webhooks that come twice, late,
 * in another order or never, an Extole and a BigCommerce that fail, an app that is killed again and again, and a database that is cut off.
 * The exit code is 1 where anything is lost, wrong, or sent twice without need, and where a code is not exactly one reward's.
 *
 *   --orders 10000   how many, for each configuration
 *   --rewards 2000   how many beside them; in proportion to the orders unless it is said
 *   --seed 1         what happens to whom, and what goes wrong when
 *   --only embedded  one or several of the configurations, with commas between them
 *   --kills 50       how often a process is killed; in proportion to the orders unless it is said
 *   --cuts 10        how often the database's connections are cut; the same
 *   --log warn       what of its log the app prints
 */
const { values } = parseArgs({
  options: {
    orders: { type: 'string', default: '10000' },
    rewards: { type: 'string' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    kills: { type: 'string' },
    cuts: { type: 'string' },
    log: { type: 'string', default: 'silent' },
  },
});

const CONFIGURATIONS = [
  { name: 'embedded', title: 'embedded database, 1 process', isEmbedded: true, processes: 1 },
  { name: 'postgres-1', title: 'PostgreSQL, 1 process', isEmbedded: false, processes: 1 },
  { name: 'postgres-2', title: 'PostgreSQL, 2 processes', isEmbedded: false, processes: 2 },
  { name: 'postgres-4', title: 'PostgreSQL, 4 processes', isEmbedded: false, processes: 4 },
] as const;

const orders = Number(values.orders);
const inProportion = (said: string | undefined, of10000: number): number =>
  said === undefined ? Math.ceil((of10000 * orders) / 10_000) : Number(said);
const options = {
  orders,
  rewards: inProportion(values.rewards, 2_000),
  seed: Number(values.seed),
  kills: inProportion(values.kills, 50),
  cuts: inProportion(values.cuts, 10),
  logLevel: values.log,
};
const only = values.only?.split(',');
const chosen = CONFIGURATIONS.filter(({ name }) => only?.includes(name) ?? true);
if (
  chosen.length === 0 ||
  ![orders, options.rewards].every(Number.isSafeInteger) ||
  !Number.isSafeInteger(options.seed)
) {
  console.error(
    `--only takes ${CONFIGURATIONS.map(({ name }) => name).join(', ')}; --orders, --rewards and --seed, numbers.`,
  );
  process.exit(2);
}

const server = chosen.some(({ isEmbedded }) => !isEmbedded) ? startDebianPostgres() : undefined;
if (typeof server === 'string') {
  console.error(server);
  process.exit(2);
}

console.log(
  `Seed ${options.seed}. Each configuration: ${orders} orders, ${options.rewards} rewards, ${options.kills} kills, ${options.cuts} cuts.`,
);
try {
  for (const { name, title, isEmbedded, processes } of chosen) {
    const databaseUrl = isEmbedded || !server ? undefined : await createDatabase(server.url, name);
    const result = await run({ ...options, processes, databaseUrl });
    printResult(title, result);
    const { lost, wrong, duplicated, crashes, unfinished, rewards } = result;
    const isOff = lost + wrong + duplicated + crashes + rewards.problems.length > 0;
    if (isOff || unfinished !== undefined) process.exitCode = 1;
  }
} finally {
  server?.stop();
}
// What may still be under way between the stand-ins is of no interest.
process.exit();

async function createDatabase(serverUrl: string, name: string): Promise<string> {
  const database = `faults_${name.replace('-', '_')}`;
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  await client.query(`create database ${database}`);
  await client.end();
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}
