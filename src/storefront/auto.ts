import {
  createZone,
  identify,
  logout,
  off,
  on,
  refresh,
  type StorefrontConfig,
  setContext,
  start,
  stop,
  version,
} from './index.js';
import { fail } from './report.js';

/** A call made before the SDK was there: `['identify', [customer]]`, with a list or an `arguments` object. */
type QueuedCall = readonly [method: string, args?: ArrayLike<unknown>];

type Method = (...args: never[]) => void;

const methods: Readonly<Record<string, Method | null>> = {
  // Nothing is inherited, since a page may call anything.
  __proto__: null,
  start,
  setContext,
  identify,
  createZone,
  refresh,
  logout,
  stop,
  on,
  off,
};

/** `window.extoleStorefront`: the configuration before the script has loaded, the API with it from then on. */
export interface StorefrontGlobal extends StorefrontConfig {
  /** Calls made before load, in order. Afterwards `push` carries them out at once. */
  q?: { push(...calls: QueuedCall[]): unknown };
  version?: string;
  start?: typeof start;
  setContext?: typeof setContext;
  identify?: typeof identify;
  createZone?: typeof createZone;
  refresh?: typeof refresh;
  logout?: typeof logout;
  stop?: typeof stop;
  on?: typeof on;
  off?: typeof off;
}

declare global {
  interface Window {
    extoleStorefront?: StorefrontGlobal;
  }
}

/** Carries out a call of the page. Whatever the page passes, nothing is thrown into it. */
const call = (name: string, args: ArrayLike<unknown> = []): void => {
  try {
    const method = methods[name];
    if (!method) throw name;
    Reflect.apply(method, undefined, Array.from(args));
  } catch {
    fail(document, 'CALL_INVALID', '', name);
  }
};

const push = (...calls: QueuedCall[]): void => {
  for (const [name, args] of calls) call(name, args);
};

const page: StorefrontGlobal = (window.extoleStorefront ??= {});
// A second copy of the script leaves the page to the first.
if (!page.version) {
  const { q } = page;
  const config: StorefrontConfig = {
    programDomain: document.currentScript?.dataset.programDomain,
    ...page,
  };
  for (const name in methods) Object.assign(page, { [name]: (...args: unknown[]) => call(name, args) });
  Object.assign(page, { version, q: { push } });
  const queued: readonly QueuedCall[] = Array.isArray(q) ? q : [];
  // Whoever starts us by a queued call gives the configuration there.
  if (config.programDomain || !queued.some(([name]) => name === 'start')) call('start', [config]);
  push(...queued);
}
