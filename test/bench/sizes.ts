import { type Row, type Section, verdict } from './measure.js';
import { gzipBytes, readLazyFiles, type Scripts } from './scripts.js';

const BUDGET_BYTES = 4000;

const format = (bytes: number): string => `${bytes.toLocaleString('en')} B`;

/** What a shopper downloads, beside what the yardsticks have them download. */
export function measureSizes({ ours, stripe, squatch, floor }: Scripts): Section {
  const bytes = gzipBytes(ours);
  const beside = (what: string, yardstick: string): Row => ({
    what: `extole-storefront.js beside ${what}`,
    ours: format(bytes),
    yardstick: format(gzipBytes(yardstick)),
    ratio: `${(bytes / gzipBytes(yardstick)).toFixed(2)} x`,
  });
  const lazy = [...readLazyFiles()].map(([name, text]) => ({
    what: `${name}, only when needed`,
    ours: format(gzipBytes(text)),
  }));
  return {
    title: 'Size, gzip -9',
    rows: [
      {
        what: 'extole-storefront.js (aim: 3,000 B)',
        ours: format(bytes),
        budget: `<= ${format(BUDGET_BYTES)}`,
        verdict: verdict(bytes, { atMost: BUDGET_BYTES }),
      },
      beside('stripe-js', stripe),
      beside('squatch-js', squatch),
      beside('the floor', floor),
      ...lazy,
    ],
  };
}
