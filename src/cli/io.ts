/** What a command may touch of the process that it runs in, so that tests can put something else in its place. */
export interface Io {
  /** Writes one line to standard output: what was asked for. */
  out(line: string): void;
  /** Writes one line to standard error: progress, warnings, logs. */
  err(line: string): void;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether somebody looks at standard error as it comes. */
  readonly isTerminal: boolean;
}

/** Takes the escape codes of a terminal out of a line: what stores, pages and files call things may hold any. */
export function harmless(line: string): string {
  return line.replace(/[^\P{Cc}\n\t]/gu, ' ');
}
