import type { Issue } from '../draft.js';
import { FIELD_IDS, KEY_ID } from './reward-draft.js';
import type { RewardsText } from './rewards-messages.js';

/** What is wrong with the field at a place of the page, and what it takes; `undefined` when nothing is. */
export function issueAt(text: RewardsText, issues: readonly Issue[], id: string): string | undefined {
  const found = issues.find(({ path }) => path === id);
  return found && sentence(text, found);
}

function sentence(text: RewardsText, { path, message }: Issue): string {
  if (message !== undefined) return message;
  if (path === KEY_ID) return text('wrong.key');
  if (path === FIELD_IDS.prefix) return text('wrong.prefix');
  if (path === FIELD_IDS.maxUses || path === FIELD_IDS.maxUsesPerCustomer) return text('wrong.uses');
  if (path === FIELD_IDS.minReady) return text('wrong.ready');
  if (path.endsWith('.supplierId')) return text('wrong.supplier');
  if (path.endsWith('.promotionId')) return text('wrong.promotion');
  return text('issue.other');
}
