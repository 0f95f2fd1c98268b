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
  /** How many jobs run at the same time. */
  readonly concurrency?: number;
  /** How patient it is, unless it is as it is for merchants. */
  readonly timing?: Pick<Timing, 'presenceMs'>;
  /** How long jobs get to end when the worker is stopped. */
  readonly stopMs?: number;
}

const STOP_MS = 20_000;
const RESTART_MS = 1000;

/** A job is told of when it is added. One that waited for another of its key, or for a dead process, has to be found. */
const POLL_MS = 1000;

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
  const { pool, log, concurrency = 5, timing = TIMING } = options;
  const events = new EventEmitter();
  const created = new Promise<WorkerEventMap['pool:create']>((resolve) => {
    events.once('pool:create', resolve);
  });
  const runner = await run({
    pgPool: pool,
    taskList: taskList(options),
    parsedCronItems: cronItems(),
    concurrency,
    pollInterval: POLL_MS,
    events,
    logger: quietLogger(log),
    // The app stops us when it has stopped to take requests.
    noHandleSignals: true,
    // Without these, a job whose end can't be written would end the process.
    preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
  });
  // A job that a connection was to bring when it broke is ours without our knowing, and its store would wait for hours. It is free again
  // when this run has gone, as the jobs of a dead process are.
  events.once('worker:getJob:error', () => {
    log.warn({}, 'a job may have been lost on its way from the database');
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
const quietLogger = (log: FastifyBaseLogger): Logger =>
  new Logger(() => (level, message) => {
    if (level === 'error' || level === 'warning') log.warn({}, message);
    else log.debug({}, message);
  });
