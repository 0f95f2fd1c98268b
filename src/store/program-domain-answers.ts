import { type Answer, type Answered, isScript, type Question, textOf } from './answer.js';

/*
 * How to tell by its answers whether a host is a program domain, and whether it lets a storefront in. The command `doctor` and the
 * app's settings page both judge by this.
 */

/** What tells whether a host is a program domain: its core tag. */
export const coreQuestion = (origin: string): Question => ({ url: `${origin}/core.js` });

/**
 * What tells whether a program domain lets a storefront in: what a browser asks before it sends a zone request from there, and a
 * plain request from there.
 *
 * @param origin - The program domain's.
 * @param storefront - The origin of the pages that are to show creatives.
 */
export function zoneQuestions(
  origin: string,
  storefront: string,
): { readonly preflight: Question; readonly plain: Question } {
  const url = `${origin}/zones`;
  return {
    preflight: {
      url,
      method: 'OPTIONS',
      headers: {
        origin: storefront,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      },
    },
    plain: { url, headers: { origin: storefront } },
  };
}

/** Whether there is no such host, by the code of a failed connection. */
export const isUnknownHost = (code: string): boolean => /^(ENOTFOUND|EAI_AGAIN|ENODATA)$/.test(code);

/** Whether an answer for the core tag is Extole's. */
export const isCoreTag = (core: Answered): boolean => isScript(core) && textOf(core).includes('extole');

/**
 * Whether the pages of a storefront may ask for zones; `unknown` where the host did not answer a browser's question as a server
 * that knows it would.
 */
export function zoneAccess(
  { preflight, plain }: { readonly preflight: Answer; readonly plain: Answer },
  storefront: string,
): 'allowed' | 'refused' | 'unknown' {
  if (letsIn(preflight, storefront) || letsIn(plain, storefront)) return 'allowed';
  return preflight.failure === undefined && preflight.status < 404 ? 'refused' : 'unknown';
}

/** Zones are asked for with cookies, for which `*` does not do. */
const letsIn = (answer: Answer, storefront: string): boolean =>
  answer.failure === undefined && answer.headers.get('access-control-allow-origin') === storefront;
