import { randomInt } from 'node:crypto';
import pg from 'pg';
import { forMs, repeat, type Speed } from './repeat.js';

/** What the database takes by itself of rows like those that webhooks become: each on the disk before the next one of its connection. */
export interface BareInserts {
  measure(ms: number): Promise<Speed>;
  close(): Promise<void>;
}

/** @param connections - How many write at the same time. */
export async function openBareInserts(databaseUrl: string, connections: number): Promise<BareInserts> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: connections });
  await pool.query('create table if not exists bare_insert (like store_order including all)');
  const insert = (): Promise<unknown> =>
    pool.query(
      `insert into bare_insert (store_hash, order_id, heard_at, found_by, due_at)
      values ('store', $1, now(), 'webhook', now())`,
      [randomInt(2 ** 47)],
    );
  return {
    measure: (ms) => repeat(insert, { atOnce: connections, goesOn: forMs(ms) }),
    close: () => pool.end(),
  };
}
