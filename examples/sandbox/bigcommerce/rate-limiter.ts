/** How many calls a store takes in a time. */
export interface RateLimit {
  readonly quota: number;
  readonly windowMs: number;
}

/** Lets calls through until the quota of a window is spent. */
export interface RateLimiter {
  /** @returns Whether there was room for the call, and the headers that tell the client what is left. */
  take(): { readonly isAllowed: boolean; readonly headers: Readonly<Record<string, string>> };
}

/**
 * Counts calls in windows of a fixed length: the first call after one has ended starts the next.
 *
 * Source: BigCommerce, "API rate limits".
 */
export function createRateLimiter({ quota, windowMs }: RateLimit): RateLimiter {
  let endsAt = 0;
  let left = quota;
  return {
    take() {
      const now = performance.now();
      if (now >= endsAt) {
        endsAt = now + windowMs;
        left = quota;
      }
      const isAllowed = left > 0;
      if (isAllowed) left -= 1;
      return {
        isAllowed,
        headers: {
          'x-rate-limit-time-window-ms': `${windowMs}`,
          'x-rate-limit-time-reset-ms': `${Math.ceil(endsAt - now)}`,
          'x-rate-limit-requests-quota': `${quota}`,
          'x-rate-limit-requests-left': `${left}`,
        },
      };
    },
  };
}
