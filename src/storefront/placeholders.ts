import type { Data } from './types.js';

/**
 * Finds the value of a placeholder.
 *
 * @param path - The segments; `undefined` when what was written is no path.
 * @param written - What stands between the braces, for reports.
 */
export type Resolve = (path: readonly string[] | undefined, written: string) => unknown;

/** Builds a value anew from what `resolve` finds. `undefined` means that its key is to be dropped. */
export type Render = (resolve: Resolve) => unknown;

// Each character class leaves out what opens a placeholder, so that hostile text is scanned once.
const PLACEHOLDER = /(\{\{\{[^{}]*\}\}\}|\{\{[^{}]*\}\}|<<[^<>]*>>)/;
// A segment as Handlebars' own lexer has it: an identifier, or anything in brackets.
const SEGMENT = /(?:^|(?!^)[./]|(?=\[))(?:\[([^\]]*)\]|([^\s!"#%-,./;->@[-^`{-~]+))/y;

const isForbiddenKey = (key: string): boolean => /^(__proto__|constructor|prototype)$/.test(key);

/**
 * Reads a path as Handlebars writes it: `product.url`, `items.[0].name`, `items[0]`, `product.[odd name]`.
 *
 * @returns Its segments, or `undefined` for anything else: `../x`, `@root.x`, a helper, a block, a literal.
 */
export function parsePath(written: string): string[] | undefined {
  const text = written.trim().replace(/^(this|\.)[./]/, '');
  const path: string[] = [];
  SEGMENT.lastIndex = 0;
  do {
    const segment = SEGMENT.exec(text);
    if (!segment) return undefined;
    path.push(segment[1] ?? segment[2] ?? '');
  } while (SEGMENT.lastIndex < text.length);
  return path;
}

/** Follows a path through own properties only, never to a function or a prototype. */
export function lookUp(context: unknown, path: readonly string[] | undefined): unknown {
  if (!path) return undefined;
  let value = context;
  for (const key of path) {
    const holder: Data = Object(value);
    if (isForbiddenKey(key) || !Object.hasOwn(holder, key)) return undefined;
    value = holder[key];
  }
  return typeof value === 'function' ? undefined : value;
}

function compileText(text: string): Render {
  // The odd ones are the placeholders.
  const parts = text.split(PLACEHOLDER).map((part, index): string | Render => {
    if (index % 2 === 0) return part;
    const written = part.replace(/^[{<]+|[}>]+$/g, '');
    const path = parsePath(written);
    return (resolve) => resolve(path, written);
  });
  const [before, whole, after] = parts;
  if (whole === undefined) return () => text;
  if (typeof whole === 'function' && parts.length === 3 && !before && !after) return whole;
  return (resolve) => {
    let printed = '';
    for (const part of parts) {
      const value = typeof part === 'string' ? part : part(resolve);
      if (value == null) return undefined;
      printed += value;
    }
    return printed;
  };
}

/** Deeper data is hostile: following it could exhaust the stack of the page. */
const MAX_DEPTH = 2000;

/**
 * Prepares event data for being filled in any number of times.
 *
 * A string that is one whole placeholder becomes the value itself, with its type. Inside longer text a value is
 * printed as Handlebars prints it with `noEscape`. Where a value does not exist, the key (or array item) that needs
 * it is left out. Keys are taken as they stand; those that could reach a prototype are left out.
 *
 * @param value - Plain data, as `JSON.parse` gives it.
 * @throws {RangeError} when it is nested more than 2,000 levels deep.
 */
export function compile(value: unknown, depth = 0): Render {
  if (depth > MAX_DEPTH) throw new RangeError();
  if (typeof value === 'string') return compileText(value);
  if (Array.isArray(value)) {
    const items = value.map((item) => compile(item, depth + 1));
    return (resolve) => items.map((item) => item(resolve)).filter((item) => item !== undefined);
  }
  if (typeof value !== 'object' || value === null) return () => value;
  const members = Object.entries(value)
    .filter(([key]) => !isForbiddenKey(key))
    .map(([key, member]): [string, Render] => [key, compile(member, depth + 1)]);
  return (resolve) => {
    const filled: Data = {};
    for (const [key, member] of members) {
      const result = member(resolve);
      if (result !== undefined) filled[key] = result;
    }
    return filled;
  };
}
