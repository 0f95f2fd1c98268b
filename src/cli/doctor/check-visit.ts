import { parseJson } from '../../store/parse-json.js';
import type { Finding } from '../finding.js';
import { unknownPlaceholders } from './check-zones.js';
import type { Evidence } from './evidence.js';
import { addressOf, listed, quoted } from './printable.js';
import { lastOfEach, type Seen, type ZoneEvent } from './visit.js';

/** How much later than the first paint a core tag may be asked for before it is told. */
const LATE_MS = 1_000;

/** What did a browser see that opened the page? */
export function checkVisit(evidence: Evidence): Finding[] {
  const { visit } = evidence;
  if (!visit) {
    return [
      {
        code: 'BROWSER_NOT_FOUND',
        severity: 'info',
        what: 'No Chromium was found, so that only what servers answer was looked at.',
        why: 'Whether zones show, with which data, what policies and hashes really block, and how early all of it comes, shows in a browser only.',
        todo: 'Install Chromium, or name one in CHROMIUM_PATH.',
      },
    ];
  }
  if (visit.failure !== undefined) {
    return [
      {
        code: 'BROWSER_FAILED',
        severity: 'warning',
        what: `The page could not be opened in Chromium: ${visit.failure}.`,
        why: 'Only what servers answer was looked at.',
        todo: 'See that the Chromium starts on this machine, or name another in CHROMIUM_PATH.',
      },
    ];
  }
  return [
    ...checkStart(visit, evidence),
    ...checkViolations(visit, evidence),
    ...checkComplaints(visit),
    ...checkThrown(visit),
    ...checkFailures(visit),
    ...checkKeys(visit, evidence),
    ...checkTiming(visit),
    ...checkAsked(visit, evidence),
  ];
}

function checkStart(visit: Seen, { installation }: Evidence): Finding[] {
  const [tag] = installation.sdkTags;
  if (visit.version || !tag?.isRun) return [];
  const request = visit.requests.find(({ kind }) => kind === 'sdk');
  // As Chromium words it: "Failed to find a valid digest in the 'integrity' attribute for resource …".
  const has = (words: string): boolean => visit.complaints.some((text) => text.includes(words));
  const [reason] = [
    has('valid digest') && 'its bytes are not those of its integrity attribute',
    has('integrity') && 'the browser refused its integrity attribute',
    request?.failure && `the request for it failed (${request.failure})`,
    request?.status !== undefined &&
      request.status >= 400 &&
      `the request for it was answered with ${request.status}`,
    !request && 'it was not asked for',
  ].filter((cause) => cause !== false && cause !== undefined && cause !== '');
  return [
    {
      code: 'SDK_NOT_STARTED',
      severity: 'error',
      what: `In Chromium the SDK did not start${reason ? `: ${reason}` : ''}.`,
      why: 'No zone shows; fallbacks stay.',
      todo: 'Mend what the other findings say of the SDK, then look again.',
    },
  ];
}

/** Blocked addresses of the SDK's or the program domain's origin, by directive. */
function checkViolations(visit: Seen, { installation, programDomain }: Evidence): Finding[] {
  const ours = [installation.sdkTags[0]?.src, programDomain?.origin].flatMap((url) =>
    url ? new URL(url).origin : [],
  );
  const blocked = visit.violations
    .filter((violation) => ours.some((origin) => violation.blocked.startsWith(origin)))
    .map((violation) => `${addressOf(violation.blocked)} (${violation.directive})`);
  if (blocked.length === 0) return [];
  return [
    {
      code: 'CSP_BLOCKED',
      severity: 'error',
      what: `In Chromium the page's Content-Security-Policy blocked ${listed([...new Set(blocked)])}.`,
      todo: 'Allow these origins in the directives that are named.',
    },
  ];
}

function checkComplaints({ complaints }: Seen): Finding[] {
  if (!complaints.some((text) => text.includes('CORS policy'))) return [];
  return [
    {
      code: 'CORS_REFUSED',
      severity: 'error',
      what: 'Chromium refused an answer of Extole or a file of the SDK, since its server does not let this storefront read it (CORS).',
      why: 'Zones fail, and fallbacks stay.',
      todo: "List the storefront's host on the program domain in Extole's Tech Center, and serve the SDK with Access-Control-Allow-Origin.",
    },
  ];
}

function checkThrown({ thrown }: Seen): Finding[] {
  return [...new Set(thrown)].map((message) => ({
    code: 'SDK_THREW',
    severity: 'error',
    what: `The SDK threw an error: ${quoted(message)}.`,
    todo: 'Please report it, with the address of the page.',
  }));
}

/** What each of the SDK's codes means here. `docs/errors.md` says more. */
const FAILURES: Readonly<Record<string, Omit<Finding, 'code' | 'what'> & { readonly says: string }>> = {
  PROGRAM_DOMAIN_INVALID: {
    severity: 'error',
    says: 'The SDK was given no program domain, or one that is none',
    todo: 'Enter the bare host name that stands in the Tech Center, such as share.brand.com.',
  },
  EXTOLE_CORE_BLOCKED: {
    severity: 'error',
    says: "Extole's core tag could not be loaded",
    why: 'Fallbacks stay.',
    todo: 'See that the program domain answers for /core.js, and that the Content-Security-Policy allows it.',
  },
  EXTOLE_CORE_TIMEOUT: {
    severity: 'warning',
    says: "Extole's core tag did not come in time",
    why: 'Fallbacks show until it comes.',
    todo: 'Look again; if it stays so, ask Extole.',
  },
  EXTOLE_GLOBAL_MISSING: {
    severity: 'error',
    says: "The program domain answered for core.js with something that is not Extole's",
    why: 'Fallbacks stay.',
    todo: 'Compare the program domain with the Tech Center; its DNS entry is a CNAME to Extole.',
  },
  EXTOLE_ZONE_FAILED: {
    severity: 'error',
    says: 'Extole, or the way to it, refused zones',
    why: 'Their fallbacks stay.',
    todo: "List the storefront's host on the program domain in Extole's Tech Center; see the browser's console for more.",
  },
  EXTOLE_ZONE_EMPTY: {
    severity: 'warning',
    says: 'Extole has no creative for zones',
    why: 'Their fallbacks stay.',
    todo: 'Enable them in the Campaign Editor under Marketing, and check the spelling of custom zones.',
  },
  ZONE_NAME_MISSING: {
    severity: 'error',
    says: 'An <extole-zone> has no name',
    todo: 'In Page Builder choose a zone; in a theme write name="…".',
  },
  EVENT_DATA_INVALID: {
    severity: 'error',
    says: 'Custom event data is not a JSON object and was left out',
    why: 'The zones show with the default data.',
    todo: 'Mend the text at that place.',
  },
  CALL_INVALID: {
    severity: 'warning',
    says: 'The page calls extoleStorefront in a way that does not exist',
    todo: "Compare the theme's calls with the README.",
  },
};

function checkFailures({ events }: Seen): Finding[] {
  const standing = new Set(lastOfEach(events));
  const isTold = ({ type, code, name }: ZoneEvent): boolean => {
    if (type !== 'extole-zone:failed') return false;
    // A creative may come in spite of bad data, and what is not about a zone is not followed by one.
    return (
      code === 'EVENT_DATA_INVALID' ||
      name === '' ||
      [...standing].some((event) => event.name === name && event.code === code)
    );
  };
  const byCode = new Map<string, ZoneEvent[]>();
  for (const event of events.filter(isTold)) {
    const code = event.code ?? '';
    byCode.set(code, [...(byCode.get(code) ?? []), event]);
  }
  return [...byCode].flatMap(([code, failed]): Finding[] => {
    // Anybody may send an event of ours.
    if (!Object.hasOwn(FAILURES, code)) return [];
    const { says = '', ...rest } = FAILURES[code] ?? { severity: 'error' };
    const names = [...new Set(failed.map(({ name }) => name))].filter((name) => name !== '');
    const details = [...new Set(failed.flatMap(({ message }) => message || []))];
    return [
      {
        code,
        ...rest,
        what: `In Chromium: ${says}${names.length > 0 ? ` (${listed(names)})` : ''}${details.length > 0 ? `: ${listed(details.map(quoted), 3)}` : ''}.`,
      },
    ];
  });
}

/** Keys of custom event data that did not come to be sent: their placeholders have no value here. */
function checkKeys({ requests }: Seen, { page }: Evidence): Finding[] {
  const sent = new Map(
    requests.flatMap(({ zone }) => (zone ? [[zone.name, new Set(zone.keys)] as const] : [])),
  );
  return page.zones.flatMap(({ name, eventData = '', line }): Finding[] => {
    const keys = sent.get(name);
    const missing = keys ? resolvableKeys(eventData).filter((key) => !keys.has(key)) : [];
    if (missing.length === 0) return [];
    return [
      {
        code: 'PLACEHOLDER_UNRESOLVED',
        severity: 'warning',
        what: `The zone ${quoted(name)} was asked for without its custom event data ${listed(missing.map(quoted))}.`,
        why: 'The placeholders there have no value on this page, for a guest at least.',
        todo: 'Compare with docs/page-context.md.',
        file: addressOf(page.url),
        line,
      },
    ];
  });
}

/** Without those whose placeholders no page offers: the text of the page tells of these. */
function resolvableKeys(eventData: string): string[] {
  return Object.entries(Object(parseJson(eventData))).flatMap(([key, value]) =>
    unknownPlaceholders(JSON.stringify(value)).length > 0 ? [] : key,
  );
}

function checkTiming({ requests, firstContentfulPaintMs }: Seen): Finding[] {
  const at = (kind: string): number | undefined =>
    requests.find((request) => request.kind === kind && request.startedAtMs !== undefined)?.startedAtMs;
  const core = at('core');
  const sdk = at('sdk');
  if (core === undefined) return [];
  const paint = firstContentfulPaintMs === undefined ? undefined : Math.round(firstContentfulPaintMs);
  const told = [
    sdk === undefined ? '' : `the SDK was asked for after ${sdk} ms`,
    `the core tag after ${core} ms`,
    paint === undefined ? '' : `the page showed first after ${paint} ms`,
  ].filter(Boolean);
  const timing: Finding = { code: 'TIMING', severity: 'info', what: `In Chromium ${told.join(', ')}.` };
  if (paint === undefined || core - paint <= LATE_MS) return [timing];
  return [
    timing,
    {
      code: 'CORE_TAG_LATE',
      severity: 'warning',
      what: `The core tag was asked for ${core - paint} ms after the page showed first.`,
      why: 'Shoppers see fallbacks, or nothing, until creatives come.',
      todo: 'Put the core tag and the SDK into the head, in front of other scripts.',
    },
  ];
}

function checkAsked({ requests, events, version }: Seen, { installation }: Evidence): Finding[] {
  const asked = requests.flatMap(({ zone }) => (zone ? [zone] : []));
  if (asked.length > 0) {
    const rendered = new Set(
      events.filter(({ type }) => type === 'extole-zone:rendered').map(({ name }) => name),
    );
    const told = asked.map(({ name, keys }) => {
      const data = keys.length > 0 ? `with ${listed(keys)}` : 'without data';
      return `${name || 'a zone without a name'} ${data}${rendered.has(name) ? ', shown' : ''}`;
    });
    return [
      {
        code: 'ZONES_ASKED_FOR',
        severity: 'info',
        what: `In Chromium zones were asked for: ${told.join('; ')}.`,
      },
    ];
  }
  if (!version || !installation.isConsentRequired) return [];
  return [
    {
      code: 'ZONES_AWAIT_CONSENT',
      severity: 'info',
      what: 'In Chromium no zone was asked for, since nobody agreed in the consent banner.',
      why: 'What zones would show after that was not looked at.',
    },
  ];
}
