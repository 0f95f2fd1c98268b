import { createPeople, type People } from './people.js';
import { createReferrals, type Referrals } from './referrals.js';
import { createRewardWebhook, type RewardWebhook } from './reward-webhook.js';
import { createRewards, type Rewards } from './rewards.js';

/** A merchant's account with Extole: what its program domain and its API know together. */
export interface ExtoleAccount {
  readonly people: People;
  readonly rewards: Rewards;
  readonly referrals: Referrals;
  readonly webhook: RewardWebhook;
  readonly now: () => Date;
}

/** How an account differs from Extole's own. */
export interface AccountOptions {
  /** After how long a reward webhook that failed comes again, in milliseconds each; Extole's unless said otherwise. */
  readonly retryIntervalsMs?: readonly number[];
  /** Runs something later, and gives what calls it off; by the clock unless said otherwise. */
  readonly schedule?: (run: () => void, delayMs: number) => () => void;
  readonly now?: () => Date;
}

/** Opens an account, with a referral program and nobody in it. */
export function openAccount(options: AccountOptions = {}): ExtoleAccount {
  const { now = () => new Date(), retryIntervalsMs, schedule } = options;
  const rewards = createRewards(now);
  const people = createPeople(now);
  return {
    people,
    rewards,
    referrals: createReferrals({ people, rewards, now }),
    webhook: createRewardWebhook({ rewards, now, retryIntervalsMs, schedule }),
    now,
  };
}
