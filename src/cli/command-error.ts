import { StoreError } from '../store/store-error.js';

/** A command that makes no sense as it was given. */
export class CommandError extends StoreError {
  override readonly name = 'CommandError';
}
