import { existsSync, readFileSync } from 'node:fs';
import vm from 'node:vm';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  type ProgramDomain,
  startProgramDomain,
} from '../../examples/sandbox/program-domain/program-domain.js';
import { KNOWN_ZONES } from '../../src/catalog/zones.js';

const SPECIFICATION = new URL(
  '../../../shared/specs/extole/integration-consumer-to-extole.json',
  import.meta.url,
);
const hasSpecification = existsSync(SPECIFICATION);
const reason = hasSpecification ? '' : ' (skipped: the specification is not beside the repository)';

let program: ProgramDomain;
beforeAll(async () => {
  program = await startProgramDomain();
});
afterEach(() => {
  program.clearZoneRequests();
  program.setCoreMode('normal');
});
afterAll(() => program.close());

const post = (body: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${program.url}/zones`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
const zone = (event_name: string, data: object = {}): string =>
  JSON.stringify({ event_name, data, id_token: null, jwt: null });

/** What the program domain was asked for last. */
const lastBody = (): unknown => program.zoneRequests().at(-1)?.body;

/**
 * Runs the stand-in core tag on a page that has just a network and a place for creatives, as a classic script does.
 * How it puts creatives onto a real page is what the browser tests see.
 */
async function loadCore(queue: readonly unknown[] = []) {
  const inserted: string[] = [];
  class FakeElement {
    append(content: { html: string }): void {
      inserted.push(content.html);
    }
  }
  const element = new FakeElement();
  const window: Record<string, unknown> = { extole: { q: queue } };
  const page = {
    window,
    URL,
    Element: FakeElement,
    // A browser names the page and its origin by itself.
    fetch: (url: string, { headers, ...init }: RequestInit) =>
      fetch(url, {
        ...init,
        headers: { ...Object.fromEntries(new Headers(headers)), origin: 'https://brand.com' },
      }),
    document: {
      currentScript: { src: `${program.url}/core.js` },
      addEventListener: () => {},
      createElement: () => ({
        content: { html: '', querySelectorAll: () => [] },
        set innerHTML(html: string) {
          this.content.html = html;
        },
      }),
    },
  };
  vm.runInNewContext(await (await fetch(`${program.url}/core.js`)).text(), page);
  const run = (code: string, args: object = {}): unknown =>
    vm.runInNewContext(code, { window, extole: window.extole, ...args });
  return {
    element,
    inserted,
    run,
    createZone: (settings: object): Promise<{ error: unknown; zone: unknown }> =>
      new Promise((resolve) => {
        const done = (error: unknown, created: unknown): void => resolve({ error, zone: created });
        run('extole.createZone(settings, done)', { settings, done });
      }),
  };
}

describe('the stand-in core tag', () => {
  it('asks for a zone and puts its creative into the element', async () => {
    const core = await loadCore();
    const { error } = await core.createZone({
      name: 'global_header',
      element: core.element,
      data: { first_name: '<Zoë>' },
    });
    expect(error).toBe(null);
    expect(core.inserted).toHaveLength(1);
    expect(core.inserted[0]).toContain('&#60;Zoë&#62;');
    expect(lastBody()).toEqual({
      event_name: 'global_header',
      data: { first_name: '<Zoë>' },
      id_token: null,
      jwt: null,
    });
  });

  it('takes over the calls that wait in the queue', async () => {
    const calls: unknown[] = [];
    const answers = ['unheard_of', 'unheard_of_too'].map(
      (name) => new Promise((resolve) => calls.push(['createZone', [{ name }, resolve]])),
    );
    await loadCore(calls);
    expect(await Promise.all(answers)).toEqual([null, null]);
    expect(program.zoneRequests().map((request) => request.zone)).toEqual(
      expect.arrayContaining(['unheard_of', 'unheard_of_too']),
    );
  });

  it('passes a JWT on', async () => {
    const core = await loadCore();
    await core.createZone({ name: 'my_account', jwt: 'a.b.c' });
    expect(lastBody()).toEqual({ event_name: 'my_account', data: {}, id_token: null, jwt: 'a.b.c' });
  });

  it('inserts nothing for a zone that no campaign serves', async () => {
    const core = await loadCore();
    expect((await core.createZone({ name: 'unheard_of', element: core.element })).error).toBe(null);
    expect(core.inserted).toEqual([]);
  });

  it('tells of a refusal with message, status and status text', async () => {
    const core = await loadCore();
    const { error } = await core.createZone({ name: 5, element: core.element });
    expect(error).toMatchObject({
      message: 'Argument is not of the expected type',
      status: 400,
      statusText: 'Bad Request',
    });
    expect(core.inserted).toEqual([]);
  });

  it('logs out through the user service', async () => {
    const core = await loadCore();
    await new Promise((resolve) => {
      core.run(
        "extole.require(['core-root:///common/user-service.js'], (user) => user.logout().then(done))",
        {
          done: resolve,
        },
      );
    });
    expect(program.logouts()).toBe(1);
    expect(program.zoneRequests()).toEqual([]);
  });
});

describe('the file of the core tag', () => {
  const statuses = async (count: number): Promise<number[]> => {
    const seen: number[] = [];
    for (let asked = 0; asked < count; asked += 1) seen.push((await fetch(`${program.url}/core.js`)).status);
    return seen;
  };

  it('fails for a while and then comes, where it is flaky', async () => {
    program.setCoreMode('flaky', 2);
    expect(await statuses(4)).toEqual([503, 503, 200, 200]);
    program.setCoreMode('flaky');
    expect(await statuses(2)).toEqual([503, 200]);
  });

  it('is counted whenever a page asks for it, until the list is cleared', async () => {
    program.setCoreMode('flaky');
    await statuses(3);
    expect(program.coreRequests()).toBe(3);
    program.clearZoneRequests();
    expect(program.coreRequests()).toBe(0);
  });
});

describe('the live list', () => {
  it('tells of zones, events and sign-outs, and of what a server sent, in the order in which they came', async () => {
    const stopping = new AbortController();
    const stream = await fetch(`${program.url}/requests`, { signal: stopping.signal });
    await post(JSON.stringify({ event_name: 'product', data: {}, id_token: null, jwt: 'a.b.c' }));
    await fetch(`${program.url}/api/v5/token`, {
      method: 'DELETE',
      headers: { origin: 'https://brand.com' },
    });
    program.showEvent({
      id: 'e1',
      name: 'shipped',
      time: '2026-03-01T12:00:00Z',
      data: { partner_conversion_id: '1043' },
      endpoint: 'async',
      receivedAt: '2026-03-01T12:00:00Z',
      isDuplicate: false,
    });
    await post(zone('conversion', { partner_conversion_id: '1044' }));
    let text = '';
    for await (const chunk of stream.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk;
      if (text.includes('1044')) break;
    }
    stopping.abort();
    const entries = [...text.matchAll(/event: received\ndata: (.*)/g)].map(([, data = '']) =>
      JSON.parse(data),
    );
    expect(entries).toMatchObject([
      { zone: 'product', body: { jwt: 'a.b.c' } },
      { page: 'https://brand.com' },
      { event: { name: 'shipped', data: { partner_conversion_id: '1043' } } },
      { zone: 'conversion', data: { partner_conversion_id: '1044' } },
    ]);
    const [first = 0, ...others] = entries.map(({ number }) => number);
    expect(others).toEqual([first + 1, first + 2, first + 3]);
    expect(program.zoneRequests().map((request) => request.zone)).toEqual(['product', 'conversion']);
  });
});

describe('the zones of the stand-in', () => {
  it.each(KNOWN_ZONES)(
    'answer $name with HTML that runs nothing, whatever the data says',
    async ({ name }) => {
      const hostile = `"'</style><script>alert(1)</script><img src=x onerror=alert(1)>`;
      const data = {
        first_name: hostile,
        dynamic_product_url: `javascript:alert(1)//${hostile}`,
        content: { url: `https://brand.com/${hostile}` },
        locale: hostile,
      };
      const response = await post(zone(name, data), { referer: `https://brand.com/?${hostile}` });
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
      const creative = await response.text();
      expect(creative).not.toMatch(/<script|<img|javascript:/i);
      expect(creative.match(/<\/style/g)).toHaveLength(1);
    },
  );

  it('greet a shopper, in the language of the event data', async () => {
    const english = await (await post(zone('global_header', { first_name: 'Ada' }))).text();
    expect(english).toContain('<b>Ada</b>, give $20, get $20');
    const german = await (await post(zone('global_header', { locale: 'de_DE' }))).text();
    expect(german).toContain('20 $ schenken');
  });

  it('keep any event data as it came', async () => {
    const data = '{"__proto__":{"a":1},"constructor":null,"lone":"\\ud800","deep":[[[{}]]],"n":1}';
    await post(`{"event_name":"product","data":${data},"id_token":null,"jwt":null}`);
    expect(JSON.stringify(program.zoneRequests()[0]?.data)).toBe(data);
  });

  it('answer with nothing where nobody serves the zone or none is named', async () => {
    expect(await (await post(zone('unheard_of'))).text()).toBe('');
    const unnamed = await post('{"data":{},"id_token":null,"jwt":null}');
    expect([unnamed.status, unnamed.headers.get('extole-log'), await unnamed.text()]).toEqual([
      200,
      'target zone=unknown',
      '',
    ]);
    expect(program.zoneRequests().map(({ answer }) => answer.kind)).toEqual(['empty', 'empty']);
  });

  it('note an event and show nothing for it', async () => {
    const data = { partner_conversion_id: '1043', email: 'grace@example.com', coupon_code: 'SAVE10,FRIEND5' };
    const response = await post(zone('conversion', data));
    expect([response.status, await response.text()]).toEqual([200, '']);
    expect(program.zoneRequests()).toMatchObject([
      { zone: 'conversion', data, answer: { status: 200, kind: 'empty' } },
    ]);
  });

  it('are open to pages of other origins, with cookies', async () => {
    const preflight = await fetch(`${program.url}/zones`, {
      method: 'OPTIONS',
      headers: { origin: 'https://brand.com', 'access-control-request-headers': 'content-type' },
    });
    expect(preflight.status).toBe(204);
    expect(Object.fromEntries(preflight.headers)).toMatchObject({
      'access-control-allow-origin': 'https://brand.com',
      'access-control-allow-credentials': 'true',
      'access-control-allow-headers': 'content-type',
    });
    const response = await post(zone('product'), { origin: 'https://brand.com' });
    expect(response.headers.get('access-control-allow-origin')).toBe('https://brand.com');
    const cookie = response.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^access_token=[0-9a-f]{32}; /);
    const known = await post(zone('product'), { cookie: cookie.split(';')[0] ?? '' });
    expect(known.headers.get('set-cookie')).toBe(null);
  });
});

describe.skipIf(!hasSpecification)(`the stand-in, by Extole's specification${reason}`, () => {
  let isZoneRequest: ValidateFunction;
  let isError: ValidateFunction;
  beforeAll(() => {
    const ajv = new Ajv({
      strict: false,
      allErrors: true,
      formats: { int64: true, int32: true, html: true, json: true },
    });
    addFormats(ajv);
    const specification = JSON.parse(readFileSync(SPECIFICATION, 'utf8'));
    const { RenderZoneRequest } = specification.components.schemas;
    expect(specification.paths['/zones'].post.requestBody.content['application/json'].schema.$ref).toBe(
      '#/components/schemas/RenderZoneRequest',
    );
    // Extole contradicts itself: the schema types each value of `data` as an object, while its JavaScript SDK documents
    // strings (`"locale": "en"`). Pages send strings, so any value counts here.
    delete RenderZoneRequest.properties.data.additionalProperties;
    ajv.addSchema(specification, 'extole');
    isZoneRequest = ajv.compile({ $ref: 'extole#/components/schemas/RenderZoneRequest' });
    isError = ajv.compile({ $ref: 'extole#/components/schemas/RestExceptionResponse' });
  });

  it('sends zone requests of the shape RenderZoneRequest', async () => {
    const core = await loadCore();
    const data = { email: 'ada@brand.com', content: { url: 'https://brand.com/mug/' } };
    for (const settings of [
      { name: 'product' },
      { name: 'product', data },
      { name: 'product', data, jwt: 'a.b.c' },
    ]) {
      await core.createZone(settings);
      isZoneRequest(lastBody());
      expect(isZoneRequest.errors).toBe(null);
    }
  });

  it.each([
    ['missing_request_body', 400, '', 'application/json'],
    ['invalid_json', 400, '{"event_name": ', 'application/json'],
    ['invalid_parameter', 400, '{"event_name": "product"}', 'application/json'],
    ['binding_error', 400, '["product"]', 'application/json'],
    ['unsupported_media_type', 415, '<zone/>', 'application/xml'],
  ])('refuses as Extole does: %s', async (code, status, body, type) => {
    const response = await post(body, { 'content-type': type });
    const error: unknown = await response.json();
    isError(error);
    expect(isError.errors).toBe(null);
    expect(response.status).toBe(status);
    expect(error).toMatchObject({ code, http_status_code: status });
  });

  it('refuses just the bodies that the schema refuses', async () => {
    const value = fc.oneof(
      fc.constantFrom(null, 'product', {}, { locale: 'en' }),
      fc.constantFrom<unknown>(1, true, [], ['a']),
    );
    const body = fc.oneof(
      fc.record({ event_name: value, data: value, id_token: value, jwt: value }, { requiredKeys: [] }),
      value.filter((other) => typeof other !== 'string'),
    );
    await fc.assert(
      fc.asyncProperty(body, async (candidate) => {
        // The specification's text gives an absent name a meaning of its own, though its schema requires one.
        const judged =
          candidate !== null && typeof candidate === 'object' && !Array.isArray(candidate)
            ? { event_name: '', ...candidate }
            : candidate;
        const { status } = await post(JSON.stringify(candidate));
        expect(status === 200).toBe(isZoneRequest(judged));
      }),
      { numRuns: 300 },
    );
  });
});
