import type { Timing } from '../../../src/app/timing.js';

/** How patient the app is while it is put to the test: two days' patience would take two days. */
export const TIMING: Timing = {
  attemptTimeoutMs: 4_000,
  leaseMs: 8_000,
  retryBaseMs: 50,
  retryMaxMs: 1_000,
  giveUpMs: 3_600_000,
  tokenPauseMs: 1_000,
  rateLimitPauseMs: 300,
  // Longer than a call takes here, with its turn and its retries, and than any request of a code is late.
  codeCheckMs: 20_000,
  batchGiveUpMs: 30_000,
  sweepLagMs: 1_000,
  hooksCheckMs: 20_000,
  overdueMs: 3_000,
  presenceMs: 2_000,
};
