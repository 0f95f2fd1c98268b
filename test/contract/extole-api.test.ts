import { existsSync, readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type EventAnswer,
  type ExtoleApi,
  type ExtoleMode,
  startExtoleApi,
} from '../../examples/sandbox/extole-api/extole-api.js';
import { nonconformities } from '../support/openapi.js';

const SPECIFICATION = new URL(
  '../../../shared/specs/extole/integration-server-to-extole.json',
  import.meta.url,
);
const hasSpecification = existsSync(SPECIFICATION);
const reason = hasSpecification ? '' : ' (skipped: the specification is not beside the repository)';

let extole: ExtoleApi;
beforeAll(async () => {
  extole = await startExtoleApi();
});
afterAll(() => extole.close());

/** Asks about a token; about none with `null`. */
const ask = (token: string | null = extole.accessToken): Promise<Response> =>
  fetch(`${extole.url}/v4/tokens`, token === null ? {} : { headers: { authorization: `Bearer ${token}` } });

describe("the stand-in for Extole's API", () => {
  it('knows its token, and says what it may do', async () => {
    extole.setMode('normal');
    const answer = await ask();
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ access_token: extole.accessToken, scopes: ['BACKEND'] });
  });

  it('fails once when it is flaky', async () => {
    extole.setMode('flaky');
    expect((await ask()).status).toBe(500);
    expect((await ask()).status).toBe(200);
    expect(extole.calls()).toMatchObject([
      { method: 'GET', path: '/v4/tokens', status: 500 },
      { method: 'GET', path: '/v4/tokens', status: 200 },
    ]);
  });

  describe.skipIf(!hasSpecification)(`by Extole's specification${reason}`, () => {
    let validate: Record<'token' | 'error', ValidateFunction>;
    let members: readonly string[];
    let documented: Record<string, { content: { 'application/json': { examples?: object } } }>;
    beforeAll(() => {
      const specification = JSON.parse(readFileSync(SPECIFICATION, 'utf8'));
      const ajv = new Ajv({ strict: false, formats: { int64: true, int32: true } });
      addFormats(ajv);
      ajv.addSchema(specification, 'extole');
      const schema = (name: string) => ajv.compile({ $ref: `extole#/components/schemas/${name}` });
      validate = { token: schema('AccessTokenResponse'), error: schema('RestExceptionResponse') };
      members = Object.keys(specification.components.schemas.AccessTokenResponse.properties);
      documented = specification.paths['/v4/tokens'].get.responses;
    });

    it('answers with what is documented of a token, and no more', async () => {
      extole.setMode('normal');
      const answer: unknown = await (await ask()).json();
      expect(validate.token(answer), JSON.stringify(validate.token.errors)).toBe(true);
      expect(members).toEqual(expect.arrayContaining(Object.keys(Object(answer))));
    });

    it.each<[ExtoleMode, string | null | undefined, number, string]>([
      ['normal', null, 403, 'missing_access_token'],
      ['events-only', undefined, 403, 'access_denied'],
      ['unpaid', undefined, 402, 'payment_required'],
      ['busy', undefined, 429, 'too_many_requests'],
    ])('refuses as documented: %s, with the token %s', async (mode, token, status, code) => {
      extole.setMode(mode);
      const answer = await ask(token);
      const body: unknown = await answer.json();
      expect([answer.status, body]).toEqual([status, expect.objectContaining({ code })]);
      expect(validate.error(body), JSON.stringify(validate.error.errors)).toBe(true);
      expect(Object.keys(documented[status]?.content['application/json'].examples ?? {})).toContain(code);
    });

    it('refuses a token that is none with the code that the text documents', async () => {
      extole.setMode('normal');
      const answer = await ask('somebody-else');
      expect(answer.status).toBe(401);
      expect(validate.error(await answer.json())).toBe(true);
      expect(readFileSync(SPECIFICATION, 'utf8')).toContain('`401 invalid_access_token`');
    });
  });
});

describe("the stand-in for Extole's events", () => {
  const TIME = '2026-03-01T12:00:00Z';
  const CONVERSION = {
    event_name: 'conversion',
    event_time: TIME,
    data: { partner_conversion_id: '100', email: 'grace@example.com', cart_value: '24.00' },
  };
  const ENDPOINTS = ['/v6/events', '/v6/async-events'] as const;

  beforeEach(() => {
    extole.setMode('normal');
    extole.setAnswer();
    extole.clearEvents();
  });

  /** @param body - What is said, as JSON; a text as it is. */
  async function send(
    path: string,
    body: unknown,
    { token = extole.accessToken, type = 'application/json', signal }: SendOptions = {},
  ) {
    const response = await fetch(`${extole.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': type, authorization: `Bearer ${token}` },
      body: typeof body === 'string' ? body : JSON.stringify(body),
      ...(signal && { signal }),
    });
    return { status: response.status, headers: response.headers, body: await response.json() };
  }
  interface SendOptions {
    readonly token?: string;
    readonly type?: string;
    readonly signal?: AbortSignal;
  }
  /** The names of what Extole took, those of duplicates in parentheses. */
  const taken = (): string[] =>
    extole.events().map(({ name, isDuplicate }) => (isDuplicate ? `(${name})` : name));

  it.each([
    ['/v6/events', 'sync', { event_id: expect.any(String), person_id: expect.any(String) }],
    ['/v6/async-events', 'async', { event_id: expect.any(String) }],
  ])('takes an event at %s, and says under which id', async (path, endpoint, answer) => {
    const { status, body } = await send(path, CONVERSION);
    expect([status, body]).toEqual([200, answer]);
    expect(extole.events()).toEqual([
      {
        id: body.event_id,
        name: 'conversion',
        time: TIME,
        data: CONVERSION.data,
        endpoint,
        receivedAt: expect.any(String),
        isDuplicate: false,
      },
    ]);
  });

  it('notes an order that is told again by the same name, and no other, as a duplicate', async () => {
    const said = [
      CONVERSION,
      CONVERSION,
      { ...CONVERSION, event_name: 'shipped' },
      { ...CONVERSION, data: { partner_conversion_id: '101' } },
      { ...CONVERSION, data: {} },
      { ...CONVERSION, data: {} },
    ];
    for (const body of said) await send('/v6/async-events', body);
    await send('/v6/events', CONVERSION);
    expect(taken()).toEqual([
      'conversion',
      '(conversion)',
      'shipped',
      'conversion',
      'conversion',
      'conversion',
      '(conversion)',
    ]);
  });

  it("tells the refunds of one order apart by each one's own number", async () => {
    const refund = (id: string) => ({
      event_name: 'partially_refunded',
      event_time: TIME,
      data: { partner_conversion_id: '100', partner_refund_id: id },
    });
    for (const id of ['1', '2', '2']) await send('/v6/events', refund(id));
    expect(taken()).toEqual(['partially_refunded', 'partially_refunded', '(partially_refunded)']);
  });

  it('takes the time with an offset or a fraction, and a time of its own where there is none', async () => {
    const times = ['2026-03-01T12:00:00+02:00', '2026-03-01T12:00:00.123Z', undefined];
    for (const event_time of times) {
      expect((await send('/v6/events', { ...CONVERSION, event_time })).status).toBe(200);
    }
    expect(extole.events().map(({ time }) => time)).toEqual([...times.slice(0, 2), expect.any(String)]);
  });

  describe.each(ENDPOINTS)('at %s', (path) => {
    it.each<[string, unknown, SendOptions, number, string]>([
      ['an event without a name', { ...CONVERSION, event_name: undefined }, {}, 400, 'missing_event_name'],
      ['an event with an empty name', { ...CONVERSION, event_name: '' }, {}, 400, 'missing_event_name'],
      ['a time that is none', { ...CONVERSION, event_time: 'now' }, {}, 400, 'invalid_event_time_format'],
      ['a date', { ...CONVERSION, event_time: '2026-03-01' }, {}, 400, 'invalid_event_time_format'],
      ['what is no JSON', '{', {}, 400, 'invalid_json'],
      ['nothing', '', {}, 400, 'missing_request_body'],
      ['a list', [], {}, 400, 'binding_error'],
      ['data that is a text', { ...CONVERSION, data: 'x' }, {}, 400, 'binding_error'],
      ['another type', JSON.stringify(CONVERSION), { type: 'text/plain' }, 415, 'unsupported_media_type'],
      ["somebody else's token", CONVERSION, { token: 'x' }, 401, 'invalid_access_token'],
    ])('refuses %s', async (_name, body, options, status, code) => {
      const answer = await send(path, body, options);
      expect(answer).toMatchObject({ status, body: { code, http_status_code: status } });
      expect(taken()).toEqual([]);
    });

    it.each<[ExtoleMode, number]>([
      ['events-only', 200],
      ['token-refused', 401],
      ['unpaid', 402],
      ['busy', 429],
      ['error', 500],
    ])('answers as for the token in the mode %s', async (mode, status) => {
      extole.setMode(mode);
      expect((await send(path, CONVERSION)).status).toBe(status);
      expect(taken()).toEqual(status === 200 ? ['conversion'] : []);
    });

    it.skipIf(!hasSpecification)(`is sent and answers what is documented, and no more${reason}`, async () => {
      await send(path, CONVERSION);
      await send(path, { ...CONVERSION, event_name: 'shipped', data: null });
      expect(extole.calls()).toHaveLength(2);
      // Only BigCommerce's files ask for `accept`.
      expect(nonconformities(extole.calls())).toEqual([]);
      await send(path, { event_name: 'shipped', data: {}, label: 'x' });
      expect(nonconformities(extole.calls().slice(2))).toEqual([
        `POST ${path}: body must have required property 'event_time'`,
        `POST ${path}: body/label is not known`,
      ]);
    });
  });

  it('answers what a test wants, for the events that it wants, and takes none of these', async () => {
    extole.setAnswer(({ name }) =>
      name === 'shipped' ? { status: 429, headers: { 'retry-after': '7' }, body: { code: 'x' } } : undefined,
    );
    const answer = await send('/v6/events', { ...CONVERSION, event_name: 'shipped' });
    expect([answer.status, answer.headers.get('retry-after'), answer.body]).toEqual([
      429,
      '7',
      { code: 'x' },
    ]);
    expect((await send('/v6/events', CONVERSION)).status).toBe(200);
    expect(taken()).toEqual(['conversion']);
  });

  it.each<[EventAnswer, string[]]>([
    [{ drop: 'before' }, []],
    [{ drop: 'after' }, ['conversion']],
  ])('breaks the connection: %o', async (answer, names) => {
    extole.setAnswer(() => answer);
    await expect(send('/v6/async-events', CONVERSION)).rejects.toThrow('fetch failed');
    expect(taken()).toEqual(names);
  });

  it.each<[EventAnswer, string[]]>([
    [{ hang: 'before' }, []],
    [{ hang: 'after' }, ['conversion']],
  ])('leaves the client waiting: %o', async (answer, names) => {
    const asked = vi.fn(() => answer);
    extole.setAnswer(asked);
    const leaving = new AbortController();
    const sending = send('/v6/async-events', CONVERSION, { signal: leaving.signal });
    await vi.waitFor(() => expect(asked).toHaveBeenCalledOnce());
    leaving.abort();
    await expect(sending).rejects.toThrow('aborted');
    expect(taken()).toEqual(names);
  });

  it('answers late', async () => {
    extole.setAnswer(() => ({ delayMs: 50 }));
    const start = performance.now();
    expect((await send('/v6/events', CONVERSION)).status).toBe(200);
    expect(performance.now() - start).toBeGreaterThanOrEqual(45);
  });

  it('tells who wants to know of each event that it takes', async () => {
    const onEvent = vi.fn();
    const other = await startExtoleApi({ accessToken: extole.accessToken, onEvent });
    await fetch(`${other.url}/v6/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${other.accessToken}` },
      body: JSON.stringify(CONVERSION),
    });
    expect(onEvent.mock.calls).toEqual([other.events()]);
    await other.close();
  });
});
