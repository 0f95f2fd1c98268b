import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/cli/finding.js';
import { run } from '../../src/cli/main.js';
import { exitCodeOf, printFindings } from '../../src/cli/print-findings.js';
import { validateCommand } from '../../src/cli/validate-command.js';

const ROOT = join(import.meta.dirname, '../..');
const CTA_TAG = join(ROOT, 'widgets/extole-cta-tag');

function recorded() {
  const out: string[] = [];
  const err: string[] = [];
  const io = {
    out: (line: string) => out.push(line),
    err: (line: string) => err.push(line),
    env: {},
    isTerminal: false,
  };
  return { io, out, err };
}

async function validate(...args: string[]) {
  const { io, out, err } = recorded();
  let exitCode: number | undefined;
  const command = validateCommand(io, (code) => {
    exitCode = code;
  });
  command.exitOverride().configureOutput({ writeErr: (text) => io.err(text) });
  await new Command().addCommand(command).parseAsync(['validate', ...args], { from: 'user' });
  return { exitCode, out, err };
}

const error: Finding = {
  code: 'SETTING_UNKNOWN',
  severity: 'error',
  file: 'w/widget.html',
  line: 12,
  what: '{{zon}} reads "zon", which the schema does not offer.',
  why: 'It prints nothing.',
  todo: 'Write {{zone}}.',
};
const warning: Finding = { code: 'CSP_BLOCKS', severity: 'warning', what: 'The policy forbids it.' };
const info: Finding = { code: 'SEEN', severity: 'info', what: 'Two scripts.', file: 'w/s.html' };

describe('the command "validate"', () => {
  it.each([
    [CTA_TAG, '1 widget checked: nothing to report.'],
    [join(ROOT, 'templates'), '1 template checked: nothing to report.'],
    [ROOT, '1 widget and 1 template checked: nothing to report.'],
  ])('says what it checked where there is nothing to report, with exit code 0', async (folder, told) => {
    expect(await validate(folder)).toEqual({ exitCode: 0, out: [told], err: [] });
  });

  it('says that it checked nothing where there is nothing to check', async () => {
    expect((await validate(join(ROOT, 'src/cli'))).out.at(-1)).toBe('Nothing checked: 1 error.');
  });

  it('prints one JSON document', async () => {
    const { out } = await validate(CTA_TAG, '--json');
    expect(JSON.parse(out.join('\n'))).toEqual({ findings: [], checked: { widgets: 1, templates: 0 } });
  });

  it('exits with 1 for an error', async () => {
    const { exitCode, out } = await validate(join(ROOT, 'src/cli'), '--json');
    expect(exitCode).toBe(1);
    expect(JSON.parse(out.join('\n'))).toMatchObject({
      findings: [{ code: 'NOTHING_TO_VALIDATE', severity: 'error' }],
    });
  });

  it('exits with 1 for a warning only where it is strict', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'validate-'));
    writeFileSync(join(folder, 'widget.html'), '<p></p>');
    const codes = [(await validate(folder)).exitCode, (await validate(folder, '--strict')).exitCode];
    rmSync(folder, { recursive: true });
    expect(codes).toEqual([0, 1]);
  });

  it.each([
    ['nowhere', 'nowhere does not exist'],
    ['package.json', 'package.json is a file'],
  ])('does not understand a folder that is none: %s', async (name, reason) => {
    const { io, err } = recorded();
    expect(await run(['validate', join(ROOT, name)], io)).toBe(2);
    expect(err).toEqual([`FOLDER_MISSING: ${ROOT}/${reason}. Name the folder that holds the widget.`]);
  });
});

describe('findings', () => {
  it('are printed with where, what, why and what to do, and counted', () => {
    const { io, out } = recorded();
    printFindings([error, warning, info, info], io, '1 widget checked');
    expect(out.join('\n')).toBe(`error    w/widget.html:12  SETTING_UNKNOWN
         {{zon}} reads "zon", which the schema does not offer.
         It prints nothing.
         To do: Write {{zone}}.

warning  CSP_BLOCKS
         The policy forbids it.

info     w/s.html  SEEN
         Two scripts.

info     w/s.html  SEEN
         Two scripts.

1 widget checked: 1 error, 1 warning, 2 notes.`);
  });

  it('fail for errors, and for warnings only where they count', () => {
    expect([exitCodeOf([], true), exitCodeOf([info], true), exitCodeOf([warning], false)]).toEqual([0, 0, 0]);
    expect([exitCodeOf([info, warning], true), exitCodeOf([info, error], false)]).toEqual([1, 1]);
  });
});
