import { Command, InvalidArgumentError, Option } from 'commander';
import { CONSENT_CATEGORIES } from '../catalog/consent-categories.js';
import { VERSION } from '../catalog/version.js';
import { KNOWN_ZONES } from '../catalog/zones.js';
import type { ChannelSettings } from '../store/publication.js';
import { publish } from '../store/publish.js';
import { checkSdk, readRelease } from '../store/release.js';
import { CommandError } from './command-error.js';
import type { Io } from './io.js';
import { programDomainOption } from './program-domain-option.js';
import {
  addStoreChangeOptions,
  chooseChannels,
  type StoreChangeOptions,
  tellChange,
} from './store-change.js';
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
    .description(
      'Puts the scripts and the Page Builder widget into a store, or brings them up to date. Say all options each time: what is left out is switched off. --dry-run shows it first.',
    )
    .addOption(programDomainOption("the merchant's program domain").makeOptionMandatory())
    .requiredOption('--sdk-url <url>', "where this version's extole-storefront.js is served from")
    .addOption(
      new Option('--consent-category <category>', "of BigCommerce's consent banner")
        .choices(CONSENT_CATEGORIES)
        .default('targeting'),
    )
    .option('--require-consent', 'ask Extole for nothing before the shopper agrees, on the page as well')
    .option('--zones <names>', `zones that show without a widget: ${AUTOMATIC_ZONES.join(', ')}`, zonesFrom)
    .option('--zone-height <zone=px>', 'the room that the page keeps for such a zone; repeat it', heightFrom)
    .addOption(
      new Option('--no-order-confirmation', 'leave the order confirmation page alone').conflicts(
        'conversion',
      ),
    )
    .option('--conversion', 'have the order confirmation page tell Extole of the order')
    .option('--upgrade-widgets', 'move the widgets that merchants placed to the newest version');
  command.addHelpText(
    'after',
    `\nFor instance:\n  extole-bigcommerce publish --program-domain share.brand.com --sdk-url https://cdn.brand.com/extole/${VERSION}/extole-storefront.js --dry-run`,
  );
  addStoreChangeOptions(command, 'publish to every Stencil storefront');
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
      {
        settled: 'The store is as it should be.',
        hints: { WIDGETS_OUTDATED: '--upgrade-widgets moves them to the newest.' },
      },
      options,
      io,
    );
    done(await change);
  });
}

function settingsFor(channelId: number, options: PublishOptions): ChannelSettings {
  const { zones, zoneHeight = {}, consentCategory } = options;
  const idle = Object.keys(zoneHeight).find((zone) => !zones?.includes(zone));
  if (idle) {
    throw new CommandError(
      'OPTION_INVALID',
      `--zone-height names "${idle}", which --zones does not. Name it in both.`,
    );
  }
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
    ...(zones && { zones, zoneHeightsPx: zoneHeight }),
    ...(options.conversion && { conversion: true }),
  };
}

function zonesFrom(text: string, before: readonly string[] = []): string[] {
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !AUTOMATIC_ZONES.includes(name));
  if (unknown === undefined) return [...before, ...names];
  throw new InvalidArgumentError(`"${unknown}" is none of ${AUTOMATIC_ZONES.join(', ')}.`);
}

function heightFrom(text: string, before: Readonly<Record<string, number>> = {}): Record<string, number> {
  const [, zone = '', px] = /^([a-z_]+)=(\d{1,4})$/.exec(text) ?? [];
  if (px !== undefined && AUTOMATIC_ZONES.includes(zone)) return { ...before, [zone]: Number(px) };
  throw new InvalidArgumentError('Write it as product=80.');
}
