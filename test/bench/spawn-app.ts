import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { freePort, until } from './wait.js';

/** The app as it was built, in a process of its own. */
export interface SpawnedApp {
  readonly pid: number;
  readonly url: string;
  /** Has it come to its end. Settles when it has. */
  stop(): Promise<void>;
}

const newKey = (): string => randomBytes(32).toString('base64');

/**
 * Starts `extole-bigcommerce app`; settles when `/ready` answers 200.
 *
 * @param environment - In place of, or beside, what is made up.
 */
export async function spawnApp(environment: Readonly<Record<string, string>>): Promise<SpawnedApp> {
  const port = await freePort();
  const app: ChildProcess = spawn(process.execPath, ['dist/cli/extole-bigcommerce.mjs', 'app'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      APP_URL: `http://localhost:${port}`,
      HOST: '127.0.0.1',
      PORT: `${port}`,
      LOG_LEVEL: 'error',
      BIGCOMMERCE_CLIENT_ID: 'benchclientid0123456789',
      BIGCOMMERCE_CLIENT_SECRET: newKey(),
      ENCRYPTION_KEYS: newKey(),
      SESSION_KEY: newKey(),
      ...environment,
    },
  });
  const ended = once(app, 'exit');
  const stop = async (): Promise<void> => {
    app.kill('SIGTERM');
    await ended;
  };
  const url = `http://127.0.0.1:${port}`;
  try {
    await Promise.race([
      until(async () => (await fetch(`${url}/ready`)).ok),
      ended.then(() => Promise.reject(new Error('The app ended before it was ready.'))),
    ]);
    return { pid: app.pid ?? 0, url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
