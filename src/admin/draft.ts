import { type ChannelView, type SaveBody, saveBodySchema } from '../catalog/admin-api.js';
import { ORDER_EVENTS, type Settings, SWITCHED_ZONES } from '../catalog/settings.js';

/** What of a storefront may be kept in the browser: all that is edited but secrets. */
export interface Editable {
  readonly sameAs: number | null;
  readonly settings: Settings;
}

/** Secrets as they were typed. `undefined`: what is stored stays; `null`: it is to be forgotten. */
export interface TypedSecrets {
  readonly accessToken: string | null | undefined;
  readonly verificationKey: { readonly keyId: string; readonly key: string } | null | undefined;
}

/** Something that is wrong with a field. */
export interface Issue {
  /** Of the field, as in a {@link SaveBody}: `settings.programDomain`. */
  readonly path: string;
  /** The app's own words; `undefined` where the page found it. */
  readonly message: string | undefined;
}

/** What a merchant made of a storefront's settings, and what it came from. */
export interface Draft {
  /** What the app had when editing began. */
  readonly saved: ChannelView;
  readonly edited: Editable;
  readonly secrets: TypedSecrets;
  readonly issues: readonly Issue[];
  /** What somebody else saved meanwhile, until it is decided whose counts. */
  readonly conflict: { readonly current: ChannelView; readonly wasSaving: boolean } | null;
  /** When what was not saved was left, where this goes on from there. ISO 8601. */
  readonly restoredFrom: string | null;
}

/** What a field may hold. */
export type FieldValue =
  | boolean
  | string
  | number
  | null
  | readonly (string | number)[]
  | Settings['customEventData'];

/** One thing that can be changed by itself. */
export interface Field {
  readonly path: string;
  of(editable: Editable): FieldValue;
  /** The second with the first's value of this field. */
  copy(from: Editable, to: Editable): Editable;
}

/** The settings that are one field each. */
const PLAIN = [
  'isEnabled',
  'programDomain',
  'orderConfirmation',
  'consentCategory',
  'requireConsent',
  'browserConversion',
  'cartValue',
  'eventEndpoint',
  'programLabel',
  'orderCreatedFields',
  'customEventData',
] as const;

const withSettings = (to: Editable, change: Partial<Settings>): Editable => ({
  ...to,
  settings: { ...to.settings, ...change },
});

/** All that can be changed, in the order of the page. */
export const FIELDS: readonly Field[] = [
  {
    path: 'sameAs',
    of: ({ sameAs }) => sameAs,
    copy: ({ sameAs }, to) => ({ ...to, sameAs }),
  },
  ...PLAIN.map(
    (name): Field => ({
      path: `settings.${name}`,
      of: ({ settings }) => settings[name],
      copy: ({ settings }, to) => withSettings(to, { [name]: settings[name] }),
    }),
  ),
  ...SWITCHED_ZONES.map(
    (zone): Field => ({
      path: `settings.zones.${zone}`,
      of: ({ settings }) => settings.zones[zone],
      copy: ({ settings }, to) =>
        withSettings(to, { zones: { ...to.settings.zones, [zone]: settings.zones[zone] } }),
    }),
  ),
  ...ORDER_EVENTS.flatMap((event) =>
    (['isEnabled', 'name', 'statusIds'] as const).map(
      (member): Field => ({
        path: `settings.orderEvents.${event}.${member}`,
        of: ({ settings }) => settings.orderEvents[event][member],
        copy: ({ settings }, to) => {
          const { orderEvents } = to.settings;
          const changed = { ...orderEvents[event], [member]: settings.orderEvents[event][member] };
          return withSettings(to, { orderEvents: { ...orderEvents, [event]: changed } });
        },
      }),
    ),
  ),
  {
    path: 'settings.orderEvents.created.timing',
    of: ({ settings }) => settings.orderEvents.created.timing,
    copy({ settings }, to) {
      const { orderEvents } = to.settings;
      const created = { ...orderEvents.created, timing: settings.orderEvents.created.timing };
      return withSettings(to, { orderEvents: { ...orderEvents, created } });
    },
  },
];

const NO_SECRETS: TypedSecrets = { accessToken: undefined, verificationKey: undefined };

const differs = (field: Field, one: Editable, other: Editable): boolean =>
  JSON.stringify(field.of(one)) !== JSON.stringify(field.of(other));

/** What is edited of a storefront when nothing is changed yet. */
export const draftOf = (saved: ChannelView): Draft => ({
  saved,
  edited: { sameAs: saved.sameAs, settings: saved.settings },
  secrets: NO_SECRETS,
  issues: [],
  conflict: null,
  restoredFrom: null,
});

/** Whether settings were changed: what is kept in the browser, secrets apart. */
export const hasChangedSettings = ({ saved, edited }: Draft): boolean =>
  FIELDS.some((field) => differs(field, saved, edited));

/** Whether there is something to save. */
export const hasChanges = (draft: Draft): boolean => hasChangedSettings(draft) || hasTypedSecrets(draft);

/** Whether there is something that would be lost with the page. */
export function hasTypedSecrets({ secrets }: Draft): boolean {
  const { accessToken, verificationKey } = secretsToSend(secrets);
  return accessToken !== undefined || verificationKey !== undefined;
}

/** An empty box changes nothing. */
const secretsToSend = ({ accessToken, verificationKey: key }: TypedSecrets): TypedSecrets => ({
  accessToken: accessToken === '' ? undefined : accessToken,
  verificationKey: key?.keyId === '' && key.key === '' ? undefined : key,
});

/** With some settings changed. What was wrong with them is asked again at the next save. */
export const editSettings = (draft: Draft, change: Partial<Settings>): Draft => ({
  ...draft,
  edited: withSettings(draft.edited, change),
  issues: draft.issues.filter(
    ({ path }) => !Object.keys(change).some((name) => isWithin(path, `settings.${name}`)),
  ),
});

/** With the settings of another storefront, or with its own. */
export const editSameAs = (draft: Draft, sameAs: number | null): Draft => ({
  ...draft,
  edited: { ...draft.edited, sameAs },
  issues: [],
});

/** With secrets typed, or taken back. */
export const editSecrets = (draft: Draft, change: Partial<TypedSecrets>): Draft => ({
  ...draft,
  secrets: { ...draft.secrets, ...change },
  issues: draft.issues.filter(({ path }) => !Object.keys(change).some((name) => isWithin(path, name))),
});

/** Whether a path is that of a field, or of something in it. */
export const isWithin = (path: string, field: string): boolean =>
  path === field || path.startsWith(`${field}.`);

/** What is sent to the app. */
export function saveBodyOf({ saved, edited, secrets }: Draft): SaveBody {
  const { accessToken, verificationKey } = secretsToSend(secrets);
  return {
    revision: saved.revision,
    ...edited,
    ...(accessToken !== undefined && { accessToken }),
    ...(verificationKey !== undefined && { verificationKey }),
  };
}

/** What the app would refuse, and what is required for Extole to show at all. */
export function findIssues(draft: Draft): Issue[] {
  const { saved, edited, secrets } = draft;
  const { error } = saveBodySchema.safeParse(saveBodyOf(draft));
  const paths = error?.issues.map(({ path }) => path.join('.')) ?? [];
  if (edited.sameAs === null && edited.settings.isEnabled) {
    if (edited.settings.programDomain.trim() === '') paths.push('settings.programDomain');
    const { accessToken } = secretsToSend(secrets);
    const hasToken = accessToken === undefined ? saved.accessToken !== null : accessToken !== null;
    if (!hasToken) paths.push('accessToken');
  }
  return [...new Set(paths)].map((path) => ({ path, message: undefined }));
}

/** A field that somebody else changed, and that is not the same here. */
export interface Disagreement {
  readonly field: Field;
  /** Whether it was changed here as well. */
  readonly isMineToo: boolean;
}

/** What somebody else changed since editing began, and that differs from what is edited. */
export const disagreements = ({ saved, edited }: Draft, current: ChannelView): Disagreement[] =>
  FIELDS.filter((field) => differs(field, saved, current) && differs(field, edited, current)).map(
    (field) => ({ field, isMineToo: differs(field, saved, edited) }),
  );

/** The secrets that somebody else changed, of those that were typed here. */
export const disputedSecrets = ({ saved, secrets }: Draft, current: ChannelView): (keyof TypedSecrets)[] =>
  (['accessToken', 'verificationKey'] as const).filter(
    (name) => secrets[name] !== undefined && current[name]?.savedAt !== saved[name]?.savedAt,
  );

/**
 * Goes on from what stands now: all that somebody else changed, and what was changed here.
 *
 * @param keptPaths - What counts as it is here, of the fields that both have.
 */
export function mergeDraft(draft: Draft, current: ChannelView, keptPaths: ReadonlySet<string>): Draft {
  const mine = FIELDS.filter((field) =>
    differs(field, draft.saved, current)
      ? keptPaths.has(field.path)
      : differs(field, draft.saved, draft.edited),
  );
  const disputed = disputedSecrets(draft, current);
  const secretOf = <Name extends keyof TypedSecrets>(name: Name): TypedSecrets[Name] | undefined =>
    disputed.includes(name) && !keptPaths.has(name) ? undefined : draft.secrets[name];
  return {
    ...draftOf(current),
    edited: mine.reduce<Editable>((to, field) => field.copy(draft.edited, to), {
      sameAs: current.sameAs,
      settings: current.settings,
    }),
    secrets: { accessToken: secretOf('accessToken'), verificationKey: secretOf('verificationKey') },
    restoredFrom: draft.restoredFrom,
  };
}

/**
 * Goes on after a save. What was changed while it was on its way is still to be saved.
 *
 * @param sent - The draft as it was sent.
 * @param saved - What the app made of it.
 */
export function afterSave(draft: Draft, sent: Draft, saved: ChannelView): Draft {
  const secretsSince = (['accessToken', 'verificationKey'] as const).filter(
    (name) => draft.secrets[name] !== sent.secrets[name],
  );
  const fieldsSince = FIELDS.filter((field) => differs(field, draft.edited, sent.edited));
  const since = new Set<string>([...secretsSince, ...fieldsSince.map(({ path }) => path)]);
  const secretOf = <Name extends keyof TypedSecrets>(name: Name): TypedSecrets[Name] | undefined =>
    since.has(name) ? draft.secrets[name] : undefined;
  const left: Draft = {
    ...draft,
    saved: { ...draft.saved, ...sent.edited },
    secrets: { accessToken: secretOf('accessToken'), verificationKey: secretOf('verificationKey') },
  };
  return { ...mergeDraft(left, saved, since), restoredFrom: null };
}

/** What was left unsaved, as it was kept. */
export interface KeptDraft {
  readonly revision: number;
  /** What editing began with. */
  readonly base: Editable;
  readonly edited: Editable;
  /** ISO 8601 */
  readonly keptAt: string;
}

/** What is kept of a draft, which has no secret. */
export const keptOf = ({ saved, edited }: Draft, now: Date): KeptDraft => ({
  revision: saved.revision,
  base: { sameAs: saved.sameAs, settings: saved.settings },
  edited,
  keptAt: now.toISOString(),
});

/** Goes on from what was left unsaved. Where somebody else saved since, it is to be decided whose counts. */
export function restoreDraft(current: ChannelView, kept: KeptDraft): Draft {
  const left: Draft = {
    ...draftOf({ ...current, ...kept.base, revision: kept.revision }),
    edited: kept.edited,
    restoredFrom: kept.keptAt,
  };
  if (kept.revision !== current.revision && disagreements(left, current).length > 0) {
    return { ...left, conflict: { current, wasSaving: false } };
  }
  const merged = mergeDraft(left, current, new Set());
  return hasChanges(merged) ? merged : draftOf(current);
}
