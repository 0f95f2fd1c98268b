import ora from 'ora';
import type { BigCommerceClient } from '../store/bigcommerce-client.js';
import type { Channel } from '../store/bigcommerce-types.js';
import type { Notice, Step } from '../store/plan.js';
import {
  CATALYST_ADVICE,
  type Outcome,
  type Progress,
  storefrontsOf,
  UnfinishedError,
} from '../store/publish.js';
import { CommandError } from './command-error.js';
import type { Io } from './io.js';

/** What the commands that change a store take besides. */
export interface StoreChangeOptions {
  readonly channel?: readonly number[];
  readonly allChannels?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

const SIGNS = { create: '+', change: '~', release: '~', upgrade: '~', delete: '-' } as const;

/** What a flag of ours can do about a notice. */
const HINTS: Partial<Record<Notice['code'], string>> = {
  WIDGETS_OUTDATED: '--upgrade-widgets moves them to the newest.',
  WIDGETS_STAY: '--delete-widgets takes them out of the pages, and the template with them.',
};

/**
 * Finds the storefronts that a command is about, and tells of those that can't be.
 *
 * @throws {CommandError} `CHANNEL_NOT_CHOSEN` when the store has several and none was named.
 */
export async function chooseChannels(
  client: BigCommerceClient,
  { channel, allChannels }: StoreChangeOptions,
  io: Io,
): Promise<number[]> {
  if (channel && channel.length > 0) return [...new Set(channel)];
  const { stencil, catalyst } = await storefrontsOf(client);
  const list = (channels: readonly Channel[]): string =>
    channels.map(({ id, name }) => `${id} (${name})`).join(', ');
  if (catalyst.length > 0) io.err(`Left out: ${list(catalyst)}. ${CATALYST_ADVICE}`);
  if (allChannels || stencil.length === 1) return stencil.map(({ id }) => id);
  throw new CommandError(
    'CHANNEL_NOT_CHOSEN',
    stencil.length === 0
      ? 'the store has no Stencil storefront.'
      : `the store has several storefronts: ${list(stencil)}. Say which with --channel ID, or --all-channels.`,
  );
}

/**
 * Carries out a change of a store and tells of it: the plan first, each step as it is made, and how it ended.
 *
 * @param change - Makes the change, and tells its progress.
 * @returns The exit code.
 */
export async function tellChange(
  change: (progress: Progress) => Promise<Outcome>,
  { dryRun, json }: StoreChangeOptions,
  io: Io,
): Promise<number> {
  try {
    const outcome = await change(json ? {} : progressLines(io));
    if (json) io.out(JSON.stringify({ isDryRun: Boolean(dryRun), ...report(outcome) }, undefined, 2));
    else for (const line of ending(outcome, Boolean(dryRun))) io.out(line);
    return 0;
  } catch (error) {
    if (!json) throw error;
    const left =
      error instanceof UnfinishedError
        ? { done: error.done.map(told), remaining: error.remaining.map(told) }
        : {};
    io.out(
      JSON.stringify({ error: error instanceof Error ? error.message : `${error}`, ...left }, undefined, 2),
    );
    return error instanceof CommandError ? 2 : 1;
  }
}

function progressLines(io: Io): Progress {
  const spinner = io.isTerminal ? ora() : undefined;
  return {
    onPlan({ steps, notices }) {
      spinner?.stop();
      if (steps.length > 0) io.out('Plan');
      const width = Math.max(0, ...steps.map(({ object, name }) => `${object} "${name}"`.length));
      for (const { action, object, name, channelId, reason } of steps) {
        const what = `${object} "${name}"`.padEnd(width);
        io.out(`  ${SIGNS[action]} ${action.padEnd(7)} ${what}  channel ${channelId}  ${reason}`);
      }
      for (const { code, message } of notices)
        io.out(`  ! ${message}${HINTS[code] ? ` ${HINTS[code]}` : ''}`);
    },
    onStep({ action, object, name }, state) {
      const what = `${action} ${object} "${name}"`;
      if (spinner) state === 'begun' ? spinner.start(what) : spinner.succeed(what);
      else if (state === 'done') io.err(`done: ${what}`);
    },
  };
}

function ending({ steps, done }: Outcome, isDryRun: boolean): string[] {
  if (steps.length === 0) return ['The store is as it should be. Nothing to do.'];
  if (isDryRun) return [`Nothing was changed. Without --dry-run: ${counted(steps.length)}.`];
  return [`The store is as it should be: ${counted(done.length)} made.`];
}

const counted = (count: number): string => `${count} ${count === 1 ? 'change' : 'changes'}`;

function report({ steps, notices, done }: Outcome) {
  return { steps: steps.map(told), notices, done: done.map(told) };
}

function told({ action, object, name, channelId, reason }: Step) {
  return { action, object, name, channelId, reason };
}
