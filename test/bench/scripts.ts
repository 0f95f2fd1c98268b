import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import terser from '@rollup/plugin-terser';
import { rollup } from 'rollup';

const root = new URL('../../', import.meta.url);
const built = new URL('dist/storefront/', root);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

/** The scripts that are measured: ours, and the yardsticks beside it. */
export interface Scripts {
  readonly ours: string;
  /** Stripe's loader as an app ships it: bundled, minified, and called. It only loads a script. */
  readonly stripe: string;
  /** The one referral SDK on npm. */
  readonly squatch: string;
  /** The same job as ours without any care. */
  readonly floor: string;
}

/** Reads the scripts; ours as `npm run build` left it. */
export async function readScripts(): Promise<Scripts> {
  return {
    ours: read('dist/storefront/extole-storefront.js'),
    stripe: await bundleStripe(),
    squatch: read('node_modules/@saasquatch/squatch-js/dist/squatch.min.js'),
    floor: read('test/bench/floor.js'),
  };
}

/** What of the SDK is loaded only when it is needed, by file name. */
export function readLazyFiles(): ReadonlyMap<string, string> {
  const names = readdirSync(built).filter((name) => /^extole-storefront-.+\.js$/.test(name));
  return new Map(names.map((name) => [name, read(`dist/storefront/${name}`)]));
}

/** What a shopper's browser gets, in bytes: compressed as well as gzip can. */
export function gzipBytes(text: string): number {
  return gzipSync(text, { level: 9 }).length;
}

async function bundleStripe(): Promise<string> {
  const app = 'app.js';
  const bundle = await rollup({
    input: app,
    plugins: [
      {
        name: 'app',
        resolveId: (id) =>
          id === app ? app : fileURLToPath(new URL('node_modules/@stripe/stripe-js/dist/index.mjs', root)),
        load: (id) =>
          id === app ? "import { loadStripe } from '@stripe/stripe-js'; loadStripe('pk_test_x');" : null,
      },
    ],
  });
  const { output } = await bundle.generate({ format: 'iife', plugins: [terser()] });
  return output[0].code;
}
