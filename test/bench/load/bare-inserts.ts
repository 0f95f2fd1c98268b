import { randomInt } from 'node:crypto';
import pg from 'pg';

/** How fast something went: how often in a second, and how long each took. */
export interface Speed {
  readonly perSecond: number;
  readonly tookMs: readonly number[];
}

/**
 * Does something again and again for a time.
 *
 * @param atOnce - How many times at the same time.
 */
export async function repeat(
  act: () => Promise<unknown>,
  { atOnce, forMs }: { readonly atOnce: number; readonly forMs: number },
): Promise<Speed> {
  const tookMs: number[] = [];
  const startMs = performance.now();
  const goOn = async (): Promise<void> => {
    while (performance.now() < startMs + forMs) {
      const beginMs = performance.now();
      await act();
      tookMs.push(performance.now() - beginMs);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, goOn));
  return { perSecond: tookMs.length / ((performance.now() - startMs) / 1_000), tookMs };
}

/** What the database takes by itself of rows like those that webhooks become: each on the disk before the next one of its connection. */
export interface BareInserts {
  measure(forMs: number): Promise<Speed>;
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
    measure: (forMs) => repeat(insert, { atOnce: connections, forMs }),
    close: () => pool.end(),
  };
}
