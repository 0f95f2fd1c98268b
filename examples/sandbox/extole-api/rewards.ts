import { randomBytes } from 'node:crypto';
import type { ExtoleErrorCode } from './errors.js';

/** Where a reward stands. Source: Extole, OpenAPI file "Server to Extole", `RewardResponse`. */
export const EXTOLE_REWARD_STATES = [
  'EARNED',
  'FULFILLED',
  'SENT',
  'REDEEMED',
  'FAILED',
  'CANCELED',
  'REVOKED',
] as const;
export type ExtoleRewardState = (typeof EXTOLE_REWARD_STATES)[number];

/** What rewards of one kind are: a custom reward, which somebody else has to fulfil. */
export interface RewardSupplier {
  /** Extole's. */
  readonly id: string;
  readonly name: string;
  /** `partner_reward_supplier_id`: what the merchant entered. It is said of each reward as it is by then. */
  readonly partnerSupplierId: string | null;
  /** In US dollars. */
  readonly faceValue: number;
}

/** The suppliers of the referral program that every account has. */
export const ADVOCATE_SUPPLIER_ID = '7000000000000000101';
export const FRIEND_SUPPLIER_ID = '7000000000000000102';

/** A reward, and all that became of it. */
export interface EarnedReward {
  /** Extole's. */
  readonly id: string;
  readonly supplierId: string;
  readonly state: ExtoleRewardState;
  readonly personId: string;
  readonly email: string | null;
  readonly partnerUserId: string | null;
  /** `partner_reward_id`: for a coupon its code. */
  readonly partnerRewardId: string | null;
  readonly role: 'advocate' | 'friend';
  /** The event that it was earned by. */
  readonly causeEventId: string;
  /** What the event was worth, as it said; `null` where it said nothing. */
  readonly eventValue: string | null;
  readonly createdAt: Date;
  /** Each state that it came to, the first one being EARNED. */
  readonly history: readonly RewardStep[];
}

/** A state that a reward came to. */
export interface RewardStep {
  readonly state: ExtoleRewardState;
  readonly at: Date;
  /** What whoever changed it said. */
  readonly message: string | null;
}

/** For whom a reward is earned, and by what. Whatever is not said is made up. */
export interface Earning
  extends Partial<
    Pick<
      EarnedReward,
      'supplierId' | 'personId' | 'email' | 'partnerUserId' | 'role' | 'causeEventId' | 'eventValue'
    >
  > {}

/** What is said with a change. */
export interface ChangeDetails {
  readonly message?: string | null | undefined;
  readonly partnerRewardId?: string | null | undefined;
}

/** A change that Extole refuses. */
export class RewardRefusal extends Error {
  constructor(readonly code: ExtoleErrorCode) {
    super(code);
  }
}

/**
 * Which state follows which. FAILED comes to EARNED again by a retry. No document has it: canceling is said to prevent fulfilment, and
 * revoking to make a reward invalid, so the one is for rewards that are not fulfilled and the other for those that are. A state never follows
 * itself, so that whoever says a thing twice is told.
 */
const LEADS_TO: Readonly<Record<ExtoleRewardState, readonly ExtoleRewardState[]>> = {
  EARNED: ['FULFILLED', 'SENT', 'FAILED', 'CANCELED'],
  FULFILLED: ['SENT', 'REDEEMED', 'REVOKED'],
  SENT: ['REDEEMED', 'REVOKED'],
  REDEEMED: ['REVOKED'],
  FAILED: ['EARNED', 'CANCELED'],
  CANCELED: [],
  REVOKED: [],
};

/** Whether a reward's state may follow. */
export const canBecome = (reward: EarnedReward, state: ExtoleRewardState): boolean =>
  LEADS_TO[reward.state].includes(state);

/** An account's rewards, and who supplies them. */
export interface Rewards {
  suppliers(): readonly RewardSupplier[];
  /** Adds a supplier, or changes what is said of it. */
  saveSupplier(supplier: Pick<RewardSupplier, 'id'> & Partial<RewardSupplier>): void;
  /** @throws {Error} When there is no such supplier. */
  supplierOf(reward: Pick<EarnedReward, 'supplierId'>): RewardSupplier;
  /**
   * Has somebody earn a reward; an advocate unless it is said otherwise.
   *
   * @throws {Error} When there is no such supplier.
   */
  earn(earning?: Earning): EarnedReward;
  /** All rewards, the oldest first. */
  all(): readonly EarnedReward[];
  /** @throws {RewardRefusal} When there is none of this id. */
  find(id: string): EarnedReward;
  /** @throws {RewardRefusal} When there is none of this id, or the state can't follow. */
  change(id: string, state: ExtoleRewardState, details?: ChangeDetails): EarnedReward;
  /** Told of each state that a reward has come to. */
  readonly listeners: Set<(reward: EarnedReward) => void>;
}

/** @param now - The time, of which all that is noted has one. */
export function createRewards(now: () => Date): Rewards {
  const suppliers = new Map<string, RewardSupplier>();
  const rewards = new Map<string, EarnedReward>();
  const listeners = new Set<(reward: EarnedReward) => void>();

  const keep = (reward: EarnedReward): EarnedReward => {
    rewards.set(reward.id, reward);
    for (const tell of listeners) tell(reward);
    return reward;
  };
  const handle: Rewards = {
    suppliers: () => [...suppliers.values()],
    saveSupplier(supplier) {
      const before = suppliers.get(supplier.id) ?? {
        name: supplier.id,
        partnerSupplierId: null,
        faceValue: 20,
      };
      suppliers.set(supplier.id, { ...before, ...supplier });
    },
    supplierOf({ supplierId }) {
      const supplier = suppliers.get(supplierId);
      if (!supplier) throw new Error(`There is no reward supplier ${supplierId}. Save it first.`);
      return supplier;
    },
    earn(earning = {}) {
      const id = randomBytes(12).toString('hex');
      const at = now();
      const reward: EarnedReward = {
        supplierId: ADVOCATE_SUPPLIER_ID,
        personId: `${7_465_313_346_145_000_000n + BigInt(rewards.size)}`,
        email: null,
        partnerUserId: null,
        role: earning.supplierId === FRIEND_SUPPLIER_ID ? 'friend' : 'advocate',
        causeEventId: randomBytes(12).toString('hex'),
        eventValue: null,
        ...earning,
        id,
        state: 'EARNED',
        partnerRewardId: null,
        createdAt: at,
        history: [{ state: 'EARNED', at, message: null }],
      };
      handle.supplierOf(reward);
      return keep(reward);
    },
    all: () => [...rewards.values()],
    find(id) {
      const reward = rewards.get(id);
      if (!reward) throw new RewardRefusal('reward_not_found');
      return reward;
    },
    change(id, state, { message = null, partnerRewardId } = {}) {
      const reward = handle.find(id);
      if (!canBecome(reward, state)) throw new RewardRefusal('reward_illegal_state_transition');
      return keep({
        ...reward,
        state,
        partnerRewardId: partnerRewardId ?? reward.partnerRewardId,
        history: [...reward.history, { state, at: now(), message }],
      });
    },
    listeners,
  };
  handle.saveSupplier({ id: ADVOCATE_SUPPLIER_ID, name: 'For advocates: $20 off' });
  handle.saveSupplier({ id: FRIEND_SUPPLIER_ID, name: 'For friends: $20 off' });
  return handle;
}
