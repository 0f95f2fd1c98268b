import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { AppError } from '../../src/app/app-error.js';
import { type OpenDatabase, openDatabase } from '../../src/app/database/database.js';
import { startDatabase } from '../../src/app/database/start-database.js';
import { createLog } from '../../src/app/log.js';
import { createQueue } from '../../src/app/queue/queue.js';
import { createTestDatabase, openTestDatabase } from '../support/app-database.js';

const opened: { close(): Promise<void> }[] = [];
const keep = <Open extends { close(): Promise<void> }>(one: Open): Open => {
  opened.push(one);
  return one;
};
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});

async function emptyDatabase(): Promise<string> {
  const { url, drop } = await createTestDatabase();
  keep({ close: drop });
  return url;
}

const codeOf = async (work: Promise<unknown>): Promise<string> => {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof AppError ? error.code : String(error);
};

const store = {
  store_hash: 'abc123',
  name: 'Löwe & Söhne 🦁',
  scope: '',
  order_statuses: '[{"id":10,"label":"Completed"}]',
  installed_at: new Date('2026-01-02T03:04:05.678Z'),
};

describe('opening a database', () => {
  test('makes the tables of an empty one, and leaves those of a used one as they are', async () => {
    const url = await emptyDatabase();
    const first = await openDatabase(url);
    await first.db.insertInto('store').values(store).execute();
    await first.close();
    const { db } = keep(await openDatabase(url));
    expect(await db.selectFrom('store').selectAll().execute()).toMatchObject([
      { ...store, order_statuses: [{ id: 10, label: 'Completed' }], access_token: null },
    ]);
  });

  test('makes them once when several processes start at the same time', async () => {
    const url = await emptyDatabase();
    const all = await Promise.all(Array.from({ length: 4 }, () => openDatabase(url)));
    for (const { db } of all) expect(await db.selectFrom('store').selectAll().execute()).toEqual([]);
    await Promise.all(all.map(({ close }) => close()));
  });

  test('refuses one that a newer version has changed, and changes nothing', async () => {
    const url = await emptyDatabase();
    const { pool, close } = await openDatabase(url);
    await pool.query(
      `insert into kysely_migration values ('0999-from-the-future', '2030-01-01T00:00:00.000Z')`,
    );
    await close();
    const opening = openDatabase(url);
    expect(await codeOf(opening)).toBe('DATABASE_NEWER_THAN_APP');
    await expect(opening).rejects.toThrow('0999-from-the-future');
  });

  test('says when its user may not make tables', async () => {
    const url = await emptyDatabase();
    const owner = keep(await openTestDatabase());
    const role = `reader_${Date.now()}`;
    await owner.pool.query(`create role ${role} login password 'reader'`);
    const reader = Object.assign(new URL(url), { username: role, password: 'reader' });
    expect(await codeOf(openDatabase(reader.href))).toBe('DATABASE_MIGRATION_FAILED');
    await owner.pool.query(`drop role ${role}`);
  });

  test.each([
    ['nobody listens', (url: URL) => Object.assign(url, { port: '1' })],
    ['the password is wrong', (url: URL) => Object.assign(url, { password: 'wr0ng-pass' })],
    ['it is not there', (url: URL) => Object.assign(url, { pathname: '/nowhere' })],
  ])('says where it looked when %s, without the password', async (_, change) => {
    const url = change(new URL(await emptyDatabase()));
    const opening = openDatabase(url.href);
    expect(await codeOf(opening)).toBe('DATABASE_UNREACHABLE');
    const message = await opening.catch(String);
    expect(message).toContain(`${url.host}${url.pathname}`);
    expect(message).not.toContain(url.password);
  });

  test('says that an address is none, without repeating it', async () => {
    const opening = openDatabase('postgres://user:s3cret@:port:/');
    expect(await codeOf(opening)).toBe('DATABASE_UNREACHABLE');
    expect(await opening.catch(String)).not.toContain('s3cret');
  });

  test('takes that of DATABASE_URL when there is one', async () => {
    const url = await emptyDatabase();
    const { pool } = keep(
      await startDatabase({ databaseUrl: url, dataDir: '/nowhere' }, createLog('silent')),
    );
    const { rows } = await pool.query('select current_database() as name');
    expect(`/${rows[0]?.name}`).toBe(new URL(url).pathname);
  });
});

describe('a transaction of a process that stopped in its tracks', () => {
  test('ends after 30 seconds', async () => {
    const { pool } = keep(await openTestDatabase());
    const { rows } = await pool.query('show idle_in_transaction_session_timeout');
    expect(rows).toEqual([{ idle_in_transaction_session_timeout: '30s' }]);
  });

  test('keeps its rows from others no longer, changes nothing, and takes no other connection along', async () => {
    const { url, db: other } = keep(await openTestDatabase());
    const warn = vi.fn();
    const { pool, db } = keep(await openDatabase(url, { warn }, { idleTransactionMs: 100 }));
    await db.insertInto('store').values(store).execute();
    const stopped = await pool.connect();
    const ended = new Promise((resolve) => stopped.once('end', resolve));
    await stopped.query('begin');
    await stopped.query("update store set name = 'Half'");
    await other.updateTable('store').set({ name: 'Other' }).execute();
    await ended;
    await expect(stopped.query('commit')).rejects.toThrow();
    stopped.release(true);
    expect(await db.selectFrom('store').select('name').execute()).toEqual([{ name: 'Other' }]);
    expect(warn.mock.calls[0]).toMatchObject([{ err: { code: '25P03' } }, 'a database connection was lost']);
  });
});

// PostgreSQL's client comes with Debian's server, and not with the embedded one.
test.skipIf(!process.env.TEST_DATABASE_URL || spawnSync('pg_dump', ['--version']).status !== 0)(
  'a dump that is restored into an empty database has all rows, and jobs that wait',
  async () => {
    const dump = join(mkdtempSync(join(tmpdir(), 'extole-dump-')), 'extole.dump');
    onTestFinished(() => rmSync(dirname(dump), { recursive: true }));
    const run = (program: string, url: string, ...args: string[]): void => {
      const { hostname, port, username, password, pathname } = new URL(url);
      const where = ['-h', hostname, '-p', port, '-U', username, '-d', pathname.slice(1)];
      const env = { ...process.env, PGPASSWORD: password };
      const { stderr } = spawnSync(program, [...where, ...args], { env, encoding: 'utf8' });
      expect(stderr).toBe('');
    };
    const original = keep(await openTestDatabase());
    await original.db.insertInto('store').values(store).execute();
    await createQueue(original.pool).add('look', { storeHash: 'abc123' }, { key: 'look:abc123' });
    run('pg_dump', original.url, '-Fc', '-f', dump);
    const url = await emptyDatabase();
    run('pg_restore', url, '--no-owner', '--exit-on-error', dump);
    const { db, pool } = keep(await openDatabase(url));
    expect(await db.selectFrom('store').selectAll().execute()).toEqual(
      await original.db.selectFrom('store').selectAll().execute(),
    );
    const { rows } = await pool.query('select key, task_identifier from graphile_worker.jobs');
    expect(rows).toEqual([{ key: 'look:abc123', task_identifier: 'look' }]);
  },
);

describe('an open database', () => {
  const open = async (): Promise<OpenDatabase> => keep(await openTestDatabase());

  test('gives whole and decimal numbers as numbers', async () => {
    const { pool } = await open();
    const { rows } = await pool.query(
      'select 9007199254740991::bigint as whole, 19.95::numeric as decimal, null::bigint as nothing, count(*) from store',
    );
    expect(rows).toEqual([{ whole: 9007199254740991, decimal: 19.95, nothing: null, count: 0 }]);
  });

  test('gives each job an id of its own', async () => {
    const { db } = await open();
    await db.insertInto('store').values(store).execute();
    const add = () =>
      db
        .insertInto('job')
        .values({ store_hash: 'abc123', kind: 'save', state: 'waiting', steps: '[]', created_at: new Date() })
        .returning('id')
        .executeTakeFirstOrThrow();
    const ids = new Set([(await add()).id, (await add()).id]);
    expect(ids.size).toBe(2);
    for (const id of ids) expect(id).toMatch(/^[\da-f-]{36}$/);
  });

  test('survives that its connections are cut, and tells of it', async () => {
    const url = await emptyDatabase();
    const warn = vi.fn();
    const { pool } = keep(await openDatabase(url, { warn }));
    const { pool: other } = keep(await openDatabase(url));
    await other.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    );
    await vi.waitFor(() => expect(warn).toHaveBeenCalled());
    expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    expect(JSON.stringify(warn.mock.calls)).not.toContain(new URL(url).password);
  });
});
