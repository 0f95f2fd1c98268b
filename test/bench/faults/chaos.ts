import { setTimeout as pause } from 'node:timers/promises';
import type { DatabaseEye } from '../database-eye.js';
import type { AppSide } from './app-side.js';
import type { Draw } from './random.js';

/** What is done to the app beside the troubles of those that it talks to. */
export interface Chaos {
  /** When the database's connections were cut. */
  readonly cutsMs: readonly number[];
  /** Settles when all is done. */
  readonly done: Promise<unknown>;
}

const CUT = `select pg_terminate_backend(pid) from pg_stat_activity
  where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`;

/** Starts it: all within a time, at moments that the seed decides. */
export function startChaos(
  draw: Draw,
  { app, eye }: { readonly app: AppSide; readonly eye: DatabaseEye },
  { kills, cuts, durationMs }: { readonly kills: number; readonly cuts: number; readonly durationMs: number },
): Chaos {
  const cutsMs: number[] = [];
  const startMs = performance.now();
  const momentsOf = async (what: string, count: number, act: (index: number) => Promise<void>) => {
    for (let index = 0; index < count; index += 1) {
      const atMs = ((index + draw(what, index)) / count) * durationMs;
      await pause(Math.max(0, startMs + atMs - performance.now()));
      await act(index);
    }
  };
  const cut = async (): Promise<void> => {
    // Where the database is away with its app, there is nothing to cut.
    for (let isDone = false; !isDone; await pause(50)) {
      cutsMs.push(Date.now());
      isDone = (await eye.ask(CUT)) !== undefined;
      if (!isDone) cutsMs.pop();
    }
  };
  return {
    cutsMs,
    done: Promise.all([
      momentsOf('kill', kills, (index) => app.kill(draw('process', index))),
      momentsOf('cut', cuts, cut),
    ]),
  };
}
