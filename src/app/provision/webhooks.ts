import type { StatusAnswer } from '../../catalog/admin-api.js';
import type { BigCommerceClient } from '../../store/bigcommerce-client.js';
import type { Hook } from '../../store/bigcommerce-types.js';
import type { AppConfig } from '../config.js';
import type { AppDeps } from '../deps.js';
import { storeNotInstalled } from '../stores/stores.js';

/** What BigCommerce tells us of. Source: BigCommerce, "Webhook events". */
export const WEBHOOK_SCOPES = [
  'store/channel/created',
  'store/channel/updated',
  'store/app/uninstalled',
] as const;

/** The header that says that a webhook is BigCommerce's. */
export const WEBHOOK_SECRET_HEADER = 'x-extole-webhook-secret';

type WebhookState = StatusAnswer['webhooks'][number];

/** What a store's webhook secret is sealed for. */
export const webhookSecretPurpose = (storeHash: string): string => `webhook-secret:${storeHash}`;

/** Which of our webhooks a store has, and whether they take events. */
export function webhookStates(config: AppConfig, hooks: readonly Hook[]): WebhookState[] {
  return WEBHOOK_SCOPES.map((scope) => ({
    scope,
    isActive: hooks.some((hook) => isOurs(config, scope, hook) && hook.is_active === true),
  }));
}

/**
 * Has BigCommerce tell us of what happens in a store: makes the webhooks that are missing, and wakes those that it put to sleep. Those
 * that lead to a former address of the app go.
 *
 * @throws {BigCommerceError} Any of its codes. What is done stays done.
 * @throws {AppError} `STORE_NOT_INSTALLED`, `SECRET_UNREADABLE`
 */
export async function ensureWebhooks(deps: AppDeps, client: BigCommerceClient): Promise<void> {
  const { config } = deps;
  const secret = await webhookSecretOf(deps, client.storeHash);
  if (secret === undefined) throw storeNotInstalled(client.storeHash);
  const headers = { [WEBHOOK_SECRET_HEADER]: secret };
  const hooks = await client.hooks();
  for (const scope of WEBHOOK_SCOPES) {
    const fields = { scope, destination: destinationOf(config), is_active: true, headers };
    const found = hooks.find((hook) => isOurs(config, scope, hook));
    if (!found) await client.createHook(fields);
    else if (!found.is_active || !hasHeaders(found, headers)) await client.updateHook(found.id, fields);
  }
  for (const { id, scope, destination } of hooks) {
    const isFormer = destination !== destinationOf(config) && WEBHOOK_SCOPES.some((ours) => ours === scope);
    if (isFormer) await client.deleteHook(id);
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
  const store = await db
    .selectFrom('store')
    .select('webhook_secret')
    .where('store_hash', '=', storeHash)
    .where('uninstalled_at', 'is', null)
    .executeTakeFirst();
  return store?.webhook_secret
    ? secrets.open(store.webhook_secret, webhookSecretPurpose(storeHash))
    : undefined;
}

const destinationOf = ({ appUrl }: AppConfig): string => `${appUrl}/webhooks/bigcommerce`;

const isOurs = (config: AppConfig, scope: string, hook: Hook): boolean =>
  hook.scope === scope && hook.destination === destinationOf(config);

const hasHeaders = ({ headers }: Hook, wanted: Readonly<Record<string, string>>): boolean =>
  Object.entries(wanted).every(([name, value]) => headers?.[name] === value);
