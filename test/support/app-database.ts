import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll } from 'vitest';
import { type OpenDatabase, openDatabase } from '../../src/app/database/database.js';
import { startEmbeddedDatabase } from '../../src/app/database/embedded.js';

interface Server {
  readonly url: string;
  stop(): Promise<void>;
}

/** A database that exists for a test. */
export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

// What the tests of a file share.
let server: Promise<Server> | undefined;
let template: Promise<TestDatabase> | undefined;

afterAll(async () => {
  await (await template)?.drop();
  await (await server)?.stop();
  template = undefined;
  server = undefined;
});

async function startServer(): Promise<Server> {
  const given = process.env.TEST_DATABASE_URL;
  if (given) return { url: given, stop: async () => {} };
  const folder = await mkdtemp(join(tmpdir(), 'extole-app-database-'));
  const { url, stop } = await startEmbeddedDatabase(folder);
  return {
    url,
    async stop() {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function makeTemplate(): Promise<TestDatabase> {
  const database = await createTestDatabase();
  const { close } = await openDatabase(database.url);
  await close();
  return database;
}

/**
 * Makes an empty database, without tables, on the server of `TEST_DATABASE_URL`, else on an embedded one that the tests of a file share.
 *
 * @param options.template - The name of one to copy.
 */
export async function createTestDatabase(
  options: { readonly template?: string } = {},
): Promise<TestDatabase> {
  server ??= startServer();
  const { url: serverUrl } = await server;
  const run = async (statement: string): Promise<void> => {
    const client = new pg.Client({ connectionString: serverUrl });
    await client.connect();
    await client.query(statement).finally(() => client.end());
  };
  const name = `test_${randomBytes(6).toString('hex')}`;
  await run(`create database ${name} template ${options.template ?? 'template1'}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => run(`drop database ${name} with (force)`) };
}

/** Opens a database with all tables, all empty, which is dropped when it is closed. See {@link createTestDatabase}. */
export async function openTestDatabase(): Promise<OpenDatabase & { readonly url: string }> {
  template ??= makeTemplate();
  const { url, drop } = await createTestDatabase({
    template: new URL((await template).url).pathname.slice(1),
  });
  const { pool, db, close } = await openDatabase(url);
  return {
    url,
    pool,
    db,
    async close() {
      await close();
      await drop();
    },
  };
}
