import { AppError } from '../app-error.js';
import type { ExtoleTrouble } from '../extole/ask-extole.js';
import type { ExtoleReward, RewardResult } from '../extole/rewards.js';
import type { RewardFailure } from './reward-failures.js';

/** Why Extole is of no help with a reward for now. It has Extole's code and words, or ours where it had none. */
export class ExtoleTroubleError extends AppError {
  /** @param reason - What the merchant is told in its place. */
  constructor(
    readonly trouble: ExtoleTrouble,
    readonly reason?: RewardFailure,
  ) {
    const { code, message } = trouble.failure;
    super(code, message, 502);
  }
}

/**
 * The reward that Extole answered with.
 *
 * @param reason - What the merchant is told where Extole did not answer, which says nothing of the reward.
 * @throws {ExtoleTroubleError} It answered with something else, or not at all.
 */
export function accepted(result: RewardResult, reason?: RewardFailure): ExtoleReward {
  if (result.kind === 'accepted') return result.reward;
  throw new ExtoleTroubleError(result, result.kind === 'failed' ? reason : undefined);
}

/** Whether Extole refused something, with this code of its own. */
export const isRefused = (
  result: RewardResult,
  code: 'reward_not_found' | 'reward_illegal_state_transition',
): result is Extract<RewardResult, { readonly kind: 'refused' }> =>
  result.kind === 'refused' && result.failure.code === code;

/** Whether something failed since Extole takes no codes of rewards of such a supplier. */
export const isNotCustom = (error: unknown): boolean =>
  error instanceof ExtoleTroubleError && error.code === 'reward_type_not_supported';
