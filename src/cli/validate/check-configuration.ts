import type { Finding } from '../finding.js';
import { checkSize } from './check-size.js';
import { didYouMean } from './did-you-mean.js';
import { itemsOf, type JsonMember, type JsonNode, membersOf, plainOf, textOf } from './read-json.js';
import { choicesOf } from './settings.js';
import type { Shape } from './shape.js';

/** 64 KB. Source: BigCommerce, "Page Widgets". */
const MAX_BYTES = 65_536;

// The widget's own id, in both ways that Widget Builder writes it.
const OWN_ID: readonly string[] = ['_', '_.id'];

/** Checks that a widget's `config.json` holds what its schema offers, and is not too large. */
export function checkConfiguration(file: string, root: JsonNode, configuration: Shape): Finding[] {
  return [
    ...checkSize({
      file,
      size: Buffer.byteLength(JSON.stringify(plainOf(root))),
      limit: MAX_BYTES,
      unit: 'bytes',
      subject: 'The configuration',
      todo: 'Keep long texts and lists elsewhere, and load them.',
    }),
    ...checkValue(file, root, configuration),
  ];
}

function checkValue(file: string, node: JsonNode, shape: Shape): Finding[] {
  if (shape.kind === 'list') return itemsOf(node).flatMap((item) => checkValue(file, item, shape.item));
  if (shape.kind === 'object') {
    return membersOf(node).flatMap((member) => {
      const inner = shape.members.get(member.name);
      if (inner) return checkValue(file, member.value, inner);
      return OWN_ID.includes(member.name) ? [] : unknownKey(file, member, [...shape.members.keys()]);
    });
  }
  return checkChoice(file, node, shape);
}

function unknownKey(file: string, { name, line }: JsonMember, offered: readonly string[]): Finding {
  const meant = didYouMean(name, offered);
  return {
    code: 'CONFIG_KEY_UNKNOWN',
    severity: 'warning',
    file,
    line,
    what: `The schema offers no setting "${name}".`,
    why: 'Page Builder never writes such a value, so that the preview shows what a store does not.',
    todo: meant ? `Write "${meant}".` : 'Leave it out.',
  };
}

function checkChoice(file: string, node: JsonNode, { setting }: Shape): Finding[] {
  const chosen = textOf(node);
  const choices = setting && choicesOf(setting);
  if (!choices || chosen === undefined || choices.includes(chosen)) return [];
  const meant = didYouMean(chosen, choices);
  return [
    {
      code: 'CONFIG_VALUE_UNKNOWN',
      severity: 'warning',
      file,
      line: node.line,
      what: `"${chosen}" is no option of the setting "${setting.id}".`,
      todo: meant
        ? `Write "${meant}".`
        : `Choose one of ${choices.map((choice) => `"${choice}"`).join(', ')}.`,
    },
  ];
}
