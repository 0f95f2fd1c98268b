import type { Database } from '../deps.js';
import { storeNotInstalled } from '../stores/stores.js';

/**
 * Has everybody else who would change a store's settings or jobs wait until the transaction ends. Whoever only tells of the store
 * does not wait.
 *
 * @param db - A transaction.
 * @throws {AppError} `STORE_NOT_INSTALLED`
 */
export async function lockStore(db: Database, storeHash: string): Promise<void> {
  const store = await db
    .selectFrom('store')
    .select('store_hash')
    .where('store_hash', '=', storeHash)
    .where('uninstalled_at', 'is', null)
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (!store) throw storeNotInstalled(storeHash);
}
