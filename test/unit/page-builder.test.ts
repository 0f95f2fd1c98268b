import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  emptyStore,
  type StoreContent,
  versionOf,
} from '../../examples/sandbox/bigcommerce/store-content.js';
import { spotAt } from '../../examples/sandbox/page-builder/browser/drag.js';
import {
  type Draft,
  EMPTY_DRAFT,
  isEmpty,
  type PlacedContent,
  withAdded,
  withConfiguration,
  withDraft,
  withMoved,
  withRemoved,
} from '../../examples/sandbox/page-builder/draft.js';
import { type PlacementPage, placementsOn } from '../../examples/sandbox/page-builder/placements.js';
import { readForm } from '../../examples/sandbox/page-builder/schema.js';
import {
  defaultConfiguration,
  isAskedFor,
  languagesOf,
  translate,
  withoutLineBreaks,
} from '../../examples/sandbox/page-builder/settings.js';
import { type PlacedWidget, placeWidgets, renderRegions } from '../../examples/sandbox/widgets.js';

const CHANNEL = 1;
const PRODUCT_PAGE: PlacementPage = { channelId: CHANNEL, template: 'pages/product', entityId: '111' };
const HOME_PAGE: PlacementPage = { channelId: CHANNEL, template: 'pages/home' };
const PRICE = 'product_below_price';

const versionWith = (
  schema: readonly unknown[],
  translations: object | string = '',
  template = '<b>{{zone}}</b>',
) => ({
  uuid: 'version',
  template,
  schema,
  schema_translations: typeof translations === 'string' ? translations : JSON.stringify(translations),
  storefront_api_query: '',
});

/** A store with one template, and widgets of it in this order. */
function storeWith(...placed: readonly PlacedWidget[]): StoreContent {
  const content = emptyStore({ storeHash: 'abc', name: 'Store', regions: new Map() });
  content.widgetTemplates.set('template', {
    uuid: 'template',
    name: 'Tag',
    channel_id: CHANNEL,
    kind: 'custom',
    date_created: '',
    date_modified: '',
    versions: [versionWith([])],
  });
  placeWidgets(content, 'template', CHANNEL, placed);
  return content;
}

const onProducts = (id: string, region = PRICE): PlacedWidget => ({
  id,
  region,
  template: 'pages/product',
  configuration: { zone: id },
});

const added = (content: PlacedContent, draft: Draft, uuid: string, region: string, before?: string): Draft =>
  withAdded(content, PRODUCT_PAGE, draft, {
    uuid,
    placementUuid: `${uuid}-placed`,
    templateUuid: 'template',
    configuration: { zone: uuid },
    spot: { region, before },
  });

/** What a region of a page shows, with the draft published. */
function shown(content: PlacedContent, draft: Draft, region = PRICE, page = PRODUCT_PAGE): string[] {
  const view = withDraft(content, CHANNEL, draft);
  return placementsOn(view, page)
    .filter((placement) => placement.region === region)
    .map(({ widget_uuid }) => widget_uuid);
}

describe('a draft', () => {
  it('leaves the store as it is until it is published', () => {
    const content = storeWith(onProducts('a'), onProducts('b'));
    const before = structuredClone({ widgets: content.widgets, placements: content.placements });
    const draft = withRemoved(added(content, EMPTY_DRAFT, 'new', PRICE), 'a');
    expect(shown(content, draft)).toEqual(['b', 'new']);
    expect({ widgets: content.widgets, placements: content.placements }).toEqual(before);
  });

  it('puts a new widget where it was dropped: in front of another one, or at the end', () => {
    const content = storeWith(onProducts('a'), onProducts('b'));
    expect(shown(content, added(content, EMPTY_DRAFT, 'new', PRICE, 'a'))).toEqual(['new', 'a', 'b']);
    expect(shown(content, added(content, EMPTY_DRAFT, 'new', PRICE, 'b'))).toEqual(['a', 'new', 'b']);
    expect(shown(content, added(content, EMPTY_DRAFT, 'new', PRICE))).toEqual(['a', 'b', 'new']);
  });

  it('shows a new widget on all pages of the template, and one in a global region everywhere', () => {
    const content = storeWith();
    const one = added(content, EMPTY_DRAFT, 'local', PRICE);
    const both = added(content, one, 'everywhere', 'header_bottom--global');
    const other = { ...PRODUCT_PAGE, entityId: '112' };
    expect(shown(content, both, PRICE, other)).toEqual(['local']);
    expect(shown(content, both, PRICE, HOME_PAGE)).toEqual([]);
    expect(shown(content, both, 'header_bottom--global', HOME_PAGE)).toEqual(['everywhere']);
  });

  it('gives a new widget the current version of its template, whatever that is when it is published', () => {
    const content = storeWith();
    const draft = added(content, EMPTY_DRAFT, 'new', PRICE);
    const template = content.widgetTemplates.get('template');
    if (!template) throw new Error('no template');
    const current = { ...versionWith([]), uuid: 'later' };
    content.widgetTemplates.set('template', { ...template, versions: [...template.versions, current] });
    const widget = withDraft(content, CHANNEL, draft).widgets.get('new');
    expect(widget && versionOf(content, widget)?.uuid).toBe('later');
    expect(widget?.name).toBe('Tag');
  });

  it('keeps what came in by the API since it was begun', () => {
    const content = storeWith(onProducts('a'));
    const draft = withConfiguration(added(content, EMPTY_DRAFT, 'new', PRICE), 'a', { zone: 'changed' });
    const byApi = storeWith(onProducts('theirs'));
    for (const [uuid, widget] of byApi.widgets) content.widgets.set(uuid, widget);
    for (const [uuid, placement] of byApi.placements) content.placements.set(uuid, placement);
    const view = withDraft(content, CHANNEL, draft);
    expect([...view.widgets.keys()]).toEqual(['a', 'theirs', 'new']);
    expect(view.widgets.get('a')?.widget_configuration).toEqual({ zone: 'changed' });
  });

  it('brings nothing back that was deleted by the API since', () => {
    const content = storeWith(onProducts('a'), onProducts('b'));
    const moved = withMoved(content, PRODUCT_PAGE, EMPTY_DRAFT, 'b', { region: PRICE, before: 'a' });
    const draft = withConfiguration(added(content, moved, 'new', PRICE), 'b', { zone: 'changed' });
    content.widgets.delete('b');
    content.placements.delete('b');
    content.widgetTemplates.delete('template');
    expect(shown(content, draft)).toEqual(['a']);
    expect([...withDraft(content, CHANNEL, draft).widgets.keys()]).toEqual(['a']);
  });

  it('moves a widget up, down and into another region, and nobody else with it', () => {
    const content = storeWith(onProducts('a'), onProducts('b'), onProducts('c'));
    const up = withMoved(content, PRODUCT_PAGE, EMPTY_DRAFT, 'c', { region: PRICE, before: 'b' });
    expect(shown(content, up)).toEqual(['a', 'c', 'b']);
    const away = withMoved(content, PRODUCT_PAGE, up, 'a', { region: 'product_below_content' });
    expect(shown(content, away)).toEqual(['c', 'b']);
    expect(shown(content, away, 'product_below_content')).toEqual(['a']);
    const global = withMoved(content, PRODUCT_PAGE, away, 'b', { region: 'header_bottom--global' });
    expect(shown(content, global, 'header_bottom--global', HOME_PAGE)).toEqual(['b']);
  });

  it('leaves a widget where it is that was dropped onto itself', () => {
    const content = storeWith(onProducts('a'), onProducts('b'));
    expect(withMoved(content, PRODUCT_PAGE, EMPTY_DRAFT, 'a', { region: PRICE, before: 'a' })).toBe(
      EMPTY_DRAFT,
    );
  });

  it("keeps one product's own widget that product's, unless it goes where all pages are", () => {
    const content = storeWith(onProducts('own'));
    const placement = content.placements.get('own');
    if (!placement) throw new Error('no placement');
    content.placements.set('own', { ...placement, entity_id: '111' });
    const other = { ...PRODUCT_PAGE, entityId: '112' };
    const moved = withMoved(content, PRODUCT_PAGE, EMPTY_DRAFT, 'own', { region: 'product_below_content' });
    expect(shown(content, moved, 'product_below_content')).toEqual(['own']);
    expect(shown(content, moved, 'product_below_content', other)).toEqual([]);
    const global = withMoved(content, PRODUCT_PAGE, moved, 'own', { region: 'header_bottom--global' });
    expect(shown(content, global, 'header_bottom--global', other)).toEqual(['own']);
    const home = withMoved(content, HOME_PAGE, global, 'own', { region: 'home_below_menu' });
    expect(shown(content, home, 'home_below_menu', HOME_PAGE)).toEqual(['own']);
  });

  it('deletes a widget with its last placement, not before', () => {
    const content = storeWith(onProducts('a'));
    const placement = content.placements.get('a');
    if (!placement) throw new Error('no placement');
    content.placements.set('second', { ...placement, uuid: 'second', region: 'product_below_content' });
    const once = withRemoved(EMPTY_DRAFT, 'a');
    expect([...withDraft(content, CHANNEL, once).widgets.keys()]).toEqual(['a']);
    expect([...withDraft(content, CHANNEL, withRemoved(once, 'second')).widgets.keys()]).toEqual([]);
  });

  it('is empty again when its only new widget is deleted', () => {
    const content = storeWith();
    const draft = withConfiguration(added(content, EMPTY_DRAFT, 'new', PRICE), 'new', { zone: 'other' });
    expect(isEmpty(draft)).toBe(false);
    expect(isEmpty(withRemoved(draft, 'new-placed'))).toBe(true);
  });
});

describe('the widgets of a page', () => {
  it('are those of its channel, template and product that are active, in their order', async () => {
    const content = storeWith(
      onProducts('a'),
      onProducts('b'),
      onProducts('c'),
      onProducts('d'),
      onProducts('e'),
    );
    const change = (uuid: string, changed: object): void => {
      const placement = content.placements.get(uuid);
      if (placement) content.placements.set(uuid, { ...placement, ...changed });
    };
    change('a', { sort_order: 9 });
    change('b', { status: 'inactive' });
    change('c', { entity_id: '112' });
    change('d', { entity_id: '111' });
    change('e', { channel_id: 2 });
    const { [PRICE]: html } = await renderRegions(content, PRODUCT_PAGE);
    expect(html?.match(/<b>\w+<\/b>/g)).toEqual(['<b>d</b>', '<b>a</b>']);
    expect(await renderRegions(content, { ...PRODUCT_PAGE, template: 'pages/home' })).toEqual({});
  });

  it('show what their own version of the template says, and nothing once that is gone', async () => {
    const content = storeWith(onProducts('a'));
    const template = content.widgetTemplates.get('template');
    if (!template) throw new Error('no template');
    const later = { ...versionWith([], '', '<i>{{zone}} {{_.id}}</i>'), uuid: 'later' };
    content.widgetTemplates.set('template', { ...template, versions: [...template.versions, later] });
    expect(await renderRegions(content, PRODUCT_PAGE)).toEqual({
      [PRICE]: expect.stringContaining('<b>a</b>'),
    });
    const widget = content.widgets.get('a');
    if (widget) content.widgets.set('a', { ...widget, version_uuid: 'later' });
    expect(await renderRegions(content, PRODUCT_PAGE)).toEqual({
      [PRICE]: expect.stringContaining('<i>a a</i>'),
    });
    content.widgetTemplates.clear();
    expect(await renderRegions(content, PRODUCT_PAGE)).toEqual({});
  });
});

const select = {
  type: 'select',
  id: 'zone',
  label: 'i18n.Zone',
  default: 'product',
  typeMeta: { selectOptions: [{ label: 'Custom', value: 'custom' }] },
};
const custom = {
  type: 'input',
  id: 'name',
  default: '',
  conditional: { key: 'zone', operator: 'IN', value: ['custom'] },
};
const formOf = (settings: readonly object[], ...others: readonly unknown[]) =>
  readForm(versionWith([{ type: 'tab', label: 'Content', sections: [{ settings }] }, ...others]));

describe('the settings of a widget', () => {
  it('start with their defaults, and without those that are false, zero or empty', () => {
    const form = formOf(
      [
        select,
        custom,
        { type: 'boolean', id: 'on', default: true },
        { type: 'boolean', id: 'off', default: false },
        { type: 'range', id: 'none', default: 0 },
        { type: 'range', id: 'some', default: 5 },
        { type: 'input', id: 'without' },
      ],
      {
        type: 'hidden',
        settings: [
          { id: 'kept', default: 'x' },
          { type: 'graphQl', typeMeta: {} },
        ],
      },
    );
    expect(defaultConfiguration(form)).toEqual({ zone: 'product', on: true, some: 5, kept: 'x' });
  });

  it('are asked for when the one that they depend on has the value, entered or by default', () => {
    const [zone, name] = formOf([select, custom]).tabs[0]?.sections[0]?.settings ?? [];
    if (!zone || !name) throw new Error('no settings');
    expect(isAskedFor(zone, [zone, name], {})).toBe(true);
    expect(isAskedFor(name, [zone, name], {})).toBe(false);
    expect(isAskedFor(name, [zone, name], { zone: 'custom' })).toBe(true);
    expect(isAskedFor(name, [zone, name], { zone: 'customs' })).toBe(false);
    expect(isAskedFor(name, [{ ...zone, default: 'custom' }, name], {})).toBe(true);
    // In another list than its own, there is nothing to depend on.
    expect(isAskedFor(name, [name], { zone: 'custom' })).toBe(false);
  });

  it('name what can not be drawn, and keep the rest', () => {
    const form = formOf(
      [select],
      { type: 'array', id: 'slides', schema: [] },
      { type: 'tab', sections: 'none' },
      7,
    );
    expect(form.undrawn).toEqual(['array', 'tab', 'unknown']);
    expect(form.tabs).toHaveLength(1);
  });

  it('are in the language of the merchant, in the one it is a variety of, or in the default', () => {
    const form = readForm(
      versionWith([], { 'i18n.Zone': { default: 'Zone', de: 'Bereich', 'pt-BR': 'Área', fr: 'Espace' } }),
    );
    const zone = (language: string): string => translate('i18n.Zone', form, language);
    expect(['de', 'de-AT', 'pt-BR', 'pt', 'sv'].map(zone)).toEqual([
      'Bereich',
      'Bereich',
      'Área',
      'Zone',
      'Zone',
    ]);
    expect(translate('Plain', form, 'de')).toBe('Plain');
    expect(languagesOf(form)).toEqual(['de', 'pt-BR', 'fr']);
  });

  it.each(['', '{broken', '[]', '{"i18n.Zone": "text"}'])(
    'stand as they are with the translations %j',
    (text) => {
      const form = readForm(versionWith([], text));
      expect(translate('i18n.Zone', form, 'de')).toBe('i18n.Zone');
      expect(languagesOf(form)).toEqual([]);
    },
  );

  it("are all drawn, as far as our widget's go", () => {
    const folder = new URL('../../widgets/extole-cta-tag/', import.meta.url);
    const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8');
    const form = readForm(versionWith(JSON.parse(read('schema.json')), read('schema_translations.json')));
    expect(form.undrawn).toEqual([]);
    expect(languagesOf(form)).toEqual(['en', 'de', 'es', 'fr', 'it', 'nl', 'pt-BR', 'ja']);
    expect(defaultConfiguration(form)).toEqual({
      zone: 'global_header',
      first_name: true,
      last_name: true,
      email: true,
      partner_user_id: true,
      locale: true,
    });
  });

  it('lose their line breaks, as BigCommerce keeps none', () => {
    expect(withoutLineBreaks('{\r\n"a": 1,\n"b": 2}')).toBe('{ "a": 1, "b": 2}');
  });
});

describe('a drop', () => {
  const box = (y: number, height: number) => ({ x: 100, y, width: 200, height });
  const regions = [
    { name: 'top', box: box(0, 50), widgets: [] },
    {
      name: 'middle',
      box: box(100, 100),
      widgets: [
        { placementUuid: 'a', box: box(100, 50) },
        { placementUuid: 'b', box: box(150, 50) },
      ],
    },
  ];

  it.each([
    [
      { x: 150, y: 25 },
      { region: 'top', before: undefined },
    ],
    [
      { x: 150, y: 124 },
      { region: 'middle', before: 'a' },
    ],
    [
      { x: 150, y: 126 },
      { region: 'middle', before: 'b' },
    ],
    [
      { x: 150, y: 176 },
      { region: 'middle', before: undefined },
    ],
    [{ x: 150, y: 75 }, undefined],
    [{ x: 99, y: 25 }, undefined],
    [{ x: 301, y: 25 }, undefined],
  ])('at %j goes to %j', (point, spot) => {
    expect(spotAt(regions, point)).toEqual(spot);
  });
});
