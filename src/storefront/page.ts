import type { QueuedCall, StorefrontGlobal } from './global.js';
import { fail } from './report.js';
import {
  consent,
  createZone,
  identify,
  logout,
  off,
  on,
  refresh,
  setContext,
  start,
  stop,
  version,
} from './sdk.js';
import type { StorefrontConfig } from './types.js';

/** A method, so that TypeScript lets it be called with what a page passes, whatever that is. */
interface Method {
  run(...args: unknown[]): void;
}

const methods: Readonly<Record<string, Method['run'] | null>> = {
  // Nothing is inherited, since a page may call anything.
  __proto__: null,
  start,
  setContext,
  identify,
  createZone,
  refresh,
  consent,
  logout,
  stop,
  on,
  off,
};

/** Carries out a call of the page. Whatever the page passes, nothing is thrown into it. */
const call = (name: string, args: ArrayLike<unknown> = []): void => {
  try {
    const method = methods[name];
    if (!method) throw name;
    method(...Array.from(args));
  } catch {
    fail(document, 'CALL_INVALID', '', `${name}`);
  }
};

const push = (...calls: readonly QueuedCall[]): void => {
  for (const entry of calls) call(entry?.[0], entry?.[1]);
};

/**
 * Makes `window.extoleStorefront` the API, starts with the configuration that stood there, and carries out the calls that
 * waited. The first copy of the SDK that comes has the page: any later one, of whatever version, leaves it alone.
 *
 * @param before - What the page's configuration wins over.
 * @param after - What wins over it.
 */
export function takePage(before: StorefrontConfig, after?: StorefrontConfig): void {
  const page: StorefrontGlobal = (window.extoleStorefront ??= {});
  if (page.version) return;
  const { q } = page;
  const config: StorefrontConfig = { ...before, ...page, ...after };
  for (const name in methods) Object.assign(page, { [name]: (...args: unknown[]) => call(name, args) });
  Object.assign(page, { version, q: { push } });
  const queued: readonly QueuedCall[] = Array.isArray(q) ? q : [];
  // Whoever starts us by a queued call gives the configuration there.
  if (config.programDomain || !queued.some((entry) => entry?.[0] === 'start')) call('start', [config]);
  push(...queued);
}
