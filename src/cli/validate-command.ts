import { statSync } from 'node:fs';
import { Command } from 'commander';
import { CommandError } from './command-error.js';
import type { Io } from './io.js';
import { counted, exitCodeOf, printFindings } from './print-findings.js';

/**
 * The command `validate [folder]`: checks that schema, template, translations and limits of widgets and script templates fit
 * together.
 *
 * @param done - Gets the exit code: 1 when there is an error, or with `--strict` a warning; else 0.
 */
export function validateCommand(io: Io, done: (exitCode: number) => void): Command {
  return new Command('validate')
    .description('Checks that schema, template, translations and limits of widgets and scripts fit together.')
    .argument('[folder]', 'a widget, or a folder that holds widgets and templates', '.')
    .option('--json', 'print { findings, checked } as JSON')
    .option('--strict', 'exit with 1 for warnings too')
    .action(async (folder: string, options: { readonly json?: true; readonly strict?: true }) => {
      refuseMissing(folder);
      // BigCommerce's engines take a quarter of a second to load, which other commands need not wait for.
      const { validateFolder } = await import('./validate/validate-folder.js');
      const { findings, checked } = await validateFolder(folder);
      if (options.json) io.out(JSON.stringify({ findings, checked }, null, 2));
      else {
        const parts = [counted(checked.widgets, 'widget'), counted(checked.templates, 'template')];
        printFindings(findings, io, `${parts.filter(Boolean).join(' and ') || 'Nothing'} checked`);
      }
      done(exitCodeOf(findings, options.strict === true));
    });
}

function refuseMissing(folder: string): void {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found?.isDirectory()) return;
  throw new CommandError(
    'FOLDER_MISSING',
    `${folder} ${found ? 'is a file' : 'does not exist'}. Name the folder that holds the widget.`,
  );
}
