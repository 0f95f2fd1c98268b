import { StoreError } from './store-error.js';

/** What went wrong with a call of BigCommerce's API. */
export type BigCommerceErrorCode =
  | 'BIGCOMMERCE_UNAUTHORIZED'
  | 'BIGCOMMERCE_SCOPE_MISSING'
  | 'BIGCOMMERCE_NOT_FOUND'
  | 'BIGCOMMERCE_REFUSED'
  | 'BIGCOMMERCE_RATE_LIMITED'
  | 'BIGCOMMERCE_UNAVAILABLE'
  | 'BIGCOMMERCE_ANSWER_INVALID';

/** A call of BigCommerce's API that did not do what it was made for. It has no `cause`: that would hold the token. */
export class BigCommerceError extends StoreError {
  override readonly name = 'BigCommerceError';
  /** `POST /v3/content/scripts` */
  readonly call: string;
  /** The HTTP status; `undefined` where no answer came. */
  readonly status: number | undefined;
  /** The members that BigCommerce complains of, in a 422: `html`. */
  readonly fields: readonly string[];
  /**
   * Whether the call may have been carried out all the same: no answer came, or one that does not tell. Look at the store
   * before making it again.
   */
  readonly isOutcomeUnknown: boolean;

  constructor(options: {
    code: BigCommerceErrorCode;
    message: string;
    call: string;
    status?: number;
    fields?: readonly string[];
    isOutcomeUnknown?: boolean;
  }) {
    super(options.code, options.message);
    this.call = options.call;
    this.status = options.status;
    this.fields = options.fields ?? [];
    this.isOutcomeUnknown = options.isOutcomeUnknown ?? false;
  }
}
