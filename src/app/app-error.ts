/**
 * Why the app could not do something. Its message says what failed, with which value, and what to do next; it never holds a
 * secret, an e-mail address or a payload, since it goes into logs and to the settings page. `docs/errors.md` lists the codes.
 */
export class AppError extends Error {
  override readonly name = 'AppError';

  /**
   * @param code - Stable.
   * @param message - A sentence or two.
   * @param status - What an HTTP request that ends in it is answered with.
   */
  constructor(
    readonly code: string,
    message: string,
    readonly status = 500,
  ) {
    super(`${code}: ${message}`);
  }
}
