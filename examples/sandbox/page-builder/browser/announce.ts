import { part } from './element.js';

/** Tells those who do not see it what happened. */
export function say(announcement: string): void {
  part('announcement', HTMLElement).textContent = announcement;
}

/** Shows what went wrong, until the same thing went well. */
export function complain(problem?: unknown): void {
  const notice = part('problem', HTMLElement);
  notice.hidden = problem === undefined;
  notice.textContent = problem instanceof Error ? problem.message : '';
}
