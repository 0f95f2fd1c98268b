import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Finds all addresses of a host. Rejects with the system's code, such as `ENOTFOUND`. */
export type Resolve = (host: string) => Promise<readonly LookupAddress[]>;

/** As the system does. */
export const resolveBySystem: Resolve = (host) => lookup(host, { all: true });

/** The code of the error that says that a host is at an address which is not everybody's. */
export const ADDRESS_NOT_PUBLIC = 'ADDRESS_NOT_PUBLIC';

// What is in use of IPv6. Outside are, among others, IPv4 addresses in disguise.
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Whether an address is a host's on the public internet: none of a private network, of this machine, of a cloud's metadata, of a
 * group, or one that is translated into another.
 *
 * Source: IANA, "IPv4 Special-Purpose Address Registry" and that of IPv6, as `ipaddr.js` has them.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  return parsed.range() === 'unicast' && (parsed instanceof ipaddr.IPv4 || parsed.match(GLOBAL_UNICAST));
}

/**
 * A `lookup` for connections, which fails with {@link ADDRESS_NOT_PUBLIC} unless every address of the host is public. What was looked
 * at is what is connected to: a name server has no second answer to give.
 *
 * @param isExempt - Which hosts may be anywhere.
 */
export function publicLookup(resolve: Resolve, isExempt: (host: string) => boolean): LookupFunction {
  const resolvePublic: Resolve = async (host) => {
    const found = await resolve(host);
    if (isExempt(host) || found.every(({ address }) => isPublicAddress(address))) return found;
    throw Object.assign(new Error('the host is at an address that is not public'), {
      code: ADDRESS_NOT_PUBLIC,
    });
  };
  return (host, { all: wantsAll }, answer) => {
    resolvePublic(host).then(
      (found) => {
        const [first] = found;
        if (!first) answer(Object.assign(new Error('the host has no address'), { code: 'ENOTFOUND' }), []);
        else if (wantsAll) answer(null, [...found]);
        else answer(null, first.address, first.family);
      },
      (error) => answer(error, []),
    );
  };
}
