import { type Command, InvalidArgumentError, Option } from 'commander';
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
import { StoreError } from '../store/store-error.js';
import { CommandError } from './command-error.js';
import { harmless, type Io } from './io.js';

/** What the commands that change a store take besides. */
export interface StoreChangeOptions {
  readonly channel?: readonly number[];
  readonly allChannels?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

const SIGNS = { create: '+', change: '~', release: '~', upgrade: '~', delete: '-' } as const;

/** What a command says in its own words. */
export interface Words {
  /** How the store is in the end. */
  readonly settled: string;
  /** What one of its flags can do about a notice. */
  readonly hints: Partial<Record<Notice['code'], string>>;
}

/**
 * Adds to a command which storefronts it is about, `--dry-run` and `--json`.
 *
 * @param everywhere - What it does with `--all-channels`.
 */
export function addStoreChangeOptions(command: Command, everywhere: string): void {
  command
    .addOption(
      new Option('--channel <id>', 'a storefront, by its channel id; repeat it for several')
        .conflicts('allChannels')
        .argParser(channelsFrom),
    )
    .option('--all-channels', everywhere)
    .option('--dry-run', 'print the plan and change nothing')
    .option('--json', 'print what was done as JSON');
}

function channelsFrom(text: string, before: readonly number[] = []): number[] {
  if (!/^[1-9]\d{0,9}$/.test(text)) throw new InvalidArgumentError('A channel id is a whole number from 1.');
  return [...before, Number(text)];
}

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
  if (catalyst.length > 0) io.err(`Left out, since it is Catalyst: ${list(catalyst)}.`);
  if (stencil.length === 1 || (allChannels && stencil.length > 0)) return stencil.map(({ id }) => id);
  throw new CommandError(
    'CHANNEL_NOT_CHOSEN',
    stencil.length === 0
      ? `the store has no Stencil storefront. ${CATALYST_ADVICE}`
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
  words: Words,
  { dryRun, json }: StoreChangeOptions,
  io: Io,
): Promise<number> {
  if (!json) {
    const outcome = await change(progressLines(words, io));
    io.out(ending(outcome, words.settled, Boolean(dryRun)));
    return 0;
  }
  try {
    io.out(jsonText({ isDryRun: Boolean(dryRun), ...report(await change({})) }));
    return 0;
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    const { code, message } = error;
    const left =
      error instanceof UnfinishedError
        ? { done: error.done.map(told), remaining: error.remaining.map(told) }
        : {};
    io.out(jsonText({ error: { code, message }, ...left }));
    return error instanceof CommandError ? 2 : 1;
  }
}

const jsonText = (value: object): string => JSON.stringify(value, undefined, 2);

function progressLines({ hints }: Words, io: Io): Progress {
  const spinner = io.isTerminal ? ora() : undefined;
  return {
    onPlan({ steps, notices }) {
      if (steps.length > 0) io.out('Plan');
      const width = Math.max(0, ...steps.map(({ object, name }) => `${object} "${name}"`.length));
      for (const { action, object, name, channelId, reason } of steps) {
        const what = `${object} "${name}"`.padEnd(width);
        io.out(`  ${SIGNS[action]} ${action.padEnd(7)} ${what}  channel ${channelId}  ${reason}`);
      }
      for (const { code, message } of notices) {
        io.out(`  ! ${[message, hints[code]].filter(Boolean).join(' ')}`);
      }
    },
    onStep({ action, object, name }, state) {
      // The spinner writes by itself.
      const what = harmless(`${action} ${object} "${name}"`);
      if (!spinner) {
        if (state !== 'begun') io.err(`${state}: ${what}`);
      } else if (state === 'begun') spinner.start(what);
      else if (state === 'done') spinner.succeed(what);
      else spinner.fail(what);
    },
  };
}

function ending({ steps, done }: Outcome, settled: string, isDryRun: boolean): string {
  if (steps.length === 0) return `${settled} Nothing to do.`;
  if (isDryRun) return `Nothing was changed. Without --dry-run: ${counted(steps.length)}.`;
  return `${settled} ${counted(done.length)} made.`;
}

const counted = (count: number): string => `${count} ${count === 1 ? 'change' : 'changes'}`;

function report({ steps, notices, done }: Outcome) {
  return { steps: steps.map(told), notices, done: done.map(told) };
}

function told({ action, object, name, channelId, reason }: Step) {
  return { action, object, name, channelId, reason };
}
