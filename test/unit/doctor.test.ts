import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { VERSION } from '../../src/catalog/version.js';
import { checkConsent } from '../../src/cli/doctor/check-consent.js';
import { checkCoreTag } from '../../src/cli/doctor/check-core-tag.js';
import { checkPage } from '../../src/cli/doctor/check-page.js';
import { checkPolicy } from '../../src/cli/doctor/check-policy.js';
import { checkProgramDomain } from '../../src/cli/doctor/check-program-domain.js';
import { checkSdk } from '../../src/cli/doctor/check-sdk.js';
import { checkStore } from '../../src/cli/doctor/check-store.js';
import { checkVisit } from '../../src/cli/doctor/check-visit.js';
import { checkZones } from '../../src/cli/doctor/check-zones.js';
import type { Evidence } from '../../src/cli/doctor/evidence.js';
import { findInstallation } from '../../src/cli/doctor/installation.js';
import type { InstalledStore } from '../../src/cli/doctor/installed-store.js';
import { readPage } from '../../src/cli/doctor/page.js';
import { printable } from '../../src/cli/doctor/printable.js';
import { unexplained } from '../../src/cli/doctor/unexplained.js';
import type { Seen, ZoneEvent } from '../../src/cli/doctor/visit.js';
import type { Finding } from '../../src/cli/finding.js';
import type { Answer, Answered } from '../../src/store/answer.js';
import type { FoundScript } from '../../src/store/plan.js';
import { fillScriptHtml } from '../../src/store/script-html.js';

const STORE = 'https://brand.com';
const CDN = 'https://cdn.brand.com';
const SDK_TEXT = `window.extoleStorefront={version:"${VERSION}"}`;
const SDK_HASH = `sha384-${createHash('sha384').update(SDK_TEXT).digest('base64')}`;
const SDK_URL = `${CDN}/${VERSION}/extole-storefront.js`;
const SDK_TAG = `<script async src="${SDK_URL}" integrity="${SDK_HASH}" crossorigin="anonymous"></script>`;
const CONFIG = '<script>window.extoleStorefront = {"programDomain":"share.brand.com"};</script>';
const CORE_TAG = '<script async src="https://share.brand.com/core.js"></script>';

function answer(
  parts: Partial<Pick<Answered, 'url' | 'status' | 'isCut'>> & { headers?: HeadersInit; text?: string },
): Answered {
  const { text = '', headers = {}, ...rest } = parts;
  return {
    url: SDK_URL,
    status: 200,
    isCut: false,
    ...rest,
    headers: new Headers(headers),
    body: Buffer.from(text),
  };
}

const OPEN = {
  'content-type': 'text/javascript',
  'access-control-allow-origin': '*',
  'cache-control': 'max-age=31536000, immutable',
};
const SDK_FILE = answer({ text: SDK_TEXT, headers: OPEN });
const CORE = answer({ text: 'window.extole={}', headers: { 'content-type': 'application/javascript' } });
const LETS_IN = answer({ status: 204, headers: { 'access-control-allow-origin': STORE } });
const SHUT = answer({ status: 204 });
const NO_HOST: Answer = { failure: 'ENOTFOUND' };

const SEEN: Seen = {
  version: VERSION,
  events: [],
  violations: [],
  firstContentfulPaintMs: 300,
  hasConsentEvents: false,
  coreTags: ['https://share.brand.com/core.js'],
  requests: [],
  complaints: [],
  thrown: [],
};

interface Parts {
  readonly head?: string;
  readonly body?: string;
  readonly policy?: string;
  readonly sdk?: Evidence['sdk'];
  readonly core?: Answer;
  readonly preflight?: Answer;
  readonly plain?: Answer;
  readonly expected?: string;
  readonly visit?: Evidence['visit'];
  readonly store?: Evidence['store'];
  readonly path?: string;
}

/** All that would be seen of a made-up page, on which all is well unless a part says otherwise. */
function evidence(parts: Parts = {}): Evidence {
  const { head = CORE_TAG + CONFIG + SDK_TAG, body = '<extole-zone name="product"></extole-zone>' } = parts;
  const page = readPage(
    `<!doctype html>\n<html><head>\n${head}\n</head><body>\n${body}\n</body></html>`,
    `${STORE}${parts.path ?? '/mug/'}`,
    parts.policy ?? null,
  );
  const installation = findInstallation(page);
  const { core = CORE, preflight = LETS_IN, plain = SHUT, sdk = { file: SDK_FILE, part: SDK_FILE } } = parts;
  return {
    page,
    installation,
    expectedProgramDomain: parts.expected,
    sdk: installation.sdkTags.length > 0 ? sdk : undefined,
    programDomain: { host: 'share.brand.com', origin: 'https://share.brand.com', core, preflight, plain },
    visit: parts.visit,
    store: parts.store,
  };
}

const script = (parts: Partial<FoundScript['script']> = {}, part = 'storefront'): FoundScript => ({
  part,
  channelId: 1,
  script: {
    uuid: 'a',
    name: 'Extole: store pages',
    html: `<script async src="https://cdn.brand.com/${VERSION}/extole-storefront.js"></script>`,
    enabled: true,
    consent_category: 'targeting',
    ...parts,
  },
});

/** What a store has on which all is well. */
const installed = (parts: Partial<InstalledStore> = {}): InstalledStore => ({
  features: { checkout_type: 'optimized' },
  channel: { id: 1, name: 'Brand' },
  isCatalyst: false,
  scripts: [script()],
  template: { isCurrent: true, outdatedWidgets: 0 },
  ...parts,
});

const codes = (findings: readonly Finding[]): string[] => findings.map(({ code }) => code);
const find = (findings: readonly Finding[], code: string): Finding | undefined =>
  findings.find((finding) => finding.code === code);

describe('a page on which all is well', () => {
  it('gives nothing but a few words on what was seen', () => {
    const seen = evidence();
    const checks = [checkSdk, checkProgramDomain, checkCoreTag, checkPolicy, checkConsent, checkZones];
    const findings = checks.flatMap((check) => check(seen));
    expect(new Set(findings.map(({ severity }) => severity))).toEqual(new Set(['info']));
    expect(findings.map(({ what }) => what)).toEqual([
      `The SDK ${VERSION} is on the page, on line 3.`,
      'The program domain share.brand.com serves Extole, and lets https://brand.com ask for zones.',
      'The core tag is https://share.brand.com/core.js.',
      'Zones in the page: product.',
    ]);
  });
});

describe('the answer of a store', () => {
  const html = (text: string, parts: Partial<Answered> = {}): Answered => ({
    ...answer({ text, headers: { 'content-type': 'text/html; charset=utf-8' } }),
    url: `${STORE}/mug/`,
    ...parts,
  });

  it.each([
    ['PAGE_UNREACHABLE', NO_HOST],
    ['PAGE_FAILED', html('', { status: 503 })],
    ['PAGE_NOT_HTML', answer({ url: `${STORE}/mug/`, headers: { 'content-type': 'image/png' } })],
    ['STORE_NOT_PUBLIC', html('', { url: `${STORE}/login.php` })],
    ['STORE_NOT_PUBLIC', html('<title>Brand - Coming Soon</title>')],
    ['STORE_NOT_PUBLIC', html('<p>Enter your preview code')],
  ])('is the only finding where there is no page to look at: %s', (code, seen) => {
    const { findings, answer: looked } = checkPage(`${STORE}/mug/`, seen);
    expect(codes(findings)).toEqual([code]);
    expect(findings[0]?.severity).toBe('error');
    expect(looked).toBeUndefined();
  });

  it('is looked at where it is a page, even one that speaks of what comes soon', () => {
    const page = html('<title>Mug</title><div data-content-region="x"></div>A new mug: coming soon');
    expect(checkPage(`${STORE}/mug/`, page)).toEqual({ findings: [], answer: page });
  });

  it('may be a sign-in page where that was asked for', () => {
    expect(checkPage(`${STORE}/login.php`, html('', { url: `${STORE}/login.php` })).findings).toEqual([]);
  });

  it('may come from another host, which is told', () => {
    const { findings, answer: looked } = checkPage('https://www.brand.com/mug/?guest=1', html('<p>Mug'));
    expect(codes(findings)).toEqual(['PAGE_REDIRECTED']);
    expect(findings[0]?.what).toBe(
      'https://www.brand.com/mug/ leads to https://brand.com/mug/, which was looked at.',
    );
    expect(looked).toBeDefined();
  });
});

describe('the SDK on a page', () => {
  it('is missed, and the scripts of the theme with it', () => {
    const findings = checkSdk(evidence({ head: '' }));
    expect(codes(findings)).toEqual(['SDK_MISSING', 'HEAD_SCRIPTS_NOT_FOUND']);
    expect(findings[0]?.severity).toBe('error');
  });

  it('is missed while the theme prints its scripts', () => {
    expect(codes(checkSdk(evidence({ head: '<script>var BCData = {};</script>' })))).toEqual(['SDK_MISSING']);
  });

  it('is missed where only its configuration is there', () => {
    expect(checkSdk(evidence({ head: CONFIG }))[0]?.what).toContain(
      'The configuration is on the page (line 3)',
    );
  });

  it('may be in the bundle of a headless storefront, which only a browser can tell', () => {
    const head = '<script src="/_next/static/chunks/main.js"></script>';
    expect(checkSdk(evidence({ head }))[0]?.severity).toBe('warning');
    expect(codes(checkSdk(evidence({ head, visit: SEEN })))).toEqual(['SDK_FOUND']);
    expect(checkSdk(evidence({ head, visit: { ...SEEN, version: undefined } }))[0]?.severity).toBe('error');
  });

  it('is missed alone where the store is known to have no script of ours', () => {
    const store = installed({ scripts: [] });
    expect(codes(checkSdk(evidence({ head: '', store })))).toEqual(['SDK_MISSING']);
    const confirmation = { head: '', store, path: '/checkout/order-confirmation' };
    expect(codes(checkSdk(evidence(confirmation)))).toEqual(['SDK_MISSING']);
    for (const other of [installed(), { failure: 'BIGCOMMERCE_UNAVAILABLE: …' }]) {
      expect(codes(checkSdk(evidence({ head: '', store: other })))).toContain('HEAD_SCRIPTS_NOT_FOUND');
    }
  });

  it.each(['/account.php', '/login.php', '/checkout', '/checkout/', '/checkout.php'])(
    'is not missed at %s, where BigCommerce may show no scripts',
    (path) => {
      expect(checkSdk(evidence({ head: '', path }))).toMatchObject([
        { code: 'PAGE_SHOWS_NO_SCRIPTS', severity: 'info' },
      ]);
      expect(codes(checkSdk(evidence({ path })))).toEqual(['SDK_FOUND']);
    },
  );

  it.each(['/checkout/order-confirmation', '/login-bags/', '/blog/account/'])('is missed at %s', (path) => {
    expect(codes(checkSdk(evidence({ head: '', path })))).toContain('SDK_MISSING');
  });

  it('stands in the footer of the order confirmation, where it is published to', () => {
    const parts = { head: '', body: SDK_TAG };
    expect(codes(checkSdk(evidence({ ...parts, path: '/checkout/order-confirmation' })))).toEqual([
      'SDK_FOUND',
    ]);
    expect(codes(checkSdk(evidence({ ...parts, path: '/cart.php' })))).toContain('SDK_LATE');
  });

  it.each<[string, Parts]>([
    ['SDK_TWICE', { head: CONFIG + SDK_TAG + SDK_TAG }],
    ['SDK_HELD_BACK', { head: SDK_TAG.replace('async', 'type="text/plain" async') }],
    ['SDK_BLOCKS', { head: SDK_TAG.replace('async ', '') }],
    ['SDK_LATE', { head: '', body: SDK_TAG }],
    ['SDK_BEHIND_SCRIPTS', { head: `<script src="/theme.js"></script>${SDK_TAG}` }],
    ['SDK_INTEGRITY_MISSING', { head: `<script async src="${SDK_URL}"></script>` }],
    ['SDK_CROSSORIGIN_MISSING', { head: SDK_TAG.replace(/crossorigin="\w+"/, '') }],
    [
      'SDK_INTEGRITY_MISMATCH',
      { sdk: { file: answer({ text: `${SDK_TEXT} `, headers: OPEN }), part: SDK_FILE } },
    ],
    ['SDK_UNREACHABLE', { sdk: { file: NO_HOST, part: SDK_FILE } }],
    [
      'SDK_UNREACHABLE',
      {
        sdk: {
          file: answer({ text: SDK_TEXT, headers: { ...OPEN, 'content-type': 'text/html' } }),
          part: SDK_FILE,
        },
      },
    ],
    ['SDK_PARTS_MISSING', { sdk: { file: SDK_FILE, part: answer({ status: 404, headers: OPEN }) } }],
    [
      'SDK_PARTS_MISSING',
      { sdk: { file: SDK_FILE, part: answer({ headers: { 'content-type': 'text/javascript' } }) } },
    ],
    [
      'SDK_CORS_MISSING',
      {
        sdk: {
          file: answer({
            text: SDK_TEXT,
            headers: { ...OPEN, 'access-control-allow-origin': 'https://other.com' },
          }),
          part: SDK_FILE,
        },
      },
    ],
    [
      'SDK_NOT_CACHED',
      {
        sdk: {
          file: answer({ text: SDK_TEXT, headers: { ...OPEN, 'cache-control': 'public, max-age=3600' } }),
          part: SDK_FILE,
        },
      },
    ],
    [
      'SDK_NOT_CACHED',
      {
        sdk: {
          file: answer({
            text: SDK_TEXT,
            headers: { ...OPEN, 'cache-control': 'no-store, max-age=31536000' },
          }),
          part: SDK_FILE,
        },
      },
    ],
    ['SDK_VERSION_DIFFERS', { head: SDK_TAG.replace(VERSION, '9.9.9') }],
  ])('is told of: %s', (code, parts) => {
    expect(codes(checkSdk(evidence()))).toEqual(['SDK_FOUND']);
    expect(codes(checkSdk(evidence(parts)))).toContain(code);
  });

  it('is told of where what is served is something else', () => {
    const file = answer({ text: 'parked()', headers: OPEN });
    const head = SDK_TAG.replace(/integrity="[^"]+"/, '');
    expect(codes(checkSdk(evidence({ head, sdk: { file, part: SDK_FILE } })))).toContain('SDK_WRONG_FILE');
  });

  it('is told of where it is older than this release', () => {
    const old = (version: string): string[] => {
      const text = SDK_TEXT.replace(VERSION, version);
      const head = `<script async src="${CDN}/extole-storefront.js"></script>`;
      return codes(
        checkSdk(evidence({ head, sdk: { file: answer({ text, headers: OPEN }), part: SDK_FILE } })),
      );
    };
    expect(old('0.0.9')).toContain('SDK_OUTDATED');
    expect(old('0.10.0')).not.toContain('SDK_OUTDATED');
  });

  it('needs neither hash nor CORS where it comes from the storefront itself', () => {
    const own = answer({
      url: `${STORE}/sdk/extole-storefront.js`,
      text: SDK_TEXT,
      headers: { ...OPEN, 'access-control-allow-origin': '' },
    });
    const head = `${CONFIG}<script async src="/sdk/extole-storefront.js"></script>`;
    expect(codes(checkSdk(evidence({ head, sdk: { file: own, part: own } })))).toEqual(['SDK_FOUND']);
  });

  it('is held to the strongest of its hashes', () => {
    const weak = `sha256-${createHash('sha256').update(SDK_TEXT).digest('base64')}`;
    const withHashes = (hashes: string): string[] =>
      codes(checkSdk(evidence({ head: SDK_TAG.replace(SDK_HASH, hashes) })));
    expect(withHashes(weak)).toEqual(['SDK_FOUND']);
    expect(withHashes(`sha384-AAAA ${SDK_HASH}`)).toEqual(['SDK_FOUND']);
    expect(withHashes(`${weak} sha512-AAAA`)).toContain('SDK_INTEGRITY_MISMATCH');
  });

  it('is seen as the template of the Scripts API places it', () => {
    const template =
      '%%CORE_TAG%%<script>(window.extoleStorefront = %%CONFIG%%);</script><script async src="/sdk.js"></script>';
    const filled = fillScriptHtml(template, {
      programDomain: 'share.brand.com',
      sdkUrl: SDK_URL,
      zones: ['global_header', 'overlay'],
      consent: 'required',
      consentCategory: 'analytics',
    });
    expect(evidence({ head: filled }).installation).toMatchObject({
      programDomains: ['share.brand.com'],
      automaticZones: ['global_header', 'overlay'],
      isConsentRequired: true,
      consentCategory: 'analytics',
      coreTags: [],
    });
  });

  it('is not found in what a page only shows', () => {
    const body = `<template>${SDK_TAG}</template><noscript>${SDK_TAG}</noscript><!-- ${SDK_TAG} --><textarea>${SDK_TAG}</textarea>`;
    expect(evidence({ head: '', body }).installation.sdkTags).toEqual([]);
  });
});

describe('the core tag', () => {
  it.each<[string, Parts]>([
    ['CORE_TAG_TWICE', { head: CORE_TAG + CORE_TAG + CONFIG + SDK_TAG }],
    [
      'CORE_TAG_TWICE',
      {
        visit: { ...SEEN, coreTags: ['https://share.brand.com/core.js', 'https://brand.extole.io/core.js'] },
      },
    ],
    ['CORE_TAG_BY_SDK', { head: CONFIG + SDK_TAG }],
    [
      'CORE_TAG_OF_OTHER_DOMAIN',
      { head: `<script async src="https://brand.extole.io/core.js"></script>${CONFIG}${SDK_TAG}` },
    ],
    [
      'CORE_TAG_BEFORE_CONSENT',
      { head: `${CORE_TAG}<script>extoleStorefront = { consent: 'required' }</script>${SDK_TAG}` },
    ],
    ['CORE_TAG_BLOCKS', { head: CORE_TAG.replace('async ', '') + CONFIG + SDK_TAG }],
  ])('is told of: %s', (code, parts) => {
    expect(codes(checkCoreTag(evidence()))).toEqual(['CORE_TAG_FOUND']);
    expect(codes(checkCoreTag(evidence(parts)))).toContain(code);
  });

  it('is told to come by the SDK also where a browser saw it come', () => {
    expect(codes(checkCoreTag(evidence({ head: CONFIG + SDK_TAG, visit: SEEN })))).toEqual([
      'CORE_TAG_BY_SDK',
    ]);
    expect(codes(checkCoreTag(evidence({ visit: SEEN })))).toEqual(['CORE_TAG_FOUND']);
    expect(codes(checkCoreTag(evidence({ head: '', visit: SEEN })))).toEqual(['CORE_TAG_FOUND']);
  });

  it('is left to the SDK where consent is required', () => {
    const head = `<script>extoleStorefront = { consent: 'required' }</script>${SDK_TAG}`;
    expect(checkCoreTag(evidence({ head }))).toEqual([]);
  });

  it('is not what others call core.js', () => {
    const head = `<script async src="https://cdn.other.com/lib/core.js"></script>${CORE_TAG}`;
    expect(codes(checkCoreTag(evidence({ head })))).toEqual(['CORE_TAG_FOUND']);
  });
});

describe('the program domain', () => {
  it.each<[string, Parts]>([
    ['PROGRAM_DOMAIN_MISSING', { head: SDK_TAG }],
    [
      'PROGRAM_DOMAIN_INVALID',
      { head: CONFIG.replace('share.brand.com', 'https://share.brand.com/') + SDK_TAG },
    ],
    [
      'PROGRAM_DOMAIN_DIFFERS',
      { head: CONFIG + SDK_TAG.replace('async', 'async data-program-domain="other.brand.com"') },
    ],
    ['PROGRAM_DOMAIN_UNEXPECTED', { expected: 'refer.brand.com' }],
    ['PROGRAM_DOMAIN_NOT_FOUND', { core: NO_HOST }],
    ['PROGRAM_DOMAIN_CERTIFICATE', { core: { failure: 'CERT_HAS_EXPIRED' } }],
    ['PROGRAM_DOMAIN_CERTIFICATE', { core: { failure: 'ERR_TLS_CERT_ALTNAME_INVALID' } }],
    ['PROGRAM_DOMAIN_UNREACHABLE', { core: { failure: 'TIMEOUT' } }],
    ['PROGRAM_DOMAIN_FAILS', { core: answer({ status: 500 }) }],
    [
      'PROGRAM_DOMAIN_NOT_EXTOLE',
      { core: answer({ text: 'extole', headers: { 'content-type': 'text/html' } }) },
    ],
    [
      'PROGRAM_DOMAIN_NOT_EXTOLE',
      { core: answer({ text: 'other()', headers: { 'content-type': 'text/javascript' } }) },
    ],
    ['PROGRAM_DOMAIN_CORS', { preflight: SHUT, plain: SHUT }],
    [
      'PROGRAM_DOMAIN_CORS',
      { preflight: answer({ status: 204, headers: { 'access-control-allow-origin': '*' } }) },
    ],
  ])('is told of: %s', (code, parts) => {
    expect(codes(checkProgramDomain(evidence({ expected: 'Share.Brand.com ' })))).toEqual([
      'PROGRAM_DOMAIN_FOUND',
    ]);
    const found = find(checkProgramDomain(evidence(parts)), code);
    expect(found?.severity).toBe(code === 'PROGRAM_DOMAIN_DIFFERS' ? 'warning' : 'error');
    expect(found?.todo).toMatch(/\.$/);
  });

  it('may say so for plain requests only', () => {
    expect(codes(checkProgramDomain(evidence({ preflight: SHUT, plain: LETS_IN })))).toEqual([
      'PROGRAM_DOMAIN_FOUND',
    ]);
  });

  it('is given the benefit of the doubt where it does not answer the question, or answered a browser', () => {
    const unsure = { preflight: answer({ status: 404 }), plain: answer({ status: 405 }) };
    expect(checkProgramDomain(evidence(unsure))[0]).toMatchObject({
      code: 'PROGRAM_DOMAIN_CORS',
      severity: 'warning',
    });
    const zone = {
      kind: 'zone',
      url: 'https://share.brand.com/zones',
      startedAtMs: 1,
      zone: { name: 'product', keys: [] },
    } as const;
    const visited = (status: number | undefined, failure?: string): Evidence =>
      evidence({ preflight: SHUT, visit: { ...SEEN, requests: [{ ...zone, status, failure }] } });
    expect(codes(checkProgramDomain(visited(200)))).toEqual(['PROGRAM_DOMAIN_FOUND']);
    expect(codes(checkProgramDomain(visited(undefined, 'net::ERR_FAILED')))).toEqual(['PROGRAM_DOMAIN_CORS']);
  });

  it.each<Answer>([{ failure: 'TIMEOUT' }, answer({ status: 503 })])(
    'is only told to be slow, or to fail at times, where it served a browser that showed zones',
    (core) => {
      const request = { kind: 'core', failure: undefined, startedAtMs: 1, zone: undefined } as const;
      const told = (url: string, status: number, type: string) =>
        checkProgramDomain(
          evidence({
            core,
            visit: {
              ...SEEN,
              requests: [{ ...request, url, status }],
              events: [{ type, name: 'product' }],
            },
          }),
        ).map(({ severity }) => severity);
      const url = 'https://share.brand.com/core.js';
      expect(told(url, 200, 'extole-zone:rendered')).toEqual(['warning', 'info']);
      expect(told(url, 200, 'extole-zone:failed')).toEqual(['error']);
      expect(told(url, 503, 'extole-zone:rendered')).toEqual(['error']);
      expect(told('https://brand.extole.io/core.js', 200, 'extole-zone:rendered')).toEqual(['error']);
    },
  );

  it('need not stand in the page where a script of the page gave it', () => {
    const core = {
      kind: 'core',
      url: 'https://share.brand.com/core.js',
      status: 200,
      failure: undefined,
      startedAtMs: 1,
      zone: undefined,
    } as const;
    expect(
      codes(checkProgramDomain(evidence({ head: SDK_TAG, visit: { ...SEEN, requests: [core] } }))),
    ).toEqual(['PROGRAM_DOMAIN_FOUND']);
  });
});

describe("a page's Content-Security-Policy", () => {
  const extole = 'https://*.extole.io https://*.xtlo.net';
  const ALL = `default-src 'self'; script-src 'self' 'unsafe-inline' ${CDN} https://share.brand.com ${extole}; connect-src https://share.brand.com ${extole}; img-src https://share.brand.com ${extole}; frame-src https://share.brand.com`;

  it.each([
    ['CSP_BLOCKS_SDK', ALL.replace(`${CDN} `, '')],
    ['CSP_BLOCKS_CONFIGURATION', ALL.replace("'unsafe-inline' ", '')],
    ['CSP_BLOCKS_CORE_TAG', ALL.replace('https://share.brand.com', '')],
    ['CSP_BLOCKS_ZONES', ALL.replace('connect-src https://share.brand.com', 'connect-src')],
    ['CSP_BLOCKS_IMAGES', ALL.replace('img-src https://share.brand.com', 'img-src')],
    ['CSP_BLOCKS_FRAMES', ALL.replace('; frame-src https://share.brand.com', '')],
    ['CSP_LACKS_EXTOLE', ALL.replace('https://*.xtlo.net; connect', '; connect')],
  ])('is told of: %s', (code, policy) => {
    expect(checkPolicy(evidence({ policy: ALL }))).toEqual([]);
    expect(codes(checkPolicy(evidence({ policy })))).toEqual([code]);
  });

  it('is not needed', () => {
    expect(checkPolicy(evidence())).toEqual([]);
  });

  it('counts in a meta tag too, and all of several have to allow', () => {
    const head = `<meta http-equiv="Content-Security-Policy" content="img-src 'self'">${CONFIG}${SDK_TAG}`;
    expect(codes(checkPolicy(evidence({ head, policy: ALL })))).toEqual([
      'CSP_BLOCKS_IMAGES',
      'CSP_LACKS_EXTOLE',
    ]);
    expect(codes(checkPolicy(evidence({ policy: `${ALL}, script-src 'none'` })))).toContain('CSP_BLOCKS_SDK');
  });

  it('may work by nonces, which the core tag is given by the SDK', () => {
    const strict = ALL.replace("'unsafe-inline'", "'unsafe-inline' 'nonce-Abc' 'strict-dynamic'");
    const withNonce = (CONFIG + SDK_TAG).replaceAll('<script', '<script nonce="Abc"');
    expect(
      checkPolicy(evidence({ head: withNonce, policy: strict })).filter(
        ({ severity }) => severity === 'error',
      ),
    ).toEqual([]);
    expect(
      codes(checkPolicy(evidence({ head: withNonce.replaceAll('Abc', 'abc'), policy: strict }))),
    ).toEqual(expect.arrayContaining(['CSP_BLOCKS_CONFIGURATION', 'CSP_BLOCKS_SDK']));
  });

  it('may work by hashes', () => {
    const inline = createHash('sha256')
      .update(CONFIG.replace(/<[^>]+>/g, ''))
      .digest('base64');
    const byHash = (hash: string): string[] =>
      codes(
        checkPolicy(
          evidence({ policy: `script-src 'sha256-${hash}' '${SDK_HASH}' https://share.brand.com ${extole}` }),
        ),
      );
    expect(byHash(inline)).toEqual([]);
    expect(byHash('AAAA')).toEqual(['CSP_BLOCKS_CONFIGURATION']);
  });

  it.each([
    ['*', true],
    ['https:', true],
    ['http:', true],
    ['data:', false],
    ['cdn.brand.com', true],
    ['CDN.brand.com:443', true],
    ['cdn.brand.com:8443', false],
    ['cdn.brand.com:*', true],
    ['*.brand.com', true],
    ['*.cdn.brand.com', false],
    ['https://cdn.brand.com/0', false],
    ['https://cdn.brand.com/', true],
    [`https://cdn.brand.com/${VERSION}/`, true],
    [`https://cdn.brand.com/${VERSION}/extole-storefront.js`, true],
    ["'self'", false],
    ["'none'", false],
  ])('reads the source %s', (source, isAllowed) => {
    const policy = `script-src 'unsafe-inline' ${source} https://share.brand.com ${extole}`;
    expect(codes(checkPolicy(evidence({ policy }))).includes('CSP_BLOCKS_SDK')).toBe(!isAllowed);
  });
});

describe('consent', () => {
  const banner = '<script>window.consentManagerStoreConfig = function () {}</script>';
  const required = `<script>extoleStorefront = { consent: 'required', programDomain: 'share.brand.com' }</script>${SDK_TAG}`;

  it.each<[string | undefined, Parts]>([
    [undefined, {}],
    ['CONSENT_NOT_REQUIRED', { head: banner + CONFIG + SDK_TAG }],
    [undefined, { head: banner + CONFIG + SDK_TAG.replace('async', 'type="text/plain"') }],
    ['CONSENT_NOT_HEARD', { head: required }],
    ['CONSENT_REQUIRED', { head: banner + required }],
    ['CONSENT_NOT_HEARD', { head: banner + required, visit: SEEN }],
    ['CONSENT_REQUIRED', { head: required, visit: { ...SEEN, hasConsentEvents: true } }],
  ])('is judged by banner and configuration: %s', (code, parts) => {
    expect(codes(checkConsent(evidence(parts)))).toEqual(code ? [code] : []);
  });
});

describe('the zones in a page', () => {
  it.each([
    ['ZONE_NAME_MISSING', '<extole-zone name=" "></extole-zone>'],
    ['EVENT_DATA_NOT_JSON', '<extole-zone name="x" event-data="{“a”: 1}"></extole-zone>'],
    ['EVENT_DATA_NOT_JSON', '<extole-zone name="x" event-data="[1]"></extole-zone>'],
    ['PLACEHOLDER_UNKNOWN', `<extole-zone name="x" event-data='{"a": "{{product.uri}}"}'></extole-zone>`],
    [
      'PLACEHOLDER_UNKNOWN',
      `<extole-zone name="x" event-data='{"a": "&lt;&lt;#if product&gt;&gt;"}'></extole-zone>`,
    ],
  ])('are told of, with their line: %s', (code, body) => {
    const found = find(checkZones(evidence({ body: `<p>\n${body}` })), code);
    expect(found).toMatchObject({ file: `${STORE}/mug/`, line: 6 });
  });

  it.each([
    '{{product.url}}',
    '{{{product.price.with_tax.value}}}',
    '<<cart.items.[3].sku>>',
    '{{cart.items[0].name}}',
    '{{product.category.[1]}}',
    '{{url.query.ref}}',
    '{{ product }}',
    'none at all',
  ])('may hold %s', (value) => {
    const data = JSON.stringify({ a: value }).replaceAll('"', '&quot;').replaceAll('<', '&lt;');
    expect(
      codes(checkZones(evidence({ body: `<extole-zone name="x" event-data="${data}"></extole-zone>` }))),
    ).toEqual(['ZONES_FOUND']);
  });

  it('are missed where there are none, unless scripts ask for some', () => {
    expect(codes(checkZones(evidence({ body: '' })))).toEqual(['ZONES_MISSING']);
    const asked: ZoneEvent = { type: 'extole-zone:requested', name: 'overlay' };
    expect(checkZones(evidence({ body: '', visit: { ...SEEN, events: [asked] } }))).toEqual([]);
  });

  it('are missed where the theme has no region for an automatic one', () => {
    const head = (type: string): string =>
      `<script>extoleStorefront = { zones: ["product", "overlay"], context: { page: { type: ["${type}"][0] } } }</script>${SDK_TAG}`;
    const region = '<div data-content-region="product_below_content"></div>';
    expect(codes(checkZones(evidence({ head: head('product'), body: '' })))).toEqual([
      'ZONE_REGION_MISSING',
      'ZONES_FOUND',
    ]);
    expect(codes(checkZones(evidence({ head: head('product'), body: region })))).toEqual(['ZONES_FOUND']);
    expect(codes(checkZones(evidence({ head: head('product') })))).toEqual(['ZONES_FOUND']);
    expect(codes(checkZones(evidence({ head: head('category'), body: '' })))).toEqual(['ZONES_FOUND']);
  });
});

describe('what a browser saw', () => {
  const failed = (code: string, name: string, more: Partial<ZoneEvent> = {}): ZoneEvent => ({
    type: 'extole-zone:failed',
    code,
    name,
    ...more,
  });
  const rendered = (name: string): ZoneEvent => ({ type: 'extole-zone:rendered', name });
  const request = { status: 200, failure: undefined, startedAtMs: 100, zone: undefined } as const;
  const core = { ...request, kind: 'core', url: 'https://share.brand.com/core.js' } as const;

  it.each<[string, Evidence['visit'], Finding['severity']]>([
    ['BROWSER_NOT_FOUND', undefined, 'info'],
    ['BROWSER_FAILED', { failure: 'it crashed' }, 'warning'],
    ['SDK_NOT_STARTED', { ...SEEN, version: undefined }, 'error'],
    [
      'CSP_BLOCKED',
      { ...SEEN, violations: [{ directive: 'script-src-elem', blocked: 'https://share.brand.com/core.js' }] },
      'error',
    ],
    [
      'CORS_REFUSED',
      {
        ...SEEN,
        complaints: [
          "Access to fetch at 'https://share.brand.com/zones' from origin has been blocked by CORS policy",
        ],
      },
      'error',
    ],
    ['SDK_THREW', { ...SEEN, thrown: ['x is not a function'] }, 'error'],
    [
      'EXTOLE_CORE_BLOCKED',
      { ...SEEN, events: [failed('EXTOLE_CORE_BLOCKED', 'product', { message: 'csp' })] },
      'error',
    ],
    ['EXTOLE_ZONE_EMPTY', { ...SEEN, events: [failed('EXTOLE_ZONE_EMPTY', 'product')] }, 'warning'],
    [
      'EVENT_DATA_INVALID',
      { ...SEEN, events: [failed('EVENT_DATA_INVALID', 'product'), rendered('product')] },
      'error',
    ],
    ['PROGRAM_DOMAIN_INVALID', { ...SEEN, events: [failed('PROGRAM_DOMAIN_INVALID', '')] }, 'error'],
    ['CORE_TAG_LATE', { ...SEEN, requests: [{ ...core, startedAtMs: 1301 }] }, 'warning'],
  ])('is told: %s', (code, visit, severity) => {
    expect(checkVisit(evidence({ visit: SEEN }))).toEqual([]);
    expect(
      checkVisit(evidence(visit && { visit })).filter(({ code: told }) => told !== 'TIMING'),
    ).toMatchObject([{ code, severity }]);
  });

  it.each([
    [
      "Failed to find a valid digest in the 'integrity' attribute for resource 'x'",
      'its bytes are not those of its integrity attribute',
    ],
    [
      "Subresource Integrity: The resource 'x' has an integrity attribute, but the resource requires the request to be CORS enabled",
      'the browser refused its integrity attribute',
    ],
  ])('names why the SDK did not start: %s', (complaint, reason) => {
    const visit = { ...SEEN, version: undefined, complaints: [complaint] };
    expect(checkVisit(evidence({ visit }))[0]?.what).toBe(`In Chromium the SDK did not start: ${reason}.`);
  });

  it('leaves out what mended itself, and what is not ours', () => {
    const events = [
      failed('EXTOLE_CORE_BLOCKED', 'product', { willRetry: true }),
      rendered('product'),
      failed('constructor', 'product2'),
    ];
    const violations = [{ directive: 'img-src', blocked: 'https://other.com/pixel.gif' }];
    expect(checkVisit(evidence({ visit: { ...SEEN, events, violations } }))).toEqual([]);
  });

  it('is not late a second after the page showed', () => {
    expect(
      codes(checkVisit(evidence({ visit: { ...SEEN, requests: [{ ...core, startedAtMs: 1300 }] } }))),
    ).toEqual(['TIMING']);
  });

  it('tells which zones were asked for, with which keys, and which keys were left out', () => {
    const zone = {
      ...request,
      kind: 'zone',
      url: 'https://share.brand.com/zones',
      zone: { name: 'product', keys: ['email', 'b'] },
    } as const;
    const body = `<extole-zone name="product" event-data='{"a": "{{order.id}}", "b": 1}'></extole-zone>`;
    const findings = checkVisit(
      evidence({ body, visit: { ...SEEN, requests: [zone], events: [rendered('product')] } }),
    );
    expect(codes(findings)).toEqual(['PLACEHOLDER_UNRESOLVED', 'ZONES_ASKED_FOR']);
    expect(findings.map(({ what }) => what)).toEqual([
      'The zone "product" was asked for without its custom event data "a".',
      'In Chromium zones were asked for: product with email, b, shown.',
    ]);
  });

  it('leaves keys to the text of the page whose placeholders no page offers', () => {
    const zone = {
      ...request,
      kind: 'zone',
      url: 'https://share.brand.com/zones',
      zone: { name: 'product', keys: [] },
    } as const;
    const body = `<extole-zone name="product" event-data='{"a": "{{product.uri}}", "b": "{{order.id}}"}'></extole-zone>`;
    const seen = evidence({ body, visit: { ...SEEN, requests: [zone] } });
    expect(find(checkZones(seen), 'PLACEHOLDER_UNKNOWN')?.what).toContain('product.uri');
    expect(find(checkVisit(seen), 'PLACEHOLDER_UNRESOLVED')?.what).toMatch(/event data "b"\.$/);
  });

  it.each([
    ['PROGRAM_DOMAIN_INVALID', 'PROGRAM_DOMAIN_INVALID'],
    ['SDK_NOT_STARTED', 'CSP_BLOCKS_SDK'],
    ['CSP_BLOCKED', 'CSP_BLOCKS_SDK'],
    ['EXTOLE_CORE_BLOCKED', 'PROGRAM_DOMAIN_NOT_EXTOLE'],
    ['ZONE_NAME_MISSING', 'ZONE_NAME_MISSING'],
  ])('is left out where an error tells of its cause: %s', (code, cause) => {
    const finding = (of: string, severity: Finding['severity'] = 'error'): Finding => {
      return { code: of, severity, what: 'X.' };
    };
    expect(unexplained([finding(code)], [finding(cause)])).toEqual([]);
    expect(codes(unexplained([finding(code)], [finding(cause, 'warning')]))).toEqual([code]);
    expect(codes(unexplained([finding(code)], [finding('CSP_BLOCKS_IMAGES')]))).toEqual([code]);
  });

  it('says that zones wait for the banner', () => {
    const head = `<script>extoleStorefront = { consent: 'required' }</script>${SDK_TAG}`;
    expect(codes(checkVisit(evidence({ head, visit: SEEN })))).toEqual(['ZONES_AWAIT_CONSENT']);
  });
});

describe('what is printed', () => {
  it('holds no control characters, no e-mail addresses and no endless text of the page', () => {
    const { what } = printable({
      code: 'X',
      severity: 'info',
      what: `a\u001b[31m\u009b0m\u202e b ada.l@brand.co.uk ${'x'.repeat(9_999)}`,
    });
    expect(what).toMatch(/^a \[31m 0m {2}b …@… x+…$/);
    expect(what).toHaveLength(1_001);
  });

  it('keeps addresses of packages', () => {
    const finding: Finding = {
      code: 'X',
      severity: 'info',
      what: 'https://cdn.com/npm/pkg@1.0.0/extole-storefront.js',
    };
    expect(printable(finding)).toEqual(finding);
  });
});

describe('what the store has', () => {
  const told = (store: Evidence['store'], parts: Parts = {}) =>
    codes(checkStore(evidence({ store, ...parts })));
  const without = { head: '' };

  it('is not told of without credentials, and is well where the page shows it', () => {
    expect(told(undefined)).toEqual([]);
    expect(checkStore(evidence({ store: installed() }))).toEqual([
      {
        code: 'STORE_COMPARED',
        severity: 'info',
        what: `Compared with the store, channel 1 (Brand): its scripts and its widget are those of ${VERSION}.`,
      },
    ]);
  });

  it('need not show where BigCommerce may show no scripts', () => {
    expect(told(installed(), { ...without, path: '/login.php' })).toEqual(['STORE_COMPARED']);
    expect(
      told(installed({ scripts: [script({ enabled: false })] }), { ...without, path: '/login.php' }),
    ).toEqual(['STORE_SCRIPT_OFF']);
  });

  it.each([
    ['a store that does not answer', { failure: 'BIGCOMMERCE_UNAUTHORIZED: …' }, {}, 'STORE_UNREADABLE'],
    ['another store', installed({ channel: undefined }), {}, 'STORE_HAS_NO_SUCH_PAGE'],
    ['a Catalyst storefront', installed({ isCatalyst: true, scripts: [] }), {}, 'STORE_IS_CATALYST'],
    ['a script that is gone', installed({ scripts: [] }), without, 'STORE_SCRIPT_MISSING'],
    ['an SDK of the theme', installed({ scripts: [] }), {}, 'STORE_SCRIPT_NOT_OURS'],
    [
      'a script that is switched off',
      installed({ scripts: [script({ enabled: false })] }),
      without,
      'STORE_SCRIPT_OFF',
    ],
    ['a theme that prints no scripts', installed(), without, 'STORE_SCRIPT_NOT_SHOWN'],
    [
      'a banner that nobody has answered',
      installed({ features: { shopper_consent_tracking_enabled: true } }),
      without,
      'STORE_SCRIPT_WAITS_FOR_CONSENT',
    ],
    [
      'a banner that an essential script does not wait for',
      installed({
        features: { shopper_consent_tracking_enabled: true },
        scripts: [script({ consent_category: 'essential' })],
      }),
      without,
      'STORE_SCRIPT_NOT_SHOWN',
    ],
    ['a script that is there twice', installed({ scripts: [script(), script()] }), {}, 'STORE_SCRIPT_TWICE'],
    [
      'a script of another version',
      installed({ scripts: [script({ html: '<script src="/0.0.1/extole-storefront.js"></script>' })] }),
      {},
      'STORE_SCRIPT_OLD',
    ],
    ['no widget', installed({ template: undefined }), {}, 'WIDGET_TEMPLATE_MISSING'],
    [
      'another widget',
      installed({ template: { isCurrent: false, outdatedWidgets: 0 } }),
      {},
      'WIDGET_TEMPLATE_OLD',
    ],
    [
      'placed widgets of an older version',
      installed({ template: { isCurrent: true, outdatedWidgets: 2 } }),
      {},
      'WIDGETS_OLD',
    ],
    [
      'a checkout that shows no scripts',
      installed({
        features: { checkout_type: 'single' },
        scripts: [script(), script({}, 'order-confirmation')],
      }),
      {},
      'CHECKOUT_SHOWS_NO_SCRIPTS',
    ],
  ] as const)('is compared with the page: %s', (_what, store, parts, code) => {
    expect(told(store, parts)).toEqual([code]);
  });

  it('counts the scripts of the order confirmation on that page only', () => {
    const store = installed({ scripts: [script({}, 'order-confirmation')] });
    expect(told(store, { path: '/checkout/order-confirmation' })).toEqual(['STORE_COMPARED']);
    expect(told(store)).toEqual(['STORE_SCRIPT_NOT_OURS']);
  });

  it('may be several scripts for one page', () => {
    const parts = ['storefront-configuration', 'storefront-sdk'];
    expect(told(installed({ scripts: parts.map((part) => script({}, part)) }))).toEqual(['STORE_COMPARED']);
  });
});
