import { sql } from 'kysely';
import type { AppDeps } from '../deps.js';

/**
 * How old the oldest event is that waits to be delivered, in seconds; 0 when none waits. Events whose token is paused do not count: they wait for
 * a merchant, or for a time that Extole named.
 */
export async function oldestWaitingSeconds({ db, now }: Pick<AppDeps, 'db' | 'now'>): Promise<number> {
  const { rows } = await sql<{ created_at: Date | null }>`
    select min(event.created_at) as created_at
    from event
    left join channel_settings as saved
      on saved.store_hash = event.store_hash and saved.channel_id = event.channel_id
    left join delivery_pause as pause
      on pause.store_hash = event.store_hash and pause.channel_id = coalesce(saved.same_as, event.channel_id)
    where event.state = 'waiting' and pause.channel_id is null`.execute(db);
  const since = rows[0]?.created_at;
  return since ? (now().getTime() - since.getTime()) / 1_000 : 0;
}
