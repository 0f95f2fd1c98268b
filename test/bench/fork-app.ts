import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Timing } from '../../src/app/timing.js';

/** The app in a process of its own; see `app-process.ts`. */
export interface BenchApp {
  readonly pid: number;
  /** Where it listens. Rejects when it ends before it does. */
  readonly url: Promise<string>;
  /** Settles when it has ended, for whatever reason. */
  readonly ended: Promise<unknown>;
  /** Kills it as the kernel does. Settles when it is gone. */
  kill(): Promise<void>;
  /** Has it come to its end. Settles when it has. */
  stop(): Promise<void>;
}

/**
 * Starts one.
 *
 * @param environment - What of the app's variables is given.
 */
export function forkApp(
  environment: Readonly<Record<string, string>>,
  timing: Partial<Timing> = {},
): BenchApp {
  const path = fileURLToPath(new URL('app-process.ts', import.meta.url));
  const child: ChildProcess = fork(path, {
    execArgv: ['--import', 'tsx'],
    env: { PATH: process.env.PATH, ...environment, BENCH_TIMING: JSON.stringify(timing) },
  });
  const ended = once(child, 'exit');
  const url = new Promise<string>((resolve, reject) => {
    child.once('message', (message: { readonly url: string }) => resolve(message.url));
    child.once('exit', () => reject(new Error('The app ended before it was ready.')));
  });
  // Whoever killed it need not ask.
  url.catch(() => {});
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await ended;
  };
  return { pid: child.pid ?? 0, url, ended, kill: () => end('SIGKILL'), stop: () => end('SIGTERM') };
}
