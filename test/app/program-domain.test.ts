import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/app/config.js';
import { type GuardOptions, guardedAsk } from '../../src/app/extole/guarded-ask.js';
import { checkProgramDomain } from '../../src/app/extole/program-domain-check.js';
import { isPublicAddress, publicLookup, type Resolve } from '../../src/app/extole/public-address.js';
import { seeUser } from '../../src/app/install/install.js';
import { createSession } from '../../src/app/install/session.js';
import { createMetrics } from '../../src/app/metrics.js';
import { COLLEAGUE, startTestApp, type TestApp, testEnvironment } from '../support/app.js';

const STOREFRONT = 'https://brand.example';
const PUBLIC = '93.184.215.14';

/** A name server that knows of one host, and keeps what it was asked. */
function nameServer(...addresses: readonly string[]) {
  const asked: string[] = [];
  const resolve: Resolve = async (host) => {
    asked.push(host);
    return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  };
  return { asked, resolve };
}

/** Nobody is asked: a test that gets so far fails. */
const nobody: Resolve = () => Promise.reject(new Error('the name server was asked'));

type Handler = (request: IncomingMessage, response: ServerResponse) => void;
let handle: Handler;
let connections = 0;
const heard: IncomingMessage[] = [];
const server = createServer((request, response) => {
  heard.push(request);
  handle(request, response);
}).on('connection', () => {
  connections += 1;
});
let host: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const address = server.address();
  host = `localhost:${typeof address === 'object' && address ? address.port : 0}`;
});
afterEach(() => {
  connections = 0;
  heard.length = 0;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const CORE: Handler = (_request, response) => {
  response.writeHead(200, { 'content-type': 'text/javascript' }).end('window.extole={}');
};
/** A program domain that lets a storefront in. */
const letsIn =
  (origin: string): Handler =>
  (request, response) => {
    if (request.url === '/core.js') return CORE(request, response);
    response.writeHead(204, { 'access-control-allow-origin': origin }).end();
  };

interface CheckOptions extends Partial<GuardOptions> {
  readonly storefront?: string | null;
  readonly allowLocalProgramDomains?: boolean;
}

function check(
  programDomain: string,
  { storefront = STOREFRONT, allowLocalProgramDomains = true, ...guard }: CheckOptions = {},
) {
  const config = { ...readConfig(testEnvironment()), allowLocalProgramDomains };
  return checkProgramDomain({ config, metrics: createMetrics() }, programDomain, storefront, guard);
}

describe('a program domain that a merchant types', () => {
  it("is all right when it serves Extole's core tag and lets the storefront in", async () => {
    handle = letsIn(STOREFRONT);
    expect(await check(` ${host.toUpperCase()} `)).toEqual({
      problem: null,
      host,
      storefrontOrigin: STOREFRONT,
    });
    expect(heard.map(({ method, url }) => `${method} ${url}`).sort()).toEqual([
      'GET /core.js',
      'GET /zones',
      'OPTIONS /zones',
    ]);
  });

  it.each([
    'https://share.brand.com',
    'share.brand.com/core.js',
    'share.brand.com:8443',
    'user@share.brand.com',
    'share.brand.com#@internal',
    'share',
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f000001',
    '0x7f.0.0.1',
    '0177.0.0.1',
    '①②⑦.0.0.1',
    '[::1]',
    '::ffff:127.0.0.1',
    '169.254.169.254',
    'share.brand.com\r\nhost: internal',
    '<script>alert(1)</script>',
    'xn--a.com',
    'localhost:99999',
    '',
  ])('is no host name, and nobody is asked: %j', async (typed) => {
    expect(await check(typed, { resolve: nobody })).toEqual({
      problem: 'not-a-host-name',
      host: null,
      storefrontOrigin: null,
    });
  });

  it.each(['metadata.google.internal', 'localtest.me', 'share.brand.com'])(
    'is an internal address when its name leads to one: %s',
    async (typed) => {
      const { resolve } = nameServer('10.0.0.7');
      expect(await check(typed, { resolve })).toMatchObject({ problem: 'internal-address', host: typed });
    },
  );

  it('is an internal address when it is this machine, but for development', async () => {
    handle = letsIn(STOREFRONT);
    for (const typed of ['localhost', host]) {
      const answer = await check(typed, { allowLocalProgramDomains: false });
      expect([typed, answer.problem]).toEqual([typed, 'internal-address']);
    }
    expect(connections).toBe(0);
  });

  it('is unknown when there is no such host', async () => {
    const resolve: Resolve = () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' }));
    expect(await check('share.brand.com', { resolve })).toMatchObject({ problem: 'unknown-host' });
    const { resolve: empty } = nameServer();
    expect(await check('share.brand.com', { resolve: empty })).toMatchObject({ problem: 'unknown-host' });
  });

  it.each([
    ['nothing answers', 'localhost:1', CORE],
    ['it fails', undefined, (_request, response) => response.writeHead(503).end()],
    ['it breaks off', undefined, ({ socket }) => socket.destroy()],
    ['it wants to be left alone', undefined, (_request, response) => response.writeHead(429).end()],
  ] satisfies [string, string | undefined, Handler][])(
    'does not answer: %s',
    async (_what, typed, answer) => {
      handle = answer;
      expect(await check(typed ?? host)).toMatchObject({ problem: 'no-answer' });
    },
  );

  it.each([
    ['a parked page', 200, { 'content-type': 'text/html' }, '<title>extole is for sale</title>'],
    ['a script of others', 200, { 'content-type': 'text/javascript' }, 'window.other = {}'],
    ['no core tag', 404, { 'content-type': 'text/javascript' }, 'extole'],
    ['a redirect', 302, { location: 'https://www.brand.com/core.js' }, ''],
  ])("is not Extole's: %s", async (_what, status, headers, body) => {
    handle = (_request, response) => response.writeHead(status, headers).end(body);
    expect(await check(host)).toMatchObject({ problem: 'not-extole' });
  });

  it.each([
    ['no header', {}],
    ['another storefront', { 'access-control-allow-origin': 'https://other.example' }],
    ['everybody, which does not do for cookies', { 'access-control-allow-origin': '*' }],
  ])('does not let the storefront in: it answers with %s', async (_what, headers) => {
    handle = (request, response) =>
      request.url === '/core.js' ? CORE(request, response) : response.writeHead(200, headers).end();
    expect(await check(host)).toEqual({
      problem: 'storefront-not-allowed',
      host,
      storefrontOrigin: STOREFRONT,
    });
  });

  it('says that the storefront was not asked about when the answer tells nothing', async () => {
    handle = (request, response) =>
      request.url === '/core.js' ? CORE(request, response) : response.writeHead(404).end();
    expect(await check(host)).toEqual({ problem: null, host, storefrontOrigin: null });
  });

  it('is looked at without a storefront where none is known', async () => {
    handle = CORE;
    expect(await check(host, { storefront: null })).toEqual({ problem: null, host, storefrontOrigin: null });
    expect(heard.map(({ url }) => url)).toEqual(['/core.js']);
  });
});

describe('asking an address that somebody typed', () => {
  const ask = (url: string, options: Partial<GuardOptions> = {}) =>
    guardedAsk({ url }, { allowsLocalhost: false, resolve: nobody, ...options });

  it.each([
    'http://share.brand.com/',
    'https://share.brand.com:8443/',
    'https://user:secret@share.brand.com/',
    'https://127.0.0.1/',
    'https://127.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://0177.0.0.1/',
    'https://[::1]/',
    'https://[::ffff:169.254.169.254]/',
    'https://8.8.8.8/',
    'ftp://share.brand.com/',
    'file:///etc/passwd',
  ])('does not even look it up: %s', async (url) => {
    expect(await ask(url)).toEqual({ failure: 'ADDRESS_NOT_PUBLIC' });
  });

  it.each([
    [['127.0.0.1']],
    [[PUBLIC, '127.0.0.1']],
    [['10.1.2.3', PUBLIC]],
    [['2606:4700::1111', 'fd00::1']],
    [['::ffff:10.0.0.1']],
  ])('connects to nobody when a name leads to %j', async (addresses) => {
    const { asked, resolve } = nameServer(...addresses);
    expect(await ask('https://share.brand.com/', { resolve })).toEqual({ failure: 'ADDRESS_NOT_PUBLIC' });
    expect(asked).toEqual(['share.brand.com']);
  });

  it('connects to the very addresses that were looked at', async () => {
    const answers = [[PUBLIC, '2606:4700::1111'], ['127.0.0.1']];
    const lookup = publicLookup(
      async () =>
        (answers.shift() ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      () => false,
    );
    const find = (all: boolean) =>
      new Promise<unknown>((resolve) =>
        lookup('rebind.example', { all }, (error, address) => resolve(error ?? address)),
      );
    // The name server changes its mind after the first answer.
    expect(await find(true)).toEqual([
      { address: PUBLIC, family: 4 },
      { address: '2606:4700::1111', family: 6 },
    ]);
    expect(await find(true)).toMatchObject({ code: 'ADDRESS_NOT_PUBLIC' });
  });

  it('looks a host up once for each connection', async () => {
    handle = CORE;
    const { asked, resolve } = nameServer('127.0.0.1', '::1');
    const answer = await ask(`http://${host}/core.js`, { allowsLocalhost: true, resolve });
    expect(answer).toMatchObject({ status: 200 });
    expect([asked, connections > 0]).toEqual([['localhost'], true]);
  });

  it.each(['http://169.254.169.254/latest/meta-data/', 'https://internal.example/', '/elsewhere'])(
    'does not follow a redirect to %s',
    async (location) => {
      handle = (_request, response) => response.writeHead(302, { location }).end();
      const answer = await ask(`http://${host}/`, {
        allowsLocalhost: true,
        resolve: nameServer('127.0.0.1', '::1').resolve,
      });
      expect(answer).toMatchObject({ status: 302 });
      expect(heard).toHaveLength(1);
    },
  );

  it('sends no cookie, no credentials and no word of who asks', async () => {
    handle = CORE;
    await guardedAsk({ url: `http://${host}/`, headers: { origin: STOREFRONT } }, { allowsLocalhost: true });
    expect(Object.keys(heard[0]?.headers ?? {}).sort()).toEqual([
      'accept',
      'accept-encoding',
      'accept-language',
      'connection',
      'host',
      'origin',
      'sec-fetch-mode',
      'user-agent',
    ]);
  });

  it.each([
    ['headers', () => {}],
    [
      'a body',
      (_request, response) => {
        response.writeHead(200).write('a');
      },
    ],
  ] satisfies [string, Handler][])('gives up when %s does not come in time', async (_what, answer) => {
    handle = answer;
    expect(
      await ask(`http://${host}/`, { allowsLocalhost: true, resolve: localhost, timeoutMs: 200 }),
    ).toEqual({
      failure: 'TIMEOUT',
    });
  });

  it('gives up when a name server does not answer in time', async () => {
    const resolve: Resolve = () => new Promise(() => {});
    expect(await ask('https://share.brand.com/', { resolve, timeoutMs: 200 })).toEqual({
      failure: 'TIMEOUT',
    });
  });

  it('gives up on a body that trickles for ever', async () => {
    handle = async (_request, response) => {
      response.writeHead(200);
      while (!response.destroyed) {
        response.write('a');
        await sleep(10);
      }
    };
    const answer = await ask(`http://${host}/`, {
      allowsLocalhost: true,
      resolve: localhost,
      timeoutMs: 300,
    });
    expect(answer).toEqual({ failure: 'TIMEOUT' });
  });

  it('reads no more than its limit, to the byte', async () => {
    handle = ({ url }, response) => response.end('a'.repeat(Number(url?.slice(1))));
    const length = async (bytes: number) => {
      const answer = await ask(`http://${host}/${bytes}`, {
        allowsLocalhost: true,
        resolve: localhost,
        maxBytes: 1_000,
      });
      return answer.failure === undefined && [answer.body.length, answer.isCut];
    };
    expect(await length(1_000)).toEqual([1_000, false]);
    expect(await length(1_001)).toEqual([1_000, true]);
    expect(await length(5_000_000)).toEqual([1_000, true]);
  });

  it('is not filled up by a small body that unpacks to a huge one', async () => {
    handle = (_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(50_000_000)));
    const answer = await ask(`http://${host}/`, { allowsLocalhost: true, resolve: localhost });
    expect(answer).toMatchObject({ status: 200, isCut: true });
    expect(answer.failure === undefined && answer.body.length).toBe(512_000);
  });
});

/** This machine, however it calls itself. */
const localhost: Resolve = nameServer('127.0.0.1').resolve;

describe('an address', () => {
  it.each([
    '8.8.8.8',
    PUBLIC,
    '172.15.255.255',
    '172.32.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '2606:4700::1111',
    '2a00:1450:4001::1',
  ])('is public: %s', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([
    ['this machine', ['127.0.0.1', '127.255.255.254', '::1', '0.0.0.0', '::']],
    ['a private network', ['10.0.0.1', '172.16.0.0', '172.31.255.255', '192.168.1.1', 'fd00::1', 'fec0::1']],
    ["a cloud's metadata", ['169.254.169.254', 'fe80::a9fe:a9fe', 'fd00:ec2::254', '100.100.100.200']],
    ['behind a carrier', ['100.64.0.0', '100.127.255.255']],
    ['IPv4 in disguise', ['::ffff:10.0.0.1', '::ffff:8.8.8.8', '::a00:1', '::10.0.0.1', '::ffff:0:a00:1']],
    ['translated', ['64:ff9b::a00:1', '64:ff9b:1::a00:1', '2002:a00:1::', '2001::1']],
    ['a group or everybody', ['224.0.0.1', '255.255.255.255', 'ff02::1']],
    ['reserved', ['240.0.0.1', '198.18.0.1', '192.0.2.1', '203.0.113.5', '2001:db8::1', '100::1']],
    ['none', ['', 'localhost', 'fe80::1%eth0', '1.2.3.4.5']],
  ])('is not public: %s', (_what, addresses) => {
    expect(addresses.filter(isPublicAddress)).toEqual([]);
  });
});

describe('POST /api/checks/program-domain', () => {
  let test: TestApp;
  beforeAll(async () => {
    test = await startTestApp({ allowLocalProgramDomains: true });
    await test.install();
    await test.deps.db
      .updateTable('channel')
      .set({ url: `${STOREFRONT}/shop/` })
      .execute();
  });
  afterAll(() => test.close());

  const post = async (payload: object, headers?: Record<string, string>) =>
    test.app.inject({
      method: 'POST',
      url: '/api/checks/program-domain',
      headers: headers ?? (await test.session()),
      payload,
    });

  it('tells how a domain is, for the storefront of a channel', async () => {
    handle = letsIn(STOREFRONT);
    const answer = await post({ programDomain: host, channelId: 1 });
    expect(answer.json()).toEqual({ problem: null, host, storefrontOrigin: STOREFRONT });
    expect(heard.map(({ headers }) => headers.origin).sort()).toEqual([STOREFRONT, STOREFRONT, undefined]);
    expect(await test.deps.metrics.calls.get()).toMatchObject({
      values: expect.arrayContaining([{ labels: { to: 'program-domain', outcome: '2xx' }, value: 3 }]),
    });
  });

  it("knows no channel that is not the store's", async () => {
    const answer = await post({ programDomain: host, channelId: 99 });
    expect([answer.statusCode, answer.json().code]).toEqual([404, 'CHANNEL_UNKNOWN']);
  });

  it.each([
    { programDomain: 'a'.repeat(301), channelId: 1 },
    { programDomain: 'share.brand.com' },
    { programDomain: ['share.brand.com'], channelId: 1 },
    { programDomain: 'share.brand.com', channelId: 1, storefrontOrigin: 'https://other.example' },
  ])('takes nothing else: %j', async (payload) => {
    const answer = await post(payload);
    expect([answer.statusCode, answer.json().code]).toEqual([422, 'INPUT_INVALID']);
  });

  it('asks nobody for somebody without a session', async () => {
    const answer = await post({ programDomain: host, channelId: 1 }, {});
    expect([answer.statusCode, heard]).toEqual([401, []]);
  });

  it('stops a store that has us ask others too often, and no other store', async () => {
    const { deps, app } = test;
    const [store] = await deps.db.selectFrom('store').selectAll().execute();
    if (!store) throw new Error('the app is not installed');
    const row = { ...store, store_hash: 'store2', order_statuses: '[]' };
    await deps.db.insertInto('store').values(row).execute();
    await seeUser(deps.db, 'store2', COLLEAGUE);
    const owner = { storeHash: 'store2', userId: COLLEAGUE.id, locale: 'en', openedAt: deps.now() };
    const { token } = await createSession(deps, owner);
    const ofOther = { authorization: `Bearer ${token}` };

    const statuses: number[] = [];
    for (let count = 0; count < 31; count += 1) {
      statuses.push((await post({ programDomain: 'none', channelId: 1 }, ofOther)).statusCode);
    }
    expect(statuses.indexOf(429)).toBe(30);
    expect((await post({ programDomain: 'none', channelId: 1 })).statusCode).toBe(200);
    // What else the store does is not held up.
    expect((await app.inject({ url: '/api/state', headers: ofOther })).statusCode).toBe(200);
  });
});
