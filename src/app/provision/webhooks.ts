import { sql } from 'kysely';
import type { StatusAnswer } from '../../catalog/admin-api.js';
import { ORDER_EVENTS, type OrderEvent } from '../../catalog/settings.js';
import type { BigCommerceClient } from '../../store/bigcommerce-client.js';
import type { Hook, HookFields } from '../../store/bigcommerce-types.js';
import type { AppConfig } from '../config.js';
import type { AppDeps, Database } from '../deps.js';
import { toldSettings } from '../settings/settings.js';
import { storeClient, storeNotInstalled } from '../stores/stores.js';
import { failureOf } from './failure.js';

/** What BigCommerce always tells us of. Source: BigCommerce, "Webhook events". */
const STORE_SCOPES = ['store/channel/created', 'store/channel/updated', 'store/app/uninstalled'] as const;

/**
 * What it tells of orders, for whom Extole is told of any. Whatever else changes in an order changes nothing for Extole; `store/order/updated`
 * and the like would only be more of the same.
 */
const ORDER_SCOPES = ['store/order/created', 'store/order/statusUpdated'] as const;

/** A further refund of an order that was refunded in part changes nothing about its status. */
const REFUND_SCOPE = 'store/order/refund/created';

const ALL_SCOPES: readonly string[] = [...STORE_SCOPES, ...ORDER_SCOPES, REFUND_SCOPE];

const REFUND_EVENTS: readonly OrderEvent[] = ['partially_refunded', 'refunded'];

/** How many webhooks that were woken are kept of a store. */
const WOKEN_KEPT = 50;

/** The header that says that a webhook is BigCommerce's. */
export const WEBHOOK_SECRET_HEADER = 'x-extole-webhook-secret';

type WebhookState = StatusAnswer['webhooks'][number];

/** What a store's webhook secret is sealed for. */
export const webhookSecretPurpose = (storeHash: string): string => `webhook-secret:${storeHash}`;

/** Of the webhooks that a store's settings ask for, which it has, and whether they take events. */
export async function webhookStates(
  { config, db }: Pick<AppDeps, 'config' | 'db'>,
  storeHash: string,
  hooks: readonly Hook[],
): Promise<WebhookState[]> {
  const scopes = await wantedScopes(db, storeHash);
  return scopes.map((scope) => ({
    scope,
    isActive: hooks.some((hook) => isOurs(config, scope, hook) && hook.is_active === true),
  }));
}

/**
 * Has BigCommerce tell us of what the settings of a store ask for: makes the webhooks that are missing, and wakes those that it put to sleep.
 * Those that nothing asks for any more go, and so do those that lead to a former address of the app. A store whose webhooks slept is swept: orders
 * may have been missed.
 *
 * @returns The scopes of those that were woken, which are kept too.
 * @throws {BigCommerceError} Any of its codes. What is done stays done.
 * @throws {AppError} `STORE_NOT_INSTALLED`, `SECRET_UNREADABLE`
 */
export async function ensureWebhooks(deps: AppDeps, client: BigCommerceClient): Promise<string[]> {
  const { config, db } = deps;
  const { storeHash } = client;
  const secret = await webhookSecretOf(deps, storeHash);
  if (secret === undefined) throw storeNotInstalled(storeHash);
  const headers = { [WEBHOOK_SECRET_HEADER]: secret };
  const hooks = await client.hooks();
  // Read after the webhooks: one that is there by then for settings of a later moment is not taken for one that nothing asks for.
  const wanted = await wantedScopes(db, storeHash);
  const woken: string[] = [];
  for (const scope of wanted) {
    const fields = { scope, destination: destinationOf(config), is_active: true, headers };
    const found = hooks.find((hook) => isOurs(config, scope, hook));
    if (!found) await create(config, client, fields);
    else if (!found.is_active || !hasHeaders(found, headers)) await client.updateHook(found.id, fields);
    if (found && !found.is_active) {
      await keepWoken(deps, storeHash, scope);
      woken.push(scope);
    }
  }
  for (const hook of hooks) {
    const isKnown = hook.destination === destinationOf(config) || ALL_SCOPES.includes(hook.scope);
    const isWanted = wanted.some((scope) => isOurs(config, scope, hook));
    if (isKnown && !isWanted) await client.deleteHook(hook.id);
  }
  return woken;
}

/**
 * Does what {@link ensureWebhooks} does, and has the status page show it. The log tells when it can't be done.
 *
 * @throws {BigCommerceError} Any of its codes.
 * @throws {AppError} `STORE_NOT_INSTALLED`, `SECRET_UNREADABLE`
 */
export async function keepWebhooks(deps: AppDeps, storeHash: string): Promise<void> {
  try {
    const client = await storeClient(deps, storeHash);
    await ensureWebhooks(deps, client);
    const webhooks = await webhookStates(deps, storeHash, await client.hooks());
    await deps.db
      .updateTable('store_look')
      .set({ webhooks: JSON.stringify(webhooks) })
      .where('store_hash', '=', storeHash)
      .execute();
  } catch (error) {
    deps.log.warn({ storeHash, code: failureOf(error).code }, 'webhooks could not be made');
    throw error;
  }
}

/**
 * What a store's webhooks have to carry; `undefined` for a store that does not have the app.
 *
 * @throws {AppError} `SECRET_UNREADABLE`
 */
export async function webhookSecretOf(
  { db, secrets }: Pick<AppDeps, 'db' | 'secrets'>,
  storeHash: string,
): Promise<string | undefined> {
  const sealed = (await sealedWebhookSecrets(db, [storeHash])).get(storeHash);
  return sealed && secrets.open(sealed, webhookSecretPurpose(storeHash));
}

/** The sealed webhook secrets of those stores that have the app, by store. */
export async function sealedWebhookSecrets(
  db: Database,
  storeHashes: readonly string[],
): Promise<ReadonlyMap<string, Buffer>> {
  const stores = await db
    .selectFrom('store')
    .select(['store_hash', 'webhook_secret'])
    .where('store_hash', '=', sql<string>`any(${storeHashes}::text[])`)
    .where('uninstalled_at', 'is', null)
    .execute();
  return new Map(
    stores.flatMap(({ store_hash, webhook_secret }) =>
      webhook_secret ? [[store_hash, webhook_secret] as const] : [],
    ),
  );
}

/** What BigCommerce has to tell us of, by what is told to Extole of any of a store's storefronts. */
async function wantedScopes(db: Database, storeHash: string): Promise<string[]> {
  const settings = await toldSettings(db, storeHash);
  const told = new Set(
    [...settings.values()].flatMap(({ orderEvents }) =>
      ORDER_EVENTS.filter((kind) => orderEvents[kind].isEnabled),
    ),
  );
  return [
    ...STORE_SCOPES,
    ...(told.size > 0 ? ORDER_SCOPES : []),
    ...(REFUND_EVENTS.some((kind) => told.has(kind)) ? [REFUND_SCOPE] : []),
  ];
}

async function create(config: AppConfig, client: BigCommerceClient, fields: HookFields): Promise<void> {
  try {
    await client.createHook(fields);
  } catch (error) {
    // BigCommerce refuses a second one of a scope: another of our processes may have made it meanwhile.
    const isThere = (await client.hooks()).some((hook) => isOurs(config, fields.scope, hook));
    if (!isThere) throw error;
  }
}

/** Notes that a webhook slept, and has the store swept. */
async function keepWoken(
  { db: database, queue, now }: AppDeps,
  storeHash: string,
  scope: string,
): Promise<void> {
  await database.transaction().execute(async (db) => {
    await db
      .insertInto('woken_webhook')
      .values({ store_hash: storeHash, scope, woken_at: now() })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    await db
      .deleteFrom('woken_webhook')
      .where('store_hash', '=', storeHash)
      .where('woken_at', '<', ({ selectFrom }) =>
        selectFrom('woken_webhook')
          .select('woken_at')
          .where('store_hash', '=', storeHash)
          .orderBy('woken_at', 'desc')
          .offset(WOKEN_KEPT - 1)
          .limit(1),
      )
      .execute();
    await queue.wake('sweep', storeHash, { db });
  });
}

const destinationOf = ({ appUrl }: AppConfig): string => `${appUrl}/webhooks/bigcommerce`;

const isOurs = (config: AppConfig, scope: string, hook: Hook): boolean =>
  hook.scope === scope && hook.destination === destinationOf(config);

const hasHeaders = ({ headers }: Hook, wanted: Readonly<Record<string, string>>): boolean =>
  Object.entries(wanted).every(([name, value]) => headers?.[name] === value);
