import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';

const folder = new URL('../../dist/storefront/', import.meta.url);

/**
 * What each file may weigh on its way to a shopper, in bytes of gzip -9. The core file's budget is the one that was
 * promised; a lazy file's is its size, rounded up to the next hundred: raise it on purpose, not by accident.
 */
const BUDGET_BYTES: Readonly<Record<string, number>> = {
  'extole-storefront.js': 4000,
  'extole-storefront-automatic.js': 1000,
  'extole-storefront-conversion.js': 1000,
  'extole-storefront-core-trouble.js': 700,
  'extole-storefront-custom-event-data.js': 1100,
  'extole-storefront-debug-panel.js': 5400,
  'extole-storefront-event-data-repair.js': 1400,
  'extole-storefront-lazy-zones.js': 300,
  'extole-storefront-messages.js': 1300,
  'extole-storefront-preview.js': 3200,
  'extole-storefront-shopper.js': 1700,
};

describe('the size of what shoppers load', () => {
  it('is budgeted for every file, and for no file that is gone', () => {
    const built = readdirSync(folder).filter((name) => name.endsWith('.js'));
    expect(built.sort(), 'give each file of dist/storefront a budget in this test').toEqual(
      Object.keys(BUDGET_BYTES).sort(),
    );
  });

  it.each(Object.entries(BUDGET_BYTES))('stays within the budget: %s', (name, budgetBytes) => {
    const bytes = gzipSync(readFileSync(new URL(name, folder)), { level: 9 }).length;
    expect(bytes, `${name} is ${bytes} bytes of gzip -9; its budget is ${budgetBytes}`).toBeLessThanOrEqual(
      budgetBytes,
    );
  });
});
