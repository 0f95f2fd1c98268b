import type { Finding } from '../finding.js';
import { didYouMean } from './did-you-mean.js';
import { HELPERS, type Program, parseTemplate } from './handlebars.js';
import { memberOf } from './read-json.js';
import { isFreeText } from './settings.js';
import {
  type Range,
  type Script,
  scriptsOf,
  type TemplateText,
  type UnquotedAttribute,
  unquotedAttributesOf,
} from './template-html.js';
import type { PathUse, Print, TemplateUses } from './template-uses.js';

// What these print can't end an attribute or an element.
const ESCAPING: readonly string[] = ['json', 'encodeHtmlEntities'];

/** Helpers that stop all rendering when an argument has no value. Source: the engine's `ValidationError`s. */
export const NEEDING_A_VALUE: readonly string[] = [
  'encodeHtmlEntities',
  'money',
  'setURLQueryParam',
  'strReplace',
  'stripProtocol',
  'urlParse',
];

/** Reads a template, and reports where one of BigCommerce's engines does not. */
export function checkSyntax(
  file: string,
  template: string,
): { program: Program | undefined; findings: Finding[] } {
  const { program, faults } = parseTemplate(template);
  const [first, second] = faults;
  const isSame = first?.line === second?.line && first?.reason === second?.reason;
  const findings = (isSame ? faults.slice(0, 1) : faults).map(({ engine, line, reason }): Finding => {
    return {
      code: 'TEMPLATE_SYNTAX_INVALID',
      severity: 'error',
      file,
      line,
      what: `${isSame ? "Neither of BigCommerce's engines reads" : `BigCommerce's engine ${engine} does not read`} the template: ${reason}.`,
      why: isSame
        ? 'Nothing is rendered.'
        : 'Which engine renders it is for BigCommerce and the theme to say.',
      todo: 'Write it so that both Handlebars 3 and 4 read it.',
    };
  });
  return { program, findings };
}

/** Checks what is alike for widgets and scripts: helpers, partials, what depends on the engine, and how values are printed. */
export function checkTemplate(
  file: string,
  template: TemplateText,
  program: Program,
  uses: TemplateUses,
): Finding[] {
  const scripts = scriptsOf(template, program);
  const unquoted = unquotedAttributesOf(template, program);
  return [
    ...checkHelpers(file, uses),
    ...checkPartials(file, uses),
    ...uses.paths.flatMap((use) => [...checkDepth(file, use), ...checkNeededValue(file, use)]),
    ...uses.prints.flatMap((print) => {
      const script = scripts.find(({ content }) => isInside(content, template, print));
      if (script) return checkInScript(file, template, print, script);
      const attribute = unquoted.find(({ value }) => isInside(value, template, print));
      return [
        ...checkInHtml(file, print),
        ...(attribute ? checkUnquoted(file, template, print, attribute) : []),
      ];
    }),
  ];
}

function checkHelpers(file: string, { helpers }: TemplateUses): Finding[] {
  return helpers.flatMap(({ name, line, hides }): Finding | [] => {
    if (hides) {
      return {
        code: 'HELPER_HIDES_VALUE',
        severity: 'error',
        file,
        line,
        what: `{{${name}}} calls the helper "${name}" and does not print the value of that name.`,
        todo: `Write {{this.${name}}}.`,
      };
    }
    if (HELPERS.has(name)) return [];
    const meant = didYouMean(name, HELPERS);
    return {
      code: 'HELPER_UNKNOWN',
      severity: 'error',
      file,
      line,
      what: `BigCommerce has no helper "${name}".`,
      why: 'Nothing is printed in its place.',
      todo: meant ? `Write "${meant}".` : "Use one of BigCommerce's helpers.",
    };
  });
}

function checkPartials(file: string, { partials }: TemplateUses): Finding[] {
  return partials.map(({ name, line }) => ({
    code: 'PARTIAL_UNAVAILABLE',
    severity: 'error',
    file,
    line,
    what: `The partial "${name}" is a file of a theme, which widgets and scripts can't read.`,
    why: 'Rendering stops there.',
    todo: 'Put its text in place of it.',
  }));
}

function checkDepth(file: string, { path, line, differsByEngine }: PathUse): Finding[] {
  if (!differsByEngine) return [];
  return [
    {
      code: 'PATH_DIFFERS_BY_ENGINE',
      severity: 'warning',
      file,
      line,
      what: `{{${path.original}}} means different values in BigCommerce's two engines.`,
      why: 'handlebars_v3 climbs out of {{#if}} by "../" too, handlebars_v4 does not.',
      todo: `Write {{@root.${path.parts.join('.')}}}, or name the item: {{#each items as |item|}}.`,
    },
  ];
}

function checkNeededValue(file: string, { path, line, helper, isGuarded }: PathUse): Finding[] {
  if (helper === undefined || isGuarded || !NEEDING_A_VALUE.includes(helper)) return [];
  return [
    {
      code: 'HELPER_NEEDS_VALUE',
      severity: 'warning',
      file,
      line,
      what: `"${helper}" fails where "${path.original}" has no value.`,
      why: 'A helper that fails stops all of the rendering.',
      todo: `Put it behind {{#if ${path.original}}}.`,
    },
  ];
}

function isInside({ start, end }: Range, template: TemplateText, { statement }: Print): boolean {
  const offset = template.offsetOf(statement.loc.start);
  return offset >= start && offset < end;
}

/** Whether a path may print any text at all: what somebody typed, or a store's data. */
function isOpen({ path, found }: PathUse): boolean {
  const isCounted = path.data && path.parts[0] !== 'root';
  if (isCounted || path.original === '_.id' || !('shape' in found)) return false;
  return found.setting ? isFreeText(found.setting) || found.setting.type === 'code' : true;
}

function checkInScript(file: string, template: TemplateText, print: Print, script: Script): Finding[] {
  const { statement, helper, paths } = print;
  if (helper === 'json' && !statement.escaped) return checkJsonHelper(file, template, print, script);
  const isPlain = helper === undefined || helper === 'json';
  const isHarmless = statement.escaped ? !isPlain : helper !== undefined && ESCAPING.includes(helper);
  if (isHarmless || !(helper === 'json' || paths.some(isOpen))) return [];
  const written = paths.map(({ path }) => path.original).join(' ');
  const at = {
    file,
    line: statement.loc.start.line,
    todo: `Write ${jsonOf(written, script)}, without quotes around it.`,
  };
  return [
    statement.escaped
      ? {
          ...at,
          code: 'VALUE_IN_SCRIPT',
          severity: 'warning',
          what: `"${written}" is printed into a script as HTML.`,
          why: "A script reads O'Neil as O&#x27;Neil, and a backslash in the value breaks it.",
        }
      : {
          ...at,
          code: 'VALUE_UNESCAPED_IN_SCRIPT',
          severity: 'error',
          what: `"${written}" is printed into a script as it is.`,
          why: 'Whoever can enter the value runs code in the shop.',
        },
  ];
}

/** How a value is printed into a script so that the script is valid, whether it has one or not. */
function jsonOf(written: string, { isJson }: Script): string {
  return isJson ? `{{#if ${written}}}{{{json ${written}}}}{{else}}null{{/if}}` : `[{{{json ${written}}}}][0]`;
}

function checkJsonHelper(
  file: string,
  template: TemplateText,
  { statement, paths }: Print,
  script: Script,
): Finding[] {
  const [use] = paths;
  if (!use || use.path !== statement.params[0] || use.isGuarded || hasDefault(use)) return [];
  const before = template.text.slice(0, template.offsetOf(statement.loc.start));
  const behind = template.text.slice(template.offsetOf(statement.loc.end));
  if (before.trimEnd().endsWith('[') && /^\s*\]\s*\[\s*0\s*\]/.test(behind)) return [];
  const written = use.path.original;
  return [
    {
      code: 'JSON_UNGUARDED',
      severity: 'warning',
      file,
      line: statement.loc.start.line,
      what: `{{{json ${written}}}} prints nothing where "${written}" has no value.`,
      why: 'The script is not valid then, and nothing of it runs.',
      todo: `Write ${jsonOf(written, script)}.`,
    },
  ];
}

// Page Builder gives them a value whatever their schema says.
const ALWAYS_SET: readonly string[] = ['array', 'element', 'regexInput'];

/** Whether Page Builder gives the setting a value by itself: it leaves out what is empty, 0 or false. */
function hasDefault({ found }: PathUse): boolean {
  const setting = 'setting' in found ? found.setting : undefined;
  const value = memberOf(setting?.node, 'default');
  if (!value) return setting !== undefined && ALWAYS_SET.includes(setting.type);
  return value.kind !== 'scalar' || Boolean(value.value);
}

function checkInHtml(file: string, { statement, helper, paths }: Print): Finding[] {
  const isRaw = !statement.escaped && !(helper !== undefined && ESCAPING.includes(helper));
  const open = paths.filter(({ found }) => 'setting' in found && found.setting && isFreeText(found.setting));
  if (!isRaw || open.length === 0) return [];
  const written = open.map(({ path }) => path.original).join(' ');
  return [
    {
      code: 'VALUE_UNESCAPED',
      severity: 'warning',
      file,
      line: statement.loc.start.line,
      what: `"${written}" is printed as HTML, whatever a merchant enters.`,
      why: 'A "<" or a quote in the text breaks the page.',
      todo: 'Write it in double braces, or make it a setting of the type "code".',
    },
  ];
}

function checkUnquoted(
  file: string,
  { text }: TemplateText,
  { statement, paths }: Print,
  { name, value: { start, end } }: UnquotedAttribute,
): Finding[] {
  const open = paths.filter(isOpen);
  if (open.length === 0) return [];
  return [
    {
      code: 'VALUE_UNQUOTED',
      severity: 'warning',
      file,
      line: statement.loc.start.line,
      what: `"${open.map(({ path }) => path.original).join(' ')}" is printed into the attribute "${name}" without quotes around it.`,
      why: 'The attribute ends at the first blank in the value, and what follows becomes attributes of its own.',
      todo: `Write ${name}="${text.slice(start, end)}".`,
    },
  ];
}
