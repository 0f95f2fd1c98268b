import type { Failure, StatusAnswer } from '../../catalog/admin-api.js';
import type { BigCommerceClient } from '../../store/bigcommerce-client.js';
import { publish, unpublish } from '../../store/publish.js';
import type { AppDeps } from '../deps.js';
import { storeClient } from '../stores/stores.js';
import { failureOf } from './failure.js';
import { publicationOf } from './publication.js';
import { webhookStates } from './webhooks.js';

/** What was seen of a store. */
export interface Look extends Pick<StatusAnswer, 'differences' | 'notices' | 'webhooks'> {
  /** When the look began. */
  readonly lookedAt: Date;
}

/**
 * Looks at a store, changes nothing there, and keeps what was seen: it is put right only when the merchant asks for it. Where the
 * store can't be looked at, that is kept beside what was seen before.
 *
 * @throws {StoreError} Those of `publish`, once they are kept.
 * @throws {AppError} `STORE_NOT_INSTALLED`, and nothing is kept.
 */
export async function lookAtStore(deps: AppDeps, storeHash: string): Promise<Look> {
  const { log, metrics } = deps;
  const client = await storeClient(deps, storeHash);
  const lookedAt = deps.now();
  try {
    const look = {
      lookedAt,
      ...(await differencesIn(deps, client)),
      webhooks: await webhookStates(deps, storeHash, await client.hooks()),
    };
    await keepLook(deps, storeHash, look);
    metrics.looks.inc({ outcome: look.differences.length > 0 ? 'differs' : 'in-place' });
    log.info({ storeHash, differences: look.differences.length }, 'looked at a store');
    return look;
  } catch (error) {
    const failure = failureOf(error);
    metrics.looks.inc({ outcome: 'failed' });
    log.warn({ storeHash, code: failure.code }, 'a store could not be looked at');
    await keepFailure(deps, storeHash, failure);
    throw error;
  }
}

/** Keeps what was seen of a store, unless a later look is kept already. */
export async function keepLook(
  { db }: Pick<AppDeps, 'db'>,
  storeHash: string,
  { lookedAt, differences, notices, webhooks }: Look,
): Promise<void> {
  const seen = {
    looked_at: lookedAt,
    differences: JSON.stringify(differences),
    notices: JSON.stringify(notices),
    webhooks: JSON.stringify(webhooks),
    failure_code: null,
    failure_message: null,
  };
  await db
    .insertInto('store_look')
    .values({ store_hash: storeHash, ...seen })
    .onConflict((conflict) =>
      conflict
        .column('store_hash')
        .doUpdateSet(seen)
        .where(({ eb, or }) =>
          or([eb('store_look.looked_at', 'is', null), eb('store_look.looked_at', '<=', lookedAt)]),
        ),
    )
    .execute();
}

async function keepFailure({ db }: AppDeps, storeHash: string, { code, message }: Failure): Promise<void> {
  const failure = { failure_code: code, failure_message: message };
  await db
    .insertInto('store_look')
    .values({ store_hash: storeHash, differences: '[]', notices: '[]', webhooks: '[]', ...failure })
    .onConflict((conflict) => conflict.column('store_hash').doUpdateSet(failure))
    .execute();
}

async function differencesIn(
  { config, db, release }: AppDeps,
  client: BigCommerceClient,
): Promise<Pick<Look, 'differences' | 'notices'>> {
  const storefronts = await client.storefronts();
  const { channels, emptyChannelIds } = await publicationOf(config, db, client.storeHash, storefronts);
  const isDryRun = true;
  const outcomes = [
    await unpublish(client, { channelIds: emptyChannelIds, isDryRun }),
    await publish(client, { channels, release, isDryRun }),
  ];
  return {
    differences: outcomes
      .flatMap(({ steps }) => steps)
      .map(({ channelId, object: what, name, action }) => ({ channelId, what, name, action })),
    notices: outcomes.flatMap(({ notices }) => notices),
  };
}
