import { MAX_NAME_LENGTH } from '../orders/event-data.js';

const MASK = '•••';

/** What BigCommerce and Extole need to tell orders and programs apart, by Extole's names. None of it says who somebody is. */
const TOLD_OPENLY = new Set([
  'partner_conversion_id',
  'cart_value',
  'currency',
  'locale',
  'labels',
  'coupon_code',
  'refund_amount',
  'partner_refund_id',
]);

/** Members that say who somebody is, by Extole's names, by BigCommerce's, and by those that merchants are likely to choose. */
const NAME_KEY = /^((first|last|full|given|family|customer|billing|shipping)_?)name$/i;
const PERSONAL_KEY =
  /(^|_)(e?mail|phone|mobile|street|address|zip|postcode|postal_code|ip|birthday|(partner_user|customer)_?id|customer_message|staff_notes)(_|\d*$)/i;

const AT = /@|%40/;

const EMAIL =
  /(?<![^\s@"'<>()[\]:;,\\/?&=])[^\s@"'<>()[\]:;,\\/?&=]+(?:@|%40)[^\s@"'<>()[\]:;,\\/?&=#]*[\p{L}\p{N}]/giu;

/** Dates and amounts come first, so that they are not taken for what follows: 7 to 15 digits, in groups or not. */
const DATE_AMOUNT_OR_PHONE =
  /\d{4}-\d{2}-\d{2}(?!\d)|(?<![\p{L}\p{N}.]-?)\d+\.\d+(?![\d.])|(?<![\p{L}\p{N}]-?)(\+?\(?\d(?:[ ()./-]{0,3}\d){6,14})(?!-?[\p{L}\p{N}])/gu;

/** So many digits without anything between them are a telephone number; fewer are more often a number of something. */
const PLAIN_PHONE_DIGITS = 9;

/**
 * Masks in an event's data who the person is: e-mail addresses (`a•••@b•••.com`), names (`A•••`), ids and telephone numbers (`•••`), in
 * Extole's own members and wherever merchants put the same into custom data, at any depth. What a member means is also taken from its
 * name; a street under a name that says nothing of it can't be told from other text, and stays.
 *
 * @param data - As it is sent. It is left as it is.
 * @param customerId - BigCommerce's id of the customer, where it is known.
 */
export function maskPerson(
  data: Readonly<Record<string, unknown>>,
  customerId: number | null,
): Record<string, unknown> {
  const { email, first_name: firstName, last_name: lastName, partner_user_id: userId } = data;
  const values = textsOf([email, firstName, lastName, userId, customerId]);
  const mask = personMask(values);

  const masked = (key: string, value: unknown): unknown => {
    if (Array.isArray(value)) return value.map((item) => masked(key, item));
    if (typeof value === 'object' && value !== null) return membersOf(value, masked);
    if (typeof value === 'number') {
      return PERSONAL_KEY.test(key) || values.includes(`${value}`) ? MASK : value;
    }
    if (typeof value !== 'string') return value;
    if (NAME_KEY.test(key)) return maskName(value);
    return PERSONAL_KEY.test(key) ? maskWhole(value) : mask(value);
  };
  return membersOf(data, (key, value) =>
    TOLD_OPENLY.has(key) && typeof value === 'string' ? maskEmails(value) : masked(key, value),
  );
}

/** Masks the e-mail addresses in a text. */
export const maskEmails = (text: string): string => text.replace(EMAIL, maskEmail);

const membersOf = (
  value: object,
  change: (key: string, value: unknown) => unknown,
): Record<string, unknown> =>
  Object.fromEntries(Object.entries(value).map(([key, member]) => [key, change(key, member)]));

const textsOf = (values: readonly unknown[]): string[] =>
  values
    .filter((value) => typeof value === 'string' || typeof value === 'number')
    .map((value) => `${value}`.trim())
    .filter((text) => text !== '');

/** What masks, in any text, whatever looks like a way to reach somebody, and these values where they stand as words of their own. */
function personMask(values: readonly string[]): (text: string) => string {
  const words = [...values]
    // Of two that begin alike, the longer one.
    .sort((one, other) => other.length - one.length)
    .map((word) => escaped(word) + (word.length < MAX_NAME_LENGTH ? '' : String.raw`[\p{L}\p{N}]*`));
  const known = String.raw`(?<![\p{L}\p{N}])(?:${words.join('|')})(?![\p{L}\p{N}])`;
  const person = words.length === 0 ? EMAIL : new RegExp(`${EMAIL.source}|${known}`, EMAIL.flags);
  return (text) =>
    text
      .replace(person, maskValue)
      .replace(DATE_AMOUNT_OR_PHONE, (found, phone) => (isPhone(phone) ? MASK : found));
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);

const maskName = (name: string): string => (name === '' ? name : `${Array.from(name)[0]}${MASK}`);

const maskWhole = (text: string): string => (AT.test(text) ? maskEmail(text) : text && MASK);

const maskValue = (value: string): string =>
  AT.test(value) || !/^\p{L}/u.test(value) ? maskWhole(value) : maskName(value);

function maskEmail(email: string): string {
  const plain = email.replace(AT, '@');
  const at = plain.lastIndexOf('@');
  const domain = plain.slice(at + 1);
  const end = domain.lastIndexOf('.');
  return `${maskName(plain.slice(0, at))}@${maskName(domain)}${end === -1 ? '' : domain.slice(end)}`;
}

function isPhone(phone: string | undefined): boolean {
  if (phone === undefined) return false;
  return !/^\d+$/.test(phone) || phone.length >= PLAIN_PHONE_DIGITS;
}
