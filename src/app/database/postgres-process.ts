import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { PostgresBinaries } from './postgres-binaries.js';
import { unusable } from './postgres-binaries.js';

/** A PostgreSQL server that accepts connections. */
export interface PostgresProcess {
  /** Settles when it has ended, for whatever reason. */
  readonly ended: Promise<void>;
  /** Has it end as soon as what runs is rolled back and all that was committed is written; see {@link ended}. */
  end(): void;
}

/** Why a server did not start this time, and may the next. */
export type Obstacle = 'folder-in-use' | 'port-in-use';

/*
 * Two servers on one folder would destroy it. PostgreSQL looks by process id whether there is another one, which it can't from within
 * another container, and which a process that got the same id after a restart can deceive. A lock of the kernel knows. All processes of
 * the server inherit it, so it is free when the last of them is gone, and a postmaster.pid that is found then was left behind. Where there is no
 * flock (macOS), PostgreSQL's own look has to do.
 *
 * The server is told to end by closing our end of its standard input, which happens by itself however we end. It has a session of its own,
 * so that Ctrl+C reaches us alone, and jobs can end before it does.
 */
const START = `
folder=$1; shift
exec 3<&0 9>>"$folder/app.lock" || exit 1
if command -v flock >/dev/null; then
  flock -n 9 || exit 75
  rm -f "$folder/postmaster.pid"
fi
(read -r _ <&3; kill -INT $$) 9>&- >/dev/null 2>&1 &
exec "$@" </dev/null 3<&-
`;
const IN_USE_STATUS = 75;

/** What differs from PostgreSQL's defaults: nobody reaches it from outside, and no statement, which may hold personal data, is logged. */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
};

/**
 * Starts a server on a folder that initdb made.
 *
 * @returns Once it accepts connections, which may take a while after a crash.
 * @throws {AppError} `DATABASE_EMBEDDED_UNUSABLE`, with what PostgreSQL says.
 */
export async function startPostgres(
  { postgres, account }: PostgresBinaries,
  dataFolder: string,
  port: number,
): Promise<PostgresProcess | Obstacle> {
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const command = [postgres, '-D', dataFolder, '-p', String(port), ...settings];
  const child = spawn('/bin/sh', ['-c', START, 'sh', dataFolder, ...command], {
    ...account,
    // Ours may be one that the account can't enter.
    cwd: dataFolder,
    env: postgresEnvironment(),
    detached: true,
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  // Closed by the other side when the server ends.
  child.stdin.on('error', () => {});
  let said = '';
  const isReady = new Promise<boolean>((resolve) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-10_000);
      if (said.includes('ready to accept connections')) resolve(true);
    });
    child.once('close', () => resolve(false));
  });
  const ended = once(child, 'exit').then(() => {
    child.stdin.destroy();
  });
  if (await isReady) return { ended, end: () => child.stdin.end() };
  if (child.exitCode === IN_USE_STATUS || said.includes('"postmaster.pid" already exists'))
    return 'folder-in-use';
  if (said.includes('Address already in use')) return 'port-in-use';
  throw unusable(mainLine(said));
}

/** What its programs get to see: nothing of ours. */
export const postgresEnvironment = (): Record<string, string> => ({
  PATH: process.env.PATH ?? '/usr/bin:/bin',
  LC_ALL: 'C',
  TZ: 'UTC',
});

/** The line that says most of what a program of PostgreSQL said. */
export const mainLine = (said: string): string => {
  const lines = said.trim().split('\n');
  return lines.find((line) => /FATAL|error:/.test(line)) ?? lines.at(-1) ?? '';
};
