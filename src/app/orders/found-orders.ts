import { sql } from 'kysely';
import type { Settings } from '../../catalog/settings.js';
import type { Order } from '../../store/order-types.js';
import type { FoundBy } from '../database/tables.js';
import type { AppDeps, Database } from '../deps.js';

/**
 * Has those of a store's orders looked at that we do not know as BigCommerce tells of them. Left out are orders that were placed before
 * we began, unless something was told of them, and those of storefronts that Extole is told nothing of.
 *
 * One that is due already stays due when it was, and as urgent at least. Should somebody be looking at it, it is looked at once more:
 * that look may have seen an earlier state.
 *
 * @param db - A transaction. It writes in the order of ids, as all do that write several orders.
 * @param orders - As BigCommerce lists them.
 * @param options.told - The storefronts that Extole is told anything of: `toldSettings`.
 * @returns How many became due.
 */
export async function markFound(
  { now, queue }: Pick<AppDeps, 'now' | 'queue'>,
  db: Database,
  storeHash: string,
  orders: readonly Order[],
  options: {
    readonly told: ReadonlyMap<number, Settings>;
    readonly foundBy: FoundBy;
    readonly priority: 0 | 1;
  },
): Promise<number> {
  const { told, foundBy, priority } = options;
  const listed = orders
    .filter(({ channel_id }) => told.has(channel_id))
    .map(({ id, status_id, date_created, date_modified }) => ({
      order_id: id,
      status_id,
      created_at: date_created ?? date_modified,
      modified_at: date_modified,
    }));
  const foundAt = now();
  // BigCommerce's times are whole seconds. Of two changes in one second the status tells, which is what matters of most.
  const { rows } = await sql<{ readonly isDue: boolean }>`
    with found as materialized (
      select listed.order_id, known.due_at is not null as is_due
      from json_to_recordset(${JSON.stringify(listed)}::json)
        as listed (order_id bigint, status_id int, created_at timestamptz, modified_at timestamptz)
      join order_sweep on order_sweep.store_hash = ${storeHash}
      left join store_order as known on known.store_hash = ${storeHash} and known.order_id = listed.order_id
      where (
        known.outcome = 'told' or (listed.created_at >= date_trunc('second', order_sweep.orders_since)) is not false
      ) and (
        known.modified_at >= listed.modified_at and known.status_id = listed.status_id
        and known.outcome not in ('before-start', 'channel-off', 'gone')
      ) is not true
    ), heard as (
      insert into store_order (store_hash, order_id, heard_at, found_by, due_at, priority)
      select ${storeHash}, order_id, ${foundAt}::timestamptz, ${foundBy}, ${foundAt}::timestamptz, ${priority}::smallint
      from found order by order_id
      on conflict (store_hash, order_id) do update set
        heard_count = store_order.heard_count + 1,
        heard_at = excluded.heard_at,
        found_by = case when store_order.due_at is null then excluded.found_by else store_order.found_by end,
        due_at = coalesce(store_order.due_at, excluded.due_at),
        priority = case
          when store_order.due_at is null then excluded.priority
          else least(store_order.priority, excluded.priority)
        end
    )
    select is_due as "isDue" from found`.execute(db);
  const count = rows.filter(({ isDue }) => !isDue).length;
  if (count > 0) await queue.wake('look-at-orders', storeHash, { db });
  return count;
}
