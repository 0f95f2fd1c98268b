import { Kysely, PostgresDialect, sql } from 'kysely';
import type { Pool } from 'pg';
import type { Tables } from '../database/tables.js';
import type { Database } from '../deps.js';

/** The tasks of the app, each with what it is told. */
export interface TaskPayloads {
  /** Brings a store to what its settings say. The row of table `job` says why. */
  readonly provision: { readonly storeHash: string; readonly jobId: string };
  /** Looks at a store and keeps what differs. */
  readonly look: { readonly storeHash: string };
  /** Asks BigCommerce for a store's storefronts again. */
  readonly 'refresh-channels': { readonly storeHash: string };
  /** Has BigCommerce tell of what the settings ask for. */
  readonly 'keep-webhooks': { readonly storeHash: string };
  /** Looks at the orders of a store that something was heard of, and makes events of what is new. */
  readonly 'look-at-orders': { readonly storeHash: string };
  /** Delivers the events of a store that are due. */
  readonly deliver: { readonly storeHash: string };
  /** Finds orders of a store that no webhook told of, and webhooks that are switched off. */
  readonly sweep: { readonly storeHash: string };
  /** Goes on with a store's import. */
  readonly import: { readonly storeHash: string };
  /** Fulfills the rewards of a store that are due, and takes back those that Extole did. */
  readonly 'fulfill-rewards': { readonly storeHash: string };
  /** Asks Extole for rewards of a store that no webhook told of. */
  readonly 'poll-rewards': { readonly storeHash: string };
  /** Makes coupon codes of a store to be kept ready. */
  readonly 'refill-codes': { readonly storeHash: string };
  /** Has every store asked whose turn it is. Every minute. */
  readonly 'poll-all': Record<string, never>;
  /** Has the stores swept whose turn it is, each once in 15 minutes. Every minute. */
  readonly 'sweep-all': Record<string, never>;
  /** Wakes stores with something overdue, whatever became of their jobs. Every minute. */
  readonly 'wake-overdue': Record<string, never>;
  /** Has every store looked at, spread over the hours that follow. Nightly. */
  readonly 'look-at-all': Record<string, never>;
  /** Brings every store whose scripts name an earlier version of the SDK to this one. After a release. */
  readonly 'roll-out': Record<string, never>;
  /** Erases stores that are gone for 30 days, used JWTs that ended, and old jobs. Nightly. */
  readonly erase: Record<string, never>;
}

/**
 * What does the work of each task. A task that rejects is tried again, later each time, until `isLast`. One whose process dies is tried
 * again as well, so each has to find its way from wherever an earlier attempt got.
 */
export type Tasks = {
  readonly [Name in keyof TaskPayloads]: (
    payload: TaskPayloads[Name],
    attempt: { readonly number: number; readonly isLast: boolean },
  ) => Promise<void>;
};

/** A task that is told a store and no more. */
export type StoreTask = {
  [Name in keyof TaskPayloads]: { readonly storeHash: string } extends TaskPayloads[Name] ? Name : never;
}[keyof TaskPayloads];

/** Where work waits, in the same database. */
export interface Queue {
  /**
   * Adds a job, as part of the transaction where one is given.
   *
   * @param options.key - A job that waits under the same key is replaced. One that runs under it is let end first, and not tried again
   *   should it fail.
   * @param options.runAt - Not before.
   * @param options.keepsRunAt - Whether one that waits under the key keeps its time.
   */
  add<Name extends keyof TaskPayloads>(
    name: Name,
    payload: TaskPayloads[Name],
    options?: AddOptions & { readonly key?: string },
  ): Promise<void>;
  /**
   * Has something done for a store, or for each of several: at most one job of a task waits for each. With the options of
   * {@link Queue.add}; whoever names several in a transaction does so in the order of their hashes.
   */
  wake(name: StoreTask, storeHashes: string | readonly string[], options?: AddOptions): Promise<void>;
}

/** See {@link Queue.add}. */
export interface AddOptions {
  readonly runAt?: Date;
  readonly keepsRunAt?: boolean;
  readonly db?: Database;
}

/**
 * How often a job is tried, the first time included. With graphile-worker's waiting times (e, e², e³ … seconds) the last is three and a
 * half hours after the first: longer than BigCommerce is usually away, and over before the next night's look.
 */
export const MAX_ATTEMPTS = 10;

/** Makes the queue of a database. Its tables are `openDatabase`'s to make. */
export function createQueue(pool: Pool): Queue {
  const own = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  return {
    add: (name, payload, { key = null, ...options } = {}) =>
      addJobs(options.db ?? own, name, [{ payload, key }], options),
    wake(name, storeHashes, options = {}) {
      const jobs = [storeHashes]
        .flat()
        .map((storeHash) => ({ payload: { storeHash }, key: `${name}:${storeHash}` }));
      return addJobs(options.db ?? own, name, jobs, options);
    },
  };
}

async function addJobs(
  db: Database,
  name: keyof TaskPayloads,
  jobs: readonly { readonly payload: object; readonly key: string | null }[],
  { runAt = null, keepsRunAt = false }: { readonly runAt?: Date | null; readonly keepsRunAt?: boolean },
): Promise<void> {
  let left = jobs;
  while (left.length > 0) {
    const payloads = left.map(({ payload }) => JSON.stringify(payload));
    const keys = left.map(({ key }) => key);
    // Jobs of one queue, which has the name of the key, run one after the other. One that a worker has already, and that is replaced, is over
    // even if that gives it back before it began: graphile-worker takes one attempt off it then, and would fetch both at once. Counting has that
    // done first.
    const { rows } = await sql<{ key: string | null }>`
      with replaced as (
        update graphile_worker._private_jobs set key = null, attempts = max_attempts + 1
        where key = any(${keys}::text[]) and locked_at is not null
        returning id
      )
      select key from graphile_worker.add_jobs(
        array(
          select row(
            ${name}::text, payload::json, key, ${runAt}::timestamptz, ${MAX_ATTEMPTS}::smallint, key, null, null
          )::graphile_worker.job_spec
          from unnest(${payloads}::text[], ${keys}::text[]) as job (payload, key)
          where (select count(*) from replaced) >= 0
        ),
        ${keepsRunAt}::boolean
      )`.execute(db);
    const added = new Set(rows.map(({ key }) => key));
    // One whose forerunner begins at this very moment neither replaces it nor follows it. By now that is seen to run.
    left = left.filter(({ key }) => !added.has(key));
  }
}
