import { sql } from 'kysely';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { z } from 'zod';
import { AppError } from '../../src/app/app-error.js';
import { openDatabase } from '../../src/app/database/database.js';
import { createLog } from '../../src/app/log.js';
import { createMetrics } from '../../src/app/metrics.js';
import { cronItems } from '../../src/app/queue/cron.js';
import { createQueue, MAX_ATTEMPTS, type Queue, type Tasks } from '../../src/app/queue/queue.js';
import { tidyUp } from '../../src/app/queue/tidy-up.js';
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
      'keep-webhooks': nothing,
      'look-at-orders': nothing,
      deliver: nothing,
      sweep: nothing,
      import: nothing,
      'fulfill-rewards': nothing,
      'poll-rewards': nothing,
      'refill-codes': nothing,
      'poll-all': nothing,
      'sweep-all': nothing,
      'wake-overdue': nothing,
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

/** All but what the clock adds while a test runs. */
const jobs = async () =>
  (
    await database.pool.query(
      `select task_identifier as task, attempts, last_error, locked_by, run_at from graphile_worker.jobs
        where task_identifier not in ('poll-all', 'sweep-all', 'tidy-up', 'wake-overdue') order by id`,
    )
  ).rows;

const soon = { timeout: 10_000, interval: 10 };

/** Has the next connection break that brings a job: after the database has given it away. */
function loseNextJob(): { isLost(): boolean } {
  let isLost = false;
  const { query } = pg.Client.prototype;
  const lose = (answer: unknown): unknown => {
    const { rowCount } = z.object({ rowCount: z.number() }).parse(answer);
    if (isLost || rowCount === 0) return answer;
    isLost = true;
    throw Object.assign(new Error('terminating connection'), { code: '57P01' });
  };
  const isGetJob = (asked: unknown): boolean =>
    typeof asked === 'object' && asked !== null && 'name' in asked && `${asked.name}`.startsWith('get_job');
  Object.defineProperty(pg.Client.prototype, 'query', {
    configurable: true,
    writable: true,
    value(this: pg.Client, ...all: unknown[]): unknown {
      const answer: unknown = Reflect.apply(query, this, all);
      return isGetJob(all[0]) ? Promise.resolve(answer).then(lose) : answer;
    },
  });
  onTestFinished(() => {
    pg.Client.prototype.query = query;
  });
  return { isLost: () => isLost };
}

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

  test('that is added at the moment at which one of its key begins waits for that one', async () => {
    await queue.add('look', { storeHash: 'first' }, { key: 'look:abc' });
    const worker = await database.pool.connect();
    try {
      // As a worker takes a job: others see that once it is committed.
      await worker.query('begin');
      await worker.query(
        "update graphile_worker._private_jobs set attempts = 1, locked_by = 'x', locked_at = now()",
      );
      const added = queue.add('look', { storeHash: 'second' }, { key: 'look:abc' });
      await vi.waitFor(async () => {
        const { rows } = await database.pool.query(
          "select 1 from pg_locks where not granted and locktype = 'transactionid'",
        );
        expect(rows).toHaveLength(1);
      }, soon);
      await worker.query('commit');
      await added;
    } finally {
      worker.release();
    }
    expect(await jobs()).toMatchObject([
      { locked_by: 'x', attempts: MAX_ATTEMPTS + 1 },
      { locked_by: null, attempts: 0 },
    ]);
  });

  test('can be added and is run when the numbers of queues and tasks are used up', async () => {
    const add = (storeHash: string) => queue.wake('look', storeHash);
    await add('first');
    for (const sequence of ['job_queues_id_seq', 'tasks_id_seq']) {
      await database.pool.query('select setval($1, 2147483647)', [`graphile_worker.${sequence}`]);
    }
    // The first has the number that the second gets.
    await add('second');
    await add('third');
    const look = vi.fn(async (_: { readonly storeHash: string }) => {});
    await work({ look });
    await vi.waitFor(async () => expect(await jobs()).toEqual([]), soon);
    expect(look.mock.calls.map(([{ storeHash }]) => storeHash).sort()).toEqual(['first', 'second', 'third']);
  });

  test('is added beside others of its task at once, each under its own key', async () => {
    const runAt = new Date(Date.now() + 3_600_000);
    await queue.add('look', { storeHash: 'b' }, { key: 'look:b', runAt });
    await queue.wake('look', ['a', 'b', 'c'], { keepsRunAt: true });
    await queue.wake('look', []);
    const look = vi.fn(async (_: { readonly storeHash: string }) => {});
    await work({ look });
    await vi.waitFor(async () => expect(await jobs()).toMatchObject([{ run_at: runAt }]), soon);
    expect(look.mock.calls.map(([payload]) => payload.storeHash).sort()).toEqual(['a', 'c']);
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
      const looks = values.filter(({ labels }) => labels.task === 'look');
      expect(looks.map(({ labels: { outcome }, value }) => [outcome, value]).sort()).toEqual([
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

  test('is done though the connection broke that was to bring it', async () => {
    const losing = loseNextJob();
    const look = vi.fn(async (_: { readonly storeHash: string }) => {});
    const worker = await work({ look }, { timing: { presenceMs: 50 } });
    await queue.add('look', { storeHash: 'abc' }, { key: 'look:abc' });
    await vi.waitFor(() => expect(losing.isLost()).toBe(true), soon);
    await vi.waitFor(async () => expect(await jobs()).toEqual([]), soon);
    expect(look.mock.calls).toEqual([[{ storeHash: 'abc' }, { number: 2, isLast: false }]]);
    await vi.waitFor(() => expect(worker.isHealthy()).toBe(true), soon);
  });

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

  test('begins a job at once that is added, not when it looks again', async () => {
    const look = vi.fn(async () => {});
    await work({ look }, { pollMs: 3_600_000 });
    for (let number = 1; number <= 3; number += 1) {
      await queue.wake('look', `store${number}`);
      await vi.waitFor(() => expect(look).toHaveBeenCalledTimes(number), soon);
    }
  });

  test('and another one have the jobs of each store take turns', async () => {
    const { pool, close } = await openDatabase(database.url);
    onTestFinished(close);
    const stores = Array.from({ length: 5 }, (_, number) => `store${number}`);
    const running = new Set<string>();
    const turns: string[] = [];
    const together: string[] = [];
    const look = (byPool: pg.Pool): Tasks['look'] => {
      const own = createQueue(byPool);
      return async ({ storeHash }) => {
        if (running.has(storeHash)) together.push(storeHash);
        running.add(storeHash);
        turns.push(storeHash);
        // While it runs, and others are fetched.
        for (const one of stores) await own.wake('look', one);
        running.delete(storeHash);
      };
    };
    const first = await work({ look: look(database.pool) });
    const second = await work({ look: look(pool) }, { pool });
    await queue.wake('look', stores);
    await vi.waitFor(() => expect(turns.length).toBeGreaterThan(50), soon);
    await Promise.all([first, second].map((one) => one.stop()));
    expect(together).toEqual([]);
  });

  test('that is stopped gives jobs back at once that it has not begun', async () => {
    const slow = slowTask();
    const worker = await work({ look: slow.task }, { concurrency: 1 });
    await queue.wake('look', 'runs');
    await vi.waitFor(() => expect(slow.calls).toEqual(['runs']), soon);
    await queue.wake('look', 'waits');
    await vi.waitFor(
      async () => expect((await jobs()).map(({ attempts }) => attempts)).toEqual([1, 1]),
      soon,
    );
    const stopped = worker.stop();
    await vi.waitFor(
      async () => expect((await jobs()).map(({ attempts }) => attempts)).toEqual([1, 0]),
      soon,
    );
    slow.endAll();
    await stopped;
    expect(await jobs()).toMatchObject([{ attempts: 0, locked_by: null }]);
    expect(slow.calls).toEqual(['runs']);
  });

  test('that is stopped does not give back what was replaced, since both would have their turn at once', async () => {
    const slow = slowTask();
    const worker = await work({ look: slow.task }, { concurrency: 1 });
    await queue.wake('look', 'runs');
    await vi.waitFor(() => expect(slow.calls).toEqual(['runs']), soon);
    await queue.wake('look', 'waits');
    await vi.waitFor(
      async () => expect((await jobs()).map(({ attempts }) => attempts)).toEqual([1, 1]),
      soon,
    );
    await queue.wake('look', 'waits');
    slow.endAll();
    const stopped = worker.stop();
    slow.endAll();
    await stopped;
    const next = slowTask();
    await work({ look: next.task });
    await vi.waitFor(() => expect(next.calls).toEqual(['waits']), soon);
    await queue.wake('look', 'other');
    await vi.waitFor(() => expect(next.calls).toEqual(['waits', 'other']), soon);
    next.endAll();
    await tidyUp(database.pool);
    await vi.waitFor(async () => expect(await jobs()).toEqual([]), soon);
  });

  test('leaves jobs to another one that it can not begin soon', async () => {
    const slow = slowTask();
    await work({ look: slow.task }, { concurrency: 1 });
    await queue.wake('look', 'runs');
    await vi.waitFor(() => expect(slow.calls).toEqual(['runs']), soon);
    await queue.wake('look', 'waits');
    await vi.waitFor(
      async () => expect((await jobs()).map(({ attempts }) => attempts)).toEqual([1, 1]),
      soon,
    );
    const other = vi.fn(async (_: { readonly storeHash: string }) => {});
    await work({ look: other });
    await vi.waitFor(() => expect(other).toHaveBeenCalled(), soon);
    expect(other.mock.calls).toEqual([[{ storeHash: 'waits' }, { number: 1, isLast: false }]]);
    slow.endAll();
  });

  test('has more jobs in transactions than there are connections, none of which fails', async () => {
    await work({
      look: () =>
        database.db.transaction().execute(async (db) => {
          await sql`select pg_sleep(0.05)`.execute(db);
          await queue.wake('deliver', 'abc', { db });
        }),
    });
    await queue.wake(
      'look',
      Array.from({ length: 60 }, (_, number) => `store${number}`),
    );
    await vi.waitFor(async () => expect(await jobs()).toEqual([]), soon);
    expect(logged).not.toContain('will be tried again');
  });

  test('takes over the jobs of a process that was killed, within a minute, and no others', async () => {
    const dying = forkApp(database.url);
    const living = forkApp(database.url);
    processes.push(living);
    await Promise.all([dying, living].map((one) => one.until(({ ready }) => Boolean(ready))));
    // Each has twenty places, and fetches for twice as many.
    const all = Array.from({ length: 100 }, (_, number) => `store${number}`);
    await queue.wake('look', all);
    const begunBy = (one: AppProcess) => one.told.flatMap(({ began }) => began?.storeHash ?? []);
    await vi.waitFor(async () => {
      for (const one of [dying, living]) expect(begunBy(one)).toHaveLength(20);
      const fetched = (await jobs()).filter(({ attempts }) => attempts > 0);
      expect(fetched.length).toBeGreaterThan(60);
    }, soon);
    await dying.kill();
    const killedAt = performance.now();
    const taken: string[] = [];
    await work({
      look: async ({ storeHash }) => {
        taken.push(storeHash);
      },
    });
    const left = all.filter((storeHash) => !begunBy(living).includes(storeHash)).sort();
    await vi.waitFor(() => expect(taken.sort()).toEqual(left), { timeout: 60_000, interval: 50 });
    console.log(`taken over after ${((performance.now() - killedAt) / 1000).toFixed(1)} s`);
    await vi.waitFor(
      async () => expect((await jobs()).map(({ attempts }) => attempts)).toEqual(Array(20).fill(1)),
      soon,
    );
  }, 90_000);
});

describe('tidying up', () => {
  const queues = async () =>
    (
      await database.pool.query(
        'select queue_name as name from graphile_worker._private_job_queues order by name',
      )
    ).rows.map(({ name }) => name);
  /** Leaves a queue behind that nobody uses. */
  const useQueue = async (name: string): Promise<void> => {
    await queue.add('look', { storeHash: 'abc' }, { key: name });
    await database.pool.query('select graphile_worker.remove_job($1)', [name]);
  };
  const isWaiting = async (): Promise<boolean> => {
    const { rows } = await database.pool.query(
      "select 1 from pg_locks where not granted and mode = 'ShareRowExclusiveLock'",
    );
    return rows.length > 0;
  };

  test('forgets queues that nobody uses, and no others', async () => {
    await useQueue('look:over');
    await queue.add('look', { storeHash: 'abc' }, { key: 'look:waits' });
    await queue.add('look', { storeHash: 'abc' }, { key: 'look:later', runAt: new Date('2100-01-01') });
    expect(await queues()).toEqual(['look:later', 'look:over', 'look:waits']);
    await tidyUp(database.pool);
    expect(await queues()).toEqual(['look:later', 'look:waits']);
  });

  test('forgets jobs that failed for good, with their queues, and none that run or are tried again', async () => {
    const set = (key: string, change: string) =>
      database.pool.query(`update graphile_worker._private_jobs set ${change} where key = $1`, [key]);
    for (const key of ['failed', 'fails', 'runs']) await queue.add('look', { storeHash: key }, { key });
    await set('failed', 'attempts = max_attempts');
    await set('fails', 'attempts = max_attempts - 1');
    await set('runs', "attempts = max_attempts, locked_at = now(), locked_by = 'x'");
    await tidyUp(database.pool);
    expect(await queues()).toEqual(['fails', 'runs']);
    expect(await jobs()).toMatchObject([{ attempts: MAX_ATTEMPTS - 1 }, { locked_by: 'x' }]);
  });

  test('keeps no job from running that is added meanwhile', async () => {
    const slow = slowTask();
    await work({ look: slow.task });
    await useQueue('look:abc');
    let tidied: Promise<void> = Promise.resolve();
    await database.db.transaction().execute(async (db) => {
      await queue.wake('look', 'abc', { db });
      tidied = tidyUp(database.pool);
      await vi.waitFor(async () => expect(await isWaiting()).toBe(true), soon);
    });
    await tidied;
    await vi.waitFor(() => expect(slow.calls).toEqual(['abc']), soon);
    expect(await queues()).toContain('look:abc');
    slow.endAll();
  });

  test('gives way when a transaction that adds jobs does not end', async () => {
    await useQueue('look:over');
    await database.db.transaction().execute(async (db) => {
      await queue.wake('look', 'abc', { db });
      await expect(tidyUp(database.pool)).rejects.toThrow('lock timeout');
      // On another connection.
      await queue.wake('look', 'def');
    });
    expect(await queues()).toEqual(['look:abc', 'look:def', 'look:over']);
  });
});

describe('what the clock adds', () => {
  test('comes nightly at 02:00 and 03:00 UTC, every five minutes, and every minute', () => {
    const dates = { date: 1, month: 1, dow: 1 };
    const everyMinute = Array.from({ length: 24 * 60 }, (_, minute) => minute);
    const times = new Map(
      cronItems().map(({ task, match }) => [
        task,
        everyMinute.filter((minute) => match({ min: minute % 60, hour: Math.floor(minute / 60), ...dates })),
      ]),
    );
    expect(times).toEqual(
      new Map([
        ['look-at-all', [2 * 60]],
        ['erase', [3 * 60]],
        ['tidy-up', everyMinute.filter((minute) => minute % 5 === 0)],
        ['sweep-all', everyMinute],
        ['poll-all', everyMinute],
        ['wake-overdue', everyMinute],
      ]),
    );
  });

  test('is caught up with after an outage, not turn by turn', async () => {
    await work({});
    const known = async () =>
      (
        await database.pool.query(
          'select identifier from graphile_worker._private_known_crontabs order by identifier',
        )
      ).rows.map(({ identifier }) => identifier);
    const all = ['erase', 'look-at-all', 'poll-all', 'sweep-all', 'tidy-up', 'wake-overdue'];
    await vi.waitFor(async () => expect(await known()).toEqual(all), soon);
    await Promise.all(workers.splice(0).map((worker) => worker.stop()));

    const away = (hours: number) =>
      database.pool.query(
        "update graphile_worker._private_known_crontabs set last_execution = now() - $1 * interval '1 hour'",
        [hours],
      );
    const calls = { 'look-at-all': 0, erase: 0, 'sweep-all': 0, 'wake-overdue': 0 };
    const count = (task: keyof typeof calls) => async () => {
      calls[task] += 1;
    };
    await away(24);
    await work({
      'look-at-all': count('look-at-all'),
      erase: count('erase'),
      'sweep-all': count('sweep-all'),
      'wake-overdue': count('wake-overdue'),
    });
    await vi.waitFor(() => {
      expect(calls['sweep-all']).toBeGreaterThan(0);
      expect(calls['wake-overdue']).toBeGreaterThan(0);
    }, soon);
    expect(calls['look-at-all']).toBeLessThan(2);
    expect(calls.erase).toBeLessThan(2);
  });
});
