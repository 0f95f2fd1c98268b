import type { RewardReplayAnswer, RewardReplayBody } from '../../catalog/rewards-api.js';
import type { AppDeps } from '../deps.js';

/**
 * Has rewards of a store worked at again, whatever became of them: Extole is asked how each stands. One that failed gets a code then, and one that has
 * a code keeps it. Settles when all are due, and the store has its turn.
 */
export async function replayRewards(
  { db: database, now, queue }: Pick<AppDeps, 'db' | 'now' | 'queue'>,
  storeHash: string,
  body: RewardReplayBody,
): Promise<RewardReplayAnswer> {
  return database.transaction().execute(async (db) => {
    const { numUpdatedRows } = await db
      .updateTable('reward')
      .set(({ eb }) => ({
        state: 'waiting',
        is_replay: true,
        due_at: now(),
        // One that is worked at at this moment is worked at again.
        heard_count: eb('heard_count', '+', 1),
        failing_since: null,
        failure_code: null,
        failure_message: null,
      }))
      .where('store_hash', '=', storeHash)
      .where('reward_id', 'in', ({ selectFrom }) => {
        const all = selectFrom('reward').select('reward_id').where('store_hash', '=', storeHash);
        const chosen =
          'rewardIds' in body
            ? all.where('reward_id', 'in', body.rewardIds)
            : all.where('state', '=', 'failed');
        // Whoever locks several does so in the order of their ids.
        return chosen.orderBy('reward_id').forUpdate();
      })
      .executeTakeFirst();
    await queue.wake('fulfill-rewards', storeHash, { db });
    return { replayed: Number(numUpdatedRows) };
  });
}
