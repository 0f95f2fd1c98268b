import { sql } from 'kysely';
import type { Failure } from '../../catalog/admin-api.js';
import type { TokenOwner } from '../deliveries/pauses.js';
import type { AppDeps, Database } from '../deps.js';
import type { RewardQueue } from './claim-reward.js';

type Why = Pick<Failure, 'code' | 'message'>;
type Deps = Pick<AppDeps, 'db' | 'log' | 'now' | 'timing'>;

/**
 * Has the rewards of a storefront's Extole account that are due wait until then, since Extole takes nothing with its token. Nothing happens when the
 * settings have another token by now, which the failure says nothing of: whoever saves one at this moment waits for us, or we for them.
 */
export async function putOffLane(
  deps: Deps,
  lane: RewardQueue,
  owner: TokenOwner,
  failure: Why,
  until: Date,
): Promise<void> {
  const { storeHash, channelId } = lane;
  await deps.db.transaction().execute(async (db) => {
    const saved = await db
      .selectFrom('channel_settings')
      .select('channel_id')
      .where('store_hash', '=', storeHash)
      .where('channel_id', '=', owner.channelId)
      .where('access_token', 'is not distinct from', owner.sealedToken)
      .forShare()
      .executeTakeFirst();
    if (!saved) return;
    await putOff(deps, db, storeHash, failure, until).where('channel_id', '=', channelId).execute();
    deps.log.warn(
      { storeHash, channelId, until, code: failure.code },
      'rewards of a storefront have to wait',
    );
  });
}

/**
 * Has the rewards of a storefront's Extole account that are due wait until then where the settings say that nothing is to be done about them. Whoever
 * saves some at this moment waits for us, or we for them.
 *
 * @param whyIn - What they say, in the transaction that it is given; `undefined`: the rewards need not wait. `null`: nothing is wrong.
 */
export async function putOffByChoice(
  deps: Deps,
  { storeHash, channelId }: RewardQueue,
  whyIn: (db: Database) => Promise<Why | null | undefined>,
  until: Date,
): Promise<void> {
  await deps.db.transaction().execute(async (db) => {
    await db
      .selectFrom('store')
      .select('store_hash')
      .where('store_hash', '=', storeHash)
      .forShare()
      .executeTakeFirst();
    const why = await whyIn(db);
    if (why === undefined) return;
    await putOff(deps, db, storeHash, why, until).where('channel_id', '=', channelId).execute();
  });
}

/** Has all rewards of a store that are due wait until then, since BigCommerce does not let us in. */
export async function putOffStore(deps: Deps, storeHash: string, failure: Why, until: Date): Promise<void> {
  await putOff(deps, deps.db, storeHash, failure, until).execute();
  deps.log.warn({ storeHash, until, code: failure.code }, 'rewards of a store have to wait');
}

/**
 * It says nothing of a reward itself, which therefore does not fail. What waits for a later time meets the same trouble then: it is not written again
 * with whatever comes in. Whoever locks several does so in the order of their ids.
 */
const putOff = ({ now, timing }: Deps, db: Database, storeHash: string, failure: Why | null, until: Date) =>
  db
    .updateTable('reward')
    .set({
      due_at: until,
      failing_since: null,
      // Of one that is through and is only looked at again, it says nothing.
      failure_code: sql`case state when 'waiting' then ${failure?.code ?? null} else failure_code end`,
      failure_message: sql`case state when 'waiting' then ${failure?.message ?? null} else failure_message end`,
    })
    .where('store_hash', '=', storeHash)
    .where('reward_id', 'in', ({ selectFrom }) =>
      selectFrom('reward')
        .select('reward_id')
        .where('store_hash', '=', storeHash)
        .where('due_at', '<', until)
        // Due, or worked at.
        .where('due_at', '<=', new Date(now().getTime() + timing.leaseMs))
        .orderBy('reward_id')
        .forUpdate(),
    );
