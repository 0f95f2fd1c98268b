import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { listen } from '../../examples/sandbox/listen.js';
import { PRODUCTS, type Sandbox, startSandbox } from '../../examples/sandbox/sandbox.js';
import { VERSION } from '../../src/catalog/version.js';
import { findChromium } from '../../src/cli/doctor/chromium.js';
import { doctorCommand } from '../../src/cli/doctor-command.js';
import type { Finding } from '../../src/cli/finding.js';
import { INSTALL_ADVICE } from '../support/chromium.js';

const mugPath = PRODUCTS[0]?.path ?? '';
let sandbox: Sandbox;
/** The SDK, as the sandbox's pages load it. */
let sdkUrl = '';
/** A store of a test's own, and a program domain that answers as Extole does for a storefront that nobody listed. */
let store: FastifyInstance;
let storeUrl = '';
let storePage = '';
let storePolicy = '';

beforeAll(async () => {
  sandbox = await startSandbox({ ports: 'free' });
  const page = await (await fetch(`${sandbox.storefrontUrl}${mugPath}`)).text();
  const src = /src="([^"]*extole-storefront\.js)"/.exec(page)?.[1] ?? '';
  sdkUrl = new URL(src, sandbox.storefrontUrl).href;

  const core = await (await fetch(`${sandbox.programDomainUrl}/core.js`)).text();
  store = Fastify({ forceCloseConnections: true });
  store.get('/', (_request, reply) => {
    if (storePolicy) reply.header('content-security-policy', storePolicy);
    return reply.type('text/html').send(storePage);
  });
  store.get('/core.js', (_request, reply) => reply.type('text/javascript').send(core));
  store.options('/zones', (_request, reply) => reply.code(204).send());
  storeUrl = `http://localhost:${await listen(store)}`;
});
afterEach(async () => {
  sandbox.setCoreMode('normal');
  await sandbox.setScripts();
  storePolicy = '';
});
afterAll(async () => {
  await Promise.all([sandbox?.close(), store?.close()]);
});

/** Runs the command as on a machine with this Chromium. */
async function doctor(
  url: string,
): Promise<{ findings: Finding[]; exitCode: number | undefined; text: string }> {
  const CHROMIUM_PATH = findChromium(process.env);
  if (!CHROMIUM_PATH) throw new Error(INSTALL_ADVICE);
  const lines: string[] = [];
  let exitCode: number | undefined;
  const io = {
    out: (line: string) => void lines.push(line),
    err: () => {},
    env: { CHROMIUM_PATH },
    isTerminal: false,
  };
  const command = doctorCommand(io, (code) => {
    exitCode = code;
  });
  await command.parseAsync([url, '--json'], { from: 'user' });
  const text = lines.join('\n');
  return { findings: JSON.parse(text).findings, exitCode, text };
}

const codes = (findings: readonly Finding[], severity: Finding['severity']): string[] =>
  findings.filter((finding) => finding.severity === severity).map(({ code }) => code);

/** A page of the store with the SDK from another origin, which brings the core tag of `programDomain`. */
const pageOf = (programDomain: string, more: { attributes?: string; body?: string } = {}): string =>
  `<!doctype html><html><head><script async src="${sdkUrl}" data-program-domain="${programDomain}" ${more.attributes ?? ''}></script></head>
<body>${more.body ?? '<extole-zone name="product">Refer a friend</extole-zone>'}</body></html>`;

describe('extole-bigcommerce doctor, with Chromium', () => {
  it.each(['', '?csp=strict'])(
    'finds no error on a healthy product page%s, and says what it saw',
    async (query) => {
      const { findings, exitCode } = await doctor(`${sandbox.storefrontUrl}${mugPath}${query}`);
      expect(codes(findings, 'error')).toEqual([]);
      expect(exitCode).toBe(0);
      expect(codes(findings, 'info')).toEqual([
        'SDK_FOUND',
        'PROGRAM_DOMAIN_FOUND',
        'CORE_TAG_FOUND',
        'ZONES_FOUND',
        'TIMING',
        'ZONES_ASKED_FOR',
      ]);
      const told = findings.map(({ what }) => what).join('\n');
      expect(told).toContain(`The SDK ${VERSION} is on the page`);
      expect(told).toContain('product with locale, static_variable, dynamic_product_url, shown');
      expect(told).not.toContain('foobar');
    },
  );

  it.each([
    ['error', 'PROGRAM_DOMAIN_FAILS'],
    ['html', 'PROGRAM_DOMAIN_NOT_EXTOLE'],
    ['no-global', 'PROGRAM_DOMAIN_NOT_EXTOLE'],
  ] as const)('tells once that Extole does not come: %s', async (mode, code) => {
    sandbox.setCoreMode(mode);
    const { findings, exitCode } = await doctor(`${sandbox.storefrontUrl}${mugPath}`);
    expect(codes(findings, 'error')).toEqual([code]);
    expect(exitCode).toBe(1);
  });

  it('says that zones wait where consent is required', async () => {
    await sandbox.setScripts({ consent: 'required' });
    const { findings, exitCode } = await doctor(`${sandbox.storefrontUrl}${mugPath}`);
    expect(codes(findings, 'info')).toEqual(
      expect.arrayContaining(['CONSENT_REQUIRED', 'ZONES_AWAIT_CONSENT']),
    );
    expect(exitCode).toBe(0);
  });

  it('finds an SDK from another origin in order', async () => {
    storePage = pageOf(sandbox.programDomain);
    const { findings } = await doctor(`${storeUrl}/`);
    expect(codes(findings, 'error')).toEqual([]);
    expect(findings.at(-1)?.what).toContain('product');
  });

  it('tells that the hash is of another file, or can not be checked', async () => {
    storePage = pageOf(sandbox.programDomain, {
      attributes: `integrity="sha384-${'A'.repeat(64)}" crossorigin="anonymous"`,
    });
    const { findings, exitCode } = await doctor(`${storeUrl}/`);
    expect(codes(findings, 'error')).toEqual(['SDK_INTEGRITY_MISMATCH']);
    expect(exitCode).toBe(1);
    storePage = pageOf(sandbox.programDomain, { attributes: `integrity="sha384-${'A'.repeat(64)}"` });
    expect(codes((await doctor(`${storeUrl}/`)).findings, 'error')).toEqual(['SDK_CROSSORIGIN_MISSING']);
  });

  it('tells once that the policy blocks Extole', async () => {
    storePage = pageOf(sandbox.programDomain);
    storePolicy = `script-src ${sandbox.storefrontUrl}; connect-src 'self'`;
    const { findings } = await doctor(`${storeUrl}/`);
    expect(codes(findings, 'error')).toEqual(['CSP_BLOCKS_CORE_TAG', 'CSP_BLOCKS_ZONES']);
  });

  it('tells that the program domain does not let the storefront in', async () => {
    storePage = pageOf(new URL(storeUrl).host);
    const { findings, exitCode } = await doctor(`${storeUrl.replace('localhost', '127.0.0.1')}/`);
    expect(codes(findings, 'error')).toEqual(['PROGRAM_DOMAIN_CORS']);
    expect(exitCode).toBe(1);
  });

  it('tells what is wrong with zones, without what shoppers would see of it', async () => {
    storePage = pageOf(sandbox.programDomain, {
      body: `<extole-zone name="product" event-data='{"a": "{{order.id}}", "b": "ada@brand.com"}'></extole-zone>
<extole-zone name="broken" event-data='{"a" 1}'></extole-zone><extole-zone></extole-zone>`,
    });
    const { findings, text } = await doctor(`${storeUrl}/`);
    expect(codes(findings, 'error')).toEqual(['ZONE_NAME_MISSING', 'EVENT_DATA_INVALID']);
    expect(findings).toContainEqual(expect.objectContaining({ code: 'PLACEHOLDER_UNRESOLVED', line: 2 }));
    expect(text).not.toContain('ada@brand.com');
  });

  it('finds the second core tag that a script adds', async () => {
    storePage = pageOf(sandbox.programDomain, {
      body: `<script>document.head.append(Object.assign(document.createElement('script'), { src: '${storeUrl}/core.js' }))</script>`,
    });
    const { findings } = await doctor(`${storeUrl}/`);
    expect(codes(findings, 'warning')).toContain('CORE_TAG_OF_OTHER_DOMAIN');
  });

  it('says so where the Chromium does not start', async () => {
    storePage = pageOf(sandbox.programDomain);
    const lines: string[] = [];
    const io = {
      out: (line: string) => void lines.push(line),
      err: () => {},
      env: { CHROMIUM_PATH: process.execPath },
      isTerminal: false,
    };
    await doctorCommand(io, () => {}).parseAsync([`${storeUrl}/`], { from: 'user' });
    expect(lines.join('\n')).toMatch(/^warning +BROWSER_FAILED/m);
  });
});
