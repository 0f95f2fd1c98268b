import type { EventView } from '../../catalog/activity-api.js';
import type { Failure } from '../../catalog/admin-api.js';
import { ApiError } from '../api.js';
import { errorText, failureText } from '../failure-text.js';
import type { ActivityText } from './activity-messages.js';

/** What an event tells of, in words. */
export const eventTitle = (text: ActivityText, { kind, orderId }: EventView): string =>
  orderId === null
    ? text(`kind.${kind}`)
    : text('list.ofOrder', { kind: text(`kind.${kind}`), order: orderId });

/** Why something failed, for people: as on the settings page, and for what only the activity meets. */
export function activityFailureText(text: ActivityText, failure: Pick<Failure, 'code' | 'message'>): string {
  switch (failure.code) {
    case 'EVENT_UNKNOWN':
    case 'IMPORT_DATE_INVALID':
    case 'IMPORT_RUNNING':
    case 'PAYLOAD_EXPIRED':
    case 'STOREFRONT_OFF':
      return text(`failure.${failure.code}`);
    default:
      return failureText(text, failure);
  }
}

/** Why a call of the activity failed, for people. */
export const activityErrorText = (text: ActivityText, error: Error): string =>
  error instanceof ApiError ? activityFailureText(text, error.failure) : errorText(text, error);
