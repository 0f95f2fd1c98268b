import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { ensureChromium, INSTALL_ADVICE } from './support/chromium.js';
import { startDebianPostgres } from './support/postgres.js';

/**
 * `npm test`: the build, types, lint and all tests, cheap ones first. Each check counts as one test beside vitest's own. The last lines
 * name what failed, since whoever reads only the end of a log has to know, and tell the totals.
 */
let passed = 0;
const failures: string[] = [];

/** What vitest writes of a run, as far as we read it. */
interface Report {
  readonly numPassedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

function check(what: string, command: string, ...args: string[]): void {
  console.log(`\n== ${what}`);
  const isOk = spawnSync(command, args, { stdio: 'inherit' }).status === 0;
  if (isOk) passed += 1;
  else failures.push(what);
  console.log(`${isOk ? 'ok' : 'FAILED'}: ${what}`);
}

/** Runs vitest and adds what it counted. A run that ended without a count is a failure. */
function runTests(what: string, more: readonly string[] = [], env: Record<string, string> = {}): void {
  console.log(`\n== ${what}`);
  const folder = mkdtempSync(join(tmpdir(), 'extole-bigcommerce-'));
  const report = join(folder, 'report.json');
  const args = ['vitest', 'run', '--reporter=dot', '--reporter=json', `--outputFile.json=${report}`];
  const { status } = spawnSync('npx', [...args, ...more], {
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  try {
    const { numPassedTests, testResults }: Report = JSON.parse(readFileSync(report, 'utf8'));
    passed += numPassedTests;
    const failedTests = testResults.flatMap(({ name, status: fileStatus, assertionResults }) => {
      const file = relative(process.cwd(), name);
      const tests = assertionResults.filter((test) => test.status === 'failed');
      if (fileStatus === 'failed' && tests.length === 0) return [`${file} could not be run`];
      return tests.map(({ fullName }) => `${file}: ${fullName}`);
    });
    failures.push(...failedTests);
    if (status !== 0 && failedTests.length === 0) failures.push(`${what} ended with ${status}`);
  } catch {
    failures.push(`${what} ended without a report`);
  }
  rmSync(folder, { recursive: true, force: true });
}

/** Runs the app's tests once more, on a PostgreSQL that is not the embedded one. */
function runOnDebianPostgres(): void {
  const what = "the app's tests on Debian's PostgreSQL";
  const server = startDebianPostgres();
  if (typeof server === 'string') {
    console.log(`\nskipped: ${what}. ${server}`);
    if (process.env.CI) failures.push(what);
    return;
  }
  const more = ['test/app', '--exclude', 'test/app/embedded.test.ts', '--fileParallelism', '--maxWorkers=2'];
  try {
    runTests(what, more, { TEST_DATABASE_URL: server.url });
  } finally {
    server.stop();
  }
}

check('build', 'npm', 'run', '--silent', 'build');
check('types', 'npx', 'tsc');
check('format and lint', 'npx', 'biome', 'check', '.');
if (!ensureChromium()) {
  failures.push('Chromium');
  console.error(INSTALL_ADVICE);
}
runTests('tests');
runOnDebianPostgres();

console.log(failures.map((failure) => `\nFAILED: ${failure}`).join(''));
console.log(`${passed} passed, ${failures.length} failed`);
process.exitCode = failures.length > 0 ? 1 : 0;
