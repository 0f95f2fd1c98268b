import type { AppDeps } from '../deps.js';
import { forgetOrders } from '../privacy/forget-orders.js';
import { forgetPayloads } from '../privacy/forget-payloads.js';
import { addJob } from './enqueue.js';
import { turnOf } from './spread.js';

/** A store that comes back within 30 days finds its settings again. */
const STORE_KEPT_MS = 30 * 24 * 60 * 60 * 1_000;
const JOB_KEPT_MS = 90 * 24 * 60 * 60 * 1_000;

/**
 * Has every store looked at within the hours that follow, and asked for its storefronts: no webhook tells of new labels, addresses and
 * names, and BigCommerce puts those to sleep that had nothing to tell for 90 days.
 */
export async function lookAtAll({ db, now, queue }: AppDeps): Promise<void> {
  const stores = await db
    .selectFrom('store')
    .select('store_hash')
    .where('uninstalled_at', 'is', null)
    .execute();
  const from = now();
  for (const { store_hash: storeHash } of stores) {
    const runAt = turnOf(storeHash, from);
    await queue.wake('look', storeHash, { runAt });
    await queue.wake('refresh-channels', storeHash, { runAt });
  }
}

/**
 * Has each store whose scripts load another SDK than this version's brought up to date within the hours that follow. Which do is known
 * from what we put there. Those that BigCommerce does not let us into are left out: they come with the next authorization.
 */
export async function rollOut(deps: AppDeps): Promise<void> {
  const stores = await deps.db
    .selectFrom('store')
    .select('store_hash')
    .where('uninstalled_at', 'is', null)
    .where('token_refused_at', 'is', null)
    .where('published_sdk_url', '!=', deps.release.sdk.url)
    .execute();
  const from = deps.now();
  for (const { store_hash: storeHash } of stores) {
    await addJob(deps, deps.db, storeHash, 'release', turnOf(storeHash, from));
  }
}

/**
 * Erases what nobody needs any more: stores that went 30 days ago, with all of theirs; used JWTs that ended; jobs of 90 days ago; what
 * events told, after the days that it is kept; orders that nothing became of for 400 days.
 */
export async function erase(deps: Pick<AppDeps, 'config' | 'db' | 'log' | 'now'>): Promise<void> {
  const { db, log, now } = deps;
  const before = (ms: number): Date => new Date(now().getTime() - ms);
  const [stores, jwts, jobs] = await Promise.all([
    db.deleteFrom('store').where('uninstalled_at', '<=', before(STORE_KEPT_MS)).executeTakeFirst(),
    db.deleteFrom('used_jwt').where('expires_at', '<=', now()).executeTakeFirst(),
    db.deleteFrom('job').where('created_at', '<=', before(JOB_KEPT_MS)).executeTakeFirst(),
  ]);
  const payloads = await forgetPayloads(deps);
  const { events, orders } = await forgetOrders(deps);
  const count = ({ numDeletedRows }: { readonly numDeletedRows: bigint }): number => Number(numDeletedRows);
  log.info(
    { stores: count(stores), jwts: count(jwts), jobs: count(jobs), payloads, events, orders },
    'erased what is over',
  );
}
