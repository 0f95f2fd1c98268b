import { createHmac, randomUUID } from 'node:crypto';
import type { WebhookProof } from '../../../src/catalog/rewards.js';
import { createWebhookPosts, type Schedule, type WebhookPosts } from '../webhook-posts.js';
import type { EarnedReward, ExtoleRewardState, Rewards } from './rewards.js';

/** The two bodies that Extole documents. */
export const WEBHOOK_SHAPES = ['flat', 'nested'] as const;
export type WebhookShape = (typeof WEBHOOK_SHAPES)[number];

/** A merchant's outbound webhook for rewards. */
export interface RewardWebhookSettings {
  readonly url: string;
  /** The client key. */
  readonly key: string;
  readonly proof: WebhookProof;
  readonly shape: WebhookShape;
  /** Of which states it tells. */
  readonly states: readonly ExtoleRewardState[];
  /** How long after a failure it comes again, in milliseconds each; as many times as there are of them. */
  readonly retryIntervalsMs: readonly number[];
  /** When each copy is sent, in milliseconds from now: `[0]` is once and at once, `[]` never, `[0, 50]` twice. */
  readonly copiesOf: (reward: EarnedReward) => readonly number[];
}

/** What sends an account's reward webhooks. */
export interface RewardWebhook extends Pick<WebhookPosts<string>, 'counts' | 'settled' | 'close'> {
  /** `undefined`: there is none. */
  readonly settings: RewardWebhookSettings | undefined;
  /** Sets it up anew, all that is not named as Extole has it; without settings there is none any more. */
  set(settings?: Pick<RewardWebhookSettings, 'url' | 'key'> & Partial<RewardWebhookSettings>): void;
}

/** Three more attempts. Source: Extole, "Reward Webhooks". */
const EXTOLE_RETRY_INTERVALS_MS = [1, 3, 12].map((hours) => hours * 3_600_000);

/**
 * Tells the merchant's webhook of each reward that comes to a state, as Extole does: unordered, and again where it was not
 * acknowledged.
 *
 * Source: Extole, "Reward Webhooks", "Webhook Creation".
 *
 * @param options.retryIntervalsMs - Extole's, unless somebody is in a hurry.
 * @param options.schedule - Runs something later, and gives what calls it off.
 */
export function createRewardWebhook(options: {
  readonly rewards: Rewards;
  readonly now: () => Date;
  readonly retryIntervalsMs?: readonly number[] | undefined;
  readonly schedule?: Schedule | undefined;
}): RewardWebhook {
  const { rewards, now, retryIntervalsMs = EXTOLE_RETRY_INTERVALS_MS, schedule } = options;
  let settings: RewardWebhookSettings | undefined;
  const posts = createWebhookPosts<string>({
    requestOf: (body) =>
      settings && {
        url: settings.url,
        headers: proofOf(settings.proof, settings.key, body),
        body,
        retryIntervalsMs: settings.retryIntervalsMs,
      },
    schedule,
  });
  const hear = (reward: EarnedReward): void => {
    if (!settings?.states.includes(reward.state)) return;
    posts.send(JSON.stringify(bodyOf(settings.shape, reward, rewards, now())), settings.copiesOf(reward));
  };

  rewards.listeners.add(hear);
  return {
    get settings() {
      return settings;
    },
    set(given) {
      settings = given && {
        proof: 'hmac-sha256',
        shape: 'flat',
        states: ['EARNED'],
        retryIntervalsMs,
        copiesOf: () => [0],
        ...given,
      };
    },
    counts: posts.counts,
    settled: posts.settled,
    close() {
      rewards.listeners.delete(hear);
      return posts.close();
    },
  };
}

/**
 * The header that proves a body to be Extole's.
 *
 * Source: Extole, "Webhook Creation": the samples in Java and in Ruby, and the other kinds of client keys.
 */
function proofOf(proof: WebhookProof, key: string, body: string): Record<string, string> {
  const hmac = (algorithm: string): string => createHmac(algorithm, key).update(body).digest('hex');
  switch (proof) {
    case 'hmac-sha256':
      return { 'x-extole-signature': hmac('sha256') };
    case 'hmac-sha256-prefixed':
      return { 'x-extole-signature': `sha256=${hmac('sha256')}` };
    case 'hmac-sha1-prefixed':
      return { 'x-extole-signature': `sha1=${hmac('sha1')}` };
    case 'bearer':
      return { authorization: `Bearer ${key}` };
    case 'basic':
      return { authorization: `Basic ${Buffer.from(key).toString('base64')}` };
  }
}

function bodyOf(shape: WebhookShape, reward: EarnedReward, rewards: Rewards, now: Date): object {
  if (shape === 'nested') return { reward_id: reward.id, data: rewardData(reward) };
  const supplier = rewards.supplierOf(reward);
  return {
    type: `reward_${reward.state.toLowerCase()}`,
    event_id: randomUUID(),
    event_time: now.toISOString(),
    reward_id: reward.id,
    reward_supplier_id: supplier.id,
    reward_supplier_name: supplier.name,
    reward_supplier_type: 'CUSTOM_REWARD',
    partner_reward_supplier_id: supplier.partnerSupplierId,
    person_id: reward.personId,
    partner_user_id: reward.partnerUserId,
    face_value: supplier.faceValue,
    face_value_type: 'USD',
    message: reward.history.at(-1)?.message ?? null,
    schema_version: '1.0',
  };
}

/** What the event said that a reward was earned by, and who earned it. */
export function rewardData({ role, eventValue }: EarnedReward): Record<string, string> {
  return {
    ...(eventValue !== null && { earned_event_value: eventValue }),
    journey_name: role.toUpperCase(),
    rewardee_role: role,
  };
}
