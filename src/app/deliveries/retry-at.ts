import type { AppDeps } from '../deps.js';
import { withJitter } from './jitter.js';

/**
 * When something that fails is tried again: each time after twice the time, up to the longest. Pauses that double are each as long as all before them, and
 * the first one's length.
 *
 * @param failingSince - Since when every try failed.
 */
export function retryAt(
  { now, random, timing }: Pick<AppDeps, 'now' | 'random' | 'timing'>,
  failingSince: Date,
): Date {
  const failedAt = now().getTime();
  const pauseMs = withJitter(timing.retryBaseMs + failedAt - failingSince.getTime(), random());
  return new Date(failedAt + Math.min(pauseMs, timing.retryMaxMs));
}
