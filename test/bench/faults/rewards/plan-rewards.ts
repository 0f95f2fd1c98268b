import { chosen, type Draw } from '../random.js';
import { type BenchStore, STORES } from '../stores.js';
import { PROMOTION_KINDS, type PromotionKind } from './promotions.js';
import { REWARD_LIVES, type RewardLife } from './reward-lives.js';

/** A reward that is to be earned. */
export interface PlannedReward {
  /** No other one has it. */
  readonly name: string;
  readonly store: BenchStore;
  readonly kind: PromotionKind;
  readonly life: RewardLife;
  /** `null`: whose e-mail address nobody knows. */
  readonly email: string | null;
  /** When it is earned, from the start of the run. */
  readonly earnedAfterMs: number;
  /** How long nothing happens before each step. */
  readonly pausesMs: readonly number[];
}

/** Decides which rewards there will be, and what becomes of each. */
export function planRewards(draw: Draw, count: number, durationMs: number): PlannedReward[] {
  return Array.from({ length: count }, (_, index) => {
    const life = chosen(
      draw('reward life', index),
      REWARD_LIVES.map((one) => ({ ...one, share: one.percent / 100 })),
    );
    return {
      name: `reward-${index}`,
      store: chosen(draw('reward store', index), STORES),
      kind: chosen(draw('reward promotion', index), PROMOTION_KINDS).name,
      life,
      email: draw('reward email', index) < 0.9 ? `advocate-${index}@example.com` : null,
      earnedAfterMs: ((index + draw('earned', index)) / count) * durationMs,
      pausesMs: life.steps.map(({ withinMs }, step) => withinMs * draw('reward pause', index, step) ** 2),
    };
  });
}
