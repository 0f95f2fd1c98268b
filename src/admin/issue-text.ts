import { type Issue, isWithin } from './draft.js';
import type { Text } from './use-text.js';

/** What is wrong with a field, and what it takes. */
export function issueText(text: Text, { path, message }: Issue): string {
  if (path === 'accessToken')
    return text(message === undefined ? 'issue.accessToken' : 'failure.ACCESS_TOKEN_REFUSED');
  if (path === 'sameAs') return text('failure.SAME_AS_INVALID');
  if (message !== undefined) return message;
  if (path === 'settings.programDomain') return text('issue.programDomain');
  if (path === 'settings.programLabel') return text('issue.programLabel');
  if (path === 'verificationKey.keyId') return text('issue.keyId');
  if (isWithin(path, 'verificationKey')) return text('issue.key');
  if (/^settings\.orderEvents\.\w+\.name$/.test(path)) return text('issue.eventName');
  if (/^settings\.customEventData\.\d+\.key$/.test(path)) return text('issue.dataKey');
  if (/^settings\.customEventData\.\d+\.value$/.test(path)) return text('issue.dataValue');
  return text('issue.other');
}
