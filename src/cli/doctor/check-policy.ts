import type { Finding } from '../finding.js';
import { allows, type Loaded, type Policy, readPolicies } from './content-security-policy.js';
import type { Evidence } from './evidence.js';
import { addressOf, listed } from './printable.js';

interface Need {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly directive: string;
  /** What is blocked, for a sentence. */
  readonly what: string;
  readonly loaded: Loaded;
  readonly why: string;
}

/** Hosts that Extole's documents want allowed, each by any of its subdomains. Source: Extole, JavaScript SDK, "Whitelisting Extole's Resources". */
const EXTOLE_HOSTS = ['extole.io', 'xtlo.net'];
const EXTOLE_DIRECTIVES = ['script-src', 'connect-src', 'img-src'];

/** Does the page's Content-Security-Policy let the SDK, the core tag and the creatives in? */
export function checkPolicy(evidence: Evidence): Finding[] {
  const policies = readPolicies(evidence.page.policies);
  if (policies.length === 0) return [];
  const page = new URL(evidence.page.url);
  const findings = [...needsOf(evidence)]
    .filter(({ directive, loaded }) => !allows(policies, directive, loaded, page))
    .map(({ code, severity, directive, what, loaded, why }) => ({
      code,
      severity,
      what: `The page's Content-Security-Policy blocks ${what}.`,
      why,
      todo: loaded.url
        ? `Add ${loaded.url.origin} to ${directive}.`
        : 'Give the script the nonce of the policy: BigCommerce does so for scripts of its Scripts API.',
    }));
  return [...findings, ...checkExtoleHosts(policies, page)];
}

function* needsOf({ installation, programDomain }: Evidence): Generator<Need> {
  const { sdkTags, coreTags, configurations } = installation;
  const [sdk] = sdkTags;
  const [configuration] = configurations;
  const [core] = coreTags;
  if (configuration) {
    yield {
      code: 'CSP_BLOCKS_CONFIGURATION',
      severity: 'error',
      directive: 'script-src',
      what: `the inline script with our configuration, on line ${configuration.line}`,
      loaded: { inline: configuration.text, nonce: configuration.attributes.nonce },
      why: 'The SDK then knows neither the program domain nor the page.',
    };
  }
  if (sdk?.src) {
    const { nonce, integrity } = sdk.attributes;
    yield {
      code: 'CSP_BLOCKS_SDK',
      severity: 'error',
      directive: 'script-src',
      what: `the SDK at ${addressOf(sdk.src)}`,
      loaded: { url: new URL(sdk.src), nonce, integrity },
      why: 'No zone shows.',
    };
  }
  if (!programDomain) return;
  const at = (path: string): URL => new URL(path, programDomain.origin);
  // The SDK gives the core tag that it adds the nonce of any script on the page.
  const nonce = (core ?? sdk)?.attributes.nonce;
  yield {
    code: 'CSP_BLOCKS_CORE_TAG',
    severity: 'error',
    directive: 'script-src',
    what: `the core tag of ${programDomain.host}`,
    loaded: { url: at('/core.js'), nonce, isAddedByTrusted: !core },
    why: 'No creative shows; fallbacks stay.',
  };
  yield {
    code: 'CSP_BLOCKS_ZONES',
    severity: 'error',
    directive: 'connect-src',
    what: `zone requests to ${programDomain.host}`,
    loaded: { url: at('/zones') },
    why: 'No creative shows; fallbacks stay.',
  };
  yield {
    code: 'CSP_BLOCKS_IMAGES',
    severity: 'warning',
    directive: 'img-src',
    what: `images of ${programDomain.host}`,
    loaded: { url: at('/image') },
    why: 'Creatives may show without their pictures.',
  };
  yield {
    code: 'CSP_BLOCKS_FRAMES',
    severity: 'warning',
    directive: 'frame-src',
    what: `frames of ${programDomain.host}`,
    loaded: { url: at('/frame') },
    why: 'Creatives that open in a frame stay empty.',
  };
}

function checkExtoleHosts(policies: readonly Policy[], page: URL): Finding[] {
  const missing = EXTOLE_DIRECTIVES.filter((directive) =>
    EXTOLE_HOSTS.some(
      (host) => !allows(policies, directive, { url: new URL(`https://any.${host}/file`) }, page),
    ),
  );
  if (missing.length === 0) return [];
  return [
    {
      code: 'CSP_LACKS_EXTOLE',
      severity: 'warning',
      what: `The page's Content-Security-Policy does not allow all of ${EXTOLE_HOSTS.map((host) => `https://*.${host}`).join(' and ')} in ${listed(missing)}.`,
      why: "Extole's documents want both allowed: parts of the core tag and of creatives come from there.",
      todo: `Add them to ${listed(missing)}.`,
    },
  ];
}
