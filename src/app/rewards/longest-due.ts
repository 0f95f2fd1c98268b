import { sql } from 'kysely';
import type { AppDeps } from '../deps.js';

/**
 * For how long the reward has been due that is due for longest, in seconds; 0 when none is. Those that were put off do not count, nor do those of storefronts
 * whose rewards are switched off: they wait for a merchant, or for a time that somebody named.
 */
export async function longestDueSeconds({ db, now }: Pick<AppDeps, 'db' | 'now'>): Promise<number> {
  const at = now();
  const { rows } = await sql<{ due_at: Date | null }>`
    select min(first.due_at) as due_at
    from reward_settings as saved
    cross join lateral (
      select due_at from reward
      where store_hash = saved.store_hash and channel_id = saved.channel_id and due_at <= ${at}
      order by due_at limit 1
    ) as first
    where (saved.settings ->> 'isEnabled')::boolean`.execute(db);
  const since = rows[0]?.due_at;
  return since ? (at.getTime() - since.getTime()) / 1_000 : 0;
}
