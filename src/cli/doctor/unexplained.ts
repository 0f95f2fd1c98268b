import type { Finding } from '../finding.js';

/** Which errors of the page's text, of servers and of headers explain what a browser then sees, by its code. */
const EXPLAINED_BY: Readonly<Record<string, readonly string[]>> = {
  SDK_NOT_STARTED: [
    'CSP_BLOCKS_SDK',
    'SDK_CORS_MISSING',
    'SDK_CROSSORIGIN_MISSING',
    'SDK_INTEGRITY_MISMATCH',
    'SDK_UNREACHABLE',
    'SDK_WRONG_FILE',
  ],
  CSP_BLOCKED: ['CSP_BLOCKS_SDK', 'CSP_BLOCKS_CORE_TAG', 'CSP_BLOCKS_ZONES'],
  CORS_REFUSED: ['PROGRAM_DOMAIN_CORS', 'SDK_CORS_MISSING', 'SDK_CROSSORIGIN_MISSING'],
  PROGRAM_DOMAIN_INVALID: ['PROGRAM_DOMAIN_INVALID', 'PROGRAM_DOMAIN_MISSING'],
  EXTOLE_CORE_BLOCKED: [
    'CSP_BLOCKS_CORE_TAG',
    'PROGRAM_DOMAIN_CERTIFICATE',
    'PROGRAM_DOMAIN_FAILS',
    'PROGRAM_DOMAIN_NOT_EXTOLE',
    'PROGRAM_DOMAIN_NOT_FOUND',
    'PROGRAM_DOMAIN_UNREACHABLE',
  ],
  EXTOLE_CORE_TIMEOUT: ['PROGRAM_DOMAIN_UNREACHABLE'],
  EXTOLE_GLOBAL_MISSING: ['PROGRAM_DOMAIN_NOT_EXTOLE'],
  EXTOLE_ZONE_FAILED: ['CSP_BLOCKS_ZONES', 'PROGRAM_DOMAIN_CORS'],
  ZONE_NAME_MISSING: ['ZONE_NAME_MISSING'],
};

/**
 * Leaves out what a browser saw of a cause that is told already, so that one thing to mend is told once. A warning, which may be
 * wrong, explains nothing.
 *
 * @param seen - What a browser saw.
 * @param told - What was found without it.
 */
export function unexplained(seen: readonly Finding[], told: readonly Finding[]): Finding[] {
  const errors = told.filter(({ severity }) => severity === 'error').map(({ code }) => code);
  return seen.filter(({ code }) => !EXPLAINED_BY[code]?.some((cause) => errors.includes(cause)));
}
