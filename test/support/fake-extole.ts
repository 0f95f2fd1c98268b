import type { CreateZoneSettings, ExtoleGlobal } from '../../src/storefront/types.js';

/** A call of `createZone` that reached Extole. */
export interface ZoneCall {
  readonly settings: CreateZoneSettings;
  /** Answers the call as Extole does: with a creative in the element, with an error, or with nothing. */
  answer(creative?: string, error?: unknown): void;
}

/**
 * Extole's library as the SDK sees it, under the test's control. For pages without a network; the sandbox's program
 * domain is the one that browsers talk to.
 */
export function fakeExtole(): {
  extole: ExtoleGlobal;
  calls: ZoneCall[];
  logouts: () => number;
  /** Comes as the core tag does: takes the page's global, and the calls that wait there. */
  takeOver(): void;
} {
  const calls: ZoneCall[] = [];
  let logouts = 0;
  const extole: ExtoleGlobal = {
    createZone(settings, done) {
      calls.push({
        settings,
        answer(creative = '', error) {
          settings.element?.insertAdjacentHTML('beforeend', creative);
          done?.(error, {});
        },
      });
    },
    require(_modules, use) {
      use({ logout: () => (logouts += 1) });
    },
  };
  return {
    extole,
    calls,
    logouts: () => logouts,
    takeOver() {
      const queue = window.extole?.q ?? [];
      window.extole = extole;
      for (const entry of queue)
        Reflect.apply(extole.createZone ?? (() => {}), extole, Array.from(entry?.[1] ?? []));
    },
  };
}
