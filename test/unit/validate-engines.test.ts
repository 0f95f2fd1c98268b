import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Engine, renderString } from '../../examples/sandbox/engine.js';
import { NEEDING_A_VALUE } from '../../src/cli/validate/check-template.js';
import { didYouMean } from '../../src/cli/validate/did-you-mean.js';
import { HELPERS, parseTemplate } from '../../src/cli/validate/handlebars.js';
import { plainOf, readJson } from '../../src/cli/validate/read-json.js';
import { ANY } from '../../src/cli/validate/shape.js';
import { readUses } from '../../src/cli/validate/template-uses.js';

const ENGINES: readonly Engine[] = ['handlebars-v3', 'handlebars-v4'];

describe('what the checks take for granted of the engines', () => {
  it.each(NEEDING_A_VALUE)('%s fails without a value', async (helper) => {
    for (const engine of ENGINES) {
      await expect(renderString(`{{${helper} nothing 'a' 'b'}}`, {}, engine)).rejects.toThrow();
    }
  });

  it('a helper goes before a value of its name, unless the value is named as one of the context', async () => {
    for (const engine of ENGINES) {
      expect(await renderString('{{center}}|{{this.center}}', { center: 'value' }, engine)).toBe('|value');
    }
  });

  it.each([
    '{{#each items}}{{../name}}{{/each}}',
    '{{#each items}}{{#if yes}}{{../name}}{{/if}}{{/each}}',
    '{{#each items}}{{#if yes}}{{../../name}}{{/if}}{{/each}}',
    '{{#each items}}{{#if no}}{{else}}{{../name}}{{/if}}{{/each}}',
    '{{#each items}}{{#each inner}}{{../../name}}{{/each}}{{/each}}',
    '{{#each items}}{{#each inner}}{{#unless no}}{{../name}}{{/unless}}{{/each}}{{/each}}',
    '{{#with item}}{{#compare name name}}{{../name}}{{/compare}}{{/with}}',
    '{{#if yes}}{{../name}}{{/if}}',
    '{{#with item}}{{../name}}{{/with}}',
  ])('the engines print the same of %s when it is not reported, and only then', async (template) => {
    const inner = { name: 'inner', yes: true };
    const item = { name: 'item', yes: true, inner: [inner] };
    const context = { name: 'root', yes: true, item, items: [item] };
    const [v3, v4] = await Promise.all(ENGINES.map((engine) => renderString(template, context, engine)));
    const { program } = parseTemplate(template);
    const differs = program && readUses(program, ANY).paths.some(({ differsByEngine }) => differsByEngine);
    expect(differs).toBe(v3 !== v4);
  });

  it("knows BigCommerce's helpers and those of Handlebars", () => {
    expect([...HELPERS]).toEqual(expect.arrayContaining(['json', 'getImage', 'each', 'lookup', 'region']));
  });
});

describe('a JSON document', () => {
  it('is read as JSON.parse reads it', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(4), (text, indent) => {
        const pretty = JSON.stringify(JSON.parse(text), null, indent);
        expect(plainOf(readJson(pretty))).toEqual(JSON.parse(pretty));
      }),
    );
  });

  it.each([
    ['{"a": 1,\n}', 2, 'a name in double quotes is expected, but there is "}".'],
    ['[1\n2]', 2, 'a comma or "]" is expected, but there is "2".'],
    ['{"a"\n1}', 2, 'a colon is expected, but there is "1".'],
    ['\n\n', 3, 'a value is expected, but there is the end of the file.'],
    ["['a']", 1, 'a value is expected, but there is "\'".'],
    ['[01]', 1, 'a value is expected, but there is "0".'],
    ['[\n"a\nb"]', 2, 'a complete string is expected, but there is "\\"".'],
    ['\n"\\x"', 2, '"\\x" holds a character or an escape that JSON does not allow.'],
    ['{}\n\n{}', 3, 'the end of the file is expected, but there is "{".'],
    ['{"a": nul}', 1, 'a value is expected, but there is "n".'],
  ])('is refused where it stops being one: %j', (text, line, message) => {
    expect(() => JSON.parse(text)).toThrow();
    expect(() => readJson(text)).toThrow(expect.objectContaining({ line, message }));
  });
});

describe('a name that is not there', () => {
  it.each([
    ['zoen', 'zone'],
    ['Zone', 'zone'],
    ['custom_event_dat', 'custom_event_data'],
  ])('is likely another: %s', (written, meant) => {
    expect(didYouMean(written, ['custom_event_data', 'zone', 'email'])).toBe(meant);
  });

  it.each(['xy', 'cart', 'zzne1'])('is likely none of the others: %s', (written) => {
    expect(didYouMean(written, ['custom_event_data', 'zone', 'email'])).toBeUndefined();
  });
});
