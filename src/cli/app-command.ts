import { readFile } from 'node:fs/promises';
import { parseEnv } from 'node:util';
import { Command } from 'commander';
import { CommandError } from './command-error.js';
import type { Io } from './io.js';

/**
 * The command `app`: runs the app until it is told to stop. Its option is not called `--env-file`, which Node.js 20 takes for itself
 * wherever it stands.
 *
 * @param done - Gets the exit code: 0 when it was told to stop, 1 when it could not start.
 */
export function appCommand(io: Io, done: (exitCode: number) => void): Command {
  return new Command('app')
    .description(
      'Runs the app: what merchants install, set up in the control panel, and what keeps their stores up to date. The environment says how; docs/operating.md lists the variables.',
    )
    .option('--environment <file>', 'read what the environment does not say from a file of NAME=value lines')
    .action(async ({ environment }: { readonly environment?: string }) => {
      const env = { ...(environment !== undefined && (await readEnvFile(environment))), ...io.env };
      // Its packages take half a second to load, which other commands need not wait for.
      const [{ AppError }, { readConfig }, { startApp }] = await Promise.all([
        import('../app/app-error.js'),
        import('../app/config.js'),
        import('../app/start-app.js'),
      ]);
      try {
        const config = readConfig(env);
        const stopping = untilStopped();
        const app = await startApp(config);
        io.err(`The app is at ${config.appUrl}, and listens on ${app.url}.`);
        io.err(`${await stopping}: stopping …`);
        await app.close();
        done(0);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        io.err(error.message);
        done(1);
      }
    });
}

async function readEnvFile(path: string): Promise<NodeJS.Dict<string>> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new CommandError(
      'OPTION_INVALID',
      `--environment names ${JSON.stringify(path)}, which can't be read.`,
    );
  });
  return parseEnv(text);
}

/** Settles when the process is told to stop. The second time ends it at once. */
function untilStopped(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, resolve);
  });
}
