import type { FastifyBaseLogger } from 'fastify';
import { Logger, runMigrations } from 'graphile-worker';
import { Kysely, Migrator, PostgresDialect } from 'kysely';
import pg from 'pg';
import { AppError } from '../app-error.js';
import { MIGRATIONS } from './migrations.js';
import type { Tables } from './tables.js';

/** An open database. */
export interface OpenDatabase {
  readonly pool: pg.Pool;
  readonly db: Kysely<Tables>;
  /** Settles when all connections are closed. Queries that run are waited for. */
  close(): Promise<void>;
}

/** How long to wait for a connection, be it a new one or for a free one of the pool. */
const CONNECT_TIMEOUT_MS = 10_000;

/**
 * How long a transaction may wait for us to go on. None waits for anything but the database, so one that does belongs to a process that stopped in
 * its tracks, and would keep the rows of orders and stores from all others.
 */
const IDLE_TRANSACTION_MS = 30_000;

/**
 * Opens the database at an address and brings the tables of app and queue up to date. Several processes may do so at the same time: one
 * does it, the others wait.
 *
 * @param url - `postgres://user:password@host:5432/database`, as libpq has it. No error and no log holds it.
 * @param log - Is told when a connection that nobody used was lost. The pool makes new ones.
 * @param options.idleTransactionMs - How long a transaction may wait for us to go on, unless it is as it is for merchants.
 * @throws {AppError} `DATABASE_UNREACHABLE`, `DATABASE_NEWER_THAN_APP` or `DATABASE_MIGRATION_FAILED`.
 */
export async function openDatabase(
  url: string,
  log?: Pick<FastifyBaseLogger, 'warn'>,
  { idleTransactionMs = IDLE_TRANSACTION_MS }: { readonly idleTransactionMs?: number } = {},
): Promise<OpenDatabase> {
  const pool = makePool(url, log, idleTransactionMs);
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  try {
    await reach(pool);
    await migrate(pool, db);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return { pool, db, close: () => db.destroy() };
}

function makePool(
  url: string,
  log: Pick<FastifyBaseLogger, 'warn'> | undefined,
  idleTransactionMs: number,
): pg.Pool {
  const types = new pg.TypeOverrides();
  // Ids of BigCommerce's and our own counts are far from 2^53.
  types.setTypeParser(pg.types.builtins.INT8, Number);
  types.setTypeParser(pg.types.builtins.NUMERIC, Number);
  const pool = new pg.Pool({
    connectionString: url,
    max: 10,
    types,
    keepAlive: true,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: idleTransactionMs,
  });
  const lost = (error: Error): void => log?.warn({ err: error }, 'a database connection was lost');
  pool.on('error', lost);
  // What breaks while it is used also rejects the query.
  pool.on('connect', (client) => client.on('error', lost));
  return pool;
}

async function reach(pool: pg.Pool): Promise<void> {
  try {
    await pool.query('select 1');
  } catch (error) {
    throw new AppError(
      'DATABASE_UNREACHABLE',
      `the database at ${addressOf(pool)} can't be used: ${reasonOf(error)}. Check that it runs, and DATABASE_URL.`,
    );
  }
}

/** Host, port and name, without user and password. */
function addressOf(pool: pg.Pool): string {
  try {
    const { host, port, database } = new pg.Client(pool.options);
    return `${host}:${port}/${database ?? ''}`;
  } catch {
    return 'an address that is none';
  }
}

function reasonOf(error: unknown): string {
  // Where a name has several addresses, each has an error of its own.
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(', ');
  return error instanceof Error && !error.message.includes('Invalid URL')
    ? error.message
    : 'it is not an address';
}

/*
 * graphile-worker numbers queues and tasks with 32 bits, and takes a number whenever a job is added, also for what is there already: two weeks of 50
 * million orders a day, and no job could be added any more. So it begins again from 1. Where a queue has the number still, a job of a
 * new one runs without: the one time that it does not take turns, it does no harm.
 */
async function cycleNumbers(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ name: string }>(`
    select format('graphile_worker.%I', sequencename) as name from pg_sequences
    where schemaname = 'graphile_worker' and data_type = 'integer'::regtype and not cycle`);
  // Each by itself: two at once, and processes that start at the same time could wait for each other forever.
  for (const { name } of rows) await pool.query(`alter sequence ${name} cycle`);
}

async function migrate(pool: pg.Pool, db: Kysely<Tables>): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...MIGRATIONS }) } });
  const { error } = await migrator.migrateToLatest();
  if (error) {
    const newer = await unknownMigrations(db);
    if (newer.length > 0) {
      throw new AppError(
        'DATABASE_NEWER_THAN_APP',
        `a newer version of the app has changed this database (${newer.join(', ')}). Run that version, or restore the backup that was made before.`,
      );
    }
    throw migrationFailed(error);
  }
  try {
    await runMigrations({ pgPool: pool, logger: new Logger(() => () => {}) });
    await cycleNumbers(pool);
  } catch (error) {
    throw migrationFailed(error);
  }
}

const migrationFailed = (error: unknown): AppError =>
  new AppError(
    'DATABASE_MIGRATION_FAILED',
    `the tables could not be brought up to date: ${reasonOf(error)}. Nothing was changed. The user of DATABASE_URL has to own the database, or may have to create schemas and tables in it.`,
  );

async function unknownMigrations(db: Kysely<Tables>): Promise<string[]> {
  const executed = await db
    .withTables<{ kysely_migration: { name: string } }>()
    .selectFrom('kysely_migration')
    .select('name')
    .execute()
    // Without that table, nobody has changed anything.
    .catch(() => []);
  return executed.map(({ name }) => name).filter((name) => !(name in MIGRATIONS));
}
