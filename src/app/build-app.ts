import { randomUUID } from 'node:crypto';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import Fastify, { type FastifyInstance, LogController } from 'fastify';
import { activityRoutes } from './activity/activity-routes.js';
import type { AppDeps } from './deps.js';
import { domainCheckRoutes } from './extole/domain-check-routes.js';
import { adminFileRoutes } from './http/admin-files.js';
import { answerFailures, answerUnreadable } from './http/failures.js';
import { monitoringRoutes, type WorkerHealth } from './http/monitoring-routes.js';
import { SECURITY_HEADERS } from './http/security-headers.js';
import { installRoutes } from './install/install-routes.js';
import { requireSession, sessionRoutes } from './install/session.js';
import { pathOf } from './log.js';
import { provisionRoutes } from './provision/provision-routes.js';
import { webhookRoutes } from './provision/webhook-routes.js';
import { rewardWebhookRoutes } from './rewards/reward-webhook-routes.js';
import { rewardsRoutes } from './rewards/rewards-routes.js';
import { sdkRoutes } from './sdk/sdk-routes.js';
import { settingsRoutes } from './settings/settings-routes.js';
import { shopperRoutes } from './shoppers/shopper-routes.js';

const BODY_LIMIT_BYTES = 100_000;
/** Of one address, which may be that of an office full of merchants, or of BigCommerce's servers. */
const INSTALLS_A_MINUTE = 300;
/** A page that is typed in, with a job to watch, makes about one request a second. */
const CALLS_OF_A_USER_A_MINUTE = 300;

/**
 * Makes the app's server, which does not listen yet.
 *
 * @param worker - Who does the work that waits: `/ready` tells how it is.
 */
export async function buildApp(deps: AppDeps, worker: WorkerHealth): Promise<FastifyInstance> {
  const { config, metrics } = deps;
  const trusted = config.trustProxy;
  const app = Fastify({
    loggerInstance: deps.log,
    // One line tells of a request, once it is answered.
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: typeof trusted === 'number' ? (_address, hop) => hop < trusted : trusted,
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: 30_000,
    frameworkErrors: answerUnreadable,
    // Proxies and support find a request by it. One that is no plain word would be printed into logs.
    genReqId: ({ headers }) => {
      const given = headers['x-request-id'];
      return typeof given === 'string' && /^[\w.-]{1,100}$/.test(given) ? given : randomUUID();
    },
  });
  answerFailures(app);
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  app.addHook('onResponse', async (request, reply) => {
    const { method, url, routeOptions, log } = request;
    const { statusCode: status, elapsedTime: durationMs } = reply;
    metrics.httpRequests.observe({ method, route: routeOptions.url ?? 'none', status }, durationMs / 1_000);
    log.info({ method, path: pathOf(url), status, durationMs: Math.round(durationMs) }, 'answered');
  });
  await app.register(helmet, SECURITY_HEADERS);

  monitoringRoutes(app, deps, worker);
  await adminFileRoutes(app);
  await app.register(async (scope) => {
    await scope.register(rateLimit, { max: INSTALLS_A_MINUTE, timeWindow: '1 minute' });
    installRoutes(scope, deps);
  });
  await app.register(
    async (api) => {
      api.decorateRequest('session');
      api.addHook('onRequest', async (_request, reply) => {
        reply.header('cache-control', 'no-store');
      });
      api.addHook('onRequest', requireSession(deps));
      await api.register(rateLimit, {
        max: CALLS_OF_A_USER_A_MINUTE,
        timeWindow: '1 minute',
        keyGenerator: ({ session }) => `${session.storeHash} ${session.userId}`,
      });
      sessionRoutes(api, deps);
      for (const routes of [
        settingsRoutes,
        provisionRoutes,
        domainCheckRoutes,
        activityRoutes,
        rewardsRoutes,
      ])
        await routes(api, deps);
    },
    { prefix: '/api' },
  );
  // Each in a scope of its own, with limits of its own where it has some.
  for (const routes of [webhookRoutes, rewardWebhookRoutes, sdkRoutes, shopperRoutes]) {
    await app.register(async (scope) => routes(scope, deps));
  }
  return app;
}
