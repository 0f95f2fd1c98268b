import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import {
  chmod,
  chown,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { AppError } from '../app-error.js';
import { type PostgresBinaries, unusable } from './postgres-binaries.js';
import { mainLine, postgresEnvironment } from './postgres-process.js';

const run = promisify(execFile);

/** What the embedded PostgreSQL keeps, in the folder `postgres` of the app's data. */
export interface Cluster {
  /** PostgreSQL's own. */
  readonly dataFolder: string;
  readonly password: string;
}

/** The user that may do everything in it. */
export const CLUSTER_USER = 'extole';

/** Longer than making a cluster can take. */
const ABANDONED_AFTER_MS = 3_600_000;

/**
 * Opens the cluster of a folder; makes it if there is none. It is made beside its place and moved there in one piece with its password, so that one
 * that is there is complete, and of two processes that make one at the same time the first wins.
 *
 * @param folder - The app's data. Exists.
 * @throws {AppError} `DATABASE_EMBEDDED_UNUSABLE` or `DATABASE_VERSION_MISMATCH`
 */
export async function openCluster(folder: string, binaries: PostgresBinaries): Promise<Cluster> {
  const place = join(folder, 'postgres');
  const dataFolder = join(place, 'data');
  const passwordFile = join(place, 'password');
  await removeAbandoned(folder);
  if (!existsSync(join(dataFolder, 'PG_VERSION'))) await makeCluster(folder, place, binaries);
  await refuseOtherVersion(dataFolder, binaries);
  await own(place, binaries);
  const password = await readFile(passwordFile, 'utf8').catch(() => '');
  if (!password) throw unusable(`${passwordFile} is not there. Copy it from the same backup as the rest`);
  return { dataFolder, password: password.trim() };
}

async function makeCluster(folder: string, place: string, binaries: PostgresBinaries): Promise<void> {
  const { account, initdb } = binaries;
  const made = await mkdtemp(join(folder, 'postgres-new-'));
  const data = join(made, 'data');
  const passwordFile = join(made, 'password');
  await mkdir(data);
  await writeFile(passwordFile, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 });
  await own(made, binaries);
  const options = [
    ['--pgdata', data],
    ['--username', CLUSTER_USER],
    ['--pwfile', passwordFile],
    ['--auth', 'scram-sha-256'],
    ['--encoding', 'UTF8'],
    // PostgreSQL's own: sorts the same on every machine, which indexes depend on.
    ['--locale', 'C'],
    ['--locale-provider', 'builtin'],
    ['--builtin-locale', 'C.UTF-8'],
  ];
  try {
    await run(initdb, options.flat(), { ...account, cwd: made, env: postgresEnvironment() });
    await rename(made, place);
    await sync(folder);
  } catch (error) {
    await rm(made, { recursive: true, force: true });
    if (existsSync(join(place, 'data', 'PG_VERSION'))) return;
    throw unusable(
      error instanceof Error && 'stderr' in error
        ? `initdb failed in ${folder} (${mainLine(String(error.stderr))})`
        : `${place} holds something else`,
    );
  }
}

/** Sees to it that PostgreSQL may use its files, whoever made them or copied them here: its account owns them, and nobody else reads them. */
async function own(place: string, { account }: PostgresBinaries): Promise<void> {
  const dataFolder = join(place, 'data');
  if ('uid' in account) {
    // It is another one than ours, and has to pass.
    await chmod(place, 0o711);
    const { uid, gid } = account;
    if ((await stat(dataFolder)).uid !== uid) await run('chown', ['-R', `${uid}:${gid}`, dataFolder]);
    await chown(join(place, 'password'), uid, gid).catch(() => {});
  }
  await chmod(dataFolder, 0o700);
}

async function refuseOtherVersion(dataFolder: string, { major }: PostgresBinaries): Promise<void> {
  const version = (await readFile(join(dataFolder, 'PG_VERSION'), 'utf8')).trim();
  if (version === major) return;
  throw new AppError(
    'DATABASE_VERSION_MISMATCH',
    `${dataFolder} was made by PostgreSQL ${version}, and this version of the app brings ${major}. Nothing was changed. Move the data with pg_dump and pg_restore, or run the version of the app that made it.`,
  );
}

/** What was left behind by processes that were killed while they made a cluster. */
async function removeAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith('postgres-new-')) continue;
    const path = join(folder, name);
    const changed = await stat(path).catch(() => undefined);
    if (changed && Date.now() - changed.mtimeMs > ABANDONED_AFTER_MS)
      await rm(path, { recursive: true, force: true });
  }
}

/** A name in a folder outlives a power cut only once the folder is written. */
async function sync(folder: string): Promise<void> {
  const handle = await open(folder);
  await handle.sync();
  await handle.close();
}
