import type { StateAnswer } from '../catalog/admin-api.js';
import type { Settings } from '../catalog/settings.js';
import type { Api } from './api.js';
import type { Draft, TypedSecrets } from './draft.js';

/** What a card works with: the storefront's draft, and what changes it. */
export interface Editing {
  readonly api: Api;
  readonly state: StateAnswer;
  readonly draft: Draft;
  /** What is wrong with a field, as a sentence. */
  issue(path: string): string | undefined;
  set(change: Partial<Settings>): void;
  setSecrets(change: Partial<TypedSecrets>): void;
  save(): void;
}
