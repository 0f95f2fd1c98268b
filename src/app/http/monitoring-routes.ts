import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import { VERSION } from '../../catalog/version.js';
import { AppError } from '../app-error.js';
import type { AppDeps } from '../deps.js';
import { isSameSecret } from '../is-same-secret.js';

/** Who does the work that waits. */
export interface WorkerHealth {
  isHealthy(): boolean;
}

/** What those who run the app ask: whether the process lives, whether it can work, and how much it did. */
export function monitoringRoutes(app: FastifyInstance, deps: AppDeps, worker: WorkerHealth): void {
  app.get('/health', () => ({ status: 'ok', version: VERSION }));

  app.get('/ready', async (request, reply) => {
    const isDatabaseUp = await sql`select 1`.execute(deps.db).then(
      () => true,
      (error: unknown) => {
        request.log.error({ err: error }, 'the database does not answer');
        return false;
      },
    );
    const checks = { database: isDatabaseUp, worker: worker.isHealthy() };
    const isReady = Object.values(checks).every(Boolean);
    return reply.code(isReady ? 200 : 503).send({ status: isReady ? 'ready' : 'not ready', ...checks });
  });

  app.get('/metrics', async ({ headers }, reply) => {
    const { config, metrics } = deps;
    if (
      config.metricsToken !== undefined &&
      !isSameSecret(headers.authorization ?? '', `Bearer ${config.metricsToken}`)
    ) {
      throw new AppError('METRICS_TOKEN_WRONG', 'metrics are for those who know METRICS_TOKEN.', 401);
    }
    return reply.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
}
