import { type Kysely, sql } from 'kysely';
import type { Tables } from '../database/tables.js';
import type { Database } from '../deps.js';

/**
 * Runs queries for the first rows of an index, in a transaction. PostgreSQL plans by what it counted some time ago: it may take events that
 * wait for a handful when there are 100,000, and would as soon read all of them and sort. Where it may not sort, it reads in the order of the
 * index that has it, and stops.
 *
 * @param work - Gets the transaction. Its queries are ordered as an index is.
 */
export function inIndexOrder<T>(db: Kysely<Tables>, work: (db: Database) => Promise<T>): Promise<T> {
  return db.transaction().execute(async (transaction) => {
    // A plan that has to sort a few rows nevertheless seems so dear to PostgreSQL before 18 that it would be compiled.
    await sql`select set_config('enable_sort', 'off', true), set_config('enable_incremental_sort', 'off', true),
      set_config('jit', 'off', true)`.execute(transaction);
    return work(transaction);
  });
}
