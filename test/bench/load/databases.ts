import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../../src/app/database/database.js';
import { startEmbeddedDatabase } from '../../../src/app/database/embedded.js';
import { createSecretBox } from '../../../src/app/secret-box.js';
import { DEFAULT_SETTINGS } from '../../../src/catalog/settings.js';
import { startDebianPostgres } from '../../support/postgres.js';
import { embeddedUrl } from '../database-eye.js';
import { installBenchStore } from '../install-store.js';
import { memoryOf } from '../memory.js';

/** A database for the app, with stores in it. */
export interface LoadDatabase {
  readonly title: string;
  /** What the app's environment has to say of it. */
  readonly environment: Readonly<Record<string, string>>;
  /** What each store's webhooks have to carry. */
  readonly secrets: ReadonlyMap<string, string>;
  /** Where it is, once the app runs. */
  url(): Promise<string>;
  /** What app and database take, in bytes. */
  memory(appPid: number): { readonly app: number; readonly database: number };
  /** Ends it, once the app has ended. */
  close(): Promise<void>;
}

/** The embedded database, in a folder of its own. */
export async function embeddedDatabase(key: Buffer, stores: number): Promise<LoadDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'extole-load-'));
  const server = await startEmbeddedDatabase(folder);
  const secrets = await installStores(server.url, key, stores);
  await server.stop();
  return {
    title: 'the embedded database',
    environment: { DATA_DIR: folder },
    secrets,
    url: () => embeddedUrl(folder),
    memory(appPid) {
      // It is the app's child.
      const { own, descendants } = memoryOf(appPid);
      return { app: own, database: descendants };
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

/** @returns Or why there is none, as a sentence. */
export async function debianDatabase(key: Buffer, stores: number): Promise<LoadDatabase | string> {
  const server = startDebianPostgres({ isDurable: true });
  if (typeof server === 'string') return server;
  return {
    title: "Debian's PostgreSQL",
    environment: { DATABASE_URL: server.url },
    secrets: await installStores(server.url, key, stores),
    url: async () => server.url,
    memory(appPid) {
      const { own, descendants } = memoryOf(server.processId);
      return { app: memoryOf(appPid).own, database: own + descendants };
    },
    close: async () => server.stop(),
  };
}

async function installStores(url: string, key: Buffer, count: number): Promise<Map<string, string>> {
  const database = await openDatabase(url);
  const box = createSecretBox([key]);
  const secrets = new Map<string, string>();
  for (let number = 0; number < count; number += 1) {
    const storeHash = `load${number}`;
    const store = { storeHash, channels: [{ id: 1, settings: DEFAULT_SETTINGS }] };
    const tokens = { bigcommerce: `bigcommerce-token-${number}`, extole: `extole-token-${number}` };
    secrets.set(storeHash, await installBenchStore(database, box, store, tokens, new Date()));
  }
  await database.close();
  return secrets;
}
