import type { ActivityAnswer } from '../../catalog/activity-api.js';
import type { AppDeps, Database } from '../deps.js';
import { importView } from '../orders/import.js';
import { failureIn } from '../provision/failure.js';
import { activityDays, countWaiting } from './activity-days.js';

const WOKEN_SHOWN = 10;

/** How things stand with a store's orders and events, all as of one moment. */
export function activitySummary(
  { config, db: database, now }: Pick<AppDeps, 'config' | 'db' | 'now'>,
  storeHash: string,
): Promise<ActivityAnswer> {
  return database
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (db) => {
      const waiting = await countWaiting(db, storeHash);
      return {
        waiting: waiting.count,
        dead: await countDead(db, storeHash),
        oldestWaitingAt: waiting.oldestAt?.toISOString() ?? null,
        ...(await looks(db, storeHash)),
        days: await activityDays(db, storeHash, waiting, now()),
        pauses: await pauses(db, storeHash),
        wokenWebhooks: await wokenWebhooks(db, storeHash),
        sweep: await lastSweep(db, storeHash),
        import: await lastImport(db, storeHash),
        payloadDays: config.payloadDays,
      };
    });
}

async function countDead(db: Database, storeHash: string): Promise<number> {
  const { count } = await db
    .selectFrom('event')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('store_hash', '=', storeHash)
    .where('state', '=', 'dead')
    .executeTakeFirstOrThrow();
  return count;
}

async function looks(
  db: Database,
  storeHash: string,
): Promise<Pick<ActivityAnswer, 'ordersToLookAt' | 'lookFailure'>> {
  const { count } = await db
    .selectFrom('store_order')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('store_hash', '=', storeHash)
    .where('due_at', 'is not', null)
    .executeTakeFirstOrThrow();
  // The later it is tried again, the later it failed, or the more often.
  const failed = await db
    .selectFrom('store_order')
    .select(['failure_code', 'failure_message'])
    .where('store_hash', '=', storeHash)
    .where('due_at', 'is not', null)
    .where('failure_code', 'is not', null)
    .orderBy('due_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return { ordersToLookAt: count, lookFailure: failed ? failureIn(failed) : null };
}

async function pauses(db: Database, storeHash: string): Promise<ActivityAnswer['pauses']> {
  const rows = await db
    .selectFrom('delivery_pause')
    .selectAll()
    .where('store_hash', '=', storeHash)
    .orderBy('channel_id')
    .execute();
  return rows.map((row) => ({
    channelId: row.channel_id,
    reason: row.reason,
    since: row.since.toISOString(),
    until: row.until.toISOString(),
    failure: { code: row.failure_code, message: row.failure_message },
  }));
}

async function wokenWebhooks(db: Database, storeHash: string): Promise<ActivityAnswer['wokenWebhooks']> {
  const rows = await db
    .selectFrom('woken_webhook')
    .select(['scope', 'woken_at'])
    .where('store_hash', '=', storeHash)
    .orderBy('woken_at', 'desc')
    .orderBy('scope')
    .limit(WOKEN_SHOWN)
    .execute();
  return rows.map(({ scope, woken_at }) => ({ scope, wokenAt: woken_at.toISOString() }));
}

async function lastSweep(db: Database, storeHash: string): Promise<ActivityAnswer['sweep']> {
  const row = await db
    .selectFrom('order_sweep')
    .selectAll()
    .where('store_hash', '=', storeHash)
    .executeTakeFirstOrThrow();
  return {
    ordersSince: row.orders_since.toISOString(),
    sweptAt: row.swept_at?.toISOString() ?? null,
    lastFound: row.last_found,
    totalFound: row.total_found,
  };
}

async function lastImport(db: Database, storeHash: string): Promise<ActivityAnswer['import']> {
  const row = await db
    .selectFrom('order_import')
    .selectAll()
    .where('store_hash', '=', storeHash)
    .orderBy('created_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ? importView(row) : null;
}
