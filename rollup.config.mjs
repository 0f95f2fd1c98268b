import { chmodSync, rmSync } from 'node:fs';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import terser from '@rollup/plugin-terser';
import typescript from '@rollup/plugin-typescript';

// No file stays that is not made any more.
rmSync('dist', { recursive: true, force: true });

const source = (name) => `src/storefront/${name}.ts`;

// What only some pages, bad input, editing or diagnosis need: files of their own, loaded when they are needed.
const LAZY = [
  'automatic',
  'conversion',
  'core-trouble',
  'custom-event-data',
  'debug-panel',
  'event-data-repair',
  'lazy-zones',
  'messages',
  'preview',
  'shopper',
];
const lazyIds = new RegExp(`/(${LAZY.join('|')})\\.(js|ts)$`);
const fileOf = (id) => `${lazyIds.exec(id)?.[1]}.js`;
const besideScript = (id) => `./extole-storefront-${fileOf(id)}`;

// A relative import() in a script of another origin leads nowhere, unless its tag says `crossorigin`: browsers keep the
// address of such a script from itself (HTML, "create a classic script", muted errors). The tag has it.
const BESIDE_TAG = "const beside = document.currentScript?.src.replace(/\\.js[^/]*$/, '-');";
const besideTag = {
  name: 'beside-tag',
  renderDynamicImport: () => ({ left: 'import(beside + ', right: ')' }),
  // Rollup writes each external file as a path of the chunk's folder.
  renderChunk: (code) => code.replaceAll("beside + './", "beside + '"),
};

const compile = (compilerOptions = {}) =>
  typescript({ tsconfig: 'src/storefront/tsconfig.json', compilerOptions });

// Nearly all of the core file runs at once. Told so by its first line, Chromium compiles it off the main thread while it
// loads, instead of function by function when each is called: a third of its time. Other browsers see a comment.
const COMPILE_HINT = '//# allFunctionsCalledOnLoad';

const minify = (isModule) =>
  terser({
    ecma: 2020,
    module: isModule,
    compress: { passes: 3, unsafe_arrows: true },
    format: { comments: /allFunctionsCalledOnLoad/ },
  });

// A script tag is never on a server, so its file need not ask.
const inBrowser = {
  name: 'in-browser',
  transform: (code) => code.replace("typeof document === 'undefined'", 'false'),
};

// The app serves these as they are. Brotli's defaults and gzip's level 9 are the best that they have.
const packed = {
  name: 'packed',
  generateBundle(_options, bundle) {
    for (const { fileName, code } of Object.values(bundle)) {
      this.emitFile({ type: 'asset', fileName: `${fileName}.br`, source: brotliCompressSync(code) });
      this.emitFile({ type: 'asset', fileName: `${fileName}.gz`, source: gzipSync(code, { level: 9 }) });
    }
  },
};

/** The classic script: one file, with the lazy files beside it. */
const script = {
  input: source('auto'),
  external: (id) => lazyIds.test(id),
  output: {
    file: 'dist/storefront/extole-storefront.js',
    format: 'iife',
    banner: COMPILE_HINT,
    strict: false,
    generatedCode: 'es2015',
    intro: BESIDE_TAG,
    paths: fileOf,
    plugins: [besideTag, minify(false), packed],
  },
  plugins: [compile(), inBrowser],
};

const scriptParts = LAZY.map((name) => ({
  input: source(name),
  external: (id, importer) => importer !== undefined && lazyIds.test(id),
  output: {
    file: `dist/storefront/extole-storefront-${name}.js`,
    format: 'es',
    paths: besideScript,
    plugins: [minify(true), packed],
  },
  plugins: [compile()],
}));

/** The ES module with types, for bundlers, which minify and split it themselves. */
const module = {
  input: source('index'),
  output: {
    dir: 'dist/storefront',
    format: 'es',
    entryFileNames: 'index.mjs',
    chunkFileNames: '[name].mjs',
  },
  plugins: [compile({ declaration: true, declarationDir: 'dist/storefront/types' })],
};

// npm makes it so for those who install the package, and not for those who build it.
const executable = {
  name: 'executable',
  writeBundle: ({ dir, entryFileNames }) => chmodSync(`${dir}/${entryFileNames}`, 0o755),
};

/** The command line. Its dependencies are installed with it; what only some commands need is a file of its own. */
const cli = {
  input: 'src/cli/bin.ts',
  external: /^[^./]/,
  output: {
    dir: 'dist/cli',
    format: 'es',
    entryFileNames: 'extole-bigcommerce.mjs',
    chunkFileNames: '[name].mjs',
  },
  plugins: [typescript({ tsconfig: 'src/cli/tsconfig.json' }), executable],
};

/** The sandbox's Page Builder, and what it adds to the pages that it frames. Not part of the package. */
const PAGE_BUILDER = 'examples/sandbox/page-builder/browser';
const pageBuilder = [
  ['page-builder', 'es'],
  ['frame', 'iife'],
].map(([name, format]) => ({
  input: `${PAGE_BUILDER}/${name}.ts`,
  output: { file: `dist/sandbox/${name === 'frame' ? 'page-builder-frame' : name}.js`, format },
  plugins: [typescript({ tsconfig: `${PAGE_BUILDER}/tsconfig.json` })],
}));

export default [script, ...scriptParts, module, cli, ...pageBuilder];
