import type { FastifyInstance } from 'fastify';
import { type AppInstallation, OAuthError } from './app-installation.js';
import { APPS_PATH, outcomePage } from './pages.js';

/**
 * What `https://login.bigcommerce.com` does for an app: it exchanges codes for access tokens, and takes merchants who begin on the
 * app's own site through the installation, in a window of its own.
 *
 * Source: BigCommerce, "Single-Click App OAuth Flow", "App Install Buttons".
 */
export function loginRoutes(routes: FastifyInstance, installation: AppInstallation): void {
  const { app } = installation;

  routes.post('/oauth2/token', async ({ body }, reply) => {
    try {
      return installation.exchange(body);
    } catch (error) {
      if (!(error instanceof OAuthError)) throw error;
      return reply.code(error.status).send({ error: error.code, error_description: error.message });
    }
  });

  routes.get(`/app/${app.clientId}/install`, async (_request, reply) =>
    reply.redirect(`${APPS_PATH}/extole/install?external=true`),
  );
  for (const outcome of ['succeeded', 'failed']) {
    routes.get(`/app/${app.clientId}/install/${outcome}`, async (_request, reply) =>
      reply.type('text/html; charset=utf-8').send(outcomePage(app, outcome === 'succeeded')),
    );
  }
}
