/** A command that can't be carried out as it was given. */
export class CommandError extends Error {
  override readonly name = 'CommandError';

  constructor(
    readonly code: 'CREDENTIALS_MISSING' | 'CREDENTIALS_INVALID' | 'CHANNEL_NOT_CHOSEN' | 'URL_INVALID',
    message: string,
    cause?: unknown,
  ) {
    super(`${code}: ${message}`, { cause });
  }
}
