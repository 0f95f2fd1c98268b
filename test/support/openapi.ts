import { existsSync, readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import type { ApiCall } from '../../examples/sandbox/bigcommerce/api.js';

/**
 * Holds calls of BigCommerce's REST API and of Extole's to their OpenAPI files. These are not part of the project: they are looked for
 * beside it.
 */

const FOLDER = new URL('../../../shared/specs/', import.meta.url);

/** Whether the OpenAPI files are there. */
export const hasSpecifications = existsSync(FOLDER);

/** What a test that needs them says behind its name when they are not. */
export const reason = hasSpecifications ? '' : ' (skipped: the specifications are not beside the repository)';

/** The parts of OpenAPI 3.0 that we look at. References are filled in by {@link inline}. */
interface Schema {
  title?: string;
  type?: string;
  enum?: string[];
  properties?: Record<string, Schema>;
  additionalProperties?: boolean;
  items?: Schema;
  required?: string[];
  nullable?: boolean;
  pattern?: string;
  maximum?: number;
  minItems?: number;
  allOf?: Schema[];
  anyOf?: Schema[];
  oneOf?: Schema[];
}
interface Parameter {
  name: string;
  in: 'query' | 'header' | 'path';
  required?: boolean;
  schema: Schema;
}
interface Content {
  content?: { 'application/json'?: { schema: Schema } };
}
interface Operation {
  parameters?: Parameter[];
  requestBody?: Content & { required?: boolean };
  responses: Record<string, Content>;
}
type Method = 'get' | 'post' | 'put' | 'delete';
type PathItem = { parameters?: Parameter[] } & { [Name in Method]?: Operation };
interface Specification {
  paths: Record<string, PathItem>;
  components: {
    schemas: Record<string, Schema>;
    responses?: Record<string, Content>;
    parameters?: Record<string, Parameter>;
  };
}

/** Where BigCommerce's files contradict its other documents, or leave out what these say. */
const CORRECTIONS: Readonly<Record<string, (specification: Specification) => void>> = {
  'scripts.v3.yml': ({ components: { schemas } }) => {
    // "Defaults to `unknown` when not specified", says the text; the enum, which answers share with requests, lacks it.
    const answered = structuredClone(schemaOf(schemas, 'script_Base'));
    answered.properties?.consent_category?.enum?.push('unknown');
    schemaOf(schemas, 'script_Full').allOf?.splice(1, 1, answered);
  },
  'widgets.v3.yml': ({ components: { schemas } }) => {
    for (const setting of findTitled(schemas, 'widgetSchemaSetting_Base')) {
      // "Widget UI Input Types" documents defaults that are booleans, numbers and objects, and what typeMeta holds by type.
      setting.properties = {
        ...setting.properties,
        default: {},
        typeMeta: { type: 'object', additionalProperties: true },
      };
    }
    // Documented in "Localization".
    const translations = { schema_translations: { type: 'string' } };
    addProperties(schemaOf(schemas, 'widgetTemplate_Post'), translations);
    addProperties(schemaOf(schemas, 'widgetTemplate_Base'), translations);
    // In the examples of all answers.
    addProperties(schemaOf(schemas, 'widgetTemplate_Full').allOf?.[1], {
      channel_id: { type: 'integer' },
      client_rerender: { type: 'boolean' },
      template_engine: { type: 'string' },
    });
    addProperties(schemaOf(schemas, 'widget_Full').allOf?.[1], {
      storefront_api_query_params: { type: 'object', additionalProperties: true },
    });
  },
  'channels.v3.yml': ({ paths }) => {
    // No other status than 200 is documented here; "API Status Codes" has 404 for what does not exist.
    const site = paths['/channels/{channel_id}/site']?.get;
    if (site) site.responses['404'] = {};
  },
  'orders.v2.oas2.yml': ({ paths, components: { schemas, parameters = {} } }) => {
    // The text of `sort` lets a direction follow; the text of DELETE and PUT has what `is_deleted` does.
    const sort = parameters.sort?.schema;
    if (sort) sort.enum = sort.enum?.flatMap((name) => [name, `${name}:asc`, `${name}:desc`]) ?? [];
    addProperties(schemaOf(schemas, 'order_Put').allOf?.[0], { is_deleted: { type: 'boolean' } });
    // In the examples of all answers.
    addProperties(schemaOf(schemas, 'order_RespOnly'), { custom_status: { type: 'string' } });
    for (const [path, { get, put, delete: remove }] of Object.entries(paths)) {
      // Lists of version 2 that are empty are answered so, which no file says.
      if (get && /\/(orders|coupons|products|shipping_addresses)$/.test(path)) get.responses['204'] = {};
      // "API Status Codes" has these for all that does not exist, or does not fit.
      for (const operation of [get, put, remove])
        if (operation) operation.responses = { '404': {}, '422': {}, ...operation.responses };
    }
  },
  'orders.v3.yml': ({ paths }) => {
    const refunds = paths['/orders/{order_id}/payment_actions/refunds']?.get;
    if (refunds) refunds.responses['404'] = {};
  },
  'promotions.v3.yml': ({ paths, components: { schemas } }) => {
    // "If this property is left null, the promotion never expires."
    schemaOf(schemas, 'PromotionBase').properties = {
      ...schemaOf(schemas, 'PromotionBase').properties,
      end_date: { type: 'string', nullable: true },
    };
    // What prefix, delimiter and length make of a generated code is not what this schema has.
    schemaOf(schemas, 'BulkCouponCode').properties = {
      code: { type: 'string', pattern: '^[A-Z0-9_-]{6,50}$' },
    };
    const CODE = '^[a-zA-Z0-9_ -]+$';
    // No regular expression by ECMAScript's rules, and one that any text with a letter in it would fit.
    for (const schema of findWithPattern({ paths, schemas }, String.raw`[a-zA-Z0-9_\ -]`))
      schema.pattern = CODE;
    // Which items, and which customers: conditions in conditions, four deep, of which nobody here says anything. They would be read for seconds.
    for (const name of ['ItemMatcher', 'CustomerSegmentLimitation']) schemas[name] = { type: 'object' };
    // Whatever fits one of the two fits both.
    const patch = paths['/promotions/{id}']?.put?.requestBody?.content?.['application/json'];
    if (patch) patch.schema = { anyOf: patch.schema.oneOf ?? [] };
    for (const [path, { get, post, put, delete: remove }] of Object.entries(paths)) {
      // "API Status Codes" has these for what does not exist or does not fit, the file for some of these calls only.
      for (const operation of [get, post, put])
        if (operation) operation.responses = { '404': {}, '422': {}, ...operation.responses };
      // "You cannot delete promotions that still have coupon codes attached."
      if (remove && path === '/promotions/{id}') remove.responses['422'] = {};
    }
  },
  'webhooks.v3.yml': ({ paths, components: { responses = {} } }) => {
    // A store without webhooks has a list of none.
    const list = responses.webhooks_Resp?.content?.['application/json']?.schema.properties?.data;
    if (list) delete list.minItems;
    // Only some of these calls say what becomes of one that does not exist, or of a value that does not fit; and where a 404 is
    // described, it is without the `errors` that other APIs have.
    for (const operation of Object.values(paths['/hooks/{webhook_id}'] ?? {})) {
      if ('responses' in operation) operation.responses = { '422': {}, ...operation.responses, '404': {} };
    }
  },
  'integration-server-to-extole.json': ({ components: { schemas } }) => {
    // "nullable", though the enum beside it lists no null.
    for (const name of ['FulfilledRewardRequest', 'FulfilledAndSentRewardRequest']) {
      const schema = schemaOf(schemas, name);
      const type = schema.properties?.face_value_type ?? {};
      addProperties(schema, { face_value_type: { anyOf: [type, { type: 'null' }] } });
    }
  },
};

const LIST_PARAMETERS: readonly Parameter[] = [
  { name: 'Accept', in: 'header', required: true, schema: { type: 'string' } },
  { name: 'id:in', in: 'query', schema: { type: 'array', items: { type: 'integer' } } },
  { name: 'page', in: 'query', schema: { type: 'integer' } },
  { name: 'limit', in: 'query', schema: { type: 'integer', maximum: 250 } },
];

const listOf = (properties: Readonly<Record<string, Schema>>): Operation['responses'] => ({
  '200': {
    content: {
      'application/json': {
        schema: {
          properties: {
            data: { type: 'array', items: { type: 'object', properties, required: ['id'] } },
            meta: { type: 'object', additionalProperties: true },
          },
          required: ['data', 'meta'],
        },
      },
    },
  },
});

/**
 * What we ask the catalog for, whose files are large.
 *
 * Source: BigCommerce, catalog/products_catalog.v3.yml, catalog/categories_catalog.v3.yml.
 */
const CATALOG: Specification = {
  paths: {
    '/catalog/products': {
      get: {
        parameters: [
          ...LIST_PARAMETERS,
          {
            name: 'include_fields',
            in: 'query',
            schema: {
              type: 'array',
              items: { type: 'string', enum: ['name', 'categories', 'brand_id', 'sku'] },
            },
          },
        ],
        responses: listOf({
          id: { type: 'integer' },
          name: { type: 'string' },
          categories: { type: 'array', items: { type: 'integer' } },
        }),
      },
    },
    '/catalog/categories': {
      get: {
        parameters: [
          ...LIST_PARAMETERS,
          { name: 'include_fields', in: 'query', schema: { type: 'array', items: { type: 'string' } } },
        ],
        responses: listOf({ id: { type: 'integer' }, name: { type: 'string' } }),
      },
    },
  },
  components: { schemas: {} },
};

/** "API Status Codes" has these for every call, the files for none. What they hold may come from a gateway. */
const STATUSES_OF_ALL_CALLS = /^(400|401|403|429|5\d\d)$/;

/** Where the paths of each file begin, the vendor's folder, and the file. */
const FILES = [
  ['/v3', 'bigcommerce', 'scripts.v3.yml'],
  ['/v3', 'bigcommerce', 'widgets.v3.yml'],
  ['/v3', 'bigcommerce', 'channels.v3.yml'],
  ['/v3', 'bigcommerce', 'webhooks.v3.yml'],
  ['/v3', 'bigcommerce', 'orders.v3.yml'],
  ['/v3', 'bigcommerce', 'promotions.v3.yml'],
  ['/v2', 'bigcommerce', 'store_information.v2.yml'],
  ['/v2', 'bigcommerce', 'orders.v2.oas2.yml'],
  ['', 'extole', 'integration-server-to-extole.json'],
] as const;

const specifications = hasSpecifications
  ? [
      ...FILES.map(([base, vendor, file]) => {
        const text = readFileSync(new URL(`${vendor}/${file}`, FOLDER), 'utf8');
        const specification: Specification = file.endsWith('.json') ? JSON.parse(text) : parse(text);
        CORRECTIONS[file]?.(specification);
        return { base, specification };
      }),
      { base: '/v3', specification: CATALOG },
    ]
  : [];

/**
 * Compares calls with the OpenAPI files, both ways: path, method, query, headers, body; status and answer. A member that
 * the files do not know counts, too. Of a call whose answer was lost only the request is compared.
 *
 * @returns What does not conform, one sentence each; empty when all does.
 */
export function nonconformities(calls: readonly ApiCall[]): string[] {
  return calls.flatMap((call) => [...requestNonconformities(call), ...answerNonconformities(call)]);
}

/** Compares what the client said. */
export function requestNonconformities(call: ApiCall): string[] {
  const found = findOperation(call);
  if (!found) return [`${nameOf(call)}: there is no such operation`];
  const { parameters, pathParameters, operation } = found;
  const problems: string[] = [];
  for (const name of Object.keys(call.query)) {
    const isKnown = parameters.some((parameter) => parameter.in === 'query' && parameter.name === name);
    if (!isKnown) problems.push(`query parameter ${name} is not known`);
  }
  for (const { name, required, schema, ...parameter } of parameters) {
    const value = { query: call.query, path: pathParameters, header: call.headers }[parameter.in][
      parameter.in === 'header' ? name.toLowerCase() : name
    ];
    if (parameter.in === 'header') {
      // One operation asks for the type of a body that it does not have.
      const isNeeded = required && (name !== 'Content-Type' || operation.requestBody);
      if (isNeeded && !value?.includes('application/json')) problems.push(`header ${name} is ${value}`);
    } else if (value === undefined) {
      if (required) problems.push(`${parameter.in} parameter ${name} is missing`);
    } else {
      const typed = schema.type === 'array' ? value.split(',') : value;
      problems.push(...violations(schema, typed, `${parameter.in} parameter ${name}`, TEXT));
    }
  }
  const { requestBody } = operation;
  if (call.body === undefined) {
    if (requestBody?.required) problems.push('the body is missing');
  } else {
    problems.push(...bodyViolations(requestBody ?? {}, call.body, 'body'));
  }
  return problems.map((problem) => `${nameOf(call)}: ${problem}`);
}

/** Compares what was answered. */
export function answerNonconformities(call: ApiCall): string[] {
  const { status, answer } = call;
  const found = findOperation(call);
  // A path that does not exist is the request's fault.
  if (status === undefined || !found || STATUSES_OF_ALL_CALLS.test(`${status}`)) return [];
  const response = found.operation.responses[status];
  const problems = !response
    ? ['the status is not documented']
    : // The files describe a body for some 204, which by HTTP has none.
      status === 204
      ? answer === undefined
        ? []
        : ['there is a body']
      : response.content
        ? bodyViolations(response, answer, 'answer')
        : [];
  return problems.map((problem) => `${nameOf(call)}, answered ${status}: ${problem}`);
}

const nameOf = ({ method, path }: ApiCall): string => `${method} ${path}`;

function bodyViolations({ content }: Content, value: unknown, at: string): string[] {
  const schema = content?.['application/json']?.schema;
  if (!schema) return [`${at} is not documented`];
  return [...violations(schema, value, at, JSON_VALUES), ...unknownMembers(schema, value, at)];
}

/** Schemas leave objects open, though the documents list all there is: whatever they do not name is none of BigCommerce's. */
function unknownMembers(schema: Schema, value: unknown, at: string): string[] {
  const parts = partsOf(schema);
  if (Array.isArray(value)) {
    const items = { anyOf: parts.flatMap((part) => part.items ?? []) };
    return value.flatMap((item, index) => unknownMembers(items, item, `${at}/${index}`));
  }
  const known = parts.flatMap(({ properties = {} }) => Object.entries(properties));
  const isOpen = known.length === 0 || parts.some(({ additionalProperties }) => additionalProperties);
  if (!isRecord(value) || isOpen) return [];
  return Object.entries(value).flatMap(([name, member]) => {
    const anyOf = known.filter(([knownName]) => knownName === name).map(([, schemaOfIt]) => schemaOfIt);
    return anyOf.length ? unknownMembers({ anyOf }, member, `${at}/${name}`) : [`${at}/${name} is not known`];
  });
}

const partsOf = (schema: Schema): Schema[] => [
  schema,
  ...[...(schema.allOf ?? []), ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap(partsOf),
];

const AJV_OPTIONS = {
  strict: false,
  allErrors: true,
  formats: { int64: true, int32: true, html: true, json: true },
} as const;
const JSON_VALUES = withFormats(new Ajv(AJV_OPTIONS));
/** For query and path, where all is text. */
const TEXT = withFormats(new Ajv({ ...AJV_OPTIONS, coerceTypes: true }));
const validators = new Map<Schema, ValidateFunction>();

function withFormats(ajv: Ajv): Ajv {
  addFormats(ajv);
  return ajv;
}

function violations(schema: Schema, value: unknown, at: string, ajv: Ajv): string[] {
  const validate = validators.get(schema) ?? ajv.compile(schema);
  validators.set(schema, validate);
  validate(value);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${at}${instancePath} ${message}`);
}

interface FoundOperation {
  readonly operation: Operation;
  /** Those of the path and those of the operation. */
  readonly parameters: readonly Parameter[];
  readonly pathParameters: Readonly<Record<string, string>>;
}

const operations = new Map<string, FoundOperation | undefined>();

function findOperation({ method, path }: ApiCall): FoundOperation | undefined {
  const key = `${method} ${path}`;
  if (!operations.has(key)) operations.set(key, readOperation(method, path));
  return operations.get(key);
}

function readOperation(method: string, path: string): FoundOperation | undefined {
  const name = (['get', 'post', 'put', 'delete'] as const).find((known) => known === method.toLowerCase());
  if (!name) return undefined;
  for (const { base, specification } of specifications) {
    // By OpenAPI a path without a parameter goes before one with it.
    const paths = Object.entries(specification.paths).sort(
      ([a], [b]) => a.split('{').length - b.split('{').length,
    );
    for (const [template, item] of paths) {
      const pattern = new RegExp(`^${base}${template.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`);
      const match = pattern.exec(path);
      const operation = item[name];
      if (!match || !operation) continue;
      const { parameters = [], ...rest } = inline(operation, specification);
      return {
        operation: rest,
        parameters: [...inline(item.parameters ?? [], specification), ...parameters],
        pathParameters: { ...match.groups },
      };
    }
  }
  return undefined;
}

/** Fills in what a piece of a specification refers to. */
function inline<T>(piece: T, specification: Specification): T {
  return JSON.parse(JSON.stringify(piece), (key, value) => {
    // In OpenAPI 3.0 a boolean beside the bound, which ajv does not know. The bound itself stays.
    if (key === 'exclusiveMaximum' && value === true) return undefined;
    return typeof value?.$ref === 'string' ? inline(follow(value.$ref, specification), specification) : value;
  });
}

function follow(reference: string, specification: Specification): unknown {
  let found: unknown = specification;
  for (const step of reference.split('/').slice(1)) found = isRecord(found) ? found[step] : undefined;
  if (found === undefined) throw new Error(`${reference} leads nowhere`);
  return found;
}

function schemaOf(schemas: Readonly<Record<string, Schema>>, name: string): Schema {
  const schema = schemas[name];
  if (!schema) throw new Error(`The specification has no schema ${name}`);
  return schema;
}

function addProperties(schema: Schema | undefined, properties: Readonly<Record<string, Schema>>): void {
  if (schema) schema.properties = { ...schema.properties, ...properties };
}

/** Schemas by title, wherever they stand: BigCommerce repeats some in place. */
function findTitled(node: unknown, title: string): Schema[] {
  if (!isRecord(node)) return [];
  const inside = Object.values(node).flatMap((value) => findTitled(value, title));
  return node.title === title ? [node, ...inside] : inside;
}

/** Schemas with a pattern, wherever they stand. */
function findWithPattern(node: unknown, pattern: string): Schema[] {
  if (!isRecord(node)) return [];
  const inside = Object.values(node).flatMap((value) => findWithPattern(value, pattern));
  return node.pattern === pattern ? [node, ...inside] : inside;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
