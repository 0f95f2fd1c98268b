import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { AppError } from '../../src/app/app-error.js';
import { type EmbeddedDatabase, startEmbeddedDatabase } from '../../src/app/database/embedded.js';
import { findPostgresBinaries } from '../../src/app/database/postgres-binaries.js';
import { startDatabase } from '../../src/app/database/start-database.js';
import { type AppProcess, forkApp, type Told } from '../support/fork-app.js';

let base: string;
let folder: string;
let running: { stop(): Promise<void> }[];
let processes: AppProcess[];

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'extole-embedded-'));
  chmodSync(base, 0o755);
  folder = join(base, 'data');
  running = [];
  processes = [];
});

afterEach(async () => {
  for (const one of running) await one.stop();
  for (const one of processes) await one.kill();
  rmSync(base, { recursive: true, force: true, maxRetries: 20 });
});

async function start(where = folder): Promise<EmbeddedDatabase> {
  const database = await startEmbeddedDatabase(where);
  running.push(database);
  return database;
}

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

const committedIn = async (url: string): Promise<number> =>
  Number((await query(url, 'select count(*) from used_jwt'))[0]?.count);

function fork(): AppProcess {
  const one = forkApp('', folder);
  processes.push(one);
  return one;
}

const hasCommitted =
  (count: number) =>
  ({ committed = 0 }: Told): boolean =>
    committed >= count;

const lastCommitted = ({ told }: AppProcess): number =>
  Math.max(0, ...told.map(({ committed = 0 }) => committed));

const postmasterId = (): number =>
  Number(readFileSync(join(folder, 'postgres/data/postmaster.pid'), 'utf8').split('\n')[0]);

describe('the embedded database', () => {
  test('keeps what was written from one start to the next', async () => {
    const first = await start();
    await query(first.url, 'create table kept as select 42 as answer');
    await first.stop();
    const { url } = await start();
    expect(await query(url, 'select * from kept')).toEqual([{ answer: 42 }]);
  });

  test('is reached from this machine only, with a password of its own', async () => {
    const { url } = await start();
    const other = await start(join(base, 'other'));
    const { hostname, password } = new URL(url);
    expect(hostname).toBe('127.0.0.1');
    expect(password).not.toBe(new URL(other.url).password);
    expect(password.length).toBeGreaterThanOrEqual(32);
    expect(
      await query(
        url,
        `select current_setting('listen_addresses') as addresses, current_setting('unix_socket_directories') as sockets`,
      ),
    ).toEqual([{ addresses: '127.0.0.1', sockets: '' }]);
    const wrong = Object.assign(new URL(url), { password: 'wrong' });
    await expect(query(wrong.href, 'select 1')).rejects.toThrow('password authentication failed');
    expect(statSync(join(folder, 'postgres/password')).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'postgres/data')).mode & 0o777).toBe(0o700);
  });

  test.skipIf(process.platform !== 'linux')(
    'shows its password and our secrets to no other process',
    async () => {
      vi.stubEnv('CLIENT_SECRET', 'a-secret-of-ours');
      const { url } = await start();
      vi.unstubAllEnvs();
      const { password } = new URL(url);
      for (const id of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
        const commandLine = spawnSync('cat', [`/proc/${id}/cmdline`], { encoding: 'utf8' }).stdout;
        expect(commandLine).not.toContain(password);
      }
      const environment = readFileSync(`/proc/${postmasterId()}/environ`, 'utf8');
      expect(environment).toContain('LC_ALL=C');
      expect(environment).not.toContain('a-secret-of-ours');
    },
  );

  test('writes to the disk before it says so, and knows every character', async () => {
    const { url } = await start();
    expect(
      await query(
        url,
        `select current_setting('fsync') as fsync, current_setting('full_page_writes') as pages, upper('löwe 🦁') as text`,
      ),
    ).toEqual([{ fsync: 'on', pages: 'on', text: 'LÖWE 🦁' }]);
  });

  test('starts again, at the same address, when its server is killed', async () => {
    const { url } = await start();
    await query(url, 'create table kept as select 42 as answer');
    process.kill(postmasterId(), 'SIGKILL');
    await vi.waitFor(async () => expect(await query(url, 'select * from kept')).toEqual([{ answer: 42 }]), {
      timeout: 20_000,
      interval: 50,
    });
  });
});

describe('a second process on the folder', () => {
  test('is told who has it and what to do, and the first goes on', async () => {
    const first = fork();
    await first.until(hasCommitted(1));
    const starting = start();
    await expect(starting).rejects.toBeInstanceOf(AppError);
    const message = await starting.catch(String);
    expect(message).toContain('DATA_DIR_IN_USE');
    expect(message).toContain(folder);
    expect(message).toContain(`process ${first.id}`);
    expect(message).toContain('DATABASE_URL');
    await first.until(hasCommitted(lastCommitted(first) + 10));
  });

  test('is refused as well where it is the same process', async () => {
    const { url } = await start();
    await expect(start()).rejects.toThrow(`DATA_DIR_IN_USE: the database in ${folder}`);
    expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  test('is one winner and one that is told, when both start on a new folder at once', async () => {
    const both = await Promise.all(
      [fork(), fork()].map((one) => one.until((told) => hasCommitted(1)(told) || Boolean(told.failed))),
    );
    expect(both.filter(({ committed }) => committed)).toHaveLength(1);
    expect(both.find(({ failed }) => failed)?.failed).toContain('DATA_DIR_IN_USE');
  });

  test.skipIf(!existsSync('/usr/bin/flock'))(
    'is refused though the first is not seen from here',
    async () => {
      const first = await start();
      await first.stop();
      const data = join(folder, 'postgres/data');
      // What it looks like from another container: the lock is taken, and no process of that number is there.
      const holder = spawn('flock', [join(data, 'app.lock'), 'sh', '-c', 'echo taken; exec sleep 60'], {
        detached: true,
      });
      onTestFinished(() => {
        process.kill(-Number(holder.pid), 'SIGKILL');
      });
      await once(holder.stdout, 'data');
      writeFileSync(join(folder, 'postgres/owner'), `${process.ppid} 0`);
      await expect(start()).rejects.toThrow('DATA_DIR_IN_USE');
      expect(existsSync(join(data, 'postmaster.pid'))).toBe(false);
    },
  );
});

describe('an app that was killed', () => {
  test('starts again at once, and has lost nothing that was committed', async () => {
    const killed = fork();
    await killed.until(hasCommitted(50));
    await killed.kill();
    const { url } = await start();
    expect(await committedIn(url)).toBeGreaterThanOrEqual(lastCommitted(killed));
  });

  test('starts again though all its processes were killed, and others got their numbers', async () => {
    const killed = fork();
    await killed.until(hasCommitted(50));
    const server = postmasterId();
    await Promise.all([killed.kill(), process.kill(server, 'SIGKILL')]);
    const data = join(folder, 'postgres/data');
    // Number and folder of a process that lives, as after a restart of a container.
    const file = join(data, 'postmaster.pid');
    if (existsSync(file)) writeFileSync(file, readFileSync(file, 'utf8').replace(/^\d+/, `${process.pid}`));
    const { url } = await start();
    expect(await committedIn(url)).toBeGreaterThanOrEqual(lastCommitted(killed));
  });

  test('starts again though it was killed while it made the database, and clears up later', async () => {
    const killed = fork();
    const half = () =>
      (existsSync(folder) ? readdirSync(folder) : []).filter((name) => name.startsWith('postgres-new-'));
    await vi.waitFor(() => expect(half()).toHaveLength(1), { timeout: 20_000, interval: 5 });
    await killed.kill();
    expect(half()).toHaveLength(1);
    const first = await start();
    await first.stop();
    const [left = ''] = half();
    expect(left).not.toBe('');
    utimesSync(join(folder, left), new Date(0), new Date(0));
    await start();
    expect(half()).toEqual([]);
  });
});

describe('a folder', () => {
  test('that was copied while the app was stopped is a backup that starts', async () => {
    const copy = join(base, 'copy');
    const first = await start();
    await query(first.url, 'create table kept as select 42 as answer');
    await first.stop();
    spawnSync('cp', ['-r', folder, copy]);
    const original = await start();
    await query(original.url, 'drop table kept');
    const { url } = await start(copy);
    expect(await query(url, 'select * from kept')).toEqual([{ answer: 42 }]);
  });

  test('of another version of PostgreSQL is refused, and stays as it was', async () => {
    const first = await start();
    await first.stop();
    const file = join(folder, 'postgres/data/PG_VERSION');
    writeFileSync(file, '17\n');
    await expect(start()).rejects.toThrow(/DATABASE_VERSION_MISMATCH: .*PostgreSQL 17.*brings 18/);
    writeFileSync(file, '18\n');
    await start();
  });

  test('without its password is refused with the name of the file', async () => {
    const first = await start();
    await first.stop();
    rmSync(join(folder, 'postgres/password'));
    await expect(start()).rejects.toThrow(/DATABASE_EMBEDDED_UNUSABLE: .*postgres\/password is not there/);
  });

  test('that holds something else is left alone', async () => {
    mkdirSync(join(folder, 'postgres'), { recursive: true });
    writeFileSync(join(folder, 'postgres/notes.txt'), 'mine');
    await expect(start()).rejects.toThrow('DATABASE_EMBEDDED_UNUSABLE');
    expect(readdirSync(folder).filter((name) => name !== 'postgres-programs')).toEqual(['postgres']);
    expect(readFileSync(join(folder, 'postgres/notes.txt'), 'utf8')).toBe('mine');
  });
});

test('programs that do not run here are told of, with what to do', async () => {
  const { postgres } = await findPostgresBinaries(base);
  const bin = join(base, 'native/bin');
  mkdirSync(bin, { recursive: true });
  copyFileSync(postgres, join(bin, 'postgres'));
  await expect(findPostgresBinaries(base, bin)).rejects.toThrow(
    /DATABASE_EMBEDDED_UNUSABLE: .*libraries.*--ignore-scripts.*DATABASE_URL/,
  );
});

test.runIf(process.getuid?.() === 0)(
  'programs in a folder that only root can enter are copied, once, to where their account can',
  async () => {
    const { postgres, major } = await findPostgresBinaries(join(base, 'programs-here'));
    const closed = join(base, 'closed');
    cpSync(join(postgres, '../..'), join(closed, 'native'), { recursive: true, verbatimSymlinks: true });
    writeFileSync(join(closed, 'package.json'), '{"version":"1.2.3"}');
    chmodSync(closed, 0o700);
    const programs = join(base, 'programs');
    const found = await findPostgresBinaries(programs, join(closed, 'native/bin'));
    expect(found).toMatchObject({ major, postgres: expect.stringContaining(programs) });
    expect(await findPostgresBinaries(programs, join(closed, 'native/bin'))).toEqual(found);
    expect(readdirSync(programs)).toHaveLength(1);
  },
);

test('without DATABASE_URL the app has the embedded database, and closing stops it', async () => {
  const log = { warn: vi.fn() };
  const open = () => startDatabase({ databaseUrl: undefined, dataDir: folder }, log);
  const first = await open();
  expect(await first.db.selectFrom('store').selectAll().execute()).toEqual([]);
  await first.close();
  expect(existsSync(join(folder, 'postgres/data/postmaster.pid'))).toBe(false);
  const second = await open();
  await second.close();
  expect(log.warn).not.toHaveBeenCalled();
});
