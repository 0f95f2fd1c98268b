import { EventEmitter } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import { Logger, run, type WorkerEventMap } from 'graphile-worker';
import type { Pool } from 'pg';
import type { Metrics } from '../metrics.js';
import { TIMING, type Timing } from '../timing.js';
import { cronItems } from './cron.js';
import { showPresence } from './presence.js';
import type { Tasks } from './queue.js';
import { taskList } from './task-list.js';

/** Runs jobs. */
export interface Worker {
  /**
   * Takes no more jobs, and settles when those that run have ended. After 20 seconds they are given up: they are tried again in
   * another process or by the next one, so this one should end.
   */
  stop(): Promise<void>;
  /** Whether it takes jobs, and other processes see that it lives. */
  isHealthy(): boolean;
}

/** What a worker works with. */
export interface WorkerOptions {
  /** That of `openDatabase`, which made the tables. */
  readonly pool: Pool;
  readonly tasks: Tasks;
  /** Is told what the worker does, and never what jobs are told. */
  readonly log: FastifyBaseLogger;
  readonly metrics: Pick<Metrics, 'jobs'>;
  /** How many jobs run at the same time, 20 unless said otherwise: most of their time, they wait for BigCommerce or Extole. */
  readonly concurrency?: number;
  /** How patient it is, unless it is as it is for merchants. */
  readonly timing?: Pick<Timing, 'presenceMs'>;
  /** How often it looks for jobs that it was not told of. */
  readonly pollMs?: number;
  /** How long jobs get to end when the worker is stopped. */
  readonly stopMs?: number;
}

const STOP_MS = 20_000;
const RESTART_MS = 1000;

/** A job is told of when it is added. One that waited for another of its key, or while another process fetched, has to be found. */
const POLL_MS = 200;

/*
 * While one process fetches, others find no job of any store. So each fetches as few times as it can: as many at once as it can run, and as many
 * again for when those end. What it can't begin soon is for others to begin.
 */
const FETCH_SIZE_PER_JOB = 2;
const FETCHED_KEPT_MS = 5000;

/** How graphile-worker says that it does not know which jobs the database gave it. It has no event for that. */
const FETCH_FAILED = 'Error occurred fetching jobs';

/**
 * Starts to run jobs; settles when other processes see that this one does. One worker in each process, and as many processes as wanted: the
 * jobs of one that died are run by others within a minute.
 */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { log, stopMs = STOP_MS } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  let current = await startRun(options);
  // A run ends by itself when it can't write how a job ended, or does not know what the database gave it. Those jobs are run again then.
  const keepRunning = async (): Promise<void> => {
    for (;;) {
      await current.ended;
      if (signal.aborted) return;
      log.error({}, 'the queue ended by itself, and is started again');
      await pause(RESTART_MS, undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
      current = await startRun(options).catch((error: Error) => {
        log.error({ err: error }, 'the queue could not be started');
        return current;
      });
      if (signal.aborted) await current.stop(stopMs);
    }
  };
  const ended = keepRunning();
  return {
    isHealthy: () => !signal.aborted && current.isHealthy(),
    async stop() {
      stopping.abort();
      await current.stop(stopMs);
      await ended;
    },
  };
}

/** One of graphile-worker's runs. */
interface Run {
  readonly ended: Promise<void>;
  isHealthy(): boolean;
  stop(afterMs: number): Promise<void>;
}

async function startRun(options: WorkerOptions): Promise<Run> {
  const { pool, log, concurrency = 20, pollMs = POLL_MS, timing = TIMING } = options;
  const events = new EventEmitter();
  let fetchFailed = (): void => {};
  const mayHaveLost = new Promise<void>((resolve) => {
    fetchFailed = resolve;
  });
  const created = new Promise<WorkerEventMap['pool:create']>((resolve) => {
    events.once('pool:create', resolve);
  });
  const runner = await run({
    pgPool: pool,
    taskList: taskList(options),
    parsedCronItems: cronItems(),
    concurrency,
    pollInterval: pollMs,
    events,
    logger: quietLogger(log, fetchFailed),
    // The app stops us when it has stopped to take requests.
    noHandleSignals: true,
    preset: {
      worker: {
        // Without these, a job whose end can't be written would end the process.
        completeJobBatchDelay: 0,
        failJobBatchDelay: 0,
        localQueue: { size: concurrency * FETCH_SIZE_PER_JOB, ttl: FETCHED_KEPT_MS },
      },
    },
  });
  // Jobs that a connection was to bring when it broke are ours without our knowing, and their stores would wait for hours. They are free again
  // when this run has gone, as the jobs of a dead process are.
  mayHaveLost.then(() => {
    log.warn({}, 'jobs may have been lost on their way from the database');
    runner.stop().catch(() => {});
  });
  let isRunning = true;
  const ended = runner.promise
    .catch((error: Error) => log.error({ err: error }, 'the queue failed'))
    .finally(() => {
      isRunning = false;
    });
  const { workerPool } = await created;
  const presence = showPresence(pool, workerPool.id, log, timing.presenceMs);
  await Promise.race([presence.shown, ended]);
  return {
    // As long as it shows that it lives, others leave its jobs alone.
    ended: ended.then(() => presence.stop()),
    isHealthy: () => isRunning && presence.isShown(),
    async stop(afterMs) {
      const timer = setTimeout(() => workerPool.forcefulShutdown('the app stopped'), afterMs);
      await runner.stop().catch(() => {});
      await ended;
      clearTimeout(timer);
    },
  };
}

/** Passes graphile-worker's sentences on, without the jobs that go along with them. */
const quietLogger = (log: FastifyBaseLogger, fetchFailed: () => void): Logger =>
  new Logger(() => (level, message) => {
    if (message.startsWith(FETCH_FAILED)) fetchFailed();
    if (level === 'error' || level === 'warning') log.warn({}, message);
    else log.debug({}, message);
  });
