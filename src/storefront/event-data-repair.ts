import type { ReadEventData } from './custom-event-data.js';
import type { Data } from './types.js';

const MAX_DEPTH = 2000;
const SPACE = /[\s\uFEFF\u200B-\u200D\u2060\u00AD]/;
const QUOTES = '"“”„‟«»″＂';
const SINGLE_QUOTES = '‘’‚‛‹›';
const PLACEHOLDER = /\{\{\{[^{}]*\}\}\}|\{\{[^{}]*\}\}|<<[^<>]*>>/y;
const LITERAL = /true|false|null|-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;

class Broken extends Error {
  constructor(
    readonly at: number,
    readonly expected: string,
  ) {
    super(expected);
  }
}

/**
 * Reads custom event data that is not plain JSON, forgiving what editors do to text: typographic quotes around keys and
 * values, non-breaking and zero-width spaces, a byte order mark, line breaks inside of strings, a comma too many. A
 * placeholder without quotes is taken for the value that it is.
 *
 * @returns The object, or a sentence that says where the text broke and what was expected. The sentence shows the place
 *   as line and column, and the character that stands there, but no more of the text.
 */
export function repair(text: string): ReadEventData {
  try {
    return { value: new Reader(text).read() };
  } catch (error) {
    if (!(error instanceof Broken)) return { problem: 'it is nested too deeply' };
    const lines = text.slice(0, error.at).split('\n');
    const found = [...text.slice(error.at, error.at + 2)][0];
    return {
      problem: `line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}: expected ${error.expected}, but found ${found === undefined ? 'the end of the text' : JSON.stringify(found)}`,
    };
  }
}

class Reader {
  #at = 0;
  #depth = 0;

  constructor(readonly text: string) {}

  read(): Data {
    if (this.#peek() !== '{') throw this.#broken('"{" to open a JSON object');
    const value = this.#object();
    if (this.#peek() !== '') throw this.#broken('nothing after the closing "}"');
    return value;
  }

  /** The next character that is not white space; empty at the end. */
  #peek(): string {
    while (this.#at < this.text.length && SPACE.test(this.text.charAt(this.#at))) this.#at += 1;
    return this.text.charAt(this.#at);
  }

  #broken(expected: string): Broken {
    return new Broken(this.#at, expected);
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }

  /** Reads what stands between an opening and a closing character, separated by commas, with one too many allowed. */
  #list(close: string, item: () => void): void {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw new RangeError();
    this.#at += 1;
    while (this.#peek() !== close) {
      item();
      const next = this.#peek();
      if (next === ',') this.#at += 1;
      else if (next !== close) throw this.#broken(`"," or "${close}"`);
    }
    this.#at += 1;
    this.#depth -= 1;
  }

  #object(): Data {
    const members: [string, unknown][] = [];
    this.#list('}', () => {
      const key = this.#string(':', 'a key in quotes');
      if (this.#peek() !== ':') throw this.#broken('":" after the key');
      this.#at += 1;
      members.push([key, this.#value()]);
    });
    // Defines own members, whatever they are called.
    return Object.fromEntries(members);
  }

  #value(): unknown {
    const next = this.#peek();
    const placeholder = this.#match(PLACEHOLDER);
    if (placeholder) return placeholder;
    if (next === '{') return this.#object();
    if (next === '[') {
      const items: unknown[] = [];
      this.#list(']', () => items.push(this.#value()));
      return items;
    }
    const literal = this.#match(LITERAL);
    return literal
      ? JSON.parse(literal)
      : this.#string(',}]', 'a value: text in quotes, a number, true, false, null, {…} or […]');
  }

  /** @param after - What may follow: a key ends in front of a colon, a value in front of what closes or goes on. */
  #string(after: string, expected: string): string {
    const open = this.#peek();
    const closers = [QUOTES, SINGLE_QUOTES].find((quotes) => open !== '' && quotes.includes(open));
    if (!closers) throw this.#broken(expected);
    const start = this.#at + 1;
    const first = this.#find(open === '"' ? open : closers, start);
    // A quote that is followed by more text may stand inside of the text. If none is followed by what should come,
    // the first one ends it, and what is missing behind it is told.
    const end =
      first !== undefined && this.#isEnd(first, after)
        ? first
        : (this.#findEnd(closers, start, after) ?? first);
    if (end === undefined)
      throw new Broken(this.text.length, `a closing quote for the text from character ${start} on`);
    this.#at = end + 1;
    return this.#unescape(start, end);
  }

  /** The place of the next character of a kind that is not escaped. */
  #find(chars: string, from: number): number | undefined {
    for (let at = from; at < this.text.length; at += 1) {
      if (this.text.charAt(at) === '\\') at += 1;
      else if (chars.includes(this.text.charAt(at))) return at;
    }
    return undefined;
  }

  #findEnd(closers: string, from: number, after: string): number | undefined {
    let end = this.#find(closers, from);
    while (end !== undefined && !this.#isEnd(end, after)) end = this.#find(closers, end + 1);
    return end;
  }

  #isEnd(quote: number, after: string): boolean {
    let at = quote + 1;
    while (at < this.text.length && SPACE.test(this.text.charAt(at))) at += 1;
    return after.includes(this.text.charAt(at));
  }

  #unescape(start: number, end: number): string {
    try {
      // Straight quotes and control characters are what JSON does not take inside of a string, and typographic ones
      // what it does not take behind a backslash.
      const written = this.text.slice(start, end).replace(/\\.|["\p{Cc}]/gsu, (found) => {
        const escaped = found.slice(1);
        if (escaped === '') return JSON.stringify(found).slice(1, -1);
        return escaped !== '"' && (QUOTES + SINGLE_QUOTES).includes(escaped) ? escaped : found;
      });
      return JSON.parse(`"${written}"`);
    } catch {
      throw new Broken(start, 'text without a stray backslash (write \\\\ for one)');
    }
  }
}
