import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import { AppError } from '../app-error.js';
import type { AppDeps } from '../deps.js';
import { inBatches } from '../in-batches.js';
import { forgetStore } from '../install/uninstall.js';
import { isSameSecret } from '../is-same-secret.js';
import { createIntake, type Intake } from '../orders/intake.js';
import { orderOf, readWebhook, type WebhookEvent } from './read-webhook.js';
import { sealedWebhookSecrets, WEBHOOK_SECRET_HEADER, webhookSecretPurpose } from './webhooks.js';

/** Events are a few hundred bytes. */
const BODY_LIMIT_BYTES = 64 * 1_024;

/** Of how many stores the secrets are looked up at once. */
const LOOK_UP_BATCH = 200;

const SIGNATURE_HEADERS = ['webhook-id', 'webhook-timestamp', 'webhook-signature'] as const;

/** What became of an event: see `Metrics.webhooks`. */
type Outcome = 'heard' | 'swept' | 'refreshed' | 'forgotten' | 'ignored' | 'unknown' | 'refused' | 'failed';

/**
 * `POST /webhooks/bigcommerce`: what BigCommerce tells us of. Answered once that it was told is on the disk; the work waits in the queue. An event
 * is believed only to have happened: what is true now is asked of BigCommerce.
 *
 * BigCommerce repeats for two days whatever is not answered with 200, then switches the webhook off, and stops sending to the app's host where one
 * in ten is not. So whatever it may well send is taken, of stores that went and of things that we know nothing of too. Only what is not shown to
 * be BigCommerce's gets `401 WEBHOOK_REFUSED`.
 *
 * Source: BigCommerce, "Webhooks", and Standard Webhooks, whose signature is checked where there is one.
 */
export function webhookRoutes(app: FastifyInstance, deps: AppDeps): void {
  const { config, db, metrics } = deps;
  const intake = createIntake(deps);
  const secretsOf = inBatches(LOOK_UP_BATCH, (storeHashes: readonly string[]) =>
    sealedWebhookSecrets(db, storeHashes),
  );
  const signatures = new Webhook(Buffer.from(config.clientSecret), { format: 'raw' });

  const receive = async (body: Buffer, headers: IncomingHttpHeaders): Promise<Outcome> => {
    const signature = checkSignature(signatures, body, headers);
    if (signature === 'wrong') return 'refused';
    const event = readWebhook(body.toString());
    if (!event) return signature === 'right' ? 'unknown' : 'refused';
    const sealed = (await secretsOf(event.storeHash)).get(event.storeHash);
    if (!sealed) return 'unknown';
    const secret = deps.secrets.open(sealed, webhookSecretPurpose(event.storeHash));
    const given = headers[WEBHOOK_SECRET_HEADER];
    if (typeof given !== 'string' || !isSameSecret(given, secret)) return 'refused';
    return take(deps, intake, event);
  };

  // What is signed is the body as it came.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.post('/webhooks/bigcommerce', { bodyLimit: BODY_LIMIT_BYTES }, async ({ body, headers }, reply) => {
    const outcome = await receive(Buffer.isBuffer(body) ? body : Buffer.alloc(0), headers).catch(
      (error: unknown) => {
        metrics.webhooks.inc({ outcome: 'failed' });
        throw error;
      },
    );
    metrics.webhooks.inc({ outcome });
    if (outcome === 'refused') {
      throw new AppError(
        'WEBHOOK_REFUSED',
        'that is no webhook which this app has BigCommerce send. Nothing was done.',
        401,
      );
    }
    return reply.code(200).send();
  });
}

/** Does what little is done before the answer. */
async function take(deps: AppDeps, intake: Intake, event: WebhookEvent): Promise<Outcome> {
  const { storeHash, scope } = event;
  const orderId = orderOf(event);
  if (orderId === 'unreadable') {
    await deps.queue.wake('sweep', storeHash);
    return 'swept';
  }
  if (orderId !== undefined) {
    await intake.hear({ storeHash, orderId });
    return 'heard';
  }
  if (scope === 'store/channel/created' || scope === 'store/channel/updated') {
    await deps.queue.wake('refresh-channels', storeHash);
    return 'refreshed';
  }
  if (scope === 'store/app/uninstalled') {
    await forgetStore(deps, storeHash);
    return 'forgotten';
  }
  return 'ignored';
}

/** @returns `undefined` where there is no signature: BigCommerce does not say that each webhook has one. */
function checkSignature(
  signatures: Webhook,
  body: Buffer,
  headers: IncomingHttpHeaders,
): 'right' | 'wrong' | undefined {
  const given = Object.fromEntries(
    SIGNATURE_HEADERS.flatMap((name) => {
      const value = headers[name];
      return typeof value === 'string' ? [[name, value]] : [];
    }),
  );
  if (Object.keys(given).length === 0) return undefined;
  try {
    // The time counts to within 5 minutes, before and after.
    signatures.verify(body, given, { jsonParse: false });
    return 'right';
  } catch (error) {
    if (error instanceof WebhookVerificationError) return 'wrong';
    throw error;
  }
}
