import { readFile, rm, writeFile } from 'node:fs/promises';

/** Which process has a folder. It only tells: what keeps others out is the lock that `postgres-process.ts` takes. */
export interface OwnerFile {
  write(): Promise<void>;
  remove(): Promise<void>;
  /** @returns The id of the process, if it still runs. */
  read(): Promise<number | undefined>;
}

/** @param path - Of the file. */
export function ownerFile(path: string): OwnerFile {
  // In a container, this process and the one before it may well have the same id.
  const us = `${process.pid} ${performance.timeOrigin}`;
  return {
    write: () => writeFile(path, us),
    remove: () => rm(path, { force: true }),
    async read() {
      const owner = await readFile(path, 'utf8').catch(() => '');
      const processId = Number.parseInt(owner, 10);
      if (processId === process.pid) return owner === us ? processId : undefined;
      return isRunning(processId) ? processId : undefined;
    },
  };
}

function isRunning(processId: number): boolean {
  try {
    return process.kill(processId, 0);
  } catch (error) {
    // It runs, and belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
