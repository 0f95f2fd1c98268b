import type { Finding } from '../finding.js';

const MAX_VALUE = 120;
const MAX_SENTENCE = 1_000;

/** A value of the page in quotes, cut where it is long. */
export function quoted(value: string): string {
  return JSON.stringify(shown(value, MAX_VALUE));
}

/** An address as it is shown: without the query, which may tell of a shopper. */
export function addressOf(url: string): string {
  return shown(url.replace(/[?#].*$/s, ''), MAX_VALUE);
}

/** Names in a row, for a sentence: `header, footer and 3 more`. */
export function listed(names: readonly string[], most = 12): string {
  const more = names.length - most;
  const first = names.slice(0, most).map((name) => shown(name, MAX_VALUE));
  return `${first.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/**
 * A finding that may be shown anywhere: a page that was looked at must neither write control characters (escape codes of a
 * terminal, marks that turn the writing direction) nor have e-mail addresses of its shoppers end up in a log.
 */
export function printable({ what, why, todo, ...rest }: Finding): Finding {
  return {
    ...rest,
    what: shown(what, MAX_SENTENCE),
    ...(why && { why: shown(why, MAX_SENTENCE) }),
    ...(todo && { todo: shown(todo, MAX_SENTENCE) }),
  };
}

const NOT_SHOWN = /[\p{Cc}\p{Cf}\u2028\u2029]+/gu;
const EMAIL = /[^\s"'<>:=/]+@[^\s"'<>/]+\.[a-z]{2,}/gi;

/** Cut twice, so that no half of an address is left at the end. */
function shown(text: string, maxLength: number): string {
  const plain = text
    .slice(0, 2 * MAX_SENTENCE)
    .replace(NOT_SHOWN, ' ')
    .replace(EMAIL, '…@…');
  return plain.length > maxLength ? `${plain.slice(0, maxLength)}…` : plain;
}
