import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/cli/finding.js';
import { validateFolder } from '../../src/cli/validate/validate-folder.js';
import { validateScriptTemplate } from '../../src/cli/validate/validate-script-template.js';
import { validateWidget } from '../../src/cli/validate/validate-widget.js';

const ROOT = join(import.meta.dirname, '../..');
const CAROUSEL = join(ROOT, 'test/fixtures/widgets/image-carousel');
const CTA_TAG = join(ROOT, 'widgets/extole-cta-tag');

const NAMES = {
  template: 'widget.html',
  schema: 'schema.json',
  translations: 'schema_translations.json',
  configuration: 'config.json',
  query: 'query.graphql',
} as const;
type Name = (typeof NAMES)[keyof typeof NAMES];

/** A text in a file, and what stands in its place. Everything, where no text is given. */
type Edit = readonly [file: Name, from: string, to: string];

function read(folder: string, file: Name, edits: readonly Edit[]): string {
  let text = readFileSync(join(folder, file), 'utf8');
  for (const [, from, to] of edits.filter(([name]) => name === file)) {
    expect(text, `${file} is not as this test expects it`).toContain(from);
    text = text.replace(from, () => to);
  }
  return text;
}

/** Checks a widget of the project with some of its texts changed, or with files left out. */
function check(folder: string, edits: readonly Edit[], without: readonly Name[] = []): Finding[] {
  const file = (name: Name) => (without.includes(name) ? undefined : read(folder, name, edits));
  return validateWidget('w', {
    template: file(NAMES.template),
    schema: file(NAMES.schema),
    translations: file(NAMES.translations),
    configuration: file(NAMES.configuration),
    query: folder === CAROUSEL ? file(NAMES.query) : undefined,
  });
}

const lineOf = (text: string, part: string): number => text.slice(0, text.indexOf(part)).split('\n').length;
const places = (findings: readonly Finding[], code: string) =>
  findings
    .filter((finding) => finding.code === code)
    .map(({ severity, file, line, todo }) => ({ severity, file, line, todo }));

// What can't be read is not looked at, and would pass any test.
const UNREADABLE = ['TEMPLATE_SYNTAX_INVALID', 'JSON_INVALID'];

const codesOf = (findings: readonly Finding[]) => findings.map(({ code }) => code);

interface WidgetCase {
  readonly code: string;
  readonly severity?: Finding['severity'];
  readonly when: string;
  /** What has to be changed so that it is found. */
  readonly bad: readonly Edit[];
  /** The nearest change that is not to be found. Where there is none, the widget as it is. */
  readonly good: readonly Edit[];
  /** What stands in the line that is reported, and in which file. */
  readonly at: readonly [file: Name, text: string];
  readonly todo: string;
}

const { template, schema, translations, configuration, query } = NAMES;

const WIDGET_CASES: readonly WidgetCase[] = [
  {
    code: 'JSON_INVALID',
    when: 'a comma is one too many',
    bad: [[schema, '"default": "carousel",', '"default": "carousel",,']],
    good: [[schema, '"default": "carousel",', '"default" : "carousel" ,']],
    at: [schema, '"default": "carousel"'],
    todo: 'Look there and in the line before: a comma, a quote or a bracket is missing or too many.',
  },
  {
    code: 'JSON_NAME_TWICE',
    severity: 'warning',
    when: 'an entry is translated twice',
    bad: [
      [
        translations,
        '"i18n.Layout": {',
        '"i18n.Grid": {"default": "Grid", "en": "Grid", "fr-FR": "Grid"},\n "i18n.Layout": {',
      ],
    ],
    good: [],
    at: [translations, '  "i18n.Grid": {\n'],
    todo: 'Keep one of them.',
  },
  {
    code: 'SCHEMA_MEMBER_MISSING',
    when: 'a range has no limits',
    bad: [
      [schema, '"typeMeta": { "rangeValues": { "min": 0, "max": 2000, "step": 50, "unit": "ms" } },', ''],
    ],
    good: [[schema, '"unit": "ms"', '"sliderMin": 10']],
    at: [schema, '{\n            "type": "range"'],
    todo: 'Add "typeMeta", an object.',
  },
  {
    code: 'SCHEMA_MEMBER_MISSING',
    when: 'an array has no label for its entries',
    bad: [[schema, '"entryLabel": "i18n.Slide",', '']],
    good: [[schema, '"defaultCount": 2,', '']],
    at: [schema, '{\n    "type": "array"'],
    todo: 'Add "entryLabel", a text in double quotes.',
  },
  {
    code: 'SCHEMA_VALUE_INVALID',
    when: 'a condition has another operator',
    bad: [[schema, '"operator": "IN", "value": ["grid"]', '"operator": "EQ", "value": ["grid"]']],
    good: [],
    at: [schema, '"operator": "EQ"'],
    todo: 'Write "IN".',
  },
  {
    code: 'SCHEMA_VALUE_INVALID',
    when: 'the value of a condition is no array',
    bad: [[schema, '"value": ["grid"]', '"value": "grid"']],
    good: [[schema, '"value": ["grid"]', '"value": ["grid", "carousel"]']],
    at: [schema, '"operator": "IN", "value": "grid" }'],
    todo: 'Write an array.',
  },
  {
    code: 'SCHEMA_KEY_UNKNOWN',
    severity: 'warning',
    when: 'a member of a setting is misspelt',
    bad: [[schema, '"default": "carousel"', '"defualt": "carousel"']],
    good: [[schema, '"parseType": "integer"', '"helpInfo": "i18n.Columns"']],
    at: [schema, '"defualt"'],
    todo: 'Write "default".',
  },
  {
    code: 'SCHEMA_KEY_UNKNOWN',
    when: 'a member of a tab is misspelt',
    bad: [[schema, '"label": "i18n.Content",', '"label": "i18n.Content",\n"secions": [],']],
    good: [],
    at: [schema, '"secions"'],
    todo: 'Write "sections".',
  },
  {
    code: 'SCHEMA_KEY_UNKNOWN',
    when: 'a setting stands beside the settings of a section',
    bad: [[schema, '"label": "i18n.Product",\n', '"label": "i18n.Product",\n"id": "x",\n']],
    good: [],
    at: [schema, '"id": "x"'],
    todo: 'Leave it out.',
  },
  {
    code: 'SETTING_TYPE_UNKNOWN',
    when: 'a type is misspelt',
    bad: [[schema, '"type": "range"', '"type": "rnage"']],
    good: [[schema, '"type": "text", "label"', '"type": "input", "label"']],
    at: [schema, '"type": "rnage"'],
    todo: 'Write "range".',
  },
  {
    code: 'SETTING_TYPE_UNKNOWN',
    when: 'something else than a tab stands at the root',
    bad: [[schema, '"type": "array",', '"type": "aray",']],
    good: [],
    at: [schema, '"type": "aray"'],
    todo: 'Write "array".',
  },
  {
    code: 'SETTING_DEFAULT_INVALID',
    when: 'a check box has a text',
    bad: [[schema, '"id": "autoplay", "default": false', '"id": "autoplay", "default": "false"']],
    good: [[schema, '"id": "autoplay", "default": false', '"id": "autoplay", "default": true']],
    at: [schema, '"id": "autoplay"'],
    todo: 'Write true or false.',
  },
  {
    code: 'SETTING_DEFAULT_INVALID',
    when: 'a number has no unit around it',
    bad: [[schema, '"default": { "value": 3, "type": "px" }', '"default": 3']],
    good: [[schema, '"default": { "value": 3, "type": "px" }', '"default": { "value": 4.5, "type": "px" }']],
    at: [schema, '"default": 3'],
    todo: 'Write an object.',
  },
  {
    code: 'SELECT_DEFAULT_UNKNOWN',
    when: 'a default is no option',
    bad: [[schema, '"default": "carousel"', '"default": "carrousel"']],
    good: [[schema, '"default": "carousel"', '"default": "grid"']],
    at: [schema, '"default": "carrousel"'],
    todo: 'Write "carousel".',
  },
  {
    code: 'RANGE_DEFAULT_OUTSIDE',
    severity: 'warning',
    when: 'a default is above the range',
    bad: [[schema, '"default": 400', '"default": 2001']],
    good: [[schema, '"default": 400', '"default": 2000']],
    at: [schema, '"default": 2001'],
    todo: 'Write a default within the range.',
  },
  {
    code: 'SETTING_ID_TWICE',
    when: 'a setting that shows under a condition has the id of another',
    bad: [[schema, '"id": "textColor"', '"id": "layout"']],
    good: [[schema, '"id": "alt"', '"id": "layout"']],
    at: [schema, '"id": "layout", "default": "#444444"'],
    todo: 'Give each setting an id of its own.',
  },
  {
    code: 'SETTING_ID_TWICE',
    when: 'a slide has two settings of one id',
    bad: [[schema, '"id": "alt"', '"id": "caption"']],
    good: [],
    at: [schema, '"id": "caption", "typeMeta"'],
    todo: 'Give each setting an id of its own.',
  },
  {
    code: 'SELECT_DEFAULT_UNKNOWN',
    when: 'a default inside of a slide is no option',
    bad: [
      [
        schema,
        '"type": "input", "label": "i18n.AltText", "id": "alt", "default": ""',
        '"type": "typography", "label": "i18n.AltText", "id": "alt", "default": "cusotm"',
      ],
    ],
    good: [],
    at: [schema, '"default": "cusotm"'],
    todo: 'Write "custom".',
  },
  {
    code: 'REFERENCE_UNKNOWN',
    when: 'a condition names a setting of another section',
    bad: [
      [
        schema,
        '"key": "layout", "operator": "IN", "value": ["carousel"]',
        '"key": "productId", "operator": "IN", "value": ["1"]',
      ],
    ],
    good: [
      [
        schema,
        '"key": "layout", "operator": "IN", "value": ["carousel"]',
        '"key": "columns", "operator": "IN", "value": ["1"]',
      ],
    ],
    at: [schema, '"key": "productId"'],
    todo: 'Name one of "layout", "columns", "speed", "autoplay".',
  },
  {
    code: 'REFERENCE_UNKNOWN',
    when: 'a condition inside of a slide names a setting of the widget',
    bad: [
      [
        schema,
        '"typeMeta": { "maxLength": 200 }',
        '"conditional": { "key": "layout", "operator": "IN", "value": ["grid"] }',
      ],
    ],
    good: [
      [
        schema,
        '"typeMeta": { "maxLength": 200 }',
        '"conditional": { "key": "alt", "operator": "IN", "value": ["grid"] }',
      ],
    ],
    at: [schema, '"id": "caption"'],
    todo: 'Name one of "image", "alt", "caption", "captionVisibility", "video", "slideProductId".',
  },
  {
    code: 'REFERENCE_UNKNOWN',
    when: 'a product image reads no product',
    bad: [[schema, '"reference": "productId"', '"reference": "prodctId"']],
    good: [],
    at: [schema, '"reference": "prodctId"'],
    todo: 'Write "productId".',
  },
  {
    code: 'REFERENCE_UNKNOWN',
    when: 'a query reads what no slide has',
    bad: [[schema, 'slides.*.slideProductId', 'slides.*.slideProductIds']],
    good: [],
    at: [schema, 'slides.*.slideProductIds'],
    todo: 'Write "slides.*.slideProductId".',
  },
  {
    code: 'REFERENCE_UNKNOWN',
    when: 'a thumbnail names no image',
    bad: [[schema, '"valueKey": "image.src"', '"valueKey": "imgae.src"']],
    good: [],
    at: [schema, 'imgae.src'],
    todo: 'Write "image.src".',
  },
  {
    code: 'CONDITIONAL_VALUE_UNKNOWN',
    when: 'a condition asks for what can not be chosen',
    bad: [[schema, '"value": ["grid"]', '"value": ["gird"]']],
    good: [[schema, '"value": ["grid"]', '"value": ["carousel"]']],
    at: [schema, '["gird"]'],
    todo: 'Write "grid".',
  },
  {
    code: 'TRANSLATION_MISSING',
    when: 'an entry is named otherwise',
    bad: [[schema, '"label": "i18n.Autoplay"', '"label": "i18n.AutoPlays"']],
    good: [[schema, '"default": "light"', '"default": "i18n.light"']],
    at: [schema, 'i18n.AutoPlays'],
    todo: 'Write "i18n.Autoplay", or add an entry.',
  },
  {
    code: 'TRANSLATION_MISSING',
    when: 'only a text of another place is named alike',
    bad: [
      [schema, '"label": "i18n.Grid"', '"label": "i18n.Grids"'],
      [schema, '"label": "i18n.Autoplay"', '"label": "i18n.Grid"'],
    ],
    good: [[schema, '"default": "light"', '"default": "i18n.Grids"']],
    at: [schema, 'i18n.Grids'],
    todo: 'Add an entry: "i18n.Grids": { "default": "…" }.',
  },
  {
    code: 'TRANSLATION_DEFAULT_MISSING',
    when: 'an entry has languages only',
    bad: [[translations, '"default": "Grid",', '']],
    good: [[translations, '"default": "Grid"', '"default": ""']],
    at: [translations, '"i18n.Grid"'],
    todo: 'Add "default" with the text for all other languages.',
  },
  {
    code: 'TRANSLATION_LANGUAGE_MISSING',
    severity: 'warning',
    when: 'one entry lacks a language',
    bad: [[translations, '"default": "Grid",\n    "en": "Grid",', '"default": "Grid",']],
    good: [[translations, '"default": "Grid",', '']],
    at: [translations, '"i18n.Grid"'],
    todo: 'Add "en".',
  },
  {
    code: 'TRANSLATION_UNUSED',
    severity: 'warning',
    when: 'no setting names an entry',
    bad: [[schema, '"label": "i18n.Autoplay"', '"label": "i18n.Speed"']],
    good: [[schema, '"label": "i18n.Autoplay"', '"typeMeta": { "helpInfo": "i18n.Autoplay" }']],
    at: [translations, '"i18n.Autoplay"'],
    todo: 'Leave the entry out, or name it in the schema.',
  },
  {
    code: 'TRANSLATION_INVALID',
    when: 'a language is written as a word',
    bad: [[translations, '"fr-FR": "Mise en page"', '"french": "Mise en page"']],
    good: [],
    at: [translations, '"french"'],
    todo: 'Write it as "fr" or "fr-CA".',
  },
  {
    code: 'LABEL_NOT_TRANSLATED',
    severity: 'info',
    when: 'one label is written out',
    bad: [[schema, '{ "label": "i18n.Grid"', '{ "label": "Grid"']],
    good: [[schema, '{ "label": "i18n.Grid"', '{ "label": "3"']],
    at: [schema, '"label": "Grid"'],
    todo: 'Name an entry of schema_translations.json instead.',
  },
  {
    code: 'CONFIG_KEY_UNKNOWN',
    severity: 'warning',
    when: 'a key inside of a slide is misspelt',
    bad: [[configuration, '"alt"', '"atl"']],
    good: [[configuration, '"_": {', '"_.id": "1", "_": {']],
    at: [configuration, '"atl"'],
    todo: 'Write "alt".',
  },
  {
    code: 'CONFIG_VALUE_UNKNOWN',
    severity: 'warning',
    when: 'a value is no option',
    bad: [[configuration, '"layout": "grid"', '"layout": "gird"']],
    good: [[configuration, '"layout": "grid"', '"layout": "carousel"']],
    at: [configuration, '"gird"'],
    todo: 'Write "grid".',
  },
  {
    code: 'TEMPLATE_SYNTAX_INVALID',
    when: 'a block is closed by another name',
    bad: [[template, '{{#with _.data.site.product}}', '{{#if _.data.site.product}}']],
    good: [],
    at: [template, '{{#if _.data.site.product}}'],
    todo: 'Write it so that both Handlebars 3 and 4 read it.',
  },
  {
    code: 'TEMPLATE_SYNTAX_INVALID',
    when: 'a block is not closed',
    bad: [
      [
        template,
        '{{#each slides as |slide index|}}',
        '{{#with box}}{{/with}}{{#if theme}}\n{{!-- {{#if box}} --}}{{#each slides as |slide index|}}',
      ],
      [template, '  {{/each}}', '  {{#with box}}{{^}}{{/with}}{{/each}}'],
    ],
    good: [],
    at: [template, '{{#if theme}}\n'],
    todo: 'Write it so that both Handlebars 3 and 4 read it.',
  },
  {
    code: 'TEMPLATE_SYNTAX_INVALID',
    when: 'only one engine reads it',
    bad: [[template, '{{{footnote}}}', '{{#*inline "x"}}{{/inline}}{{{footnote}}}']],
    good: [],
    at: [template, '{{#*inline'],
    todo: 'Write it so that both Handlebars 3 and 4 read it.',
  },
  {
    code: 'HELPER_UNKNOWN',
    when: 'a helper is misspelt',
    bad: [[template, "{{default slide.alt ''}}", "{{defualt slide.alt ''}}"]],
    good: [[template, "{{default slide.alt ''}}", "{{concat slide.alt ''}}"]],
    at: [template, 'defualt'],
    todo: 'Write "default".',
  },
  {
    code: 'HELPER_HIDES_VALUE',
    when: 'a setting is called as a helper is',
    bad: [
      [schema, '"id": "theme"', '"id": "center"'],
      [template, '{{theme}}', '{{center}}'],
    ],
    good: [
      [schema, '"id": "theme"', '"id": "center"'],
      [template, '{{theme}}', '{{this.center}}'],
    ],
    at: [template, '{{center}}'],
    todo: 'Write {{this.center}}.',
  },
  {
    code: 'HELPER_HIDES_VALUE',
    when: 'a setting of a slide is called as a helper is',
    bad: [
      [schema, '"id": "alt"', '"id": "round"'],
      [template, '{{this.caption}}', '{{round}}'],
    ],
    good: [
      [template, '|slide index|', '|slide round|'],
      [template, '{{index}}', '{{round}}'],
    ],
    at: [template, '{{round}}'],
    todo: 'Write {{this.round}}.',
  },
  {
    code: 'PARTIAL_UNAVAILABLE',
    when: 'a file of a theme is wanted',
    bad: [[template, '{{{footnote}}}', '{{> components/card}}{{{footnote}}}']],
    good: [],
    at: [template, 'components/card'],
    todo: 'Put its text in place of it.',
  },
  {
    code: 'PATH_DIFFERS_BY_ENGINE',
    severity: 'warning',
    when: 'a path climbs out of a condition',
    bad: [[template, '{{this.caption}}', '{{this.caption}} {{../layout}}']],
    good: [
      [
        template,
        "{{#if captionVisibility '==' 'show'}}",
        "{{../layout}} {{#if captionVisibility '==' 'show'}}",
      ],
    ],
    at: [template, '{{../layout}}'],
    todo: 'Write {{@root.layout}}, or name the item: {{#each items as |item|}}.',
  },
  {
    code: 'HELPER_NEEDS_VALUE',
    severity: 'warning',
    when: 'a text may be missing',
    bad: [[template, '{{this.caption}}', '{{encodeHtmlEntities caption}}']],
    good: [[template, '{{this.caption}}', '{{#if caption}}{{encodeHtmlEntities caption}}{{/if}}']],
    at: [template, 'encodeHtmlEntities'],
    todo: 'Put it behind {{#if caption}}.',
  },
  {
    code: 'VALUE_UNESCAPED',
    severity: 'warning',
    when: "a merchant's text is printed as HTML",
    bad: [[template, '{{this.caption}}', '{{{this.caption}}}']],
    good: [[template, '{{this.caption}}', '{{&@index}}']],
    at: [template, '{{{this.caption}}}'],
    todo: 'Write it in double braces, or make it a setting of the type "code".',
  },
  {
    code: 'VALUE_UNQUOTED',
    severity: 'warning',
    when: 'a text is printed into an attribute without quotes',
    bad: [[template, 'alt="{{name}}"', 'alt={{#if name}}{{@root.theme}}{{/if}}']],
    good: [[template, 'alt="{{name}}"', "alt={{@root.columns.value}} title = '{{name}}'"]],
    at: [template, 'alt={{#if name}}'],
    todo: 'Write alt="{{@root.theme}}".',
  },
  {
    code: 'VALUE_IN_SCRIPT',
    severity: 'warning',
    when: 'a text is printed between the quotes of a script',
    bad: [[template, "startCarousel('", "t = '{{theme}}'; startCarousel('"]],
    good: [[template, "startCarousel('", "t = '{{layout}}'; startCarousel('"]],
    at: [template, "'{{theme}}'"],
    todo: 'Write [{{{json theme}}}][0], without quotes around it.',
  },
  {
    code: 'VALUE_UNESCAPED_IN_SCRIPT',
    when: 'a text is printed into a script as it is',
    bad: [[template, "startCarousel('", "t = '{{{theme}}}'; startCarousel('"]],
    good: [[template, "startCarousel('", "t = {{{json theme}}}; startCarousel('"]],
    at: [template, "'{{{theme}}}'"],
    todo: 'Write [{{{json theme}}}][0], without quotes around it.',
  },
  {
    code: 'VALUE_UNESCAPED_IN_SCRIPT',
    when: 'HTML of the merchant is printed into a script',
    bad: [[template, "startCarousel('", "t = '{{{footnote}}}'; startCarousel('"]],
    good: [[template, "startCarousel('", "t = {{{speed}}}; startCarousel('"]],
    at: [template, "'{{{footnote}}}'"],
    todo: 'Write [{{{json footnote}}}][0], without quotes around it.',
  },
  {
    code: 'VALUE_IN_SCRIPT',
    severity: 'warning',
    when: 'JSON is escaped in a script',
    bad: [[template, '{{{json speed}}}', '{{json layout}}']],
    good: [[template, 'class="carousel ', 'data-layout="{{json layout}}" class="carousel ']],
    at: [template, '{{json layout}}'],
    todo: 'Write [{{{json layout}}}][0], without quotes around it.',
  },
  {
    code: 'JSON_UNGUARDED',
    severity: 'warning',
    when: 'a default of 0 is never written into the configuration',
    bad: [[schema, '"default": 400', '"default": 0']],
    good: [[schema, '"default": 400', '"default": 1']],
    at: [template, '{{{json speed}}}'],
    todo: 'Write [{{{json speed}}}][0].',
  },
  {
    code: 'SETTING_UNKNOWN',
    when: 'a name is misspelt inside of a block',
    bad: [[template, '{{slide.alt}}', '{{slide.atl}}']],
    good: [[template, '{{slide.alt}}', '{{alt}}']],
    at: [template, '{{slide.atl}}'],
    todo: 'Write {{slide.alt}}.',
  },
  {
    code: 'SETTING_UNKNOWN',
    when: 'a setting of the widget is looked for in a slide',
    bad: [[template, '{{this.caption}}', '{{caption}} {{layout}}']],
    good: [[template, '{{this.caption}}', '{{caption}} {{@root.layout}}']],
    at: [template, '{{layout}} ('],
    todo: 'Write {{@root.layout}}.',
  },
  {
    code: 'SETTING_UNKNOWN',
    when: 'a measurement has no such part',
    bad: [[template, '{{margin.bottom.type}}', '{{margin.bottom.unit}}']],
    good: [[template, '{{textColor}}', '{{#each margin}}{{unit}}{{/each}}']],
    at: [template, '{{margin.bottom.unit}}'],
    todo: 'Add a setting with the id "unit", or leave it out.',
  },
  {
    code: 'PAGE_DATA_IN_WIDGET',
    when: "the page's product is wanted",
    bad: [[template, '{{textColor}}', '{{textColor}} {{product.title}}']],
    good: [
      [template, '{{theme}}', '{{product}}'],
      [schema, '"id": "theme"', '"id": "product"'],
      [template, '{{margin.bottom.type}}', '{{cart.bottom.unit}}'],
      [schema, '"id": "margin"', '"id": "cart"'],
    ],
    at: [template, 'product.title'],
    todo: 'Make it a setting, ask for it in query.graphql, or read it in the browser.',
  },
  {
    code: 'SETTING_UNUSED',
    severity: 'warning',
    when: 'the template has no use for a setting',
    bad: [[template, '{{theme}}', '']],
    good: [
      [template, '{{theme}}', ''],
      [template, '{{{json speed}}}', '{{{json .}}}'],
    ],
    at: [schema, '"id": "theme"'],
    todo: 'Use it in the template, or take it out of the schema.',
  },
  {
    code: 'SETTING_UNUSED',
    severity: 'warning',
    when: 'the template goes through a list and has no use for a part of it',
    bad: [
      [template, '{{this.caption}}', ''],
      [template, '{{{json slides}}}', '[]'],
    ],
    good: [
      [template, '{{this.caption}}', ''],
      [template, '{{{json slides}}}', '{{{json @root}}}'],
    ],
    at: [schema, '"id": "caption"'],
    todo: 'Use it in the template, or take it out of the schema.',
  },
  {
    code: 'SETTING_PRINTED_WHOLE',
    severity: 'warning',
    when: 'a number is printed with its unit around it',
    bad: [[template, '{{columns.value}}', '{{columns}}']],
    good: [[template, '{{columns.value}}', '{{json columns}}']],
    at: [template, '{{columns}}'],
    todo: 'Write {{columns.value}}.',
  },
  {
    code: 'ROOT_ELEMENTS_SEVERAL',
    severity: 'warning',
    when: 'a style stands beside the element',
    bad: [[template, '  </script>\n</div>', '  </script>\n</div>\n<style></style>']],
    good: [
      [template, '<div id=', '{{#if theme}}<div id='],
      [template, '  </script>\n</div>', '  </script>\n</div>{{else}}<p></p>{{/if}}'],
    ],
    at: [template, '<style>'],
    todo: 'Put all into one element.',
  },
  {
    code: 'QUERY_VARIABLE_UNMAPPED',
    severity: 'warning',
    when: 'a variable gets no value',
    bad: [[query, '$slideProductIds: [Int!]', '$slideProductIds: [Int!]\n  $name: String']],
    good: [[query, '$slideProductIds: [Int!]', '$slideProductIds: [Int!]\n  $name: String = "a"']],
    at: [query, '$name'],
    todo: 'Map one in a hidden setting of the type "graphQl": "name": { "reads": "…", "type": "…" }.',
  },
  {
    code: 'QUERY_VARIABLE_UNKNOWN',
    when: 'a mapping is for no variable',
    bad: [[schema, '"productId": { "reads"', '"productID": { "reads"']],
    good: [],
    at: [schema, '"productID"'],
    todo: 'Write "productId".',
  },
  {
    code: 'QUERY_UNUSED',
    severity: 'warning',
    when: 'the template does not read the answer',
    bad: [
      [template, '{{#with _.data.site.product}}', '{{#with box}}'],
      [template, '{{name}}', ''],
      [template, '{{prices.price.formatted}}', ''],
    ],
    good: [],
    at: [query, 'query Carousel'],
    todo: 'Read "_.data" in widget.html, or take out query.graphql.',
  },
];

describe('a widget', () => {
  it.each([
    ['our own', CTA_TAG],
    ["somebody else's", CAROUSEL],
  ])('passes when it is right: %s', (_whose, folder) => {
    expect(check(folder, [])).toEqual([]);
  });

  it.each(WIDGET_CASES)(
    'is reported when $when ($code)',
    ({ code, severity = 'error', bad, at: [file, text], todo }) => {
      const line = lineOf(read(CAROUSEL, file, bad), text);
      expect(places(check(CAROUSEL, bad), code)).toEqual([{ severity, file: join('w', file), line, todo }]);
    },
  );

  it.each(WIDGET_CASES.filter(({ good }) => good.length > 0))(
    'is not reported for what is nearly the same ($code, unless $when)',
    ({ code, good }) => {
      expect(codesOf(check(CAROUSEL, good)).filter((found) => [code, ...UNREADABLE].includes(found))).toEqual(
        [],
      );
    },
  );

  it('needs a tab at the root of its schema', () => {
    const files = {
      template: '<p>{{x}}</p>',
      translations: undefined,
      configuration: undefined,
      query: undefined,
    };
    const hidden = '{"type": "hidden", "settings": [{"id": "x"}]}';
    const tab = '{"type": "tab", "label": "Content", "sections": []}';
    expect(places(validateWidget('w', { ...files, schema: `\n[${hidden}]` }), 'TAB_MISSING')).toMatchObject([
      { line: 2 },
    ]);
    expect(validateWidget('w', { ...files, schema: `[${hidden}, ${tab}]` })).toEqual([]);
  });

  it('is told once, when the file of translations is missing', () => {
    expect(check(CAROUSEL, [], [translations])).toMatchObject([
      {
        code: 'TRANSLATION_MISSING',
        file: join('w', schema),
        line: lineOf(read(CAROUSEL, schema, []), 'i18n.Content'),
        what: 'The schema uses "i18n.Content" and 23 more names, but there is no schema_translations.json.',
      },
    ]);
  });

  it('is told which of its files are missing', () => {
    expect(check(CAROUSEL, [], [query])).toMatchObject([
      {
        code: 'QUERY_MISSING',
        severity: 'error',
        file: join('w', template),
        line: lineOf(read(CAROUSEL, template, []), '_.data'),
      },
    ]);
    expect(check(CAROUSEL, [], [template])).toMatchObject([
      { code: 'WIDGET_FILE_MISSING', severity: 'error', file: join('w', template) },
    ]);
    expect(places(check(CAROUSEL, [], [schema]), 'WIDGET_FILE_MISSING')).toMatchObject([
      { severity: 'warning', file: join('w', schema) },
    ]);
  });

  it('has no unknown settings as long as nobody can read its schema', () => {
    const bad: Edit = [schema, '[', ''];
    expect(codesOf(check(CAROUSEL, [bad]))).toEqual(['JSON_INVALID', 'JSON_UNGUARDED', 'JSON_UNGUARDED']);
  });

  it('is warned from 90 % of 64 KB of configuration on, and refused above', () => {
    const rest = JSON.stringify({ ...JSON.parse(read(CAROUSEL, configuration, [])), theme: '' }).length;
    const sized = (bytes: number) =>
      check(CAROUSEL, [[configuration, '"theme": "light"', `"theme": "${'x'.repeat(bytes - rest)}"`]]);
    expect(sized(58_982)).toEqual([]);
    expect(sized(58_983)).toMatchObject([
      { code: 'SIZE_NEAR_LIMIT', severity: 'warning', file: join('w', configuration), line: 1 },
    ]);
    expect(sized(65_536)).toMatchObject([{ code: 'SIZE_NEAR_LIMIT' }]);
    expect(sized(65_537)).toMatchObject([
      {
        code: 'SIZE_OVER_LIMIT',
        severity: 'error',
        what: 'The configuration has 65,537 bytes; BigCommerce takes 65,536.',
      },
    ]);
  });
});

describe('files that hold anything at all', () => {
  const names =
    'type id label sections settings schema typeMeta conditional value selectOptions mappings reads controls';
  const words = fc.constantFrom(
    'tab',
    'array',
    'hidden',
    'select',
    'element',
    'graphQl',
    'i18n.X',
    'a',
    '__proto__',
  );
  const { node: json } = fc.letrec((tie) => ({
    node: fc.oneof(
      { depthSize: 'small' },
      words,
      fc.constantFrom(null, 0, true),
      fc.array(tie('node'), { maxLength: 4 }),
      fc.dictionary(fc.constantFrom(...names.split(' ')), tie('node'), { maxKeys: 6 }),
    ),
  }));
  const html = fc
    .array(
      fc.constantFrom(
        ...['{{#if a}}', '{{/if}}', '{{else}}', '{{#each a as |b|}}', '{{/each}}', '{{a.b}}', '{{{json b}}}'],
        ...['{{../a}}', '{{> p}}', '{{x (y z)}}', '<script>', '</script>', '<p>'],
      ),
      { maxLength: 8 },
    )
    .map((parts) => parts.join('\n'));

  it('are looked at to the end, and each finding has its file and line', () => {
    fc.assert(
      fc.property(json, json, json, html, fc.string(), (one, two, three, text, query) => {
        const findings = validateWidget('w', {
          schema: JSON.stringify(one),
          translations: JSON.stringify(two),
          configuration: JSON.stringify(three),
          template: text,
          query,
        });
        for (const { file, line } of [...findings, ...validateScriptTemplate('s.html', text)]) {
          expect(file).toBeTruthy();
          expect(line).toBeGreaterThan(0);
        }
      }),
    );
  });
});

describe('the placeholders of event data', () => {
  const inConfiguration = (placeholder: string) =>
    check(CTA_TAG, [[configuration, '{{product.url}}', placeholder]]);

  it.each([
    '{{product.title}}',
    '{{ product.title }}',
    '{{{product.title}}}',
    '<<product.title>>',
    '{{cart.items.[3].name}}',
    '{{cart.items[0].name}}',
    '{{product.category.[1]}}',
    '{{url.query.ref}}',
    '{{product}}',
  ])('may be %s', (placeholder) => {
    expect(inConfiguration(placeholder)).toEqual([]);
  });

  it.each([
    ['{{product.titel}}', 'Write "product.title".'],
    ['<<product.titel>>', 'Write "product.title".'],
    ['{{cart.items.name}}', 'Choose a path of docs/page-context.md.'],
    ['{{url.qery.ref}}', 'Choose a path of docs/page-context.md.'],
    ['{{}}', 'Choose a path of docs/page-context.md.'],
  ])('may not be %s', (placeholder, todo) => {
    expect(inConfiguration(placeholder)).toMatchObject([
      { code: 'PLACEHOLDER_UNKNOWN', severity: 'warning', file: join('w', configuration), line: 8, todo },
    ]);
  });

  it('are looked at where the schema shows an example', () => {
    const bad: Edit = [schema, '{{product.url}}', '{{product.ulr}}'];
    expect(check(CTA_TAG, [bad])).toMatchObject([
      {
        code: 'PLACEHOLDER_UNKNOWN',
        file: join('w', schema),
        line: lineOf(read(CTA_TAG, schema, [bad]), 'product.ulr'),
      },
    ]);
  });

  it('are nothing to us in a widget without an Extole zone', () => {
    expect(check(CAROUSEL, [[configuration, '"alt": "A slide"', '"alt": "{{anything}}"']])).toEqual([]);
  });
});

interface ScriptCase {
  readonly code: string;
  readonly severity?: Finding['severity'];
  readonly bad: string;
  readonly good: string;
  readonly line?: number;
  readonly todo: string;
}

const SCRIPT_CASES: readonly ScriptCase[] = [
  {
    code: 'VALUE_IN_SCRIPT',
    severity: 'warning',
    bad: "<script>\nx = '{{product.title}}';</script>",
    good: '<script>\nx = [{{{json product.title}}}][0];</script>',
    todo: 'Write [{{{json product.title}}}][0], without quotes around it.',
  },
  {
    code: 'VALUE_IN_SCRIPT',
    severity: 'warning',
    bad: '<script>\nx = {{json product.title}};</script>',
    good: '<script data-title="{{json product.title}}"></script>',
    todo: 'Write [{{{json product.title}}}][0], without quotes around it.',
  },
  {
    code: 'VALUE_UNESCAPED_IN_SCRIPT',
    bad: '<script>\nx = "{{{product.title}}}";</script>',
    good: '<script>\nx = "{{@index}}";</script>',
    todo: 'Write [{{{json product.title}}}][0], without quotes around it.',
  },
  {
    code: 'JSON_UNGUARDED',
    severity: 'warning',
    bad: '<script>{{#if product}}\nx = {{{json product.id}}};{{/if}}</script>',
    good: '<script>{{#if product.id}}\nx = {{{json product.id}}};{{/if}}</script>',
    todo: 'Write [{{{json product.id}}}][0].',
  },
  {
    code: 'JSON_UNGUARDED',
    severity: 'warning',
    bad: "<script>{{#if product.id '!=' 1}}\nx = {{{json product.id}}};{{/if}}</script>",
    good: '<script>{{#unless product.id}}{{else}}\nx = {{{json product.id}}};{{/unless}}</script>',
    todo: 'Write [{{{json product.id}}}][0].',
  },
  {
    code: 'JSON_UNGUARDED',
    severity: 'warning',
    bad: '<script type="application/ld+json">\n{"name": {{{json product.title}}} }</script>',
    good: '<script type="application/ld+json">\n{"name": {{#if product.title}}{{{json product.title}}}{{else}}null{{/if}} }</script>',
    todo: 'Write {{#if product.title}}{{{json product.title}}}{{else}}null{{/if}}.',
  },
  {
    code: 'JSON_UNGUARDED',
    severity: 'warning',
    bad: '<script>{{#each cart.items as |item|}}\nx({{{json item.name}}}); {{/each}}</script>',
    good: '<script>{{#each cart.items as |item|}}\nx({{{json item}}}, {{{json this}}}, {{{json @index}}}); {{/each}}</script>',
    todo: 'Write [{{{json item.name}}}][0].',
  },
  {
    code: 'HELPER_NEEDS_VALUE',
    severity: 'warning',
    bad: '<script>// {{#if product}}\n{{encodeHtmlEntities product.title}} {{/if}}\n</script>',
    good: '<script>// {{#if product.title}}\n{{encodeHtmlEntities product.title}} {{/if}}\n</script>',
    todo: 'Put it behind {{#if product.title}}.',
  },
  {
    code: 'CONTEXT_PATH_UNKNOWN',
    severity: 'warning',
    bad: '<script>\nx = [{{{json product.titel}}}][0];</script>',
    good: '<script>\nx = [{{{json product.price.with_tax.value}}}][0];</script>',
    todo: 'Write "product.title".',
  },
  {
    code: 'CONTEXT_PATH_UNKNOWN',
    severity: 'warning',
    bad: '<script>{{#each cart.items}}\nx([{{{json product_ids}}}][0]);{{/each}}</script>',
    good: '<script>{{#each cart.items}}\nx([{{{json product_id}}}][0]);{{/each}}</script>',
    todo: 'Write "product_id".',
  },
  {
    code: 'CONTEXT_PATH_UNKNOWN',
    severity: 'warning',
    bad: '<script>\nx = [{{{json custmer.id}}}][0];</script>',
    good: '<script>\nx = [{{{json @root.customer.id}}}][0];</script>',
    todo: 'Write "customer.id".',
  },
  {
    code: 'SCRIPT_TAG_MISSING',
    bad: '<link href="x.css">',
    good: '<script src="x.js"></script>',
    line: 1,
    todo: 'Put the code into a <script> tag.',
  },
  {
    code: 'SCRIPT_TAGS_SEVERAL',
    severity: 'info',
    bad: '<script></script>\n<script></script>',
    good: '<script></script>\n<!-- <script></script> -->',
    todo: 'Be ready to create one script for each tag.',
  },
  {
    code: 'SCRIPT_TAGS_TOO_MANY',
    bad: '<script></script>\n'.repeat(6),
    good: '<script></script>\n'.repeat(5),
    line: 6,
    todo: 'Put the code into fewer tags, or into a second script.',
  },
];

describe('a script template', () => {
  it.each(SCRIPT_CASES)(
    'is reported for $bad ($code)',
    ({ code, severity = 'error', bad, line = 2, todo }) => {
      expect(places(validateScriptTemplate('s.html', bad), code)).toEqual([
        { severity, file: 's.html', line, todo },
      ]);
    },
  );

  it.each(SCRIPT_CASES)('is not reported for $good ($code)', ({ code, good }) => {
    const found = codesOf(validateScriptTemplate('s.html', good));
    expect(found.filter((found) => [code, ...UNREADABLE].includes(found))).toEqual([]);
  });

  it('passes when it is ours', () => {
    expect(
      validateScriptTemplate('s.html', readFileSync(join(ROOT, 'templates/script.html'), 'utf8')),
    ).toEqual([]);
  });

  it('is warned from 90 % of the limit on, and refused above', () => {
    const sized = (characters: number) =>
      validateScriptTemplate('s.html', '<script></script>'.padEnd(characters));
    expect(sized(58_982)).toEqual([]);
    expect(sized(58_983)).toMatchObject([
      { code: 'SIZE_NEAR_LIMIT', severity: 'warning', file: 's.html', line: 1 },
    ]);
    expect(sized(65_536)).toMatchObject([{ code: 'SIZE_NEAR_LIMIT' }]);
    expect(sized(65_537)).toMatchObject([{ code: 'SIZE_OVER_LIMIT', severity: 'error' }]);
  });
});

describe('a folder', () => {
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'validate-'));
    await cp(CAROUSEL, join(folder, 'several/carousel'), { recursive: true });
    await cp(CTA_TAG, join(folder, 'project/widgets/tag'), { recursive: true });
    await writeFile(join(folder, 'project/widgets/tag/widget.html'), '{{#if');
    await mkdir(join(folder, 'project/widgets/new'));
    await writeFile(join(folder, 'project/widgets/new/schema.json'), '[');
    await mkdir(join(folder, 'project/templates/pages'), { recursive: true });
    await writeFile(join(folder, 'project/templates/a.html'), '<script>{{/if}}</script>');
    await writeFile(join(folder, 'project/templates/pages/home.html'), '{{#if');
    await mkdir(join(folder, 'theme/templates/pages'), { recursive: true });
    await writeFile(join(folder, 'theme/schema.json'), '[{"name": "Colors"}]');
    await mkdir(join(folder, 'empty'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is our own project, which has no finding', async () => {
    const { findings, checked } = await validateFolder(ROOT);
    expect(findings).toEqual([]);
    expect(checked).toEqual({ widgets: 1, templates: 1 });
  });

  it('is searched for widgets in the folder of Widget Builder and for scripts, in order', async () => {
    const { findings, checked } = await validateFolder(join(folder, 'project'));
    expect(checked).toEqual({ widgets: 2, templates: 1 });
    expect(findings.map(({ file, code }) => [file?.slice(folder.length), code])).toEqual([
      ['/project/templates/a.html', 'TEMPLATE_SYNTAX_INVALID'],
      ['/project/widgets/new/schema.json', 'JSON_INVALID'],
      ['/project/widgets/new/widget.html', 'WIDGET_FILE_MISSING'],
      ['/project/widgets/tag/widget.html', 'TEMPLATE_SYNTAX_INVALID'],
    ]);
  });

  it.each(['several', 'several/carousel', 'project/widgets', 'project/widgets/tag', 'project/templates'])(
    'may be named as %s',
    async (path) => {
      const { findings } = await validateFolder(join(folder, path));
      expect(places(findings, 'NOTHING_TO_VALIDATE')).toEqual([]);
    },
  );

  it.each(['empty', 'theme'])('holds nothing for us in %s', async (path) => {
    expect(await validateFolder(join(folder, path))).toMatchObject({
      findings: [{ code: 'NOTHING_TO_VALIDATE', severity: 'error', file: join(folder, path) }],
      checked: { widgets: 0, templates: 0 },
    });
  });
});
