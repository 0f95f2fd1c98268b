import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DEFAULT_FIELDS } from '../../src/catalog/event-data-fields.js';
import { VERSION } from '../../src/catalog/version.js';
import { KNOWN_ZONES, OVERLAY_ZONE_NAMES } from '../../src/catalog/zones.js';
import { sentence } from '../../src/storefront/messages.js';
import { ordersMarkdown, pageContextMarkdown, stencilHead } from '../support/generated-docs.js';

const root = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const sources = readdirSync(new URL('src/', root), { recursive: true, encoding: 'utf8' }).filter((path) =>
  /\.tsx?$/.test(path),
);
const codesIn = (text: string): string[] =>
  [...text.matchAll(/'([A-Z]+(?:_[A-Z]+)+)'/g)].map(([, code = '']) => code);

/** What our code may import besides its own files: Node's modules, and the packages that are installed with ours. */
const INSTALLED = new RegExp(
  `^(node:.*|${Object.keys(JSON.parse(read('package.json')).dependencies).join('|')})$`,
);

describe('the parts of the project', () => {
  /** What each part may import besides itself. `cli` starts `app`; `admin` and `app` meet over HTTP. */
  const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
    catalog: [],
    storefront: ['catalog'],
    store: ['catalog'],
    app: ['catalog', 'store'],
    admin: ['catalog'],
    cli: ['catalog', 'store', 'app'],
  };

  it.each(sources)('keep to the import direction: %s', (path) => {
    const [part = ''] = path.split('/');
    const imported = [...read(`src/${path}`).matchAll(/\b(?:from|import)(?:\s+|\()'([^'\n]+)'/g)].map(
      ([, to = '']) => to,
    );
    for (const specifier of imported) {
      if (!specifier.startsWith('.')) {
        expect(part, 'the storefront has no dependency').not.toBe('storefront');
        if (part === 'catalog') expect(specifier, 'the catalog describes settings, no more').toBe('zod');
        // The settings page is built with all that it needs.
        if (part !== 'admin') {
          expect(specifier, 'what runs elsewhere is installed along').toMatch(INSTALLED);
        }
        continue;
      }
      const target = new URL(specifier, new URL(`src/${path}`, root)).pathname.slice(
        new URL('src/', root).pathname.length,
      );
      const [to = ''] = target.split('/');
      expect([part, ...(MAY_IMPORT[part] ?? [])]).toContain(to);
    }
  });

  it('carry one version', () => {
    expect(VERSION).toBe(JSON.parse(read('package.json')).version);
    expect(read('CHANGELOG.md')).toContain(`## ${VERSION}`);
  });

  it('agree on which zones are overlays', () => {
    const overlays = KNOWN_ZONES.filter(({ isOverlay }) => isOverlay).map(({ name }) => name);
    expect(OVERLAY_ZONE_NAMES).toEqual(expect.arrayContaining(overlays));
    for (const { name, isOverlay } of KNOWN_ZONES) expect(OVERLAY_ZONE_NAMES.includes(name)).toBe(isOverlay);
  });
});

describe('the documents', () => {
  const declared = codesIn(read('src/storefront/errors.ts').replaceAll("| '", "'"));
  const documented = [...read('docs/errors.md').matchAll(/^\| `([A-Z_]+)` \|/gm)].map(
    ([, code = '']) => code,
  );

  it('list every error code, and none that does not exist', () => {
    // What `validate` and `doctor` find says itself what to do, and lives in folders of their own.
    const elsewhere = sources
      .filter((path) => /^(store|cli)\/[^/]+$/.test(path))
      .flatMap((path) => [...read(`src/${path}`).matchAll(/(?:[`'])([A-Z]+(?:_[A-Z]+)+)[:']/g)])
      .map(([, code = '']) => code)
      .filter((code) => !/^BIGCOMMERCE_(STORE_HASH|ACCESS_TOKEN|API_URL)$|^E[A-Z]+_|^UND_ERR/.test(code));
    const ofApp = sources
      .filter((path) => /^(app|admin)\//.test(path))
      .flatMap((path) => [...read(`src/${path}`).matchAll(/(?:AppError\(\s*|code: )'([A-Z]+(?:_[A-Z]+)*)'/g)])
      .map(([, code = '']) => code)
      .filter((code) => code !== 'ENOTFOUND');
    const all = [...declared, ...elsewhere, ...ofApp];
    expect([...new Set(documented)].sort()).toEqual([...new Set(all)].sort());
  });

  it('are matched by sentences in the console that say what to do', () => {
    expect(sentence('PROGRAM_DOMAIN_INVALID', 'https://share.brand.com/x')).toBe(
      'PROGRAM_DOMAIN_INVALID: "https://share.brand.com/x" is not a program domain. Enter the bare host name that stands in the Tech Center of your Extole account under Program Domains, such as share.brand.com: no https://, no path, no port.',
    );
    expect(sentence('PROGRAM_DOMAIN_INVALID', '')).toContain('No program domain is given');
    expect(sentence('ZONE_NAME_MISSING', '')).toContain('Choose a zone in Page Builder');
  });

  it('tell the page context as the catalog has it', () => {
    expect(read('docs/page-context.md'), 'run "npm run docs"').toBe(pageContextMarkdown());
  });

  it('tell what becomes of orders as the catalog has it', () => {
    expect(read('docs/orders.md'), 'run "npm run docs"').toBe(ordersMarkdown());
  });

  it('give theme developers the same script as the Scripts API', () => {
    expect(read('templates/stencil/head.html'), 'run "npm run docs"').toBe(stencilHead());
  });

  it('name the default fields', () => {
    for (const field of DEFAULT_FIELDS) expect(read('README.md')).toContain(`\`${field}\``);
  });
});
