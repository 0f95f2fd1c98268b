import type { StorefrontErrorCode } from './errors.js';

const told = new Set<string>();

const CAUSES: Readonly<Record<string, string>> = {
  csp: "The page's Content-Security-Policy refused it: allow the program domain in script-src and connect-src.",
  offline: 'The browser is offline; it is tried again when that changes.',
  network:
    'The network, the program domain or a blocker of the shopper refused it: check that the domain has a DNS entry and answers for /core.js.',
};

const SENTENCES: Readonly<Record<StorefrontErrorCode, (value: string) => string>> = {
  PROGRAM_DOMAIN_INVALID: (value) =>
    `${value ? `${JSON.stringify(value)} is not a program domain` : 'No program domain is given'}. Enter the bare host name that stands in the Tech Center of your Extole account under Program Domains, such as ${hostOf(value)}: no https://, no path, no port.`,
  EXTOLE_CORE_BLOCKED: (value) =>
    `Extole's core tag could not be loaded. ${CAUSES[value] ?? CAUSES.network} Fallbacks stay.`,
  EXTOLE_CORE_TIMEOUT: () =>
    "Extole's core tag has not come in time. Fallbacks stay; should it still come, the creatives show.",
  EXTOLE_GLOBAL_MISSING: () =>
    'The program domain answered for core.js, but not with Extole. Check that the domain is the one in the Tech Center and that its DNS entry is a CNAME to Extole. Fallbacks stay.',
  EXTOLE_ZONE_FAILED: (value) =>
    `Extole refused the zone${value && ` (${value})`}. Errors that mention CORS mean that this storefront's host is not listed on the program domain in Extole's Tech Center. The fallback stays.`,
  EXTOLE_ZONE_EMPTY: (value) =>
    `Extole has no creative for the zone ${JSON.stringify(value)}. Enable it in the Campaign Editor under Marketing, and check its spelling. The fallback stays.`,
  ZONE_NAME_MISSING: () =>
    'An <extole-zone> has no name and is not asked for. Choose a zone in Page Builder; for a custom zone, enter its name. In a theme, write name="…".',
  EVENT_DATA_INVALID: (value) =>
    `Custom event data is left out: ${value || 'it is not a JSON object, or a placeholder in it stands for something that JSON can not hold'}. The zone shows with the default data.`,
  PLACEHOLDER_UNRESOLVED: (value) =>
    `The placeholder {{${value}}} has no value on this page, so its key is left out. docs/page-context.md lists what each page offers.`,
  CALL_INVALID: (value) =>
    `The call of extoleStorefront.${value} could not be carried out: there is no such method, or its arguments are of another kind.`,
};

function hostOf(value: string): string {
  try {
    const { hostname } = new URL(/^\w+:\/\//.test(value) ? value : `https://${value}`);
    return hostname.includes('.') ? hostname : 'share.brand.com';
  } catch {
    return 'share.brand.com';
  }
}

/**
 * What a code means, with the value that was refused and what to do next.
 *
 * @param value - What the code is about: the refused domain, the zone's name, the placeholder. Never a shopper's value.
 */
export function sentence(code: StorefrontErrorCode, value: string): string {
  return `${code}: ${SENTENCES[code](value)}`;
}

/** Writes the sentence to the console, once on a page. */
export function warn(code: StorefrontErrorCode, value: string): void {
  const text = sentence(code, value);
  if (told.has(text)) return;
  told.add(text);
  console.warn(`[extole] ${text}`);
}
