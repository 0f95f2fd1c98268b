import { Command } from 'commander';
import { VERSION } from '../catalog/version.js';
import { CommandError } from './command-error.js';
import type { Io } from './io.js';
import { exitCodeOf, printFindings } from './print-findings.js';
import { programDomainOption } from './program-domain-option.js';
import { addStoreOptions, connect, hasCredentials, type StoreOptions } from './store-options.js';

interface DoctorOptions extends StoreOptions {
  readonly programDomain?: string;
  readonly json?: boolean;
  readonly strict?: boolean;
}

/**
 * The command `doctor URL`: looks at a page of a live storefront and says what is wrong with Extole on it.
 *
 * @param done - Gets the exit code: 1 when there is an error, or with `--strict` a warning; else 0.
 */
export function doctorCommand(io: Io, done: (exitCode: number) => void): Command {
  const command = new Command('doctor')
    .description(
      'Looks at a page of a live storefront as a browser does, and says what is wrong with Extole on it. With the credentials of the store it also compares the page with what the store has. Opens it in a Chromium where there is one (CHROMIUM_PATH names another), which counts as an impression of each zone.',
    )
    .argument('<url>', 'the address of a page, such as that of a product')
    .addOption(programDomainOption('what the program domain should be'))
    .option('--json', 'print { url, findings, looked } as JSON')
    .option('--strict', 'exit with 1 for warnings too');
  return addStoreOptions(command).action(async (written: string, options: DoctorOptions) => {
    const url = pageUrl(written);
    // Playwright takes a quarter of a second to load, which other commands need not wait for.
    const [{ findChromium }, { examine }] = await Promise.all([
      import('./doctor/chromium.js'),
      import('./doctor/examine.js'),
    ]);
    const chromiumPath = findChromium(io.env);
    const client = hasCredentials(options, io) ? await connect(options, io) : undefined;
    if (io.isTerminal) io.err(`Looking at ${url} …`);
    const findings = await examine(url, {
      programDomain: options.programDomain,
      chromiumPath,
      client,
    });
    if (options.json) {
      const looked = { version: VERSION, chromium: chromiumPath ?? null, store: client?.storeHash ?? null };
      io.out(JSON.stringify({ url, findings, looked }, null, 2));
    } else printFindings(findings, io, 'Found');
    done(exitCodeOf(findings, options.strict === true));
  });
}

function pageUrl(written: string): string {
  const url = URL.canParse(written) ? new URL(written) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password) {
    // It is not repeated, since there may be a password in it.
    throw new CommandError(
      'URL_INVALID',
      'that is not the address of a page. Give it with https:// and without a user, such as https://brand.com/mug/.',
    );
  }
  return url.href;
}
