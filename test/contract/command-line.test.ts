import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../examples/sandbox/sandbox.js';
import { VERSION } from '../../src/catalog/version.js';
import { run } from '../../src/cli/main.js';
import { hasSpecifications, nonconformities } from '../support/openapi.js';

const PROGRAM = join(import.meta.dirname, '../../dist/cli/extole-bigcommerce.mjs');

let sandbox: Sandbox;
let folder: string;

beforeAll(async () => {
  [sandbox, folder] = await Promise.all([
    startSandbox({ ports: 'free' }),
    mkdtemp(join(tmpdir(), 'extole-bigcommerce-')),
  ]);
});
beforeEach(() => clear());
afterEach(() => {
  sandbox.api.setFault();
  sandbox.api.setScopes();
  sandbox.api.setRateLimit();
  sandbox.content.channels.delete(2);
  if (hasSpecifications) expect(nonconformities(sandbox.api.calls())).toEqual([]);
});
afterAll(async () => {
  await sandbox?.close();
  await rm(folder, { recursive: true, force: true });
});

function clear(): void {
  const { scripts, widgetTemplates, widgets, placements } = sandbox.content;
  for (const list of [scripts, widgetTemplates, widgets, placements]) list.clear();
  sandbox.api.clearCalls();
}

const credentials = () => ({
  BIGCOMMERCE_STORE_HASH: sandbox.content.storeHash,
  BIGCOMMERCE_ACCESS_TOKEN: sandbox.api.accessToken,
  BIGCOMMERCE_API_URL: sandbox.api.url,
});
const publishArgs = (...more: string[]): string[] => [
  'publish',
  '--program-domain',
  'share.brand.com',
  '--sdk-url',
  sandbox.sdkUrl,
  ...more,
];

/** Runs a command in this process. */
async function command(args: readonly string[], env: Record<string, string> = credentials()) {
  const out: string[] = [];
  const err: string[] = [];
  const exitCode = await run(args, {
    out: (line) => out.push(line),
    err: (line) => err.push(line),
    env,
    isTerminal: false,
  });
  return { exitCode, out: out.join('\n'), err: err.join('\n') };
}

const writes = () => sandbox.api.calls().filter(({ method }) => method !== 'GET');
const scriptNames = () => [...sandbox.content.scripts.values()].map(({ name }) => name);

describe('extole-bigcommerce publish', () => {
  it('prints the plan, then each step, then how it ended', async () => {
    const { exitCode, out, err } = await command(publishArgs());
    expect(exitCode).toBe(0);
    expect(out.split('\n')).toEqual([
      'Plan',
      expect.stringMatching(/^ {2}\+ create {2}widget template "Extole CTA Tag" +channel 1 {2}missing$/),
      expect.stringMatching(/^ {2}\+ create {2}script "Extole: store pages" +channel 1 {2}missing$/),
      expect.stringMatching(/^ {2}\+ create {2}script "Extole: order confirmation" +channel 1 {2}missing$/),
      'The store is as it should be. 3 changes made.',
    ]);
    expect(err.split('\n')).toHaveLength(3);
  });

  it('says that there is nothing to do the second time, and writes nothing', async () => {
    await command(publishArgs());
    sandbox.api.clearCalls();
    const { exitCode, out } = await command(publishArgs());
    expect([exitCode, out]).toEqual([0, 'The store is as it should be. Nothing to do.']);
    expect(writes()).toEqual([]);
  });

  it('changes nothing in a dry run', async () => {
    const { exitCode, out } = await command(publishArgs('--dry-run'));
    expect(exitCode).toBe(0);
    expect(out).toContain('Nothing was changed. Without --dry-run: 3 changes.');
    expect(writes()).toEqual([]);
  });

  it('prints one JSON document with --json, and nothing else', async () => {
    const { out, err } = await command(publishArgs('--json'));
    expect(err).toBe('');
    expect(JSON.parse(out)).toMatchObject({
      isDryRun: false,
      steps: [{ action: 'create', object: 'widget template', channelId: 1 }, {}, {}],
      done: { length: 3 },
      notices: [],
    });
  });

  it('tells of missing credentials in JSON too, with the exit code of a command that makes no sense', async () => {
    const { exitCode, out } = await command(publishArgs('--json'), {});
    expect(exitCode).toBe(2);
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'CREDENTIALS_MISSING' } });
  });

  it('tells of what failed in JSON too', async () => {
    sandbox.api.setFault(({ method }) =>
      method === 'POST' ? { status: 422, body: { status: 422, title: 'Unprocessable Entity' } } : undefined,
    );
    const { exitCode, out } = await command(publishArgs('--json'));
    expect(exitCode).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      error: { code: 'STORE_CHANGE_UNFINISHED', message: expect.stringMatching(/^STORE_CHANGE_UNFINISHED/) },
      done: [],
      remaining: { length: 3 },
    });
  });

  it("takes the merchant's choices into the scripts", async () => {
    await command(
      publishArgs(
        '--zones=product,overlay',
        '--zone-height=product=80',
        '--require-consent',
        '--consent-category=analytics',
        '--conversion',
      ),
    );
    const [pages, confirmation] = [...sandbox.content.scripts.values()];
    expect(pages).toMatchObject({ consent_category: 'analytics' });
    expect(pages?.html).toContain(
      '"zones":["product","overlay"],"consent":"required","consentCategory":"analytics"',
    );
    expect(pages?.html).toContain('min-height:80px');
    expect(pages?.html).not.toContain('conversion');
    expect(confirmation?.html).toContain('"conversion":true');
  });

  it.each([
    ['a zone that is none', ['--zones=header']],
    ['a height without a number', ['--zone-height=product']],
    ['a channel that is no number', ['--channel=one']],
    ['a category that BigCommerce has not', ['--consent-category=marketing']],
    ['an option that is none', ['--program']],
    ['one storefront and all of them', ['--channel=1', '--all-channels']],
    ['a conversion without the page that tells of it', ['--conversion', '--no-order-confirmation']],
  ])('does not take %s', async (_what, args) => {
    const { exitCode, err } = await command(publishArgs(...args));
    expect(exitCode).toBe(2);
    expect(err).toMatch(/^error: /);
    expect(sandbox.api.calls()).toEqual([]);
  });

  it('takes zones by and by, and a height only for one of them', async () => {
    await command(publishArgs('--zones=product', '--zones=overlay'));
    expect([...sandbox.content.scripts.values()][0]?.html).toContain('"zones":["product","overlay"]');
    const { exitCode, err } = await command(publishArgs('--zones=overlay', '--zone-height=product=80'));
    expect([exitCode, err]).toEqual([2, expect.stringMatching(/^OPTION_INVALID: .*"product"/)]);
  });

  it('tells what no step is about', async () => {
    sandbox.api.setFeatures({ checkout_type: 'single' });
    const { out } = await command(publishArgs('--dry-run'));
    sandbox.api.setFeatures();
    expect(out).toMatch(/^ {2}! The order confirmation page shows no scripts/m);
  });

  it('shows names without escape codes of a terminal', async () => {
    const name = 'A\u001b[2J\u0007B';
    sandbox.content.channels.set(2, { id: 2, name, platform: 'bigcommerce', status: 'active' });
    expect((await command(publishArgs())).err).toContain('2 (A [2J B)');
  });

  it('asks which of several storefronts is meant', async () => {
    sandbox.content.channels.set(2, { id: 2, name: 'Outlet', platform: 'bigcommerce', status: 'active' });
    const { exitCode, err } = await command(publishArgs());
    expect(exitCode).toBe(2);
    expect(err).toMatch(/^CHANNEL_NOT_CHOSEN: .*1 \(Juniper & Oak\), 2 \(Outlet\)/);
    await command(publishArgs('--channel=2'));
    expect([...sandbox.content.scripts.values()].map(({ channel_id }) => channel_id)).toEqual([2, 2]);
    await command(publishArgs('--all-channels'));
    expect([...sandbox.content.scripts.values()].map(({ channel_id }) => channel_id)).toEqual([2, 2, 1, 1]);
  });

  it('leaves out Catalyst storefronts, and says what to do there', async () => {
    sandbox.content.channels.set(2, { id: 2, name: 'New', platform: 'catalyst', status: 'active' });
    const { exitCode, err } = await command(publishArgs());
    expect(exitCode).toBe(0);
    expect(err).toContain('Left out, since it is Catalyst: 2 (New).');
  });

  it.each([
    ['that does not name the version', 'https://cdn.brand.com/extole-storefront.js', 'SDK_URL_NOT_VERSIONED'],
    ['that is not there', () => sandbox.sdkUrl.replace('/sdk/', '/nothing/'), 'SDK_UNREACHABLE'],
    ['nobody answers at', `http://127.0.0.1:2/${VERSION}/extole-storefront.js`, 'SDK_UNREACHABLE'],
  ])('refuses an address of the SDK %s, before the store is looked at', async (_what, url, code) => {
    const sdkUrl = typeof url === 'string' ? url : url();
    const { exitCode, err } = await command([...publishArgs(), '--sdk-url', sdkUrl]);
    expect(exitCode).toBe(1);
    expect(err).toMatch(new RegExp(`^${code}: `));
    expect(sandbox.api.calls()).toEqual([]);
  });

  it('refuses a program domain that is none, with what to enter', async () => {
    const args = [...publishArgs(), '--program-domain', 'https://share.brand.com/'];
    const { exitCode, err } = await command(args);
    expect([exitCode, err]).toEqual([2, expect.stringMatching(/PROGRAM_DOMAIN_INVALID: .* share.brand.com/)]);
    expect(sandbox.api.calls()).toEqual([]);
  });

  it('shows in the plan what a forgotten option would switch off', async () => {
    await command(publishArgs('--conversion', '--zones=product'));
    const { out } = await command([...publishArgs('--dry-run'), '--program-domain', 'refer.brand.com']);
    expect(out).toMatch(/~ change .*"Extole: store pages".* programDomain, zones removed$/m);
    expect(out).toMatch(/~ change .*"Extole: order confirmation".* programDomain, conversion removed$/m);
  });

  it('says which scope is missing', async () => {
    sandbox.api.setScopes(['store_v2_information_read_only', 'store_channel_settings_read_only']);
    const { exitCode, err } = await command(publishArgs());
    expect(exitCode).toBe(1);
    expect(err).toMatch(/^BIGCOMMERCE_SCOPE_MISSING: GET .* \(store_v2_content\)/);
  });
});

describe('extole-bigcommerce unpublish', () => {
  it('takes back what publish put there', async () => {
    await command(publishArgs());
    const { exitCode, out } = await command(['unpublish']);
    expect(exitCode).toBe(0);
    expect(out).toContain('Extole is out of the store. 3 changes made.');
    expect(scriptNames()).toEqual([]);
  });

  it('says with which flag the widgets go that stay', async () => {
    await sandbox.setScripts();
    sandbox.setWidgets();
    const { out } = await command(['unpublish']);
    expect(out).toContain('stays, since placed widgets show it: 4. --delete-widgets');
    await command(['unpublish', '--delete-widgets']);
    const { widgets, placements, widgetTemplates } = sandbox.content;
    expect([widgets.size, placements.size, widgetTemplates.size]).toEqual([0, 0, 0]);
  });
});

describe('extole-bigcommerce doctor, with the credentials of the store', () => {
  const doctor = async () => {
    const { exitCode, out } = await command(['doctor', `${sandbox.storefrontUrl}/stoneware-mug/`, '--json'], {
      ...credentials(),
      CHROMIUM_PATH: '/nowhere/chromium',
    });
    const { findings }: { findings: { code: string }[] } = JSON.parse(out);
    return { exitCode, codes: findings.map(({ code }) => code) };
  };

  it('says that the store has what the page shows', async () => {
    await command([...publishArgs(), '--program-domain', sandbox.programDomain]);
    const { exitCode, codes } = await doctor();
    expect(exitCode).toBe(0);
    expect(codes.filter((code) => /STORE|WIDGET/.test(code))).toEqual(['STORE_COMPARED']);
  });

  it('tells of what a merchant deleted', async () => {
    await command([...publishArgs(), '--program-domain', sandbox.programDomain]);
    for (const [uuid, { visibility }] of sandbox.content.scripts) {
      if (visibility === 'storefront') sandbox.content.scripts.delete(uuid);
    }
    sandbox.content.widgetTemplates.clear();
    const { exitCode, codes } = await doctor();
    expect(exitCode).toBe(1);
    expect(codes).toEqual(expect.arrayContaining(['STORE_SCRIPT_MISSING', 'WIDGET_TEMPLATE_MISSING']));
  });

  it('says which scope it lacks', async () => {
    sandbox.api.setScopes(['store_v2_information_read_only']);
    const { exitCode, codes } = await doctor();
    expect([exitCode, codes]).toEqual([1, expect.arrayContaining(['STORE_UNREADABLE'])]);
  });
});

describe('credentials', () => {
  const file = async (text: string): Promise<string> => {
    const path = join(folder, 'credentials');
    await writeFile(path, text);
    return path;
  };
  const withFile = async (text: string) =>
    command(publishArgs('--verbose', '--credentials', await file(text)), {});

  it('come from the file that BigCommerce offers, from JSON, or from the environment', async () => {
    const { storeHash } = sandbox.content;
    const { accessToken, url } = sandbox.api;
    const offered = `ACCESS TOKEN: ${accessToken}\nCLIENT NAME: Extole\nCLIENT ID: x\nCLIENT SECRET: y\n\nAPI PATH: ${url}/stores/${storeHash}/v3/\n`;
    expect((await withFile(offered)).exitCode).toBe(0);
    expect((await withFile(JSON.stringify({ storeHash, accessToken, apiUrl: url }))).exitCode).toBe(0);
  });

  it('that are missing are named, all of them', async () => {
    expect(await command(publishArgs(), {})).toMatchObject({
      exitCode: 2,
      err: expect.stringMatching(
        /^CREDENTIALS_MISSING: set BIGCOMMERCE_STORE_HASH and BIGCOMMERCE_ACCESS_TOKEN/,
      ),
    });
    const { err } = await command(publishArgs(), { BIGCOMMERCE_STORE_HASH: 'abc' });
    expect(err).toMatch(/^CREDENTIALS_MISSING: set BIGCOMMERCE_ACCESS_TOKEN,/);
  });

  it.each(['', 'ACCESS TOKEN: sesame', '{"storeHash": "abc"}', '{'])(
    'in a file that holds none are refused, and not repeated: %j',
    async (text) => {
      const { exitCode, err } = await withFile(text);
      expect([exitCode, err]).toEqual([
        2,
        expect.stringMatching(/^CREDENTIALS_INVALID: .*holds no credentials/),
      ]);
      expect(err).not.toContain('sesame');
    },
  );

  it('never show, not even with --verbose', async () => {
    const { out, err } = await command(publishArgs('--verbose'));
    expect(err).toMatch(/^GET \/v2\/store: 200 in \d+ ms, \d+ requests left$/m);
    expect(err).toMatch(/^POST \/v3\/content\/scripts: 200 in \d+ ms/m);
    expect(out + err).not.toContain(sandbox.api.accessToken);
  });
});

describe('the command itself', () => {
  it('lists what it can do, and tells its version', async () => {
    expect((await command(['--help'])).out).toContain('publish');
    expect(await command(['--version'])).toMatchObject({ exitCode: 0, out: VERSION });
    expect((await command(['nothing'])).exitCode).toBe(2);
  });
});

describe('the built program', () => {
  // Other systems have another `script`.
  const inTerminals = it.skipIf(process.platform !== 'linux');
  /** Runs it in a terminal of a width, and waits until it ends. */
  const inTerminal = async (args: readonly string[], columns: number) => {
    const words = [process.execPath, PROGRAM, ...args].map((word) => `'${word}'`);
    const line = `stty cols ${columns}; exec ${words.join(' ')}`;
    const child = spawn('script', ['-qec', line, '/dev/null'], {
      env: { ...process.env, ...credentials() },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let shown = '';
    child.stdout.on('data', (chunk) => {
      shown += chunk;
    });
    const exitCode = await new Promise((resolve) => child.once('exit', resolve));
    return { exitCode, shown };
  };

  inTerminals('shows each step in a terminal, and ends when it is done', async () => {
    const { exitCode, shown } = await inTerminal(publishArgs(), 100);
    expect(exitCode).toBe(0);
    expect(shown).toContain('✔');
    expect(shown).toContain('create script "Extole: store pages"');
  });

  inTerminals('writes plain lines in a terminal that says that it has no width', async () => {
    const { exitCode, shown } = await inTerminal(publishArgs(), 0);
    expect(exitCode).toBe(0);
    expect(shown).toContain('done: create script "Extole: store pages"');
  });

  inTerminals('ends in a terminal when a step fails, too', async () => {
    sandbox.api.setFault(({ method }) =>
      method === 'POST' ? { status: 422, body: { status: 422, title: 'No' } } : undefined,
    );
    const { exitCode, shown } = await inTerminal(publishArgs(), 100);
    expect(exitCode).toBe(1);
    expect(shown).toContain('✖');
    expect(shown).toContain('STORE_CHANGE_UNFINISHED: 0 of 3 steps are done.');
  });

  it('ends as soon as it is done, even where the quota is spent', async () => {
    await command(publishArgs());
    sandbox.api.clearCalls();
    await command(publishArgs());
    const calls = sandbox.api.calls().length;
    sandbox.api.setRateLimit({ quota: calls + 3, windowMs: 600_000 });
    const child = spawn(process.execPath, [PROGRAM, ...publishArgs()], {
      env: { ...process.env, ...credentials() },
    });
    const exitCode = await new Promise((resolve) => child.once('exit', resolve));
    expect(exitCode).toBe(0);
  });
});

describe('killed at any moment', () => {
  /** Runs the built program, and kills it as soon as BigCommerce has carried out the call of this number. */
  async function killedAfter(args: readonly string[], at: number): Promise<boolean> {
    const child = spawn(process.execPath, [PROGRAM, ...args], { env: { ...process.env, ...credentials() } });
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    let wasKilled = false;
    sandbox.api.clearCalls();
    sandbox.api.setFault(({ index }) =>
      index === at
        ? {
            onHandled: () => {
              wasKilled = true;
              child.kill('SIGKILL');
            },
          }
        : undefined,
    );
    await ended;
    sandbox.api.setFault();
    return wasKilled;
  }
  const state = () => ({
    scripts: [...sandbox.content.scripts.values()]
      .map(({ uuid, date_created, date_modified, ...script }) => script)
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
    templates: [...sandbox.content.widgetTemplates.values()].map(({ name, channel_id, versions }) => ({
      name,
      channel_id,
      versions: versions.map(({ uuid, ...version }) => version),
    })),
  });

  it('publish goes on where it was, to the same end state, and doubles nothing', async () => {
    await command(publishArgs());
    const expected = state();
    let kills = 0;
    for (let at = 0; ; at += 1, kills += 1) {
      clear();
      if (!(await killedAfter(publishArgs(), at))) break;
      expect((await command(publishArgs())).exitCode).toBe(0);
      expect(state(), `killed after call ${at}`).toEqual(expected);
    }
    expect(kills).toBeGreaterThan(8);
  }, 120_000);

  it('unpublish takes back the rest', async () => {
    for (let at = 0, isOver = false; !isOver; at += 1) {
      await sandbox.setScripts();
      sandbox.setWidgets();
      isOver = !(await killedAfter(['unpublish', '--delete-widgets'], at));
      await command(['unpublish', '--delete-widgets']);
      expect(state(), `killed after call ${at}`).toEqual({ scripts: [], templates: [] });
      expect([sandbox.content.widgets.size, sandbox.content.placements.size]).toEqual([0, 0]);
    }
  }, 120_000);
});
