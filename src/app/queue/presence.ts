import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import pg from 'pg';

/** Shows other processes that a worker lives. */
export interface Presence {
  /** Settles when others see it for the first time. */
  readonly shown: Promise<void>;
  /** Whether others see it now. */
  isShown(): boolean;
  stop(): Promise<void>;
}

/*
 * PostgreSQL drops the locks of a session that is gone. So a lock of a connection that does nothing else shows that its worker lives;
 * its key is made from the worker's id, which graphile-worker writes to each job that the worker takes.
 *
 * A connection can break while its process lives on, and the lock is back within a second or so. That is why a worker counts as
 * dead only when two looks in a row found no lock. A machine that vanishes closes no connection: the keep-alive settings have
 * PostgreSQL notice within 20 seconds.
 */
const QUERY_TIMEOUT_MS = 10_000;
const RECONNECT_MS = 1000;
const KEEP_ALIVE =
  'set tcp_keepalives_idle = 10; set tcp_keepalives_interval = 5; set tcp_keepalives_count = 2';
const SHOW = 'select pg_advisory_lock(hashtextextended($1, 0))';
const FIND_ABSENT = `
  select locked_by as id
  from (select distinct locked_by from graphile_worker.jobs where locked_by <> $1) as others
  where pg_try_advisory_xact_lock_shared(hashtextextended(locked_by, 0))`;
const FREE_JOBS = 'select graphile_worker.force_unlock_workers($1)';

/**
 * Shows that a worker lives, and frees the jobs of workers that died: within 40 seconds of their death where `lookEveryMs` is 10 seconds.
 *
 * @param pool - Tells how to connect; its own connections stay free.
 * @param workerId - What graphile-worker writes to jobs.
 * @param log - Is told when the connection is lost and when jobs are freed.
 * @param lookEveryMs - How often it looks whether others live.
 */
export function showPresence(
  pool: pg.Pool,
  workerId: string,
  log: Pick<FastifyBaseLogger, 'warn'>,
  lookEveryMs: number,
): Presence {
  const stopping = new AbortController();
  let isShown = false;
  let nowShown = (): void => {};
  const shown = new Promise<void>((resolve) => {
    nowShown = resolve;
  });

  const hold = async (): Promise<void> => {
    const client = new pg.Client({ ...pool.options, query_timeout: QUERY_TIMEOUT_MS });
    const broken = new AbortController();
    client.on('error', () => broken.abort());
    client.on('end', () => broken.abort());
    try {
      await client.connect();
      await client.query(KEEP_ALIVE);
      await client.query(SHOW, [workerId]);
      isShown = true;
      nowShown();
      const signal = AbortSignal.any([stopping.signal, broken.signal]);
      for (let suspects = new Set<string>(); !signal.aborted; ) {
        suspects = await freeJobsOfDead(client, workerId, suspects, log);
        await pause(lookEveryMs, undefined, { signal }).catch(() => {});
      }
    } finally {
      isShown = false;
      // A connection that hangs may not even end.
      await Promise.race([client.end(), pause(RECONNECT_MS, undefined, { ref: false })]);
    }
  };
  const keepShowing = async (): Promise<void> => {
    const { signal } = stopping;
    while (!signal.aborted) {
      await hold().catch((error: Error) =>
        log.warn({ err: error }, 'other processes can not see that this one lives'),
      );
      if (!signal.aborted) await pause(RECONNECT_MS, undefined, { signal }).catch(() => {});
    }
  };
  const ended = keepShowing();
  return {
    shown,
    isShown: () => isShown,
    async stop() {
      stopping.abort();
      await ended;
    },
  };
}

/** @returns Those that seem dead for the first time. */
async function freeJobsOfDead(
  client: pg.Client,
  workerId: string,
  suspects: ReadonlySet<string>,
  log: Pick<FastifyBaseLogger, 'warn'>,
): Promise<Set<string>> {
  const { rows } = await client.query<{ id: string }>(FIND_ABSENT, [workerId]);
  const absent = rows.map(({ id }) => id);
  const dead = absent.filter((id) => suspects.has(id));
  if (dead.length > 0) {
    await client.query(FREE_JOBS, [dead]);
    log.warn({ workers: dead }, 'a process died, and its jobs are free again');
  }
  return new Set(absent.filter((id) => !suspects.has(id)));
}
