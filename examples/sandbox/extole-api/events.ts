import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { refuse } from './errors.js';

/** An event as it was sent. */
export interface SentEvent {
  readonly name: string;
  /** `event_time`, as it was written. */
  readonly time: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly endpoint: 'sync' | 'async';
}

/** An event that Extole took. */
export interface ExtoleEvent extends SentEvent {
  /** What was answered. */
  readonly id: string;
  /** ISO 8601. */
  readonly receivedAt: string;
  /** Whether an event of this name and with this `partner_conversion_id` came before, so that this one counts for nothing. */
  readonly isDuplicate: boolean;
}

/** What comes of an event, where a test decides. */
export type EventAnswer =
  /** It is not taken, and answered with this. */
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown }
  /** The connection breaks, before or after it is taken. */
  | { readonly drop: 'before' | 'after' }
  /** No answer comes until the client goes away, and it is taken or not. */
  | { readonly hang: 'before' | 'after' }
  /** It is taken, and answered late. */
  | { readonly delayMs: number };

/** Asked when an event that is in order has arrived, before it is taken. */
export type AnswerPlan = (event: SentEvent) => EventAnswer | undefined;

/** What a test sees of the events, and how it disturbs them. */
export interface ExtoleEvents {
  /** The events that Extole took since the start or the last clearing, the oldest first. */
  events(): readonly ExtoleEvent[];
  clearEvents(): void;
  /** Has events go wrong from now on; without a plan none does. */
  setAnswer(plan?: AnswerPlan): void;
}

const EVENT = z.object({
  event_name: z.string().optional(),
  event_time: z.string().optional(),
  data: z.record(z.string(), z.unknown()).nullable(),
});

const isTime = (text: string): boolean => z.iso.datetime({ offset: true }).safeParse(text).success;

/**
 * `POST /v6/events` and `POST /v6/async-events`.
 *
 * Like Extole, it takes a `partner_conversion_id` once for each name of an event, and notes whatever comes after it as a duplicate. A
 * refund is told from the others of its order by its own number.
 *
 * Source: Extole, OpenAPI file "Server to Extole", `submitEvent` and `submitEventAsync`; "Inbound events" (duplicates).
 *
 * @param onEvent - Told of each event that is taken.
 */
export function eventRoutes(app: FastifyInstance, onEvent: (event: ExtoleEvent) => void): ExtoleEvents {
  let taken: ExtoleEvent[] = [];
  let known = new Set<string>();
  let planAnswer: AnswerPlan = () => undefined;

  const take = (event: SentEvent): ExtoleEvent => {
    const { partner_conversion_id: conversion, partner_refund_id: refund } = event.data;
    const key = JSON.stringify([event.name, conversion, refund]);
    const isDuplicate = conversion !== undefined && known.has(key);
    known.add(key);
    const one = { ...event, id: randomUUID(), receivedAt: new Date().toISOString(), isDuplicate };
    taken.push(one);
    onEvent(one);
    return one;
  };

  for (const [path, endpoint] of [
    ['/v6/events', 'sync'],
    ['/v6/async-events', 'async'],
  ] as const) {
    app.post(path, async ({ body, raw }, reply) => {
      if (body === undefined) return refuse(reply, 'missing_request_body');
      const said = EVENT.safeParse(body).data;
      if (!said) return refuse(reply, 'binding_error');
      const { event_name: name, event_time: time = new Date().toISOString(), data } = said;
      if (!name) return refuse(reply, 'missing_event_name');
      if (!isTime(time)) return refuse(reply, 'invalid_event_time_format');
      const event: SentEvent = { name, time, data: data ?? {}, endpoint };

      const answer = planAnswer(event) ?? { delayMs: 0 };
      if ('status' in answer)
        return reply
          .code(answer.status)
          .headers({ ...answer.headers })
          .send(answer.body);
      const moment = 'drop' in answer ? answer.drop : 'hang' in answer ? answer.hang : undefined;
      const one = moment === 'before' ? undefined : take(event);
      if ('drop' in answer) raw.socket.destroy();
      if (!one || moment) return new Promise(() => {});
      if ('delayMs' in answer && answer.delayMs > 0) await sleep(answer.delayMs, undefined, { ref: false });
      return { event_id: one.id, ...(endpoint === 'sync' && { person_id: '7465313346145957284' }) };
    });
  }

  return {
    events: () => taken,
    clearEvents() {
      taken = [];
      known = new Set();
    },
    setAnswer(plan = () => undefined) {
      planAnswer = plan;
    },
  };
}
