import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Failure, JobView, StatusAnswer } from '../../catalog/admin-api.js';
import { AppError } from '../app-error.js';
import type { AppDeps } from '../deps.js';
import { addJob } from './enqueue.js';
import { failureIn } from './failure.js';
import { jobView } from './jobs.js';
import { lookAtStore } from './look.js';

/** How long the page waits for a look at the store. The look itself goes on, and the next answer has it. */
const LOOK_WAIT_MS = 20_000;

const RECENT_JOBS = 10;

/** How things stand in the store, what is being done there, and what is to be. Within `/api`. */
export function provisionRoutes(app: FastifyInstance, deps: AppDeps): void {
  const { db } = deps;
  const looks = new Map<string, Promise<void>>();

  /** However often the page asks, a store is looked at once at a time: its quota is shared by all of its apps. */
  const look = (storeHash: string): Promise<void> => {
    const running =
      looks.get(storeHash) ??
      lookAtStore(deps, storeHash)
        // Why it failed is kept, and part of the status.
        .then(nothing, nothing)
        .finally(() => looks.delete(storeHash));
    looks.set(storeHash, running);
    return running;
  };

  app.get<{ Params: { id: string } }>('/jobs/:id', async ({ params, session }): Promise<JobView> => {
    const id = z.uuid().safeParse(params.id).data;
    const row =
      id &&
      (await db
        .selectFrom('job')
        .selectAll()
        .where('store_hash', '=', session.storeHash)
        .where('id', '=', id)
        .executeTakeFirst());
    if (row) return jobView(row);
    throw new AppError('JOB_UNKNOWN', 'the store has no such job. Reload the page.', 404);
  });

  app.get<{ Querystring: { look?: string } }>('/status', async ({ query, session }) => {
    const { storeHash } = session;
    const isAnswered = query.look !== 'true' || (await isInTime(look(storeHash)));
    const status = await readStatus(deps, storeHash);
    return isAnswered ? status : { ...status, failure: LATE };
  });

  app.post('/repair', async ({ session }, reply) => {
    const job = await addJob(deps, db, session.storeHash, 'repair');
    return reply.code(202).send(job);
  });
}

const LATE: Failure = {
  code: 'LOOK_TOO_SLOW',
  message: `BigCommerce did not answer within ${LOOK_WAIT_MS / 1_000} seconds. Look again in a minute.`,
};

const nothing = (): void => {};

async function isInTime(look: Promise<void>): Promise<boolean> {
  const waiting = new AbortController();
  const inTime = await Promise.race([
    look.then(() => true),
    sleep(LOOK_WAIT_MS, false, { signal: waiting.signal, ref: false }).catch(() => false),
  ]);
  waiting.abort();
  return inTime;
}

async function readStatus({ db }: AppDeps, storeHash: string): Promise<StatusAnswer> {
  const [store, look, jobs] = await Promise.all([
    db
      .selectFrom('store')
      .select('token_refused_at')
      .where('store_hash', '=', storeHash)
      .executeTakeFirstOrThrow(),
    db.selectFrom('store_look').selectAll().where('store_hash', '=', storeHash).executeTakeFirst(),
    db
      .selectFrom('job')
      .selectAll()
      .where('store_hash', '=', storeHash)
      .orderBy('created_at', 'desc')
      .limit(RECENT_JOBS)
      .execute(),
  ]);
  return {
    connection: store.token_refused_at ? 'reauthorize' : 'ok',
    lookedAt: look?.looked_at?.toISOString() ?? null,
    differences: look?.differences ?? [],
    notices: look?.notices ?? [],
    failure: look ? failureIn(look) : null,
    webhooks: look?.webhooks ?? [],
    recentJobs: jobs.map(jobView),
  };
}
