import type { Finding } from '../finding.js';
import { referencedSettings } from './check-references.js';
import { didYouMean, respell } from './did-you-mean.js';
import type { Program } from './handlebars.js';
import { everySetting, type Setting } from './settings.js';
import { follow, type Shape } from './shape.js';
import { PAGE_DATA } from './stencil-context.js';
import { rootElementLines, type TemplateText } from './template-html.js';
import { isStructural, type PathUse, type TemplateUses } from './template-uses.js';

// What a merchant chooses there decides what else shows in Page Builder; a template has no use for it.
const FOR_PAGE_BUILDER_ONLY: readonly string[] = ['graphQl', 'toggle', 'typography'];

/**
 * Checks that a widget's template reads what its schema offers, and all of it.
 *
 * @param schema - With the shape of the configuration that follows from it.
 */
export function checkSettingUses(
  file: string,
  schema: { readonly file: string; readonly settings: readonly Setting[]; readonly configuration: Shape },
  uses: TemplateUses,
): Finding[] {
  return [
    ...uses.paths.flatMap((use) => checkKnown(file, schema.configuration, use)),
    ...checkPrinted(file, uses),
    ...checkUnused(schema.file, schema.settings, uses),
  ];
}

/** Checks that a widget renders one element. */
export function checkRootElement(file: string, template: TemplateText, program: Program): Finding[] {
  const [, second, ...more] = rootElementLines(template, program);
  if (second === undefined) return [];
  return [
    {
      code: 'ROOT_ELEMENTS_SEVERAL',
      severity: 'warning',
      file,
      line: second,
      what: `A second element stands at the root of the template${more.length > 0 ? `, and ${more.length} more` : ''}.`,
      why: "Widget Builder's preview shows the first only.",
      todo: 'Put all into one element.',
    },
  ];
}

function checkKnown(file: string, configuration: Shape, { path, line, found }: PathUse): Finding[] {
  if ('shape' in found) return [];
  const { missing, among } = found;
  const [root = ''] = path.parts;
  const at = { severity: 'error', file, line } as const;
  if (missing !== root || path.depth > 0)
    return [{ ...at, ...unknownSetting(path.original, missing, among) }];
  if ('shape' in follow(configuration, path.parts)) {
    return [
      {
        ...at,
        code: 'SETTING_UNKNOWN',
        what: `{{${path.original}}} is no setting of the item that the block is printed for.`,
        why: 'Inside of {{#each}} and {{#with}} a name is looked for in the item only.',
        todo: `Write {{@root.${path.parts.join('.')}}}.`,
      },
    ];
  }
  if (PAGE_DATA.has(root)) {
    return [
      {
        ...at,
        code: 'PAGE_DATA_IN_WIDGET',
        what: `{{${path.original}}} prints nothing: a widget does not see the data of its page.`,
        why: "BigCommerce renders a widget apart from the page, with the widget's own settings only.",
        todo: 'Make it a setting, ask for it in query.graphql, or read it in the browser.',
      },
    ];
  }
  return [{ ...at, ...unknownSetting(path.original, missing, among) }];
}

function unknownSetting(
  written: string,
  missing: string,
  among: readonly string[],
): Pick<Finding, 'code' | 'what' | 'why' | 'todo'> {
  const meant = didYouMean(missing, among);
  return {
    code: 'SETTING_UNKNOWN',
    what: `{{${written}}} reads "${missing}", which the schema does not offer.`,
    why: 'It prints nothing.',
    todo: meant
      ? `Write {{${respell(written, missing, meant)}}}.`
      : `Add a setting with the id "${missing}", or leave it out.`,
  };
}

function checkPrinted(file: string, { prints }: TemplateUses): Finding[] {
  return prints.flatMap(({ statement, helper, paths: [use] }): Finding | [] => {
    if (helper !== undefined || !use || !('shape' in use.found)) return [];
    const { shape } = use.found;
    if (shape.kind !== 'object' && shape.kind !== 'list') return [];
    const written = use.path.original;
    const member = shape.kind === 'object' ? [...shape.members.keys()][0] : undefined;
    return {
      code: 'SETTING_PRINTED_WHOLE',
      severity: 'warning',
      file,
      line: statement.loc.start.line,
      what: `{{${written}}} prints [object Object].`,
      todo: member ? `Write {{${written}.${member}}}.` : `Go through it: {{#each ${written}}}.`,
    };
  });
}

function checkUnused(file: string, settings: readonly Setting[], { paths }: TemplateUses): Finding[] {
  const used = referencedSettings(settings);
  for (const { found, helper } of paths) {
    if (!('shape' in found)) continue;
    if (found.setting) used.add(found.setting);
    // A helper that gets an object may print any of it.
    if (helper !== undefined && !isStructural(helper))
      for (const setting of settingsIn(found.shape)) used.add(setting);
  }
  return everySetting(settings).flatMap((setting): Finding | [] =>
    used.has(setting) || FOR_PAGE_BUILDER_ONLY.includes(setting.type)
      ? []
      : {
          code: 'SETTING_UNUSED',
          severity: 'warning',
          file,
          line: setting.line,
          what: `The template does not use the setting "${setting.id}".`,
          why: 'Merchants can change it, and nothing happens.',
          todo: 'Use it in the template, or take it out of the schema.',
        },
  );
}

function settingsIn(shape: Shape): Setting[] {
  const inner =
    shape.kind === 'object' ? [...shape.members.values()] : shape.kind === 'list' ? [shape.item] : [];
  return [...(shape.setting ? [shape.setting] : []), ...inner.flatMap(settingsIn)];
}
