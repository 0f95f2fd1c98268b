import { programOrigin } from '../../catalog/program-domain.js';
import { isScript } from '../../store/answer.js';
import { isCoreTag, isUnknownHost, zoneAccess } from '../../store/program-domain-answers.js';
import type { Finding } from '../finding.js';
import { shortly } from './answer.js';
import type { Evidence, ServedProgramDomain } from './evidence.js';
import { listed, quoted } from './printable.js';

const IN_TECH_CENTER =
  'Compare with the Tech Center of the Extole account, under Program Domains: the bare host name, such as share.brand.com.';

/** Is the program domain named, the right one, reachable, Extole's, and does it let this storefront in? */
export function checkProgramDomain(evidence: Evidence): Finding[] {
  const { programDomain } = evidence;
  const findings = [...checkName(evidence), ...checkExpected(evidence)];
  if (!programDomain) return findings;
  const ofCore = checkCore(programDomain);
  if (hasShown(programDomain, evidence)) {
    return [...findings, ...ofCore.map(asPassing), ...checkCors(programDomain, evidence)];
  }
  // A domain that brings no Extole has nobody to let anybody in.
  return [...findings, ...(ofCore.length > 0 ? ofCore : checkCors(programDomain, evidence))];
}

function checkName({ installation, programDomain, visit }: Evidence): Finding[] {
  const { programDomains, sdkTags } = installation;
  const [first] = programDomains;
  if (first === undefined) {
    const hasCore = visit?.failure === undefined && visit?.requests.some(({ kind }) => kind === 'core');
    if (sdkTags.length === 0 || hasCore) return [];
    return [
      {
        code: 'PROGRAM_DOMAIN_MISSING',
        severity: 'error',
        what: "The SDK's tag is on the page, but nothing that names the program domain.",
        why: 'The SDK does not know where Extole is, and asks for nothing.',
        todo: 'Publish the scripts again, or write data-program-domain="share.brand.com" into the tag.',
      },
    ];
  }
  const findings: Finding[] = [];
  if (programOrigin(first) === undefined) {
    findings.push({
      code: 'PROGRAM_DOMAIN_INVALID',
      severity: 'error',
      what: `${quoted(first)} is not a program domain.`,
      why: 'The SDK loads nothing then.',
      todo: IN_TECH_CENTER,
    });
  }
  if (programDomains.length > 1) {
    findings.push({
      code: 'PROGRAM_DOMAIN_DIFFERS',
      severity: 'warning',
      what: `The page names more than one program domain: ${listed(programDomains.map(quoted))}.`,
      why: `What was written last may win${programDomain ? `; ${programDomain.host} was looked at` : ''}.`,
      todo: 'Keep one configuration.',
    });
  }
  return findings;
}

function checkExpected({ expectedProgramDomain, programDomain }: Evidence): Finding[] {
  if (!expectedProgramDomain || !programDomain) return [];
  if (programOrigin(expectedProgramDomain) === programDomain.origin) return [];
  return [
    {
      code: 'PROGRAM_DOMAIN_UNEXPECTED',
      severity: 'error',
      what: `The page has the program domain ${programDomain.host}, not ${expectedProgramDomain}.`,
      why: 'Its zones come from another Extole program, or from none.',
      todo: 'Publish the scripts again with the right one.',
    },
  ];
}

/** By what the system says, since each is for somebody else to mend. */
const CAUSES: readonly (readonly [isIt: (failure: string) => boolean, code: string, todo: string])[] = [
  [
    isUnknownHost,
    'PROGRAM_DOMAIN_NOT_FOUND',
    'Create its DNS entry, a CNAME to Extole as the Tech Center names it; or mend the name.',
  ],
  [
    (failure) => /CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO/.test(failure),
    'PROGRAM_DOMAIN_CERTIFICATE',
    'Have Extole issue a certificate for it: the Tech Center shows how far it is.',
  ],
  [
    () => true,
    'PROGRAM_DOMAIN_UNREACHABLE',
    `See that it answers in a browser under /core.js. ${IN_TECH_CENTER}`,
  ],
];

function checkCore({ host, origin, core }: ServedProgramDomain): Finding[] {
  const why = 'Without its /core.js no creative shows; fallbacks stay.';
  const { failure } = core;
  if (failure !== undefined) {
    const [, code = '', todo = ''] = CAUSES.find(([isIt]) => isIt(failure)) ?? [];
    return [
      {
        code,
        severity: 'error',
        what: `The program domain ${host} could not be reached: ${failure}.`,
        why,
        todo,
      },
    ];
  }
  if (isCoreTag(core)) return [];
  return [
    {
      code: core.status === 200 ? 'PROGRAM_DOMAIN_NOT_EXTOLE' : 'PROGRAM_DOMAIN_FAILS',
      severity: 'error',
      what:
        core.status === 200 && isScript(core)
          ? `${origin}/core.js is a script, but not Extole's.`
          : `The program domain ${host} answered for /core.js with ${shortly(core)}, not with a script.`,
      why,
      todo:
        core.status >= 500
          ? 'Look again in a while; if it stays so, ask Extole.'
          : `${IN_TECH_CENTER} Its DNS entry is a CNAME to Extole.`,
    },
  ];
}

/** Whether a browser got the core tag from there, and zones showed. */
function hasShown({ origin }: ServedProgramDomain, { visit }: Evidence): boolean {
  if (visit?.failure !== undefined || !visit) return false;
  return (
    visit.events.some(({ type }) => type === 'extole-zone:rendered') &&
    visit.requests.some(
      ({ kind, url, status }) => kind === 'core' && status === 200 && new URL(url).origin === origin,
    )
  );
}

/** What failed for us, and not for a browser in the same minute. */
const asPassing = ({ code, what }: Finding): Finding => ({
  code,
  severity: 'warning',
  what,
  why: 'In Chromium it answered and zones showed, so that it is slow, or fails now and then.',
  todo: 'Look again in a while; if it stays so, ask Extole.',
});

function checkCors(served: ServedProgramDomain, { page, visit }: Evidence): Finding[] {
  const { host, preflight } = served;
  const storefront = new URL(page.url).origin;
  // What a browser was given counts more than what we make of headers.
  const wasAnswered =
    visit?.failure === undefined &&
    visit?.requests.some(
      ({ kind, status, failure }) => kind === 'zone' && status !== undefined && failure === undefined,
    );
  const access = wasAnswered ? 'allowed' : zoneAccess(served, storefront);
  if (access === 'allowed') {
    return [
      {
        code: 'PROGRAM_DOMAIN_FOUND',
        severity: 'info',
        what: `The program domain ${host} serves Extole, and lets ${storefront} ask for zones.`,
      },
    ];
  }
  const isCertain = access === 'refused';
  return [
    {
      code: 'PROGRAM_DOMAIN_CORS',
      severity: isCertain ? 'error' : 'warning',
      what: isCertain
        ? `The program domain ${host} does not let ${storefront} ask for zones: it sends no Access-Control-Allow-Origin for it.`
        : `Whether the program domain ${host} lets ${storefront} ask for zones could not be told: it answered the browser's question with ${shortly(preflight)}.`,
      why: 'Browsers refuse the answers then, and no creative shows.',
      todo: `Add ${new URL(storefront).host} to the program domain in Extole's Tech Center, under Production or Testing sites.`,
    },
  ];
}
