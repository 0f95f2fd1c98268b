import { AppError } from '../app-error.js';
import type { ExtoleTrouble } from '../extole/ask-extole.js';
import type { ExtoleReward, RewardResult } from '../extole/rewards.js';

/** Why Extole is of no help with a reward for now. It has Extole's code and words, or ours where it had none. */
export class ExtoleTroubleError extends AppError {
  constructor(readonly trouble: ExtoleTrouble) {
    const { code, message } = trouble.failure;
    super(code, message, 502);
  }
}

/**
 * The reward that Extole answered with.
 *
 * @throws {ExtoleTroubleError} It answered with something else, or not at all.
 */
export function accepted(result: RewardResult): ExtoleReward {
  if (result.kind === 'accepted') return result.reward;
  throw new ExtoleTroubleError(result);
}

/** Whether Extole refused something, with this code of its own. */
export const isRefused = (
  result: RewardResult,
  code: 'reward_not_found' | 'reward_illegal_state_transition',
): result is Extract<RewardResult, { readonly kind: 'refused' }> =>
  result.kind === 'refused' && result.failure.code === code;
