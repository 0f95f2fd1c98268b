import type { Failure } from '../../catalog/admin-api.js';
import type { AppDeps, Database } from '../deps.js';
import { failureColumns } from '../provision/failure.js';
import type { RewardQueue } from './claim-reward.js';

/** Whose token of Extole's it is, and which. */
export interface TokenOwner {
  /** The storefront whose settings have it. */
  readonly channelId: number;
  /** As it is in the settings; `null`: there is none. */
  readonly sealedToken: Buffer | null;
}

type Why = Pick<Failure, 'code' | 'message'>;

/**
 * Has the rewards of a storefront's Extole account that are due before then wait until then, since Extole takes nothing with its token. Nothing
 * happens when the settings have another token by now, which the failure says nothing of: whoever saves one at this moment waits for us, or we for
 * them.
 */
export async function putOffLane(
  { db: database, log }: Pick<AppDeps, 'db' | 'log'>,
  { storeHash, channelId }: RewardQueue,
  owner: TokenOwner,
  failure: Why,
  until: Date,
): Promise<void> {
  await database.transaction().execute(async (db) => {
    const saved = await db
      .selectFrom('channel_settings')
      .select('channel_id')
      .where('store_hash', '=', storeHash)
      .where('channel_id', '=', owner.channelId)
      .where('access_token', 'is not distinct from', owner.sealedToken)
      .forShare()
      .executeTakeFirst();
    if (!saved) return;
    await putOff(db, storeHash, failure, until).where('channel_id', '=', channelId).execute();
    log.warn({ storeHash, channelId, until, code: failure.code }, 'rewards of a storefront have to wait');
  });
}

/** Has all rewards of a store that are due before then wait until then, since BigCommerce does not let us in. */
export async function putOffStore(
  { db, log }: Pick<AppDeps, 'db' | 'log'>,
  storeHash: string,
  failure: Why,
  until: Date,
): Promise<void> {
  await putOff(db, storeHash, failure, until).execute();
  log.warn({ storeHash, until, code: failure.code }, 'rewards of a store have to wait');
}

/** It says nothing of a reward itself, which therefore does not fail. Whoever locks several does so in the order of their ids. */
const putOff = (db: Database, storeHash: string, failure: Why, until: Date) =>
  db
    .updateTable('reward')
    .set({ due_at: until, failing_since: null, ...failureColumns(failure) })
    .where('store_hash', '=', storeHash)
    .where('reward_id', 'in', ({ selectFrom }) =>
      selectFrom('reward')
        .select('reward_id')
        .where('store_hash', '=', storeHash)
        .where('due_at', '<', until)
        .orderBy('reward_id')
        .forUpdate(),
    );
