/**
 * What the system says of a connection that failed: `ENOTFOUND`. `fetch` hides it within its error, once for each address that
 * was tried.
 */
export function connectionCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof AggregateError && error.errors.length > 0) return connectionCode(error.errors[0]);
  return (
    connectionCode(error.cause) ??
    ('code' in error && typeof error.code === 'string' ? error.code : undefined)
  );
}
