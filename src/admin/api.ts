import type {
  ActivityAnswer,
  ErasureBody,
  ErasureView,
  EventDetail,
  EventFilter,
  EventsAnswer,
  EventView,
  ImportView,
  ReplayAnswer,
  ReplayBody,
} from '../catalog/activity-api.js';
import type {
  ChannelView,
  ConflictFailure,
  DomainCheckAnswer,
  Failure,
  JobView,
  NoteName,
  SaveAnswer,
  SaveBody,
  Session,
  StateAnswer,
  StatusAnswer,
} from '../catalog/admin-api.js';
import type {
  CodeTestAnswer,
  PromotionsAnswer,
  RewardChannelView,
  RewardConflict,
  RewardQuery,
  RewardReplayAnswer,
  RewardReplayBody,
  RewardSaveBody,
  RewardsAnswer,
  RewardsListAnswer,
} from '../catalog/rewards-api.js';

/** Why the app did not do what it was asked for. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly failure: Failure | ConflictFailure | RewardConflict;
  /** The HTTP status; 0 when the app could not be reached. */
  readonly status: number;

  constructor(status: number, failure: Failure | ConflictFailure | RewardConflict) {
    super(failure.message);
    this.status = status;
    this.failure = failure;
  }

  /** The settings that stand now, when somebody else saved meanwhile. */
  get current(): ChannelView | undefined {
    const { failure } = this;
    return 'current' in failure && 'platform' in failure.current ? failure.current : undefined;
  }

  /** The settings of rewards that stand now, when somebody else saved meanwhile. */
  get currentRewards(): RewardChannelView | undefined {
    const { failure } = this;
    return 'current' in failure && 'webhookUrl' in failure.current ? failure.current : undefined;
  }

  /** Whether the same may well succeed in a moment. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** The app, as the page talks to it. Every call rejects with an {@link ApiError}. */
export interface Api {
  state(): Promise<StateAnswer>;
  save(channelId: number, body: SaveBody): Promise<SaveAnswer>;
  job(id: string): Promise<JobView>;
  /** @param look - Whether the store is looked at anew, which takes seconds. */
  status(look: boolean): Promise<StatusAnswer>;
  repair(): Promise<JobView>;
  /** @param content - `null` removes the note. */
  keepNote(channelId: number, name: NoteName, content: object | null): Promise<void>;
  checkProgramDomain(
    programDomain: string,
    channelId: number,
    signal: AbortSignal,
  ): Promise<DomainCheckAnswer>;
  activity(): Promise<ActivityAnswer>;
  /** @param cursor - What the page before ended with; `null` for the first. */
  events(filter: EventFilter, cursor: string | null): Promise<EventsAnswer>;
  /** @param isRevealed - Whether personal data stands in it, which the app records. */
  event(id: string, isRevealed: boolean): Promise<EventDetail>;
  /** The events as a table in CSV. */
  eventsFile(filter: EventFilter): Promise<Blob>;
  replay(body: ReplayBody): Promise<ReplayAnswer>;
  addTestEvent(channelId: number): Promise<EventView>;
  /** @param since - ISO 8601 */
  importOrders(since: string): Promise<ImportView>;
  erasures(): Promise<readonly ErasureView[]>;
  erase(body: ErasureBody): Promise<ErasureView>;
  rewards(): Promise<RewardsAnswer>;
  saveRewards(channelId: number, body: RewardSaveBody): Promise<RewardChannelView>;
  /** @param channelId - The storefront that warnings are about. */
  promotions(channelId: number): Promise<PromotionsAnswer>;
  /** Makes a code under a promotion, and deletes it. */
  testCode(promotionId: number, channelId: number): Promise<CodeTestAnswer>;
  /** @param cursor - What the page before ended with; `null` for the first. */
  rewardCodes(query: RewardQuery, cursor: string | null): Promise<RewardsListAnswer>;
  replayRewards(body: RewardReplayBody): Promise<RewardReplayAnswer>;
  readonly session: {
    /** Whether the app does not know us any more. Then it takes nothing until the page is opened again. */
    hasEnded(): boolean;
    /** @returns What stops it. */
    onEnd(listener: () => void): () => void;
  };
}

/** A session is renewed so long before it ends, */
const RENEW_BEFORE_END_MS = 2 * 60_000;
/** and at least so often, since the clock of this computer may be slow or fast. */
const RENEW_AT_LEAST_EVERY_MS = 4 * 60_000;
const RENEW_AT_MOST_EVERY_MS = 30_000;

/**
 * Talks to the app, and keeps the session alive while the page is open. The session is known to nobody but this.
 *
 * @param first - The session that came with the page.
 */
export function createApi(first: Session): Api {
  let { token } = first;
  let hasEnded = false;
  const listeners = new Set<() => void>();

  const end = (): void => {
    hasEnded = true;
    for (const listener of listeners) listener();
  };

  async function send(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Response> {
    const response = await fetch(`/api/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
      cache: 'no-store',
      // What is on its way when the page is left shall arrive. Browsers take 64 KiB of it.
      keepalive: method === 'PUT',
      credentials: 'omit',
    }).catch((error: unknown) => {
      if (signal?.aborted) throw error;
      throw new ApiError(0, UNREACHABLE);
    });
    if (response.ok) return response;
    if (response.status === 401) end();
    const answer: unknown = await response.json().catch(() => undefined);
    throw new ApiError(response.status, isFailure(answer) ? answer : UNREACHABLE);
  }

  /** What was answered can't be read to its end when the connection breaks. */
  const read = <Content>(content: Promise<Content>): Promise<Content> =>
    content.catch(() => {
      throw new ApiError(0, UNREACHABLE);
    });

  async function ask<Answer>(
    method: string,
    path: string,
    body?: unknown,
    signal?: AbortSignal,
  ): Promise<Answer> {
    const response = await send(method, path, body, signal);
    return read(response.json());
  }

  const renewAfter = (expiresAt: string): void => {
    const untilRenewalMs = Date.parse(expiresAt) - Date.now() - RENEW_BEFORE_END_MS;
    const waitMs = Math.max(RENEW_AT_MOST_EVERY_MS, Math.min(RENEW_AT_LEAST_EVERY_MS, untilRenewalMs));
    setTimeout(async () => {
      try {
        const session = await ask<Session>('POST', 'session');
        token = session.token;
        renewAfter(session.expiresAt);
      } catch {
        // As long as the session is not refused, it is tried again.
        if (!hasEnded) renewAfter(expiresAt);
      }
    }, waitMs);
  };
  renewAfter(first.expiresAt);

  return {
    state: () => ask('GET', 'state'),
    save: (channelId, body) => ask('PUT', `channels/${channelId}`, body),
    job: (id) => ask('GET', `jobs/${encodeURIComponent(id)}`),
    status: (look) => ask('GET', look ? 'status?look=true' : 'status'),
    repair: () => ask('POST', 'repair'),
    keepNote: async (channelId, name, content) => {
      await send('PUT', `channels/${channelId}/notes/${name}`, { content });
    },
    checkProgramDomain: (programDomain, channelId, signal) =>
      ask('POST', 'checks/program-domain', { programDomain, channelId }, signal),
    activity: () => ask('GET', 'activity'),
    events: (filter, cursor) => ask('GET', `events${queryOf({ ...filter, cursor: cursor ?? undefined })}`),
    event: (id, isRevealed) =>
      ask('GET', `events/${encodeURIComponent(id)}${isRevealed ? '?reveal=true' : ''}`),
    eventsFile: async (filter) => read((await send('GET', `events.csv${queryOf(filter)}`)).blob()),
    replay: (body) => ask('POST', 'events/replay', body),
    addTestEvent: (channelId) => ask('POST', 'events/test', { channelId }),
    importOrders: (since) => ask('POST', 'orders/import', { since }),
    erasures: () => ask('GET', 'erasures'),
    erase: (body) => ask('POST', 'erasures', body),
    rewards: () => ask('GET', 'rewards'),
    saveRewards: (channelId, body) => ask('PUT', `rewards/channels/${channelId}`, body),
    promotions: (channelId) => ask('GET', `promotions${queryOf({ channelId })}`),
    testCode: (promotionId, channelId) => ask('POST', `promotions/${promotionId}/test`, { channelId }),
    rewardCodes: (query, cursor) =>
      ask('GET', `reward-codes${queryOf({ ...query, cursor: cursor ?? undefined })}`),
    replayRewards: (body) => ask('POST', 'rewards/replay', body),
    session: {
      hasEnded: () => hasEnded,
      onEnd(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
  };
}

/** With its `?`, unless there is nothing to ask for. */
function queryOf(parameters: Readonly<Record<string, string | number | undefined>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) query.set(name, `${value}`);
  }
  return query.size === 0 ? '' : `?${query}`;
}

const UNREACHABLE: Failure = { code: 'APP_UNREACHABLE', message: 'the app could not be reached.' };

const isFailure = (value: unknown): value is Failure =>
  typeof value === 'object' &&
  value !== null &&
  'code' in value &&
  typeof value.code === 'string' &&
  'message' in value &&
  typeof value.message === 'string';
