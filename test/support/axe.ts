import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/**
 * What axe finds wrong with a page, frames and shadow roots included: each rule with what breaks it. Extole's creatives are left
 * out: they are not ours.
 *
 * @param within - A selector of the only part that counts. Without it the whole page does.
 */
export async function axeFindings(page: Page, within?: string): Promise<string[]> {
  const axe = new AxeBuilder({ page }).exclude('.referral');
  const { violations, passes } = await (within ? axe.include(within) : axe).analyze();
  // With nothing to look at, nothing is found wrong.
  if (passes.length === 0) throw new Error(`axe had nothing to look at in ${within ?? 'the page'}`);
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`),
  );
}
