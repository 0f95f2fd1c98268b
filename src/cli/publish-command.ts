import { Command, InvalidArgumentError, Option } from 'commander';
import { KNOWN_ZONES } from '../catalog/zones.js';
import { type ChannelSettings, CONSENT_CATEGORIES } from '../store/publication.js';
import { publish } from '../store/publish.js';
import { checkSdk, readRelease } from '../store/release.js';
import type { Io } from './io.js';
import { chooseChannels, type StoreChangeOptions, tellChange } from './store-change.js';
import { addStoreOptions, connect, type StoreOptions } from './store-options.js';

interface PublishOptions extends StoreOptions, StoreChangeOptions {
  readonly programDomain: string;
  readonly sdkUrl: string;
  readonly consentCategory: (typeof CONSENT_CATEGORIES)[number];
  readonly requireConsent?: boolean;
  readonly zones?: readonly string[];
  readonly zoneHeight?: Readonly<Record<string, number>>;
  readonly orderConfirmation: boolean;
  readonly conversion?: boolean;
  readonly upgradeWidgets?: boolean;
}

/** The order confirmation has its own. */
const AUTOMATIC_ZONES: readonly string[] = KNOWN_ZONES.map(({ name }) => name).filter(
  (name) => name !== 'confirmation',
);

/** Makes the command that puts Extole into a store. */
export function publishCommand(io: Io, done: (exitCode: number) => void): Command {
  const command = new Command('publish')
    .description('Puts the scripts and the Page Builder widget into a store, or brings them up to date.')
    .requiredOption('--program-domain <host>', "the merchant's program domain, such as share.brand.com")
    .requiredOption('--sdk-url <url>', "where this version's extole-storefront.js is served from")
    .addOption(channelOption())
    .option('--all-channels', 'publish to every Stencil storefront')
    .addOption(
      new Option('--consent-category <category>', "of BigCommerce's consent banner")
        .choices(CONSENT_CATEGORIES)
        .default('targeting'),
    )
    .option('--require-consent', 'ask Extole for nothing before the shopper agrees, on the page as well')
    .option('--zones <names>', `zones that show without a widget: ${AUTOMATIC_ZONES.join(', ')}`, zonesFrom)
    .option(
      '--zone-height <zone=px>',
      'the room that the page keeps for such a zone; repeat it',
      heightFrom,
      {},
    )
    .option('--no-order-confirmation', 'leave the order confirmation page alone')
    .option('--conversion', 'have the order confirmation page tell Extole of the order')
    .option('--upgrade-widgets', 'move the widgets that merchants placed to the newest version')
    .option('--dry-run', 'print the plan and change nothing')
    .option('--json', 'print what was done as JSON');
  return addStoreOptions(command).action(async (options: PublishOptions) => {
    const change = tellChange(
      async (progress) => {
        const release = await readRelease(options.sdkUrl);
        const client = await connect(options, io);
        await checkSdk(release.sdk);
        const channelIds = await chooseChannels(client, options, io);
        const channels = channelIds.map((channelId) => settingsFor(channelId, options));
        const { upgradeWidgets = false, dryRun = false } = options;
        return publish(client, { channels, release, upgradeWidgets, isDryRun: dryRun }, progress);
      },
      options,
      io,
    );
    done(await change);
  });
}

/** `--channel`, once or several times. */
export function channelOption(): Option {
  return new Option('--channel <id>', 'a storefront, by its channel id; repeat it for several').argParser(
    (text: string, before: readonly number[] = []) => {
      if (!/^[1-9]\d{0,9}$/.test(text))
        throw new InvalidArgumentError('A channel id is a whole number from 1.');
      return [...before, Number(text)];
    },
  );
}

function settingsFor(channelId: number, options: PublishOptions): ChannelSettings {
  const { zones, zoneHeight, consentCategory } = options;
  return {
    channelId,
    programDomain: options.programDomain,
    scriptConsentCategory: consentCategory,
    orderConfirmation: options.orderConfirmation,
    // What the page waits for is the category that its scripts are in. Essential ones wait for nobody, so that the SDK's own default counts.
    ...(options.requireConsent && {
      consent: 'required',
      ...(consentCategory !== 'essential' && { consentCategory }),
    }),
    ...(zones && { zones }),
    ...(zones && zoneHeight && { zoneHeightsPx: zoneHeight }),
    ...(options.conversion && { conversion: true }),
  };
}

function zonesFrom(text: string): string[] {
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !AUTOMATIC_ZONES.includes(name));
  if (unknown === undefined) return names;
  throw new InvalidArgumentError(`"${unknown}" is none of ${AUTOMATIC_ZONES.join(', ')}.`);
}

function heightFrom(text: string, before: Readonly<Record<string, number>> = {}): Record<string, number> {
  const [, zone = '', px] = /^([a-z_]+)=(\d{1,4})$/.exec(text) ?? [];
  if (px !== undefined && AUTOMATIC_ZONES.includes(zone)) return { ...before, [zone]: Number(px) };
  throw new InvalidArgumentError('Write it as product=80.');
}
