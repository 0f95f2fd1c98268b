import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A process of its own; see `app-process.ts`. */
export interface AppProcess {
  readonly id: number;
  /** What it told so far. */
  readonly told: readonly Told[];
  /** Settles when it tells something that matches. Rejects when it ends before. */
  until(isIt: (told: Told) => boolean): Promise<Told>;
  /** Kills it as the kernel does. Settles when it is gone. */
  kill(): Promise<void>;
}

export interface Told {
  readonly ready?: true;
  readonly failed?: string;
  readonly committed?: number;
  readonly began?: { readonly storeHash?: string };
}

/** Starts one. */
export function forkApp(databaseUrl: string, dataDir = ''): AppProcess {
  const path = fileURLToPath(new URL('app-process.ts', import.meta.url));
  const child: ChildProcess = fork(path, [databaseUrl, dataDir], { execArgv: ['--import', 'tsx'] });
  const told: Told[] = [];
  const waiting = new Set<() => void>();
  child.on('message', (message: Told) => {
    told.push(message);
    for (const look of waiting) look();
  });
  return {
    id: child.pid ?? 0,
    told,
    until: (isIt) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = told.find(isIt);
          if (!found) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        child.once('exit', () => reject(new Error(`it ended: ${JSON.stringify(told.at(-1))}`)));
        look();
      }),
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}
