import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { WEBHOOK_PROOFS } from '../../../src/catalog/rewards.js';
import type { ExtoleAccount } from '../extole-api/extole-api.js';
import { WEBHOOK_SHAPES } from '../extole-api/reward-webhook.js';
import { RewardRefusal } from '../extole-api/rewards.js';
import { queryOf } from '../requests.js';
import { operatorPage, SENDING_CHOICES, type SendingChoice } from './operator-page.js';

/** Where an operator sees to an account's rewards. */
export const OPERATOR_PATH = '/operator';

/** What the page says after a change, by the address's `done`. */
const NOTICES: Readonly<Record<string, string>> = {
  supplier: 'The supplier was saved.',
  webhook: 'The webhook was saved.',
  earn: 'A reward was earned.',
  cancel: 'The reward was canceled.',
  revoke: 'The reward was revoked.',
};

const entered = z.string().trim();
const WEBHOOK = z.object({
  url: z.union([z.literal(''), z.url({ protocol: /^https?$/ })]),
  key: entered,
  proof: z.enum(WEBHOOK_PROOFS),
  shape: z.enum(WEBHOOK_SHAPES),
  sending: z.enum(['once', 'twice', 'never']),
});
const REWARD = z.object({ id: entered });

/**
 * A page for what a merchant sets up in Extole, and for what Extole's staff does about rewards: forms without a script.
 *
 * Source: Extole, "Reward Webhooks" and "Webhook Creation" (Tech Center, Security Center), "Reward suppliers".
 */
export function operatorRoutes(routes: FastifyInstance, account: ExtoleAccount): void {
  const { rewards, webhook } = account;
  const supplierId = entered.refine(
    (entered) => rewards.suppliers().some(({ id }) => id === entered),
    'There is no such reward supplier.',
  );
  const SUPPLIER = z.object({ id: supplierId, partner_id: entered });
  const EARN = z.object({ supplier: supplierId, email: entered });
  let sending: SendingChoice = 'once';
  routes.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    async (_request: unknown, text: string) => Object.fromEntries(new URLSearchParams(text)),
  );
  routes.addHook('onRequest', async (_request, reply) => {
    reply.headers({
      'content-security-policy':
        "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
      'cache-control': 'no-store',
    });
  });
  const send = (reply: FastifyReply, notice: string): FastifyReply =>
    reply.type('text/html; charset=utf-8').send(operatorPage(account, sending, notice));
  const change = (name: string, make: (body: unknown) => void): void => {
    routes.post(`${OPERATOR_PATH}/${name}`, async ({ body }, reply) => {
      make(body);
      return reply.redirect(`${OPERATOR_PATH}?done=${name}`, 303);
    });
  };
  routes.setErrorHandler((error, _request, reply) => {
    if (error instanceof RewardRefusal) return send(reply.code(409), `Extole refuses it: ${error.code}.`);
    if (error instanceof z.ZodError) return send(reply.code(400), z.prettifyError(error));
    console.error(error);
    return reply.code(500).type('text/plain; charset=utf-8').send(`${error}`);
  });

  routes.get(OPERATOR_PATH, async (request, reply) => send(reply, NOTICES[queryOf(request, 'done')] ?? ''));
  change('supplier', (body) => {
    const { id, partner_id } = SUPPLIER.parse(body);
    rewards.saveSupplier({ id, partnerSupplierId: partner_id || null });
  });
  change('webhook', (body) => {
    const { url, key, sending: chosen, ...how } = WEBHOOK.parse(body);
    sending = chosen;
    const states = ['EARNED', 'CANCELED', 'REVOKED'] as const;
    webhook.set(
      url ? { url, key, ...how, states, copiesOf: () => SENDING_CHOICES[chosen].copiesMs } : undefined,
    );
  });
  change('earn', (body) => {
    const { supplier, email } = EARN.parse(body);
    rewards.earn({ supplierId: supplier, email: email || null });
  });
  change('cancel', (body) => {
    rewards.change(REWARD.parse(body).id, 'CANCELED', { message: 'Canceled by hand.' });
  });
  change('revoke', (body) => {
    rewards.change(REWARD.parse(body).id, 'REVOKED', { message: 'Revoked by hand.' });
  });
}
