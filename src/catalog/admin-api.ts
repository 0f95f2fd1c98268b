import { z } from 'zod';
import { type Settings, settingsSchema } from './settings.js';

/*
 * How the settings page and the app talk: JSON below `/api`, each request with `Authorization: Bearer <session>`. The session
 * comes with the page (in `<script type="application/json" id="extole-session">`, a {@link Session}), is kept in the page's memory
 * only and renewed before it ends. Every answer that is not a 2xx is a {@link Failure}.
 */

/** Proof that a user of a store opened the page from the control panel. */
export interface Session {
  readonly token: string;
  /** ISO 8601. After it the server takes the token no more. */
  readonly expiresAt: string;
}

/** Why something could not be done. */
export interface Failure {
  /** A stable code; `docs/errors.md` lists them. */
  readonly code: string;
  /** A sentence for people, in English: what failed, and what to do. */
  readonly message: string;
  /** What is wrong with what was sent, by the place in it: `settings.programDomain`. */
  readonly issues?: readonly { readonly path: string; readonly message: string }[];
}

/** A secret as the page may know it. */
export interface SecretView {
  readonly lastFour: string;
  /** ISO 8601. */
  readonly savedAt: string;
}

/** One storefront with its settings. */
export interface ChannelView {
  readonly channelId: number;
  readonly name: string;
  /** `bigcommerce`: Stencil. */
  readonly platform: 'bigcommerce' | 'catalyst';
  /** The storefront's address; `null` when BigCommerce does not tell. */
  readonly url: string | null;
  /** Where to edit its pages by hand; `null` where there is no Page Builder. */
  readonly pageBuilderUrl: string | null;
  /** The storefront whose settings count for this one; `null` for its own. */
  readonly sameAs: number | null;
  /** Its own settings, which wait while `sameAs` names another. */
  readonly settings: Settings;
  readonly accessToken: SecretView | null;
  /** The key that signs who a shopper is; `null` where shoppers go unverified. */
  readonly verificationKey: (SecretView & { readonly keyId: string }) | null;
  /** Grows with each change; 0 until the first. */
  readonly revision: number;
  /** ISO 8601; `null` until the first change. */
  readonly savedAt: string | null;
  /** The e-mail of who saved last, of the same store's staff; `null` when that user is gone. */
  readonly savedBy: string | null;
}

/** `GET /api/state` */
export interface StateAnswer {
  readonly store: { readonly storeHash: string; readonly name: string };
  readonly user: { readonly email: string; readonly locale: string };
  /** The first is the store's default. */
  readonly channels: readonly ChannelView[];
  /** This store's own labels. */
  readonly orderStatuses: readonly { readonly id: number; readonly label: string }[];
  readonly version: string;
  /** What the page kept for this user. */
  readonly notes: readonly Note[];
}

/**
 * What the page keeps for one user at one storefront: browsers give a page in somebody else's frame no storage that lasts. The app
 * knows nothing of what is in it. No secret is.
 */
export interface Note {
  readonly channelId: number;
  readonly name: NoteName;
  readonly content: unknown;
}

/** `draft`: what is not saved yet. `seen`: that the user went to look at the storefront. */
export const NOTE_NAMES = ['draft', 'seen'] as const;

/** See {@link NOTE_NAMES}. */
export type NoteName = (typeof NOTE_NAMES)[number];

/** `PUT /api/channels/:channelId/notes/:name` answers 204. `null` removes it. */
export const noteBodySchema = z.strictObject({ content: z.json() });

/** `POST /api/session` answers a {@link Session}. */

/** Keys and tokens go into headers: visible characters of ASCII. */
const secret = (minLength: number, maxLength: number) =>
  z
    .string()
    .trim()
    .min(minLength)
    .max(maxLength)
    .regex(/^[\x21-\x7e]+$/);

/** `PUT /api/channels/:channelId` */
export const saveBodySchema = z.strictObject({
  /** That of the settings which were changed. 409 `SETTINGS_CHANGED` when another user saved since. */
  revision: z.int().min(0),
  sameAs: z.int().min(1).nullable(),
  settings: settingsSchema,
  /** Extole's token: a new one, or `null` to forget it. Absent: it stays as it is. */
  accessToken: secret(1, 500).nullable().optional(),
  /** The key that signs who a shopper is. As with the token. */
  verificationKey: z
    .strictObject({ keyId: secret(1, 100), key: secret(32, 500) })
    .nullable()
    .optional(),
});

/** See {@link saveBodySchema}. */
export type SaveBody = z.infer<typeof saveBodySchema>;

/** What `PUT /api/channels/:channelId` answers. */
export interface SaveAnswer {
  readonly channel: ChannelView;
  /** The job that brings the store up to date; `null` when nothing on the storefront changes. */
  readonly job: JobView | null;
}

/** What the 409 of `PUT /api/channels/:channelId` holds. */
export interface ConflictFailure extends Failure {
  readonly code: 'SETTINGS_CHANGED';
  /** What stands now. */
  readonly current: ChannelView;
}

/** A piece of work in the store. `GET /api/jobs/:id` */
export interface JobView {
  readonly id: string;
  readonly kind: 'save' | 'repair' | 'release';
  readonly state: 'waiting' | 'running' | 'done' | 'failed';
  /** What it does, as far as is known. */
  readonly steps: readonly {
    /** What is done to what: `create`, `script`, "Extole: store pages". */
    readonly action: string;
    readonly what: string;
    readonly name: string;
    readonly state: 'waiting' | 'running' | 'done' | 'failed';
  }[];
  /** Why it failed. While `state` is `waiting`, why the last try failed: there will be another. */
  readonly failure: Failure | null;
  readonly createdAt: string;
  readonly finishedAt: string | null;
}

/** `POST /api/checks/program-domain` */
export const domainCheckBodySchema = z.strictObject({
  programDomain: z.string().max(300),
  channelId: z.int().min(1),
});

/** What `POST /api/checks/program-domain` answers, whatever the domain is like. */
export interface DomainCheckAnswer {
  /** The first thing that is wrong; `null` when all is well. */
  readonly problem:
    | 'not-a-host-name'
    | 'internal-address'
    | 'unknown-host'
    | 'no-answer'
    | 'not-extole'
    | 'storefront-not-allowed'
    | null;
  /** The host as it will be stored; `null` when it is none. */
  readonly host: string | null;
  /** The storefront's origin that was asked about; `null` when it is not known, and CORS could not be checked. */
  readonly storefrontOrigin: string | null;
}

/** How things stand in the store. `GET /api/status`; with `?look=true` the store is looked at anew. */
export interface StatusAnswer {
  /** `reauthorize`: BigCommerce takes our token no more; the merchant has to accept the app again. */
  readonly connection: 'ok' | 'reauthorize';
  /** ISO 8601: when the store was last looked at; `null` before the first time. */
  readonly lookedAt: string | null;
  /** What differs from what should be in the store. Empty: all is in place. */
  readonly differences: readonly {
    readonly channelId: number;
    readonly what: string;
    readonly name: string;
    /** What Repair would do. */
    readonly action: string;
  }[];
  /** What keeps something from showing, though all is in place: a theme without the region of a zone, … */
  readonly notices: readonly Pick<Failure, 'code' | 'message'>[];
  /** Why the store could not be looked at; `null` when it could. */
  readonly failure: Failure | null;
  readonly webhooks: readonly { readonly scope: string; readonly isActive: boolean }[];
  /** What happened of late, the newest first. */
  readonly recentJobs: readonly JobView[];
}

/** `POST /api/repair` answers a {@link JobView} with 202. */
