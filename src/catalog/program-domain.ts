// Either localhost, with or without a port, or labels of letters, digits and inner hyphens. The last label starts with a
// letter, so that an IP address is refused: Extole serves a program domain by its name only. How long a label may be is
// left to the name server: counting in the pattern costs every page more than all of its other checks.
const PROGRAM_DOMAIN = /^((localhost)(:\d+)?|([a-z\d]+(-+[a-z\d]+)*\.)+[a-z][a-z\d-]*[a-z\d])$/;

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
  const found = PROGRAM_DOMAIN.exec(host);
  return found ? `http${found[2] ? '' : 's'}://${host}` : undefined;
}

/**
 * Whether a program domain is one that can be asked, too: `programOrigin`, which every page pays for, lets ports that are none pass, and
 * names that are no foreign ones though they begin with `xn--`.
 */
export function isProgramDomain(programDomain: unknown): boolean {
  const origin = programOrigin(programDomain);
  return origin !== undefined && URL.canParse(origin);
}
