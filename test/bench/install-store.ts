import { randomBytes } from 'node:crypto';
import type { OpenDatabase } from '../../src/app/database/database.js';
import { NEEDED_SCOPES } from '../../src/app/install/scopes.js';
import { webhookSecretPurpose } from '../../src/app/provision/webhooks.js';
import type { SecretBox } from '../../src/app/secret-box.js';
import { accessTokenPurpose } from '../../src/app/settings/settings.js';
import { storeTokenPurpose } from '../../src/app/stores/stores.js';
import type { Settings } from '../../src/catalog/settings.js';

/** What a store is set up with. */
export interface SetUpStore {
  readonly storeHash: string;
  readonly channels: readonly {
    readonly id: number;
    /** `undefined`: nobody saved any. */
    readonly settings: Settings | undefined;
    /** Which storefront's settings count in place of its own. */
    readonly sameAs?: number;
  }[];
}

/**
 * Writes what there is of a store that has the app and is set up. From now on, orders are ours.
 *
 * @returns What its webhooks have to carry.
 */
export async function installBenchStore(
  { db }: Pick<OpenDatabase, 'db'>,
  secrets: SecretBox,
  { storeHash, channels }: SetUpStore,
  tokens: { readonly bigcommerce: string; readonly extole: string },
  now: Date,
): Promise<string> {
  const webhookSecret = randomBytes(32).toString('base64url');
  await db
    .insertInto('store')
    .values({
      store_hash: storeHash,
      name: storeHash,
      access_token: secrets.seal(tokens.bigcommerce, storeTokenPurpose(storeHash)),
      scope: Object.keys(NEEDED_SCOPES).join(' '),
      webhook_secret: secrets.seal(webhookSecret, webhookSecretPurpose(storeHash)),
      order_statuses: '[]',
      installed_at: now,
    })
    .execute();
  await db
    .insertInto('channel')
    .values(
      channels.map(({ id }, position) => ({
        store_hash: storeHash,
        channel_id: id,
        name: `Front ${id}`,
        platform: 'bigcommerce' as const,
        position,
      })),
    )
    .execute();
  await db
    .insertInto('channel_settings')
    .values(
      channels.flatMap(({ id, settings, sameAs }) =>
        settings
          ? {
              store_hash: storeHash,
              channel_id: id,
              same_as: sameAs ?? null,
              settings: JSON.stringify(settings),
              revision: 1,
              saved_at: now,
              saved_by: 1,
              access_token:
                sameAs === undefined ? secrets.seal(tokens.extole, accessTokenPurpose(storeHash, id)) : null,
            }
          : [],
      ),
    )
    .execute();
  await db
    .insertInto('order_sweep')
    .values({ store_hash: storeHash, orders_since: now, swept_to: now, hooks_checked_at: null })
    .execute();
  return webhookSecret;
}
