import { GRACE_MS, type OnFailed, type Sign } from './core-tag.js';
import type { StorefrontErrorCode } from './errors.js';

/** How often a tag that could not be loaded is tried again. */
const RETRIES = 3;

/** The wait before the first of them, in milliseconds; each further one is twice as long, give or take a half. */
const FIRST_WAIT_MS = 500;

/** How much longer a tag is waited for of which the browser tells nothing; one that a policy blocked is never told of. */
const DEAD_AFTER_MS = 25_000;

/** What the core hands over when a core tag is in doubt. */
export interface Trouble {
  /** The program domain's origin. */
  readonly origin: string;
  /** How long a tag may take before `onFailed` is told, in milliseconds. It may still come later. */
  readonly timeoutMs: number;
  /** The tag, on the page already or added by us. */
  readonly tag: HTMLScriptElement;
  /** What was seen of it last. */
  readonly sign: () => Sign | undefined;
  /** Puts our own tag onto the page. */
  readonly addTag: () => HTMLScriptElement;
  /** Whether there is nothing more to do: Extole answers, or we were stopped. */
  readonly isReady: () => boolean;
  readonly onFailed: OnFailed;
  /** A number from 0 to 1 that spreads the retries of many shoppers. */
  readonly random?: () => number;
}

/**
 * Does what can be done about a core tag that did not bring Extole, and says what the matter is.
 *
 * - A tag of others that turns out to be something else, or failed, is followed by our own.
 * - One that could not be loaded is tried again, at most {@link RETRIES} times, and whenever the browser comes back
 *   online. A page's Content-Security-Policy does not change its mind: what it blocks is tried once more, to know it,
 *   and then no more.
 * - One that answered with something else than Extole is not loaded again.
 * - One that takes long is waited for: a second one beside it would be two.
 *
 * @returns A function after which nothing happens any more.
 */
export function recover(trouble: Trouble): () => void {
  const { origin, timeoutMs, tag, sign, addTag, isReady, onFailed, random = Math.random } = trouble;
  let tries = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let watched: HTMLScriptElement | undefined;
  let isRefused = false;

  const isOurs = ({ src }: HTMLScriptElement): boolean => src.startsWith(`${origin}/`);
  const cause = (): string => {
    if (isRefused) return 'csp';
    return navigator.onLine === false ? 'offline' : 'network';
  };
  const after = (waitMs: number, run: () => void): void => {
    clearTimeout(timer);
    timer = setTimeout(() => isReady() || run(), waitMs);
  };

  /** A failure that stands. Left in place, its tag would be taken for one that is on its way. */
  const conclude = (failed: HTMLScriptElement, code: StorefrontErrorCode, message?: string): void => {
    clearTimeout(timer);
    failed.remove();
    watched = undefined;
    onFailed(code, message, false);
  };

  const attempt = (): void => {
    watch(addTag());
    after(timeoutMs, () => onFailed('EXTOLE_CORE_TIMEOUT', undefined, true));
  };

  const seen = (failed: HTMLScriptElement, what: Sign): void => {
    if (failed !== watched || isReady()) return;
    if (what === 'timeout') onFailed('EXTOLE_CORE_TIMEOUT', undefined, true);
    // A tag that a script added after the page had loaded may be on its way still: the browser lists what has ended.
    else if (what === 'over' && performance.getEntriesByName?.(failed.src).length === 0) {
      after(timeoutMs, () => {
        onFailed('EXTOLE_CORE_TIMEOUT', undefined, true);
        after(DEAD_AFTER_MS, () => seen(failed, 'error'));
      });
    } else if (!isOurs(failed)) attempt();
    else if (what === 'load') conclude(failed, 'EXTOLE_GLOBAL_MISSING');
    else if (isRefused || tries === RETRIES) conclude(failed, 'EXTOLE_CORE_BLOCKED', cause());
    else {
      failed.remove();
      watched = undefined;
      if (tries === 0) onFailed('EXTOLE_CORE_BLOCKED', cause(), true);
      after(FIRST_WAIT_MS * 2 ** tries * (0.5 + random()), attempt);
      tries += 1;
    }
  };

  function watch(next: HTMLScriptElement): void {
    watched = next;
    next.addEventListener('load', () => isReady() || after(GRACE_MS, () => seen(next, 'load')));
    next.addEventListener('error', () => seen(next, 'error'));
  }

  const onViolation = ({ blockedURI, disposition }: SecurityPolicyViolationEvent): void => {
    if (disposition !== 'report' && blockedURI.startsWith(origin)) isRefused = true;
  };
  // An attempt that is under way goes on; one that waits, or the last one that failed, is made now.
  const onOnline = (): void => {
    if (watched || isReady()) return;
    tries = 0;
    clearTimeout(timer);
    attempt();
  };
  document.addEventListener('securitypolicyviolation', onViolation);
  window.addEventListener('online', onOnline);
  watch(tag);
  const first = sign();
  if (first) seen(tag, first);

  return () => {
    clearTimeout(timer);
    document.removeEventListener('securitypolicyviolation', onViolation);
    window.removeEventListener('online', onOnline);
  };
}
