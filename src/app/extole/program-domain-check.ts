import type { DomainCheckAnswer } from '../../catalog/admin-api.js';
import { isProgramDomain, programOrigin } from '../../catalog/program-domain.js';
import type { Answer, Question } from '../../store/answer.js';
import {
  coreQuestion,
  isCoreTag,
  isUnknownHost,
  zoneAccess,
  zoneQuestions,
} from '../../store/program-domain-answers.js';
import { countCall } from '../count-call.js';
import type { AppDeps } from '../deps.js';
import { type GuardOptions, guardedAsk } from './guarded-ask.js';
import { ADDRESS_NOT_PUBLIC } from './public-address.js';

/**
 * Looks whether what a merchant typed is a program domain: a host name, of a public host, that answers, with Extole's core tag, and
 * that lets the storefront ask for zones. Settles within seconds, whatever the host does.
 *
 * @param programDomain - Anything at all.
 * @param storefrontOrigin - `https://brand.com`; without it nobody is asked about zones.
 * @param guard - What differs from how such hosts are asked; for tests.
 */
export async function checkProgramDomain(
  { config, metrics }: Pick<AppDeps, 'config' | 'metrics'>,
  programDomain: string,
  storefrontOrigin: string | null,
  guard: Partial<GuardOptions> = {},
): Promise<DomainCheckAnswer> {
  const origin = programOrigin(programDomain);
  if (origin === undefined || !isProgramDomain(programDomain))
    return { problem: 'not-a-host-name', host: null, storefrontOrigin: null };
  const ask = async (question: Question): Promise<Answer> => {
    const answer = await guardedAsk(question, { allowsLocalhost: config.allowLocalProgramDomains, ...guard });
    const { failure } = answer;
    if (failure !== ADDRESS_NOT_PUBLIC) {
      countCall(metrics, 'program-domain', failure === undefined ? answer.status : undefined);
    }
    return answer;
  };
  const askForAccess = async (storefront: string): Promise<ReturnType<typeof zoneAccess>> => {
    const questions = zoneQuestions(origin, storefront);
    const [preflight, plain] = await Promise.all([ask(questions.preflight), ask(questions.plain)]);
    return zoneAccess({ preflight, plain }, storefront);
  };
  const [core, access] = await Promise.all([
    ask(coreQuestion(origin)),
    storefrontOrigin === null ? 'unknown' : askForAccess(storefrontOrigin),
  ]);
  return {
    problem: coreProblem(core) ?? (access === 'refused' ? 'storefront-not-allowed' : null),
    host: new URL(origin).host,
    storefrontOrigin: access === 'unknown' ? null : storefrontOrigin,
  };
}

function coreProblem(core: Answer): DomainCheckAnswer['problem'] {
  const { failure } = core;
  if (failure === ADDRESS_NOT_PUBLIC) return 'internal-address';
  if (failure !== undefined) return isUnknownHost(failure) ? 'unknown-host' : 'no-answer';
  if (isCoreTag(core)) return null;
  return core.status >= 500 || core.status === 429 ? 'no-answer' : 'not-extole';
}
