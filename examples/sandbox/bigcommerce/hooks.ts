import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { ApiError, answerList, answerOne, invalid, notFound, type Query, readFields } from './answers.js';
import { type ApiAccount, type ApiState, accountOf } from './api-state.js';
import type { HookRecord } from './store-content.js';

const MAX_HOOKS_OF_A_SCOPE = 10;
const MAX_HEADERS = 64;

const FIELDS = z.object({
  scope: z.string().regex(/^store\/[\w/*]+$/),
  destination: z.string().refine(isReachable, 'Has to be an https address on port 443.'),
  is_active: z.boolean().default(true),
  headers: z
    .record(z.string().min(1).max(64), z.string().max(8_192))
    .refine((headers) => Object.keys(headers).length <= MAX_HEADERS, `At most ${MAX_HEADERS}.`)
    .nullable()
    .default(null),
});

/**
 * `/v3/hooks`.
 *
 * Source: BigCommerce, webhooks.v3.yml and the guide "Webhooks". Which status a second webhook of the same scope and destination is
 * refused with is documented nowhere; 422 is what the specification has for values that can't be taken.
 */
export function hookRoutes(app: FastifyInstance, state: ApiState): void {
  const { hooks, storeHash } = state.content;
  const hooksOf = ({ clientId }: ApiAccount): HookRecord[] =>
    [...hooks.values()].filter((hook) => hook.client_id === clientId);
  const find = (account: ApiAccount, id: string): HookRecord => {
    const hook = hooksOf(account).find((one) => `${one.id}` === id);
    if (!hook) throw notFound(`Webhook with id [${id}]`);
    return hook;
  };
  const read = (account: ApiAccount, body: unknown, existing?: HookRecord): z.infer<typeof FIELDS> => {
    const fields = readFields(FIELDS, body, existing);
    const beside = hooksOf(account).filter(({ id, scope }) => id !== existing?.id && scope === fields.scope);
    if (beside.some(({ destination }) => destination === fields.destination))
      throw invalid('destination', 'There is a webhook with this scope and destination.');
    if (beside.length >= MAX_HOOKS_OF_A_SCOPE)
      throw new ApiError(422, `A scope may have ${MAX_HOOKS_OF_A_SCOPE} webhooks.`);
    return fields;
  };
  let lastId = 20_000_000;

  app.post('', (request) => {
    const account = accountOf(state, request);
    const fields = read(account, request.body);
    lastId += 1;
    const now = unixSeconds();
    const hook: HookRecord = {
      ...fields,
      id: lastId,
      client_id: account.clientId,
      store_hash: storeHash,
      created_at: now,
      updated_at: now,
    };
    hooks.set(hook.id, hook);
    return answerOne(hook);
  });

  app.get<{ Querystring: Query }>('', (request) =>
    answerList(
      request.query,
      hooksOf(accountOf(state, request)),
      {
        is_active: (hook) => hook.is_active,
        scope: ({ scope }) => scope,
        destination: ({ destination }) => destination,
      },
      (hook) => hook,
    ),
  );

  app.get<{ Params: { id: string } }>('/:id', (request) =>
    answerOne(find(accountOf(state, request), request.params.id)),
  );

  app.put<{ Params: { id: string } }>('/:id', (request) => {
    const account = accountOf(state, request);
    const existing = find(account, request.params.id);
    const hook: HookRecord = {
      ...existing,
      ...read(account, request.body, existing),
      updated_at: unixSeconds(),
    };
    hooks.set(hook.id, hook);
    return answerOne(hook);
  });

  app.delete<{ Params: { id: string } }>('/:id', (request) => {
    const hook = find(accountOf(state, request), request.params.id);
    hooks.delete(hook.id);
    return answerOne(hook);
  });
}

const unixSeconds = (): number => Math.floor(Date.now() / 1_000);

/** BigCommerce sends to https on port 443 only. The sandbox, which is on one machine, sends to addresses of that machine too. */
function isReachable(destination: string): boolean {
  if (!URL.canParse(destination)) return false;
  const { protocol, hostname, port } = new URL(destination);
  return ['localhost', '127.0.0.1', '[::1]'].includes(hostname) || (protocol === 'https:' && port === '');
}
