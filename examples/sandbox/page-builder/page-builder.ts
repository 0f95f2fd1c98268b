import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { StoreContent } from '../bigcommerce/store-content.js';
import { html } from '../html.js';
import { renderRegions } from '../widgets.js';
import { type Draft, EMPTY_DRAFT, type PlacedContent, withDraft } from './draft.js';
import {
  draftBody,
  type FailedAnswer,
  type RegionsAnswer,
  regionsBody,
  type StateAnswer,
} from './page-builder-api.js';
import { BUILDER_PAGES } from './pages.js';
import { readForm } from './schema.js';

/** How a page of the storefront is shown in Page Builder. */
export type FrameMode = 'edit' | 'preview';

/** Page Builder, as a part of the control panel. */
export interface PageBuilder {
  /** Its routes, from `/manage/page-builder/` on. The address may name a channel (`channelId`) and a page (`path`). */
  readonly routes: FastifyPluginAsync;
  /** What a channel would show if its saved draft were published. */
  draftView(channelId: number): PlacedContent;
  /**
   * HTML for the end of a page of the storefront that is framed by Page Builder.
   *
   * @param controlPanelUrl - Where the control panel is.
   */
  frameScript(controlPanelUrl: string, mode: FrameMode): string;
  /** Forgets all drafts. */
  discardDrafts(): void;
}

/** Page Builder of the first storefront, within the control panel. */
export const PAGE_BUILDER_PATH = '/manage/page-builder/?channelId=1';

const ROOT = '/manage/page-builder';
const FILES = join(import.meta.dirname, 'browser');
const BUILT_FILES = join(import.meta.dirname, '../../../dist/sandbox');

/**
 * Makes Page Builder.
 *
 * @param options.content - What it shows, and changes when a draft is published.
 * @param options.storefrontUrl - The origin of the storefront whose pages it frames.
 * @throws {Error} When it has not been built.
 */
export function createPageBuilder(options: { content: StoreContent; storefrontUrl: string }): PageBuilder {
  if (!existsSync(join(BUILT_FILES, 'page-builder.js'))) {
    throw new Error('Page Builder has not been built. Run "npm run build" first.');
  }
  const { content, storefrontUrl } = options;
  const drafts = new Map<number, Draft>();

  const draftOf = (channelId: number): Draft => drafts.get(channelId) ?? EMPTY_DRAFT;

  const stateOf = (channelId: number): StateAnswer => {
    const isOfChannel = (record: { channel_id: number }): boolean => record.channel_id === channelId;
    const templates = [...content.widgetTemplates.values()].filter(isOfChannel);
    const versions = templates.flatMap((template) => template.versions);
    return {
      channelId,
      storefrontUrl,
      pages: BUILDER_PAGES.map((page) => ({ ...page, regions: content.regions.get(page.template) ?? [] })),
      templates,
      forms: Object.fromEntries(versions.map((version) => [version.uuid, readForm(version)])),
      widgets: [...content.widgets.values()].filter(isOfChannel),
      placements: [...content.placements.values()].filter(isOfChannel),
      draft: draftOf(channelId),
    };
  };

  /** @throws {NotEditable} When the channel has no pages that Page Builder could open. */
  const channelOf = (request: FastifyRequest): number => {
    const { channelId } = z.object({ channelId: z.coerce.number() }).parse(request.query);
    // BigCommerce: "Widgets and Page Builder are not available on Catalyst".
    if (content.channels.get(channelId)?.platform === 'bigcommerce') return channelId;
    throw new NotEditable(
      `Channel ${channelId} is not a Stencil storefront of this store. Page Builder opens those only.`,
    );
  };

  const routes: FastifyPluginAsync = async (app) => {
    app.setErrorHandler((error, _request, reply) => {
      const [status, message] =
        error instanceof z.ZodError
          ? [400, z.prettifyError(error)]
          : [
              error instanceof NotEditable ? 404 : 500,
              String(error instanceof Error ? error.message : error),
            ];
      return reply.code(status).send({ message } satisfies FailedAnswer);
    });
    await app.register(fastifyStatic, { root: FILES, prefix: `${ROOT}/files/` });
    await app.register(fastifyStatic, { root: BUILT_FILES, prefix: `${ROOT}/built/`, decorateReply: false });

    app.get(ROOT, async (_request, reply) =>
      reply
        .header(
          'content-security-policy',
          `default-src 'self'; img-src 'self' data:; frame-src ${storefrontUrl}; frame-ancestors 'none'`,
        )
        .sendFile('page-builder.html'),
    );

    app.get(`${ROOT}/api/state`, async (request) => stateOf(channelOf(request)));
    app.post(`${ROOT}/api/regions`, async (request): Promise<RegionsAnswer> => {
      const channelId = channelOf(request);
      const { draft, page } = regionsBody.parse(request.body);
      return { regions: await renderRegions(withDraft(content, channelId, draft), { channelId, ...page }) };
    });
    app.put(`${ROOT}/api/draft`, async (request) => {
      const channelId = channelOf(request);
      drafts.set(channelId, draftBody.parse(request.body));
      return stateOf(channelId);
    });
    app.post(`${ROOT}/api/publish`, async (request) => {
      const channelId = channelOf(request);
      const { widgets, placements } = withDraft(content, channelId, draftBody.parse(request.body));
      putAll(content.widgets, widgets);
      putAll(content.placements, placements);
      drafts.delete(channelId);
      return stateOf(channelId);
    });
  };

  return {
    routes,
    draftView: (channelId) => withDraft(content, channelId, draftOf(channelId)),
    // The framed page takes orders from where the script comes from, and from nobody else.
    frameScript: (controlPanelUrl, mode) =>
      html`<script src="${controlPanelUrl}${ROOT}/built/page-builder-frame.js" data-mode="${mode}"></script>`
        .text,
    discardDrafts: () => drafts.clear(),
  };
}

class NotEditable extends Error {}

function putAll<Value>(target: Map<string, Value>, source: ReadonlyMap<string, Value>): void {
  for (const key of target.keys()) if (!source.has(key)) target.delete(key);
  for (const [key, value] of source) target.set(key, value);
}
