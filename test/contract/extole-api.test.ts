import { existsSync, readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type ExtoleApi,
  type ExtoleMode,
  startExtoleApi,
} from '../../examples/sandbox/extole-api/extole-api.js';

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
    expect(extole.calls()).toEqual([
      { method: 'GET', url: '/v4/tokens', status: 500 },
      { method: 'GET', url: '/v4/tokens', status: 200 },
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
