import { settleAll } from '../deliveries/settle-all.js';
import { failureOf } from '../provision/failure.js';
import { storeClient } from '../stores/stores.js';
import { checkCodes, nextCheckAt } from './check-codes.js';
import { putOffStore } from './put-off.js';
import { type RewardLane, rewardLanes } from './reward-lanes.js';
import { troubleOf } from './reward-trouble.js';
import { type RewardDeps, workAtRewards } from './work-at-rewards.js';

/*
 * Which rewards are due stands in table `reward`; the job only says that there are some. What a turn does not come to, for whatever reason, stays due.
 */

/** The longest that a call may take in all: longer than BigCommerce's window of calls, so that a spent quota is there again. */
const CALL_TIMEOUT_MS = 35_000;

/**
 * Works at the rewards of a store that are due, and looks for codes that nobody is to have: as much as a turn has time for. The next turn waits in the
 * queue then, behind other stores' where more is due now.
 *
 * A reward that can't be fulfilled for now is tried again, later each time, and never given up. Where Extole takes nothing with a token, or BigCommerce
 * does not let us in, rewards wait for an hour, or until `resumeRewards` has them go on.
 *
 * Settles when the turn is over. Rejects only when the database fails: what is not done is as due as before then. Any number of turns may go on at the
 * same time, and die at any moment: a reward ends with one code, and Extole has it.
 */
export async function fulfillRewards(deps: RewardDeps, storeHash: string): Promise<void> {
  const { db, now, queue } = deps;
  const lanes = await rewardLanes(deps, storeHash);
  const open = lanes.flatMap((one) => ('lane' in one ? [one.lane] : []));
  const times = lanes.flatMap((one) => ('opensAt' in one ? [one.opensAt] : []));
  const checkAt = await nextCheckAt(db, storeHash);
  const isTurn = open.length > 0 || (checkAt !== undefined && checkAt <= now());
  const goesOnAt = isTurn ? await takeTurn(deps, storeHash, open) : checkAt;

  const next = earliest([...times, goesOnAt]);
  if (!next) return;
  await queue.wake('fulfill-rewards', storeHash, next <= now() ? {} : { runAt: next, keepsRunAt: true });
}

/** @returns When to go on; `undefined`: nothing waits. */
async function takeTurn(
  deps: RewardDeps,
  storeHash: string,
  lanes: readonly RewardLane[],
): Promise<Date | undefined> {
  try {
    const client = await storeClient(deps, storeHash, { totalTimeoutMs: CALL_TIMEOUT_MS });
    const times = await settleAll(lanes.map((lane) => workAtRewards(deps, client, lane)));
    await checkCodes(deps, client);
    return earliest([...times, await nextCheckAt(deps.db, storeHash)]);
  } catch (error) {
    const { kind, until } = troubleOf(error, deps);
    if (kind !== 'store') throw error;
    await putOffStore(deps, storeHash, failureOf(error), until);
    return until;
  }
}

const earliest = (times: readonly (Date | undefined)[]): Date | undefined =>
  times.filter((time) => time !== undefined).sort((one, other) => one.getTime() - other.getTime())[0];
