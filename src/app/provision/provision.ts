import type { JobView } from '../../catalog/admin-api.js';
import type { BigCommerceClient } from '../../store/bigcommerce-client.js';
import { type Outcome, type Progress, publish, unpublish } from '../../store/publish.js';
import { checkSdk } from '../../store/release.js';
import { StoreError } from '../../store/store-error.js';
import type { AppDeps } from '../deps.js';
import type { Tasks } from '../queue/queue.js';
import { isInstalled, storeClient, storeNotInstalled } from '../stores/stores.js';
import { failureOf, isOfOneStorefront, isPassing } from './failure.js';
import { type JobProgress, jobProgress } from './job-progress.js';
import { beginJob, endJob, putBackJob } from './jobs.js';
import { keepLook, type Look } from './look.js';
import { publicationOf } from './publication.js';
import { ensureWebhooks, webhookStates } from './webhooks.js';

/**
 * Brings a store to what its settings say at this moment, by the same code as the command line, and keeps in the row of the job what
 * is done and what became of it. After a release, only what is there is brought to it. A job whose process died goes on from what is there.
 *
 * @throws What may go better later, so that the queue tries again; the job waits. Whatever else goes wrong ends the job.
 */
export async function provision(
  deps: AppDeps,
  ...[{ storeHash, jobId }, attempt]: Parameters<Tasks['provision']>
): Promise<void> {
  const job = await beginJob(deps, storeHash, jobId);
  if (!job) return;
  const progress = jobProgress(deps, job);
  try {
    await bringUpToDate(deps, storeHash, job.kind, progress);
    await progress.written();
    await endJob(deps, storeHash, null);
  } catch (error) {
    const failure = failureOf(error);
    const told = { storeHash, jobId, attempt: attempt.number, code: failure.code };
    // Only what nobody foresaw needs to be looked at in the code.
    if (failure.code === 'INTERNAL') deps.log.error({ ...told, err: error }, 'provisioning broke');
    else deps.log.warn(told, 'a store could not be brought to what its settings say');
    await progress.written();
    const isWorthRetrying = isPassing(error) && !attempt.isLast;
    if (isWorthRetrying && (await putBackJob(deps, storeHash, jobId, failure))) throw error;
    await endJob(deps, storeHash, failure);
    // What the store looks like now is not known.
    await deps.queue.wake('look', storeHash);
  }
}

async function bringUpToDate(
  deps: AppDeps,
  storeHash: string,
  kind: JobView['kind'],
  progress: JobProgress,
): Promise<void> {
  const { config, db, release } = deps;
  const client = await storeClient(deps, storeHash);
  const storefronts = await client.storefronts();
  const { channels, emptyChannelIds, catalystChannelIds } = await publicationOf(
    config,
    db,
    storeHash,
    storefronts,
  );
  if (channels.length > 0) {
    await checkSdk(release.sdk);
    await noteFirstSdk(deps, storeHash);
  }
  for (const { id, name } of storefronts) if (catalystChannelIds.includes(id)) progress.skip(name);

  // What a merchant took out comes back when somebody asks for it.
  const leavesMissing = kind === 'release';
  const tell = (channelIds: readonly number[]): Progress =>
    whileInstalled(deps, storeHash, progress.of(channelIds));
  // What goes makes room for what comes: BigCommerce takes ten scripts.
  const changes = [
    ...(await togetherOrEach(emptyChannelIds, (channelIds) =>
      unpublish(client, { channelIds }, tell(channelIds)),
    )),
    ...(await togetherOrEach(channels, (some) =>
      publish(
        client,
        { channels: some, release, leavesMissing },
        tell(some.map(({ channelId }) => channelId)),
      ),
    )),
  ];
  const webhooks = await tryWebhooks(deps, client);
  const failed = changes.find((change) => 'failure' in change);
  if (failed) throw failed.failure;

  progress.complete();
  const notices = changes.flatMap((change) => ('failure' in change ? [] : change.notices));
  if (leavesMissing) await deps.queue.wake('look', storeHash);
  else await keepLook(deps, storeHash, { lookedAt: deps.now(), differences: [], notices, webhooks });
  await db
    .updateTable('store')
    .set({ published_sdk_url: channels.length > 0 ? release.sdk.url : null })
    .where('store_hash', '=', storeHash)
    .execute();
}

/** Ends a change before its next step once the store is forgotten: whoever cleans it up would not get done with it. */
const whileInstalled = ({ db }: AppDeps, storeHash: string, progress: Progress): Progress => ({
  ...progress,
  async onStep(step, state) {
    if (state === 'begun' && !(await isInstalled(db, storeHash))) throw storeNotInstalled(storeHash);
    progress.onStep?.(step, state);
  },
});

/**
 * Notes which SDK comes into a store before any of it is there, so that roll-outs leave no store out that a job came to in part. What
 * it had before counts until all of it is there.
 */
async function noteFirstSdk({ db, release }: AppDeps, storeHash: string): Promise<void> {
  await db
    .updateTable('store')
    .set({ published_sdk_url: release.sdk.url })
    .where('store_hash', '=', storeHash)
    .where('published_sdk_url', 'is', null)
    .execute();
}

/**
 * Changes storefronts in one go or, where that fails for what may be the fault of one of them, each by itself, so that the others
 * come to what they should be.
 *
 * @returns What came of each change.
 */
async function togetherOrEach<T>(
  storefronts: readonly T[],
  change: (storefronts: readonly T[]) => Promise<Outcome>,
): Promise<(Outcome | { readonly failure: unknown })[]> {
  if (storefronts.length === 0) return [];
  try {
    return [await change(storefronts)];
  } catch (error) {
    if (!isOfOneStorefront(error)) throw error;
    if (storefronts.length === 1) return [{ failure: error }];
    const changes = [];
    for (const storefront of storefronts) changes.push(...(await togetherOrEach([storefront], change)));
    return changes;
  }
}

/** Scripts and widgets do their work without webhooks, so that a store which refuses those is published to all the same. */
async function tryWebhooks(deps: AppDeps, client: BigCommerceClient): Promise<Look['webhooks']> {
  try {
    await ensureWebhooks(deps, client);
    return await webhookStates(deps, client.storeHash, await client.hooks());
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    deps.log.warn({ storeHash: client.storeHash, code: error.code }, 'webhooks could not be made');
    return webhookStates(deps, client.storeHash, []);
  }
}
