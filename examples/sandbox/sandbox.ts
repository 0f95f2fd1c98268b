import { type ProgramDomain, startProgramDomain } from './program-domain/program-domain.js';
import { type Storefront, startStorefront } from './storefront.js';

export type { CoreMode, ZoneRequest } from './program-domain/program-domain.js';
export type { ScriptSettings } from './scripts.js';
export { PRIVATE_MARK } from './stencil-context.js';
export { PRODUCTS, SHOPPERS } from './store-data.js';
export type { VerificationMode } from './storefront-api.js';
export { type PlacedWidget, SAMPLE_WIDGETS } from './widgets.js';

/** A BigCommerce store with Extole in it, on this machine. */
export interface Sandbox
  extends Pick<
      ProgramDomain,
      'programDomain' | 'zoneRequests' | 'clearZoneRequests' | 'coreRequests' | 'logouts' | 'setCoreMode'
    >,
    Pick<Storefront, 'setWidgets' | 'setGraphqlDelay' | 'setScripts' | 'setVerification'> {
  /** `http://localhost:4000` */
  readonly storefrontUrl: string;
  /** `http://localhost:4001` */
  readonly programDomainUrl: string;
  /** The page that says what to try. */
  readonly startUrl: string;
  /** Stops all of it. */
  close(): Promise<void>;
}

const USUAL_PORTS = { storefront: 4000, program: 4001 };

/**
 * Starts the store and its program domain. The SDK has to be built before.
 *
 * @param options.ports - `usual`: 4000 and 4001 where they are free. `free`: any that are.
 */
export async function startSandbox(options: { ports?: 'usual' | 'free' } = {}): Promise<Sandbox> {
  const ports = options.ports === 'free' ? { storefront: 0, program: 0 } : USUAL_PORTS;
  const program = await startProgramDomain({ port: ports.program });
  try {
    const storefront = await startStorefront({ program, port: ports.storefront });
    const { url: programDomainUrl, ...ofProgram } = program;
    const { url: storefrontUrl, ...ofStorefront } = storefront;
    return {
      ...ofProgram,
      ...ofStorefront,
      storefrontUrl,
      programDomainUrl,
      startUrl: `${storefrontUrl}/sandbox`,
      close: async () => {
        await Promise.all([storefront.close(), program.close()]);
      },
    };
  } catch (error) {
    await program.close();
    throw error;
  }
}
