/** A function on the stack when the profiler looked. */
interface ProfileNode {
  readonly id: number;
  readonly parent?: number;
  readonly callFrame: { readonly url?: string };
}

/** An event of Chromium's trace. */
export interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** When it began, in microseconds, by the clock on the wall. */
  readonly ts: number;
  /** How long it took, in microseconds, by the clock on the wall. */
  readonly dur?: number;
  /** When it began, in microseconds of CPU time of its thread. */
  readonly tts?: number;
  /** How long it took, in microseconds of CPU time of its thread. */
  readonly tdur?: number;
  /** Which profile a `Profile` or a `ProfileChunk` belongs to; each process numbers its own. */
  readonly id?: string;
  readonly args: {
    readonly data?: {
      readonly frame?: string;
      readonly url?: string;
      readonly startTime?: number;
      readonly cpuProfile?: { readonly nodes?: readonly ProfileNode[]; readonly samples?: readonly number[] };
      readonly timeDeltas?: readonly number[];
    };
  };
}

/** What happened while a page was open. */
export interface PageTrace {
  /** How the trace names the page. */
  readonly frame: string;
  /** All events of the browser, in order. Those of the page have its frame, or stand in its process. */
  readonly events: readonly TraceEvent[];
}

/** A task of a page's main thread in which scripts that we look for ran. */
export interface Task {
  /** All of the task, in milliseconds of CPU time. */
  readonly cpuMs: number;
  /** All of the task, in milliseconds by the clock on the wall. By that browsers tell pages of long tasks. */
  readonly wallMs: number;
  /** The part of it in which the scripts ran, and what they called: from 0 to 1. */
  readonly share: number;
}

/** What {@link readTasks} needs in the trace. */
export const TASK_CATEGORIES: readonly string[] = [
  'devtools.timeline',
  'disabled-by-default-devtools.timeline',
  'disabled-by-default-v8.cpu_profiler',
];

/** The events that name the page. */
export const eventsOf = ({ frame, events }: PageTrace): readonly TraceEvent[] =>
  events.filter(({ args }) => args.data?.frame === frame);

/** When a script began to run, or `undefined` if it did not. */
export const startOf = (events: readonly TraceEvent[], scriptUrl: string): TraceEvent | undefined =>
  events.find(({ name, args }) => name === 'EvaluateScript' && args.data?.url === scriptUrl);

/**
 * The times that scripts ran, but for those inside another one of them, which count already.
 *
 * @param counts - Says by its address whether a script counts.
 */
export function outermostRuns(
  events: readonly TraceEvent[],
  counts: (url: string) => boolean,
): readonly TraceEvent[] {
  let end = 0;
  return events.filter(({ name, ts, dur = 0, args }) => {
    const isRun = /^(EvaluateScript|FunctionCall)$/.test(name) && counts(args.data?.url ?? '');
    if (!isRun || ts < end) return false;
    end = ts + dur;
    return true;
  });
}

/**
 * The tasks of a page in which certain scripts ran. What goes on in promises and in modules bears no script's name in the
 * trace, so the profiler's samples tell whose it was.
 *
 * @param counts - Says by its address whether a script counts.
 */
export function readTasks(trace: PageTrace, counts: (url: string) => boolean): Task[] {
  const own = eventsOf(trace);
  const runs = outermostRuns(own, counts);
  const [first, last, run] = [own[0], own.at(-1), runs[0]];
  if (!first || !last || !run) return [];
  const samples = readSamples(trace.events, run.pid, counts);
  const isWithin = (ts: number, event: TraceEvent): boolean =>
    event.ts <= ts && ts < event.ts + (event.dur ?? 0);

  return trace.events.flatMap((task) => {
    const { name, pid, tid, ts, dur = 0, tdur = 0 } = task;
    if (name !== 'RunTask' || pid !== run.pid || tid !== run.tid) return [];
    if (ts + dur < first.ts || ts > last.ts) return [];
    const runsInside = runs.filter((inside) => isWithin(inside.ts, task));
    const inside = samples.filter((sample) => isWithin(sample.ts, task));
    const counted = inside.filter(
      (sample) => sample.counts || runsInside.some((each) => isWithin(sample.ts, each)),
    );
    if (runsInside.length + counted.length === 0) return [];
    // A task may be too short for a sample.
    const share = counted.length / (inside.length || 1);
    return [{ cpuMs: tdur / 1000, wallMs: dur / 1000, share }];
  });
}

/** When the profiler looked, and whether a script that counts was on the stack then. */
interface Sample {
  readonly ts: number;
  readonly counts: boolean;
}

function readSamples(
  events: readonly TraceEvent[],
  pid: number,
  counts: (url: string) => boolean,
): readonly Sample[] {
  const profiles = new Map<string, { now: number; readonly counted: Map<number, boolean> }>();
  const samples: Sample[] = [];
  for (const { name, id = '', args, ...event } of events) {
    if (event.pid !== pid || !args.data) continue;
    const { startTime = 0, cpuProfile, timeDeltas = [] } = args.data;
    if (name === 'Profile') profiles.set(id, { now: startTime, counted: new Map() });
    const profile = profiles.get(id);
    if (name !== 'ProfileChunk' || !profile) continue;
    const { counted } = profile;
    for (const node of cpuProfile?.nodes ?? []) {
      counted.set(node.id, counts(node.callFrame.url ?? '') || counted.get(node.parent ?? 0) === true);
    }
    cpuProfile?.samples?.forEach((node, index) => {
      profile.now += timeDeltas[index] ?? 0;
      samples.push({ ts: profile.now, counts: counted.get(node) === true });
    });
  }
  return samples;
}
