import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { NOTE_NAMES, type Note, noteBodySchema } from '../../catalog/admin-api.js';
import type { AppDeps, Database } from '../deps.js';

const paramsSchema = z.object({
  channelId: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER),
  name: z.enum(NOTE_NAMES),
});

/** What the page kept for a user of a store. */
export async function notesOf(
  db: Database,
  { storeHash, userId }: { readonly storeHash: string; readonly userId: number },
): Promise<Note[]> {
  const rows = await db
    .selectFrom('note')
    .select(['channel_id', 'name', 'content'])
    .where('store_hash', '=', storeHash)
    .where('user_id', '=', userId)
    .execute();
  return rows.map(({ channel_id: channelId, name, content }) => ({ channelId, name, content }));
}

/** How the page keeps something for its user. Within `/api`. */
export function noteRoutes(app: FastifyInstance, { db }: AppDeps): void {
  app.put('/channels/:channelId/notes/:name', async ({ params, body, session }, reply) => {
    const { channelId, name } = paramsSchema.parse(params);
    const { content } = noteBodySchema.parse(body);
    const key = { store_hash: session.storeHash, user_id: session.userId, channel_id: channelId, name };
    if (content === null) {
      await db
        .deleteFrom('note')
        .where((is) => is.and(key))
        .execute();
    } else {
      const text = JSON.stringify(content);
      await db
        .insertInto('note')
        .values({ ...key, content: text })
        .onConflict((conflict) =>
          conflict.columns(['store_hash', 'user_id', 'channel_id', 'name']).doUpdateSet({ content: text }),
        )
        .execute();
    }
    return reply.code(204).send();
  });
}
