import { programOrigin } from '../../catalog/program-domain.js';
import { type Answer, type Answered, textOf } from '../../store/answer.js';
import type { BigCommerceClient } from '../../store/bigcommerce-client.js';
import { coreQuestion, zoneQuestions } from '../../store/program-domain-answers.js';
import { ask } from './answer.js';
import { findInstallation, type Installation } from './installation.js';
import { askStore, type StoreAnswer } from './installed-store.js';
import { type Page, readPage } from './page.js';
import { type Visit, visit } from './visit.js';

/** What is looked at, and with what. */
export interface ExamineOptions {
  /** The program domain that the page should have, a bare host name. */
  readonly programDomain?: string | undefined;
  /** A Chromium to open the page in. Without it only what servers answer is looked at. */
  readonly chromiumPath?: string | undefined;
  /** The store that the page is of. Without it nothing is said of what should be on the page. */
  readonly client?: BigCommerceClient | undefined;
}

/** The SDK as it is served. */
export interface ServedSdk {
  readonly file: Answer;
  /** One of the files that it loads from beside itself. */
  readonly part: Answer;
}

/** The program domain as it answers. */
export interface ServedProgramDomain {
  /** A bare host name. */
  readonly host: string;
  readonly origin: string;
  readonly core: Answer;
  readonly preflight: Answer;
  readonly plain: Answer;
}

/** All that was seen. Checks look at nothing else. */
export interface Evidence {
  readonly page: Page;
  readonly installation: Installation;
  readonly expectedProgramDomain: string | undefined;
  readonly sdk: ServedSdk | undefined;
  readonly programDomain: ServedProgramDomain | undefined;
  /** `undefined` without a Chromium. */
  readonly visit: Visit | undefined;
  /** `undefined` without credentials. */
  readonly store: StoreAnswer | undefined;
}

/**
 * Looks at everything that belongs to a page which was answered.
 *
 * @param url - The address that the browser opens.
 */
export async function gather(url: string, answer: Answered, options: ExamineOptions): Promise<Evidence> {
  const read = readPage(textOf(answer), answer.url, answer.headers.get('content-security-policy'));
  const page = { ...read, isCut: read.isCut || answer.isCut };
  const installation = findInstallation(page);
  const { programDomain: expected, chromiumPath, client } = options;
  const [sdk, programDomain, visited, store] = await Promise.all([
    askForSdk(installation, page),
    askProgramDomain(hostToAsk(installation, expected), page),
    chromiumPath ? visit(url, chromiumPath) : undefined,
    client && askStore(client, page.url),
  ]);
  return { page, installation, expectedProgramDomain: expected, sdk, programDomain, visit: visited, store };
}

/** What the page's configuration says holds; without one, its core tag; else what it should be. */
function hostToAsk(
  { programDomains, coreTags }: Installation,
  expected: string | undefined,
): string | undefined {
  const [coreTag] = coreTags;
  return programDomains[0] ?? (coreTag?.src ? new URL(coreTag.src).host : expected);
}

async function askForSdk({ sdkTags }: Installation, page: Page): Promise<ServedSdk | undefined> {
  const src = sdkTags[0]?.src;
  if (src === undefined) return undefined;
  const headers = { origin: new URL(page.url).origin };
  const partUrl = src.replace(/\.js([?#].*)?$/, '-messages.js');
  const [file, part] = await Promise.all([ask({ url: src, headers }), ask({ url: partUrl, headers })]);
  return { file, part };
}

async function askProgramDomain(
  host: string | undefined,
  page: Page,
): Promise<ServedProgramDomain | undefined> {
  const origin = programOrigin(host);
  if (host === undefined || origin === undefined) return undefined;
  const zones = zoneQuestions(origin, new URL(page.url).origin);
  const [core, preflight, plain] = await Promise.all([
    ask(coreQuestion(origin)),
    ask(zones.preflight),
    ask(zones.plain),
  ]);
  return { host: new URL(origin).host, origin, core, preflight, plain };
}
