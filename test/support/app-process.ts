import { startDatabase } from '../../src/app/database/start-database.js';
import { createLog } from '../../src/app/log.js';
import { createMetrics } from '../../src/app/metrics.js';
import { startWorker } from '../../src/app/queue/worker.js';

/*
 * A process of its own for tests that kill it: database and worker, as the app has them, and tasks that tell that they began and never end.
 * Arguments: the address of a database or "", and the folder of the embedded one.
 */
const [databaseUrl = '', dataDir = ''] = process.argv.slice(2);
const tell = (message: object): void => {
  process.send?.(message);
};
const log = createLog('silent');

async function main(): Promise<void> {
  const { pool } = await startDatabase({ databaseUrl: databaseUrl || undefined, dataDir }, log);
  const forever = (payload: object): Promise<void> => {
    tell({ began: payload });
    return new Promise(() => {});
  };
  // The clock adds these, whatever a test is about.
  const atOnce = async (): Promise<void> => {};
  await startWorker({
    pool,
    log,
    metrics: createMetrics(),
    tasks: {
      provision: forever,
      look: forever,
      'refresh-channels': forever,
      'keep-webhooks': forever,
      'look-at-orders': forever,
      deliver: forever,
      sweep: forever,
      import: forever,
      'fulfill-rewards': atOnce,
      'poll-rewards': atOnce,
      'refill-codes': atOnce,
      'poll-all': atOnce,
      'sweep-all': atOnce,
      'wake-overdue': atOnce,
      'look-at-all': forever,
      'roll-out': forever,
      erase: forever,
    },
  });
  // Something to lose: each row is told of once it is committed.
  for (let number = 1; dataDir; number += 1) {
    await pool.query('insert into used_jwt (jwt_hash, expires_at) values ($1, now())', [
      Buffer.from(`${number}`),
    ]);
    tell({ committed: number });
  }
  tell({ ready: true });
}

main().catch((error: Error) => {
  tell({ failed: error.message });
  process.exitCode = 1;
  process.disconnect();
});
