import { readConfig } from '../../src/app/config.js';
import { startApp } from '../../src/app/start-app.js';
import type { Timing } from '../../src/app/timing.js';

/*
 * The app in a process of its own, for benches that measure it or kill it. How it is configured is in the environment, as for merchants;
 * how patient it is, in `BENCH_TIMING`. It tells its parent where it listens.
 */
const timing: Partial<Timing> = JSON.parse(process.env.BENCH_TIMING ?? '{}');

async function main(): Promise<void> {
  const app = await startApp(readConfig(process.env), { timing });
  process.once('SIGTERM', async () => {
    await app.close();
    process.exit();
  });
  process.send?.({ url: app.url });
}

// Whoever measures is gone.
process.once('disconnect', () => process.exit());
main().catch((error: Error) => {
  if (process.env.LOG_LEVEL !== 'silent') console.error(error);
  process.exit(1);
});
