type Data = Record<string, unknown>;

/**
 * Finds the value of a placeholder.
 *
 * @param path - The segments; `undefined` when what was written is no path.
 * @param written - What stands between the braces, for reports.
 * @returns `undefined` when there is no value.
 */
export type Resolve = (path: readonly string[] | undefined, written: string) => unknown;

// Each character class leaves out what opens a placeholder, so that hostile text is scanned once.
const PLACEHOLDER = /\{\{\{([^{}]*)\}\}\}|\{\{([^{}]*)\}\}|<<([^<>]*)>>/g;
// A segment as Handlebars' own lexer has it: an identifier, or anything in brackets.
const SEGMENT = /(?:^|(?!^)[./]|(?=\[))(?:\[([^\]]*)\]|([^\s!"#%-,./;->@[-^`{-~]+))/y;

const isForbiddenKey = (key: string): boolean =>
  key === '__proto__' || key === 'constructor' || key === 'prototype';

/**
 * Reads a path as Handlebars writes it: `product.url`, `items.[0].name`, `items[0]`, `product.[odd name]`.
 *
 * @returns Its segments, or `undefined` for anything else: `../x`, `@root.x`, a helper, a block, a literal.
 */
export function parsePath(written: string): string[] | undefined {
  const text = written.trim();
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

// The same few paths are written again and again, on each card of a list and at each change of the page.
const paths = new Map<string, string[] | undefined>();

function fillText(text: string, resolve: Resolve): unknown {
  let filled = '';
  let end = 0;
  PLACEHOLDER.lastIndex = 0;
  for (let match = PLACEHOLDER.exec(text); match; match = PLACEHOLDER.exec(text)) {
    const written = match[1] ?? match[2] ?? match[3] ?? '';
    let path = paths.get(written);
    if (!path) {
      path = parsePath(written);
      paths.set(written, path);
    }
    const value = resolve(path, written);
    if (value === undefined || match[0] === text) return value;
    filled += `${text.slice(end, match.index)}${value}`;
    end = PLACEHOLDER.lastIndex;
  }
  return filled + text.slice(end);
}

/**
 * Fills in the placeholders of event data, and leaves it as it is.
 *
 * A string that is one whole placeholder becomes the value itself, with its type. Inside longer text a value is
 * printed as Handlebars prints it with `noEscape`. Where a value does not exist, the key (or array item) that needs
 * it is left out. Keys are taken as they stand; those that could reach a prototype are left out.
 *
 * @param value - Plain data, as `JSON.parse` gives it.
 * @returns The data anew, or `undefined` when it is a string that needs a value that does not exist.
 * @throws {RangeError} when it is nested too deeply to be followed.
 */
export function fill(value: unknown, resolve: Resolve): unknown {
  if (typeof value === 'string') return fillText(value, resolve);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value))
    return value.map((item) => fill(item, resolve)).filter((item) => item !== undefined);
  const members: Data = Object(value);
  const filled: Data = {};
  for (const key of Object.keys(members)) {
    const member = isForbiddenKey(key) ? undefined : fill(members[key], resolve);
    if (member !== undefined) filled[key] = member;
  }
  return filled;
}
