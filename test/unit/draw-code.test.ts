import { describe, expect, it } from 'vitest';
import { codegenFields, drawCode, drawMarker } from '../../src/app/rewards/draw-code.js';
import { DEFAULT_REWARD_SETTINGS, type RewardSettings } from '../../src/catalog/rewards.js';

const code = (changes: Partial<RewardSettings['code']> = {}): RewardSettings['code'] => ({
  ...DEFAULT_REWARD_SETTINGS.code,
  ...changes,
});
const drawMany = (changes: Partial<RewardSettings['code']>): string[] =>
  Array.from({ length: 2_000 }, () => drawCode(code(changes)));
const charactersOf = (texts: readonly string[]): string => [...new Set(texts.join(''))].sort().join('');

describe('a coupon code', () => {
  it.each([8, 10, 16])('has %i characters after its prefix', (length) => {
    expect(drawCode(code({ prefix: 'THANKS-', length }))).toMatch(new RegExp(`^THANKS-[A-Z0-9]{${length}}$`));
  });

  it('is drawn from all capital letters and digits', () => {
    expect(charactersOf(drawMany({ excludesLookAlikes: false }))).toBe(
      '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ',
    );
  });

  it('has none that look like others where the merchant wants that', () => {
    expect(charactersOf(drawMany({ excludesLookAlikes: true }))).toBe('23456789ABCDEFGHJKMNPQRSTUVWXYZ');
  });

  it('has consonants and vowels in turn where it is to be pronounced', () => {
    const drawn = drawMany({ pattern: 'pronounceable', excludesLookAlikes: false, length: 9 });
    for (const one of drawn) expect(one).toMatch(/^([B-DF-HJ-NP-TV-Z][AEIOU]){4}[B-DF-HJ-NP-TV-Z]$/);
    const clear = drawMany({ pattern: 'pronounceable', excludesLookAlikes: true });
    for (const one of clear) expect(one).toMatch(/^([B-DF-HJKMNP-TV-Z][AEU]){5}$/);
  });

  it('is another one each time', () => {
    expect(new Set(drawMany({ length: 10 })).size).toBe(2_000);
  });
});

describe('what codes that BigCommerce draws begin with', () => {
  it('is no longer than BigCommerce allows, with the longest prefix that settings allow', () => {
    const marker = drawMarker(code({ prefix: 'THANK-YOU-24' }));
    expect(marker).toMatch(/^THANK-YOU-24[A-Z2-9]{8}-$/);
    const { prefix, delimiter, code_length: length } = codegenFields(DEFAULT_REWARD_SETTINGS, marker, 1);
    expect(prefix.length).toBeLessThanOrEqual(20);
    expect(`${prefix}${delimiter}`).toBe(marker);
    expect(length).toBeGreaterThanOrEqual(6);
  });

  it('is random, however codes that we draw are', () => {
    const markers = Array.from({ length: 500 }, () => drawMarker(code({ pattern: 'pronounceable' })));
    expect(charactersOf(markers)).toMatch(/[2-9]/);
    expect(new Set(markers).size).toBe(500);
  });

  it('goes along with how often each code can be used, and without look-alikes only where that is wanted', () => {
    const settings = { ...DEFAULT_REWARD_SETTINGS, maxUses: 3, maxUsesPerCustomer: 2 };
    expect(codegenFields(settings, 'ABCDEFGH-', 250)).toEqual({
      batch_size: 250,
      max_uses: 3,
      max_uses_per_customer: 2,
      prefix: 'ABCDEFGH',
      delimiter: '-',
      code_length: 6,
      exclude_characters: ['0', 'O', '1', 'I', 'L'],
    });
    const all = { ...settings, code: code({ excludesLookAlikes: false }) };
    expect(codegenFields(all, 'ABCDEFGH-', 1).exclude_characters).toEqual([]);
  });
});
