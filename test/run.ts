import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureChromium, INSTALL_ADVICE } from './support/chromium.js';

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
function runTests(): void {
  console.log('\n== tests');
  const folder = mkdtempSync(join(tmpdir(), 'extole-bigcommerce-'));
  const report = join(folder, 'report.json');
  const args = ['vitest', 'run', '--reporter=dot', '--reporter=json', `--outputFile.json=${report}`];
  const { status } = spawnSync('npx', args, { stdio: 'inherit' });
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

check('build', 'npx', 'rollup', '-c', '--silent');
check('types', 'npx', 'tsc');
check('format and lint', 'npx', 'biome', 'check', '.');
if (!ensureChromium()) {
  failed += 1;
  console.error(INSTALL_ADVICE);
}
runTests();

console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
