/** What Extole is told of an event. */
export interface EventBody {
  readonly event_name: string;
  /** ISO 8601, in UTC. */
  readonly event_time: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/**
 * What is sent of an event, the same each time that it is.
 *
 * Source: Extole, OpenAPI file "Server to Extole", `EventDispatcherRequest`.
 */
export function eventBody(event: {
  readonly name: string;
  readonly occurred_at: Date;
  readonly data: Readonly<Record<string, unknown>>;
}): EventBody {
  return { event_name: event.name, event_time: event.occurred_at.toISOString(), data: event.data };
}
