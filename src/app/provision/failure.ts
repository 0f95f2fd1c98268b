import type { Failure } from '../../catalog/admin-api.js';
import { UnfinishedError } from '../../store/publish.js';
import { StoreError } from '../../store/store-error.js';
import { AppError } from '../app-error.js';

/** What is over by itself, sooner or later. */
const PASSING = new Set(['BIGCOMMERCE_RATE_LIMITED', 'BIGCOMMERCE_UNAVAILABLE', 'SDK_UNREACHABLE']);

/** What befalls every storefront of a store alike. */
const STORE_WIDE = new Set(['BIGCOMMERCE_UNAUTHORIZED', 'BIGCOMMERCE_SCOPE_MISSING', 'THEME_NOT_STENCIL']);

/** With these, nothing goes well in a store until somebody does something about it. */
const STORE_IS_CLOSED = new Set([
  'BIGCOMMERCE_UNAUTHORIZED',
  'BIGCOMMERCE_SCOPE_MISSING',
  'STORE_NOT_INSTALLED',
  'SECRET_UNREADABLE',
]);

/** Whether a failure says that a store does not let us in until somebody does something about it. */
export const isStoreClosed = ({ code }: Pick<Failure, 'code'>): boolean => STORE_IS_CLOSED.has(code);

/** Whether the same may go well if it is tried again later, without anybody doing anything. */
export function isPassing(error: unknown): boolean {
  const reason = reasonOf(error);
  if (reason instanceof UnfinishedError) return true;
  if (reason instanceof StoreError) return PASSING.has(reason.code);
  // What nobody foresaw is a database that is away, more often than not.
  return !(reason instanceof AppError);
}

/** Whether what befell one storefront need not befall the others. */
export function isOfOneStorefront(error: unknown): boolean {
  const reason = reasonOf(error);
  return reason instanceof StoreError && !isPassing(reason) && !STORE_WIDE.has(reason.code);
}

/** Tells a merchant why something could not be done in the store. What nobody foresaw is told without details. */
export function failureOf(error: unknown): Failure {
  const reason = reasonOf(error);
  if (reason instanceof StoreError || reason instanceof AppError) {
    return { code: reason.code, message: reason.message.replace(`${reason.code}: `, '') };
  }
  return { code: 'INTERNAL', message: 'something went wrong in the app. Try again later.' };
}

/** Columns that tell of a failure; both `null` where there is none. */
interface FailureColumns {
  readonly failure_code: string | null;
  readonly failure_message: string | null;
}

/** The failure that a row tells of. */
export const failureIn = ({
  failure_code: code,
  failure_message: message,
}: FailureColumns): Failure | null => (code === null ? null : { code, message: message ?? '' });

/** What a row is to tell of a failure. */
export const failureColumns = (failure: Pick<Failure, 'code' | 'message'> | null): FailureColumns => ({
  failure_code: failure?.code ?? null,
  failure_message: failure?.message ?? null,
});

/** A change that ended half way ended for a reason, unless BigCommerce shows something else than it took. */
const reasonOf = (error: unknown): unknown =>
  error instanceof UnfinishedError ? (error.cause ?? error) : error;
