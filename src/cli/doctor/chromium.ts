import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const USUAL_PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/**
 * Where a Chromium of this machine is: the one that `CHROMIUM_PATH` names, else one at a usual place, else Playwright's own.
 *
 * @returns `undefined` where there is none, or where the one that is named does not exist.
 */
export function findChromium(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const { CHROMIUM_PATH: named } = env;
  const places = named ? [named] : [...USUAL_PLACES, chromium.executablePath()];
  return places.find((path) => existsSync(path));
}
