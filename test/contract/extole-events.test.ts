import { existsSync, readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { deliver } from '../../src/app/deliveries/deliver.js';
import { addTestEvent } from '../../src/app/deliveries/test-event.js';
import { startDeliveries } from '../support/deliveries.js';

const SPECIFICATION = new URL(
  '../../../shared/specs/extole/integration-server-to-extole.json',
  import.meta.url,
);
const hasSpecification = existsSync(SPECIFICATION);
const reason = hasSpecification ? '' : ' (skipped: the specification is not beside the repository)';

const ENDPOINTS = [
  ['async', '/v6/async-events', 'EventDispatcherAsyncResponse'],
  ['sync', '/v6/events', 'EventDispatcherResponse'],
] as const;

describe.skipIf(!hasSpecification)(`what Extole is told of events, by its specification${reason}`, () => {
  let world: Awaited<ReturnType<typeof startDeliveries>>;
  let specification: { paths: Record<string, { post: Operation }>; components: { schemas: Schemas } };
  let validatorOf: (schema: string) => ValidateFunction;
  interface Operation {
    readonly requestBody: {
      readonly content: Record<string, { readonly schema: { readonly $ref: string } }>;
    };
    readonly responses: Record<
      string,
      { readonly content: Record<string, { readonly schema: { readonly $ref: string } }> }
    >;
  }
  type Schemas = Record<string, { readonly properties: object }>;

  beforeAll(async () => {
    specification = JSON.parse(readFileSync(SPECIFICATION, 'utf8'));
    const ajv = new Ajv({ strict: false, allErrors: true, formats: { int64: true, int32: true } });
    addFormats(ajv);
    ajv.addSchema(specification, 'extole');
    validatorOf = (schema) => ajv.compile({ $ref: `extole#/components/schemas/${schema}` });
    world = await startDeliveries();
  });
  afterAll(() => world?.close());

  beforeEach(async () => {
    await sql`truncate store cascade`.execute(world.deps.db);
    world.received.length = 0;
    world.setAnswer();
    await world.addStore('store1');
  });

  it.each(ENDPOINTS)('conforms to it: %s', async (eventEndpoint, path, _answer) => {
    await world.saveChannel('store1', 1, { settings: { eventEndpoint, programLabel: 'refer' } });
    const data = {
      partner_conversion_id: '1',
      email: 'jane@example.com',
      cart_value: '67.84',
      lines: [{ sku: 'A', price: 3.5 }],
      vip: true,
    };
    await world.addEvent('store1', { data: JSON.stringify(data) });
    await world.addEvent('store1', { orderId: 2, kind: 'canceled' });
    await addTestEvent(world.deps, 'store1', 1, 'owner@brand.example');
    await deliver(world.deps, 'store1');
    expect(world.received.map((request) => request.path)).toEqual([path, path, path]);
    const { requestBody } = specification.paths[path]?.post ?? {};
    const name = requestBody?.content['application/json']?.schema.$ref.split('/').at(-1) ?? '';
    const isConform = validatorOf(name);
    const members = Object.keys(specification.components.schemas[name]?.properties ?? {});
    for (const { body, headers } of world.received) {
      expect(isConform(body), JSON.stringify(isConform.errors)).toBe(true);
      expect(members).toEqual(expect.arrayContaining(Object.keys(body)));
      expect(headers['content-type']).toBe('application/json');
      expect(headers.authorization).toMatch(/^Bearer /);
    }
  });

  it.each(ENDPOINTS)(
    'is understood when it is answered as documented: %s',
    async (eventEndpoint, path, schema) => {
      const answer =
        eventEndpoint === 'sync'
          ? { event_id: '6000000000000000001', person_id: '6000000000000000002' }
          : { event_id: '6000000000000000001' };
      const isConform = validatorOf(schema);
      expect(isConform(answer), JSON.stringify(isConform.errors)).toBe(true);
      const documented =
        specification.paths[path]?.post.responses[200]?.content['application/json']?.schema.$ref ?? '';
      expect(documented.split('/').at(-1)).toBe(schema);
      await world.saveChannel('store1', 1, { settings: { eventEndpoint } });
      const id = await world.addEvent('store1');
      world.setAnswer({ status: 200, body: answer });
      await deliver(world.deps, 'store1');
      expect(await world.event(id)).toMatchObject({ state: 'delivered', extole_event_id: answer.event_id });
    },
  );

  it('knows what to do with each status that is documented', () => {
    for (const [, path] of ENDPOINTS) {
      // Each has its line in test/app/deliver.test.ts.
      expect(Object.keys(specification.paths[path]?.post.responses ?? {})).toEqual(
        '200 400 401 402 403 415 429'.split(' '),
      );
    }
  });
});
