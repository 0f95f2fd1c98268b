import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AppConfig, readConfig } from '../../src/app/config.js';
import { type RunningApp, startApp } from '../../src/app/start-app.js';
import { VERSION } from '../../src/catalog/version.js';
import { run } from '../../src/cli/main.js';
import { testEnvironment } from '../support/app.js';
import { createTestDatabase } from '../support/app-database.js';

const PROGRAM = join(import.meta.dirname, '../../src/cli/bin.ts');

let folder: string;
let running: RunningApp[];
let children: ChildProcess[];
let database: { url: string; drop(): Promise<void> };

beforeEach(async () => {
  running = [];
  children = [];
  folder = await mkdtemp(join(tmpdir(), 'extole-bigcommerce-'));
  database = await createTestDatabase();
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await Promise.all(running.map((app) => app.close()));
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

async function start(overrides: Partial<AppConfig> = {}): Promise<RunningApp> {
  const env = {
    ...testEnvironment(),
    LOG_LEVEL: 'silent',
    HOST: '127.0.0.1',
    PORT: '0',
    DATABASE_URL: database.url,
  };
  const app = await startApp({ ...readConfig(env), ...overrides });
  running.push(app);
  return app;
}

const isUp = (url: string): Promise<boolean> =>
  fetch(`${url}/health`).then(
    ({ ok }) => ok,
    () => false,
  );

describe('the app', () => {
  it('is ready once it has started, and serves the SDK; it is gone once it is closed', async () => {
    const { url, close } = await start();
    expect(await (await fetch(`${url}/ready`)).json()).toEqual({
      status: 'ready',
      database: true,
      worker: true,
    });
    expect((await fetch(`${url}/sdk/${VERSION}/extole-storefront.js`)).status).toBe(200);
    await close();
    expect(await isUp(url)).toBe(false);
    await close();
  });

  it('says that its address is taken, and leaves the one that has it alone', async () => {
    const first = await start();
    const { port } = new URL(first.url);
    await expect(start({ port: Number(port) })).rejects.toMatchObject({
      code: 'ADDRESS_UNAVAILABLE',
      message: expect.stringContaining(`127.0.0.1:${port} (EADDRINUSE)`),
    });
    expect(await isUp(first.url)).toBe(true);
  });

  it('shares a database with a second process', async () => {
    const [first, second] = await Promise.all([start(), start()]);
    expect(await isUp(first.url)).toBe(true);
    await first.close();
    expect((await (await fetch(`${second.url}/ready`)).json()).status).toBe('ready');
  });
});

describe('extole-bigcommerce app', () => {
  const command = async (args: readonly string[], env: Record<string, string>) => {
    const err: string[] = [];
    const exitCode = await run(args, {
      out: () => {},
      err: (line) => err.push(line),
      env,
      isTerminal: false,
    });
    return { exitCode, err: err.join('\n') };
  };

  it('says what the environment lacks, and does not start', async () => {
    const { SESSION_KEY: _, ...env } = testEnvironment();
    const { exitCode, err } = await command(['app'], { ...env, PORT: 'x' });
    expect(exitCode).toBe(1);
    expect(err).toMatch(/^CONFIG_INVALID: .*\n {2}PORT: .*\n {2}SESSION_KEY: /);
  });

  it('reads a file, which the environment goes before', async () => {
    const file = join(folder, 'app.env');
    await writeFile(file, 'APP_URL=https://app.example.com\nPORT=x\nHOST="not a host"\n');
    const { err } = await command(['app', '--environment', file], { PORT: '8080' });
    expect(err).toContain('  HOST: ');
    expect(err).not.toMatch(/APP_URL|PORT/);
  });

  it('says that the file can not be read', async () => {
    const { exitCode, err } = await command(['app', '--environment', join(folder, 'none')], {});
    expect([exitCode, err.split(':')[0]]).toEqual([2, 'OPTION_INVALID']);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('runs until %s, and ends with 0', async (signal) => {
    const env = {
      ...testEnvironment(),
      PATH: process.env.PATH,
      HOST: '127.0.0.1',
      PORT: '0',
      DATABASE_URL: database.url,
    };
    const child = spawn(process.execPath, ['--import', 'tsx', PROGRAM, 'app'], { env });
    children.push(child);
    let told = '';
    child.stderr.on('data', (data) => {
      told += String(data);
    });
    const ended = once(child, 'exit');
    await expect
      .poll(() => told, { timeout: 20_000 })
      .toMatch(/The app is at https:\/\/app\.example\.com, and /);
    const [, url = ''] = /listens on (\S+)\./.exec(told) ?? [];
    expect(await isUp(url)).toBe(true);
    child.kill(signal);
    expect(await ended).toEqual([0, null]);
    expect(await isUp(url)).toBe(false);
  });
});
