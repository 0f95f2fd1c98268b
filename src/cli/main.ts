import { Command, CommanderError } from 'commander';
import { VERSION } from '../catalog/version.js';
import { BigCommerceError } from '../store/bigcommerce-error.js';
import { StoreUnfitError, UnfinishedError } from '../store/publish.js';
import { SdkUrlError } from '../store/release.js';
import { CommandError } from './command-error.js';
import { doctorCommand } from './doctor-command.js';
import type { Io } from './io.js';
import { publishCommand } from './publish-command.js';
import { unpublishCommand } from './unpublish-command.js';
import { validateCommand } from './validate-command.js';

const COMMANDS = [publishCommand, unpublishCommand, validateCommand, doctorCommand];

/** Failures that say themselves what to do. Anything else is a fault of ours, and shows where it happened. */
const EXPECTED = [BigCommerceError, StoreUnfitError, UnfinishedError, SdkUrlError, RangeError];

/**
 * Runs the command line.
 *
 * @param args - What was typed behind the name of the program.
 * @returns The exit code: 0 all is well, 1 something was found or failed, 2 the command was not understood.
 */
export async function run(args: readonly string[], io: Io): Promise<number> {
  let exitCode = 0;
  const done = (code: number): void => {
    exitCode = code;
  };
  const program = new Command('extole-bigcommerce')
    .description("Puts Extole's programs into BigCommerce stores.")
    .version(VERSION);
  for (const make of COMMANDS) program.addCommand(make(io, done));
  // Commands do not inherit these.
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => io.out(text.trimEnd()),
      writeErr: (text) => io.err(text.trimEnd()),
    });
  }
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof CommandError) {
      io.err(error.message);
      return 2;
    }
    if (error instanceof Error && EXPECTED.some((kind) => error instanceof kind)) {
      io.err(error.message);
      return 1;
    }
    throw error;
  }
}
