import type { z } from 'zod';
import type { Finding } from '../finding.js';
import { didYouMean } from './did-you-mean.js';
import { itemsOf, type JsonNode, memberOf, membersOf, plainOf, textOf } from './read-json.js';
import { ROOT_TYPES, SCHEMA_KEYS, SETTING_TYPES, WidgetSchema } from './schema-shape.js';
import { choicesOf, everySetting, type Setting, typeMetaOf } from './settings.js';

type Issue = z.core.$ZodIssue;

/** Checks a widget's `schema.json` by itself: its shape, its ids and its defaults. */
export function checkSchema(file: string, schema: JsonNode, settings: readonly Setting[]): Finding[] {
  return [
    ...checkShape(file, schema),
    ...checkTab(file, schema),
    ...checkIds(file, settings),
    ...everySetting(settings).flatMap((setting) => [
      ...checkChoice(file, setting),
      ...checkRange(file, setting),
      ...checkIds(file, setting.inner),
    ]),
  ];
}

function checkShape(file: string, schema: JsonNode): Finding[] {
  const result = WidgetSchema.safeParse(plainOf(schema));
  return result.success ? [] : result.error.issues.flatMap((issue) => shapeFindings(file, schema, issue));
}

function shapeFindings(file: string, schema: JsonNode, issue: Issue): Finding[] {
  const { line, owner, value } = locate(schema, issue.path);
  const name = String(issue.path.filter((part) => typeof part === 'string').at(-1) ?? 'schema');
  const at = { file, line };
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownKey(file, schema, issue.path, key));
  }
  if (issue.code === 'invalid_union' && name === 'type' && value) {
    const types = isRootEntry(issue.path.slice(0, -1)) ? ROOT_TYPES : SETTING_TYPES;
    const written = textOf(value) ?? '';
    const meant = didYouMean(written, types);
    return [
      {
        ...at,
        code: 'SETTING_TYPE_UNKNOWN',
        severity: 'error',
        what: `${owner} has the type "${written}", which BigCommerce does not know.`,
        todo: meant ? `Write "${meant}".` : `Choose one of ${types.join(', ')}.`,
      },
    ];
  }
  if (!value) {
    return [
      {
        ...at,
        code: 'SCHEMA_MEMBER_MISSING',
        severity: 'error',
        what: `${owner} has no "${name}".`,
        todo: `Add "${name}", ${expectation(issue)}.`,
      },
    ];
  }
  const isDefault = issue.path.includes('default');
  return [
    {
      ...at,
      code: isDefault ? 'SETTING_DEFAULT_INVALID' : 'SCHEMA_VALUE_INVALID',
      severity: 'error',
      what: `"${name}" of ${lowerFirst(owner)} is ${seen(value)}.`,
      todo: `Write ${expectation(issue)}.`,
    },
  ];
}

function unknownKey(file: string, schema: JsonNode, path: Issue['path'], key: string): Finding {
  const { line, owner } = locate(schema, [...path, key]);
  const isRefused = isRootEntry(path) || path.at(-2) === 'sections';
  const meant = didYouMean(key, SCHEMA_KEYS);
  return {
    code: 'SCHEMA_KEY_UNKNOWN',
    severity: isRefused ? 'error' : 'warning',
    file,
    line,
    what: `${owner} has "${key}", which BigCommerce does not know.`,
    why: isRefused ? 'Widget Builder refuses such a schema.' : 'It has no effect.',
    todo: meant ? `Write "${meant}".` : 'Leave it out.',
  };
}

/** Whether a path leads to what stands at the root of a schema: a tab, an array or hidden settings. */
function isRootEntry(path: Issue['path']): boolean {
  return path.length === 1 || path.at(-2) === 'schema';
}

/** Follows a path as far as it goes, and tells what is at its end and whose it is. */
function locate(
  schema: JsonNode,
  path: Issue['path'],
): { line: number; owner: string; value: JsonNode | undefined } {
  let value: JsonNode | undefined = schema;
  let line = schema.line;
  let owner = 'The schema';
  for (const part of path) {
    value = typeof part === 'number' ? itemsOf(value)[part] : memberOf(value, String(part));
    line = value?.line ?? line;
    const id = textOf(memberOf(value, 'id'));
    if (id) owner = `The setting "${id}"`;
    else if (textOf(memberOf(value, 'type')) === 'tab')
      owner = `The tab "${textOf(memberOf(value, 'label')) ?? ''}"`;
  }
  return { line, owner, value };
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text in double quotes',
  number: 'a number',
  boolean: 'true or false',
  object: 'an object',
  array: 'an array',
  nonoptional: 'as BigCommerce documents it for this type',
};

function expectation(issue: Issue): string {
  if (issue.code === 'invalid_type') return KINDS[issue.expected] ?? issue.expected;
  if (issue.code === 'invalid_value') return issue.values.map((value) => JSON.stringify(value)).join(' or ');
  if (issue.code === 'too_small') return 'at least one';
  return 'what BigCommerce documents for it';
}

function seen(node: JsonNode): string {
  if (node.kind === 'scalar') return JSON.stringify(node.value);
  const isEmpty = itemsOf(node).length + membersOf(node).length === 0;
  return `an ${isEmpty ? 'empty ' : ''}${node.kind}`;
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

function checkTab(file: string, schema: JsonNode): Finding[] {
  const entries = itemsOf(schema);
  if (entries.length === 0 || entries.some((entry) => textOf(memberOf(entry, 'type')) === 'tab')) return [];
  return [
    {
      code: 'TAB_MISSING',
      severity: 'error',
      file,
      line: schema.line,
      what: 'No tab stands at the root of the schema.',
      why: 'Page Builder shows settings only inside of a tab.',
      todo: 'Add { "type": "tab", "label": "…", "sections": [] }.',
    },
  ];
}

function checkIds(file: string, settings: readonly Setting[]): Finding[] {
  return settings.flatMap(({ id, line }, index): Finding | [] => {
    const first = settings.findIndex((setting) => setting.id === id);
    return first === index
      ? []
      : {
          code: 'SETTING_ID_TWICE',
          severity: 'error',
          file,
          line,
          what: `The id "${id}" is there twice; the first is in line ${settings[first]?.line}.`,
          why: 'Both settings would write the same value.',
          todo: 'Give each setting an id of its own.',
        };
  });
}

function checkChoice(file: string, setting: Setting): Finding[] {
  const node = memberOf(setting.node, 'default');
  const chosen = textOf(node);
  const choices = choicesOf(setting);
  if (!node || chosen === undefined || !choices || choices.includes(chosen)) return [];
  const meant = didYouMean(chosen, choices);
  return [
    {
      code: 'SELECT_DEFAULT_UNKNOWN',
      severity: 'error',
      file,
      line: node.line,
      what: `The default "${chosen}" of the setting "${setting.id}" is none of its options.`,
      todo: meant
        ? `Write "${meant}".`
        : `Choose one of ${choices.map((choice) => `"${choice}"`).join(', ')}.`,
    },
  ];
}

function checkRange(file: string, setting: Setting): Finding[] {
  const values = typeMetaOf(setting, 'rangeValues');
  const node = memberOf(setting.node, 'default');
  const numberOf = (number: JsonNode | undefined): number | undefined =>
    number?.kind === 'scalar' && typeof number.value === 'number' ? number.value : undefined;
  const start = numberOf(node);
  const min = numberOf(memberOf(values, 'min')) ?? Number.NEGATIVE_INFINITY;
  const max = numberOf(memberOf(values, 'max')) ?? Number.POSITIVE_INFINITY;
  if (!node || start === undefined || (start >= min && start <= max)) return [];
  return [
    {
      code: 'RANGE_DEFAULT_OUTSIDE',
      severity: 'warning',
      file,
      line: node.line,
      what: `The default ${start} of the setting "${setting.id}" is outside of its range, ${min} to ${max}.`,
      todo: 'Write a default within the range.',
    },
  ];
}
