import type { Finding } from '../finding.js';
import type { Evidence } from './evidence.js';
import { addressOf, listed } from './printable.js';

/** Is Extole's core tag on the page once, from the right domain, and not before the shopper agrees? */
export function checkCoreTag(evidence: Evidence): Finding[] {
  return [
    ...checkCount(evidence),
    ...checkDomain(evidence),
    ...checkConsent(evidence),
    ...checkBlocking(evidence),
  ];
}

/** All core tags that are known of: a browser also sees those that scripts added. */
function tagsOf({ installation, visit }: Evidence): readonly string[] {
  const inText = installation.coreTags.map(({ src = '' }) => src);
  const inBrowser = visit?.failure === undefined ? (visit?.coreTags ?? []) : [];
  return inBrowser.length > inText.length ? inBrowser : inText;
}

function checkCount(evidence: Evidence): Finding[] {
  const tags = tagsOf(evidence);
  if (tags.length > 1) {
    return [
      {
        code: 'CORE_TAG_TWICE',
        severity: 'warning',
        what: `Extole's core tag is on the page ${tags.length} times: ${listed(tags.map(addressOf))}.`,
        why: 'Creatives may show twice, and pages load it for nothing. Often an older integration or a tag manager has one of its own.',
        todo: 'Keep one, the one of your program domain.',
      },
    ];
  }
  const [tag] = tags;
  const { coreTags, sdkTags, isConsentRequired } = evidence.installation;
  if (coreTags.length === 0 && sdkTags.length > 0 && !isConsentRequired) {
    return [
      {
        code: 'CORE_TAG_BY_SDK',
        severity: 'info',
        what: "The page's text has no core tag; the SDK adds it.",
        why: 'In the head it would be asked for sooner, and creatives would come sooner.',
      },
    ];
  }
  return tag
    ? [{ code: 'CORE_TAG_FOUND', severity: 'info', what: `The core tag is ${addressOf(tag)}.` }]
    : [];
}

function checkDomain(evidence: Evidence): Finding[] {
  const { programDomain } = evidence;
  if (!programDomain) return [];
  const others = tagsOf(evidence).filter((src) => new URL(src).origin !== programDomain.origin);
  return others.map((src) => ({
    code: 'CORE_TAG_OF_OTHER_DOMAIN',
    severity: 'warning',
    what: `The core tag ${addressOf(src)} is not of the program domain ${programDomain.host}, which the configuration names.`,
    why: 'The SDK takes the core tag that is there, so that zones are asked for at its domain.',
    todo: 'Take the older tag away, or name its domain in the configuration if that is the right one.',
  }));
}

function checkConsent({ installation, page }: Evidence): Finding[] {
  const [tag] = installation.coreTags;
  if (!installation.isConsentRequired || !tag) return [];
  return [
    {
      code: 'CORE_TAG_BEFORE_CONSENT',
      severity: 'error',
      what: `The configuration says that consent is required, but the core tag is in the page's text, on line ${tag.line}.`,
      why: 'It sets cookies before the shopper agrees.',
      todo: 'Take the tag away: the SDK adds it once the shopper agrees.',
      file: addressOf(page.url),
      line: tag.line,
    },
  ];
}

function checkBlocking({ installation, page }: Evidence): Finding[] {
  return installation.coreTags
    .filter(({ isBlocking }) => isBlocking)
    .map(({ line }) => ({
      code: 'CORE_TAG_BLOCKS',
      severity: 'warning',
      what: 'The core tag has no async attribute.',
      why: 'The page waits for Extole before it shows what comes behind.',
      todo: 'Write async into the tag.',
      file: addressOf(page.url),
      line,
    }));
}
