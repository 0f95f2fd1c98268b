import { readdirSync, readFileSync } from 'node:fs';

/**
 * The memory of a process, and that of all its descendants, in bytes; shared pages by their part.
 *
 * Source: Linux, proc(5), `smaps_rollup`: Pss, the proportional set size.
 */
export function memoryOf(pid: number): { readonly own: number; readonly descendants: number } {
  const pss = (id: string): number =>
    1024 * Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${id}/smaps_rollup`))?.[1] ?? 0);
  const parentOf = (id: string): string => /^PPid:\s+(\d+)/m.exec(read(`/proc/${id}/status`))?.[1] ?? '';
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const parents = new Map(processes.map((id) => [id, parentOf(id)]));
  const descendantsOf = (id: string): string[] =>
    processes.filter((one) => parents.get(one) === id).flatMap((one) => [one, ...descendantsOf(one)]);
  return {
    own: pss(`${pid}`),
    descendants: descendantsOf(`${pid}`).reduce((sum, id) => sum + pss(id), 0),
  };
}

/** Prints bytes. */
export const formatMb = (bytes: number): string => `${(bytes / 1024 ** 2).toFixed(0)} MB`;

/** A process may end while we look at it. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
