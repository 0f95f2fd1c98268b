import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { AppError } from '../app-error.js';
import type { AppDeps } from '../deps.js';
import { storeContextSchema } from '../install/signed-payload.js';
import { forgetStore } from '../install/uninstall.js';
import { isSameSecret } from '../is-same-secret.js';
import { addRefresh } from './enqueue.js';
import { WEBHOOK_SECRET_HEADER, webhookSecretOf } from './webhooks.js';

/** What we read of an event. Source: BigCommerce, "Webhooks", Callback payload: `producer` is `stores/{store_hash}`. */
const eventSchema = z.object({ scope: z.string().max(200), producer: storeContextSchema });

/** Events are a few hundred bytes. */
const BODY_LIMIT_BYTES = 64 * 1_024;

/**
 * `POST /webhooks/bigcommerce`: what BigCommerce tells us of. Answered at once; the work waits in the queue. An event is believed only
 * to have happened: what is true now is asked of BigCommerce.
 */
export function webhookRoutes(app: FastifyInstance, deps: AppDeps): void {
  app.post('/webhooks/bigcommerce', { bodyLimit: BODY_LIMIT_BYTES }, async ({ body, headers }, reply) => {
    const event = eventSchema.safeParse(body).data;
    const given = headers[WEBHOOK_SECRET_HEADER];
    const secret = event && (await webhookSecretOf(deps, event.producer));
    if (!event || !secret || typeof given !== 'string' || !isSameSecret(given, secret)) {
      throw new AppError(
        'WEBHOOK_REFUSED',
        'that is no webhook which this app has BigCommerce send. Nothing was done.',
        401,
      );
    }
    const { scope, producer: storeHash } = event;
    if (scope === 'store/app/uninstalled') await forgetStore(deps, storeHash);
    else if (scope.startsWith('store/channel/')) await addRefresh(deps.queue, storeHash);
    return reply.code(200).send();
  });
}
