/** One thing that happens to a reward after it is earned. */
export interface RewardStep {
  /** `used`: somebody buys with its code. `taken back`: Extole cancels or revokes it. `fulfilled elsewhere`: by somebody else than us. */
  readonly is: 'used' | 'taken back' | 'fulfilled elsewhere';
  /** Whether nothing happens until Extole has a code of it. If it gets none, nothing happens at all. */
  readonly isOnceFulfilled: boolean;
  /** The longest pause before that. */
  readonly withinMs: number;
}

/** What becomes of a reward, step by step. */
export interface RewardLife {
  readonly name: string;
  /** How many of 100 rewards live it. */
  readonly percent: number;
  readonly steps: readonly RewardStep[];
}

const used: RewardStep = { is: 'used', isOnceFulfilled: true, withinMs: 5_000 };

export const REWARD_LIVES: readonly RewardLife[] = [
  { name: 'stays', percent: 70, steps: [] },
  { name: 'is used', percent: 8, steps: [used] },
  {
    name: 'is taken back at once',
    percent: 4,
    steps: [{ is: 'taken back', isOnceFulfilled: false, withinMs: 200 }],
  },
  {
    name: 'is taken back at some time',
    percent: 8,
    steps: [{ is: 'taken back', isOnceFulfilled: false, withinMs: 5_000 }],
  },
  {
    name: 'is taken back once it is fulfilled',
    percent: 4,
    steps: [{ is: 'taken back', isOnceFulfilled: true, withinMs: 2_000 }],
  },
  {
    name: 'is used, and taken back',
    percent: 4,
    steps: [used, { is: 'taken back', isOnceFulfilled: true, withinMs: 2_000 }],
  },
  {
    name: 'is fulfilled elsewhere',
    percent: 2,
    steps: [{ is: 'fulfilled elsewhere', isOnceFulfilled: false, withinMs: 2_000 }],
  },
];
