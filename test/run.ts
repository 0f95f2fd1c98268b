import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureChromium, INSTALL_ADVICE } from './support/chromium.js';
import { startDebianPostgres } from './support/postgres.js';

/**
 * `npm test`: the build, types, lint and all tests, cheap ones first. Each check counts as one test beside vitest's own,
 * and the last line tells the totals.
 */
let passed = 0;
let failed = 0;

function check(what: string, command: string, ...args: string[]): void {
  console.log(`\n== ${what}`);
  const isOk = spawnSync(command, args, { stdio: 'inherit' }).status === 0;
  if (isOk) passed += 1;
  else failed += 1;
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
    const counted: { numPassedTests: number; numFailedTests: number } = JSON.parse(
      readFileSync(report, 'utf8'),
    );
    passed += counted.numPassedTests;
    failed += counted.numFailedTests;
    if (status !== 0 && counted.numFailedTests === 0) failed += 1;
  } catch {
    failed += 1;
  }
  rmSync(folder, { recursive: true, force: true });
}

/** Runs the app's tests once more, on a PostgreSQL that is not the embedded one. */
function runOnDebianPostgres(): void {
  const what = "the app's tests on Debian's PostgreSQL";
  const server = startDebianPostgres();
  if (typeof server === 'string') {
    console.log(`\nskipped: ${what}. ${server}`);
    if (process.env.CI) failed += 1;
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
  failed += 1;
  console.error(INSTALL_ADVICE);
}
runTests('tests');
runOnDebianPostgres();

console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
