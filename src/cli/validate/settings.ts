import { itemsOf, type JsonNode, memberOf, membersOf, textOf } from './read-json.js';

/** A setting of a widget: something that the widget's configuration holds under an id. */
export interface Setting {
  readonly id: string;
  /** Empty where the schema says none, as hidden settings may. */
  readonly type: string;
  /** Where the id stands. */
  readonly line: number;
  /** What the schema says of it. */
  readonly node: JsonNode;
  /** The settings that stand in the same `settings` array, itself included. */
  readonly group: readonly Setting[];
  /** What the value consists of: the settings of an `element`, or of each entry of an `array`. */
  readonly inner: readonly Setting[];
}

/**
 * Reads which settings a schema offers, in the order of the configuration: those that only show under a condition stand beside
 * the ones that they depend on, since their values do. What has no id is left out.
 */
export function readSettings(schema: JsonNode | undefined): Setting[] {
  return itemsOf(schema).flatMap((entry) => {
    if (textOf(memberOf(entry, 'type')) === 'array') {
      return readSetting(entry, [], readSettings(memberOf(entry, 'schema')));
    }
    const sections = itemsOf(memberOf(entry, 'sections'));
    return [entry, ...sections].flatMap((holder) => readGroup(memberOf(holder, 'settings')));
  });
}

/** All settings, those inside of others too. */
export function everySetting(settings: readonly Setting[]): Setting[] {
  return settings.flatMap((setting) => [setting, ...everySetting(setting.inner)]);
}

/** What a setting's `typeMeta` holds under a name. */
export function typeMetaOf(setting: Setting, name: string): JsonNode | undefined {
  return memberOf(memberOf(setting.node, 'typeMeta'), name);
}

/** The values that a merchant may choose from; `undefined` where the setting leaves it open. */
export function choicesOf(setting: Setting): string[] | undefined {
  if (setting.type === 'visibility') return ['show', 'hide'];
  if (setting.type === 'typography') return ['default', 'custom'];
  const options = typeMetaOf(setting, 'selectOptions');
  return options && itemsOf(options).flatMap((option) => textOf(memberOf(option, 'value')) ?? []);
}

const FREE_TEXT: readonly string[] = ['', 'imageManager', 'input', 'productImage', 'regexInput', 'text'];

/** Whether a merchant may type anything at all into it. */
export const isFreeText = ({ type }: Setting): boolean => FREE_TEXT.includes(type);

function readGroup(settings: JsonNode | undefined): Setting[] {
  const group: Setting[] = [];
  const all: Setting[] = [];
  for (const node of itemsOf(settings)) {
    const found = readSetting(node, group, readElement(node));
    group.push(...found);
    all.push(...found, ...readConditional(node));
  }
  return all;
}

function readSetting(node: JsonNode, group: readonly Setting[], inner: readonly Setting[]): Setting[] {
  const id = textOf(memberOf(node, 'id'));
  if (!id) return [];
  const line = memberOf(node, 'id')?.line ?? node.line;
  return [{ id, type: textOf(memberOf(node, 'type')) ?? '', line, node, group, inner }];
}

/** The settings behind the brush of an `element`. */
function readElement(node: JsonNode): Setting[] {
  const controls = memberOf(memberOf(node, 'typeMeta'), 'controls');
  return membersOf(controls).flatMap(({ value }) => readGroup(memberOf(value, 'settings')));
}

/** The settings that a `typography` or a `toggle` reveals. */
function readConditional(node: JsonNode): Setting[] {
  const revealed = memberOf(memberOf(node, 'typeMeta'), 'conditionalSettings');
  return itemsOf(revealed).flatMap((entry) => readGroup(memberOf(entry, 'settings')));
}
