import { z } from 'zod';
import type { AppDeps } from '../deps.js';
import { askExtole, type ExtoleAnswer, type ExtoleTrouble } from './ask-extole.js';

/** Where a reward is in its life. Source: Extole, OpenAPI file "Server to Extole", `RewardResponse`. */
export const EXTOLE_REWARD_STATES = [
  'EARNED',
  'FULFILLED',
  'SENT',
  'REDEEMED',
  'FAILED',
  'CANCELED',
  'REVOKED',
] as const;

/** One of {@link EXTOLE_REWARD_STATES}. */
export type ExtoleRewardState = (typeof EXTOLE_REWARD_STATES)[number];

/** A reward, as Extole has it. */
export interface ExtoleReward {
  readonly rewardId: string;
  readonly state: ExtoleRewardState;
  readonly supplierId: string;
  /** What the merchant entered as the supplier's ID at their system: a promotion's id. `null`: nothing. */
  readonly partnerSupplierId: string | null;
  /** The code that it was fulfilled with; `null`: none yet. */
  readonly partnerRewardId: string | null;
  /** Whose it is. Personal: for Extole alone. */
  readonly email: string | null;
}

/**
 * How Extole took something that is about one reward.
 *
 * A `refused` holds Extole's own code, such as `reward_not_found` or `reward_illegal_state_transition`. All that no reward is worked with until
 * somebody does something about the token or the account (401, 402, 403 with any code) is `token-refused`. What is no answer of Extole's API is
 * `failed`.
 */
export type RewardResult =
  | { readonly kind: 'accepted'; readonly status: number; readonly reward: ExtoleReward }
  | ExtoleTrouble;

/** A page of rewards, or why there is none. */
export type RewardsPageResult =
  | {
      readonly kind: 'accepted';
      readonly status: number;
      readonly rewards: readonly ExtoleReward[];
      /** How many Extole listed: those too that are not readable. */
      readonly listedCount: number;
    }
  | ExtoleTrouble;

/** Which rewards are listed. */
export interface RewardFilter {
  readonly states: readonly ExtoleRewardState[];
  /** Of these suppliers; none named: of any. */
  readonly supplierIds: readonly string[];
  /** Of a time; `null`: of all times. */
  readonly interval: { readonly from: Date; readonly to: Date } | null;
}

/** What of the app it takes to ask Extole about rewards. */
type RewardDeps = Pick<AppDeps, 'config' | 'metrics' | 'timing'>;

/** How many are listed at once. Extole's default as well. */
export const REWARDS_PAGE = 100;

/** Source: Extole, OpenAPI file "Server to Extole". One reward has about 1 KB, with what campaigns attach to it. */
const MAX_BYTES = 256_000;
const MAX_PAGE_BYTES = 8_000_000;

/** Whatever becomes part of a path, and of our tables. */
export const rewardIdSchema = z.string().regex(/^[\w-]{1,100}$/);

const text = z.string().nullable().catch(null);

/** Source: the same, `RewardResponse`. What says nothing to us is not read, and what may be missing is not asked for. */
const rewardSchema = z
  .object({
    reward_id: rewardIdSchema,
    state: z.enum(EXTOLE_REWARD_STATES),
    reward_supplier_id: z.string(),
    partner_reward_supplier_id: text,
    partner_reward_id: text,
    email: text,
  })
  .transform(
    (told): ExtoleReward => ({
      rewardId: told.reward_id,
      state: told.state,
      supplierId: told.reward_supplier_id,
      partnerSupplierId: told.partner_reward_supplier_id,
      partnerRewardId: told.partner_reward_id,
      email: told.email,
    }),
  );

/** One that is not readable is no reason not to read the others. */
const pageSchema = z.array(rewardSchema.nullable().catch(null));

/** Asks for a reward. Settles within `timing.attemptTimeoutMs`, never with an error. */
export async function getReward(deps: RewardDeps, token: string, rewardId: string): Promise<RewardResult> {
  return aboutReward(
    await askExtole(deps, {
      method: 'GET',
      path: `/v2/rewards/${encodeURIComponent(rewardId)}`,
      token,
      ...ONE,
    }),
  );
}

/**
 * Asks for a page of the custom rewards that a filter lets through: up to {@link REWARDS_PAGE} from `offset` on. Settles within
 * `timing.attemptTimeoutMs`, never with an error.
 *
 * Rewards of other kinds of suppliers have their codes from somewhere else.
 */
export async function listRewards(
  deps: RewardDeps,
  token: string,
  { states, supplierIds, interval }: RewardFilter,
  offset: number,
): Promise<RewardsPageResult> {
  const query = new URLSearchParams([
    ...states.map((state) => ['state', state]),
    ...supplierIds.map((supplierId) => ['reward_supplier_id', supplierId]),
    // Its description has a duration as an example, its error asks for the explicit form of ISO 8601, which is this one.
    ...(interval ? [['time_interval', `${interval.from.toISOString()}/${interval.to.toISOString()}`]] : []),
    ['reward_type', 'CUSTOM_REWARD'],
    // Otherwise only fulfilled ones are listed.
    ['success_only', 'false'],
    ['limit', `${REWARDS_PAGE}`],
    ['offset', `${offset}`],
  ]);
  const answer = judged(
    await askExtole(deps, {
      method: 'GET',
      path: `/v2/rewards?${query}`,
      token,
      maxBytes: MAX_PAGE_BYTES,
      schema: pageSchema,
      wanted: 'a list of rewards',
    }),
  );
  if (answer.kind !== 'accepted') return answer;
  const { kind, status, content } = answer;
  return { kind, status, rewards: content.filter((reward) => reward !== null), listedCount: content.length };
}

/**
 * Tells Extole the code of a reward. Settles within `timing.attemptTimeoutMs`, never with an error.
 *
 * @param message - For whoever looks at the reward in Extole.
 */
export function tellFulfilled(
  deps: RewardDeps,
  token: string,
  rewardId: string,
  { code, message }: { readonly code: string; readonly message: string },
): Promise<RewardResult> {
  return tell(deps, token, rewardId, 'fulfilled', {
    partner_reward_id: code,
    message,
    cost_code: null,
    face_value: null,
    face_value_type: null,
    success: true,
  });
}

/**
 * Tells Extole the code of a reward, and that whoever earned it has it already: Extole sends them nothing of its own. Settles within
 * `timing.attemptTimeoutMs`, never with an error.
 *
 * @param email - The reward's own, which Extole asks for.
 */
export function tellFulfilledAndSent(
  deps: RewardDeps,
  token: string,
  rewardId: string,
  { code, message, email }: { readonly code: string; readonly message: string; readonly email: string },
): Promise<RewardResult> {
  return tell(deps, token, rewardId, 'fulfilled_and_sent', {
    partner_reward_id: code,
    message,
    email,
    cost_code: null,
    face_value: null,
    face_value_type: null,
    partner_reward_sent_id: null,
  });
}

/**
 * Tells Extole that a reward can't be fulfilled. Settles within `timing.attemptTimeoutMs`, never with an error.
 *
 * @param message - Why, in a sentence.
 */
export function tellFailed(
  deps: RewardDeps,
  token: string,
  rewardId: string,
  { message }: { readonly message: string },
): Promise<RewardResult> {
  return tell(deps, token, rewardId, 'failed', { message });
}

/** Has Extole take a failed reward for an earned one again. Settles within `timing.attemptTimeoutMs`, never with an error. */
export async function retryReward(deps: RewardDeps, token: string, rewardId: string): Promise<RewardResult> {
  return aboutReward(
    await askExtole(deps, {
      method: 'POST',
      path: `/v2/rewards/${encodeURIComponent(rewardId)}/retry`,
      token,
      ...ONE,
    }),
  );
}

const ONE = { maxBytes: MAX_BYTES, schema: rewardSchema, wanted: 'a reward' } as const;

async function tell(
  deps: RewardDeps,
  token: string,
  rewardId: string,
  what: 'fulfilled' | 'fulfilled_and_sent' | 'failed',
  body: object,
): Promise<RewardResult> {
  return aboutReward(
    await askExtole(deps, {
      method: 'POST',
      path: `/v2/rewards/custom-reward/${encodeURIComponent(rewardId)}/${what}`,
      token,
      body,
      ...ONE,
    }),
  );
}

function aboutReward(answer: ExtoleAnswer<ExtoleReward>): RewardResult {
  const result = judged(answer);
  if (result.kind !== 'accepted') return result;
  const { kind, status, content: reward } = result;
  return { kind, status, reward };
}

/** An event that is refused is over; a reward is owed to somebody, and is refused only by words of Extole's that are about it. */
function judged<Content>(answer: ExtoleAnswer<Content>): ExtoleAnswer<Content> {
  if (answer.kind !== 'refused') return answer;
  const { status, failure } = answer;
  if (status === 402 || status === 403) return { kind: 'token-refused', status, failure };
  return failure.code === 'EXTOLE_ANSWER_UNKNOWN' ? { kind: 'failed', status, failure } : answer;
}
