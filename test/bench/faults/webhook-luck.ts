import type { Draw } from './random.js';

/** How webhooks fared. */
export interface WebhookFigures {
  /** Copies that were to be sent. */
  readonly copies: number;
  readonly duplicated: number;
  readonly delayed: number;
  /** Never sent. */
  readonly dropped: number;
}

/** Has webhooks dropped, doubled and late, and so in another order. */
export interface WebhookLuck {
  readonly figures: WebhookFigures;
  /** When each copy of the next webhook of this name is sent, in milliseconds from now. */
  copiesOf(name: string): number[];
}

/** What becomes of the third webhook of a name does not depend on what else there was. */
export function createWebhookLuck(draw: Draw): WebhookLuck {
  const figures = { copies: 0, duplicated: 0, delayed: 0, dropped: 0 };
  const told = new Map<string, number>();
  return {
    figures,
    copiesOf(name) {
      const number = (told.get(name) ?? 0) + 1;
      told.set(name, number);
      const drawFor = (what: string): number => draw(what, name, number);
      if (drawFor('dropped') < 0.05) {
        figures.dropped += 1;
        return [];
      }
      const isDelayed = drawFor('delayed') < 0.15;
      const delayMs = isDelayed ? 500 + 8_000 * drawFor('delay') : 5 + 200 * drawFor('delay');
      const isDuplicated = drawFor('duplicated') < 0.1;
      const copies = isDuplicated ? [delayMs, delayMs + 3_000 * drawFor('copy')] : [delayMs];
      figures.copies += copies.length;
      if (isDelayed) figures.delayed += 1;
      if (isDuplicated) figures.duplicated += 1;
      return copies;
    },
  };
}
