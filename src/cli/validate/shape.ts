import { itemsOf, memberOf, textOf } from './read-json.js';
import { type Setting, typeMetaOf } from './settings.js';

/**
 * What a template finds at a place of its context: anything (nobody knows), a plain value, an object with known members, or a
 * list. With the setting that it comes from, where it does.
 */
export type Shape = (
  | { readonly kind: 'any' | 'value' }
  | { readonly kind: 'object'; readonly members: ReadonlyMap<string, Shape> }
  | { readonly kind: 'list'; readonly item: Shape }
) & { readonly setting?: Setting };

/** What stands at the end of a path, or the first part of it that is not there, with what is there instead. */
export type Found =
  | { readonly shape: Shape; readonly setting: Setting | undefined }
  | { readonly missing: string; readonly among: readonly string[] };

/** Nobody knows what is there. */
export const ANY: Shape = { kind: 'any' };
/** A text, a number, true or false. */
export const VALUE: Shape = { kind: 'value' };

/** An object whose members are all plain values, but for those given with a shape. */
export function objectOf(names: string, shaped: Readonly<Record<string, Shape>> = {}): Shape {
  const plain = names
    .split(' ')
    .filter(Boolean)
    .map((name): [string, Shape] => [name, VALUE]);
  return { kind: 'object', members: new Map([...plain, ...Object.entries(shaped)]) };
}

/** Follows a path. `*` and numbers stand for any item of a list. */
export function follow(shape: Shape, path: readonly string[], outerSetting?: Setting): Found {
  const setting = shape.setting ?? outerSetting;
  const [part, ...rest] = path;
  if (part === undefined || shape.kind === 'any') return { shape, setting };
  if (shape.kind === 'list' && /^(\d+|\*|first|last)$/.test(part)) return follow(shape.item, rest, setting);
  if (shape.kind === 'object') {
    const member = shape.members.get(part);
    return member ? follow(member, rest, setting) : { missing: part, among: [...shape.members.keys()] };
  }
  return part === 'length' ? { shape: VALUE, setting } : { missing: part, among: [] };
}

const MEASUREMENT = 'value type';

/** What a widget's configuration holds, by its settings. Source: BigCommerce, "Widget UI Input Types". */
export function configurationShape(settings: readonly Setting[]): Shape {
  return { kind: 'object', members: new Map(settings.map((setting) => [setting.id, settingShape(setting)])) };
}

function settingShape(setting: Setting): Shape {
  return { ...valueShape(setting), setting };
}

function valueShape(setting: Setting): Shape {
  switch (setting.type) {
    case 'array':
      return { kind: 'list', item: configurationShape(setting.inner) };
    case 'element':
      return objectOf(
        'visibility',
        Object.fromEntries(setting.inner.map((inner) => [inner.id, settingShape(inner)])),
      );
    case 'alignment':
      return objectOf('horizontal vertical');
    case 'number':
      return objectOf(MEASUREMENT);
    case 'boxModel': {
      const side = objectOf(MEASUREMENT);
      return objectOf('', { top: side, right: side, bottom: side, left: side });
    }
    case 'imageManager':
    case 'productImage':
      return objectOf('src type');
    case 'regexInput': {
      const parts = itemsOf(typeMetaOf(setting, 'regExPatterns')).map((pattern) =>
        textOf(memberOf(pattern, 'configKey')),
      );
      return objectOf('value', { parts: objectOf(parts.join(' ')) });
    }
    case '':
    case 'graphQl':
      return ANY;
    default:
      return VALUE;
  }
}
