import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A PostgreSQL server for tests. */
export interface TestServer {
  readonly url: string;
  /** Of the process whose children serve connections. */
  readonly processId: number;
  stop(): void;
}

/** Where Debian's packages put a folder for each version. */
const DEBIAN = '/usr/lib/postgresql';

/**
 * Starts a server of Debian's PostgreSQL in a folder of its own, for the tests that are to run on another one than the embedded. As root, the
 * package is installed when it is not there.
 *
 * @param options.isDurable - Whether what is committed is on the disk, as for merchants. Tests are quicker without.
 * @returns Or why there is none, as a sentence.
 */
export function startDebianPostgres(options: { readonly isDurable?: boolean } = {}): TestServer | string {
  const isRoot = process.getuid?.() === 0;
  if (!newestVersion()) {
    if (!isRoot || !existsSync('/usr/bin/apt-get')) {
      return 'Debian\'s PostgreSQL is not installed. "apt-get install postgresql" as root installs it.';
    }
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const install = ['install', '-y', '-q', '--no-install-recommends', 'postgresql'];
    for (const args of [['update', '-q'], install]) {
      console.log(`> apt-get ${args.join(' ')}`);
      spawnSync('apt-get', args, { stdio: 'inherit', env });
    }
  }
  const version = newestVersion();
  if (!version) return "Debian's PostgreSQL could not be installed; see above.";
  return start(join(DEBIAN, version, 'bin'), isRoot ? postgresAccount() : {}, options.isDurable ?? false);
}

const newestVersion = (): string | undefined =>
  existsSync(DEBIAN)
    ? readdirSync(DEBIAN)
        .filter((version) => existsSync(join(DEBIAN, version, 'bin', 'initdb')))
        .sort((one, other) => Number(other) - Number(one))[0]
    : undefined;

/** The package makes it. PostgreSQL does not run as root. */
function postgresAccount(): { uid: number; gid: number } {
  const [, , uid, gid] =
    readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .find((line) => line.startsWith('postgres:'))
      ?.split(':') ?? [];
  return { uid: Number(uid), gid: Number(gid) };
}

function start(
  bin: string,
  account: { uid?: number; gid?: number },
  isDurable: boolean,
): TestServer | string {
  const folder = mkdtempSync(join(tmpdir(), 'extole-debian-postgres-'));
  const data = join(folder, 'data');
  const passwordFile = join(folder, 'password');
  const password = randomBytes(12).toString('hex');
  writeFileSync(passwordFile, password);
  for (const path of [folder, passwordFile]) {
    if (account.uid !== undefined && account.gid !== undefined) chownSync(path, account.uid, account.gid);
  }
  const run = (program: string, ...args: string[]): string | undefined => {
    const { status, stdout, stderr } = spawnSync(join(bin, program), args, {
      ...account,
      cwd: folder,
      encoding: 'utf8',
      // pg_ctl's server would keep a pipe open.
      stdio: ['ignore', program === 'pg_ctl' ? 'ignore' : 'pipe', program === 'pg_ctl' ? 'ignore' : 'pipe'],
    });
    return status === 0 ? undefined : `${program} failed. ${stdout ?? ''}${stderr ?? ''}`;
  };
  const port = 20_000 + (randomBytes(2).readUInt16BE() % 20_000);
  const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=${isDurable ? 'on' : 'off'}`;
  const log = join(folder, 'log');
  const failure =
    run(
      'initdb',
      '-D',
      data,
      '-U',
      'tests',
      `--pwfile=${passwordFile}`,
      '-A',
      'scram-sha-256',
      '-E',
      'UTF8',
      '--locale=C',
      '-N',
    ) ?? run('pg_ctl', '-D', data, '-l', log, '-o', options, '-w', 'start');
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  if (failure) {
    const said = existsSync(log) ? readFileSync(log, 'utf8') : '';
    remove();
    return `${failure} ${said}`;
  }
  return {
    url: `postgres://tests:${password}@127.0.0.1:${port}/postgres`,
    processId: Number.parseInt(readFileSync(join(data, 'postmaster.pid'), 'utf8'), 10),
    stop() {
      run('pg_ctl', '-D', data, '-m', 'fast', '-w', 'stop');
      remove();
    },
  };
}
