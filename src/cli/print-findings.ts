import type { Finding } from './finding.js';
import type { Io } from './io.js';

const INDENT = ' '.repeat('warning  '.length);

/**
 * Writes findings for people to read, in the order in which they come: each with where, what, why and what to do, and a
 * line at the end that counts them.
 *
 * @param subject - What that line begins with: `1 widget checked`.
 */
export function printFindings(findings: readonly Finding[], io: Io, subject: string): void {
  for (const finding of findings) {
    const { severity, code, what, why, todo } = finding;
    io.out(`${severity.padEnd(INDENT.length)}${[placeOf(finding), code].filter(Boolean).join('  ')}`);
    io.out(INDENT + what);
    if (why) io.out(INDENT + why);
    if (todo) io.out(`${INDENT}To do: ${todo}`);
    io.out('');
  }
  io.out(`${subject}: ${summaryOf(findings)}.`);
}

/**
 * The exit code that findings ask for.
 *
 * @param isStrict - Whether warnings count as errors do.
 * @returns 1 when there is one that counts, else 0.
 */
export function exitCodeOf(findings: readonly Finding[], isStrict: boolean): 0 | 1 {
  const counts = ({ severity }: Finding): boolean =>
    severity === 'error' || (isStrict && severity === 'warning');
  return findings.some(counts) ? 1 : 0;
}

function placeOf({ file, line }: Finding): string {
  return [file, line].filter((part) => part !== undefined).join(':');
}

function summaryOf(findings: readonly Finding[]): string {
  const count = (severity: Finding['severity'], noun: string): string =>
    counted(findings.filter((finding) => finding.severity === severity).length, noun);
  const counts = [count('error', 'error'), count('warning', 'warning'), count('info', 'note')];
  return counts.filter(Boolean).join(', ') || 'nothing to report';
}

/** `2 widgets`; nothing where there is none. */
export function counted(number: number, noun: string): string {
  return number === 0 ? '' : `${number} ${noun}${number === 1 ? '' : 's'}`;
}
