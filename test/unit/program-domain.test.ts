import { describe, expect, it } from 'vitest';
import { programOrigin } from '../../src/catalog/program-domain.js';

describe('the program domain', () => {
  it.each([
    ['share.brand.com', 'https://share.brand.com'],
    ['brand.extole.io', 'https://brand.extole.io'],
    [' Share.Brand.COM \n', 'https://share.brand.com'],
    ['xn--mnchen-3ya.de', 'https://xn--mnchen-3ya.de'],
    ['a--b.c-d.co', 'https://a--b.c-d.co'],
    ['localhost', 'http://localhost'],
    ['localhost:4001', 'http://localhost:4001'],
  ])('takes %j', (typed, origin) => {
    expect(programOrigin(typed)).toBe(origin);
  });

  it.each([
    'https://share.brand.com',
    'share.brand.com/',
    'share.brand.com/path',
    'share.brand.com?x',
    'share.brand.com#x',
    'share.brand.com:443',
    'user@share.brand.com',
    'user:secret@share.brand.com',
    '//share.brand.com',
    'share.brand.com.',
    '.brand.com',
    'share..brand.com',
    '-share.brand.com',
    'share-.brand.com',
    'share brand.com',
    'share_brand.com',
    'brand',
    '127.0.0.1',
    '[::1]',
    'localhost:',
    'localhost:4001/x',
    'evil.com"><script>',
    'share.brand.com\nevil.com',
    '',
    undefined,
    null,
    42,
    ['share.brand.com'],
  ])('refuses %j', (typed) => {
    expect(programOrigin(typed)).toBeUndefined();
  });
});
