import type { Selectable } from 'kysely';
import type { AttemptTable, EventTable } from '../database/tables.js';
import type { AppDeps } from '../deps.js';
import type { SendFailure, SendResult } from '../extole/send-event.js';
import type { ClaimedEvent } from './claim.js';
import { retryAt } from './retry-at.js';

/** What becomes of an event after an attempt. */
export interface Verdict {
  readonly attempt: Selectable<AttemptTable>['outcome'];
  readonly state: Selectable<EventTable>['state'];
  /** When it is tried again; `null` unless it waits. */
  readonly dueAt: Date | null;
  readonly failingSince: Date | null;
  readonly failure: SendFailure | null;
  readonly extoleEventId: string | null;
}

/**
 * Decides what becomes of an event. What is over by itself is tried again, each time after twice the time, until it failed for `giveUpMs`; what
 * says something of the token and nothing of the event leaves it as it was.
 */
export function verdictOn(
  result: SendResult,
  event: ClaimedEvent,
  deps: Pick<AppDeps, 'now' | 'timing' | 'random'>,
): Verdict {
  const { now, timing } = deps;
  const waiting = { state: 'waiting', extoleEventId: null } as const;
  switch (result.kind) {
    case 'accepted': {
      const { extoleEventId } = result;
      return {
        attempt: 'delivered',
        state: 'delivered',
        dueAt: null,
        failingSince: null,
        failure: null,
        extoleEventId,
      };
    }
    case 'refused':
      return {
        attempt: 'refused',
        state: 'dead',
        dueAt: null,
        failingSince: event.failing_since,
        failure: result.failure,
        extoleEventId: null,
      };
    case 'rate-limited':
    case 'token-refused':
      return {
        ...waiting,
        attempt: 'paused',
        dueAt: event.was_due_at,
        failingSince: event.failing_since,
        failure: result.failure,
      };
    case 'failed': {
      const failedAt = now();
      const failingSince = failingSinceOf(event) ?? failedAt;
      const failingMs = failedAt.getTime() - failingSince.getTime();
      const failed = {
        attempt: 'retry',
        failingSince,
        failure: result.failure,
        extoleEventId: null,
      } as const;
      if (failingMs >= timing.giveUpMs) return { ...failed, state: 'dead', dueAt: null };
      return { ...failed, state: 'waiting', dueAt: retryAt(deps, failingSince) };
    }
  }
}

/** While an event was due and not tried, as in a pause or while no process ran, it did not fail. */
function failingSinceOf({ failing_since, was_due_at, claimed_at }: ClaimedEvent): Date | null {
  if (failing_since === null) return null;
  const untriedMs = Math.max(claimed_at.getTime() - was_due_at.getTime(), 0);
  return new Date(failing_since.getTime() + untriedMs);
}
