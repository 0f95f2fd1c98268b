import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startApp } from '../../src/app/start-app.js';
import type { AppRegistration } from './control-panel/app-installation.js';
import { startExtoleApi } from './extole-api/extole-api.js';

/** The app, and Extole's API beside it. */
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
  readonly extoleAccessToken: string;
  readonly extolePort: number;
}): Promise<RunningApp> {
  const { registration, bigcommerceApiUrl, controlPanelUrl, extoleAccessToken, extolePort } = options;
  const { hostname, port } = new URL(registration.url);
  const [extole, dataDir] = await Promise.all([
    startExtoleApi({ port: extolePort, accessToken: extoleAccessToken }),
    mkdtemp(join(tmpdir(), 'extole-sandbox-')),
  ]);
  const leave = (): Promise<unknown> =>
    Promise.all([extole.close(), rm(dataDir, { recursive: true, force: true })]);
  try {
    const app = await startApp({
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
    });
    return {
      url: registration.url,
      extoleAccessToken,
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
