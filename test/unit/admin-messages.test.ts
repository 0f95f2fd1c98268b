import { readFileSync } from 'node:fs';
import { type MessageFormatElement, parse, TYPE } from '@formatjs/icu-messageformat-parser';
import { describe, expect, it } from 'vitest';
import { loadActivityMessages } from '../../src/admin/activity/activity-messages.js';
import { loadLanguage } from '../../src/admin/languages.js';
import { loadRewardsMessages } from '../../src/admin/rewards/rewards-messages.js';

const TAGS = ['de', 'es', 'fr', 'it', 'nl', 'pt-BR', 'ja'];

const messagesOf = (folder: string, tag: string): Record<string, string> =>
  JSON.parse(readFileSync(new URL(`../../src/admin/${folder}/${tag}.json`, import.meta.url), 'utf8'));

/** What each page says that is loaded by itself, beside the settings. */
const PAGES = [
  { folder: 'activity/messages', load: loadActivityMessages },
  { folder: 'rewards/messages', load: loadRewardsMessages },
];

const FOLDERS = ['messages', ...PAGES.map(({ folder }) => folder)];

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

describe.each(FOLDERS.flatMap((folder) => TAGS.map((tag) => ({ folder, tag }))))(
  'the page in $tag, as $folder has it,',
  ({ folder, tag }) => {
    const english = messagesOf(folder, 'en');
    const messages = messagesOf(folder, tag);

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
  },
);

describe('the language of the page', () => {
  it.each(TAGS)('%s comes to a user who has it', async (tag) => {
    expect(await loadLanguage(tag.toLowerCase())).toEqual({ tag, messages: messagesOf('messages', tag) });
    for (const { folder, load } of PAGES) expect(await load(tag)).toEqual(messagesOf(folder, tag));
  });

  it.each(PAGES)('is English in $folder for a language that it does not have', async ({ folder, load }) => {
    const english = messagesOf(folder, 'en');
    expect(await load('sv')).toEqual(english);
    expect(await load('constructor')).toEqual(english);
  });

  it.each(PAGES)('has no sentence in $folder that hides one of the settings', ({ folder }) => {
    const own = Object.keys(messagesOf(folder, 'en'));
    const settings = messagesOf('messages', 'en');
    expect(own.filter((id) => id in settings)).toEqual([]);
  });

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
