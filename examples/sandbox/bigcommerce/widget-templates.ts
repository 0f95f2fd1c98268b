import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { renderString } from '../engine.js';
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
import {
  currentVersion,
  defaultChannelId,
  type TemplateVersion,
  type WidgetTemplateRecord,
} from './store-content.js';

/** What belongs to a template whatever its version. */
const TEMPLATE = z.object({ name: z.string().min(1), channel_id: z.int() });

/** What a version has of its own. */
const VERSION = z.object({
  template: z.string(),
  schema: z.array(z.looseObject({ type: z.enum(['tab', 'array', 'hidden']) })).default([]),
  schema_translations: z.string().refine(isJsonObject, 'Has to be a JSON object as text.').default('{}'),
  storefront_api_query: z.string().default(''),
});

const RELEASE = z.object({ create_new_version: z.boolean().default(false) });
const PREVIEW = z.object({ widget_configuration: z.record(z.string(), z.unknown()).default({}) });

/**
 * `/v3/content/widget-templates`. The limits of 1,000 templates a channel and 5,000 a store are not kept.
 *
 * Source: BigCommerce, widgets.v3.yml; `schema_translations`: the guide "Localization".
 */
export function widgetTemplateRoutes(app: FastifyInstance, { content }: ApiState): void {
  const { widgetTemplates } = content;
  const find = (uuid: string): WidgetTemplateRecord => {
    const template = widgetTemplates.get(uuid);
    if (!template) throw notFound(`Widget template ${uuid}`);
    return template;
  };

  app.post('', ({ body }) => {
    const fields = readFields(TEMPLATE, body, { channel_id: defaultChannelId(content) });
    requireChannel(content, fields.channel_id);
    const now = new Date().toISOString();
    const template: WidgetTemplateRecord = {
      ...fields,
      uuid: randomUUID(),
      kind: 'custom',
      date_created: now,
      date_modified: now,
      versions: [{ ...readFields(VERSION, body), uuid: randomUUID() }],
    };
    widgetTemplates.set(template.uuid, template);
    return answerOne(templateAnswer(template));
  });

  app.get<{ Querystring: Query }>('', ({ query }) =>
    answerList(
      query,
      widgetTemplates.values(),
      { widget_template_kind: ({ kind }) => kind, 'channel_id:in': ({ channel_id }) => channel_id },
      (template) => templateAnswer(template),
    ),
  );

  app.get<{ Params: { uuid: string }; Querystring: Query }>('/:uuid', ({ params, query }) => {
    const template = find(params.uuid);
    const version = query.version_uuid
      ? template.versions.find(({ uuid }) => uuid === query.version_uuid)
      : currentVersion(template);
    if (!version) throw notFound(`Version ${query.version_uuid}`);
    return answerOne(templateAnswer(template, version));
  });

  app.put<{ Params: { uuid: string } }>('/:uuid', ({ params, body }) => {
    const existing = find(params.uuid);
    const current = currentVersion(existing);
    const fields = readFields(TEMPLATE, body, existing);
    requireChannel(content, fields.channel_id);
    const version = readFields(VERSION, body, current);
    const template: WidgetTemplateRecord = {
      ...existing,
      ...fields,
      date_modified: new Date().toISOString(),
      // Without a new version all widgets of the current one change at once.
      versions: readFields(RELEASE, body).create_new_version
        ? [...existing.versions, { ...version, uuid: randomUUID() }]
        : [...existing.versions.slice(0, -1), { ...version, uuid: current.uuid }],
    };
    widgetTemplates.set(template.uuid, template);
    return answerOne(templateAnswer(template));
  });

  // What becomes of its widgets is not documented. Here they stay, and show nothing.
  app.delete<{ Params: { uuid: string } }>('/:uuid', (request, reply) => {
    widgetTemplates.delete(find(request.params.uuid).uuid);
    return reply.code(204).send();
  });

  app.post<{ Params: { uuid: string } }>('/:uuid/preview', async ({ params, body }) => {
    const { template } = currentVersion(find(params.uuid));
    const { widget_configuration } = readFields(PREVIEW, body);
    const context = { ...widget_configuration, _: { id: randomUUID() } };
    try {
      return { data: { html: await renderString(template, context, 'handlebars-v3') } };
    } catch (error) {
      throw invalid('template', error instanceof Error ? error.message : 'Does not render.');
    }
  });
}

/** A widget template as BigCommerce answers it, alone and inside a widget. */
export function templateAnswer(
  record: WidgetTemplateRecord,
  shown: TemplateVersion = currentVersion(record),
): object {
  const { versions: _versions, ...template } = record;
  const { uuid: _uuid, ...version } = shown;
  return {
    ...template,
    ...version,
    current_version_uuid: currentVersion(record).uuid,
    icon_name: 'default',
    template_engine: 'handlebars_v3',
    client_rerender: false,
  };
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
