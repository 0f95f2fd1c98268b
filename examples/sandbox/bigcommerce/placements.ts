import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import {
  answerList,
  answerOne,
  invalid,
  notFound,
  type Query,
  readFields,
  requireChannel,
} from './answers.js';
import type { ApiState } from './api-state.js';
import { siteIdOf } from './channels.js';
import { defaultChannelId, type PlacementRecord } from './store-content.js';
import { widgetAnswer } from './widgets.js';

const FIELDS = z.object({
  widget_uuid: z.string(),
  template_file: z.string(),
  channel_id: z.int(),
  region: z.string().default(''),
  entity_id: z.string().default(''),
  sort_order: z.int().default(1),
  status: z.enum(['active', 'inactive']).default('inactive'),
});

/** Whose pages are of one thing each, so that a placement may be for one of them. */
const TEMPLATES_OF_ENTITIES = ['pages/product', 'pages/category', 'pages/brand', 'pages/page'];

/**
 * `/v3/content/placements`. A placement in a region that ends in `--global` is taken and counts for all pages, which BigCommerce
 * does not document. The limits of 75 placements a template file and 10,000 a store are not kept.
 *
 * Source: BigCommerce, widgets.v3.yml.
 */
export function placementRoutes(app: FastifyInstance, { content }: ApiState): void {
  const { placements, widgets, regions } = content;
  const find = (uuid: string): PlacementRecord => {
    const placement = placements.get(uuid);
    if (!placement) throw notFound(`Placement ${uuid}`);
    return placement;
  };
  const read = (body: unknown, existing: object): z.infer<typeof FIELDS> => {
    const fields = readFields(FIELDS, body, existing);
    requireChannel(content, fields.channel_id);
    if (!widgets.has(fields.widget_uuid))
      throw invalid('widget_uuid', `There is no widget ${fields.widget_uuid}.`);
    const { template_file, region, entity_id } = fields;
    const isGlobal = region.endsWith('--global');
    const known = isGlobal && !template_file ? [...regions.values()].flat() : regions.get(template_file);
    if (!known) throw invalid('template_file', `The theme has no template ${template_file}.`);
    if (region && !known.includes(region))
      throw invalid('region', `${template_file} has no region ${region}.`);
    if (entity_id && (isGlobal || !TEMPLATES_OF_ENTITIES.includes(template_file)))
      throw invalid('entity_id', 'Not for this template file and region.');
    return isGlobal ? { ...fields, template_file: '' } : fields;
  };
  const toAnswer = ({ widget_uuid, ...placement }: PlacementRecord): object => {
    const widget = widgets.get(widget_uuid);
    return { ...placement, ...(widget && { widget: widgetAnswer(content, widget) }) };
  };

  app.post('', ({ body }) => {
    const now = new Date().toISOString();
    const placement: PlacementRecord = {
      ...read(body, { channel_id: defaultChannelId(content) }),
      uuid: randomUUID(),
      date_created: now,
      date_modified: now,
    };
    placements.set(placement.uuid, placement);
    return answerOne(toAnswer(placement));
  });

  app.get<{ Querystring: Query }>('', ({ query }) =>
    answerList(
      query,
      placements.values(),
      {
        template_file: ({ template_file }) => template_file,
        widget_uuid: ({ widget_uuid }) => widget_uuid,
        widget_template_uuid: ({ widget_uuid }) => widgets.get(widget_uuid)?.widget_template_uuid ?? '',
        'channel_id:in': ({ channel_id }) => channel_id,
        'site_id:in': ({ channel_id }) => siteIdOf(channel_id),
      },
      toAnswer,
    ),
  );

  app.get<{ Params: { uuid: string } }>('/:uuid', ({ params }) => answerOne(toAnswer(find(params.uuid))));

  app.put<{ Params: { uuid: string } }>('/:uuid', ({ params, body }) => {
    const existing = find(params.uuid);
    const placement: PlacementRecord = {
      ...existing,
      ...read(body, existing),
      date_modified: new Date().toISOString(),
    };
    placements.set(placement.uuid, placement);
    return answerOne(toAnswer(placement));
  });

  app.delete<{ Params: { uuid: string } }>('/:uuid', (request, reply) => {
    placements.delete(find(request.params.uuid).uuid);
    return reply.code(204).send();
  });
}
