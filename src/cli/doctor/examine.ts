import type { Finding } from '../finding.js';
import { ask } from './answer.js';
import { checkConsent } from './check-consent.js';
import { checkCoreTag } from './check-core-tag.js';
import { checkPage, checkSize } from './check-page.js';
import { checkPolicy } from './check-policy.js';
import { checkProgramDomain } from './check-program-domain.js';
import { checkSdk } from './check-sdk.js';
import { checkStore } from './check-store.js';
import { checkVisit } from './check-visit.js';
import { checkZones } from './check-zones.js';
import { type Evidence, type ExamineOptions, gather } from './evidence.js';
import { printable } from './printable.js';
import { unexplained } from './unexplained.js';

/** What is looked at without a browser. */
const CHECKS: readonly ((evidence: Evidence) => Finding[])[] = [
  checkSize,
  checkSdk,
  checkProgramDomain,
  checkCoreTag,
  checkPolicy,
  checkConsent,
  checkZones,
  checkStore,
];

const SEVERITIES: readonly Finding['severity'][] = ['error', 'warning', 'info'];

/**
 * Looks at a page of a live storefront: what its text says, what the servers behind it answer, and, with a Chromium, what a
 * shopper's browser makes of it. Where there is no page to look at, that is the only finding.
 *
 * Settles within about a minute, never with an error that a page or server could cause.
 *
 * @param url - An absolute `http:` or `https:` address, without a user.
 * @returns The findings, errors first. They hold no control characters and no e-mail addresses of the page.
 */
export async function examine(url: string, options: ExamineOptions = {}): Promise<Finding[]> {
  const { findings, answer } = checkPage(url, await ask({ url }));
  const evidence = answer && (await gather(url, answer, options));
  const all = [...firstOfEach([...findings, ...(evidence ? check(evidence) : [])])];
  return SEVERITIES.flatMap((severity) => all.filter((finding) => finding.severity === severity)).map(
    printable,
  );
}

function check(evidence: Evidence): Finding[] {
  const told = CHECKS.flatMap((each) => each(evidence));
  return [...told, ...unexplained(checkVisit(evidence), told)];
}

/** As many findings of one code are told. */
const MAX_OF_CODE = 20;

/** What a page has in each of its product cards is told once, and what it has in thousands of ways is not told each time. */
function* firstOfEach(findings: readonly Finding[]): Generator<Finding> {
  const told = new Set<string>();
  const counts = new Map<string, number>();
  for (const finding of findings) {
    const { code, what } = finding;
    const count = counts.get(code) ?? 0;
    if (told.has(`${code} ${what}`) || count === MAX_OF_CODE) continue;
    told.add(`${code} ${what}`);
    counts.set(code, count + 1);
    yield finding;
  }
}
