import { randomUUID } from 'node:crypto';
import type { FastifyReply } from 'fastify';

/** Extole's errors, by the codes of its specification. `not_found` and `software_error` are our own. */
const ERRORS = {
  binding_error: { status: 400, message: 'Argument is not of the expected type' },
  invalid_event_time_format: {
    status: 400,
    message: 'Invalid event time format. Expected: ISO8601 format',
  },
  invalid_json: { status: 400, message: 'JSON is invalid' },
  invalid_limit: { status: 400, message: 'Limit should be a non negative integer' },
  invalid_offset: { status: 400, message: 'Offset should be a non negative integer' },
  max_fetch_size_1000: {
    status: 400,
    message: 'Maximum allowed difference between limit and offset should be 1000',
  },
  missing_event_name: { status: 400, message: 'Event name is required.' },
  missing_request_body: { status: 400, message: 'Missing request body' },
  reward_illegal_state_transition: {
    status: 400,
    message: 'Reward illegal state transition for current state',
  },
  reward_in_not_retryable_state: { status: 400, message: 'Reward is in a not retryable state' },
  reward_not_found: { status: 400, message: 'Reward not found' },
  reward_state_invalid: { status: 400, message: 'Specified reward state type is not supported' },
  time_interval_invalid: {
    status: 400,
    message: 'Time interval is invalid or not ISO-8601 explicit form',
  },
  invalid_access_token: { status: 401, message: 'The access_token provided is invalid.' },
  payment_required: {
    status: 402,
    message: 'The access_token provided is associated with an unpaid account.',
  },
  missing_access_token: { status: 403, message: 'No access_token was provided with this request.' },
  access_denied: {
    status: 403,
    message: 'The access_token provided is not permitted to access the specified resource.',
  },
  not_found: { status: 404, message: 'The stand-in has no such operation' },
  unsupported_media_type: { status: 415, message: 'Request had an unsupported or no media type' },
  too_many_requests: {
    status: 429,
    message: 'The server is unable to process your request at the moment, please retry later.',
  },
  software_error: { status: 500, message: 'The stand-in failed' },
} as const;

/** What Extole's API calls a failure. */
export type ExtoleErrorCode = keyof typeof ERRORS;

/** The status and the body that Extole answers a failure with. */
export function extoleError(code: ExtoleErrorCode): { readonly status: number; readonly body: object } {
  const { status, message } = ERRORS[code];
  return {
    status,
    body: { unique_id: randomUUID(), http_status_code: status, code, message, parameters: {} },
  };
}

/** Answers so. */
export function refuse(reply: FastifyReply, code: ExtoleErrorCode): FastifyReply {
  const { status, body } = extoleError(code);
  return reply.code(status).send(body);
}
