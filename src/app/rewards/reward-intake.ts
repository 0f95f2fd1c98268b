import { sql } from 'kysely';
import type { AppDeps } from '../deps.js';
import { inBatches } from '../in-batches.js';
import { writeAgain } from '../write-again.js';

/** That something happened to a reward. What, Extole is asked. */
export interface RewardNews {
  readonly storeHash: string;
  /** The storefront whose Extole account it is. */
  readonly channelId: number;
  readonly rewardId: string;
}

/** Keeps what is heard of rewards. */
export interface RewardIntake {
  /**
   * Has a reward worked at. Settles once that is on the disk, with what wakes its store, and rejects when it is not. Of a store that does not have
   * the app, nothing is kept.
   *
   * A reward that is known keeps its state: whether anything is different now is for whoever works at it to find out.
   */
  hear(news: RewardNews): Promise<void>;
}

/** A write takes the disk one turn, for one reward or for many. */
const BATCH = 200;

type Deps = Pick<AppDeps, 'db' | 'queue' | 'now' | 'random'>;

/** Makes the intake of a process. What comes while something is written is written together. */
export function createRewardIntake(deps: Deps): RewardIntake {
  return { hear: inBatches(BATCH, (news) => writeAgain(deps, () => write(deps, news))) };
}

function write({ db: database, queue, now }: Deps, news: readonly RewardNews[]): Promise<void> {
  const heardAt = now();
  return database.transaction().execute(async (db) => {
    // Whoever writes several does so in the same order, so that no two wait for each other: rewards first, then the queue.
    const { rows } = await sql<{ storeHash: string }>`
      insert into reward (store_hash, reward_id, channel_id, heard_count, heard_at, created_at, found_by, state, due_at)
      select heard.store_hash, heard.reward_id, min(heard.channel_id), count(*), ${heardAt}::timestamptz, ${heardAt}::timestamptz,
        'webhook', 'waiting', ${heardAt}::timestamptz
      from unnest(
        ${news.map(({ storeHash }) => storeHash)}::text[],
        ${news.map(({ rewardId }) => rewardId)}::text[],
        ${news.map(({ channelId }) => channelId)}::bigint[]
      ) as heard (store_hash, reward_id, channel_id)
      join store on store.store_hash = heard.store_hash and store.uninstalled_at is null
      group by heard.store_hash, heard.reward_id
      order by heard.store_hash, heard.reward_id
      on conflict (store_hash, reward_id) do update set
        heard_count = reward.heard_count + excluded.heard_count,
        heard_at = excluded.heard_at,
        due_at = excluded.due_at
      returning store_hash as "storeHash"`.execute(db);
    const storeHashes = new Set(rows.map(({ storeHash }) => storeHash));
    await queue.wake('fulfill-rewards', [...storeHashes].sort(), { db });
  });
}
