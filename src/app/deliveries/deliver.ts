import type { AppDeps } from '../deps.js';
import { claim, nextDueAt } from './claim.js';
import { type Lane, lanesOf } from './lanes.js';
import { sendBatch } from './send-batch.js';
import { settleAll } from './settle-all.js';

/** What deliveries work with. */
export type DeliveryDeps = Omit<AppDeps, 'release'>;

/** How many events of one token go before it is another store's turn. */
const BATCH = 50;

/**
 * Delivers events of a store that are due: a batch of each token. Settles when their outcomes are written, and the store has its next turn: at
 * the back of the queue when more is due, otherwise when something will be.
 *
 * The rows are the truth. Whatever dies at whatever moment, each event waits, or belongs to somebody until a lease ends, and is found again.
 *
 * Safe to run in several processes at once.
 */
export async function deliver(deps: DeliveryDeps, storeHash: string): Promise<void> {
  const { now, queue } = deps;
  const lanes = await lanesOf(deps, storeHash);
  const times = await settleAll(
    lanes.map(async (one) => ('lane' in one ? deliverBatch(deps, one.lane) : one.opensAt)),
  );
  const next = Math.min(...times.map((time) => time?.getTime() ?? Number.POSITIVE_INFINITY));
  if (next === Number.POSITIVE_INFINITY) return;
  const isDue = next <= now().getTime();
  await queue.wake('deliver', storeHash, isDue ? {} : { runAt: new Date(next), keepsRunAt: true });
}

/** @returns When the lane has something to do next. */
async function deliverBatch(deps: DeliveryDeps, lane: Lane): Promise<Date | undefined> {
  const { storeHash, channelIds, ending } = lane;
  const claimBatch = () => claim(deps, storeHash, channelIds, BATCH);
  // After a pause, one event shows whether it is over.
  const events = ending ? await claim(deps, storeHash, channelIds, 1) : await claimBatch();
  const goesOnAt = await sendBatch(deps, lane, events, claimBatch);
  return goesOnAt ?? nextDueAt(deps.db, storeHash, channelIds);
}
