import { createHash } from 'node:crypto';

/** One Content-Security-Policy: the sources of each directive. */
export type Policy = ReadonlyMap<string, readonly string[]>;

/** Something that a page loads or runs. */
export interface Loaded {
  /** Its address; for an inline script its text. */
  readonly url?: URL;
  readonly inline?: string;
  readonly nonce?: string | undefined;
  readonly integrity?: string | undefined;
  /** Whether a script that may run itself adds it, so that `'strict-dynamic'` trusts it. */
  readonly isAddedByTrusted?: boolean;
}

/** Where a directive's word comes from if the policy does not have it, in order. Source: W3C, "Content Security Policy Level 3". */
const FALLBACKS: Readonly<Record<string, readonly string[]>> = {
  'script-src': ['script-src-elem', 'script-src', 'default-src'],
  'frame-src': ['frame-src', 'child-src', 'default-src'],
  'connect-src': ['connect-src', 'default-src'],
  'img-src': ['img-src', 'default-src'],
};

/** @param texts - Headers and meta tags; a header may hold several policies, separated by commas. */
export function readPolicies(texts: readonly string[]): Policy[] {
  return texts
    .flatMap((text) => text.split(','))
    .filter((text) => text.trim() !== '')
    .map((text) => {
      const directives = new Map<string, readonly string[]>();
      for (const directive of text.split(';')) {
        const [name = '', ...sources] = directive.trim().split(/\s+/);
        // The first one counts.
        if (name && !directives.has(name.toLowerCase())) directives.set(name.toLowerCase(), sources);
      }
      return directives;
    });
}

/**
 * Whether a page's policies let it load something. All of them have to.
 *
 * @param directive - `script-src`, `connect-src`, `img-src` or `frame-src`.
 */
export function allows(policies: readonly Policy[], directive: string, loaded: Loaded, page: URL): boolean {
  return policies.every((policy) => {
    const name = FALLBACKS[directive]?.find((fallback) => policy.has(fallback));
    const sources = name === undefined ? undefined : policy.get(name);
    if (!sources) return true;
    return directive === 'script-src'
      ? allowsScript(sources, loaded, page)
      : allowsAddress(sources, loaded.url, page);
  });
}

function allowsScript(sources: readonly string[], loaded: Loaded, page: URL): boolean {
  const { url, inline, nonce, integrity, isAddedByTrusted = false } = loaded;
  const has = (keyword: string): boolean => sources.some((source) => source.toLowerCase() === keyword);
  // Nonces and hashes are told apart by case.
  if (nonce && sources.includes(`'nonce-${nonce}'`)) return true;
  if (inline !== undefined) {
    const isStrict = has("'strict-dynamic'") || sources.some((source) => /^'(nonce|sha\d+)-/.test(source));
    return (has("'unsafe-inline'") && !isStrict) || sources.some((source) => isHashOf(source, inline));
  }
  const hashes = integrity?.trim().split(/\s+/) ?? [];
  if (hashes.length > 0 && hashes.every((hash) => sources.includes(`'${hash}'`))) return true;
  return has("'strict-dynamic'") ? isAddedByTrusted : allowsAddress(sources, url, page);
}

function isHashOf(source: string, text: string): boolean {
  const [, algorithm, hash] = /^'(sha256|sha384|sha512)-([^']+)'$/.exec(source) ?? [];
  return algorithm !== undefined && createHash(algorithm).update(text).digest('base64') === hash;
}

function allowsAddress(sources: readonly string[], url: URL | undefined, page: URL): boolean {
  return url !== undefined && sources.some((source) => matches(source, url, page));
}

const HOST_SOURCE = /^(?:([a-z][a-z\d+.-]*):\/\/)?(\*|(?:\*\.)?[^:/*]+)(?::(\d+|\*))?(\/.*)?$/i;

function matches(source: string, url: URL, page: URL): boolean {
  if (source === '*') return /^https?:$/.test(url.protocol);
  if (source.toLowerCase() === "'self'")
    return hasHost(url, page.hostname) && isUpgrade(page.protocol, url) && portOf(url) === portOf(page);
  if (/^[a-z][a-z\d+.-]*:$/i.test(source)) return isUpgrade(source.toLowerCase(), url);
  const [, scheme, host = '', port, path] = HOST_SOURCE.exec(source) ?? [];
  if (!host || !isUpgrade(scheme ? `${scheme.toLowerCase()}:` : page.protocol, url)) return false;
  if (host !== '*' && !hasHost(url, host.toLowerCase())) return false;
  const wanted = port ?? (url.protocol === 'https:' ? '443' : '80');
  if (wanted !== '*' && wanted !== portOf(url)) return false;
  if (!path) return true;
  return path.endsWith('/') ? url.pathname.startsWith(path) : url.pathname === path;
}

/** A policy for `http:` lets the same over `https:` through. */
const isUpgrade = (scheme: string, { protocol }: URL): boolean =>
  protocol === scheme || (scheme === 'http:' && protocol === 'https:');

const hasHost = ({ hostname }: URL, host: string): boolean =>
  host.startsWith('*.') ? hostname.endsWith(host.slice(1)) : hostname === host;

const portOf = ({ port, protocol }: URL): string => port || (protocol === 'https:' ? '443' : '80');
