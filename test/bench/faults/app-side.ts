import { type BenchApp, forkApp } from '../fork-app.js';
import { startFaultProxy } from './fault-proxy.js';
import { TIMING } from './timing.js';

/** The app, in processes that die. */
export interface AppSide {
  /** Where BigCommerce reaches it: what stands before the processes passes on to one that listens. */
  readonly url: string;
  /** When which process was killed, by its number. */
  readonly deaths: ReadonlyMap<number, number>;
  /** How many did not get to listen, as where the database was away just then. Others were started in their places. */
  readonly failedStarts: number;
  /** How many that listened ended though nobody killed them. Others were started in their places. */
  readonly crashes: number;
  /** Starts the processes. Settles when all listen. */
  start(): Promise<void>;
  /**
   * Kills one of the processes, whatever it does, and starts another one in its place.
   *
   * @param place - From 0 to less than 1: which.
   */
  kill(place: number): Promise<void>;
  /** Stops all of them, as an operator does. */
  stop(): Promise<void>;
}

/** How soon whoever looks after processes starts another one in the place of one that ended. */
const RESTART_MS = 250;

interface RunningProcess {
  readonly number: number;
  readonly app: BenchApp;
  url: string | undefined;
}

/**
 * @param count - How many processes there are at a time.
 * @param environmentOf - Of a process, by its number: each that is started has the next one.
 */
export async function startAppSide(
  count: number,
  environmentOf: (appUrl: string, number: number) => Readonly<Record<string, string>>,
): Promise<AppSide> {
  const deaths = new Map<number, number>();
  const processes: RunningProcess[] = [];
  let started = 0;
  let asked = 0;
  let failedStarts = 0;
  let crashes = 0;
  let isStopping = false;

  const door = await startFaultProxy(() => {
    const listening = processes.filter(({ url }) => url !== undefined);
    asked += 1;
    const to = listening[asked % listening.length]?.url;
    return to === undefined ? undefined : { to };
  });

  const startOne = (place: number): Promise<unknown> => {
    started += 1;
    const app = forkApp(environmentOf(door.url, started), TIMING);
    const running: RunningProcess = { number: started, app, url: undefined };
    processes[place] = running;
    app.ended.then(() => {
      const hasListened = running.url !== undefined;
      running.url = undefined;
      if (isStopping) return;
      if (deaths.has(running.number)) startOne(place);
      else {
        if (hasListened) crashes += 1;
        else failedStarts += 1;
        setTimeout(() => startOne(place), RESTART_MS);
      }
    });
    return app.url.then(
      (url) => {
        running.url = url;
      },
      () => {},
    );
  };

  return {
    url: door.url,
    deaths,
    get failedStarts() {
      return failedStarts;
    },
    get crashes() {
      return crashes;
    },
    async start() {
      await Promise.all(Array.from({ length: count }, (_, place) => startOne(place)));
    },
    async kill(drawn) {
      const place = Math.floor(drawn * count);
      const killed = processes[place];
      if (!killed) return;
      deaths.set(killed.number, Date.now());
      await killed.app.kill();
    },
    async stop() {
      isStopping = true;
      await Promise.all(processes.map(({ app }) => app.stop()));
      await door.close();
    },
  };
}
