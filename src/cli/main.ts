import { Command, CommanderError } from 'commander';
import { VERSION } from '../catalog/version.js';
import { StoreError } from '../store/store-error.js';
import { appCommand } from './app-command.js';
import { CommandError } from './command-error.js';
import { doctorCommand } from './doctor-command.js';
import { harmless, type Io } from './io.js';
import { publishCommand } from './publish-command.js';
import { unpublishCommand } from './unpublish-command.js';
import { validateCommand } from './validate-command.js';

const COMMANDS = [publishCommand, unpublishCommand, validateCommand, doctorCommand, appCommand];

/**
 * Runs the command line.
 *
 * @param args - What was typed behind the name of the program.
 * @returns The exit code: 0 all is well, 1 something was found or failed, 2 the command was not understood.
 */
export async function run(args: readonly string[], outer: Io): Promise<number> {
  const io: Io = {
    ...outer,
    out: (line) => outer.out(harmless(line)),
    err: (line) => outer.err(harmless(line)),
  };
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
    // Anything else is a fault of ours, and shows where it happened.
    if (error instanceof StoreError) {
      io.err(error.message);
      return error instanceof CommandError ? 2 : 1;
    }
    throw error;
  }
}
