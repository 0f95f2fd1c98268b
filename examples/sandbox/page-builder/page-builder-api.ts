import { z } from 'zod';
import type { PlacementRecord, WidgetRecord, WidgetTemplateRecord } from '../bigcommerce/store-content.js';
import type { Draft } from './draft.js';
import type { WidgetForm } from './schema.js';

/** What Page Builder's page in the browser gets from its server, and sends to it. */

/** A page that Page Builder can open. */
export interface BuilderPage {
  readonly path: string;
  readonly title: string;
  readonly template: string;
  readonly entityId?: string;
  /** Its regions in the order in which they stand, global ones included. */
  readonly regions: readonly string[];
}

/** `GET state`: all that there is to edit in a channel. */
export interface StateAnswer {
  readonly channelId: number;
  /** The storefront's origin. */
  readonly storefrontUrl: string;
  readonly pages: readonly BuilderPage[];
  readonly templates: readonly WidgetTemplateRecord[];
  /** What each version of a template asks for, by the version's uuid. */
  readonly forms: Readonly<Record<string, WidgetForm>>;
  /** What is published. */
  readonly widgets: readonly WidgetRecord[];
  readonly placements: readonly PlacementRecord[];
  /** What was saved and is not published. */
  readonly draft: Draft;
}

/** `POST regions`: what a page's widgets render to, by region. */
export interface RegionsAnswer {
  readonly regions: Readonly<Record<string, string>>;
}

/** Any answer with a status of 400 or more. */
export interface FailedAnswer {
  readonly message: string;
}

const configuration = z.record(z.string(), z.unknown());
const place = z.object({
  template_file: z.string(),
  region: z.string().min(1),
  entity_id: z.string(),
  sort_order: z.int(),
});

/** `PUT draft` and `POST publish`. */
export const draftBody = z.object({
  added: z.record(
    z.string(),
    z.object({ templateUuid: z.string(), placementUuid: z.string(), configuration, place }),
  ),
  configured: z.record(z.string(), configuration),
  moved: z.record(z.string(), place),
  removed: z.array(z.string()).readonly(),
}) satisfies z.ZodType<Draft>;

/** `POST regions`: the draft as it is in the browser, and the page. */
export const regionsBody = z.object({
  draft: draftBody,
  page: z.object({ template: z.string(), entityId: z.string().optional() }),
});

/** The body of `POST regions`. */
export type RegionsBody = z.infer<typeof regionsBody>;
