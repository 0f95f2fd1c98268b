import { sql } from 'kysely';
import type { AppDeps } from '../deps.js';

/**
 * How old the oldest event is that waits to be delivered, in seconds; 0 when none waits. Events whose token is paused do not count: they wait for
 * a merchant, or for a time that Extole named.
 */
export async function oldestWaitingSeconds({ db, now }: Pick<AppDeps, 'db' | 'now'>): Promise<number> {
  const { rows } = await sql<{ created_at: Date | null }>`
    select min(oldest.created_at) as created_at
    from channel_settings as saved
    left join delivery_pause as pause
      on pause.store_hash = saved.store_hash and pause.channel_id = coalesce(saved.same_as, saved.channel_id)
    -- Storefront by storefront, so that what waits behind a pause, however much it is, is not read.
    cross join lateral (
      select min(created_at) as created_at from event
      where store_hash = saved.store_hash and channel_id = saved.channel_id and state = 'waiting'
    ) as oldest
    where pause.channel_id is null`.execute(db);
  const since = rows[0]?.created_at;
  return since ? (now().getTime() - since.getTime()) / 1_000 : 0;
}
