import type { Finding } from '../finding.js';
import type { Evidence } from './evidence.js';
import type { Visit } from './visit.js';

/** What BigCommerce's consent banner brings. Not documented; seen on the pages of many stores. */
const BANNER = /consentManagerStoreConfig|consent-manager|bodl-consent/;

/** Do the page's consent banner and our configuration agree? */
export function checkConsent({ page, installation, visit }: Evidence): Finding[] {
  const hasBanner = page.scripts.some(({ src = '', text }) => BANNER.test(src + text));
  if (installation.isConsentRequired) {
    return checkHeard(hasBanner, installation.consentCategory ?? 'targeting', visit);
  }
  // A consent manager that holds the tag back is heeded without our doing.
  const runsAtOnce = installation.sdkTags.some(({ isRun }) => isRun);
  if (!hasBanner || !runsAtOnce) return [];
  return [
    {
      code: 'CONSENT_NOT_REQUIRED',
      severity: 'warning',
      what: "The page has BigCommerce's consent banner, and our script runs before anybody agreed to anything.",
      why: 'So its category in Script Manager is "essential", or it stands in the theme, and Extole sets cookies at once.',
      todo: 'If that is not what you want, set its category to "targeting", or consent: "required" in the configuration.',
    },
  ];
}

/** Can the SDK, which waits for the shopper to agree, hear of it? */
function checkHeard(hasBanner: boolean, category: string, visit: Visit | undefined): Finding[] {
  const asks = `The configuration asks nothing of Extole before the shopper agrees to the category ${category}`;
  const wasOpened = visit !== undefined && visit.failure === undefined;
  if (wasOpened ? visit.hasConsentEvents : hasBanner) {
    return [{ code: 'CONSENT_REQUIRED', severity: 'info', what: `${asks}, in BigCommerce's banner.` }];
  }
  return [
    {
      code: 'CONSENT_NOT_HEARD',
      severity: 'warning',
      what: hasBanner
        ? `${asks}, but BigCommerce's banner tells the page nothing: window.bodlEvents.consent is missing.`
        : `${asks}, but the page shows no trace of BigCommerce's consent banner.`,
      why: 'Unless another banner calls extoleStorefront.consent(true), no zone ever shows.',
      todo: "Switch on cookie consent tracking and the data layer (BODL) in the store's settings, or have your own banner make that call.",
    },
  ];
}
