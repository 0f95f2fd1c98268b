import { type RawBuilder, sql } from 'kysely';
import type { EventFilter } from '../../catalog/activity-api.js';

/** What holds of the rows of table `event` that a filter names: the same for whoever lists them and for whoever sends them again. */
export function matchesFilter({
  state,
  kind,
  channelId,
  orderId,
  since,
  until,
}: EventFilter): RawBuilder<boolean> {
  const conditions = [
    state !== undefined && sql`state = ${state}`,
    kind !== undefined && sql`kind = ${kind}`,
    channelId !== undefined && sql`channel_id = ${channelId}`,
    orderId !== undefined && sql`order_id = ${orderId}`,
    since !== undefined && sql`created_at >= ${new Date(since)}`,
    until !== undefined && sql`created_at < ${new Date(until)}`,
  ].filter((condition) => condition !== false);
  return sql<boolean>`${sql.join([sql`true`, ...conditions], sql` and `)}`;
}
