import { ZONE_REGIONS } from '../catalog/zones.js';
import type { BigCommerceClient } from './bigcommerce-client.js';
import { BigCommerceError } from './bigcommerce-error.js';
import type { Channel } from './bigcommerce-types.js';
import {
  type Notice,
  type Plan,
  planSteps,
  readStore,
  type Step,
  type StoreState,
  type Wanted,
} from './plan.js';
import {
  type ChannelSettings,
  type Release,
  type ScriptLayout,
  scriptState,
  wantedScripts,
  wantedTemplate,
} from './publication.js';

/** How a change of a store goes on. */
export interface Progress {
  /** The plan, before anything is changed. Again whenever it had to be made anew. */
  onPlan?(plan: Plan): void;
  onStep?(step: Step, state: 'begun' | 'done'): void;
}

/** What was asked for, and how it ended. */
export interface Outcome extends Plan {
  /** Of the plan's steps, those that were carried out. None after a dry run. */
  readonly done: readonly Step[];
}

/** A change of a store that ended half way. What is done stays done; making it again goes on from there. */
export class UnfinishedError extends Error {
  override readonly name = 'UnfinishedError';
  readonly code = 'STORE_CHANGE_UNFINISHED';

  constructor(
    readonly done: readonly Step[],
    /** What is left to do, as far as is known. */
    readonly remaining: readonly Step[],
    override readonly cause: unknown,
  ) {
    super(
      `STORE_CHANGE_UNFINISHED: ${done.length} of ${done.length + remaining.length} steps are done. Run the same again: it goes on from there. ${cause instanceof Error ? cause.message : ''}`,
      { cause },
    );
  }
}

/** A store that can't be published to as asked. */
export class StoreUnfitError extends Error {
  override readonly name = 'StoreUnfitError';

  constructor(
    readonly code: 'CHANNEL_UNKNOWN' | 'CHANNEL_IS_CATALYST' | 'THEME_NOT_STENCIL',
    message: string,
  ) {
    super(`${code}: ${message}`);
  }
}

/** What to do for a Catalyst storefront in place of publishing. */
export const CATALYST_ADVICE =
  'Catalyst has no Page Builder widgets and no Handlebars. Add the components of examples/catalyst to its code instead.';

/** Rounds of looking and changing. A round is lost to each answer that did not come. */
const MAX_ROUNDS = 5;

/**
 * Puts Extole into a store, or brings what is there up to date.
 *
 * Looks at the store, plans, and makes only the changes that are needed; then looks again, so that when it settles the
 * store is known to be as it should be. It may be stopped at any time and run again. What it made before it knows by marks
 * in the store's own objects.
 *
 * @param options.channels - The settings of each storefront to publish to; others are left alone.
 * @param options.upgradeWidgets - Whether widgets that merchants placed move to the newest template.
 * @param options.isDryRun - Whether to plan only.
 * @throws {StoreUnfitError} `CHANNEL_UNKNOWN`, `CHANNEL_IS_CATALYST`, `THEME_NOT_STENCIL`; nothing was changed.
 * @throws {RangeError} The codes of `wantedScripts`, and `SCRIPT_LIMIT_REACHED`; nothing was changed.
 * @throws {BigCommerceError} When the store can't be read.
 * @throws {UnfinishedError} `STORE_CHANGE_UNFINISHED`, with what is done and what is left.
 */
export async function publish(
  client: BigCommerceClient,
  options: {
    readonly channels: readonly ChannelSettings[];
    readonly release: Release;
    readonly upgradeWidgets?: boolean;
    readonly isDryRun?: boolean;
  },
  progress: Progress = {},
): Promise<Outcome> {
  const { channels, release, upgradeWidgets, isDryRun } = options;
  const notices = [...(await checkStore(client, channels)), ...(await checkRegions(client, channels))];
  const wantedBy = (layout: ScriptLayout): Wanted => ({
    channelIds: channels.map(({ channelId }) => channelId),
    scripts: channels.flatMap((settings) => wantedScripts(settings, release, layout)),
    templates: channels.map((settings) => wantedTemplate(settings, release)),
    placedWidgets: upgradeWidgets ? 'upgrade' : 'keep',
  });
  const outcome = await settle(client, wantedBy, { isDryRun, progress });
  return { ...outcome, notices: [...notices, ...outcome.notices] };
}

/**
 * Takes Extole out of a store: scripts, widget templates and, where asked for, the widgets that merchants placed. A template
 * whose widgets stay, stays too.
 *
 * @param options.channelIds - The storefronts to take it out of.
 * @param options.deleteWidgets - Whether widgets that merchants placed go as well.
 * @param options.isDryRun - Whether to plan only.
 * @throws As {@link publish}, but for `RangeError`.
 */
export async function unpublish(
  client: BigCommerceClient,
  options: {
    readonly channelIds: readonly number[];
    readonly deleteWidgets?: boolean;
    readonly isDryRun?: boolean;
  },
  progress: Progress = {},
): Promise<Outcome> {
  const { channelIds, deleteWidgets, isDryRun } = options;
  const wanted: Wanted = {
    channelIds,
    scripts: [],
    templates: [],
    placedWidgets: deleteWidgets ? 'delete' : 'keep',
  };
  return settle(client, () => wanted, { isDryRun, progress });
}

/**
 * The storefronts of a store, by what can be done with them.
 *
 * @throws {BigCommerceError} When they can't be read.
 */
export async function storefrontsOf(
  client: BigCommerceClient,
): Promise<{ readonly stencil: readonly Channel[]; readonly catalyst: readonly Channel[] }> {
  const channels = (await client.storefronts()).filter(
    ({ status }) => status !== 'deleted' && status !== 'terminated' && status !== 'archived',
  );
  return {
    stencil: channels.filter(({ platform }) => platform !== 'catalyst'),
    catalyst: channels.filter(({ platform }) => platform === 'catalyst'),
  };
}

async function checkStore(client: BigCommerceClient, wanted: readonly ChannelSettings[]): Promise<Notice[]> {
  const [{ features = {} }, { stencil, catalyst }] = await Promise.all([
    client.storeInformation(),
    storefrontsOf(client),
  ]);
  if (features.stencil_enabled === false) {
    throw new StoreUnfitError(
      'THEME_NOT_STENCIL',
      'the store uses a Blueprint theme, where neither scripts of the Scripts API nor widgets show. Move it to a Stencil theme first.',
    );
  }
  for (const { channelId } of wanted) {
    if (stencil.some(({ id }) => id === channelId)) continue;
    if (catalyst.some(({ id }) => id === channelId)) {
      throw new StoreUnfitError(
        'CHANNEL_IS_CATALYST',
        `channel ${channelId} is a Catalyst storefront. ${CATALYST_ADVICE}`,
      );
    }
    const known = stencil.map(({ id, name }) => `${id} (${name})`).join(', ');
    throw new StoreUnfitError(
      'CHANNEL_UNKNOWN',
      `the store has no storefront with the channel id ${channelId}. It has ${known || 'none'}.`,
    );
  }
  const wantsConfirmation = wanted.some(({ orderConfirmation }) => orderConfirmation);
  return wantsConfirmation && features.checkout_type && features.checkout_type !== 'optimized'
    ? [
        {
          code: 'CHECKOUT_SHOWS_NO_SCRIPTS',
          message: `The order confirmation page shows no scripts, since the checkout is "${features.checkout_type}". Switch the store to Optimized One-Page Checkout, or publish without the order confirmation.`,
        },
      ]
    : [];
}

/** An automatic zone whose regions the theme has not would never show. */
async function checkRegions(
  client: BigCommerceClient,
  wanted: readonly ChannelSettings[],
): Promise<Notice[]> {
  const notices: Notice[] = [];
  for (const { channelId, zones = [] } of wanted) {
    for (const zone of zones) {
      const regions = ZONE_REGIONS[zone];
      if (!regions) continue;
      const page = zone === 'product' ? 'pages/product' : 'pages/home';
      const there = (await client.regions(page, channelId)).map(({ name }) => name);
      if (regions.some((region) => there.includes(region))) continue;
      notices.push({
        code: 'ZONE_HAS_NO_REGION',
        message: `The theme of channel ${channelId} has none of the regions that "${zone}" shows in by itself: ${regions.join(', ')}. Add one to ${page}, or drag the widget.`,
      });
    }
  }
  return notices;
}

/** Looks, plans and changes until the store is as it should be. */
async function settle(
  client: BigCommerceClient,
  wantedBy: (layout: ScriptLayout) => Wanted,
  { isDryRun = false, progress }: { isDryRun?: boolean | undefined; progress: Progress },
): Promise<Outcome> {
  const done: Step[] = [];
  let layout: ScriptLayout | undefined;
  let firstPlan: Plan | undefined;
  let lastError: unknown;
  let remaining: readonly Step[] = [];
  for (let round = 1; round <= MAX_ROUNDS; round += 1) {
    const state = await readStore(client).catch((error: unknown) => {
      if (!firstPlan) throw error;
      throw new UnfinishedError(done, remaining, error);
    });
    layout ??= layoutOf(state);
    const plan = planSteps(wantedBy(layout), state);
    firstPlan ??= plan;
    if (round === 1 || plan.steps.length > 0) progress.onPlan?.(plan);
    if (isDryRun || plan.steps.length === 0) return { steps: firstPlan.steps, notices: plan.notices, done };
    remaining = plan.steps;
    lastError = undefined;
    for (const step of plan.steps) {
      progress.onStep?.(step, 'begun');
      try {
        await step.run(client);
      } catch (error) {
        lastError = error;
        if (layout === 'whole' && isRefusedForItsTags(step, error)) layout = 'split';
        else if (!isWorthAnotherLook(error)) throw new UnfinishedError(done, remaining, error);
        break;
      }
      done.push(step);
      remaining = remaining.slice(1);
      progress.onStep?.(step, 'done');
    }
  }
  throw new UnfinishedError(
    done,
    remaining,
    lastError ?? new Error('BigCommerce took every change, and shows something else than it was given.'),
  );
}

/** The store itself says what BigCommerce took last time. */
function layoutOf({ scripts }: StoreState): ScriptLayout {
  const isSplit = scripts.some(({ description }) =>
    /-(configuration|sdk)$/.test(scriptState(description)?.part ?? ''),
  );
  return isSplit ? 'split' : 'whole';
}

function isRefusedForItsTags({ object }: Step, error: unknown): boolean {
  return (
    object === 'script' &&
    error instanceof BigCommerceError &&
    error.status === 422 &&
    error.fields.includes('html')
  );
}

/** An answer that did not come leaves open what was done; a 404 tells that somebody else was there. */
function isWorthAnotherLook(error: unknown): boolean {
  return (
    error instanceof BigCommerceError && (error.isOutcomeUnknown || error.code === 'BIGCOMMERCE_NOT_FOUND')
  );
}
