import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { formatMs, quantile, type Row, type Section } from './measure.js';
import { formatMb, memoryOf } from './memory.js';
import { spawnApp } from './spawn-app.js';

const STARTS = 5;
const REST_MS = 5_000;

/** What the app costs those who run it: the time until it is ready, and the memory that it holds while nobody asks for anything. */
export async function measureApp(): Promise<Section> {
  const fresh: number[] = [];
  const existing: number[] = [];
  let rest = { own: 0, descendants: 0 };
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
      { what: 'memory at rest, the app', ours: formatMb(rest.own) },
      { what: 'memory at rest, its database', ours: formatMb(rest.descendants) },
      ...adminSizes(),
    ],
    note: `medians of ${STARTS} starts of "extole-bigcommerce app", until /ready answers 200; memory (proportional set size) ${REST_MS / 1000} s after`,
  };
}

/** @returns How long it took until the app was ready. */
async function whileRunning(folder: string, use: (pid: number) => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  const app = await spawnApp({ DATA_DIR: folder });
  const readyMs = performance.now() - startedAt;
  await use(app.pid).finally(app.stop);
  return readyMs;
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
