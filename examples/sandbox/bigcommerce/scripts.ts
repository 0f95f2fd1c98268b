import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import {
  ApiError,
  answerList,
  answerOne,
  invalid,
  notFound,
  outOfScope,
  type Query,
  readFields,
  requireChannel,
} from './answers.js';
import { type ApiAccount, type ApiState, accountOf } from './api-state.js';
import { defaultChannelId, type ScriptRecord } from './store-content.js';

const MAX_SCRIPTS_OF_AN_APP = 10;
const MAX_SCRIPTS_OF_A_CHANNEL = 50;

const FIELDS = z
  .object({
    name: z.string().min(1).max(255),
    description: z.string().default(''),
    html: z.string().max(65_536).default(''),
    src: z.string().default(''),
    auto_uninstall: z.boolean().default(false),
    load_method: z.enum(['default', 'async', 'defer']).default('default'),
    location: z.enum(['head', 'footer']).default('head'),
    visibility: z.enum(['storefront', 'all_pages', 'checkout', 'order_confirmation']).default('storefront'),
    kind: z.enum(['src', 'script_tag']).default('src'),
    consent_category: z
      .enum(['unknown', 'essential', 'functional', 'analytics', 'targeting'])
      .default('unknown'),
    enabled: z.boolean().default(true),
    channel_id: z.int().min(1),
    integrity_hashes: z.array(z.string()).max(5).default([]),
  })
  .check(({ value, issues }) => {
    const refuse = (member: keyof typeof value, message: string): void => {
      issues.push({ code: 'custom', input: value, path: [member], message });
    };
    if (value.kind === 'src') {
      if (!value.src) refuse('src', 'Has to be there where kind is src.');
      if (value.html) refuse('html', 'Must not be there where kind is src.');
      return;
    }
    if (value.src) refuse('src', 'Must not be there where kind is script_tag.');
    if (value.load_method !== 'default') refuse('load_method', 'Has to be default where kind is script_tag.');
    if (value.integrity_hashes.length) refuse('integrity_hashes', 'Only for scripts of the kind src.');
  });

const KIND = z.object({ kind: z.unknown() });

const SORT = z.object({
  sort: z.enum(['name', 'description', 'date_created', 'date_modified']).optional(),
  direction: z.enum(['asc', 'desc']).default('asc'),
});

/**
 * `/v3/content/scripts`.
 *
 * Source: BigCommerce, scripts.v3.yml and the guide "Scripts API".
 */
export function scriptRoutes(app: FastifyInstance, state: ApiState): void {
  const { scripts } = state.content;
  const scriptsOf = ({ clientId }: ApiAccount): ScriptRecord[] =>
    [...scripts.values()].filter((script) => script.api_client_id === clientId);
  const find = ({ clientId }: ApiAccount, uuid: string): ScriptRecord => {
    const script = scripts.get(uuid);
    if (script?.api_client_id !== clientId) throw notFound(`Script ${uuid}`);
    return script;
  };
  const read = ({ scopes }: ApiAccount, body: unknown, existing: object): z.infer<typeof FIELDS> => {
    const fields = readFields(FIELDS, body, existing);
    requireChannel(state.content, fields.channel_id);
    if (fields.kind === 'script_tag') requireScriptTags(fields.html, state.isOneTagPerScript ? 1 : 5);
    if (['all_pages', 'checkout'].includes(fields.visibility) && !scopes.has('store_content_checkout'))
      throw outOfScope();
    return fields;
  };

  app.post('', (request) => {
    const account = accountOf(state, request);
    const fields = read(account, request.body, { channel_id: defaultChannelId(state.content) });
    if (scriptsOf(account).length >= MAX_SCRIPTS_OF_AN_APP)
      throw new ApiError(422, `An app may have ${MAX_SCRIPTS_OF_AN_APP} scripts.`);
    const beside = [...scripts.values()].filter(({ channel_id }) => channel_id === fields.channel_id);
    if (beside.length >= MAX_SCRIPTS_OF_A_CHANNEL)
      throw new ApiError(422, `A channel may have ${MAX_SCRIPTS_OF_A_CHANNEL} scripts.`);
    const now = new Date().toISOString();
    const script: ScriptRecord = {
      ...fields,
      uuid: randomUUID(),
      api_client_id: account.clientId,
      date_created: now,
      date_modified: now,
    };
    scripts.set(script.uuid, script);
    return answerOne(toAnswer(script));
  });

  app.get<{ Querystring: Query }>('', (request) => {
    const { sort, direction } = readFields(SORT, request.query);
    const { sort: _sort, direction: _direction, ...rest } = request.query;
    const sorted = scriptsOf(accountOf(state, request));
    if (sort) sorted.sort((a, b) => (a[sort] < b[sort] ? -1 : a[sort] > b[sort] ? 1 : 0));
    if (direction === 'desc') sorted.reverse();
    return answerList(rest, sorted, { 'channel_id:in': ({ channel_id }) => channel_id }, toAnswer);
  });

  app.get<{ Params: { uuid: string } }>('/:uuid', (request) =>
    answerOne(toAnswer(find(accountOf(state, request), request.params.uuid))),
  );

  app.put<{ Params: { uuid: string } }>('/:uuid', (request) => {
    const account = accountOf(state, request);
    const { html, src, integrity_hashes, ...existing } = find(account, request.params.uuid);
    const { kind } = readFields(KIND, request.body, existing);
    // A script that becomes one of the other kind leaves behind what only its former kind has.
    const script: ScriptRecord = {
      ...existing,
      ...read(
        account,
        request.body,
        kind === existing.kind ? { html, src, integrity_hashes, ...existing } : existing,
      ),
      date_modified: new Date().toISOString(),
    };
    scripts.set(script.uuid, script);
    return answerOne(toAnswer(script));
  });

  app.delete<{ Params: { uuid: string } }>('/:uuid', (request, reply) => {
    scripts.delete(find(accountOf(state, request), request.params.uuid).uuid);
    return reply.code(204).send();
  });
}

function requireScriptTags(html: string, max: number): void {
  const { length: count } = html.match(/<script\b[^>]*>.*?<\/script\s*>/gis) ?? [];
  if (count < 1) throw invalid('html', 'Has to hold a script tag.');
  if (count > max) throw invalid('html', `May hold ${max} script tags, holds ${count}.`);
}

/** Each kind without what only the other one has. */
function toAnswer({ html, src, integrity_hashes, ...script }: ScriptRecord): object {
  return { ...script, ...(script.kind === 'src' ? { src, integrity_hashes } : { html }) };
}
