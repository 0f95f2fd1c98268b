import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { repair } from '../../src/storefront/event-data-repair.js';

describe('custom event data that is not plain JSON', () => {
  it.each([
    ['a byte order mark', '\uFEFF{"a": "b"}', { a: 'b' }],
    ['non-breaking spaces', '\u00A0{\u00A0"a"\u00A0:\u202F"b"\u00A0}\u00A0', { a: 'b' }],
    ['zero-width spaces', '{\u200B"a":\u200D "b"\u2060}', { a: 'b' }],
    ['typographic quotes', '{“a”: “b”, “c”: “d”}', { a: 'b', c: 'd' }],
    ['German quotes', '{„a“: „b“}', { a: 'b' }],
    ['French quotes', '{«a»: «b»}', { a: 'b' }],
    ['single typographic quotes', '{‘a’: ‘it’s’}', { a: 'it’s' }],
    ['two closing quotes', '{”a”: ”b”}', { a: 'b' }],
    ['full-width quotes', '{"a": "b"}', { a: 'b' }],
    ['mixed quotes', '{"a”: “b", "c": “d”}', { a: 'b', c: 'd' }],
    ['an apostrophe inside', '{“a”: “it’s O’Neil”}', { a: 'it’s O’Neil' }],
    ['quotes inside of quotes', '{“a”: “he said “hi” to me”}', { a: 'he said “hi” to me' }],
    ['straight quotes inside of typographic ones', '{“a”: “5" pipe”}', { a: '5" pipe' }],
    ['typographic quotes inside of straight ones', '{"a": "he “left”, ok",}', { a: 'he “left”, ok' }],
    ['a trailing comma', '{"a": "b",}', { a: 'b' }],
    ['a trailing comma in a list', '{"a": [1, 2, ], }', { a: [1, 2] }],
    ['a line break inside of a string', '{"a": "b\nc\td"}', { a: 'b\nc\td' }],
    ['escapes', '{“a”: “\\u00e9\\n\\”x”}', { a: 'é\n”x' }],
    [
      'placeholders without quotes',
      '{"a": {{product.id}}, "b": [<<cart.id>>], "c": {{{x}}}}',
      { a: '{{product.id}}', b: ['<<cart.id>>'], c: '{{{x}}}' },
    ],
    ['placeholders in typographic quotes', '{“a”: “{{product.url}}”}', { a: '{{product.url}}' }],
    [
      'all values',
      '{“a”: true, "b": false, "c": null, "d": -1.5e3, "e": 0, "f": {“g”: []},}',
      { a: true, b: false, c: null, d: -1500, e: 0, f: { g: [] } },
    ],
    ['nothing inside', '\uFEFF{ }', {}],
  ])('is read all the same: %s', (_what, text, value) => {
    expect(repair(text)).toEqual({ value });
  });

  it.each([
    ['', 'line 1, column 1: expected "{" to open a JSON object, but found the end of the text'],
    ['foo', 'line 1, column 1: expected "{" to open a JSON object, but found "f"'],
    ['[1]', 'line 1, column 1: expected "{" to open a JSON object, but found "["'],
    ['"a"', 'line 1, column 1: expected "{" to open a JSON object, but found "\\""'],
    ['{"a" "b"}', 'line 1, column 6: expected ":" after the key, but found "\\""'],
    ['{"a": "b"\n "c": 1}', 'line 2, column 2: expected "," or "}", but found "\\""'],
    ['{a: 1}', 'line 1, column 2: expected a key in quotes, but found "a"'],
    ["{'a': 1}", `line 1, column 2: expected a key in quotes, but found "'"`],
    [
      '{"a": b}',
      'line 1, column 7: expected a value: text in quotes, a number, true, false, null, {…} or […], but found "b"',
    ],
    ['{"a": 01}', 'line 1, column 8: expected "," or "}", but found "1"'],
    ['{"a": 1', 'line 1, column 8: expected "," or "}", but found the end of the text'],
    [
      '{"a": "b',
      'line 1, column 9: expected a closing quote for the text from character 7 on, but found the end of the text',
    ],
    ['{"a": 1} x', 'line 1, column 10: expected nothing after the closing "}", but found "x"'],
    ['{"a": 1}{', 'line 1, column 9: expected nothing after the closing "}", but found "{"'],
    ['{,}', 'line 1, column 2: expected a key in quotes, but found ","'],
    [
      '{"a": [1,,2]}',
      'line 1, column 10: expected a value: text in quotes, a number, true, false, null, {…} or […], but found ","',
    ],
    [
      '{"a": "\\x"}',
      'line 1, column 8: expected text without a stray backslash (write \\\\ for one), but found "\\\\"',
    ],
    [
      '{"a": 😀}',
      'line 1, column 7: expected a value: text in quotes, a number, true, false, null, {…} or […], but found "😀"',
    ],
  ])('says where it broke and what was expected: %s', (text, problem) => {
    expect(repair(text)).toEqual({ problem });
  });

  it('says so when it is nested too deeply, and takes 1,000 levels', () => {
    const nested = (levels: number) => `${'{“a”:'.repeat(levels)}1${'}'.repeat(levels)}`;
    expect(repair(nested(1000)).problem).toBeUndefined();
    expect(repair(nested(3000))).toEqual({ problem: 'it is nested too deeply' });
    expect(repair(`{"a":${'['.repeat(64_000)}`)).toEqual({ problem: 'it is nested too deeply' });
  });

  it('makes own members of hostile keys, and pollutes nothing', () => {
    const { value } = repair('{“__proto__”: {“polluted”: 1}, “a”: 1}');
    expect(Object.keys(value ?? {})).toEqual(['__proto__', 'a']);
    expect('polluted' in {}).toBe(false);
  });

  it('reads whatever JSON says, to the same value', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        expect(repair(JSON.stringify(value, null, 1))).toEqual({ value: JSON.parse(JSON.stringify(value)) });
      }),
    );
  });

  it('never throws, whatever the text', () => {
    const token = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"',
      '“',
      '”',
      '’',
      ':',
      ',',
      '\\',
      '{{',
      '}}',
      '<<',
      'a',
      '1',
      '-',
      ' ',
      '\n',
      'true',
      '\ud800',
    );
    fc.assert(
      fc.property(fc.array(token, { maxLength: 30 }), (tokens) => {
        const { value, problem } = repair(`{${tokens.join('')}`);
        expect(value === undefined).toBe(typeof problem === 'string');
      }),
      { numRuns: 3000 },
    );
  });

  it('reads 64 KB of quotes and spaces in a time that grows with the length only', () => {
    expect(repair(`{"a": ${'“ '.repeat(32_000)}`).problem).toBeDefined();
    expect(repair(`{"a": "${'" x'.repeat(21_000)}`).problem).toBeDefined();
    expect(repair(`{"a": ‘${'’'.repeat(2_000)}${' '.repeat(2_000)}`).value).toBeUndefined();
  });
});
