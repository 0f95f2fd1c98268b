import fc from 'fast-check';
import Handlebars from 'handlebars';
import { describe, expect, it } from 'vitest';
import { fill as fillWith, lookUp, parsePath } from '../../src/catalog/placeholders.js';

const fill = (value: unknown, context: unknown): unknown =>
  fillWith(value, (path) => lookUp(context, path) ?? undefined);

const product = {
  url: 'https://brand.com/mug/',
  title: 'Mug "L" & <Co>',
  price: { with_tax: { value: 24.5 } },
  tags: ['a', 'b'],
  images: [{ data: 'x.jpg' }],
  'odd name': 'odd',
  stock: 0,
  is_new: false,
  brand: null,
};

describe('placeholders', () => {
  it.each([
    ['{{product.url}}', product.url],
    ['<<product.url>>', product.url],
    ['{{{product.url}}}', product.url],
    ['{{ product.url }}', product.url],
    ['<< product.url >>', product.url],
    ['{{product/url}}', product.url],
    ['{{product.[odd name]}}', 'odd'],
    ['{{product.images.[0].data}}', 'x.jpg'],
    ['{{product.images[0].data}}', 'x.jpg'],
    ['{{product.images.0.data}}', 'x.jpg'],
    ['{{product.title}}', product.title],
  ])('%s stands for the value', (text, value) => {
    expect(fill(text, { product })).toBe(value);
  });

  it.each([
    ['{{product.price.with_tax.value}}', 24.5],
    ['{{product.stock}}', 0],
    ['{{product.is_new}}', false],
    ['{{product.tags}}', ['a', 'b']],
    ['{{product.price}}', { with_tax: { value: 24.5 } }],
  ])('a string that is one whole placeholder keeps the type of the value: %s', (text, value) => {
    expect(fill(text, { product })).toEqual(value);
  });

  it.each([
    ['from {{product.price.with_tax.value}} on', 'from 24.5 on'],
    [' {{product.stock}}', ' 0'],
    ['{{product.is_new}}!', 'false!'],
    ['{{product.tags}}.', 'a,b.'],
    ['<<product.url>>?a={{product.stock}}', `${product.url}?a=0`],
    ['{ {{product.stock}} }', '{ 0 }'],
    ['a < b, {{product.stock}} > c', 'a < b, 0 > c'],
    ['{{{product.stock}}', '{0'],
  ])('inside longer text a value is printed: %s', (text, printed) => {
    expect(fill(text, { product })).toBe(printed);
  });

  it.each([
    '{{product.nope}}',
    '{{product.brand}}',
    '{{product.brand.name}}',
    'before {{product.nope}} after',
    '{{../product.url}}',
    '{{@root.product.url}}',
    '{{#if product}}yes{{/if}}',
    '{{lower product.title}}',
    '{{}}',
    '{{ }}',
    '{{product.}}',
    '{{.url}}',
    '{{product..url}}',
    '{{product url}}',
    '<<>>',
  ])('a value that does not exist drops the key: %s', (text) => {
    expect(fill({ kept: 1, dropped: text }, { product })).toEqual({ kept: 1 });
  });

  it('a value that does not exist drops the item of a list', () => {
    expect(fill(['{{product.nope}}', '{{product.stock}}', null], { product })).toEqual([0, null]);
  });

  it.each([
    '{{__proto__}}',
    '{{product.__proto__}}',
    '{{product.constructor}}',
    '{{product.constructor.name}}',
    '{{product.prototype}}',
    '{{product.toString}}',
    '{{product.hasOwnProperty}}',
    '{{product.[__proto__].polluted}}',
    '{{product.title.constructor}}',
  ])('never reaches a prototype: %s', (text) => {
    const hostile = JSON.parse('{"__proto__": {"polluted": 1}, "constructor": "own", "prototype": "own"}');
    expect(fill([text], { product: { ...product, ...hostile }, __proto__: { polluted: 1 } })).toEqual([]);
  });

  it('never calls or hands out a function', () => {
    expect(fill(['{{f}}', 'x {{f}}'], { f: () => 'called' })).toEqual([]);
  });

  it('leaves out keys that could reach a prototype', () => {
    const filled = fill(JSON.parse('{"__proto__": {"a": 1}, "constructor": 1, "prototype": 1, "b": 2}'), {});
    expect(Object.getPrototypeOf(filled)).toBe(Object.prototype);
    expect(filled).toEqual({ b: 2 });
    expect('a' in {}).toBe(false);
  });

  it('takes keys as they stand', () => {
    expect(fill({ '{{product.url}}': 1 }, { product })).toEqual({ '{{product.url}}': 1 });
  });

  it('fills in anew each time, and leaves the data as it is', () => {
    const data = { list: [{ url: '{{product.url}}' }] };
    const first = fillWith(data, () => 'one');
    expect(fillWith(data, () => 'two')).toEqual({ list: [{ url: 'two' }] });
    expect(first).toEqual({ list: [{ url: 'one' }] });
    expect(data).toEqual({ list: [{ url: '{{product.url}}' }] });
  });

  it('takes data nested 1,000 levels deep', () => {
    const nested = `${'['.repeat(1000)}${']'.repeat(1000)}`;
    expect(JSON.stringify(fill(JSON.parse(nested), {}))).toBe(nested);
  });

  it('reads hostile text in a time that grows with its length only', () => {
    for (const piece of ['{{', '{{{', '<<', '{{ ', '{{a', '}}', '{{[', '{{a.', '<<[']) {
      const text = piece.repeat(64_000);
      expect(typeof fill(text, {})).toMatch(/string|undefined/);
    }
    expect(fill(`{{${' '.repeat(64_000)}`, {})).toHaveLength(64_002);
    expect(parsePath('a.'.repeat(32_000))).toBeUndefined();
  });
});

describe('what placeholders print', () => {
  // What Handlebars takes for something else than a path, or refuses; and what JavaScript's own coercion would call.
  const taken =
    /^(true|false|null|undefined|this|as|if|each|unless|with|log|lookup|helperMissing|blockHelperMissing|toString|valueOf|__proto__|constructor|prototype|__defineGetter__|__defineSetter__|__lookupGetter__|__lookupSetter__)$/;
  const identifier = fc
    .stringMatching(/^[a-zA-Z_$:?\u00e0-\u00ff\u4e00-\u4e20][\w$:?-]{0,8}$/)
    .filter((name) => !taken.test(name) && !name.startsWith('-'));
  const odd = fc.stringMatching(/^[ \w.,!#'"/-]{1,8}$/).filter((name) => !taken.test(name));
  const segment = fc.oneof(
    identifier.map((key) => ({ key, written: key })),
    odd.map((key) => ({ key, written: `[${key}]` })),
  );
  const path = fc.array(segment, { minLength: 1, maxLength: 4 });
  const leaf = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 12 }),
    fc.double(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(fc.oneof(fc.string({ maxLength: 4 }), fc.integer(), fc.constant(null)), { maxLength: 3 }),
    fc.constant({}),
  );
  // Handlebars' lexer refuses NUL, and takes a backslash in front of braces for an escape.
  const surrounding = fc
    .string({ unit: 'binary', maxLength: 20 })
    .map((text) => text.replace(/[{}<>\\\p{Cc}]/gu, ''));
  const braces = fc.constantFrom(['{{', '}}'], ['{{{', '}}}'], ['{{ ', ' }}'], ['{{\n', '\t}}']);

  /** Puts a value at a path, into objects that are there for other paths. */
  const put = (context: Record<string, unknown>, keys: readonly string[], value: unknown): void => {
    const [key = '', ...rest] = keys;
    if (rest.length === 0) context[key] = value;
    else {
      const held = context[key];
      const inner: Record<string, unknown> =
        typeof held === 'object' && held !== null && !Array.isArray(held) ? { ...held } : {};
      put(inner, rest, value);
      context[key] = inner;
    }
  };

  it('is what Handlebars prints with noEscape, for random paths, contexts and text around them', () => {
    const piece = fc.record({ before: surrounding, braces, path, value: leaf, isThere: fc.boolean() });
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 3 }), surrounding, (pieces, after) => {
        const context: Record<string, unknown> = {};
        for (const { path: keys, value, isThere } of pieces) {
          if (isThere)
            put(
              context,
              keys.map(({ key }) => key),
              value,
            );
        }
        const text = `${pieces
          .map(
            ({ before, braces: [open, close], path: keys }) =>
              `${before}${open}${keys.map(({ written }) => written).join('.')}${close}`,
          )
          .join('')}${after}`;
        const isComplete = pieces.every(
          ({ path: keys }) =>
            lookUp(
              context,
              keys.map(({ key }) => key),
            ) != null,
        );
        // A space in front keeps it longer text: a whole placeholder is the value itself.
        const ours = fill(` ${text}`, context);
        if (isComplete) expect(ours).toBe(Handlebars.compile(` ${text}`, { noEscape: true })(context));
        // The documented difference: Handlebars prints nothing for a value that does not exist.
        else expect(ours).toBeUndefined();
      }),
      { numRuns: 2000 },
    );
  });
});
