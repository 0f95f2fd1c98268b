import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { listen } from '../../examples/sandbox/listen.js';
import { VERSION } from '../../src/catalog/version.js';
import { MAX_BYTES } from '../../src/cli/doctor/answer.js';
import { run as runCommandLine } from '../../src/cli/main.js';

/** A storefront, a CDN and a program domain in one: each origin of its own would only cost ports. */
let app: FastifyInstance;
let origin = '';
let page = '';
let isExtoleThere = true;

const HEALTHY = (): string => `<!doctype html><html><head>
<script async src="${origin}/core.js"></script>
<script>window.extoleStorefront = { programDomain: '${new URL(origin).host}' };</script>
<script async src="/${VERSION}/extole-storefront.js"></script>
</head><body><extole-zone name="product"></extole-zone></body></html>`;

beforeAll(async () => {
  app = Fastify({ forceCloseConnections: true });
  const script = { 'content-type': 'text/javascript', 'cache-control': 'max-age=31536000, immutable' };
  app.get('/mug/', (_request, reply) => reply.type('text/html').send(page));
  app.get('/moved/', (_request, reply) => reply.redirect('/mug/'));
  app.get('/elsewhere/', (_request, reply) => reply.redirect('ftp://brand.com/'));
  app.get('/around/', (_request, reply) => reply.redirect('/around/'));
  app.get('/core.js', (_request, reply) => {
    if (!isExtoleThere) return reply.code(502).send('');
    return reply.headers(script).send('window.extole = {}');
  });
  app.get(`/${VERSION}/extole-storefront.js`, (_request, reply) =>
    reply.headers(script).send(`window.extoleStorefront={version:"${VERSION}"}`),
  );
  app.get(`/${VERSION}/extole-storefront-messages.js`, (_request, reply) => reply.headers(script).send('1'));
  app.options('/zones', (request, reply) => {
    const asked = request.headers['access-control-request-method'];
    if (asked === 'POST') reply.header('access-control-allow-origin', request.headers.origin ?? '');
    return reply.code(204).send();
  });
  origin = `http://localhost:${await listen(app)}`;
  page = HEALTHY();
});
afterEach(() => {
  page = HEALTHY();
  isExtoleThere = true;
});
afterAll(() => app.close());

/** Runs the command on a machine without a Chromium. */
async function run(...args: string[]): Promise<{ out: string; err: string; exitCode: number }> {
  const out: string[] = [];
  const err: string[] = [];
  const exitCode = await runCommandLine(['doctor', ...args], {
    out: (line) => out.push(line),
    err: (line) => err.push(line),
    env: { CHROMIUM_PATH: '/nowhere/chromium' },
    isTerminal: false,
  });
  return { out: out.join('\n'), err: err.join('\n'), exitCode };
}

/** A port on which nobody answers. */
async function freePort(): Promise<number> {
  const closed = Fastify();
  const port = await listen(closed);
  await closed.close();
  return port;
}

describe('extole-bigcommerce doctor', () => {
  it('finds nothing wrong with a good page, and says what it could not see', async () => {
    const { out, exitCode } = await run(`${origin}/mug/`, '--strict');
    expect(out).not.toMatch(/^(error|warning)/m);
    expect(out).toContain(`The SDK ${VERSION} is on the page`);
    expect(out).toContain('No Chromium was found');
    expect(exitCode).toBe(0);
  });

  it('follows a redirect within the store', async () => {
    expect((await run(`${origin}/moved/`)).exitCode).toBe(0);
  });

  it('fails where something does not work', async () => {
    isExtoleThere = false;
    const { out, exitCode } = await run(`${origin}/mug/`);
    expect(out).toMatch(/^error +PROGRAM_DOMAIN_FAILS/m);
    expect(exitCode).toBe(1);
  });

  it('lets warnings pass, unless they count', async () => {
    page = HEALTHY().replace('<extole-zone name="product"></extole-zone>', '');
    expect((await run(`${origin}/mug/`)).exitCode).toBe(0);
    expect((await run(`${origin}/mug/`, '--strict')).exitCode).toBe(1);
  });

  it('compares with the program domain that it should be', async () => {
    expect((await run(`${origin}/mug/`, '--program-domain', new URL(origin).host)).exitCode).toBe(0);
    const other = await run(`${origin}/mug/`, '--program-domain', 'share.brand.com');
    expect(other.out).toContain('PROGRAM_DOMAIN_UNEXPECTED');
    expect(other.exitCode).toBe(1);
  });

  it('prints JSON for scripts, with what it looked with', async () => {
    const { out } = await run(`${origin}/mug/`, '--json');
    const { url, findings, looked } = JSON.parse(out);
    expect(url).toBe(`${origin}/mug/`);
    expect(looked).toEqual({ version: VERSION, chromium: null, store: null });
    expect(findings).toContainEqual(expect.objectContaining({ code: 'SDK_FOUND', severity: 'info' }));
  });

  it.each(['brand.com/mug', 'ftp://brand.com/', 'file:///etc/passwd', 'https://me:secret@brand.com/', ''])(
    'does not take %s for the address of a page',
    async (url) => {
      const { exitCode, err } = await run(url);
      expect(exitCode).toBe(2);
      expect(err).toContain('URL_INVALID');
      expect(err).not.toContain('secret');
    },
  );

  it('does not take an address for a program domain', async () => {
    const { exitCode, err } = await run(`${origin}/mug/`, '--program-domain', 'https://share.brand.com');
    expect(exitCode).toBe(2);
    expect(err).toContain('PROGRAM_DOMAIN_INVALID');
  });

  it.each(['/elsewhere/', '/around/'])('does not follow a redirect that leads nowhere: %s', async (path) => {
    const { out, exitCode } = await run(`${origin}${path}`);
    expect(out).toContain('PAGE_UNREACHABLE');
    expect(exitCode).toBe(1);
  });

  it('says so where nobody answers', async () => {
    const { out, exitCode } = await run(`http://localhost:${await freePort()}/`);
    expect(out).toContain('did not answer: ECONNREFUSED');
    expect(exitCode).toBe(1);
  });

  it('reads no more of a page than it should', async () => {
    page = HEALTHY().replace('<body>', `<body>${'<p>'.padEnd(MAX_BYTES, 'x')}`);
    const { out } = await run(`${origin}/mug/`);
    expect(out).toContain('PAGE_TOO_LARGE');
    expect(out).toContain('ZONES_MISSING');
  });

  it.each([
    ['nests without an end', '<div>'.repeat(1_000_000)],
    [
      'opens what it never closes',
      `${Array.from({ length: 400 }, (_, at) => `<font color="${at}">`).join('')}${'</p><p>'.repeat(500_000)}`,
    ],
    [
      'repeats what we look for',
      `<script>extoleStorefront ${'page zones:[consent:"'.repeat(200_000)}</script>${'<title'.repeat(100_000)}`,
    ],
    ['has nothing but zones', '<extole-zone></extole-zone>'.repeat(150_000)],
  ])('looks at a page in seconds that %s', async (_, body) => {
    page = HEALTHY().replace('<extole-zone', `${body}<extole-zone`);
    const { out } = await run(`${origin}/mug/`);
    expect(out.split('\n').length).toBeLessThan(100);
  });

  it('is neither stopped nor written to by a hostile page', async () => {
    const codes = '\u001b]0;owned\u0007\u001b[2J';
    page = `<base href="javascript:1"><script src="http://[/extole-storefront.js"></script>
      <script async src="/${VERSION}/extole-storefront.js${codes}"></script>
      <script>extoleStorefront = { programDomain: "${codes}", zones: ["${codes}"] }</script>
      <extole-zone name="${codes}ada@brand.com" event-data='{"a": "{{${codes}}}", "constructor": {'></extole-zone>`;
    const { out, exitCode } = await run(`${origin}/mug/`);
    expect(out).not.toMatch(/[^\P{Cc}\n]/u);
    expect(out).not.toContain('ada@brand.com');
    expect(out).toContain('PROGRAM_DOMAIN_INVALID');
    expect(exitCode).toBe(1);
  });
});
