import { setTimeout as sleep } from 'node:timers/promises';
import type { AppDeps } from '../deps.js';
import { type SendResult, sendEvent } from '../extole/send-event.js';
import { type ClaimedEvent, giveBack } from './claim.js';
import { eventBody } from './event-body.js';
import type { Lane } from './lanes.js';
import { endPause, pauseAfter, pauseToken, probeAgain } from './pauses.js';
import { settleAll } from './settle-all.js';
import { verdictOn } from './verdict.js';
import { outcomeWriter } from './write-outcomes.js';

/** How many events of one token are under way at the same time, and so how many a crash may have sent twice. */
const PARALLEL = 8;

/** From when on an attempt is slow, and for how long after the beginning of a batch more is claimed beside those that are. */
const SLOW_MS = 1_000;
const TURN_MS = 10_000;

type Deps = Pick<AppDeps, 'config' | 'db' | 'log' | 'metrics' | 'now' | 'random' | 'timing'>;

/**
 * Tries claimed events of one lane. Settles when the outcome of each is written. Those that are not tried are given back: all that are left
 * when Extole takes no more with this token, when as many attempts in a row failed as go at the same time (Extole is away, and nothing
 * is gained by having all of them fail), or when the lease leaves no time for an attempt.
 *
 * A batch ends with its last attempt. One that Extole leaves without an answer would have all of a store wait for it, so as long as there is a
 * slow one, further events go beside it.
 *
 * @param claimMore - Claims as many again.
 * @returns When to go on; `undefined`: as soon as an event is due.
 */
export async function sendBatch(
  deps: Deps,
  lane: Lane,
  events: readonly ClaimedEvent[],
  claimMore: () => Promise<readonly ClaimedEvent[]>,
): Promise<Date | undefined> {
  const { db, log, metrics, now, timing } = deps;
  const write = outcomeWriter(db);
  const waiting = [...events];
  const endsAtMs = performance.now() + TURN_MS;
  /** The attempts that go on, the oldest first, and when each began. */
  const underWay = new Map<Promise<void>, number>();
  let claiming: Promise<unknown> | undefined;
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
        if (!lane.ending && failedInARow !== PARALLEL) return;
        goesOnAt = new Date(now().getTime() + timing.retryBaseMs);
        if (lane.ending) return probeAgain(db, lane, lane.ending.since, goesOnAt);
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
  const follow = async (going: Promise<void>): Promise<void> => {
    underWay.set(going, performance.now());
    await going.finally(() => underWay.delete(going));
  };
  /** Whether the batch would have to wait for a slow attempt. Settles when that is known. */
  const isHeldUp = async (): Promise<boolean> => {
    const [begunMs] = underWay.values();
    if (begunMs === undefined) return false;
    const slowInMs = Math.max(begunMs + SLOW_MS - performance.now(), 0);
    return Promise.race([
      Promise.allSettled(underWay.keys()).then(() => false),
      sleep(slowInMs, true, { ref: false }),
    ]);
  };
  const mayGoOn = (): boolean => !isPaused && failedInARow < PARALLEL;
  const takeMore = async (): Promise<unknown> => {
    const more = await claimMore();
    return mayGoOn() ? waiting.push(...more) : giveBack(db, more);
  };
  const next = async (): Promise<ClaimedEvent | undefined> => {
    if (waiting.length === 0 && !lane.ending && (await isHeldUp())) {
      if (waiting.length === 0 && mayGoOn() && performance.now() < endsAtMs) {
        claiming ??= takeMore().finally(() => {
          claiming = undefined;
        });
        await claiming;
      }
    }
    return waiting.shift();
  };
  const goOn = async (): Promise<void> => {
    for (let event = await next(); event; event = await next()) {
      if (now().getTime() + timing.attemptTimeoutMs <= event.lease_ends_at.getTime()) {
        await follow(attempt(event));
      } else await giveBack(db, [event, ...waiting.splice(0)]);
    }
  };
  await settleAll(Array.from({ length: PARALLEL }, goOn));
  return goesOnAt;
}
