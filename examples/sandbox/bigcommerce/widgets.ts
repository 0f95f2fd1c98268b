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
import {
  currentVersion,
  defaultChannelId,
  type StoreContent,
  versionOf,
  type WidgetRecord,
} from './store-content.js';
import { templateAnswer } from './widget-templates.js';

const MAX_CONFIGURATION_BYTES = 65_536;

const FIELDS = z.object({
  name: z.string().min(1),
  description: z.string().default(''),
  widget_configuration: z
    .record(z.string(), z.unknown())
    // What the API adds by itself may come back.
    .transform(({ _, ...entered }) => entered)
    .refine(
      (entered) => Buffer.byteLength(JSON.stringify(entered)) <= MAX_CONFIGURATION_BYTES,
      'May be 64 KB as JSON.',
    )
    .default({}),
  widget_template_uuid: z.string(),
  channel_id: z.int(),
});

const UPGRADE = z.object({ upgrade: z.boolean().default(false) });

/**
 * `/v3/content/widgets`. The limits of 100,000 widgets a store and 150 a page are not kept.
 *
 * Source: BigCommerce, widgets.v3.yml.
 */
export function widgetRoutes(app: FastifyInstance, { content }: ApiState): void {
  const { widgets, placements } = content;
  const find = (uuid: string): WidgetRecord => {
    const widget = widgets.get(uuid);
    if (!widget) throw notFound(`Widget ${uuid}`);
    return widget;
  };
  const newestVersion = (templateUuid: string): string => {
    const template = content.widgetTemplates.get(templateUuid);
    if (!template) throw invalid('widget_template_uuid', `There is no widget template ${templateUuid}.`);
    return currentVersion(template).uuid;
  };

  app.post('', ({ body }) => {
    const fields = readFields(FIELDS, body, { channel_id: defaultChannelId(content) });
    requireChannel(content, fields.channel_id);
    const now = new Date().toISOString();
    const widget: WidgetRecord = {
      ...fields,
      uuid: randomUUID(),
      version_uuid: newestVersion(fields.widget_template_uuid),
      date_created: now,
      date_modified: now,
    };
    widgets.set(widget.uuid, widget);
    return answerOne(widgetAnswer(content, widget));
  });

  app.get<{ Querystring: Query }>('', ({ query }) =>
    answerList(
      query,
      widgets.values(),
      {
        widget_template_uuid: ({ widget_template_uuid }) => widget_template_uuid,
        name: ({ name }) => name,
        'name:in': ({ name }) => name,
        'channel_id:in': ({ channel_id }) => channel_id,
        'site_id:in': ({ channel_id }) => siteIdOf(channel_id),
      },
      (widget) => widgetAnswer(content, widget),
    ),
  );

  app.get<{ Params: { uuid: string } }>('/:uuid', ({ params }) =>
    answerOne(widgetAnswer(content, find(params.uuid))),
  );

  app.put<{ Params: { uuid: string } }>('/:uuid', ({ params, body }) => {
    const existing = find(params.uuid);
    const fields = readFields(FIELDS, body, existing);
    requireChannel(content, fields.channel_id);
    const isUpgraded =
      readFields(UPGRADE, body).upgrade || fields.widget_template_uuid !== existing.widget_template_uuid;
    const widget: WidgetRecord = {
      ...existing,
      ...fields,
      ...(isUpgraded && { version_uuid: newestVersion(fields.widget_template_uuid) }),
      date_modified: new Date().toISOString(),
    };
    widgets.set(widget.uuid, widget);
    return answerOne(widgetAnswer(content, widget));
  });

  // What becomes of its placements is not documented. Here they go with it.
  app.delete<{ Params: { uuid: string } }>('/:uuid', (request, reply) => {
    const { uuid } = find(request.params.uuid);
    for (const placement of [...placements.values()])
      if (placement.widget_uuid === uuid) placements.delete(placement.uuid);
    widgets.delete(uuid);
    return reply.code(204).send();
  });
}

/** A widget as BigCommerce answers it, alone and inside a placement. */
export function widgetAnswer(content: StoreContent, record: WidgetRecord): object {
  const { widget_template_uuid, widget_configuration, ...widget } = record;
  const template = content.widgetTemplates.get(widget_template_uuid);
  return {
    ...widget,
    widget_configuration: { ...widget_configuration, _: { id: widget.uuid } },
    storefront_api_query_params: {},
    ...(template && { widget_template: templateAnswer(template, versionOf(content, record)) }),
  };
}
