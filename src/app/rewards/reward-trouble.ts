import type { AppDeps } from '../deps.js';
import { failureOf, isStoreClosed } from '../provision/failure.js';
import { ExtoleTroubleError } from './extole-trouble.js';

/** How far what a reward failed by reaches. */
export type Trouble =
  /** It says nothing of other rewards. */
  | { readonly kind: 'reward'; readonly until?: undefined }
  /** Extole or BigCommerce did not answer. If that goes on, they are away. */
  | { readonly kind: 'away'; readonly until?: undefined }
  /** BigCommerce takes no calls of the store until then. */
  | { readonly kind: 'busy'; readonly until: Date }
  /** Extole takes nothing with the token until then. */
  | { readonly kind: 'lane'; readonly until: Date }
  /** BigCommerce does not let us in until somebody does something about it. */
  | { readonly kind: 'store'; readonly until: Date };

/** Judges what a reward failed by. */
export function troubleOf(error: unknown, { now, timing }: Pick<AppDeps, 'now' | 'timing'>): Trouble {
  const later = (ms: number): Date => new Date(now().getTime() + ms);
  if (error instanceof ExtoleTroubleError) {
    const { trouble } = error;
    switch (trouble.kind) {
      case 'token-refused':
        return { kind: 'lane', until: later(timing.tokenPauseMs) };
      case 'rate-limited':
        return { kind: 'lane', until: later(trouble.retryAfterMs ?? timing.rateLimitPauseMs) };
      case 'failed':
        return { kind: 'away' };
      case 'refused':
        return { kind: 'reward' };
    }
  }
  const failure = failureOf(error);
  const { code } = failure;
  if (isStoreClosed(failure)) return { kind: 'store', until: later(timing.tokenPauseMs) };
  if (code === 'BIGCOMMERCE_RATE_LIMITED') return { kind: 'busy', until: later(timing.rateLimitPauseMs) };
  return { kind: code === 'BIGCOMMERCE_UNAVAILABLE' ? 'away' : 'reward' };
}
