import { InvalidArgumentError, Option } from 'commander';
import { programOrigin } from '../catalog/program-domain.js';

/**
 * `--program-domain`.
 *
 * @param what - What it is for.
 */
export function programDomainOption(what: string): Option {
  return new Option('--program-domain <host>', `${what}, such as share.brand.com`).argParser(
    (written: string) => {
      if (programOrigin(written)) return written.trim().toLowerCase();
      throw new InvalidArgumentError(
        'PROGRAM_DOMAIN_INVALID: give its bare host name, such as share.brand.com, without https:// and path.',
      );
    },
  );
}
