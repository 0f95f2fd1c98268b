import type { StorefrontErrorCode } from './errors.js';
import type { ZoneEventDetail, ZoneEventType } from './types.js';

let debug: boolean | undefined;

/**
 * Says whether the console is told what shoppers' browsers would otherwise keep to themselves. Without a word on it,
 * `extole_debug` in the address decides.
 */
export function setDebug(isOn: boolean | undefined): void {
  debug = isOn;
}

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
 * @param target - The zone's element, beside which Page Builder shows the sentence.
 */
export function explain(code: StorefrontErrorCode, value: string, target?: EventTarget): void {
  if (!/^(EXTOLE|PLACEHOLDER)_/.test(code) || (debug ?? location.search.includes('extole_debug'))) {
    import('./messages.js').then(
      ({ warn }) => warn(code, value, target),
      () => {},
    );
  }
}

/** Reports a failure: an `extole-zone:failed` from `target`, and a sentence in the console where it helps. */
export function fail(target: EventTarget, code: StorefrontErrorCode, name = '', message?: string): void {
  emit(target, 'extole-zone:failed', { code, name, message });
  explain(code, message ?? name, target);
}
