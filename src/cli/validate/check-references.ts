import type { Finding } from '../finding.js';
import { didYouMean, respell } from './did-you-mean.js';
import { everyValue, itemsOf, type JsonNode, memberOf, membersOf, textOf } from './read-json.js';
import { choicesOf, everySetting, type Setting, typeMetaOf } from './settings.js';
import { configurationShape, follow } from './shape.js';

/** A place in a schema that names a setting, or a value inside of one. */
interface Reference {
  readonly written: string;
  readonly line: number;
  /** The settings that it may name. */
  readonly among: readonly Setting[];
  /** What it is, for people: `The condition of the setting "x"`. */
  readonly subject: string;
  readonly why: string;
}

/** Checks that what a schema's settings name exists: the settings of their conditions, of product images, queries and thumbnails. */
export function checkReferences(file: string, settings: readonly Setting[]): Finding[] {
  return [
    ...referencesOf(settings).flatMap((reference) => checkReference(file, reference)),
    ...everySetting(settings).flatMap((setting) => checkCondition(file, setting)),
  ];
}

/** The settings that a schema itself has a use for, so that they are of use even where the template prints none of them. */
export function referencedSettings(settings: readonly Setting[]): Set<Setting> {
  return new Set(
    referencesOf(settings).flatMap(({ written, among }) => {
      const found = follow(configurationShape(among), written.split('.'));
      const owner = among.find(({ id }) => id === written.split('.')[0]);
      return [owner, 'shape' in found ? found.setting : undefined].filter((setting) => setting !== undefined);
    }),
  );
}

/** What the settings of one level name: of the widget, or inside of an `element` or of an entry of an `array`. */
function referencesOf(level: readonly Setting[]): Reference[] {
  return level.flatMap((setting) => {
    const of = `of the setting "${setting.id}"`;
    const found: Reference[] = [];
    const add = (node: JsonNode | undefined, reference: Omit<Reference, 'written' | 'line'>): void => {
      const written = textOf(node);
      if (node && written !== undefined) found.push({ ...reference, written, line: node.line });
    };
    add(memberOf(memberOf(setting.node, 'conditional'), 'key'), {
      among: setting.group,
      subject: `The condition ${of}`,
      why: 'Page Builder looks for it among the settings of the same list only, and never shows the setting.',
    });
    add(typeMetaOf(setting, 'reference'), {
      among: level,
      subject: `The reference ${of}`,
      why: 'Without the product there is no image to show.',
    });
    for (const { name, value } of membersOf(typeMetaOf(setting, 'mappings'))) {
      add(memberOf(value, 'reads'), {
        among: level,
        subject: `The mapping "${name}" ${of}`,
        why: 'The query gets no value for it.',
      });
    }
    const thumbnail = memberOf(setting.node, 'thumbnail');
    for (const { name, node } of thumbnail ? everyValue(thumbnail) : []) {
      if (name !== 'valueKey' && name !== 'conditionKey') continue;
      add(node, {
        among: setting.inner,
        subject: `The thumbnail ${of}`,
        why: 'Page Builder shows none.',
      });
    }
    return [...found, ...referencesOf(setting.inner)];
  });
}

function checkReference(file: string, { written, line, among, subject, why }: Reference): Finding[] {
  const found = follow(configurationShape(among), written.split('.'));
  if ('shape' in found) return [];
  const meant = didYouMean(found.missing, found.among);
  return [
    {
      code: 'REFERENCE_UNKNOWN',
      severity: 'error',
      file,
      line,
      what: `${subject} names "${written}", which is no setting there.`,
      why,
      todo: meant
        ? `Write "${respell(written, found.missing, meant)}".`
        : `Name one of ${found.among.map((id) => `"${id}"`).join(', ') || 'the settings'}.`,
    },
  ];
}

function checkCondition(file: string, setting: Setting): Finding[] {
  const conditional = memberOf(setting.node, 'conditional');
  const key = textOf(memberOf(conditional, 'key'));
  const asked = setting.group.find(({ id }) => id === key);
  const choices = asked && choicesOf(asked);
  if (!choices) return [];
  return itemsOf(memberOf(conditional, 'value')).flatMap((node): Finding | [] => {
    const written = textOf(node);
    if (written === undefined || choices.includes(written)) return [];
    const meant = didYouMean(written, choices);
    return {
      code: 'CONDITIONAL_VALUE_UNKNOWN',
      severity: 'error',
      file,
      line: node.line,
      what: `The condition of the setting "${setting.id}" asks for "${written}", which is no option of "${key}".`,
      why: 'The setting never shows.',
      todo: meant ? `Write "${meant}".` : `Name one of ${choices.map((choice) => `"${choice}"`).join(', ')}.`,
    };
  });
}
