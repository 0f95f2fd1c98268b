import { VERSION } from '../../src/catalog/version.js';
import { createBigCommerceClient } from '../../src/store/bigcommerce-client.js';
import type { ChannelSettings } from '../../src/store/publication.js';
import { publish, unpublish } from '../../src/store/publish.js';
import { readRelease } from '../../src/store/release.js';
import type { BigCommerceApi } from './bigcommerce/api.js';
import type { StoreContent } from './bigcommerce/store-content.js';
import { CHANNEL_ID } from './stencil-context.js';
import { type PlacedWidget, placeWidgets, SAMPLE_WIDGETS } from './widgets.js';

/** What the merchant of the sample store may choose for the scripts on its pages. */
export interface ScriptSettings
  extends Pick<ChannelSettings, 'consent' | 'consentCategory' | 'zones' | 'conversion'> {
  /** Whether the app's server verifies who is signed in. */
  readonly verification?: boolean;
}

/** What the bar on top of the pages offers. */
export type MerchantChoice = 'banner' | 'placing' | 'extole';

/** The merchant of the sample store, who may have Extole put into it by the code that the command line uses. */
export interface Merchant {
  /** What was published; `undefined` while nothing is. */
  readonly settings: ScriptSettings | undefined;
  /** Whether the store asks its shoppers for consent. */
  readonly isConsentNeeded: boolean;
  /** Where the storefront serves the SDK from, as the command line takes it. */
  readonly sdkUrl: string;
  /** Publishes with these settings. Without any, with as little as there may be. */
  setScripts(settings?: ScriptSettings): Promise<void>;
  /** Drags other widgets onto the pages. Without a list, those of the sample store. */
  setWidgets(placed?: readonly PlacedWidget[]): void;
  /** Asks shoppers for consent or not, places zones by widgets or automatically, or puts Extole into the store and out. */
  choose(choice: MerchantChoice, value: string): Promise<void>;
}

/** Where the storefront serves the SDK from. */
export const SDK_PATH = `/sdk/${VERSION}/`;

/** What a merchant would have shown without widgets, and the room that the page keeps. */
const AUTOMATIC_ZONES = ['global_header', 'global_footer', 'product', 'overlay'];
const ZONE_HEIGHTS_PX = { global_header: 48, global_footer: 24, product: 80 };

/** What a merchant would most likely have. */
const USUAL: ScriptSettings = { conversion: true, verification: true };

/**
 * Makes the merchant, who has done nothing yet.
 *
 * @param store.storefront - Where the store's pages are, and how its shoppers are verified.
 */
export async function createMerchant(store: {
  readonly content: StoreContent;
  readonly api: BigCommerceApi;
  readonly programDomain: string;
  readonly storefront: {
    readonly url: string;
    readonly verification: Required<ChannelSettings>['verification'];
  };
}): Promise<Merchant> {
  const { content, api, programDomain, storefront } = store;
  const client = createBigCommerceClient({
    storeHash: content.storeHash,
    accessToken: api.accessToken,
    apiUrl: api.url,
  });
  const sdkUrl = `${storefront.url}${SDK_PATH}extole-storefront.js`;
  const release = await readRelease(sdkUrl);
  let current: ScriptSettings | undefined;
  let isConsentNeeded = false;
  const askForConsent = (isNeeded: boolean): void => {
    isConsentNeeded = isNeeded;
    api.setFeatures({ shopper_consent_tracking_enabled: isNeeded });
  };

  const merchant: Merchant = {
    get settings() {
      return current;
    },
    get isConsentNeeded() {
      return isConsentNeeded;
    },
    sdkUrl,
    async setScripts(settings = {}) {
      const { verification, ...said } = settings;
      askForConsent(said.consent === 'required');
      const channel: ChannelSettings = {
        ...said,
        channelId: CHANNEL_ID,
        programDomain,
        // Where the page itself asks for consent, BigCommerce need not hold the script back as well.
        scriptConsentCategory: isConsentNeeded ? 'essential' : 'targeting',
        orderConfirmation: true,
        zoneHeightsPx: ZONE_HEIGHTS_PX,
        ...(verification && { verification: storefront.verification }),
      };
      await publish(client, { channels: [channel], release });
      current = settings;
    },
    setWidgets(placed = SAMPLE_WIDGETS) {
      const [template] = content.widgetTemplates.values();
      if (template) placeWidgets(content, template.uuid, CHANNEL_ID, placed);
    },
    async choose(choice, value) {
      if (choice === 'extole' && value === 'out') {
        await unpublish(client, { channelIds: [CHANNEL_ID], deleteWidgets: true });
        current = undefined;
        return;
      }
      if (!current && choice === 'banner') {
        askForConsent(value === 'on');
        return;
      }
      const { consent: _, zones: __, ...others } = current ?? USUAL;
      const isAsking = choice === 'banner' ? value === 'on' : isConsentNeeded;
      const isAutomatic = choice === 'placing' ? value === 'automatic' : current?.zones !== undefined;
      await merchant.setScripts({
        ...others,
        ...(isAsking && { consent: 'required' }),
        ...(isAutomatic && { zones: AUTOMATIC_ZONES }),
      });
      if (choice !== 'banner') merchant.setWidgets(isAutomatic ? [] : SAMPLE_WIDGETS);
    },
  };
  return merchant;
}
