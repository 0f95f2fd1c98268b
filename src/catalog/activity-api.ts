import { z } from 'zod';
import type { Failure } from './admin-api.js';
import { ORDER_EVENTS, type OrderEvent } from './settings.js';

/*
 * How the Activity page and the app talk, as `admin-api.ts` says it of the settings page. Times are ISO 8601, in UTC.
 */

/** What an event tells: what became of an order, or nothing but that events arrive. */
export const EVENT_KINDS = [...ORDER_EVENTS, 'test'] as const;
export type EventKind = OrderEvent | 'test';

/**
 * `waiting`: it is still to be delivered. `delivered`: Extole has it. `dead`: Extole refused it for good, or could not be reached for
 * three days; it waits for a replay. `erased`: what it was to tell was erased before it was delivered.
 */
export const EVENT_STATES = ['waiting', 'delivered', 'dead', 'erased'] as const;
export type EventState = (typeof EVENT_STATES)[number];

/** An event in the list. */
export interface EventView {
  /** A UUID. A replay keeps it. */
  readonly id: string;
  readonly kind: EventKind;
  /** What Extole calls it. */
  readonly name: string;
  readonly channelId: number;
  /** `null` for a test. */
  readonly orderId: number | null;
  readonly state: EventState;
  /** When it happened in the store. */
  readonly occurredAt: string;
  /** When we found that it did. */
  readonly createdAt: string;
  readonly deliveredAt: string | null;
  /** When it is tried next; `null` unless it waits. */
  readonly nextAttemptAt: string | null;
  readonly attemptCount: number;
  /** Why the last attempt failed; `null` when it did not. */
  readonly failure: Pick<Failure, 'code' | 'message'> | null;
  /** Whether what was sent is still kept, so that it can be replayed. */
  readonly hasPayload: boolean;
}

/** One try to deliver an event. */
export interface AttemptView {
  readonly number: number;
  readonly startedAt: string;
  /** `null` when it is under way, or its process ended. */
  readonly durationMs: number | null;
  /** The HTTP status; `null` when there was no answer. */
  readonly status: number | null;
  readonly outcome: 'under-way' | 'delivered' | 'retry' | 'refused' | 'paused';
  /** Extole's code and words, or ours where there was no answer; `null` when it went well. */
  readonly failure: Pick<Failure, 'code' | 'message'> | null;
}

/** `GET /api/events/:id`. With `?reveal=true` personal data stands as it was sent, and the log says who looked. */
export interface EventDetail extends EventView {
  /** The body as it is sent; `null` once it is forgotten. Personal data is masked unless it was asked for. */
  readonly payload: {
    readonly event_name: string;
    readonly event_time: string;
    readonly data: Readonly<Record<string, unknown>>;
  } | null;
  /** Whether something in {@link payload} is masked. */
  readonly isMasked: boolean;
  readonly extoleEventId: string | null;
  /** The newest first, at most 100. */
  readonly attempts: readonly AttemptView[];
}

const filterShape = {
  state: z.enum(EVENT_STATES).optional(),
  kind: z.enum(EVENT_KINDS).optional(),
  channelId: z.coerce.number().int().min(1).optional(),
  orderId: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).optional(),
  /** Created at or after it, */
  since: z.iso.datetime({ offset: true }).optional(),
  /** and before it. */
  until: z.iso.datetime({ offset: true }).optional(),
};

/** Which events are meant. Without members: all of the store. */
export const eventFilterSchema = z.strictObject(filterShape);
export type EventFilter = z.infer<typeof eventFilterSchema>;

/** The query of `GET /api/events` (50 at a time, the newest first), and without `cursor` of `GET /api/events.csv`. */
export const eventQuerySchema = z.strictObject({
  ...filterShape,
  /** What the page before answered with as `next`. */
  cursor: z.string().max(200).optional(),
});

/** `GET /api/events` */
export interface EventsAnswer {
  readonly events: readonly EventView[];
  /** The cursor of the next page; `null` on the last. */
  readonly next: string | null;
}

/** `POST /api/events/replay`: those events, or all that a filter names. Each keeps its id and what it tells. */
export const replayBodySchema = z.union([
  z.strictObject({ ids: z.array(z.uuid()).min(1).max(500) }),
  z.strictObject({ filter: eventFilterSchema }),
]);
export type ReplayBody = z.infer<typeof replayBodySchema>;

/** What `POST /api/events/replay` answers, with 202. */
export interface ReplayAnswer {
  readonly replayed: number;
  /** How many can't be replayed, since what they told is forgotten or erased. */
  readonly forgotten: number;
}

/** `POST /api/events/test` answers an {@link EventView} with 202. Extole keeps it out of its reports. */
export const testBodySchema = z.strictObject({ channelId: z.int().min(1) });

/** `POST /api/orders/import` answers an {@link ImportView} with 202; 409 `IMPORT_RUNNING` while one runs. */
export const importBodySchema = z.strictObject({ since: z.iso.datetime({ offset: true }) });

/** Orders from before the app was installed, on their way. */
export interface ImportView {
  readonly id: string;
  readonly since: string;
  readonly state: 'running' | 'done' | 'failed';
  /** How many orders were found so far. */
  readonly found: number;
  readonly failure: Pick<Failure, 'code' | 'message'> | null;
  readonly createdAt: string;
  readonly finishedAt: string | null;
}

/** `POST /api/erasures` answers an {@link ErasureView}. One of both. */
export const erasureBodySchema = z.union([
  z.strictObject({ email: z.email().max(256) }),
  z.strictObject({ customerId: z.int().min(1).max(Number.MAX_SAFE_INTEGER) }),
]);
export type ErasureBody = z.infer<typeof erasureBodySchema>;

/** The record of an erasure. It does not say of whom. `GET /api/erasures` answers the last 100, the newest first. */
export interface ErasureView {
  readonly id: string;
  readonly by: 'email' | 'customer-id';
  readonly erasedAt: string;
  /** The e-mail of who asked for it, of the store's staff; `null` when that user is gone. */
  readonly askedBy: string | null;
  /** How many events held something of that person. */
  readonly events: number;
}

/** Why nothing is delivered for a storefront. */
export interface PauseView {
  /** Whose settings have the token. */
  readonly channelId: number;
  /**
   * `no-token`: there is none. `token-refused`: Extole takes it no more, or it can't be opened. `rate-limited`: Extole takes no more at the
   * moment.
   */
  readonly reason: 'no-token' | 'token-refused' | 'rate-limited';
  readonly since: string;
  /** When the next try is; a new token does not wait for it. */
  readonly until: string;
  readonly failure: Pick<Failure, 'code' | 'message'>;
}

/** `GET /api/activity`: how things stand. */
export interface ActivityAnswer {
  /** How many events wait, and how many wait for a replay. */
  readonly waiting: number;
  readonly dead: number;
  readonly oldestWaitingAt: string | null;
  /** How many orders wait to be looked at, and why the last look failed, if one did. */
  readonly ordersToLookAt: number;
  readonly lookFailure: Pick<Failure, 'code' | 'message'> | null;
  /** The last 14 days in UTC, today last. */
  readonly days: readonly {
    /** `2026-03-01` */
    readonly day: string;
    /** Events found on that day, by what has become of them. */
    readonly delivered: number;
    readonly waiting: number;
    readonly dead: number;
    /** How old the oldest undelivered event was at the end of that day (now, for today); 0 when there was none. */
    readonly oldestWaitingSeconds: number;
  }[];
  readonly pauses: readonly PauseView[];
  /** Webhooks that BigCommerce had switched off, and that we woke up: the last 10. */
  readonly wokenWebhooks: readonly { readonly scope: string; readonly wokenAt: string }[];
  /** The search for orders that no webhook told of. */
  readonly sweep: {
    /** Orders that were placed before are none of ours. */
    readonly ordersSince: string;
    readonly sweptAt: string | null;
    /** Found by the last one, and by all. */
    readonly lastFound: number;
    readonly totalFound: number;
  };
  /** The last one; `null` when there was none. */
  readonly import: ImportView | null;
  /** For how many days payloads are kept. */
  readonly payloadDays: number;
}
