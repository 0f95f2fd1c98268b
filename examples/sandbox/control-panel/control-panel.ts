import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import Fastify from 'fastify';
import type { StoreContent } from '../bigcommerce/store-content.js';
import { listen } from '../listen.js';
import {
  createPageBuilder,
  type FrameMode,
  PAGE_BUILDER_PATH,
  type PageBuilder,
} from '../page-builder/page-builder.js';
import type { AppInstallation } from './app-installation.js';
import { appsRoutes } from './apps.js';
import { loginRoutes } from './login.js';
import { type OrderSurroundings, ordersRoutes } from './orders.js';
import { APPS_PATH, FILES_PATH, ORDERS_PATH, PROMOTIONS_PATH } from './pages.js';
import { promotionsRoutes } from './promotions.js';

/** The store's control panel: of all that BigCommerce's has, Page Builder, the apps, the orders and the promotions. */
export interface ControlPanel extends Pick<PageBuilder, 'draftView' | 'discardDrafts'> {
  /** `http://localhost:4003`. BigCommerce's login server is there as well. */
  readonly url: string;
  /** Page Builder of the first storefront: `http://localhost:4003/manage/page-builder/?channelId=1` */
  readonly pageBuilderUrl: string;
  /** The list of apps: `http://localhost:4003/manage/apps` */
  readonly appsUrl: string;
  /** The orders, and how webhooks and Extole behave: `http://localhost:4003/manage/orders` */
  readonly ordersUrl: string;
  /** The promotions and their codes: `http://localhost:4003/manage/promotions` */
  readonly promotionsUrl: string;
  /** HTML for the end of a page of the storefront that is framed by Page Builder. */
  frameScript(mode: FrameMode): string;
  close(): Promise<void>;
}

const FILES = join(import.meta.dirname, 'browser');

/**
 * Starts the control panel, on an origin of its own as BigCommerce's has.
 *
 * @param options.content - What Page Builder shows, and changes when a draft is published.
 * @param options.storefrontUrl - The origin of the storefront whose pages Page Builder frames.
 * @param options.installation - The app that can be installed; without one there are no apps.
 * @param options.surroundings - What an app is told of orders by, and tells of them; without it there are no orders either.
 * @param options.port - The port to take if it is free.
 * @throws {Error} When Page Builder has not been built.
 */
export async function startControlPanel(options: {
  content: StoreContent;
  storefrontUrl: string;
  installation?: AppInstallation | undefined;
  surroundings?: OrderSurroundings | undefined;
  port?: number;
}): Promise<ControlPanel> {
  const { content, storefrontUrl, installation, surroundings } = options;
  const pageBuilder = createPageBuilder({ content, storefrontUrl });

  const app = Fastify({ forceCloseConnections: true, routerOptions: { ignoreTrailingSlash: true } });
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    async (_request: unknown, text: string) => Object.fromEntries(new URLSearchParams(text)),
  );
  app.get('/', async (_request, reply) => reply.redirect(installation ? APPS_PATH : PAGE_BUILDER_PATH));
  await app.register(pageBuilder.routes);
  if (installation) {
    await app.register(async (routes) => {
      const { url: appUrl } = installation.app;
      // Forms lead to the app where an installation ends there.
      const policy = `default-src 'none'; style-src 'self'; img-src data:; frame-src ${appUrl}; form-action 'self' ${appUrl}; frame-ancestors 'none'; base-uri 'none'`;
      routes.addHook('onRequest', async (_request, reply) => {
        reply.header('content-security-policy', policy);
      });
      await routes.register(fastifyStatic, { root: FILES, prefix: FILES_PATH });
      const hasOrders = surroundings !== undefined;
      const store = { name: content.name, storefrontUrl, installation, hasOrders };
      appsRoutes(routes, { ...store, url: () => url });
      loginRoutes(routes, installation);
      await routes.register(async (promotions) => promotionsRoutes(promotions, { ...store, content }));
      if (surroundings) {
        await routes.register(async (orders) => ordersRoutes(orders, { ...store, content, ...surroundings }));
      }
    });
  }

  const url = `http://localhost:${await listen(app, options.port)}`;
  return {
    url,
    pageBuilderUrl: `${url}${PAGE_BUILDER_PATH}`,
    appsUrl: `${url}${APPS_PATH}`,
    ordersUrl: `${url}${ORDERS_PATH}`,
    promotionsUrl: `${url}${PROMOTIONS_PATH}`,
    draftView: pageBuilder.draftView,
    frameScript: (mode) => pageBuilder.frameScript(url, mode),
    discardDrafts: pageBuilder.discardDrafts,
    close: () => app.close(),
  };
}
