interface Positioned {
  /** From 1. */
  readonly line: number;
}

/** A JSON object. Members come as they are written, twice where a name is there twice. */
interface JsonObject extends Positioned {
  readonly kind: 'object';
  readonly members: readonly JsonMember[];
}

/** A member of an object, where its name stands. */
export interface JsonMember extends Positioned {
  readonly name: string;
  readonly value: JsonNode;
}

/** A JSON array. */
interface JsonArray extends Positioned {
  readonly kind: 'array';
  readonly items: readonly JsonNode[];
}

/** A string, number, boolean or null. */
interface JsonScalar extends Positioned {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
}

/** A piece of a JSON document, which knows its line. */
export type JsonNode = JsonObject | JsonArray | JsonScalar;

/** What is wrong with a text that is not JSON. The message goes on behind a colon, and has no line. */
export class JsonError extends Error {
  /** From 1. */
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

const SPACE = /[ \t\r\n]*/y;
const STRING = /"(?:[^"\\\n]|\\.)*"/y;
const LITERAL = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?(?![\w.])|(?:true|false|null)(?!\w)/y;

/**
 * Reads a JSON document as `JSON.parse` does, and keeps the line of each piece.
 *
 * @throws {JsonError} where the text stops being JSON.
 */
export function readJson(text: string): JsonNode {
  let at = 0;
  let line = 1;

  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found === undefined) return undefined;
    at += found.length;
    line += found.split('\n').length - 1;
    return found;
  };
  const takeMark = (mark: string): boolean => {
    take(SPACE);
    if (text[at] !== mark) return false;
    at += 1;
    return true;
  };
  const fail = (expected: string): never => {
    take(SPACE);
    const found =
      at < text.length
        ? JSON.stringify(String.fromCodePoint(text.codePointAt(at) ?? 0))
        : 'the end of the file';
    throw new JsonError(`${expected} is expected, but there is ${found}.`, line);
  };

  const readString = (expected: string): string => {
    take(SPACE);
    const start = line;
    const source = take(STRING) ?? fail(expected);
    try {
      return String(JSON.parse(source));
    } catch {
      throw new JsonError(`${source} holds a character or an escape that JSON does not allow.`, start);
    }
  };
  /** Reads what stands between two marks, with commas between. */
  const readList = <Item>(close: string, readItem: () => Item): Item[] => {
    const items: Item[] = [];
    if (takeMark(close)) return items;
    do items.push(readItem());
    while (takeMark(','));
    if (!takeMark(close)) fail(`a comma or "${close}"`);
    return items;
  };
  const readMember = (): JsonMember => {
    take(SPACE);
    const start = line;
    const name = readString('a name in double quotes');
    if (!takeMark(':')) fail('a colon');
    return { line: start, name, value: readValue() };
  };
  const readValue = (): JsonNode => {
    take(SPACE);
    const start = line;
    if (takeMark('{')) return { kind: 'object', line: start, members: readList('}', readMember) };
    if (takeMark('[')) return { kind: 'array', line: start, items: readList(']', readValue) };
    if (text[at] === '"') return { kind: 'scalar', line: start, value: readString('a complete string') };
    const source = take(LITERAL) ?? fail('a value');
    return { kind: 'scalar', line: start, value: JSON.parse(source) };
  };

  const root = readValue();
  take(SPACE);
  if (at < text.length) fail('the end of the file');
  return root;
}

/** The value of an object's member; of several, the last, as `JSON.parse` has it. */
export function memberOf(node: JsonNode | undefined, name: string): JsonNode | undefined {
  return node?.kind === 'object'
    ? node.members.filter((member) => member.name === name).at(-1)?.value
    : undefined;
}

/** The items of an array; none of anything else. */
export function itemsOf(node: JsonNode | undefined): readonly JsonNode[] {
  return node?.kind === 'array' ? node.items : [];
}

/** The members of an object; none of anything else. */
export function membersOf(node: JsonNode | undefined): readonly JsonMember[] {
  return node?.kind === 'object' ? node.members : [];
}

/** The text of a string; `undefined` for anything else. */
export function textOf(node: JsonNode | undefined): string | undefined {
  return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
}

/** Every member and item beneath a node, as it is written, with the name of the member that it is the value of. */
export function* everyValue(node: JsonNode, name = ''): Generator<{ name: string; node: JsonNode }> {
  yield { name, node };
  for (const item of itemsOf(node)) yield* everyValue(item, name);
  for (const member of membersOf(node)) yield* everyValue(member.value, member.name);
}

/** The value without its lines, as `JSON.parse` gives it. */
export function plainOf(node: JsonNode): unknown {
  if (node.kind === 'array') return node.items.map(plainOf);
  if (node.kind === 'object') {
    return Object.fromEntries(node.members.map((member) => [member.name, plainOf(member.value)]));
  }
  return node.value;
}
