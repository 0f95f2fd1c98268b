import type { StorefrontErrorCode } from './errors.js';
import type { ExtoleGlobal } from './types.js';

declare global {
  interface Window {
    extole?: ExtoleGlobal;
  }
}

/** What stands in for Extole's `createZone` until the core tag takes over. */
let placeholder: ExtoleGlobal['createZone'];

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
  placeholder = extole.createZone ??= (...call) => {
    queue.push(['createZone', call]);
  };
}

/** Whether Extole's library itself answers on `window.extole`, rather than a queue. */
export function isCoreReady(): boolean {
  const extole = window.extole;
  if (!extole?.createZone) return false;
  return !!extole.require || !extole.q || (!!placeholder && extole.createZone !== placeholder);
}

// Extole serves it at the root of a program domain, and below `extole.io` in older tags.
const CORE_TAG = /^[^/]+\/\/([^/]+|.+\.extole\.io\/.+)\/core\.js(\?|$)/;

// Whether the core tag's global is there as soon as the tag has loaded is not documented: it may load more first.
const GRACE_MS = 1000;

// A consent manager blocks a script by giving it a type that browsers don't run: such a tag is not on its way.
const findCoreTag = (): HTMLScriptElement | undefined =>
  Array.from(document.querySelectorAll<HTMLScriptElement>('script[src*="/core.js"]')).find(
    ({ src, type }) => CORE_TAG.test(src) && /^$|javascript|module/.test(type),
  );

/**
 * Sees to it that the core tag is on the page once: takes the one that is there, else adds it.
 *
 * A tag of others that turns out not to bring Extole's library (blocked, or a file that is only called the same) is
 * followed by our own.
 *
 * @param options.origin - The program domain's origin.
 * @param options.nonce - The page's CSP nonce, passed on to the tag. Without it, that of any script on the page.
 * @param options.timeoutMs - How long to wait before `onFailed` is told, in milliseconds. The tag may still come later.
 * @param options.onReady - Called once, when Extole's library answers; at once when it does already.
 * @param options.onFailed - Called with the code of the failure; after a timeout once more if the tag fails for good.
 * @returns A function after which nothing is called any more. The tag stays.
 */
export function loadCoreTag(options: {
  origin: string;
  nonce: string | undefined;
  timeoutMs: number;
  onReady: () => void;
  onFailed: (code: StorefrontErrorCode) => void;
}): () => void {
  const { origin, nonce, timeoutMs, onReady, onFailed } = options;
  let isOver = false;
  let watched: HTMLScriptElement | undefined;
  const stop = (): void => {
    clearTimeout(timer);
    isOver = true;
  };
  const timer = setTimeout(() => isCoreReady() || onFailed('EXTOLE_CORE_TIMEOUT'), timeoutMs);

  const conclude = (tag: HTMLScriptElement, code: StorefrontErrorCode): void => {
    if (isOver || tag !== watched) return;
    if (isCoreReady()) {
      stop();
      onReady();
    } else if (tag.src.startsWith(`${origin}/`)) {
      stop();
      // Left in place, a later start would take it for a tag that is still on its way.
      tag.remove();
      onFailed(code);
    } else add();
  };
  const concludeSoon = (tag: HTMLScriptElement, code: StorefrontErrorCode): void => {
    if (isCoreReady()) conclude(tag, code);
    else setTimeout(conclude, GRACE_MS, tag, code);
  };
  const watch = (tag: HTMLScriptElement): void => {
    watched = tag;
    tag.addEventListener('load', () => concludeSoon(tag, 'EXTOLE_GLOBAL_MISSING'));
    tag.addEventListener('error', () => conclude(tag, 'EXTOLE_CORE_BLOCKED'));
  };
  const add = (): void => {
    const tag = document.createElement('script');
    tag.fetchPriority = 'high';
    tag.nonce = nonce ?? document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce ?? '';
    tag.src = `${origin}/core.js`;
    watch(tag);
    document.head.append(tag);
  };

  const present = findCoreTag();
  if (isCoreReady()) {
    stop();
    onReady();
  } else if (present) {
    watch(present);
    // It may have failed before we came: a page has loaded only when each tag that it came with is over.
    window.addEventListener('load', () => concludeSoon(present, 'EXTOLE_CORE_BLOCKED'));
  } else add();
  return stop;
}
