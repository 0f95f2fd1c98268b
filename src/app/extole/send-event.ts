import { z } from 'zod';
import type { Settings } from '../../catalog/settings.js';
import type { EventBody } from '../deliveries/event-body.js';
import type { AppDeps } from '../deps.js';
import { askExtole, type ExtoleFailure, type ExtoleTrouble, harmless } from './ask-extole.js';

/** Where an event goes, and with whose token. */
export interface EventRoute {
  readonly endpoint: Settings['eventEndpoint'];
  /** Told to Extole and to nobody else. */
  readonly token: string;
}

/** How Extole took an event. `status` is that of its answer. */
export type SendResult =
  | { readonly kind: 'accepted'; readonly status: number; readonly extoleEventId: string }
  | ExtoleTrouble;

/** Why it was not taken. */
export type SendFailure = ExtoleFailure;

/** What is read of an answer. Extole's are smaller than 1 KB. */
const MAX_BYTES = 64_000;

const PATHS = { async: '/v6/async-events', sync: '/v6/events' } as const;

/** Source: Extole, OpenAPI file "Server to Extole", `EventDispatcherResponse` and `EventDispatcherAsyncResponse`. */
const acceptedSchema = z.object({ event_id: z.string().min(1) });

/**
 * Tells Extole of an event, once. Settles within `timing.attemptTimeoutMs`, never with an error.
 *
 * Source: Extole, OpenAPI file "Server to Extole", `POST /v6/events` and `POST /v6/async-events`.
 */
export async function sendEvent(
  deps: Pick<AppDeps, 'config' | 'metrics' | 'timing'>,
  { endpoint, token }: EventRoute,
  body: EventBody,
): Promise<SendResult> {
  const answer = await askExtole(deps, {
    method: 'POST',
    path: PATHS[endpoint],
    token,
    body,
    maxBytes: MAX_BYTES,
    schema: acceptedSchema,
    wanted: 'an event id',
  });
  if (answer.kind !== 'accepted') return answer;
  const { kind, status, content } = answer;
  return { kind, status, extoleEventId: harmless(content.event_id, token) };
}
