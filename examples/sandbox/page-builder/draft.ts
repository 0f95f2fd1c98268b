import { currentVersion, type PlacementRecord, type StoreContent } from '../bigcommerce/store-content.js';
import { isGlobal, type PlacementPage, placementsOn } from './placements.js';
import type { Configuration } from './settings.js';

/** The part of a store's content that Page Builder changes. */
export type PlacedContent = Pick<StoreContent, 'widgetTemplates' | 'widgets' | 'placements'>;

/** Where a placement stands, in the API's names. */
export type Place = Pick<PlacementRecord, 'template_file' | 'region' | 'entity_id' | 'sort_order'>;

/** What a merchant changed and did not publish yet: only what differs, so that what comes in by the API meanwhile stays. */
export interface Draft {
  /** New widgets by uuid, each with its one placement. */
  readonly added: Readonly<Record<string, AddedWidget>>;
  /** What was entered anew for widgets that were there, by the widget's uuid. */
  readonly configured: Readonly<Record<string, Configuration>>;
  /** Where placements that were there stand now, by their uuid. */
  readonly moved: Readonly<Record<string, Place>>;
  /** The uuids of placements that are to go. */
  readonly removed: readonly string[];
}

/** A widget that Page Builder made. */
export interface AddedWidget {
  readonly templateUuid: string;
  readonly placementUuid: string;
  readonly configuration: Configuration;
  readonly place: Place;
}

export const EMPTY_DRAFT: Draft = { added: {}, configured: {}, moved: {}, removed: [] };

/** Whether there is something to publish. */
export function isEmpty({ added, configured, moved, removed }: Draft): boolean {
  return [added, configured, moved, removed].every((changes) => Object.keys(changes).length === 0);
}

/**
 * What the store would hold if the draft were published now. A change of what is gone by now is left out; a new widget shows the
 * current version of its template.
 *
 * @returns New lists; the store's stay as they are.
 */
export function withDraft(content: PlacedContent, channelId: number, draft: Draft): PlacedContent {
  const widgets = new Map(content.widgets);
  const placements = new Map(content.placements);
  const now = new Date().toISOString();
  const created = { channel_id: channelId, date_created: now, date_modified: now };

  for (const [uuid, { templateUuid, placementUuid, configuration, place }] of Object.entries(draft.added)) {
    const template = content.widgetTemplates.get(templateUuid);
    if (!template) continue;
    widgets.set(uuid, {
      ...created,
      uuid,
      name: template.name,
      description: '',
      widget_template_uuid: templateUuid,
      version_uuid: currentVersion(template).uuid,
      widget_configuration: configuration,
    });
    placements.set(placementUuid, {
      ...created,
      ...place,
      uuid: placementUuid,
      widget_uuid: uuid,
      status: 'active',
    });
  }
  for (const [uuid, configuration] of Object.entries(draft.configured)) {
    const widget = widgets.get(uuid);
    if (widget) widgets.set(uuid, { ...widget, widget_configuration: configuration, date_modified: now });
  }
  for (const [uuid, place] of Object.entries(draft.moved)) {
    const placement = placements.get(uuid);
    if (placement) placements.set(uuid, { ...placement, ...place, date_modified: now });
  }
  for (const uuid of draft.removed) {
    const widgetUuid = placements.get(uuid)?.widget_uuid;
    placements.delete(uuid);
    const isStillShown = [...placements.values()].some((placement) => placement.widget_uuid === widgetUuid);
    if (widgetUuid !== undefined && !isStillShown) widgets.delete(widgetUuid);
  }
  return { widgetTemplates: content.widgetTemplates, widgets, placements };
}

/** Where on a page something is put. */
export interface Spot {
  readonly region: string;
  /** The placement in front of which it comes to stand; the end of the region without one. */
  readonly before?: string | undefined;
}

/** The draft with one more widget. */
export function withAdded(
  content: PlacedContent,
  page: PlacementPage,
  draft: Draft,
  widget: Omit<AddedWidget, 'place'> & { readonly uuid: string; readonly spot: Spot },
): Draft {
  const { uuid, spot, ...added } = widget;
  const place = { ...placeOn(page, spot.region), sort_order: 0 };
  const grown = { ...draft, added: { ...draft.added, [uuid]: { ...added, place } } };
  return withMoved(content, page, grown, added.placementUuid, spot);
}

/** The draft with a placement somewhere else on the page. The others of that region are numbered anew where they have to be. */
export function withMoved(
  content: PlacedContent,
  page: PlacementPage,
  draft: Draft,
  placementUuid: string,
  spot: Spot,
): Draft {
  const view = withDraft(content, page.channelId, draft);
  const moving = view.placements.get(placementUuid);
  if (!moving || spot.before === placementUuid) return draft;
  const order = placementsOn(view, page).filter(
    ({ uuid, region }) => region === spot.region && uuid !== placementUuid,
  );
  const index = order.findIndex(({ uuid }) => uuid === spot.before);
  const isStaying = moving.region === spot.region;
  order.splice(index < 0 ? order.length : index, 0, {
    ...moving,
    ...(!isStaying && placeOn(page, spot.region)),
    // A product's own widget stays that product's, wherever on its page.
    ...(!isStaying && !isGlobal(spot.region) && { entity_id: moving.entity_id }),
  });
  const [added, moved] = [{ ...draft.added }, { ...draft.moved }];
  for (const [
    position,
    { uuid, widget_uuid, template_file, region, entity_id, sort_order },
  ] of order.entries()) {
    if (uuid !== placementUuid && sort_order === position) continue;
    const place: Place = { template_file, region, entity_id, sort_order: position };
    const widget = added[widget_uuid];
    if (widget) added[widget_uuid] = { ...widget, place };
    else moved[uuid] = place;
  }
  return { ...draft, added, moved };
}

/** The draft with something else entered for a widget. */
export function withConfiguration(draft: Draft, widgetUuid: string, configuration: Configuration): Draft {
  const added = draft.added[widgetUuid];
  return added
    ? { ...draft, added: { ...draft.added, [widgetUuid]: { ...added, configuration } } }
    : { ...draft, configured: { ...draft.configured, [widgetUuid]: configuration } };
}

/** The draft without a placement, and without its widget when that shows nowhere else. */
export function withRemoved(draft: Draft, placementUuid: string): Draft {
  const { [placementUuid]: _, ...moved } = draft.moved;
  const isAdded = Object.values(draft.added).some((widget) => widget.placementUuid === placementUuid);
  return isAdded
    ? {
        ...draft,
        added: Object.fromEntries(
          Object.entries(draft.added).filter(([, widget]) => widget.placementUuid !== placementUuid),
        ),
      }
    : { ...draft, moved, removed: [...draft.removed, placementUuid] };
}

function placeOn({ template }: PlacementPage, region: string): Omit<Place, 'sort_order'> {
  return { template_file: isGlobal(region) ? '' : template, region, entity_id: '' };
}
