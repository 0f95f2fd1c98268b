import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { formatMs, quantile, type Row, type Section } from './measure.js';
import { freePort, until } from './wait.js';

const STARTS = 5;
const REST_MS = 5_000;

const formatMb = (bytes: number): string => `${(bytes / 1024 ** 2).toFixed(0)} MB`;

/** What the app costs those who run it: the time until it is ready, and the memory that it holds while nobody asks for anything. */
export async function measureApp(): Promise<Section> {
  const fresh: number[] = [];
  const existing: number[] = [];
  let rest: Memory = { app: 0, database: 0 };
  for (let start = 0; start < STARTS; start += 1) {
    const folder = mkdtempSync(join(tmpdir(), 'extole-bench-'));
    fresh.push(await whileRunning(folder, async () => {}));
    existing.push(
      await whileRunning(folder, async (pid) => {
        if (start < STARTS - 1) return;
        await new Promise((resolve) => setTimeout(resolve, REST_MS));
        rest = memoryOf(pid);
      }),
    );
    rmSync(folder, { recursive: true, force: true });
  }
  return {
    title: 'The app',
    rows: [
      { what: 'ready, on a new data folder', ours: formatMs(quantile(fresh, 0.5)) },
      { what: 'ready, on an existing data folder', ours: formatMs(quantile(existing, 0.5)) },
      { what: 'memory at rest, the app', ours: formatMb(rest.app) },
      { what: 'memory at rest, its database', ours: formatMb(rest.database) },
      ...adminSizes(),
    ],
    note: `medians of ${STARTS} starts of "extole-bigcommerce app", until /ready answers 200; memory (proportional set size) ${REST_MS / 1000} s after`,
  };
}

interface Memory {
  readonly app: number;
  readonly database: number;
}

/** @returns How long it took until the app was ready. */
async function whileRunning(folder: string, use: (pid: number) => Promise<void>): Promise<number> {
  const port = await freePort();
  const key = (): string => randomBytes(32).toString('base64');
  const startedAt = performance.now();
  const app: ChildProcess = spawn(process.execPath, ['dist/cli/extole-bigcommerce.mjs', 'app'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      APP_URL: `http://localhost:${port}`,
      HOST: '127.0.0.1',
      PORT: `${port}`,
      LOG_LEVEL: 'error',
      DATA_DIR: folder,
      BIGCOMMERCE_CLIENT_ID: 'benchclientid0123456789',
      BIGCOMMERCE_CLIENT_SECRET: key(),
      ENCRYPTION_KEYS: key(),
      SESSION_KEY: key(),
    },
  });
  const ended = once(app, 'exit');
  try {
    await Promise.race([
      until(async () => (await fetch(`http://127.0.0.1:${port}/ready`)).ok),
      ended.then(() => Promise.reject(new Error('The app ended before it was ready.'))),
    ]);
    const readyMs = performance.now() - startedAt;
    if (app.pid) await use(app.pid);
    return readyMs;
  } finally {
    app.kill('SIGTERM');
    await ended;
  }
}

/** The memory of a process and of its children, shared pages by their part. Source: Linux, proc(5), `smaps_rollup`. */
function memoryOf(pid: number): Memory {
  const pss = (id: string): number =>
    1024 * Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${id}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
  const parentOf = (id: string): string =>
    /^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1] ?? '';
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const descendants = (id: string): string[] =>
    processes
      .filter((one) => isThere(() => parentOf(one) === id))
      .flatMap((one) => [one, ...descendants(one)]);
  return {
    app: pss(`${pid}`),
    database: descendants(`${pid}`).reduce((sum, id) => sum + pss(id), 0),
  };
}

/** A process may end while we look at it. */
function isThere(look: () => boolean): boolean {
  try {
    return look();
  } catch {
    return false;
  }
}

interface ManifestEntry {
  readonly file: string;
  readonly isEntry?: boolean;
  readonly imports?: readonly string[];
  readonly css?: readonly string[];
}

/** What a merchant's browser downloads for the settings page. */
function adminSizes(): Row[] {
  const manifest: Readonly<Record<string, ManifestEntry>> = JSON.parse(
    readFileSync('dist/admin/.vite/manifest.json', 'utf8'),
  );
  const filesOf = (name: string): string[] => {
    const { file = '', imports = [], css = [] } = manifest[name] ?? {};
    return [file, ...css, ...imports.flatMap(filesOf)].filter(Boolean);
  };
  const [entry = ''] = Object.entries(manifest).find(([, { isEntry }]) => isEntry) ?? [];
  const first = new Set(filesOf(entry));
  const all = new Set(Object.keys(manifest).flatMap(filesOf));
  const bytes = (files: Iterable<string>, measure: (content: Buffer) => number): string => {
    const sum = [...files].reduce((total, file) => total + measure(readFileSync(`dist/admin/${file}`)), 0);
    return `${sum.toLocaleString('en')} B`;
  };
  const gzip = (content: Buffer): number => gzipSync(content, { level: 9 }).length;
  return [
    { what: 'settings page, what it needs at first, gzip -9', ours: bytes(first, gzip) },
    { what: 'settings page, with all that comes later, gzip -9', ours: bytes(all, gzip) },
  ];
}
