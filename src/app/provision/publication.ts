import { SWITCHED_ZONES } from '../../catalog/settings.js';
import type { ChannelSettings } from '../../store/publication.js';
import type { AppConfig } from '../config.js';
import type { Database } from '../deps.js';
import { type EffectiveSettings, effectiveSettingsOfStore } from '../settings/settings.js';
import { verificationUrl } from '../shoppers/verification-url.js';

/** What should be on the storefronts of a store. */
export interface Publication {
  /** The storefronts that Extole is on, with what it needs to know there. */
  readonly channels: readonly ChannelSettings[];
  /** Those that nothing of ours may be on, all of Catalyst among them: it would show our Handlebars as it stands. */
  readonly emptyChannelIds: readonly number[];
  /** Catalyst storefronts that are set up: nothing can be put there, since their own code has our components. */
  readonly catalystChannelIds: readonly number[];
}

/**
 * Makes of a store's settings what should be on its storefronts.
 *
 * @param storefronts - Those of the store, as BigCommerce tells of them now or did lately.
 */
export async function publicationOf(
  config: AppConfig,
  db: Database,
  storeHash: string,
  storefronts: readonly { readonly id: number; readonly platform?: string | null | undefined }[],
): Promise<Publication> {
  const settingsOf = await effectiveSettingsOfStore(db, storeHash);
  const all = storefronts.map(({ id, platform }) => ({ id, platform, effective: settingsOf(id) }));
  const isCatalyst = ({ platform }: (typeof all)[number]): boolean => platform === 'catalyst';
  const wanted = all.filter(
    ({ effective: { settings } }) => settings.isEnabled && settings.programDomain !== '',
  );
  const published = wanted.filter((one) => !isCatalyst(one));
  return {
    channels: published.map(({ id, effective }) => channelSettings(config, id, effective)),
    emptyChannelIds: all.filter((one) => !published.includes(one)).map(({ id }) => id),
    catalystChannelIds: wanted.filter(isCatalyst).map(({ id }) => id),
  };
}

function channelSettings(
  config: AppConfig,
  channelId: number,
  { settings, verificationKey }: EffectiveSettings,
): ChannelSettings {
  const { programDomain, zones, orderConfirmation, browserConversion, requireConsent, consentCategory } =
    settings;
  return {
    channelId,
    programDomain,
    zones: SWITCHED_ZONES.filter((name) => zones[name]),
    // The page's script is wanted for the pop-up and for the conversion, each without the other too.
    orderConfirmation: orderConfirmation || browserConversion,
    confirmationPopUp: orderConfirmation,
    ...(browserConversion && { conversion: true }),
    scriptConsentCategory: consentCategory,
    ...(requireConsent && {
      consent: 'required',
      // Essential scripts wait for nobody, so that what the page waits for is the SDK's own default.
      ...(consentCategory !== 'essential' && { consentCategory }),
    }),
    ...(verificationKey && {
      verification: { appClientId: config.clientId, url: verificationUrl(config) },
    }),
  };
}
