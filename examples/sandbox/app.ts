import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AppConfig } from '../../src/app/config.js';
import { startApp } from '../../src/app/start-app.js';
import type { AppRegistration } from './control-panel/app-installation.js';

/** How patient the app is where somebody watches. */
const HASTY = {
  sweepLagMs: 2_000,
  retryBaseMs: 2_000,
  retryMaxMs: 30_000,
  tokenPauseMs: 30_000,
  rateLimitPauseMs: 10_000,
};

/** The app. */
export interface RunningApp {
  /** `http://127.0.0.1:4004` */
  readonly url: string;
  /** What Extole's API takes, and a merchant enters. */
  readonly extoleAccessToken: string;
  close(): Promise<void>;
}

/**
 * Starts the app as it runs for real stores, but for whom it talks to: BigCommerce and Extole are on this machine, and its
 * database is in a folder that goes when it stops.
 *
 * @param options.registration - What BigCommerce knows of the app: where it is, and its credentials.
 */
export async function runApp(options: {
  readonly registration: AppRegistration;
  readonly bigcommerceApiUrl: string;
  readonly controlPanelUrl: string;
  readonly extole: { readonly url: string; readonly accessToken: string };
}): Promise<RunningApp> {
  const { registration, bigcommerceApiUrl, controlPanelUrl, extole } = options;
  const { hostname, port } = new URL(registration.url);
  const dataDir = await mkdtemp(join(tmpdir(), 'extole-sandbox-'));
  const leave = (): Promise<void> => rm(dataDir, { recursive: true, force: true });
  try {
    const config: AppConfig = {
      appUrl: registration.url,
      host: hostname,
      port: Number(port),
      // The terminal says what to try; what goes wrong shows in the app's page.
      logLevel: 'error',
      trustProxy: false,
      databaseUrl: undefined,
      dataDir,
      clientId: registration.clientId,
      clientSecret: registration.clientSecret,
      encryptionKeys: [randomBytes(32)],
      sessionKey: randomBytes(32),
      metricsToken: undefined,
      bigcommerceApiUrl,
      bigcommerceLoginUrl: controlPanelUrl,
      extoleApiUrl: extole.url,
      frameAncestors: [controlPanelUrl],
      controlPanelUrl,
      payloadDays: 30,
      allowLocalProgramDomains: true,
    };
    // Whoever tries it waits for nothing longer than need be.
    const app = await startApp(config, { timing: HASTY });
    return {
      url: registration.url,
      extoleAccessToken: extole.accessToken,
      async close() {
        await app.close();
        await leave();
      },
    };
  } catch (error) {
    await leave();
    throw error;
  }
}
