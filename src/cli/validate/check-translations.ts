import type { Finding } from '../finding.js';
import { didYouMean } from './did-you-mean.js';
import { everyValue, type JsonMember, type JsonNode, membersOf, textOf } from './read-json.js';

// Both as Widget Builder checks them.
const NAME = /^i18n\.\w+$/;
const LANGUAGE = /^[a-z]{2}(-[a-zA-Z0-9]{2,})?$/;

/** A file that was read. */
interface JsonFile {
  readonly file: string;
  readonly root: JsonNode;
}

/**
 * Checks that the names in a schema and its translations fit together.
 *
 * @param translations - `schema_translations.json`, where there is one.
 */
export function checkTranslations(schema: JsonFile, translations: JsonFile | undefined): Finding[] {
  const used = namesIn(schema.root);
  if (!translations) return checkFile(schema, used);
  const entries = membersOf(translations.root);
  return [
    ...checkUsed(schema, used, entries),
    ...checkLabels(schema, used),
    ...entries.flatMap((entry) => checkEntry(translations.file, entry)),
    ...checkLanguages(translations.file, entries),
    ...checkUnused(translations.file, entries, used),
  ];
}

/** Every name that the schema has translated, with the line of its first use. Defaults are values, and not translated. */
function namesIn(schema: JsonNode): Map<string, number> {
  const names = new Map<string, number>();
  for (const { name, node } of everyValue(schema)) {
    const text = textOf(node);
    if (name !== 'default' && text?.startsWith('i18n.') && !names.has(text)) names.set(text, node.line);
  }
  return names;
}

function checkFile({ file }: JsonFile, used: ReadonlyMap<string, number>): Finding[] {
  const [first] = used;
  if (!first) return [];
  const [name, line] = first;
  return [
    {
      code: 'TRANSLATION_MISSING',
      severity: 'error',
      file,
      line,
      what: `The schema uses "${name}"${used.size > 1 ? ` and ${used.size - 1} more names` : ''}, but there is no schema_translations.json.`,
      why: 'Merchants see the name instead of a text.',
      todo: 'Add schema_translations.json beside schema.json, or write the texts into the schema.',
    },
  ];
}

function checkUsed(
  { file }: JsonFile,
  used: ReadonlyMap<string, number>,
  entries: readonly JsonMember[],
): Finding[] {
  const translated = entries.map(({ name }) => name);
  return [...used].flatMap(([name, line]): Finding | [] => {
    if (translated.includes(name)) return [];
    // An entry that another place uses is that place's text.
    const meant = didYouMean(
      name,
      translated.filter((entry) => !used.has(entry)),
    );
    return {
      code: 'TRANSLATION_MISSING',
      severity: 'error',
      file,
      line,
      what: `"${name}" has no entry in schema_translations.json.`,
      why: 'Merchants see the name instead of a text.',
      todo: meant ? `Write "${meant}", or add an entry.` : `Add an entry: "${name}": { "default": "…" }.`,
    };
  });
}

function checkLabels({ file, root }: JsonFile, used: ReadonlyMap<string, number>): Finding[] {
  if (used.size === 0) return [];
  return [...everyValue(root)].flatMap(({ name, node }): Finding | [] => {
    const text = textOf(node);
    // A number, a unit or a sign reads the same in every language.
    if (!['label', 'entryLabel', 'helpInfo'].includes(name) || !text || text.startsWith('i18n.')) return [];
    if (!/\p{L}{3}/u.test(text)) return [];
    return {
      code: 'LABEL_NOT_TRANSLATED',
      severity: 'info',
      file,
      line: node.line,
      what: `"${text}" is the same in every language, while others are translated.`,
      todo: 'Name an entry of schema_translations.json instead.',
    };
  });
}

function checkEntry(file: string, { name, line, value }: JsonMember): Finding[] {
  const texts = membersOf(value);
  const findings: Finding[] = [];
  const invalid = (at: number, what: string, todo: string): void => {
    findings.push({ code: 'TRANSLATION_INVALID', severity: 'error', file, line: at, what, todo });
  };
  if (!NAME.test(name)) {
    invalid(
      line,
      `"${name}" is no name of a translation.`,
      'Write "i18n." and letters, digits or underscores.',
    );
  }
  for (const text of texts) {
    if (text.name !== 'default' && !LANGUAGE.test(text.name)) {
      invalid(text.line, `"${text.name}" of "${name}" is no language.`, 'Write it as "fr" or "fr-CA".');
    }
    if (textOf(text.value) === undefined) {
      invalid(text.value.line, `"${text.name}" of "${name}" is no text.`, 'Write a text in double quotes.');
    }
  }
  if (!texts.some((text) => text.name === 'default')) {
    findings.push({
      code: 'TRANSLATION_DEFAULT_MISSING',
      severity: 'error',
      file,
      line,
      what: `"${name}" has no "default".`,
      why: 'BigCommerce refuses an entry without one.',
      todo: 'Add "default" with the text for all other languages.',
    });
  }
  return findings;
}

function checkLanguages(file: string, entries: readonly JsonMember[]): Finding[] {
  const languages = new Set(entries.flatMap(({ value }) => membersOf(value).map(({ name }) => name)));
  languages.delete('default');
  return entries.flatMap(({ name, line, value }): Finding | [] => {
    const there = membersOf(value).map((text) => text.name);
    const missing = [...languages].filter((language) => !there.includes(language));
    return missing.length === 0
      ? []
      : {
          code: 'TRANSLATION_LANGUAGE_MISSING',
          severity: 'warning',
          file,
          line,
          what: `"${name}" has no text in ${missing.join(', ')}, while other entries do.`,
          why: 'Merchants see two languages in one panel.',
          todo: `Add ${missing.map((language) => `"${language}"`).join(', ')}.`,
        };
  });
}

function checkUnused(
  file: string,
  entries: readonly JsonMember[],
  used: ReadonlyMap<string, number>,
): Finding[] {
  return entries.flatMap(({ name, line }): Finding | [] =>
    used.has(name)
      ? []
      : {
          code: 'TRANSLATION_UNUSED',
          severity: 'warning',
          file,
          line,
          what: `The schema does not use "${name}".`,
          todo: 'Leave the entry out, or name it in the schema.',
        },
  );
}
