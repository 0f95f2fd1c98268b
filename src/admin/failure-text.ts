import type { Failure } from '../catalog/admin-api.js';
import { ApiError } from './api.js';
import type { Text } from './use-text.js';

/**
 * Why something failed, for people: in their language where we have it, else as the app says it.
 *
 * The app's sentences start in lower case, since elsewhere a code stands before them.
 */
export function failureText(text: Text, { code, message }: Pick<Failure, 'code' | 'message'>): string {
  switch (code) {
    case 'ACCESS_TOKEN_MISSING':
    case 'ACCESS_TOKEN_REFUSED':
    case 'APP_UNREACHABLE':
    case 'BIGCOMMERCE_RATE_LIMITED':
    case 'BIGCOMMERCE_UNAVAILABLE':
    case 'EXTOLE_TIMEOUT':
    case 'EXTOLE_UNAVAILABLE':
    case 'EXTOLE_UNREACHABLE':
    case 'LOOK_TOO_SLOW':
    case 'SAME_AS_INVALID':
    case 'SESSION_EXPIRED':
    case 'SESSION_INVALID':
    case 'TOO_MANY_REQUESTS':
      return text(`failure.${code}`);
    default:
      return message.charAt(0).toUpperCase() + message.slice(1);
  }
}

/** Why a call failed, for people. */
export const errorText = (text: Text, error: Error): string =>
  error instanceof ApiError ? failureText(text, error.failure) : text('failure.APP_UNREACHABLE');
