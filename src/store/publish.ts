import { setTimeout as sleep } from 'node:timers/promises';
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
  wantedScripts,
  wantedTemplate,
} from './publication.js';
import { StoreError } from './store-error.js';

/** How a change of a store goes on. */
export interface Progress {
  /** The plan, before anything is changed. Again whenever it had to be made anew. */
  onPlan?(plan: Plan): void;
  /** What it answers with for a step that begins is waited for; when that rejects, neither this step nor another one is done. */
  onStep?(step: Step, state: 'begun' | 'done' | 'failed'): unknown;
}

/** What was to be done, and what was. */
export interface Outcome extends Plan {
  /** The steps that were carried out: those of the plan, unless it had to be made anew. None after a dry run. */
  readonly done: readonly Step[];
}

/** A change of a store that ended half way. What is done stays done. */
export class UnfinishedError extends StoreError {
  override readonly name = 'UnfinishedError';

  constructor(
    readonly done: readonly Step[],
    /** What is left to do, as far as is known. */
    readonly remaining: readonly Step[],
    why: string,
    /** The failure that ended it; `undefined` when BigCommerce took every change and shows something else. */
    override readonly cause?: StoreError,
  ) {
    super(
      'STORE_CHANGE_UNFINISHED',
      `${done.length} of ${done.length + remaining.length} steps are done. ${why} Once that is mended, run the same again: it goes on from there.`,
    );
  }
}

/** How patiently a change is made, for tests. */
interface Patience {
  /** The pause before the store is looked at again, which counts from 1. Doubles from half a second unless said otherwise. */
  readonly pauseMs?: (look: number) => number;
}

/** What to do for a Catalyst storefront in place of publishing. */
export const CATALYST_ADVICE =
  'Catalyst has no Page Builder widgets and no Handlebars. Add the components of examples/catalyst to its code instead.';

/** How often changes are made, or waited for, before it is given up. One is lost to each answer that did not come. */
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
 * @param options.leavesMissing - Whether nothing is created: what a merchant took out stays out.
 * @param options.isDryRun - Whether to plan only.
 * @throws {StoreError} `CHANNEL_UNKNOWN`, `CHANNEL_IS_CATALYST`, `THEME_NOT_STENCIL`, `SCRIPT_LIMIT_REACHED` or a code of
 *   `wantedScripts`: nothing was changed.
 * @throws {BigCommerceError} When the store can't be read: nothing was changed.
 * @throws {UnfinishedError} `STORE_CHANGE_UNFINISHED`, with what is done and what is left.
 */
export async function publish(
  client: BigCommerceClient,
  options: Patience & {
    readonly channels: readonly ChannelSettings[];
    readonly release: Release;
    readonly upgradeWidgets?: boolean;
    readonly leavesMissing?: boolean;
    readonly isDryRun?: boolean;
  },
  progress: Progress = {},
): Promise<Outcome> {
  const { channels, release, upgradeWidgets, leavesMissing = false } = options;
  const notices = [...(await checkStore(client, channels)), ...(await checkRegions(client, channels))];
  const wantedBy = (layout: ScriptLayout): Wanted => ({
    channelIds: channels.map(({ channelId }) => channelId),
    scripts: channels.flatMap((settings) => wantedScripts(settings, release, layout)),
    templates: channels.map(({ channelId }) => wantedTemplate(channelId, release)),
    placedWidgets: upgradeWidgets ? 'upgrade' : 'keep',
    leavesMissing,
  });
  return settle(client, await readStore(client), wantedBy, notices, options, progress);
}

/**
 * Takes Extole out of a store: scripts, widget templates and, where asked for, the widgets that merchants placed. A template
 * whose widgets stay, stays too.
 *
 * @param options.channelIds - The storefronts to take it out of. One that the store has no more is fine if something of ours is left.
 * @param options.deleteWidgets - Whether widgets that merchants placed go as well.
 * @param options.isDryRun - Whether to plan only.
 * @throws {StoreError} `CHANNEL_UNKNOWN`: nothing was changed.
 * @throws {BigCommerceError} When the store can't be read: nothing was changed.
 * @throws {UnfinishedError} `STORE_CHANGE_UNFINISHED`, with what is done and what is left.
 */
export async function unpublish(
  client: BigCommerceClient,
  options: Patience & {
    readonly channelIds: readonly number[];
    readonly deleteWidgets?: boolean;
    readonly isDryRun?: boolean;
  },
  progress: Progress = {},
): Promise<Outcome> {
  const { channelIds, deleteWidgets } = options;
  const [channels, state] = await Promise.all([client.storefronts(), readStore(client)]);
  const marked = new Set([...state.scripts, ...state.templates].map(({ channelId }) => channelId));
  for (const id of channelIds) if (!marked.has(id)) requireChannel(channels, id);
  const wanted: Wanted = {
    channelIds,
    scripts: [],
    templates: [],
    placedWidgets: deleteWidgets ? 'delete' : 'keep',
    leavesMissing: false,
  };
  return settle(client, state, () => wanted, [], options, progress);
}

/**
 * The storefronts of a store, by what can be done with them.
 *
 * @throws {BigCommerceError} When they can't be read.
 */
export async function storefrontsOf(
  client: BigCommerceClient,
): Promise<{ readonly stencil: readonly Channel[]; readonly catalyst: readonly Channel[] }> {
  const channels = await client.storefronts();
  return {
    stencil: channels.filter(({ platform }) => platform !== 'catalyst'),
    catalyst: channels.filter(({ platform }) => platform === 'catalyst'),
  };
}

async function checkStore(client: BigCommerceClient, wanted: readonly ChannelSettings[]): Promise<Notice[]> {
  const [information, channels] = await Promise.all([client.storeInformation(), client.storefronts()]);
  const { stencil_enabled, checkout_type } = information.features ?? {};
  if (stencil_enabled === false) {
    throw new StoreError(
      'THEME_NOT_STENCIL',
      'the store uses a Blueprint theme, where neither scripts of the Scripts API nor widgets show. Move it to a Stencil theme first.',
    );
  }
  for (const { channelId } of wanted) {
    const { platform } = requireChannel(channels, channelId);
    if (platform === 'catalyst') {
      throw new StoreError(
        'CHANNEL_IS_CATALYST',
        `channel ${channelId} is a Catalyst storefront. ${CATALYST_ADVICE}`,
      );
    }
  }
  const wantsConfirmation = wanted.some(({ orderConfirmation }) => orderConfirmation);
  if (!wantsConfirmation || !checkout_type || checkout_type === 'optimized') return [];
  return [
    {
      code: 'CHECKOUT_SHOWS_NO_SCRIPTS',
      message: `The order confirmation page shows no scripts, since the checkout is "${checkout_type}". Switch the store to Optimized One-Page Checkout, or publish without the order confirmation.`,
    },
  ];
}

function requireChannel(channels: readonly Channel[], channelId: number): Channel {
  const channel = channels.find(({ id }) => id === channelId);
  if (channel) return channel;
  const known = channels.map(({ id, name }) => `${id} (${name})`).join(', ');
  throw new StoreError(
    'CHANNEL_UNKNOWN',
    `the store has no storefront with the channel id ${channelId}. It has ${known || 'none'}.`,
  );
}

/** An automatic zone whose regions the theme has not would never show. */
async function checkRegions(
  client: BigCommerceClient,
  wanted: readonly ChannelSettings[],
): Promise<Notice[]> {
  const notices: Notice[] = [];
  for (const { channelId, zones = [] } of wanted) {
    const placed = zones.flatMap((zone) => {
      const regions = ZONE_REGIONS[zone];
      return regions ? [{ zone, regions, page: zone === 'product' ? 'pages/product' : 'pages/home' }] : [];
    });
    for (const page of new Set(placed.map((one) => one.page))) {
      const there = await regionNames(client, page, channelId);
      const lost = placed.filter(
        (one) => one.page === page && there && !one.regions.some((region) => there.includes(region)),
      );
      notices.push(
        ...lost.map(
          ({ zone, regions }): Notice => ({
            code: 'ZONE_HAS_NO_REGION',
            message: `The theme of channel ${channelId} has none of the regions that "${zone}" shows in by itself: ${regions.join(', ')}. Add one to ${page}, or drag the widget.`,
          }),
        ),
      );
    }
  }
  return notices;
}

/** @returns `undefined` where BigCommerce does not tell, which is no reason not to publish. */
async function regionNames(
  client: BigCommerceClient,
  templateFile: string,
  channelId: number,
): Promise<string[] | undefined> {
  try {
    return (await client.regions(templateFile, channelId)).map(({ name }) => name);
  } catch (error) {
    if (error instanceof BigCommerceError && (error.status === 404 || error.status === 422)) return undefined;
    throw error;
  }
}

/**
 * Plans, changes and looks until the store is as it should be.
 *
 * @param state - What the store holds, as it was looked at first.
 */
async function settle(
  client: BigCommerceClient,
  state: StoreState,
  wantedBy: (layout: ScriptLayout) => Wanted,
  noticed: readonly Notice[],
  { isDryRun = false, pauseMs = (look) => 250 * 2 ** look }: Patience & { readonly isDryRun?: boolean },
  progress: Progress,
): Promise<Outcome> {
  let layout = layoutOf(state);
  const planFor = (is: StoreState): Plan => {
    const { steps, notices } = planSteps(wantedBy(layout), is);
    return { steps, notices: [...noticed, ...notices] };
  };
  const first = planFor(state);
  progress.onPlan?.(first);
  if (isDryRun) return { ...first, done: [] };

  const done = new Map<string, Step>();
  let plan = first;
  for (let round = 1; plan.steps.length > 0; round += 1) {
    if (round > MAX_ROUNDS) {
      const why = 'BigCommerce took every change, and shows something else than it was given.';
      throw new UnfinishedError([...done.values()], plan.steps, why);
    }
    if (round > 1) await sleep(pauseMs(round - 1));
    let unanswered: Step | undefined;
    // What was taken and does not show yet is not made again: lists may lag behind.
    for (const step of plan.steps.filter((planned) => !done.has(keyOf(planned)))) {
      await progress.onStep?.(step, 'begun');
      try {
        await step.run(client);
        done.set(keyOf(step), step);
        progress.onStep?.(step, 'done');
      } catch (error) {
        progress.onStep?.(step, 'failed');
        if (!(error instanceof BigCommerceError)) throw error;
        // Half of a script that is split would do nothing.
        const maySplit = layout === 'whole' && !wantedBy(layout).leavesMissing;
        if (maySplit && isRefusedForItsTags(step, error)) layout = 'split';
        else if (isWorthAnotherLook(error) && round < MAX_ROUNDS) unanswered = step;
        else throw new UnfinishedError([...done.values()], without(plan.steps, done), error.message, error);
        break;
      }
    }
    try {
      plan = planFor(await readStore(client));
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      throw new UnfinishedError([...done.values()], without(plan.steps, done), error.message, error);
    }
    if (unanswered && without(plan.steps, done).every((step) => keyOf(step) !== keyOf(unanswered))) {
      done.set(keyOf(unanswered), unanswered);
    }
    if (without(plan.steps, done).length > 0) progress.onPlan?.(plan);
  }
  return { steps: first.steps, notices: plan.notices, done: [...done.values()] };
}

const keyOf = ({ action, object, name, channelId, uuid }: Step): string =>
  [action, object, channelId, uuid ?? name].join(' ');

const without = (steps: readonly Step[], done: ReadonlyMap<string, Step>): Step[] =>
  steps.filter((step) => !done.has(keyOf(step)));

/** The store itself says what BigCommerce took last time. */
function layoutOf({ scripts }: StoreState): ScriptLayout {
  return scripts.some(({ part }) => /-(configuration|sdk)$/.test(part)) ? 'split' : 'whole';
}

function isRefusedForItsTags({ object }: Step, { status, fields }: BigCommerceError): boolean {
  return object === 'script' && status === 422 && fields.includes('html');
}

/** An answer that did not come leaves open what was done; a 404 tells that somebody else was there. */
function isWorthAnotherLook({ isOutcomeUnknown, code }: BigCommerceError): boolean {
  return isOutcomeUnknown || code === 'BIGCOMMERCE_NOT_FOUND';
}
