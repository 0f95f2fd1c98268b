import { readFileSync } from 'node:fs';
import { type MessageFormatElement, parse, TYPE } from '@formatjs/icu-messageformat-parser';
import { describe, expect, it } from 'vitest';
import { loadLanguage } from '../../src/admin/languages.js';

const TAGS = ['de', 'es', 'fr', 'it', 'nl', 'pt-BR', 'ja'];

const messagesOf = (tag: string): Record<string, string> =>
  JSON.parse(readFileSync(new URL(`../../src/admin/messages/${tag}.json`, import.meta.url), 'utf8'));

const english = messagesOf('en');

/** What a sentence is filled in with, and what it chooses from. */
function placeholders(elements: readonly MessageFormatElement[]): string[] {
  const found = elements.flatMap((element): string[] => {
    if (element.type === TYPE.literal || element.type === TYPE.pound) return [];
    if (element.type === TYPE.select) {
      const choices = Object.entries(element.options);
      return [
        `${element.value}: ${choices.map(([name]) => name).sort()}`,
        ...choices.flatMap(([, { value }]) => placeholders(value)),
      ];
    }
    if (element.type === TYPE.plural) {
      return [element.value, ...Object.values(element.options).flatMap(({ value }) => placeholders(value))];
    }
    return [element.value];
  });
  return [...new Set(found)].sort();
}

describe.each(TAGS)('the settings page in %s', (tag) => {
  const messages = messagesOf(tag);

  it('says all that it says in English, in the same order', () => {
    expect(Object.keys(messages)).toEqual(Object.keys(english));
  });

  it('has the same values in its sentences', () => {
    for (const [id, sentence] of Object.entries(english)) {
      expect(placeholders(parse(messages[id] ?? '')), id).toEqual(placeholders(parse(sentence)));
    }
  });

  it('says nothing with nothing', () => {
    for (const [id, sentence] of Object.entries(messages)) expect(sentence.trim(), id).not.toBe('');
  });

  it('is translated', () => {
    const same = Object.entries(messages).filter(
      ([id, sentence]) => sentence === english[id] && sentence.split(' ').length > 3,
    );
    expect(same.map(([id]) => id)).toEqual([]);
  });

  it('comes to a user who has it', async () => {
    expect(await loadLanguage(tag.toLowerCase())).toEqual({ tag, messages });
  });
});

describe('the language of the settings page', () => {
  it.each([
    ['de-AT', 'de'],
    ['pt_PT', 'pt-BR'],
    ['ja-JP', 'ja'],
    ['en-GB', 'en'],
    ['sv-SE', 'en'],
    ['', 'en'],
    ['constructor', 'en'],
  ])('is, for the locale "%s", %s', async (locale, tag) => {
    expect((await loadLanguage(locale)).tag).toBe(tag);
  });
});
