import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { AppDeps, Database } from '../deps.js';
import { resumeLooks } from '../orders/look-at-orders.js';
import { addJob } from '../provision/enqueue.js';
import { webhookSecretPurpose } from '../provision/webhooks.js';
import { resumeStoreRewards } from '../rewards/resume-rewards.js';
import { storeTokenPurpose } from '../stores/stores.js';
import type { StoreGrant } from './exchange-code.js';

/**
 * Keeps what a store granted. An installation that comes again, after scopes or the owner changed or after the app was uninstalled, finds
 * the settings as they were; where some are switched on, the store is brought up to date.
 */
export async function installStore(deps: AppDeps, { storeHash, accessToken, scope, user }: StoreGrant) {
  const { secrets, now } = deps;
  // One moment for all of it: by it, what a new installation changes is told from what was there.
  const installedAt = now();
  await deps.db.transaction().execute(async (db) => {
    const fresh = {
      access_token: secrets.seal(accessToken, storeTokenPurpose(storeHash)),
      scope,
      token_refused_at: null,
      uninstalled_at: null,
    };
    const webhookSecret = secrets.seal(
      randomBytes(32).toString('base64url'),
      webhookSecretPurpose(storeHash),
    );
    await db
      .insertInto('store')
      .values({
        ...fresh,
        store_hash: storeHash,
        name: storeHash,
        webhook_secret: webhookSecret,
        order_statuses: '[]',
        installed_at: installedAt,
      })
      .onConflict((conflict) =>
        conflict.column('store_hash').doUpdateSet({
          ...fresh,
          webhook_secret: sql`coalesce(store.webhook_secret, excluded.webhook_secret)`,
          installed_at: sql`case when store.uninstalled_at is null then store.installed_at else excluded.installed_at end`,
        }),
      )
      .execute();
    // What was ordered while the app was not there is imported on request.
    const start = { orders_since: installedAt, swept_to: installedAt };
    await db
      .insertInto('order_sweep')
      .values({ store_hash: storeHash, ...start })
      .onConflict((conflict) =>
        conflict
          .column('store_hash')
          .doUpdateSet(start)
          .where(({ exists, selectFrom }) =>
            exists(
              selectFrom('store')
                .select('store_hash')
                .where('store_hash', '=', storeHash)
                .where('installed_at', '=', installedAt),
            ),
          ),
      )
      .execute();
    await deps.queue.wake('keep-webhooks', storeHash, { db });
    await resumeLooks(deps, db, storeHash);
    await resumeStoreRewards(deps, db, storeHash);
    await seeUser(db, storeHash, user);
    const enabled = await db
      .selectFrom('channel_settings')
      .select('channel_id')
      .where('store_hash', '=', storeHash)
      .where(sql<boolean>`(settings ->> 'isEnabled')::boolean`)
      .limit(1)
      .executeTakeFirst();
    if (enabled) await addJob(deps, db, storeHash, 'save');
  });
}

/** Notes that a user may open the app. */
export async function seeUser(
  db: Database,
  storeHash: string,
  { id, email }: { readonly id: number; readonly email: string },
): Promise<void> {
  await db
    .insertInto('store_user')
    .values({ store_hash: storeHash, user_id: id, email })
    .onConflict((conflict) => conflict.columns(['store_hash', 'user_id']).doUpdateSet({ email }))
    .execute();
}
