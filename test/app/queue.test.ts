import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { AppError } from '../../src/app/app-error.js';
import { openDatabase } from '../../src/app/database/database.js';
import { createLog } from '../../src/app/log.js';
import { createMetrics } from '../../src/app/metrics.js';
import { nightlyTasks } from '../../src/app/queue/nightly.js';
import { createQueue, MAX_ATTEMPTS, type Queue, type Tasks } from '../../src/app/queue/queue.js';
import { startWorker, type Worker, type WorkerOptions } from '../../src/app/queue/worker.js';
import { openTestDatabase } from '../support/app-database.js';
import { type AppProcess, forkApp } from '../support/fork-app.js';

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let queue: Queue;
let logged: string;
let workers: Worker[];
let processes: AppProcess[];

beforeEach(async () => {
  database = await openTestDatabase();
  queue = createQueue(database.pool);
  logged = '';
  workers = [];
  processes = [];
});

afterEach(async () => {
  await Promise.all(processes.map((one) => one.kill()));
  await Promise.all(workers.map((one) => one.stop()));
  await database.close();
  vi.restoreAllMocks();
});

const metrics = createMetrics();

async function work(tasks: Partial<Tasks>, options: Partial<WorkerOptions> = {}): Promise<Worker> {
  const nothing = async (): Promise<void> => {};
  const destination = {
    write(line: string) {
      logged += line;
    },
  };
  const worker = await startWorker({
    pool: database.pool,
    tasks: {
      provision: nothing,
      look: nothing,
      'refresh-channels': nothing,
      'look-at-all': nothing,
      'roll-out': nothing,
      erase: nothing,
      ...tasks,
    },
    log: createLog('debug', destination),
    metrics,
    ...options,
  });
  workers.push(worker);
  return worker;
}

/** A task that tells of each call, and ends when it is told to. */
function slowTask() {
  const calls: string[] = [];
  const ends: (() => void)[] = [];
  return {
    calls,
    endAll: () => {
      for (const end of ends.splice(0)) end();
    },
    task: ({ storeHash }: { readonly storeHash: string }) => {
      calls.push(storeHash);
      return new Promise<void>((resolve) => {
        ends.push(resolve);
      });
    },
  };
}

const jobs = async () =>
  (
    await database.pool.query(
      'select task_identifier as task, attempts, last_error, locked_by, run_at from graphile_worker.jobs order by id',
    )
  ).rows;

const soon = { timeout: 10_000, interval: 10 };

/** Lets every job that waits for its next try have it now. */
async function hurry(attempts?: number): Promise<void> {
  await database.pool.query(
    'select graphile_worker.reschedule_jobs(array(select id from graphile_worker.jobs), run_at => now(), attempts => $1)',
    [attempts],
  );
  await database.pool.query(`notify "jobs:insert", '{"count":1}'`);
}

describe('a job', () => {
  test('is run with what it was told, once, and is gone then', async () => {
    const look = vi.fn(async () => {});
    await work({ look });
    await queue.add('look', { storeHash: 'abc123' });
    await vi.waitFor(async () => expect(await jobs()).toEqual([]), soon);
    expect(look.mock.calls).toEqual([[{ storeHash: 'abc123' }, { number: 1, isLast: false }]]);
  });

  test('that was added in a transaction exists once that is committed', async () => {
    await database.db.transaction().execute(async (db) => {
      await queue.add('look', { storeHash: 'kept' }, { db, key: 'look:kept' });
      expect(await jobs()).toEqual([]);
    });
    expect(await jobs()).toHaveLength(1);
    const failing = database.db.transaction().execute(async (db) => {
      await queue.add('look', { storeHash: 'dropped' }, { db });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await jobs()).toHaveLength(1);
  });

  test('waits until its time', async () => {
    const look = vi.fn(async () => {});
    await work({ look });
    const runAt = new Date(Date.now() + 3_600_000);
    await queue.add('look', { storeHash: 'later' }, { runAt });
    await queue.add('look', { storeHash: 'now' });
    await vi.waitFor(async () => {
      expect(look).toHaveBeenCalled();
      expect(await jobs()).toMatchObject([{ run_at: runAt }]);
    }, soon);
    expect(look).toHaveBeenCalledTimes(1);
  });

  test('replaces the one that waits under its key', async () => {
    const runAt = new Date(Date.now() + 3_600_000);
    await queue.add('look', { storeHash: 'old' }, { key: 'look:abc', runAt });
    await queue.add('look', { storeHash: 'new' }, { key: 'look:abc' });
    await queue.add('look', { storeHash: 'other' }, { key: 'look:def' });
    const look = vi.fn(async (_: { readonly storeHash: string }) => {});
    await work({ look });
    await vi.waitFor(async () => expect(await jobs()).toEqual([]), soon);
    expect(look.mock.calls.map(([payload]) => payload.storeHash).sort()).toEqual(['new', 'other']);
  });

  test('waits for the one that runs under its key', async () => {
    const slow = slowTask();
    await work({ look: slow.task });
    await queue.add('look', { storeHash: 'first' }, { key: 'look:abc' });
    await vi.waitFor(() => expect(slow.calls).toEqual(['first']), soon);
    await queue.add('look', { storeHash: 'second' }, { key: 'look:abc' });
    await queue.add('look', { storeHash: 'other' }, { key: 'look:def' });
    await vi.waitFor(() => expect(slow.calls).toEqual(['first', 'other']), soon);
    slow.endAll();
    await vi.waitFor(() => expect(slow.calls).toEqual(['first', 'other', 'second']), soon);
    slow.endAll();
    await vi.waitFor(async () => expect(await jobs()).toEqual([]), soon);
  });

  test('that fails is tried again later, until the last time', async () => {
    const look = vi.fn(async (_: unknown, _attempt: { number: number; isLast: boolean }) => {
      throw new AppError('BIGCOMMERCE_AWAY', 'nobody answers.');
    });
    await work({ look });
    await queue.add('look', { storeHash: 'abc123' });
    await vi.waitFor(
      async () => expect(await jobs()).toMatchObject([{ attempts: 1, locked_by: null }]),
      soon,
    );
    const [{ run_at: next }] = await jobs();
    expect(next.getTime() - Date.now()).toBeGreaterThan(1000);
    await hurry();
    await vi.waitFor(() => expect(look).toHaveBeenCalledTimes(2), soon);
    await vi.waitFor(
      async () => expect(await jobs()).toMatchObject([{ attempts: 2, locked_by: null }]),
      soon,
    );
    await hurry(MAX_ATTEMPTS - 1);
    await vi.waitFor(() => expect(look).toHaveBeenCalledTimes(3), soon);
    await vi.waitFor(async () => expect(await jobs()).toMatchObject([{ locked_by: null }]), soon);
    expect(look.mock.calls.map(([, attempt]) => attempt)).toEqual([
      { number: 1, isLast: false },
      { number: 2, isLast: false },
      { number: MAX_ATTEMPTS, isLast: true },
    ]);
  });

  test('is counted by how it ended', async () => {
    metrics.jobs.reset();
    await work({
      look: async ({ storeHash }) => {
        if (storeHash === 'bad') throw new Error('no');
      },
    });
    await queue.add('look', { storeHash: 'good' });
    await queue.add('look', { storeHash: 'bad' });
    await vi.waitFor(
      async () => expect(await jobs()).toMatchObject([{ attempts: 1, locked_by: null }]),
      soon,
    );
    await hurry(MAX_ATTEMPTS - 1);
    await vi.waitFor(async () => {
      const { values } = await metrics.jobs.get();
      expect(values.map(({ labels: { outcome }, value }) => [outcome, value]).sort()).toEqual([
        ['done', 1],
        ['failed', 1],
        ['retried', 1],
      ]);
    }, soon);
  });

  test('leaves nothing that it was told in log and database when it fails', async () => {
    await work({
      look: async ({ storeHash }) => {
        throw storeHash === 'ours'
          ? new AppError('STORE_GONE', 'the store is gone.')
          : new SyntaxError(`Unexpected token in "jane@example.com"`);
      },
    });
    await queue.add('look', { storeHash: 'ours' });
    await queue.add('look', { storeHash: 'jane@example.com' });
    await vi.waitFor(async () => {
      const failed = await jobs();
      expect(failed.map(({ last_error }) => last_error).sort()).toEqual(['STORE_GONE', 'SyntaxError']);
    }, soon);
    expect(logged).toContain('STORE_GONE: the store is gone.');
    expect(logged).toContain('SyntaxError');
    expect(logged).toContain('queue.test.ts');
    expect(logged).not.toContain('jane@example.com');
  });
});

describe('a worker', () => {
  test('that is stopped lets its jobs end, and takes no more', async () => {
    const slow = slowTask();
    const worker = await work({ look: slow.task }, { concurrency: 1 });
    await queue.add('look', { storeHash: 'running' });
    await vi.waitFor(() => expect(slow.calls).toEqual(['running']), soon);
    const stopped = worker.stop();
    expect(worker.isHealthy()).toBe(false);
    await queue.add('look', { storeHash: 'later' });
    slow.endAll();
    await stopped;
    expect(slow.calls).toEqual(['running']);
    expect(await jobs()).toMatchObject([{ attempts: 0, locked_by: null }]);
  });

  test('gives up jobs that do not end in time, for another to try', async () => {
    const slow = slowTask();
    const worker = await work({ look: slow.task }, { stopMs: 100 });
    await queue.add('look', { storeHash: 'endless' });
    await vi.waitFor(() => expect(slow.calls).toHaveLength(1), soon);
    await worker.stop();
    expect(await jobs()).toMatchObject([{ attempts: 1, locked_by: null }]);
    await hurry();
    const look = vi.fn(async () => {});
    await work({ look });
    await vi.waitFor(() => expect(look).toHaveBeenCalled(), soon);
  });

  test('goes on when the database cuts all connections', async () => {
    const slow = slowTask();
    const worker = await work({ look: slow.task });
    await queue.add('look', { storeHash: 'before' });
    await vi.waitFor(() => expect(slow.calls).toEqual(['before']), soon);
    const { pool: other, close } = await openDatabase(database.url);
    await other.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    );
    await close();
    await vi.waitFor(() => expect(worker.isHealthy()).toBe(false), soon);
    await vi.waitFor(() => expect(worker.isHealthy()).toBe(true), soon);
    await queue.add('look', { storeHash: 'after' });
    await vi.waitFor(async () => {
      slow.endAll();
      expect(slow.calls).toContain('after');
      expect(await jobs()).toEqual([]);
    }, soon);
  });

  test('runs a job again whose end could not be written', async () => {
    // graphile-worker tells of it here as well.
    vi.spyOn(console, 'trace').mockImplementation(() => {});
    const slow = slowTask();
    const worker = await work({ look: slow.task });
    await queue.add('look', { storeHash: 'twice' });
    await vi.waitFor(() => expect(slow.calls).toEqual(['twice']), soon);
    await database.pool.query('alter table graphile_worker._private_jobs rename to jobs_elsewhere');
    slow.endAll();
    await vi.waitFor(() => expect(worker.isHealthy()).toBe(false), soon);
    await database.pool.query('alter table graphile_worker.jobs_elsewhere rename to _private_jobs');
    await vi.waitFor(() => expect(slow.calls).toEqual(['twice', 'twice']), { timeout: 60_000, interval: 50 });
    slow.endAll();
    await vi.waitFor(async () => expect(await jobs()).toEqual([]), soon);
    expect(worker.isHealthy()).toBe(true);
  }, 90_000);

  test('can be stopped while it can not work', async () => {
    vi.spyOn(console, 'trace').mockImplementation(() => {});
    const slow = slowTask();
    const worker = await work({ look: slow.task });
    await queue.add('look', { storeHash: 'abc123' });
    await vi.waitFor(() => expect(slow.calls).toHaveLength(1), soon);
    await database.pool.query('drop schema graphile_worker cascade');
    slow.endAll();
    await vi.waitFor(() => expect(worker.isHealthy()).toBe(false), soon);
    await worker.stop();
    expect(worker.isHealthy()).toBe(false);
  });

  test('takes over the jobs of a process that was killed, within a minute, and no others', async () => {
    const dying = forkApp(database.url);
    const living = forkApp(database.url);
    processes.push(living);
    await Promise.all([dying, living].map((one) => one.until(({ ready }) => Boolean(ready))));
    // Each has five places, so both are full then.
    for (let number = 1; number <= 10; number += 1) {
      await queue.add('look', { storeHash: `store${number}` }, { key: `look:store${number}` });
    }
    const begunBy = (one: AppProcess) => one.told.flatMap(({ began }) => began?.storeHash ?? []).sort();
    await vi.waitFor(() => expect([...begunBy(dying), ...begunBy(living)]).toHaveLength(10), soon);
    await dying.kill();
    const killedAt = performance.now();
    const taken: string[] = [];
    await work({
      look: async ({ storeHash }) => {
        taken.push(storeHash);
      },
    });
    await vi.waitFor(() => expect(taken.sort()).toEqual(begunBy(dying)), { timeout: 60_000, interval: 50 });
    console.log(`taken over after ${((performance.now() - killedAt) / 1000).toFixed(1)} s`);
    await vi.waitFor(
      async () => expect((await jobs()).map(({ attempts }) => attempts)).toEqual([1, 1, 1, 1, 1]),
      soon,
    );
  }, 90_000);
});

test('nightly tasks begin at 02:00 and 03:00 UTC, once', async () => {
  const dates = { date: 1, month: 1, dow: 1 };
  const times = new Map(
    nightlyTasks().map(({ task, match }) => [
      task,
      Array.from({ length: 24 * 60 }, (_, minute) => minute).filter((minute) =>
        match({ min: minute % 60, hour: Math.floor(minute / 60), ...dates }),
      ),
    ]),
  );
  expect(times.get('look-at-all')).toEqual([2 * 60]);
  expect(times.get('erase')).toEqual([3 * 60]);
  await work({});
  await work({});
  await vi.waitFor(async () => {
    const { rows } = await database.pool.query(
      'select identifier from graphile_worker._private_known_crontabs order by identifier',
    );
    expect(rows.map(({ identifier }) => identifier)).toEqual(['erase', 'look-at-all', 'tidy-up']);
  }, soon);
});
