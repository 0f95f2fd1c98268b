import { type BigCommerceApi, startBigCommerceApi } from './bigcommerce/api.js';
import { emptyStore, type StoreContent } from './bigcommerce/store-content.js';
import { createMerchant, type Merchant } from './merchant.js';
import { type ControlPanel, startControlPanel } from './page-builder/control-panel.js';
import { type ProgramDomain, startProgramDomain } from './program-domain/program-domain.js';
import { STORE_HASH } from './stencil-context.js';
import { type Storefront, startStorefront } from './storefront.js';
import { readTheme, regionsOf } from './theme.js';

export type { ScriptSettings } from './merchant.js';
export type { CoreMode, ZoneRequest } from './program-domain/program-domain.js';
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
    Pick<Storefront, 'setGraphqlDelay' | 'setVerification'>,
    Pick<Merchant, 'setScripts' | 'setWidgets'> {
  /** `http://localhost:4000` */
  readonly storefrontUrl: string;
  /** `http://localhost:4001` */
  readonly programDomainUrl: string;
  /** BigCommerce's REST API of the store: `http://localhost:4002`, and how a test sees and disturbs it. */
  readonly api: BigCommerceApi;
  /** Page Builder, in the control panel: `http://localhost:4003/manage/page-builder/?channelId=1` */
  readonly pageBuilderUrl: string;
  /** Forgets what was drafted in Page Builder. */
  discardDrafts(): void;
  /** What the store holds. */
  readonly content: StoreContent;
  /** Where the storefront serves the SDK from, as `--sdk-url` takes it. */
  readonly sdkUrl: string;
  /** The page that says what to try. */
  readonly startUrl: string;
  /** Stops all of it. */
  close(): Promise<void>;
}

const USUAL_PORTS = { storefront: 4000, program: 4001, api: 4002, controlPanel: 4003 };
const FREE_PORTS = { storefront: 0, program: 0, api: 0, controlPanel: 0 };

/**
 * Starts the store with BigCommerce's API and its program domain, and has Extole put into it. The project has to be built before.
 *
 * @param options.ports - `usual`: 4000 and up where they are free. `free`: any that are.
 */
export async function startSandbox(options: { ports?: 'usual' | 'free' } = {}): Promise<Sandbox> {
  const ports = options.ports === 'free' ? FREE_PORTS : USUAL_PORTS;
  const theme = readTheme();
  const content = emptyStore({ storeHash: STORE_HASH, name: 'Juniper & Oak', regions: regionsOf(theme) });
  const started: { close(): Promise<void> }[] = [];
  const start = async <T extends { close(): Promise<void> }>(starting: Promise<T>): Promise<T> => {
    const one = await starting;
    started.push(one);
    return one;
  };
  const close = async (): Promise<void> => {
    await Promise.all(started.map((one) => one.close()));
  };
  try {
    const program = await start(startProgramDomain({ port: ports.program }));
    const storefront = await start(
      startStorefront({
        content,
        theme,
        programUrl: program.url,
        merchant: () => merchant,
        controlPanel: () => controlPanel,
        apiUrl: () => api.url,
        port: ports.storefront,
      }),
    );
    const api: BigCommerceApi = await start(
      startBigCommerceApi({ content, site: () => storefront.url, port: ports.api }),
    );
    const controlPanel: ControlPanel = await start(
      startControlPanel({ content, storefrontUrl: storefront.url, port: ports.controlPanel }),
    );
    const { programDomain } = program;
    const merchant: Merchant = await createMerchant({ content, api, programDomain, storefront });
    return {
      ...program,
      ...storefront,
      setScripts: merchant.setScripts,
      setWidgets: merchant.setWidgets,
      storefrontUrl: storefront.url,
      programDomainUrl: program.url,
      api,
      pageBuilderUrl: controlPanel.pageBuilderUrl,
      discardDrafts: controlPanel.discardDrafts,
      content,
      sdkUrl: merchant.sdkUrl,
      startUrl: `${storefront.url}/sandbox`,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
