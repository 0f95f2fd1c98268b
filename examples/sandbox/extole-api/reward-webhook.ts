import { createHmac, randomUUID } from 'node:crypto';
import { Agent, request } from 'undici';
import type { WebhookProof } from '../../../src/catalog/rewards.js';
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

/** What became of requests so far. A retry counts as a request of its own. */
export interface RewardWebhookCounts {
  readonly acknowledged: number;
  readonly failed: number;
  /** Webhooks that were never sent. */
  readonly dropped: number;
  /** Webhooks whose last retry failed. */
  readonly exhausted: number;
}

/** What sends an account's reward webhooks. */
export interface RewardWebhook {
  /** `undefined`: there is none. */
  readonly settings: RewardWebhookSettings | undefined;
  /** Sets it up anew, all that is not named as Extole has it; without settings there is none any more. */
  set(settings?: Pick<RewardWebhookSettings, 'url' | 'key'> & Partial<RewardWebhookSettings>): void;
  counts(): RewardWebhookCounts;
  /** Settles once all that was to be sent by now was answered, or failed. Retries are for later. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** Three more attempts. Source: Extole, "Reward Webhooks". */
const EXTOLE_RETRY_INTERVALS_MS = [1, 3, 12].map((hours) => hours * 3_600_000);

/** How long Extole waits for an answer is documented nowhere. */
const TIMEOUT_MS = 10_000;

const MAX_CONNECTIONS = 50;

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
  readonly schedule?: ((run: () => void, delayMs: number) => () => void) | undefined;
}): RewardWebhook {
  const { rewards, now, retryIntervalsMs = EXTOLE_RETRY_INTERVALS_MS, schedule = later } = options;
  const dispatcher = new Agent({ connections: MAX_CONNECTIONS });
  const counts = { acknowledged: 0, failed: 0, dropped: 0, exhausted: 0 };
  const underWay = new Set<Promise<void>>();
  const scheduled = new Set<() => void>();
  let settings: RewardWebhookSettings | undefined;

  const hear = (reward: EarnedReward): void => {
    if (!settings?.states.includes(reward.state)) return;
    const copies = settings.copiesOf(reward);
    if (copies.length === 0) counts.dropped += 1;
    const body = JSON.stringify(bodyOf(settings.shape, reward, rewards, now()));
    for (const delayMs of copies) send(body, 0, delayMs);
  };

  /** @param attempt - How many there were before. */
  function send(body: string, attempt: number, delayMs: number): void {
    const start = (): void => {
      const sending = post(body, attempt).finally(() => underWay.delete(sending));
      underWay.add(sending);
    };
    if (delayMs === 0) {
      start();
      return;
    }
    const cancel = schedule(() => {
      scheduled.delete(cancel);
      start();
    }, delayMs);
    scheduled.add(cancel);
  }

  async function post(body: string, attempt: number): Promise<void> {
    const current = settings;
    if (!current) {
      counts.dropped += 1;
    } else if (await isAcknowledged(current, body)) {
      counts.acknowledged += 1;
    } else {
      counts.failed += 1;
      const delayMs = current.retryIntervalsMs[attempt];
      if (delayMs === undefined) counts.exhausted += 1;
      else send(body, attempt + 1, delayMs);
    }
  }

  async function isAcknowledged({ url, key, proof }: RewardWebhookSettings, body: string): Promise<boolean> {
    try {
      const answer = await request(url, {
        dispatcher,
        method: 'POST',
        headers: { 'content-type': 'application/json', ...proofOf(proof, key, body) },
        body,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      await answer.body.dump();
      return answer.statusCode >= 200 && answer.statusCode < 300;
    } catch {
      return false;
    }
  }

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
    counts: () => ({ ...counts }),
    async settled() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
    async close() {
      rewards.listeners.delete(hear);
      for (const cancel of scheduled) cancel();
      await dispatcher.destroy();
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

function later(run: () => void, delayMs: number): () => void {
  const timer = setTimeout(run, delayMs).unref();
  return () => clearTimeout(timer);
}
