import type { FastifyInstance } from 'fastify';
import {
  type ActivityAnswer,
  type ErasureView,
  type EventDetail,
  type EventsAnswer,
  erasureBodySchema,
  eventFilterSchema,
  eventQuerySchema,
  importBodySchema,
  replayBodySchema,
  testBodySchema,
} from '../../catalog/activity-api.js';
import { replay } from '../deliveries/replay.js';
import { addTestEvent } from '../deliveries/test-event.js';
import type { AppDeps } from '../deps.js';
import { startImport } from '../orders/import.js';
import { erasePerson, erasures } from '../privacy/erase-person.js';
import { activitySummary } from './activity-summary.js';
import { eventDetail } from './event-detail.js';
import { viewOfEvent } from './event-view.js';
import { eventsCsv } from './events-csv.js';
import { listEvents } from './list-events.js';

/** A file may be a hundred thousand lines. */
const FILES_OF_A_USER_A_MINUTE = 10;

/**
 * What the Activity page shows of a store's orders and events, and what it has done about them. Within `/api`. The log says who had
 * something done, who saw personal data, and of what; never whose data.
 */
export function activityRoutes(app: FastifyInstance, deps: AppDeps): void {
  app.get('/activity', ({ session }): Promise<ActivityAnswer> => activitySummary(deps, session.storeHash));

  app.get(
    '/events',
    async ({ query, session }): Promise<EventsAnswer> =>
      listEvents(deps, session.storeHash, eventQuerySchema.parse(query)),
  );

  app.get(
    '/events.csv',
    { config: { rateLimit: { max: FILES_OF_A_USER_A_MINUTE } } },
    async ({ query, session }, reply) => {
      const csv = eventsCsv(deps, session.storeHash, eventFilterSchema.parse(query));
      const day = deps.now().toISOString().slice(0, 10);
      return reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', `attachment; filename="extole-events-${day}.csv"`)
        .send(csv);
    },
  );

  app.get<{ Params: { id: string }; Querystring: { reveal?: string } }>(
    '/events/:id',
    async ({ params, query, session, log }): Promise<EventDetail> => {
      const { storeHash, userId } = session;
      const isRevealed = query.reveal === 'true';
      const event = await eventDetail(deps, storeHash, params.id, { isRevealed });
      if (isRevealed && event.payload) {
        log.info({ storeHash, userId, eventId: event.id }, 'personal data was looked at');
      }
      return event;
    },
  );

  app.post('/events/replay', async ({ body, session, log }, reply) => {
    const { storeHash, userId } = session;
    const answer = await replay(deps, storeHash, replayBodySchema.parse(body));
    log.info({ storeHash, userId, ...answer }, 'events are sent again');
    return reply.code(202).send(answer);
  });

  app.post('/events/test', async ({ body, session }, reply) => {
    const { storeHash, email } = session;
    const { channelId } = testBodySchema.parse(body);
    const eventId = await addTestEvent(deps, storeHash, channelId, email);
    return reply.code(202).send(await viewOfEvent(deps.db, storeHash, eventId));
  });

  app.post('/orders/import', async ({ body, session, log }, reply) => {
    const { storeHash, userId } = session;
    const since = new Date(importBodySchema.parse(body).since);
    const started = await startImport(deps, session, since);
    log.info({ storeHash, userId, importId: started.id, since }, 'an import of orders began');
    return reply.code(202).send(started);
  });

  app.get('/erasures', ({ session }): Promise<ErasureView[]> => erasures(deps, session.storeHash));

  app.post('/erasures', async ({ body, session, log }, reply) => {
    const { storeHash, userId } = session;
    const erasure = await erasePerson(deps, session, erasureBodySchema.parse(body));
    const { id: erasureId, by, events } = erasure;
    log.info({ storeHash, userId, erasureId, by, events }, 'a person was erased');
    return reply.code(201).send(erasure);
  });
}
