import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { acceptedEncoding } from '../../src/app/sdk/accepted-encoding.js';
import { publishSdkFiles, sdkUrl } from '../../src/app/sdk/sdk-files.js';
import { VERSION } from '../../src/catalog/version.js';
import { checkSdk, readRelease } from '../../src/store/release.js';
import { startTestApp, type TestApp } from '../support/app.js';

const BUILT = new URL('../../dist/storefront/', import.meta.url);
const CORE = 'extole-storefront.js';

let test: TestApp;
let appUrl: string;
beforeAll(async () => {
  test = await startTestApp();
  await publishSdkFiles(test.deps.db, test.deps.now());
  appUrl = await test.app.listen({ host: 'localhost', port: 0 });
});
afterAll(() => test.close());

/** Asks as it comes over the wire, and unpacks nothing. */
function get(
  path: string,
  headers: Record<string, string> = {},
  method: 'GET' | 'HEAD' = 'GET',
): Promise<{ status: number | undefined; headers: IncomingHttpHeaders; body: Buffer }> {
  return new Promise((resolve, reject) => {
    request(`${appUrl}${path}`, { method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response
        .on('data', (chunk: Buffer) => chunks.push(chunk))
        .on('end', () =>
          resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) }),
        );
    })
      .on('error', reject)
      .end();
  });
}

const UNPACK: Readonly<Record<string, (body: Buffer) => Buffer>> = {
  br: brotliDecompressSync,
  gzip: gunzipSync,
  identity: (body) => body,
};
const integrityOf = (bytes: Buffer): string =>
  `sha384-${createHash('sha384').update(bytes).digest('base64')}`;
const pathOf = (name: string, version = VERSION): string => `/sdk/${version}/${name}`;

describe('the SDK that the app serves', () => {
  it('is what scripts in stores name, and what their hash is of', async () => {
    const { sdk } = await readRelease(sdkUrl({ appUrl }));
    await expect(checkSdk(sdk)).resolves.toBeUndefined();
  });

  it.each(['br', 'gzip', 'identity'])('is the same file, packed as %s', async (encoding) => {
    const { sdk } = await readRelease(sdkUrl({ appUrl }));
    const { status, headers, body } = await get(pathOf(CORE), { 'accept-encoding': encoding });
    expect([status, headers['content-encoding'] ?? 'identity']).toEqual([200, encoding]);
    expect(headers['content-length']).toBe(`${body.length}`);
    expect(integrityOf(UNPACK[encoding]?.(body) ?? Buffer.alloc(0))).toBe(sdk.integrity);
  });

  it('comes with all files that it loads beside itself', async () => {
    const names = (await readdir(BUILT)).filter((name) => /^extole-storefront.*\.js$/.test(name));
    expect(names.length).toBeGreaterThan(5);
    for (const name of names) {
      const { status, body } = await get(pathOf(name), { 'accept-encoding': 'br' });
      expect([name, status]).toEqual([name, 200]);
      expect(brotliDecompressSync(body).equals(await readFile(new URL(name, BUILT)))).toBe(true);
    }
  });

  it('may be loaded, timed and kept by every page, for a year', async () => {
    const { headers } = await get(pathOf(CORE), { origin: 'https://brand.example' });
    expect(headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      'timing-allow-origin': '*',
      'x-content-type-options': 'nosniff',
      vary: 'Accept-Encoding',
    });
    expect(headers['set-cookie']).toBeUndefined();
    expect(Object.keys(headers).filter((name) => name.includes('ratelimit'))).toEqual([]);
  });

  it('is not sent again to whoever has it, in the form that they have', async () => {
    const br = await get(pathOf(CORE), { 'accept-encoding': 'br' });
    const gzip = await get(pathOf(CORE), { 'accept-encoding': 'gzip' });
    const tag = br.headers.etag ?? '';
    expect(tag).toMatch(/^"[\w-]+"$/);
    expect(gzip.headers.etag).not.toBe(tag);
    for (const known of [tag, `W/${tag}`, `"other", ${tag}`, '*']) {
      const again = await get(pathOf(CORE), { 'accept-encoding': 'br', 'if-none-match': known });
      expect([known, again.status, again.body.length]).toEqual([known, 304, 0]);
      expect(again.headers).toMatchObject({
        etag: tag,
        vary: 'Accept-Encoding',
        'cache-control': expect.stringContaining('immutable'),
        'access-control-allow-origin': '*',
      });
    }
    const other = await get(pathOf(CORE), { 'accept-encoding': 'gzip', 'if-none-match': tag });
    expect(other.status).toBe(200);
  });

  it('tells its size without its body', async () => {
    const whole = await get(pathOf(CORE), { 'accept-encoding': 'br' });
    const head = await get(pathOf(CORE), { 'accept-encoding': 'br' }, 'HEAD');
    expect([head.status, head.body.length]).toEqual([200, 0]);
    expect(head.headers['content-length']).toBe(`${whole.body.length}`);
    expect(head.headers.etag).toBe(whole.headers.etag);
  });

  it.each([
    ['a version that is not there', pathOf(CORE, '9.9.9')],
    ['a file that is not there', pathOf('extole-storefront-none.js')],
    ['a file of the build that no page loads', pathOf('index.mjs')],
    ['a packed file', pathOf('extole-storefront.js.br')],
    ['a file of the server', '/sdk/0.1.0/..%2f..%2fpackage.json'],
    ['a version that is none', `/sdk/${encodeURIComponent("0.1.0' or 1=1 --")}/${CORE}`],
  ])('is missing for a minute only: %s', async (_what, path) => {
    const { status, headers, body } = await get(path);
    expect([status, headers['cache-control']]).toEqual([404, 'public, max-age=60']);
    expect(JSON.parse(body.toString())).toMatchObject({ code: 'SDK_FILE_UNKNOWN' });
  });
});

describe('a release', () => {
  const folders: string[] = [];
  afterEach(async () => {
    for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
  });

  /** A build of a few files. */
  async function built(files: Readonly<Record<string, string>>): Promise<URL> {
    const folder = await mkdtemp(join(tmpdir(), 'extole-sdk-'));
    folders.push(folder);
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
    return pathToFileURL(`${folder}/`);
  }
  const packed = (name: string, content: string) => ({
    [name]: content,
    [`${name}.br`]: 'br',
    [`${name}.gz`]: 'gz',
  });
  const failure = (folder: URL) =>
    publishSdkFiles(test.deps.db, test.deps.now(), folder).catch((error: unknown) => error);

  it('is published once, however often and by however many it is started', async () => {
    const before = await test.deps.db.selectFrom('sdk_file').selectAll().execute();
    await Promise.all([1, 2, 3].map(() => publishSdkFiles(test.deps.db, new Date(0))));
    expect(await test.deps.db.selectFrom('sdk_file').selectAll().execute()).toEqual(before);
  });

  it('leaves earlier versions served', async () => {
    const content = Buffer.from('window.earlier = 1');
    await test.deps.db
      .insertInto('sdk_file')
      .values({
        version: '0.0.9',
        name: CORE,
        content,
        brotli: content,
        gzip: content,
        added_at: new Date(0),
      })
      .execute();
    await publishSdkFiles(test.deps.db, test.deps.now());
    expect((await get(pathOf(CORE, '0.0.9'))).body.toString()).toBe('window.earlier = 1');
  });

  it('is not put in the place of another one of the same version', async () => {
    const before = (await get(pathOf(CORE))).body;
    const error = await failure(await built(packed(CORE, 'changed')));
    expect(error).toMatchObject({ code: 'SDK_VERSION_CHANGED' });
    expect(`${error}`).toContain(CORE);
    expect((await get(pathOf(CORE))).body.equals(before)).toBe(true);
  });

  it.each([
    ['is not there', {}],
    ['lacks its packed files', { [CORE]: 'window.extole' }],
  ])('is not published when the build %s', async (_what, files) => {
    expect(await failure(await built(files))).toMatchObject({ code: 'SDK_NOT_BUILT' });
  });

  it('is there the moment it is published, though it was asked for before', async () => {
    const path = pathOf(CORE, '0.0.8');
    expect((await get(path)).status).toBe(404);
    const content = Buffer.from('1');
    await test.deps.db
      .insertInto('sdk_file')
      .values({
        version: '0.0.8',
        name: CORE,
        content,
        brotli: content,
        gzip: content,
        added_at: new Date(0),
      })
      .execute();
    expect((await get(path)).status).toBe(200);
  });
});

describe('the form of a file that a client gets', () => {
  it.each([
    [undefined, 'identity'],
    ['', 'identity'],
    ['br', 'br'],
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip, deflate', 'gzip'],
    ['GZIP', 'gzip'],
    ['x-gzip', 'gzip'],
    ['*', 'br'],
    ['br;q=0, *', 'gzip'],
    ['br;q=0,gzip;q=0,*', 'identity'],
    ['br;q=0, gzip;q=0.5', 'gzip'],
    ['br; q=0.000, gzip; q=0.001', 'gzip'],
    ['br;q=0.1, gzip;q=1.0', 'br'],
    ['br;q=none, gzip', 'gzip'],
    ['identity', 'identity'],
    ['deflate', 'identity'],
    ['*;q=0', 'identity'],
    ['identity;q=0', 'identity'],
    ['brotli', 'identity'],
    ['a'.repeat(8_000), 'identity'],
  ])('by %j is %s', (header, encoding) => {
    expect(acceptedEncoding(header)).toBe(encoding);
  });
});
