import { chmod, mkdir, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import { AppError } from '../app-error.js';
import { CLUSTER_USER, openCluster } from './cluster.js';
import { type OwnerFile, ownerFile } from './owner-file.js';
import { findPostgresBinaries, type PostgresBinaries } from './postgres-binaries.js';
import { type PostgresProcess, startPostgres } from './postgres-process.js';

/** The embedded database, running. */
export interface EmbeddedDatabase {
  /** `postgres://…`, with its password. */
  readonly url: string;
  /** Settles when it has ended and everything is written. */
  stop(): Promise<void>;
}

/** How long a server whose app died gets to end, which it was told to: some of what was committed may have to be written still. */
const HANDOVER_MS = 30_000;
const RETRY_MS = 1000;

/**
 * Starts the embedded PostgreSQL, which is reached from this machine only, with the password that is in the folder. It ends when it is
 * stopped, or when this process does, however that ends. Should it end otherwise, it is started again at the same address.
 *
 * @param folder - Where the data is; made if it is not there. All of it is below `postgres`, the password included.
 * @throws {AppError} `DATA_DIR_IN_USE`, `DATABASE_EMBEDDED_UNUSABLE` or `DATABASE_VERSION_MISMATCH`. The data stays as it was.
 */
export async function startEmbeddedDatabase(
  folder: string,
  log?: Pick<FastifyBaseLogger, 'warn'>,
): Promise<EmbeddedDatabase> {
  const root = resolve(folder);
  await mkdir(root, { recursive: true, mode: 0o700 });
  // PostgreSQL runs as another account then, which has to pass.
  if (process.getuid?.() === 0) await chmod(root, (await stat(root)).mode | 0o011);
  const binaries = await findPostgresBinaries(join(root, 'postgres-programs'));
  const { dataFolder, password } = await openCluster(root, binaries);
  const owner = ownerFile(join(root, 'postgres', 'owner'));
  const first = await startFirst(binaries, dataFolder, owner);
  await owner.write();

  let { server } = first;
  let isStopping = false;
  const keepRunning = async (): Promise<void> => {
    await server.ended;
    while (!isStopping) {
      log?.warn({}, 'the embedded database ended by itself, and is started again');
      const next = await startPostgres(binaries, dataFolder, first.port).catch(
        (error: AppError) => error.code,
      );
      if (typeof next === 'object') {
        server = next;
        if (isStopping) server.end();
        await server.ended;
      } else await pause(RETRY_MS);
    }
  };
  const ended = keepRunning();
  return {
    url: `postgres://${CLUSTER_USER}:${password}@127.0.0.1:${first.port}/postgres`,
    async stop() {
      isStopping = true;
      server.end();
      await ended;
      await owner.remove();
    },
  };
}

async function startFirst(
  binaries: PostgresBinaries,
  dataFolder: string,
  owner: OwnerFile,
): Promise<{ server: PostgresProcess; port: number }> {
  for (const begun = Date.now(); ; await pause(50)) {
    const port = await freePort();
    const server = await startPostgres(binaries, dataFolder, port);
    if (typeof server === 'object') return { server, port };
    if (server === 'port-in-use') continue;
    const processId = await owner.read();
    if (processId || Date.now() - begun > HANDOVER_MS) throw inUse(dataFolder, processId);
  }
}

function inUse(dataFolder: string, processId: number | undefined): AppError {
  const whom = processId
    ? `process ${processId} (of this container or another one)`
    : 'a PostgreSQL whose app is not seen from here, perhaps in another container';
  return new AppError(
    'DATA_DIR_IN_USE',
    `the database in ${dataFolder} is in use by ${whom}. One process at a time can have it: stop that one, or let both use another PostgreSQL: set DATABASE_URL.`,
  );
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  return typeof address === 'object' && address ? address.port : 0;
}
