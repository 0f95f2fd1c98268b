/**
 * Why something could not be done to a store. The message begins with the code, says what failed and what to do, and holds no
 * secret. `docs/errors.md` lists the codes.
 */
export class StoreError extends Error {
  override readonly name: string = 'StoreError';

  constructor(
    readonly code: string,
    message: string,
  ) {
    super(`${code}: ${message}`);
  }
}
