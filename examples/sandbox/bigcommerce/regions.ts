import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { answerOne, notFound, type Query, readFields } from './answers.js';
import type { ApiState } from './api-state.js';
import { defaultChannelId } from './store-content.js';

const QUERY = z.object({ template_file: z.string().min(1), channel_id: z.coerce.number().int() });

/**
 * `/v3/content/regions`: those of the Stencil theme. A Catalyst channel has none.
 *
 * Source: BigCommerce, widgets.v3.yml.
 */
export function regionRoutes(app: FastifyInstance, { content }: ApiState): void {
  app.get<{ Querystring: Query }>('', ({ query }) => {
    const { template_file, channel_id } = readFields(QUERY, query, { channel_id: defaultChannelId(content) });
    if (content.channels.get(channel_id)?.platform !== 'bigcommerce')
      throw notFound(`Theme of channel ${channel_id}`);
    const regions = content.regions.get(template_file);
    if (!regions) throw notFound(`Template file ${template_file}`);
    return answerOne(regions.map((name) => ({ name })));
  });
}
