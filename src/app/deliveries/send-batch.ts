import type { AppDeps } from '../deps.js';
import { type SendResult, sendEvent } from '../extole/send-event.js';
import { type ClaimedEvent, giveBack } from './claim.js';
import { eventBody } from './event-body.js';
import type { Lane } from './lanes.js';
import { endPause, pauseAfter, pauseToken } from './pauses.js';
import { settleAll } from './settle-all.js';
import { verdictOn } from './verdict.js';
import { outcomeWriter } from './write-outcomes.js';

/** How many events of one token are under way at the same time, and so how many a crash may have sent twice. */
const PARALLEL = 8;

type Deps = Pick<AppDeps, 'config' | 'db' | 'log' | 'metrics' | 'now' | 'random' | 'timing'>;

/**
 * Tries claimed events of one lane. Settles when the outcome of each is written. Those that are not tried are given back: all that are left
 * when Extole takes no more with this token, when as many attempts in a row failed as go at the same time (Extole is away, and nothing
 * is gained by having all of them fail), or when the lease leaves no time for an attempt.
 *
 * @returns When to go on; `undefined`: as soon as an event is due.
 */
export async function sendBatch(
  deps: Deps,
  lane: Lane,
  events: readonly ClaimedEvent[],
): Promise<Date | undefined> {
  const { db, log, metrics, now, timing } = deps;
  const write = outcomeWriter(db);
  const waiting = [...events];
  let failedInARow = 0;
  let isPaused = false;
  // Of an ending pause nobody knows yet that it is over.
  let goesOnAt = lane.ending?.until;

  const heed = async (result: SendResult): Promise<void> => {
    failedInARow = result.kind === 'failed' ? failedInARow + 1 : 0;
    switch (result.kind) {
      case 'accepted':
      case 'refused':
        if (!lane.ending) return;
        goesOnAt = undefined;
        return endPause(db, lane, lane.ending.since);
      case 'failed':
        if (failedInARow !== PARALLEL) return;
        goesOnAt = new Date(now().getTime() + timing.retryBaseMs);
        return giveBack(db, waiting.splice(0));
      default: {
        // So may those that were under way at the same time be told.
        if (isPaused) return;
        isPaused = true;
        const rest = waiting.splice(0);
        const pause = pauseAfter(result, lane.ending, deps);
        goesOnAt = pause.until;
        // Nobody claims again what is given back before there is a pause.
        await pauseToken(deps, lane, pause, result.failure);
        return giveBack(db, rest);
      }
    }
  };
  const attempt = async (event: ClaimedEvent): Promise<void> => {
    const startedAt = now();
    const begun = performance.now();
    const result = await sendEvent(deps, lane.route, eventBody(event));
    const durationMs = Math.round(performance.now() - begun);
    const verdict = verdictOn(result, event, deps);
    const endedAt = now();
    const outcome = verdict.state === 'waiting' ? verdict.attempt : verdict.state;
    metrics.events.inc({ kind: event.kind, outcome });
    if (verdict.state === 'delivered' && !event.delivered_at) {
      metrics.eventDelay.observe((endedAt.getTime() - event.created_at.getTime()) / 1_000);
    }
    if (verdict.state === 'dead') {
      const { id, kind } = event;
      log.info(
        { storeHash: lane.storeHash, eventId: id, kind, code: verdict.failure?.code },
        'an event is given up',
      );
    }
    const { status } = result;
    await settleAll([
      heed(result),
      write({ ...verdict, eventId: event.id, number: event.number, startedAt, endedAt, durationMs, status }),
    ]);
  };
  const goOn = async (): Promise<void> => {
    for (let event = waiting.shift(); event; event = waiting.shift()) {
      if (now().getTime() + timing.attemptTimeoutMs <= event.lease_ends_at.getTime()) await attempt(event);
      else await giveBack(db, [event, ...waiting.splice(0)]);
    }
  };
  await settleAll(Array.from({ length: PARALLEL }, goOn));
  return goesOnAt;
}
