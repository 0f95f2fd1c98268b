import type { Page, ScriptTag } from './page.js';

/** What a page has of ours, as far as its text tells. */
export interface Installation {
  readonly sdkTags: readonly ScriptTag[];
  readonly coreTags: readonly ScriptTag[];
  /** The inline scripts that write to `window.extoleStorefront`. */
  readonly configurations: readonly ScriptTag[];
  /** The program domains that they and the SDK's tag name, each once, that which holds first. */
  readonly programDomains: readonly string[];
  readonly isConsentRequired: boolean;
  /** The category of BigCommerce's banner that counts, where one is named. */
  readonly consentCategory: string | undefined;
  /** The zones that show without an element. */
  readonly automaticZones: readonly string[];
  /** BigCommerce's `page_type`. */
  readonly pageType: string | undefined;
}

/**
 * Finds what a page has of ours. Configurations are looked through, not run, so that one that a script puts together is not
 * understood. What is looked for is bounded, so that no text takes long.
 */
export function findInstallation({ scripts }: Page): Installation {
  const sdkTags = scripts.filter(({ src }) => src !== undefined && isSdkFile(src));
  const configurations = scripts.filter(
    ({ src, text, isRun }) => isRun && src === undefined && text.includes('extoleStorefront'),
  );
  const text = configurations.map((script) => script.text).join('\n');
  const said = (pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, value = '']) => value);
  const ofTags = sdkTags.flatMap(({ attributes }) => attributes['data-program-domain'] ?? []);
  return {
    sdkTags,
    coreTags: scripts.filter(({ src, isRun }) => isRun && src !== undefined && isCoreTag(src)),
    configurations,
    // The SDK lets the page's configuration win over its tag.
    programDomains: [...new Set([...said(member('programDomain')), ...ofTags])],
    isConsentRequired: said(member('consent')).includes('required'),
    consentCategory: said(member('consentCategory'))[0],
    automaticZones: said(/["']?\bzones["']?\s*[:=]\s*\[([^\]]{0,1000})\]/g).flatMap((list) =>
      [...list.matchAll(/["']([^"']+)["']/g)].map(([, name = '']) => name),
    ),
    pageType: said(/\bpage\b[^{}]{0,40}\{\s*type:\s*\[?["'](\w+)["']/g)[0],
  };
}

/** A member that is written as a literal: `"name": "value"`, `name: 'value'`, `.name = "value"`. */
const member = (name: string): RegExp => new RegExp(`\\b${name}["']?\\s*[:=]\\s*["']([^"']*)["']`, 'g');

/** Whether an address is that of our SDK. */
export function isSdkFile(url: string): boolean {
  return URL.canParse(url) && new URL(url).pathname.endsWith('/extole-storefront.js');
}

/** Whether an address is that of a core tag: Extole serves it at the root of a program domain, and below `extole.io` in older tags. */
export function isCoreTag(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { pathname, hostname } = new URL(url);
  return pathname === '/core.js' || (hostname.endsWith('.extole.io') && pathname.endsWith('/core.js'));
}
