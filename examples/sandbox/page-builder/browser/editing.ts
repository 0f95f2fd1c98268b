import type { PlacementRecord, WidgetRecord } from '../../bigcommerce/store-content.js';
import {
  type Draft,
  isEmpty,
  type PlacedContent,
  type Spot,
  withAdded,
  withConfiguration,
  withDraft,
  withMoved,
  withRemoved,
} from '../draft.js';
import type { BuilderPage, RegionsAnswer, StateAnswer } from '../page-builder-api.js';
import { type PlacementPage, placementsOn } from '../placements.js';
import type { WidgetForm } from '../schema.js';
import { type Configuration, defaultConfiguration } from '../settings.js';
import type { Api } from './api.js';

/** A widget where it stands. */
export interface Placed {
  readonly placement: PlacementRecord;
  readonly widget: WidgetRecord;
}

/** What is edited, as the merchant sees it: the page that is open, and the store with the draft in it. */
export interface Editing extends Pick<StateAnswer, 'pages' | 'templates' | 'storefrontUrl'> {
  page(): BuilderPage;
  /** Opens a page; `false` for an address that is none. */
  open(path: string): boolean;
  /** What stands on the page, from top to bottom. */
  placed(): Placed[];
  find(placementUuid: string | undefined): Placed | undefined;
  /** What is asked for a widget; `undefined` once its template is gone. */
  formOf(widget: WidgetRecord): WidgetForm | undefined;
  /** Has the page's widgets rendered. */
  render(): Promise<RegionsAnswer>;

  /** @returns The placement of the new widget; `undefined` once the template is gone. */
  add(templateUuid: string, spot: Spot): string | undefined;
  move(placementUuid: string, spot: Spot): void;
  /**
   * Moves a widget within its region.
   *
   * @param by - -1 for up, 1 for down.
   * @returns Which one of how many it is now; `undefined` when it can't go further.
   */
  shift(placementUuid: string, by: -1 | 1): { position: number; count: number } | undefined;
  remove(placementUuid: string): void;
  configure(widgetUuid: string, configuration: Configuration): void;

  isSaved(): boolean;
  isPublished(): boolean;
  save(): Promise<void>;
  publish(): Promise<void>;
}

/**
 * @param path - The page to open first; an unknown one means the first page.
 * @param onChange - Is called after every change of the draft, and after it was saved or published.
 */
export function createEditing(api: Api, initial: StateAnswer, path: string, onChange: () => void): Editing {
  let state = initial;
  // Each change makes a new draft. One that is not the state's own is not saved.
  let draft = initial.draft;
  const pageAt = (address: string) => state.pages.find((candidate) => candidate.path === address);
  const first = pageAt(path) ?? state.pages[0];
  if (!first) throw new Error('The store has no pages.');
  let page = first;

  const published = (): PlacedContent => ({
    widgetTemplates: byUuid(state.templates),
    widgets: byUuid(state.widgets),
    placements: byUuid(state.placements),
  });
  const view = (): PlacedContent => withDraft(published(), state.channelId, draft);
  const placementPage = (): PlacementPage => ({ ...page, channelId: state.channelId });
  const change = (changed: Draft): void => {
    draft = changed;
    onChange();
  };
  const find = (placementUuid: string | undefined, { placements, widgets } = view()): Placed | undefined => {
    const placement = placements.get(placementUuid ?? '');
    const widget = placement && widgets.get(placement.widget_uuid);
    return widget && { placement, widget };
  };
  const keep = async (call: (draft: Draft) => Promise<StateAnswer>): Promise<void> => {
    const sent = draft;
    state = await call(sent);
    // What was changed meanwhile stays unsaved.
    if (draft === sent) draft = state.draft;
    onChange();
  };

  return {
    pages: initial.pages,
    templates: initial.templates,
    storefrontUrl: initial.storefrontUrl,
    page: () => page,
    open(address) {
      const found = pageAt(address);
      if (found) page = found;
      return found !== undefined;
    },
    placed() {
      const content = view();
      const placements = placementsOn(content, placementPage());
      return page.regions
        .flatMap((name) => placements.filter(({ region }) => region === name))
        .flatMap(({ uuid }) => find(uuid, content) ?? []);
    },
    find: (placementUuid) => find(placementUuid),
    formOf: ({ version_uuid }) => state.forms[version_uuid],
    render: () => api.regions({ draft, page }),

    add(templateUuid, spot) {
      const version = state.templates.find(({ uuid }) => uuid === templateUuid)?.versions.at(-1);
      const form = version && state.forms[version.uuid];
      if (!form) return undefined;
      const [uuid, placementUuid] = [crypto.randomUUID(), crypto.randomUUID()];
      const widget = { uuid, placementUuid, templateUuid, configuration: defaultConfiguration(form), spot };
      change(withAdded(published(), placementPage(), draft, widget));
      return placementUuid;
    },
    move: (placementUuid, spot) =>
      change(withMoved(published(), placementPage(), draft, placementUuid, spot)),
    shift(placementUuid, by) {
      const content = view();
      const region = content.placements.get(placementUuid)?.region;
      const order = placementsOn(content, placementPage()).filter((placement) => placement.region === region);
      const index = order.findIndex(({ uuid }) => uuid === placementUuid) + by;
      if (region === undefined || !order[index]) return undefined;
      const before = order[by < 0 ? index : index + 1]?.uuid;
      change(withMoved(published(), placementPage(), draft, placementUuid, { region, before }));
      return { position: index + 1, count: order.length };
    },
    remove: (placementUuid) => change(withRemoved(draft, placementUuid)),
    configure: (widgetUuid, configuration) => change(withConfiguration(draft, widgetUuid, configuration)),

    isSaved: () => draft === state.draft,
    isPublished: () => draft === state.draft && isEmpty(draft),
    save: () => keep(api.save),
    publish: () => keep(api.publish),
  };
}

function byUuid<Item extends { readonly uuid: string }>(items: readonly Item[]): Map<string, Item> {
  return new Map(items.map((item) => [item.uuid, item]));
}
