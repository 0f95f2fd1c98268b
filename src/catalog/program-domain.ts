// One label: letters, digits and inner hyphens, 63 at most (RFC 1035). The last one starts with a letter, so that an
// IP address is refused: Extole serves a program domain by its name only.
const HOST = /^([a-z\d]([a-z\d-]{0,61}[a-z\d])?\.)+[a-z][a-z\d-]{0,61}[a-z\d]$/;
const LOCALHOST = /^localhost(:\d{1,5})?$/;

/**
 * The origin that a program domain serves the core tag and the zones from.
 *
 * A program domain is a bare host name (`share.brand.com`, `brand.extole.io`): no scheme, path, user or port. Only
 * `localhost` may carry a port, and is asked over plain HTTP, for development. White space around it and upper case
 * are forgiven.
 *
 * @param programDomain - What somebody typed; anything at all may come in.
 * @returns `https://share.brand.com`, or `undefined` when it is not a program domain. Never throws.
 */
export function programOrigin(programDomain: unknown): string | undefined {
  const host = typeof programDomain === 'string' ? programDomain.trim().toLowerCase() : '';
  return HOST.test(host) ? `https://${host}` : LOCALHOST.test(host) ? `http://${host}` : undefined;
}
