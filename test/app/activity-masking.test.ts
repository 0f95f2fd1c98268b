import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskEmails, maskPerson } from '../../src/app/activity/mask-person.js';

const ADA = {
  partner_conversion_id: '1234567890',
  email: 'ada@brand.example',
  partner_user_id: '4711',
  first_name: 'Ada',
  last_name: 'Lovelace',
  cart_value: '1234567.50',
  currency: 'USD',
  locale: 'en-US',
  labels: 'refer-a-friend',
  coupon_code: 'ADA10,FRIEND-7QK2',
};

/** What becomes of a member of Ada's custom data. */
const shown = (value: unknown, key = 'note'): unknown => maskPerson({ ...ADA, [key]: value }, 4711)[key];

describe('masked event data', () => {
  it('shows of e-mail address and names how they begin, and nothing of ids', () => {
    expect(maskPerson(ADA, 4711)).toEqual({
      ...ADA,
      email: 'a•••@b•••.example',
      partner_user_id: '•••',
      first_name: 'A•••',
      last_name: 'L•••',
    });
  });

  it('is what was sent where there is nobody in it', () => {
    const data = {
      partner_conversion_id: '7',
      cart_value: '5.00',
      custom: { sku: 'MUG-01', count: 2, gift: false },
    };
    expect(maskPerson(data, null)).toEqual(data);
  });

  it('leaves what was sent as it was', () => {
    const data = Object.freeze({ ...ADA, list: Object.freeze(['Ada']) });
    maskPerson(data, 4711);
    expect(data.list).toEqual(['Ada']);
  });

  it.each([
    ['the name itself', 'Ada', 'A•••'],
    ['both names', 'Ada Lovelace', 'A••• L•••'],
    ['a name in a sentence', 'Gift for Ada.', 'Gift for A•••.'],
    ['a name in capitals', 'LOVELACE, ADA', 'L•••, A•••'],
    ['the e-mail address', 'ada@brand.example', 'a•••@b•••.example'],
    [
      'the e-mail address within an address',
      'https://x.example/?m=ADA@brand.example&a=1',
      'https://x.example/?m=A•••@b•••.example&a=1',
    ],
    ['another e-mail address of the same person', 'ada@other.example', 'a•••@o•••.example'],
    ['an encoded e-mail address', 'm=ada%40other.example', 'm=a•••@o•••.example'],
    ['the e-mail address of somebody else', 'for <bob.b@mail.other.co.uk>, soon', 'for <b•••@m•••.uk>, soon'],
    ['the customer id', 'customer 4711', 'customer •••'],
    ['the customer id as a number', 4711, '•••'],
    ['a telephone number', '+44 20 7946 0958', '•••'],
    ['a telephone number in parentheses', 'call (503) 555-0123!', 'call •••!'],
    ['a telephone number with dots', '503.555.0123', '•••'],
    ['a short telephone number', '555-0123', '•••'],
    ['a telephone number of digits only', 'call 035550123', 'call •••'],
    ['lists', ['Ada', ['ada@brand.example']], ['A•••', ['a•••@b•••.example']]],
    ['objects', { a: { b: [{ c: 'Ada' }] } }, { a: { b: [{ c: 'A•••' }] } }],
  ])('hides %s in custom data', (_what, value, expected) => {
    expect(shown(value)).toEqual(expected);
  });

  it.each([
    ['a longer word', 'Adamant Lovelaces'],
    ['a longer number', '47110 of 14711'],
    ['a date', '2026-03-01'],
    ['a time', '2026-03-01T12:00:00.000Z'],
    ['an amount', '1234567.50'],
    ['an order number', 'Order 1234567'],
    ['a SKU', 'MUG-2024-00123'],
    ['a long number of a product', 123456789],
    ['an id', '550e8400-e29b-41d4-a716-446655440000'],
    ['a number of a card network', '4006381333931000'],
    ['a handle', '@brand'],
    ['yes and no', true],
    ['nothing', null],
  ])('shows %s in custom data', (_what, value) => {
    expect(shown(value)).toEqual(value);
  });

  it.each([
    ['first_name', 'Grace', 'G•••'],
    ['customerName', 'Grace Hopper', 'G•••'],
    ['billing_name', 'Grace Hopper', 'G•••'],
    ['phone', '5550', '•••'],
    ['zip', '97201', '•••'],
    ['street_1', '1 Main Street', '•••'],
    ['ip_address', '203.0.113.7', '•••'],
    ['customer_id', 8, '•••'],
    ['customer_message', 'Happy birthday', '•••'],
  ])('hides what %s says, whoever it is of', (key, value, expected) => {
    expect(shown(value, key)).toEqual(expected);
    expect(shown({ [key]: value })).toEqual({ [key]: expected });
  });

  it.each([
    ['name', 'Stoneware Mug'],
    ['channel_name', 'Brand Store'],
    ['product_id', 111],
    ['shipping_method', 'Flat Rate'],
    ['zipper', 'YKK'],
  ])('shows what %s says', (key, value) => {
    expect(shown(value, key)).toEqual(value);
  });

  it('hides an e-mail address that a merchant sends as something else', () => {
    expect(shown('ada@brand.example', 'locale')).toBe('a•••@b•••.example');
    expect(shown(['Ada'], 'labels')).toEqual(['A•••']);
  });

  it('hides a name that was cut to the length that Extole takes, and where it goes on', () => {
    const whole = 'María de los Ángeles Fernández de Córdoba';
    const data = { last_name: whole.slice(0, 38), greeting: `Hola ${whole}!` };
    expect(maskPerson(data, null)).toEqual({ last_name: 'M•••', greeting: 'Hola M•••!' });
  });

  it('takes no name for a pattern', () => {
    const data = { first_name: '.*', last_name: '(a+)+$', note: 'a (a+)+$ b .* c' };
    expect(maskPerson(data, null)).toMatchObject({ note: 'a •••$ b ••• c'.replace('•••$', '•••') });
  });

  it('holds nothing of who somebody is, whatever they are called and wherever it stands', () => {
    // No letters that the end of a domain may be of, which is shown.
    const word = fc.string({ unit: fc.constantFrom(...'AÉßñıİЖж李ﬁ𐐨'), minLength: 2, maxLength: 12 });
    const person = fc.record({
      email: fc.emailAddress(),
      first_name: word,
      last_name: word,
      partner_user_id: fc.integer({ min: 1_000_000, max: 99_999_999 }).map(String),
    });
    fc.assert(
      fc.property(person, fc.integer({ min: 0, max: 3 }), (who, depth) => {
        let custom: unknown = `${who.first_name} ${who.last_name} <${who.email}> (${who.partner_user_id})`;
        for (let level = 0; level < depth; level += 1)
          custom = level % 2 ? { [`k${level}`]: custom } : [custom];
        const text = JSON.stringify(Object.values(maskPerson({ ...who, custom }, null)));
        for (const value of Object.values(who))
          expect(text).not.toContain(JSON.stringify(value).slice(1, -1));
      }),
      { numRuns: 200 },
    );
  });

  it('is made of a long text in no time', () => {
    const long = [
      'a'.repeat(20_000),
      '1 '.repeat(10_000),
      'a@'.repeat(10_000),
      '%40'.repeat(7_000),
      '('.repeat(20_000),
    ];
    const startedMs = performance.now();
    for (const text of long) shown(text);
    expect(performance.now() - startedMs).toBeLessThan(1_000);
  });
});

describe('what Extole says', () => {
  it('is shown without e-mail addresses', () => {
    expect(maskEmails('no such person: ada@brand.example.')).toBe('no such person: a•••@b•••.example.');
    expect(maskEmails('event 1234567890 is blocked')).toBe('event 1234567890 is blocked');
  });
});
