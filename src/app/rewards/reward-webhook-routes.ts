import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { AppError } from '../app-error.js';
import type { AppDeps } from '../deps.js';
import { inBatches } from '../in-batches.js';
import { readRewardWebhook } from './read-reward-webhook.js';
import { createRewardIntake } from './reward-intake.js';
import { rewardWebhookKeyPurpose } from './reward-settings.js';
import {
  noteWebhooks,
  type WebhookAccount,
  type WebhookAddress,
  webhookAccounts,
} from './webhook-accounts.js';
import { isProven } from './webhook-proof.js';

/** Rewards are about 1 KB, with what campaigns attach to them. */
const BODY_LIMIT_BYTES = 64 * 1_024;

/** Of how many addresses the accounts are looked up at once. */
const LOOK_UP_BATCH = 200;

/** What became of a webhook: see `Metrics.rewardWebhooks`. */
type Outcome = 'heard' | 'ignored' | 'refused' | 'failed';

const addressSchema = z.object({
  storeHash: z.string().regex(/^[a-z0-9]{1,50}$/),
  channelId: z
    .string()
    .regex(/^[1-9]\d{0,14}$/)
    .transform(Number),
});

/**
 * `POST /webhooks/extole/:storeHash/:channelId`: what Extole tells of rewards. Answered once that it was told is on the disk; the work waits in the
 * queue. A webhook is believed only to have a reward's id: what is true of the reward is asked of Extole.
 *
 * Extole repeats a few times within hours whatever is not answered with 200. So whatever it may well send is taken, also what names no reward.
 * Only what is not shown to be Extole's gets `401 REWARD_WEBHOOK_REFUSED`, whatever is at that address.
 *
 * Source: Extole, "Reward Webhooks".
 */
export function rewardWebhookRoutes(
  app: FastifyInstance,
  deps: Pick<AppDeps, 'db' | 'log' | 'metrics' | 'now' | 'queue' | 'random' | 'secrets'>,
): void {
  const { log, metrics, secrets } = deps;
  const intake = createRewardIntake(deps);
  const accountsOf = inBatches(LOOK_UP_BATCH, (addresses: readonly WebhookAddress[]) =>
    webhookAccounts(deps, addresses),
  );
  const note = inBatches(LOOK_UP_BATCH, (accounts: readonly WebhookAccount[]) =>
    noteWebhooks(deps, accounts),
  );

  const receive = async (params: unknown, body: Buffer, headers: IncomingHttpHeaders): Promise<Outcome> => {
    const address = addressSchema.safeParse(params).data;
    const account = address && (await accountsOf(address))(address);
    if (!account) return 'refused';
    const { storeHash, channelId, proof, sealedKey } = account;
    const key = secrets.open(sealedKey, rewardWebhookKeyPurpose(storeHash, channelId));
    if (!isProven(proof, key, body, headers)) return 'refused';
    await note(account);
    const rewardId = readRewardWebhook(body.toString());
    if (rewardId === undefined) {
      log.warn({ storeHash, channelId, bytes: body.length }, 'a reward webhook names no reward');
      return 'ignored';
    }
    await intake.hear({ storeHash, channelId, rewardId });
    return 'heard';
  };

  // What is signed is the body as it came.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.post(
    '/webhooks/extole/:storeHash/:channelId',
    { bodyLimit: BODY_LIMIT_BYTES },
    async ({ params, body, headers }, reply) => {
      const content = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
      const outcome = await receive(params, content, headers).catch((error: unknown) => {
        metrics.rewardWebhooks.inc({ outcome: 'failed' });
        throw error;
      });
      metrics.rewardWebhooks.inc({ outcome });
      if (outcome === 'refused') {
        throw new AppError(
          'REWARD_WEBHOOK_REFUSED',
          "that is not shown to be Extole's. Nothing was done. Where Extole sent it, its webhook needs the address, the client key and the kind of signature that the Rewards page shows.",
          401,
        );
      }
      return reply.code(200).send();
    },
  );
}
