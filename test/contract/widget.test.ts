// @vitest-environment jsdom

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type Engine, renderString } from '../../examples/sandbox/engine.js';
import { DEFAULT_FIELDS } from '../../src/catalog/event-data-fields.js';
import { KNOWN_ZONES } from '../../src/catalog/zones.js';
import sample from '../../widgets/extole-cta-tag/config.json';
import schema from '../../widgets/extole-cta-tag/schema.json';
import translations from '../../widgets/extole-cta-tag/schema_translations.json';

interface Setting {
  readonly type: string;
  readonly label: string;
  readonly id: string;
  readonly default: string | number | boolean;
  readonly typeMeta: {
    readonly helpInfo: string;
    readonly placeholder?: string | undefined;
    readonly selectOptions?: readonly { readonly label: string; readonly value: string }[] | undefined;
    readonly rangeValues?:
      | { readonly min: number; readonly max: number; readonly step: number; readonly unit: string }
      | undefined;
  };
  readonly conditional?:
    | { readonly key: string; readonly operator: string; readonly value: readonly string[] }
    | undefined;
}

interface Tab {
  readonly type: string;
  readonly label: string;
  readonly sections: readonly {
    readonly label?: string | undefined;
    readonly settings: readonly Setting[];
  }[];
}

const ROOT = join(import.meta.dirname, '../..');
const TEMPLATE = readFileSync(join(ROOT, 'widgets/extole-cta-tag/widget.html'), 'utf8');
const TABS: readonly Tab[] = schema;
const SECTIONS = TABS.flatMap((tab) => tab.sections);
const SETTINGS = SECTIONS.flatMap((section) => section.settings);
const TRANSLATIONS = new Map<string, Readonly<Record<string, string>>>(Object.entries(translations));

const ENGINES: readonly Engine[] = ['handlebars-v3', 'handlebars-v4'];
// The confirmation page has no region to drag a widget into.
const WIDGET_ZONES = KNOWN_ZONES.filter(({ name }) => name !== 'confirmation');
const ALL_ON = Object.fromEntries(DEFAULT_FIELDS.map((field) => [field, true]));
const ALL_OFF = Object.fromEntries(DEFAULT_FIELDS.map((field) => [field, false]));

const HOSTILE = [
  '"',
  `"'\`=/`,
  '" onclick="alert(1)',
  '"><img src=x onerror=alert(1)>',
  '</script><script>alert(1)</script>',
  '</extole-zone><b>',
  '--><!--',
  '&quot;&#34;&amp;',
  '{{{json this}}}{{!--',
  '<<product.url>>',
  '\u2028\u2029\u00a0\ufeff',
  'lone \ud83d and \udc4d',
  'constructor',
  '<"é&{{x}}>'.repeat(6_144),
];

/** Renders the widget, and promises that it printed one `<extole-zone>` and nothing beside it. */
async function zoneOf(configuration: object, engine: Engine): Promise<Element> {
  const holder = document.createElement('template');
  holder.innerHTML = await renderString(TEMPLATE, configuration, engine);
  const zone = holder.content.firstElementChild;
  expect(Array.from(holder.content.childNodes, (node) => node.nodeName)).toEqual(['EXTOLE-ZONE']);
  if (!zone) throw new Error('The widget printed no element.');
  return zone;
}

/** What the element says. All five default fields are what it says without the attribute. */
function attributesOf(zone: Element): Record<string, string> {
  const { fields, ...others } = Object.fromEntries(
    Array.from(zone.attributes, ({ name, value }) => [name, value]),
  );
  const listed = fields?.trim() ?? '';
  return listed === DEFAULT_FIELDS.join(' ') ? others : { ...others, fields: listed };
}

describe.each(ENGINES)('the widget in %s', (engine) => {
  const render = (configuration: object) => zoneOf(configuration, engine);
  const attributes = async (configuration: object) => attributesOf(await render(configuration));

  it('shows the header zone with all default fields while nothing is configured', async () => {
    const zone = await render({});

    expect(attributesOf(zone)).toEqual({ name: 'global_header', style: 'display:block' });
    expect(zone.childNodes).toHaveLength(0);
  });

  it('shows with its default settings what it shows with none', async () => {
    const defaults = Object.fromEntries(SETTINGS.map((setting) => [setting.id, setting.default]));

    expect((await render(defaults)).isEqualNode(await render({}))).toBe(true);
  });

  it('falls back to the header zone when the zone is empty', async () => {
    expect((await attributes({ zone: '' })).name).toBe('global_header');
  });

  it.each(WIDGET_ZONES.map(({ name }) => name))('asks for the zone %s', async (zone) => {
    expect(await attributes({ zone })).toEqual({ name: zone, style: 'display:block' });
  });

  it('asks for a custom zone by its name', async () => {
    expect((await attributes({ zone: 'custom', custom_zone: ' my_zone ' })).name).toBe(' my_zone ');
  });

  it('asks for no zone while a custom zone has no name', async () => {
    expect((await attributes({ zone: 'custom' })).name).toBe('');
    expect((await attributes({ zone: 'custom', custom_zone: '' })).name).toBe('');
  });

  it('ignores the name of a custom zone once another zone is chosen', async () => {
    expect((await attributes({ zone: 'product', custom_zone: 'my_zone' })).name).toBe('product');
    expect((await attributes({ custom_zone: 'my_zone' })).name).toBe('global_header');
  });

  it.each([
    ['all are on', ALL_ON, undefined],
    ['some were never touched', { email: true }, undefined],
    ['one is off', { ...ALL_ON, email: false }, 'first_name last_name partner_user_id locale'],
    ['one is off as text', { email: 'false' }, 'first_name last_name partner_user_id locale'],
    ['the first is off', { first_name: false }, 'last_name email partner_user_id locale'],
    ['only the last is on', { ...ALL_OFF, locale: true }, 'locale'],
    ['only the untouched one is on', { ...ALL_OFF, last_name: undefined }, 'last_name'],
    ['all are off', ALL_OFF, ''],
    ['others are on as text', { ...ALL_OFF, first_name: 'true', locale: 'true' }, 'first_name locale'],
    ['values are no booleans', { first_name: 0, last_name: '', email: null, locale: 'off' }, undefined],
  ])('lists the default fields when %s', async (_when, boxes, fields) => {
    expect((await attributes(boxes)).fields).toBe(fields);
  });

  it.each(DEFAULT_FIELDS)('leaves out %s alone when only that is off', async (field) => {
    const others = DEFAULT_FIELDS.filter((other) => other !== field);

    expect((await attributes({ [field]: false })).fields).toBe(others.join(' '));
  });

  it('keeps the check boxes of two widgets on one page apart', async () => {
    const page = `{{#with one}}${TEMPLATE}{{/with}}{{#with two}}${TEMPLATE}{{/with}}`;
    const holder = document.createElement('div');
    holder.innerHTML = await renderString(page, { one: { email: false }, two: ALL_OFF }, engine);

    expect(Array.from(holder.children, (zone) => attributesOf(zone).fields)).toEqual([
      'first_name last_name partner_user_id locale',
      '',
    ]);
  });

  it('keeps the documented event data as it was typed, placeholders and all', async () => {
    expect(await attributes(sample)).toEqual({
      name: 'product',
      'event-data': '{"static_variable": "foobar", "dynamic_product_url": "{{product.url}}"}',
      style: 'display:block',
    });
  });

  it('prints no event data while there is none', async () => {
    expect(await attributes({ custom_event_data: '' })).not.toHaveProperty('event-data');
  });

  it.each([
    ['nothing', undefined, ''],
    ['0', 0, ''],
    ['1', 1, ';min-height:1px'],
    ['600', 600, ';min-height:600px'],
    ['a number as text', '240', ';min-height:240px'],
    ['a negative number', -1, ''],
    ['text behind a number', '60;color:red', ''],
    ['a unit', '60px', ''],
    ['an object', { value: 60 }, ''],
  ])('reserves a height only for a number above zero: %s', async (_what, min_height, style) => {
    expect((await attributes({ min_height })).style).toBe(`display:block${style}`);
  });

  it('shows the fallback text inside the zone', async () => {
    const zone = await render({ fallback_text: 'Refer a friend & get $10' });

    expect(zone.innerHTML).toBe('Refer a friend &amp; get $10');
  });

  it('has no child nodes while there is no fallback text', async () => {
    expect((await render({ fallback_text: '', custom_event_data: '{}' })).childNodes).toHaveLength(0);
  });

  it.each([
    ['zone', 'name'],
    ['custom_zone', 'name'],
    ['custom_event_data', 'event-data'],
  ])('keeps hostile text in %s inside its attribute', async (id, attribute) => {
    const base = { zone: 'custom', custom_zone: 'my_zone' };
    for (const text of HOSTILE) {
      const zone = await render({ ...base, [id]: text });

      expect(attributesOf(zone)).toEqual({ name: 'my_zone', style: 'display:block', [attribute]: text });
      expect(zone.childNodes).toHaveLength(0);
    }
  });

  it('keeps a hostile fallback text a text', async () => {
    for (const text of HOSTILE) {
      const zone = await render({ fallback_text: text });

      expect(attributesOf(zone)).toEqual({ name: 'global_header', style: 'display:block' });
      expect(Array.from(zone.childNodes, (node) => node.nodeName)).toEqual(['#text']);
      expect(zone.textContent).toBe(text);
    }
  });

  it.each([
    [true, 'lazy'],
    ['true', 'lazy'],
    [false, undefined],
    ['false', undefined],
    [undefined, undefined],
  ])('is asked for at once unless the merchant wants it lazy: %j', async (lazy, loading) => {
    expect((await attributes({ lazy })).loading).toBe(loading);
  });

  it.each([...DEFAULT_FIELDS, 'min_height', 'lazy'])('prints nothing of a hostile %s', async (id) => {
    const untouched = await render({});
    for (const text of HOSTILE) expect((await render({ [id]: text })).isEqualNode(untouched)).toBe(true);
  });

  it('reads the settings that the schema offers, and no others', async () => {
    const read = new Set<string>();
    const configuration = new Proxy<Record<string, unknown>>(
      { zone: 'custom', custom_zone: 'my_zone', custom_event_data: '{}', min_height: 1 },
      {
        get(target, key) {
          // The engine also looks for what every object has.
          if (typeof key === 'string' && !(key in Object.prototype)) read.add(key);
          return Reflect.get(target, key);
        },
      },
    );
    await render(configuration);

    expect([...read].sort()).toEqual(SETTINGS.map(({ id }) => id).sort());
  });
});

describe('the widget', () => {
  it.each([
    ['the documented example', sample],
    [
      'everything set',
      { ...ALL_OFF, zone: 'custom', custom_zone: 'a=b', fallback_text: 'a=b', min_height: 1 },
    ],
    ['hostile text', { zone: HOSTILE.join(''), custom_event_data: HOSTILE.join('') }],
  ])('is the same element in both engines for %s', async (_what, configuration) => {
    const inV3 = await zoneOf(configuration, 'handlebars-v3');

    expect(inV3.isEqualNode(await zoneOf(configuration, 'handlebars-v4'))).toBe(true);
  });

  it('has no unescaped value and no script', () => {
    expect(TEMPLATE).not.toMatch(/\{\{~?\{|\{\{~?&|<script|\son\w+=/i);
  });
});

describe("the widget's settings", () => {
  it("offer the catalog's zones under the catalog's names, and a custom one", () => {
    const zone = SETTINGS.find(({ id }) => id === 'zone');
    const offered = zone?.typeMeta.selectOptions?.map(({ label, value }) => ({
      name: value,
      label: TRANSLATIONS.get(label)?.default,
    }));

    expect(offered).toEqual([
      ...WIDGET_ZONES.map(({ name, label }) => ({ name, label })),
      { name: 'custom', label: 'Custom' },
    ]);
  });

  it('offer each default field as a check box that is on, in the section EVENT DATA', () => {
    const eventData = SECTIONS.find(({ label }) => TRANSLATIONS.get(label ?? '')?.default === 'EVENT DATA');
    const boxes = eventData?.settings.filter(({ type }) => type === 'boolean');

    expect(boxes?.map(({ id }) => id)).toEqual(DEFAULT_FIELDS);
    expect(boxes?.map((box) => box.default)).toEqual(DEFAULT_FIELDS.map(() => true));
    expect(eventData?.settings.at(-1)).toMatchObject({ id: 'custom_event_data', type: 'text' });
  });

  it('offer each of them once', () => {
    const ids = SETTINGS.map(({ id }) => id);

    expect(ids).toEqual([...new Set(ids)]);
  });

  // Widget Builder refuses a tab or a section with keys that it does not know.
  it('stand in one tab, with the keys that Widget Builder accepts', () => {
    expect(TABS.map((tab) => ({ ...tab, sections: [] }))).toEqual([
      { type: 'tab', label: expect.any(String), sections: [] },
    ]);
    const sectionKeys = SECTIONS.flatMap((section) => Object.keys(section));

    expect(['label', 'settings']).toEqual(expect.arrayContaining(sectionKeys));
  });

  it.each(SETTINGS)('have the shape that belongs to their type: $id', (setting) => {
    const shapes = new Map([
      ['boolean', { value: 'boolean', meta: ['helpInfo'] }],
      ['input', { value: 'string', meta: ['helpInfo', 'placeholder'] }],
      ['range', { value: 'number', meta: ['helpInfo', 'rangeValues'] }],
      ['select', { value: 'string', meta: ['helpInfo', 'selectOptions'] }],
      ['text', { value: 'string', meta: ['helpInfo', 'placeholder'] }],
    ]);
    const shape = shapes.get(setting.type);
    const { selectOptions, rangeValues } = setting.typeMeta;

    expect(['type', 'label', 'id', 'default', 'typeMeta', 'conditional']).toEqual(
      expect.arrayContaining(Object.keys(setting)),
    );
    expect(typeof setting.default).toBe(shape?.value);
    expect(shape?.meta).toEqual(expect.arrayContaining(Object.keys(setting.typeMeta)));
    if (setting.type === 'select') {
      expect(selectOptions?.map(({ value }) => value)).toContain(setting.default);
    }
    if (setting.type === 'range') {
      expect(rangeValues).toEqual({ min: setting.default, max: 600, step: 1, unit: 'px' });
    }
  });

  it('depend only on a choice that stands in the same section', () => {
    const dependent = SECTIONS.flatMap(({ settings }) =>
      settings.flatMap(({ id, conditional }) => {
        if (!conditional) return [];
        const options = settings.find((other) => other.id === conditional.key)?.typeMeta.selectOptions ?? [];
        const isOffered = conditional.value.every((value) =>
          options.some((option) => option.value === value),
        );
        return [{ id, ...conditional, isOffered }];
      }),
    );

    expect(dependent).toEqual([
      { id: 'custom_zone', key: 'zone', operator: 'IN', value: ['custom'], isOffered: true },
    ]);
  });
});

describe("the widget's translations", () => {
  it('are those that the settings use, under names that Page Builder accepts', () => {
    const used = JSON.stringify(schema).match(/(?<=")i18n\.[^"]*/g) ?? [];

    expect([...TRANSLATIONS.keys()].sort()).toEqual([...new Set(used)].sort());
    for (const key of used) expect(key).toMatch(/^i18n\.\w+$/);
  });

  it('leave no label and no help untranslated', () => {
    const labels = [...TABS, ...SECTIONS, ...SETTINGS].map(({ label }) => label);
    const options = SETTINGS.flatMap(({ typeMeta }) => typeMeta.selectOptions ?? []).map(
      ({ label }) => label,
    );
    const helps = SETTINGS.map(({ typeMeta }) => typeMeta.helpInfo);

    for (const text of [...labels, ...options, ...helps]) expect(text ?? 'i18n.').toMatch(/^i18n\./);
  });

  it.each([...TRANSLATIONS])('say %s in all languages', (_key, texts) => {
    const languages = ['default', 'en', 'de', 'es', 'fr', 'it', 'nl', 'pt-BR', 'ja'];

    expect(Object.keys(texts).sort()).toEqual(languages.sort());
    expect(texts.default).toBe(texts.en);
    // Page Builder would take double braces for a value of its own to fill in.
    for (const text of Object.values(texts)) expect(text).toMatch(/^(?!\s)(?!.*\{\{).+(?<!\s)$/);
  });
});

describe('the sample configuration', () => {
  it('uses only settings that the schema offers', () => {
    expect(SETTINGS.map(({ id }) => id)).toEqual(expect.arrayContaining(Object.keys(sample)));
  });
});

const SPECIFICATION = join(ROOT, '../shared/specs/bigcommerce/widgets.v3.yml');
const hasSpecification = existsSync(SPECIFICATION);
const reason = hasSpecification ? '' : ' (skipped: the specification is not beside the repository)';

describe.skipIf(!hasSpecification)(`the widget template, by BigCommerce's specification${reason}`, () => {
  it('is a body that the API accepts', () => {
    const ajv = new Ajv({
      strict: false,
      allErrors: true,
      formats: { int64: true, int32: true, html: true, json: true },
    });
    addFormats(ajv);
    ajv.addSchema(parse(readFileSync(SPECIFICATION, 'utf8')), 'widgets');
    const validate = ajv.compile({ $ref: 'widgets#/components/schemas/widgetTemplate_Post' });
    // The specification knows defaults as strings only, while BigCommerce's own guide has booleans and numbers there.
    const judged = JSON.stringify(schema, (key, value: unknown) =>
      key === 'default' && typeof value !== 'string' ? undefined : value,
    );
    validate({ name: 'Extole CTA Tag', schema: JSON.parse(judged), template: TEMPLATE });

    expect(validate.errors).toBeNull();
  });
});
