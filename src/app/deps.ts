import type { FastifyBaseLogger } from 'fastify';
import type { Kysely, Transaction } from 'kysely';
import type { Release } from '../store/publication.js';
import type { AppConfig } from './config.js';
import type { Tables } from './database/tables.js';
import type { Metrics } from './metrics.js';
import type { Queue } from './queue/queue.js';
import type { SecretBox } from './secret-box.js';
import type { Timing } from './timing.js';

/** The app's tables, or a transaction on them. */
export type Database = Kysely<Tables> | Transaction<Tables>;

/** What the parts of the app work with. Made once, in `start-app.ts`; tests make their own. */
export interface AppDeps {
  readonly config: AppConfig;
  readonly db: Kysely<Tables>;
  readonly queue: Queue;
  readonly secrets: SecretBox;
  readonly log: FastifyBaseLogger;
  readonly metrics: Metrics;
  /** The files that this version puts into stores. */
  readonly release: Release;
  readonly now: () => Date;
  readonly timing: Timing;
  /** From 0 to less than 1, for jitter. */
  readonly random: () => number;
}
