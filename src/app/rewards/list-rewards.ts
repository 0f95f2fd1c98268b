import { type Selectable, type SqlBool, sql } from 'kysely';
import type { CodeState, RewardQuery, RewardsListAnswer, RewardView } from '../../catalog/rewards-api.js';
import { deliveryFailure } from '../activity/event-view.js';
import { AppError } from '../app-error.js';
import type { RewardTable } from '../database/tables.js';
import type { AppDeps, Database } from '../deps.js';

const PAGE_SIZE = 50;

/**
 * A page of a store's rewards, each with its code, the newest first. A reward that had several codes is shown with the one that it has, or else had
 * last.
 *
 * The cursor is the id of the last reward of the page before, so that none is listed twice or left out, whatever comes in meanwhile.
 *
 * @throws {AppError} `CURSOR_INVALID`
 */
export async function listRewards(
  { db }: Pick<AppDeps, 'db'>,
  storeHash: string,
  { state, channelId, promotionId, search, cursor }: RewardQuery,
): Promise<RewardsListAnswer> {
  if (cursor !== undefined) await checkCursor(db, storeHash, cursor);
  let query = db
    .selectFrom('reward')
    .leftJoinLateral(
      (from) =>
        from
          .selectFrom('coupon_code')
          .select(['coupon_code.code', 'coupon_code.state as code_state'])
          .whereRef('coupon_code.store_hash', '=', 'reward.store_hash')
          .whereRef('coupon_code.reward_id', '=', 'reward.reward_id')
          .orderBy(sql`coupon_code.state = 'deleted'`)
          .orderBy('coupon_code.created_at', 'desc')
          .limit(1)
          .as('coupon'),
      (join) => join.onTrue(),
    )
    .selectAll('reward')
    .select(['coupon.code', 'coupon.code_state'])
    .where('reward.store_hash', '=', storeHash)
    .orderBy('reward.created_at', 'desc')
    .orderBy('reward.reward_id')
    .limit(PAGE_SIZE + 1);
  if (state) query = query.where('reward.state', '=', state);
  if (channelId) query = query.where('reward.channel_id', '=', channelId);
  if (promotionId) query = query.where('reward.promotion_id', '=', promotionId);
  if (search) query = query.where(isNamed(storeHash, search));
  if (cursor !== undefined) query = query.where(comesAfter(storeHash, cursor));
  const rows = await query.execute();
  const page = rows.slice(0, PAGE_SIZE);
  return {
    rewards: page.map(rewardView),
    next: rows.length > PAGE_SIZE ? (page.at(-1)?.reward_id ?? null) : null,
  };
}

/** Codes are capitals, whatever somebody types. */
const isNamed = (storeHash: string, search: string) => sql<SqlBool>`reward.reward_id in (
  select ${search}
  union all
  select named.reward_id from coupon_code as named
  where named.store_hash = ${storeHash} and named.code = ${search.toUpperCase()} and named.reward_id is not null
)`;

/** Compared where it is kept: a `Date` has lost the microseconds. */
const comesAfter = (storeHash: string, cursor: string) => {
  const lastAt = sql`(select created_at from reward where store_hash = ${storeHash} and reward_id = ${cursor})`;
  return sql<SqlBool>`reward.created_at <= ${lastAt}
    and (reward.created_at < ${lastAt} or reward.reward_id > ${cursor})`;
};

const rewardView = (
  row: Selectable<RewardTable> & { readonly code: string | null; readonly code_state: CodeState | null },
): RewardView => ({
  rewardId: row.reward_id,
  channelId: row.channel_id,
  state: row.state,
  supplierId: row.supplier_id,
  promotionId: row.promotion_id,
  code: row.code,
  codeState: row.code_state,
  heardAt: row.created_at.toISOString(),
  fulfilledAt: row.fulfilled_at?.toISOString() ?? null,
  nextAttemptAt: (row.state === 'waiting' && row.due_at?.toISOString()) || null,
  attemptCount: row.attempt_count,
  failure: deliveryFailure(row),
});

async function checkCursor(db: Database, storeHash: string, cursor: string): Promise<void> {
  const reward = await db
    .selectFrom('reward')
    .select('reward_id')
    .where('store_hash', '=', storeHash)
    .where('reward_id', '=', cursor)
    .executeTakeFirst();
  if (reward) return;
  throw new AppError(
    'CURSOR_INVALID',
    'the list does not go on from there: no page of it ended with that cursor. Begin with its first page.',
    422,
  );
}
