import { ZONE_REGIONS } from '../../catalog/zones.js';
import { parseJson } from '../../store/parse-json.js';
import type { Finding } from '../finding.js';
import { isOffered, placeholdersIn } from '../placeholders.js';
import type { Evidence } from './evidence.js';
import type { ZoneTag } from './page.js';
import { addressOf, listed, quoted } from './printable.js';

/** Which zones does the page have, and are they written as they should be? */
export function checkZones(evidence: Evidence): Finding[] {
  const { page, visit } = evidence;
  const file = addressOf(page.url);
  // A browser has the SDK itself tell what it could not read.
  const wasOpened = visit !== undefined && visit.failure === undefined;
  const ofTags = page.zones.flatMap((zone) =>
    [...checkName(zone), ...(wasOpened ? [] : checkEventData(zone)), ...checkPlaceholders(zone)].map(
      (finding): Finding => ({ ...finding, file, line: zone.line }),
    ),
  );
  return [...ofTags, ...checkRegions(evidence), ...checkPresence(evidence)];
}

function checkName({ name }: ZoneTag): Finding[] {
  if (name !== '') return [];
  return [
    {
      code: 'ZONE_NAME_MISSING',
      severity: 'error',
      what: 'An <extole-zone> has no name.',
      why: 'It is not asked for.',
      todo: 'In Page Builder choose a zone; for a custom zone enter its name. In a theme write name="…".',
    },
  ];
}

function checkEventData({ name, eventData }: ZoneTag): Finding[] {
  if (!eventData || isObjectText(eventData)) return [];
  return [
    {
      code: 'EVENT_DATA_NOT_JSON',
      severity: 'warning',
      what: `The custom event data of the zone ${quoted(name)} is not a JSON object.`,
      why: 'The SDK mends what editors do to quotes, commas and spaces; what is beyond that is left out, and the zone shows with the default data.',
      todo: 'Write it as {"key": "value"}, with straight quotes. ?extole_debug in the address shows what arrives.',
    },
  ];
}

function isObjectText(text: string): boolean {
  const value = parseJson(text);
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The placeholders in a text that no page offers, each once. */
export function unknownPlaceholders(text: string): string[] {
  return [...new Set(placeholdersIn(text))].filter((path) => !isOffered(path));
}

function checkPlaceholders({ name, eventData = '' }: ZoneTag): Finding[] {
  const unknown = unknownPlaceholders(eventData);
  if (unknown.length === 0) return [];
  return [
    {
      code: 'PLACEHOLDER_UNKNOWN',
      severity: 'warning',
      what: `The custom event data of the zone ${quoted(name)} has placeholders that no page offers: ${listed(unknown.map(quoted))}.`,
      why: 'A key whose placeholder has no value is left out, unless a script of yours gives it by setContext.',
      todo: 'Compare with docs/page-context.md: a placeholder is a path such as product.url, without helpers.',
    },
  ];
}

function checkRegions({ page, installation }: Evidence): Finding[] {
  const { automaticZones, pageType } = installation;
  return automaticZones.flatMap((name): Finding[] => {
    if (!Object.hasOwn(ZONE_REGIONS, name) || (name === 'product' && pageType !== 'product')) return [];
    const regions = ZONE_REGIONS[name] ?? [];
    const isInPage = page.zones.some((zone) => zone.name === name);
    if (isInPage || regions.some((region) => page.regions.includes(region))) return [];
    return [
      {
        code: 'ZONE_REGION_MISSING',
        severity: 'warning',
        what: `The theme has no region for the automatic zone ${name} on this page: ${listed(regions)}.`,
        why: 'A header or footer zone then stands at the end of <header> or <footer>; others do not show.',
        todo: `Print {{{region name="${regions[0]}"}}} in the theme, or place the zone with the widget or an <extole-zone>.`,
      },
    ];
  });
}

function checkPresence({ page, installation, visit }: Evidence): Finding[] {
  const named = page.zones.map(({ name }) => name).filter((name) => name !== '');
  const automatic = installation.automaticZones.filter((name) => !named.includes(name));
  const isAskedFor = visit?.failure === undefined && visit?.events.length;
  if (named.length + automatic.length === 0) {
    if (isAskedFor || installation.sdkTags.length === 0) return [];
    return [
      {
        code: 'ZONES_MISSING',
        severity: 'warning',
        what: 'No zone is on the page: no <extole-zone>, and no automatic zone.',
        todo: 'Drag the widget into the page, switch on automatic zones, or look at a page that has one.',
      },
    ];
  }
  const parts = [
    named.length > 0 ? `in the page: ${listed([...new Set(named)])}` : '',
    automatic.length > 0 ? `automatic: ${listed(automatic)}` : '',
  ];
  return [{ code: 'ZONES_FOUND', severity: 'info', what: `Zones ${parts.filter(Boolean).join('; ')}.` }];
}
