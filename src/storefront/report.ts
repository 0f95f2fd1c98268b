import { config } from './config.js';
import { hasConsent } from './consent.js';
import type { StorefrontErrorCode } from './errors.js';
import type { ZoneEventDetail, ZoneEventType } from './types.js';

/**
 * Whether somebody wants to know what shoppers' browsers would otherwise keep to themselves: `extole_debug` stands in the
 * address, or in the name of the tab, where the diagnosis writes it so that it holds on further pages.
 */
export const isDebugging = (): boolean => /extole_debug/.test(location.search + window.name);

/** Tells the page what became of a zone, by an event that bubbles from `target`. */
export function emit(target: EventTarget, type: ZoneEventType, detail: ZoneEventDetail): void {
  target.dispatchEvent(new CustomEvent(type, { bubbles: true, detail }));
}

/**
 * Says in the console what went wrong and what to do, once for each message. Mistakes that a merchant or developer
 * can mend are always told; what only befalls single shoppers (a blocker, a slow network) in debug mode only.
 *
 * The sentences come from a file of their own, so that shoppers pay nothing for them.
 *
 * @param code - What went wrong.
 * @param value - The value that was refused. Never one of a shopper.
 */
export function explain(code: StorefrontErrorCode, value: string): void {
  // What befalls single shoppers: EXTOLE_… and PLACEHOLDER_UNRESOLVED.
  if (hasConsent() && (!/^(EX|PL)/.test(code) || (config.debug ?? isDebugging()))) {
    import('./messages.js').then(
      ({ warn }) => warn(code, value),
      () => {},
    );
  }
}

/**
 * Reports a failure: an `extole-zone:failed` from `target`, and a sentence in the console where it helps.
 *
 * @returns What was told.
 */
export function fail(
  target: EventTarget,
  code: StorefrontErrorCode,
  name = '',
  message?: string,
  willRetry?: boolean,
): ZoneEventDetail {
  const detail = { code, name, message, willRetry };
  emit(target, 'extole-zone:failed', detail);
  explain(code, message ?? name);
  return detail;
}
