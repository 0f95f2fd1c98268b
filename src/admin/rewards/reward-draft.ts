import { DEFAULT_REWARD_SETTINGS, type RewardSettings } from '../../catalog/rewards.js';
import {
  type RewardChannelView,
  type RewardSaveBody,
  rewardSaveBodySchema,
} from '../../catalog/rewards-api.js';
import type { Issue } from '../draft.js';

/** A row of the table of suppliers, as far as it is filled in. */
export interface TypedSupplier {
  readonly supplierId: string;
  /** `null`: none is chosen yet. */
  readonly promotionId: number | null;
}

/** The settings of rewards as they are edited: each thing that can be changed by itself, numbers as they were typed. */
export interface TypedRewards {
  readonly isEnabled: boolean;
  readonly intake: RewardSettings['intake'];
  readonly webhookProof: RewardSettings['webhookProof'];
  readonly usesPartnerSupplierIds: boolean;
  readonly suppliers: readonly TypedSupplier[];
  readonly told: RewardSettings['told'];
  readonly prefix: string;
  readonly pattern: RewardSettings['code']['pattern'];
  readonly length: number;
  readonly excludesLookAlikes: boolean;
  readonly maxUses: string;
  readonly maxUsesPerCustomer: string;
  readonly readyPromotionIds: readonly number[];
  readonly minReady: string;
}

/** One of {@link TypedRewards}. */
export type RewardField = keyof TypedRewards;

/** What a merchant made of a storefront's settings, and what it came from. */
export interface RewardDraft {
  /** What the app had when editing began. */
  readonly base: RewardChannelView;
  readonly typed: TypedRewards;
  /** The client key as it was typed. `undefined`: what is stored stays; `null`: it is to be forgotten. */
  readonly webhookKey: string | null | undefined;
}

/** By channel id. A storefront with nothing unsaved has none. */
export type RewardDrafts = ReadonlyMap<number, RewardDraft>;

/** Where the client key is on the page. */
export const KEY_ID = 'rewards.webhookKey';

/** Where each field is on the page, in its order. What is wrong with a field is told by it. */
export const FIELD_IDS: Readonly<Record<RewardField, string>> = {
  isEnabled: 'rewards.isEnabled',
  intake: 'rewards.intake',
  webhookProof: 'rewards.webhookProof',
  usesPartnerSupplierIds: 'rewards.usesPartnerSupplierIds',
  suppliers: 'rewards.suppliers',
  told: 'rewards.told',
  prefix: 'rewards.code.prefix',
  pattern: 'rewards.code.pattern',
  length: 'rewards.code.length',
  excludesLookAlikes: 'rewards.code.excludesLookAlikes',
  maxUses: 'rewards.maxUses',
  maxUsesPerCustomer: 'rewards.maxUsesPerCustomer',
  readyPromotionIds: 'rewards.readyPromotionIds',
  minReady: 'rewards.minReady',
};

/** Settings as they are edited. */
export const typedOf = ({
  code,
  maxUses,
  maxUsesPerCustomer,
  minReady,
  ...others
}: RewardSettings): TypedRewards => ({
  ...others,
  ...code,
  maxUses: `${maxUses}`,
  maxUsesPerCustomer: `${maxUsesPerCustomer}`,
  minReady: `${minReady}`,
});

const FIELDS: readonly RewardField[] = Object.keys(typedOf(DEFAULT_REWARD_SETTINGS)).filter(
  (name): name is RewardField => name in FIELD_IDS,
);

const differs = (one: TypedRewards, other: TypedRewards, field: RewardField): boolean =>
  JSON.stringify(one[field]) !== JSON.stringify(other[field]);

const copy = (from: TypedRewards, to: TypedRewards, field: RewardField): TypedRewards => ({
  ...to,
  [field]: from[field],
});

/** What is edited of a storefront when nothing is changed yet. */
export const draftOf = (base: RewardChannelView): RewardDraft => ({
  base,
  typed: typedOf(base.settings),
  webhookKey: undefined,
});

/** An empty box changes nothing, nor does one that is out of sight. */
const keyToSend = ({ webhookKey, typed }: RewardDraft): string | null | undefined =>
  webhookKey === '' || (webhookKey && typed.intake !== 'webhook') ? undefined : webhookKey;

/** Whether there is something to save. */
export const hasChanges = (draft: RewardDraft): boolean =>
  keyToSend(draft) !== undefined ||
  FIELDS.some((field) => differs(draft.typed, typedOf(draft.base.settings), field));

/** With the draft of a storefront, as long as there is something to save in it. */
export function withDraft(drafts: RewardDrafts, draft: RewardDraft): RewardDrafts {
  const next = new Map(drafts);
  if (hasChanges(draft)) next.set(draft.base.channelId, draft);
  else next.delete(draft.base.channelId);
  return next;
}

/** Without the drafts of storefronts that have nothing to set any more: those that are gone, and those that follow another one by now. */
export function ofLeaders(drafts: RewardDrafts, channels: readonly RewardChannelView[]): RewardDrafts {
  const leaders = new Set(
    channels.flatMap(({ channelId, followsChannelId }) => (followsChannelId === null ? channelId : [])),
  );
  const kept = [...drafts].filter(([channelId]) => leaders.has(channelId));
  return kept.length === drafts.size ? drafts : new Map(kept);
}

/** `NaN` when it is no whole number. */
const numberOf = (typed: string): number => (/^\d+$/.test(typed.trim()) ? Number(typed) : Number.NaN);

function unchecked(draft: RewardDraft): object {
  const { base, typed } = draft;
  const { prefix, pattern, length, excludesLookAlikes, ...others } = typed;
  const webhookKey = keyToSend(draft);
  return {
    revision: base.revision,
    settings: {
      ...others,
      code: { prefix, pattern, length, excludesLookAlikes },
      maxUses: numberOf(typed.maxUses),
      maxUsesPerCustomer: numberOf(typed.maxUsesPerCustomer),
      minReady: numberOf(typed.minReady),
    },
    ...(webhookKey !== undefined && { webhookKey }),
  };
}

/** What is sent to the app, of a draft without issues. Throws for one with some. */
export const saveBodyOf = (draft: RewardDraft): RewardSaveBody =>
  rewardSaveBodySchema.parse(unchecked(draft));

/** Where something is on the page that has a place in what is sent: `settings.code.prefix`. */
export const fieldId = (path: string): string => `rewards.${path.replace(/^settings\./, '')}`;

/** Whether a row of the table has the supplier of one above it. */
export function isRepeated(suppliers: readonly TypedSupplier[], index: number): boolean {
  const ids = suppliers.map(({ supplierId }) => supplierId.trim());
  const id = ids[index];
  return id !== undefined && id !== '' && ids.indexOf(id) < index;
}

/** What the app would refuse, and suppliers that stand there twice. */
export function findIssues(draft: RewardDraft): Issue[] {
  const { error } = rewardSaveBodySchema.safeParse(unchecked(draft));
  const { suppliers } = draft.typed;
  const paths = [
    ...(error?.issues.map(({ path }) => path.join('.')) ?? []),
    ...suppliers.flatMap((_, index) =>
      isRepeated(suppliers, index) ? [`settings.suppliers.${index}.supplierId`] : [],
    ),
  ];
  return [...new Set(paths)].map((path) => ({ path: fieldId(path), message: undefined }));
}

/** Something that was changed here and by somebody else, and is not the same. */
export type Disagreement = RewardField | 'webhookKey';

/** What somebody else changed since editing began, of what was changed here. */
export function disagreements(draft: RewardDraft, current: RewardChannelView): readonly Disagreement[] {
  const { base, typed } = draft;
  const [before, now] = [typedOf(base.settings), typedOf(current.settings)];
  const fields = FIELDS.filter(
    (field) => differs(before, now, field) && differs(before, typed, field) && differs(typed, now, field),
  );
  const isKeyDisputed =
    keyToSend(draft) !== undefined && current.webhookKey?.savedAt !== base.webhookKey?.savedAt;
  return isKeyDisputed ? [...fields, 'webhookKey'] : fields;
}

/**
 * Goes on from what stands now, with what was changed here.
 *
 * @param theirs - What counts as it stands now all the same.
 */
export function rebase(
  { base, typed, webhookKey }: RewardDraft,
  current: RewardChannelView,
  theirs: readonly Disagreement[] = [],
): RewardDraft {
  const before = typedOf(base.settings);
  const mine = FIELDS.filter((field) => differs(before, typed, field) && !theirs.includes(field));
  return {
    base: current,
    typed: mine.reduce((to, field) => copy(typed, to, field), typedOf(current.settings)),
    webhookKey: theirs.includes('webhookKey') ? undefined : webhookKey,
  };
}

/**
 * Goes on after a save. What was changed while it was on its way is still to be saved.
 *
 * @param sent - The draft as it was sent.
 * @param saved - What the app made of it.
 */
export function afterSave(draft: RewardDraft, sent: RewardDraft, saved: RewardChannelView): RewardDraft {
  const since = FIELDS.filter((field) => differs(draft.typed, sent.typed, field));
  return {
    base: saved,
    typed: since.reduce((to, field) => copy(draft.typed, to, field), typedOf(saved.settings)),
    webhookKey: draft.webhookKey === sent.webhookKey ? undefined : draft.webhookKey,
  };
}
