const WINDOW_DAYS = 7;

/** How many days should be served without a code being made. */
const DAYS_AHEAD = 2;

/** Since when codes that were given count for {@link readyTarget}. */
export const readyWindowStart = (now: Date): Date => new Date(now.getTime() - WINDOW_DAYS * 86_400_000);

/**
 * How many codes of a promotion are to be kept ready: what two days take, by the last seven, and what the merchant wants at least.
 *
 * @param givenCount - How many rewards got one since {@link readyWindowStart}.
 */
export const readyTarget = (minReady: number, givenCount: number): number =>
  Math.max(minReady, Math.ceil((givenCount * DAYS_AHEAD) / WINDOW_DAYS));

/** Whether no code of a promotion need be made yet: until half of them are given, each reward would have a single one made. */
export const isEnoughReady = (readyCount: number, target: number): boolean => readyCount > target / 2;
