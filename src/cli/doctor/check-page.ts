import { type Answer, type Answered, textOf } from '../../store/answer.js';
import type { Finding } from '../finding.js';
import { MAX_BYTES, shortly } from './answer.js';
import type { Evidence } from './evidence.js';
import { addressOf } from './printable.js';

const SEES_AS_SHOPPER = 'The page is looked at as somebody would see it who is not signed in.';

// BigCommerce does not document how its pages say so. A store's own page says it otherwise, and is then told of as one without us.
const CLOSED =
  /coming soon|preview code|down for maintenance|be back soon|store is (currently )?(closed|unavailable)/i;

/**
 * Judges whether a page can be looked at, and says why not.
 *
 * @param url - The address that was asked for.
 * @returns The answer, where there is a page in it.
 */
export function checkPage(url: string, answer: Answer): { findings: Finding[]; answer?: Answered } {
  const stop = (finding: Omit<Finding, 'severity'>): { findings: Finding[] } => ({
    findings: [{ severity: 'error', ...finding }],
  });
  if (answer.failure !== undefined) {
    return stop({
      code: 'PAGE_UNREACHABLE',
      what: `${addressOf(url)} did not answer: ${answer.failure}.`,
      todo: 'Check the address, and whether the store is reachable from this machine.',
    });
  }
  const { status, headers } = answer;
  const from = addressOf(answer.url);
  if (leadsToSignIn(url, answer.url)) {
    return stop({
      code: 'STORE_NOT_PUBLIC',
      what: `${addressOf(url)} leads to the sign-in page ${from}.`,
      why: SEES_AS_SHOPPER,
      todo: 'Give the address of a page that everybody may see; a store that has not been launched has none.',
    });
  }
  if (status >= 400) {
    return stop({
      code: 'PAGE_FAILED',
      what: `${from} answered with the HTTP status ${status}.`,
      why: SEES_AS_SHOPPER,
      todo:
        status === 401 || status === 403
          ? 'Have whatever guards the store (a password, a firewall against robots) let this machine through.'
          : 'Give the address of a page that the store has.',
    });
  }
  if (!/\bhtml\b/i.test(headers.get('content-type') ?? '')) {
    return stop({
      code: 'PAGE_NOT_HTML',
      what: `${from} is not a page (${shortly(answer)}).`,
      todo: 'Give the address of a page of the storefront, such as that of a product.',
    });
  }
  if (isClosed(answer)) {
    return stop({
      code: 'STORE_NOT_PUBLIC',
      what: `${from} says that the store is not open.`,
      why: SEES_AS_SHOPPER,
      todo: 'Launch the storefront, or look at one that is open.',
    });
  }
  return { answer, findings: checkRedirect(url, answer) };
}

function leadsToSignIn(asked: string, came: string): boolean {
  const isSignIn = (address: string): boolean => /^\/login(\.php)?\/?$/.test(new URL(address).pathname);
  return isSignIn(came) && !isSignIn(asked);
}

function isClosed(answer: Answered): boolean {
  const text = textOf(answer);
  const title = /<title[^>]{0,200}>([^<]{0,500})/i.exec(text)?.[1] ?? '';
  // A page of an open store may well speak of what comes soon, below a title of its own.
  return CLOSED.test(title) || (!/extole|data-content-region|BCData/.test(text) && CLOSED.test(text));
}

function checkRedirect(asked: string, { url }: Answered): Finding[] {
  if (new URL(asked).origin === new URL(url).origin) return [];
  return [
    {
      code: 'PAGE_REDIRECTED',
      severity: 'info',
      what: `${addressOf(asked)} leads to ${addressOf(url)}, which was looked at.`,
    },
  ];
}

/** Was all of the page looked at? */
export function checkSize({ page }: Evidence): Finding[] {
  if (!page.isCut) return [];
  return [
    {
      code: 'PAGE_TOO_LARGE',
      severity: 'warning',
      what: `The page is larger than ${MAX_BYTES / 1_000_000} MB, or nested deeper than browsers nest; what is beyond that was not looked at.`,
    },
  ];
}
