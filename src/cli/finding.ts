/** Something that a command found out about what it looked at. */
export interface Finding {
  /** Stable, so that scripts may tell findings apart: `TEMPLATE_TOO_LARGE`. */
  readonly code: string;
  /** `error`: it does not work. `warning`: it may not, or not everywhere. `info`: good to know. */
  readonly severity: 'error' | 'warning' | 'info';
  /** What was found, with the value that was seen. One sentence. */
  readonly what: string;
  /** Why it matters, where that does not follow from {@link what}. */
  readonly why?: string;
  /** What to do about it. */
  readonly todo?: string;
  /** The file, as it was given on the command line. */
  readonly file?: string;
  /** Its line, from 1. */
  readonly line?: number;
}
