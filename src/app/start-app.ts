import type { FastifyBaseLogger } from 'fastify';
import { readRelease } from '../store/release.js';
import { AppError } from './app-error.js';
import { buildApp } from './build-app.js';
import type { AppConfig } from './config.js';
import { startDatabase } from './database/start-database.js';
import { oldestWaitingSeconds } from './deliveries/oldest-waiting.js';
import type { AppDeps } from './deps.js';
import { readAdminFiles } from './http/admin-files.js';
import { createLog } from './log.js';
import { createMetrics } from './metrics.js';
import { createQueue } from './queue/queue.js';
import { startWorker, type Worker } from './queue/worker.js';
import { longestDueSeconds } from './rewards/longest-due.js';
import { publishSdkFiles, sdkUrl } from './sdk/sdk-files.js';
import { createSecretBox } from './secret-box.js';
import { createTasks } from './tasks.js';
import { TIMING, type Timing } from './timing.js';

/** The app, as it runs. */
export interface RunningApp {
  /** Where it listens on this machine. */
  readonly url: string;
  /**
   * Takes no more jobs, and lets those that run come to their end for 20 seconds; then takes no more requests, and answers those that
   * run; then closes the database, and stops the embedded one. May be called again.
   */
  close(): Promise<void>;
}

/**
 * Starts the app: its database, its server and the worker that does what waits. Settles when it answers.
 *
 * What it serves is there before anything in a store names it: the SDK's files are published first, and stores are brought to this
 * version by jobs.
 *
 * @throws {AppError} What keeps it from starting. All that had started is stopped again.
 */
export async function startApp(
  config: AppConfig,
  options: {
    readonly log?: FastifyBaseLogger;
    readonly now?: () => Date;
    readonly timing?: Partial<Timing>;
  } = {},
): Promise<RunningApp> {
  const { log = createLog(config.logLevel), now = () => new Date() } = options;
  const running: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const stop of running.splice(0).reverse()) await stop();
  };
  try {
    // Whatever the package lacks is told before the database is touched.
    const [release] = await Promise.all([readRelease(sdkUrl(config)), readAdminFiles()]);
    const { pool, db, close: closeDatabase } = await startDatabase(config, log);
    running.push(closeDatabase);
    await publishSdkFiles(db, now());

    const queue = createQueue(pool);
    const metrics = createMetrics({
      oldestWaitingEvent: () => oldestWaitingSeconds({ db, now }),
      longestDueReward: () => longestDueSeconds({ db, now }),
    });
    const secrets = createSecretBox(config.encryptionKeys);
    const timing = { ...TIMING, ...options.timing };
    const random = Math.random;
    const deps: AppDeps = { config, db, queue, secrets, log, metrics, release, now, timing, random };
    let worker: Worker | undefined;
    const app = await buildApp(deps, { isHealthy: () => worker?.isHealthy() ?? false });
    running.push(() => app.close());
    const url = await app.listen({ host: config.host, port: config.port }).catch(({ code }) => {
      throw new AppError(
        'ADDRESS_UNAVAILABLE',
        `the app can't listen on ${config.host}:${config.port} (${code}). Choose others with HOST and PORT, or stop what is there.`,
      );
    });

    worker = await startWorker({ pool, tasks: createTasks(deps), log, metrics, timing });
    running.push(worker.stop);
    await queue.add('roll-out', {}, { key: 'roll-out' });
    return { url, close };
  } catch (error) {
    await close();
    throw error;
  }
}
