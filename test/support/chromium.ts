import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { findChromium } from '../../src/cli/doctor/chromium.js';

/** What an administrator runs where we may not install anything. */
export const INSTALL_ADVICE =
  'The browser tests need Chromium. Install it with "apt-get install chromium" as root, or with "npx playwright-core install chromium"; or name one in CHROMIUM_PATH.';

/**
 * Sees to it that there is a Chromium: Debian's, installed by its package manager where we are root, else Playwright's
 * own download.
 *
 * @returns Where it is, or `undefined` when it could be had neither way.
 */
export function ensureChromium(): string | undefined {
  const found = findChromium(process.env);
  if (found) return found;
  const run = (command: string, ...args: string[]): boolean => {
    console.log(`> ${command} ${args.join(' ')}`);
    const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    return spawnSync(command, args, { stdio: 'inherit', env: environment }).status === 0;
  };
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    run('apt-get', 'update', '-q');
    run(
      'apt-get',
      'install',
      '-y',
      '-q',
      '--no-install-recommends',
      'chromium',
      'fonts-liberation',
      'fonts-noto-color-emoji',
    );
  }
  if (!findChromium(process.env)) run('npx', 'playwright-core', 'install', 'chromium');
  return findChromium(process.env);
}

/**
 * Starts Chromium for a test. Rejects with {@link INSTALL_ADVICE} where there is none.
 *
 * @param options.keepsPages - Whether pages that were left go into the back/forward cache, which Playwright switches off.
 */
export async function launchChromium(options: { keepsPages?: boolean } = {}): Promise<Browser> {
  const executablePath = findChromium(process.env);
  if (!executablePath) throw new Error(INSTALL_ADVICE);
  return chromium.launch({
    executablePath,
    ignoreDefaultArgs: options.keepsPages ? ['--disable-back-forward-cache'] : [],
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
