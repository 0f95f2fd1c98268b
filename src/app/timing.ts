/** How patient the app is with orders and events. Tests and benchmarks are in more of a hurry. */
export interface Timing {
  /** The longest wait for Extole to answer one attempt. */
  readonly attemptTimeoutMs: number;
  /** For how long an event belongs to whoever tries to deliver it. Longer than an attempt takes. */
  readonly leaseMs: number;
  /** The pause before the first retry of an event or of a look at an order. Each further one is double, with jitter, up to the longest. */
  readonly retryBaseMs: number;
  readonly retryMaxMs: number;
  /** When an event whose every attempt failed is given up. */
  readonly giveUpMs: number;
  /** How long nothing is delivered with a token that Extole refused, before it is tried again. */
  readonly tokenPauseMs: number;
  /** The same after a 429 that does not say how long. */
  readonly rateLimitPauseMs: number;
  /** How late a request for a coupon code may be carried out that nobody hears of any more. */
  readonly codeCheckMs: number;
  /** So long after coupon codes were asked for in a batch, none of them comes any more: a call takes two minutes at most, with its turn and its retries. */
  readonly batchGiveUpMs: number;
  /** What changed so lately is left to webhooks. */
  readonly sweepLagMs: number;
  /** How often a sweep makes sure that webhooks are switched on. */
  readonly hooksCheckMs: number;
  /** Whatever is overdue for so long has lost its job. */
  readonly overdueMs: number;
  /** How often a process looks whether the others live. The jobs of one that died are free after two to four looks. */
  readonly presenceMs: number;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** How patient it is for merchants. */
export const TIMING: Timing = {
  attemptTimeoutMs: 15 * SECOND,
  leaseMs: MINUTE,
  retryBaseMs: 10 * SECOND,
  retryMaxMs: 2 * HOUR,
  giveUpMs: 72 * HOUR,
  tokenPauseMs: HOUR,
  rateLimitPauseMs: MINUTE,
  codeCheckMs: 5 * MINUTE,
  batchGiveUpMs: 10 * MINUTE,
  sweepLagMs: 5 * MINUTE,
  hooksCheckMs: HOUR,
  overdueMs: 2 * MINUTE,
  presenceMs: 10 * SECOND,
};
