import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';

/** The bench's own look into the app's database. */
export interface DatabaseEye {
  /** @returns `undefined` when the database is not there at the moment. */
  ask<Row extends pg.QueryResultRow>(text: string, values?: readonly unknown[]): Promise<Row[] | undefined>;
  close(): Promise<void>;
}

/** @param urlOf - Where it is now; rejects while it is nowhere. */
export function createDatabaseEye(urlOf: () => Promise<string>): DatabaseEye {
  let client: pg.Client | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const forget = (): void => {
    client?.end().catch(() => {});
    client = undefined;
  };

  const connect = async (): Promise<pg.Client> => {
    if (client) return client;
    const made = new pg.Client({ connectionString: await urlOf(), query_timeout: 10_000 });
    made.on('error', forget);
    await made.connect();
    client = made;
    return made;
  };
  return {
    async ask<Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []) {
      const answer = last
        .then(connect)
        .then((connected) => connected.query<Row>(text, [...values]))
        .then(
          ({ rows }) => rows,
          () => {
            forget();
            return undefined;
          },
        );
      last = answer;
      return answer;
    },
    async close() {
      await last;
      forget();
    },
  };
}

/**
 * Where the embedded database of a folder is at the moment.
 *
 * Source: PostgreSQL, storage.sgml, `postmaster.pid`: the fourth line is the port.
 */
export async function embeddedUrl(dataDir: string): Promise<string> {
  const place = join(dataDir, 'postgres');
  const [password, postmaster] = await Promise.all([
    readFile(join(place, 'password'), 'utf8'),
    readFile(join(place, 'data', 'postmaster.pid'), 'utf8'),
  ]);
  return `postgres://extole:${password.trim()}@127.0.0.1:${postmaster.split('\n')[3]}/postgres`;
}
