import { statSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import type { Io } from './io.js';
import { exitCodeOf, printFindings } from './print-findings.js';

/**
 * The command `validate [folder]`: checks that schema, template, translations and limits of widgets and script templates fit
 * together.
 *
 * @param done - Gets the exit code: 1 when there is an error, or with `--strict` a warning; else 0.
 */
export function validateCommand(io: Io, done: (exitCode: number) => void): Command {
  return new Command('validate')
    .description('Checks that schema, template, translations and limits of widgets and scripts fit together.')
    .argument('[folder]', 'a widget, or a folder that holds widgets and templates', existingFolder, '.')
    .option('--json', 'print { findings } as JSON')
    .option('--strict', 'exit with 1 for warnings too')
    .action(async (folder: string, options: { readonly json?: true; readonly strict?: true }) => {
      // BigCommerce's engines take a quarter of a second to load, which other commands need not wait for.
      const { validateFolder } = await import('./validate/validate-folder.js');
      const findings = await validateFolder(folder);
      if (options.json) io.out(JSON.stringify({ findings }, null, 2));
      else printFindings(findings, io);
      done(exitCodeOf(findings, options.strict === true));
    });
}

function existingFolder(written: string): string {
  if (statSync(written, { throwIfNoEntry: false })?.isDirectory()) return written;
  throw new InvalidArgumentError(
    'FOLDER_MISSING: there is no such folder. Name the one that holds the widget.',
  );
}
