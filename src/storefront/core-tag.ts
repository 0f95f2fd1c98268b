import { afterLoad } from './after-load.js';
import { config } from './config.js';
import type { StorefrontErrorCode } from './errors.js';
import type { ExtoleGlobal } from './types.js';

declare global {
  interface Window {
    extole?: ExtoleGlobal | undefined;
  }
}

/** What stands in for Extole's `createZone` until the core tag takes over. */
let placeholder: ExtoleGlobal['createZone'];

/**
 * What was asked for by Extole's queue before the core tag took it away, as far as we saw it: the calls that stood there when
 * we came, and the names of the zones that were asked for since.
 */
export let queued: unknown[] = [];

/** What waits for Extole's library. */
let waiting: (() => void)[] = [];

/**
 * Installs Extole's own call queue on `window.extole`, unless the core tag or another tag did it before. Calls made
 * to it are kept until the core tag takes them over.
 *
 * Source: Extole, JavaScript SDK, "createZone Method" (the "Magic Script" of each tag).
 */
export function installQueue(): void {
  const extole: ExtoleGlobal = (window.extole ??= {});
  // That of an earlier start would take somebody's new queue for the library.
  placeholder = undefined;
  if (isCoreReady()) return;
  const queue = (extole.q ??= []);
  queued = Array.from(queue);
  placeholder = extole.createZone ??= (...args) => {
    queue.push(['createZone', args]);
    queued.push(args[0]?.name);
  };
}

/** Takes the queue back as long as it is empty, and forgets what waits for Extole. */
export function removeQueue(): void {
  waiting = [];
  if (placeholder && window.extole?.createZone === placeholder && !window.extole.q?.length)
    delete window.extole;
}

/** Takes a call back that Extole has not taken over yet. */
export function takeBack(settings: unknown): boolean {
  const queue = window.extole?.q;
  if (isCoreReady() || !Array.isArray(queue)) return false;
  const at = queue.findIndex((entry) => entry?.[1]?.[0] === settings);
  return at >= 0 && !!queue.splice(at, 1);
}

/** Whether Extole's library itself answers on `window.extole`, rather than a queue. */
export function isCoreReady(): boolean {
  const extole = window.extole;
  if (!extole?.createZone) return false;
  return !!extole.require || !extole.q || (!!placeholder && extole.createZone !== placeholder);
}

/** Calls back once Extole's library answers: at once when it does already, never after {@link removeQueue}. */
export function whenCoreReady(use: () => void): void {
  if (isCoreReady()) use();
  else waiting.push(use);
}

// Extole serves it at the root of a program domain, and below `extole.io` in older tags.
const CORE_TAG = /^[^/]+\/\/([^/]+|.+\.extole\.io\/.+)\/core\.js(\?|$)/;

/** Whether the core tag's global is there as soon as the tag has loaded is not documented: it may load more first. */
export const GRACE_MS = 1000;

// A consent manager blocks a script by giving it a type that browsers don't run: such a tag is not on its way.
const findCoreTag = (): HTMLScriptElement | undefined =>
  [...document.scripts].find(({ src, type }) => CORE_TAG.test(src) && /^$|script$/.test(type));

/** What shows that a core tag may not bring Extole. `over`: the page has loaded, and with it each tag that it came with. */
export type Sign = 'load' | 'error' | 'over' | 'timeout';

/**
 * Called with the code of a failure, what is known of its cause, and whether the tag is tried again or may still come.
 */
export type OnFailed = (code: StorefrontErrorCode, message?: string, willRetry?: boolean) => void;

/**
 * Sees to it that the core tag is on the page once: takes the one that is there, else adds it. What is to be done when it
 * does not bring Extole stands in a file of its own.
 *
 * @param origin - The program domain's origin.
 * @param onReady - Called once, when Extole's library answers; at once when it does already.
 * @returns A function after which nothing is called any more. The tag stays.
 */
export function loadCoreTag(origin: string, onReady: () => void, onFailed: OnFailed): () => void {
  const { nonce, timeoutMs = 5000 } = config;
  let isOver = false;
  let sign: Sign | undefined;
  let stopRecovery: (() => void) | undefined;
  const stop = (): void => {
    isOver = true;
    clearTimeout(timer);
    stopRecovery?.();
  };
  const isReady = (): boolean => {
    if (!isOver && isCoreReady()) {
      stop();
      for (const use of waiting.splice(0)) use();
      onReady();
    }
    return isOver;
  };
  const doubt = (next: Sign): void => {
    if (isReady()) return;
    if (!sign) {
      import('./core-trouble.js').then(
        ({ recover }) => {
          if (!isReady())
            stopRecovery = recover({ origin, timeoutMs, tag, sign: () => sign, addTag, isReady, onFailed });
        },
        () => {
          // Without a network that file can't be had either.
          sign = undefined;
          addEventListener('online', () => doubt('error'), { once: true });
          onFailed('EXTOLE_CORE_BLOCKED');
        },
      );
    }
    sign = next;
  };
  const doubtSoon = (next: Sign): unknown => isReady() || setTimeout(doubt, GRACE_MS, next);
  const addTag = (): HTMLScriptElement => {
    const tag = document.createElement('script');
    tag.fetchPriority = 'high';
    tag.nonce = nonce ?? document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce ?? '';
    tag.src = `${origin}/core.js`;
    document.head.append(tag);
    return tag;
  };

  const timer = setTimeout(doubt, timeoutMs, 'timeout');
  if (isReady()) return stop;
  const present = findCoreTag();
  const tag = present ?? addTag();
  tag.addEventListener('load', () => doubtSoon('load'));
  tag.addEventListener('error', () => doubt('error'));
  // It may have failed before we came.
  if (present) afterLoad(() => doubtSoon('over'));
  return stop;
}
