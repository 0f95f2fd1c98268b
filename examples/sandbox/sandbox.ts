import { randomBytes } from 'node:crypto';
import { NEEDED_SCOPES } from '../../src/app/install/scopes.js';
import type { RunningApp } from './app.js';
import { type BigCommerceApi, startBigCommerceApi } from './bigcommerce/api.js';
import { createHookDelivery, type HookDelivery } from './bigcommerce/hook-delivery.js';
import { emptyStore, type StoreContent } from './bigcommerce/store-content.js';
import { createAppInstallation } from './control-panel/app-installation.js';
import { type ControlPanel, startControlPanel } from './control-panel/control-panel.js';
import { type ExtoleApi, openAccount, startExtoleApi } from './extole-api/extole-api.js';
import { freePort } from './listen.js';
import { createMerchant, type Merchant } from './merchant.js';
import { type ProgramDomain, startProgramDomain } from './program-domain/program-domain.js';
import { STORE_HASH } from './stencil-context.js';
import { CATEGORIES, PRODUCTS } from './store-data.js';
import { type Storefront, startStorefront } from './storefront.js';
import { readTheme, regionsOf } from './theme.js';

export type { ScriptSettings } from './merchant.js';
export type { CoreMode, ZoneRequest } from './program-domain/program-domain.js';
export { PRIVATE_MARK } from './stencil-context.js';
export { PRODUCTS, SHOPPERS } from './store-data.js';
export type { VerificationMode } from './storefront-api.js';
export { type PlacedWidget, SAMPLE_WIDGETS } from './widgets.js';

/** A BigCommerce store on this machine, with Extole in it or with the app that brings it. */
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
  /** The list of apps, in the control panel: `http://localhost:4003/manage/apps`. Only there with the app. */
  readonly appsUrl: string;
  /** The orders, in the control panel: `http://localhost:4003/manage/orders`. Only there with the app. */
  readonly ordersUrl: string;
  /** The promotions and their codes, in the control panel: `http://localhost:4003/manage/promotions`. Only there with the app. */
  readonly promotionsUrl: string;
  /** Where an operator of Extole's sees to rewards: `http://localhost:4001/operator` */
  readonly operatorUrl: string;
  /** What sends the store's webhooks. */
  readonly webhooks: HookDelivery;
  /** Extole's API, where the app was asked for. */
  readonly extole: ExtoleApi | undefined;
  /** The app, where it was asked for. */
  readonly app: RunningApp | undefined;
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

const USUAL_PORTS = {
  storefront: 4000,
  program: 4001,
  api: 4002,
  controlPanel: 4003,
  app: 4004,
  extole: 4005,
};
/** After how long a reward webhook comes again that failed: nobody who watches waits for hours. */
const HASTY_RETRIES_MS = [5_000, 30_000, 120_000];

const FREE_PORTS = { storefront: 0, program: 0, api: 0, controlPanel: 0, app: 0, extole: 0 };

/**
 * Starts the store with BigCommerce's API, its control panel and its program domain. The project has to be built before.
 *
 * @param options.ports - `usual`: 4000 and up where they are free. `free`: any that are.
 * @param options.app - Whether the app is started too, ready to be installed. Then the store begins without Extole; otherwise
 *   Extole is put into it as the command line does.
 */
export async function startSandbox(
  options: { ports?: 'usual' | 'free'; app?: boolean } = {},
): Promise<Sandbox> {
  const ports = options.ports === 'free' ? FREE_PORTS : USUAL_PORTS;
  const theme = readTheme();
  const content = emptyStore({ storeHash: STORE_HASH, name: 'Juniper & Oak', regions: regionsOf(theme) });
  for (const { id, name } of CATEGORIES) content.categories.set(id, { id, name });
  for (const { id, title: name, category } of PRODUCTS)
    content.products.set(id, { id, name, categories: [category.id] });
  const credentials = { clientId: 'sandbox-app', clientSecret: randomBytes(32).toString('hex') };
  const started: { close(): Promise<void> }[] = [];
  const start = async <T extends { close(): Promise<void> }>(starting: Promise<T>): Promise<T> => {
    const one = await starting;
    started.push(one);
    return one;
  };
  const close = async (): Promise<void> => {
    await Promise.all(started.map((one) => one.close()));
  };
  // On another site than the control panel, as it is for merchants, so that browsers treat its cookies as a third party's.
  const appUrl = options.app ? `http://127.0.0.1:${await freePort(ports.app)}` : undefined;
  try {
    const installation = appUrl
      ? createAppInstallation(
          {
            ...credentials,
            name: 'Extole',
            summary: 'Referral programs for your customers, in your store.',
            scopes: NEEDED_SCOPES,
            url: appUrl,
          },
          { storeHash: STORE_HASH, api: () => api },
        )
      : undefined;
    const account = openAccount({ retryIntervalsMs: HASTY_RETRIES_MS });
    const program = await start(startProgramDomain({ port: ports.program, account }));
    const extole = installation
      ? await start(startExtoleApi({ port: ports.extole, onEvent: program.showEvent, account }))
      : undefined;
    const webhooks = createHookDelivery({
      content,
      clientSecretOf: (clientId) =>
        clientId === credentials.clientId ? credentials.clientSecret : undefined,
    });
    started.push(webhooks);
    const storefront = await start(
      startStorefront({
        content,
        theme,
        programUrl: program.url,
        merchant: () => merchant,
        controlPanel: () => controlPanel,
        apiUrl: () => api.url,
        credentials,
        app: installation &&
          extole && {
            url: installation.app.url,
            accessToken: extole.accessToken,
            isInstalled: () => installation.isInstalled,
          },
        port: ports.storefront,
      }),
    );
    const api: BigCommerceApi = await start(
      startBigCommerceApi({ content, site: () => storefront.url, port: ports.api }),
    );
    const controlPanel: ControlPanel = await start(
      startControlPanel({
        content,
        storefrontUrl: storefront.url,
        installation,
        surroundings: extole && { webhooks, extole },
        port: ports.controlPanel,
      }),
    );
    const { programDomain } = program;
    const merchant: Merchant = await createMerchant({ content, api, programDomain, storefront });
    let app: RunningApp | undefined;
    if (installation && extole) {
      // Only who asks for the app waits for its database and all that comes with it.
      const { runApp } = await import('./app.js');
      app = await start(
        runApp({
          registration: installation.app,
          bigcommerceApiUrl: api.url,
          controlPanelUrl: controlPanel.url,
          extole,
        }),
      );
    } else {
      await merchant.setScripts();
      merchant.setWidgets();
    }
    return {
      ...program,
      ...storefront,
      setScripts: merchant.setScripts,
      setWidgets: merchant.setWidgets,
      storefrontUrl: storefront.url,
      programDomainUrl: program.url,
      api,
      pageBuilderUrl: controlPanel.pageBuilderUrl,
      appsUrl: controlPanel.appsUrl,
      ordersUrl: controlPanel.ordersUrl,
      promotionsUrl: controlPanel.promotionsUrl,
      webhooks,
      extole,
      app,
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
