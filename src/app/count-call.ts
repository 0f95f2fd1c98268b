import type { Metrics } from './metrics.js';

/**
 * Counts a call to others.
 *
 * @param status - `undefined` when there was no answer.
 */
export function countCall(
  metrics: Metrics,
  to: 'bigcommerce' | 'extole' | 'program-domain',
  status: number | undefined,
): void {
  metrics.calls.inc({ to, outcome: status === undefined ? 'none' : `${Math.floor(status / 100)}xx` });
}
