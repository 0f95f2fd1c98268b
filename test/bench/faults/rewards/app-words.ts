import type { Selectable } from 'kysely';
import type { CouponCodeTable, RewardTable } from '../../../../src/app/database/tables.js';
import type { DatabaseEye } from '../../database-eye.js';

/** A reward, as the app has it. */
export type AppReward = Pick<Selectable<RewardTable>, 'reward_id' | 'state' | 'found_by' | 'failure_code'>;

/** A coupon code, as the app has it. */
export type AppCode = Pick<
  Selectable<CouponCodeTable>,
  'store_hash' | 'code' | 'marker' | 'state' | 'reward_id'
>;

/** What the app's tables say of rewards and codes at the end. */
export interface AppWords {
  readonly rewards: readonly AppReward[];
  readonly codes: readonly AppCode[];
}

/** Reads it. Nothing, where the database does not answer. */
export async function appWords(eye: DatabaseEye): Promise<AppWords> {
  const rewards = await eye.ask<AppReward>('select reward_id, state, found_by, failure_code from reward');
  const codes = await eye.ask<AppCode>('select store_hash, code, marker, state, reward_id from coupon_code');
  return { rewards: rewards ?? [], codes: codes ?? [] };
}
