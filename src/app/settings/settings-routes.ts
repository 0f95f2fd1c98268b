import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { type StateAnswer, saveBodySchema } from '../../catalog/admin-api.js';
import { VERSION } from '../../catalog/version.js';
import type { AppDeps } from '../deps.js';
import { channelViews } from './channel-views.js';
import { noteRoutes, notesOf } from './notes.js';
import { saveSettings } from './save-settings.js';

/** BigCommerce's ids are whole numbers from 1; what is none names no storefront. */
const paramsSchema = z.object({ channelId: z.coerce.number().int().min(1) });

/** What the settings page shows, and how it saves. Within `/api`. */
export function settingsRoutes(app: FastifyInstance, deps: AppDeps): void {
  noteRoutes(app, deps);

  app.get('/state', async ({ session }): Promise<StateAnswer> => {
    const { storeHash, email, locale } = session;
    const [store, channels, notes] = await Promise.all([
      deps.db
        .selectFrom('store')
        .select(['name', 'order_statuses'])
        .where('store_hash', '=', storeHash)
        .executeTakeFirstOrThrow(),
      channelViews(deps.config, deps.db, storeHash),
      notesOf(deps.db, session),
    ]);
    return {
      store: { storeHash, name: store.name },
      user: { email, locale },
      channels,
      orderStatuses: store.order_statuses,
      version: VERSION,
      notes,
    };
  });

  app.put('/channels/:channelId', async ({ params, body, session }, reply) => {
    const { channelId } = paramsSchema.parse(params);
    const answer = await saveSettings(deps, session, channelId, saveBodySchema.parse(body));
    return reply.code('current' in answer ? 409 : 200).send(answer);
  });
}
