import type { JobView } from '../../catalog/admin-api.js';
import type { Step } from '../../store/plan.js';
import type { Progress } from '../../store/publish.js';
import type { AppDeps } from '../deps.js';

type JobStep = JobView['steps'][number];

/** Keeps what a job has done and has to do in its row, as the page shows it. */
export interface JobProgress {
  /** What a change of some storefronts tells its progress to. */
  of(channelIds: readonly number[]): Progress;
  /** Says of a storefront that nothing is done there. */
  skip(name: string): void;
  /** All that was planned is there. */
  complete(): void;
  /** Settles once the row says all that was told. */
  written(): Promise<void>;
}

/**
 * Starts with what an earlier try has done. A row is written as often as the database keeps up with, and never twice at once.
 *
 * @param job - As it began.
 */
export function jobProgress({ db }: Pick<AppDeps, 'db'>, job: JobView): JobProgress {
  const steps = new Map<string, JobStep & { readonly channelId?: number }>();
  for (const [index, step] of job.steps.entries()) {
    // What is skipped is told of at each try.
    if (step.state === 'done' && step.action !== 'skip') steps.set(`earlier ${index}`, step);
  }
  let writing: Promise<void> | undefined;
  let hasNews = false;

  const write = async (): Promise<void> => {
    try {
      while (hasNews) {
        hasNews = false;
        const shown = [...steps.values()].map(
          ({ action, what, name, state }): JobStep => ({ action, what, name, state }),
        );
        await db
          .updateTable('job')
          .set({ steps: JSON.stringify(shown) })
          .where('id', '=', job.id)
          .execute();
      }
    } finally {
      writing = undefined;
    }
  };
  const tell = (): Promise<void> => {
    hasNews = true;
    writing ??= write();
    // Whoever waits for it is told when it can't be written.
    writing.catch(() => {});
    return writing;
  };
  const set = (step: Step, state: JobStep['state']): void => {
    const { action, object: what, name, channelId } = step;
    steps.set(keyOf(step), { action, what, name, state, channelId });
  };

  return {
    of: (channelIds) => ({
      onPlan(plan) {
        for (const [key, { channelId, state }] of steps) {
          if (channelId && channelIds.includes(channelId) && state !== 'done') steps.delete(key);
        }
        for (const step of plan.steps) if (!steps.has(keyOf(step))) set(step, 'waiting');
        tell();
      },
      onStep(step, state) {
        set(step, state === 'begun' ? 'running' : state);
        tell();
      },
    }),
    skip(name) {
      steps.set(`skip ${name}`, { action: 'skip', what: 'storefront', name, state: 'done' });
      tell();
    },
    complete() {
      for (const [key, step] of steps) steps.set(key, { ...step, state: 'done' });
      tell();
    },
    written: tell,
  };
}

const keyOf = ({ action, object, channelId, uuid, name }: Step): string =>
  `${action} ${object} ${channelId} ${uuid ?? name}`;
