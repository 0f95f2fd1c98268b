import {
  type ActivityAnswer,
  type ErasureView,
  type EventDetail,
  type EventFilter,
  type EventsAnswer,
  type EventView,
  erasureBodySchema,
  eventQuerySchema,
  type ImportView,
  importBodySchema,
  type ReplayAnswer,
  replayBodySchema,
  testBodySchema,
} from '../../src/catalog/activity-api.js';

/** What the page may ask for of the activity. */
export type ActivityRoute =
  | 'activity'
  | 'events'
  | 'event'
  | 'reveal'
  | 'csv'
  | 'replay'
  | 'test'
  | 'import'
  | 'erasures'
  | 'erase';

/** What the stand-in of the app knows of events. A test changes it as it likes. */
export interface ActivityState {
  /** What `GET /api/activity` answers. */
  answer: ActivityAnswer;
  /** The newest first. */
  events: EventView[];
  /** How many events are answered at a time. */
  pageSize: number;
  /** What the next requests of one event find it changed to, one each; after the last it stays so. */
  changes: Partial<EventDetail>[];
  erasures: ErasureView[];
}

const NOW = '2025-11-03T09:00:00.000Z';

/** Fourteen days, of which the last has what is given. */
export const lastDays = (today: Partial<ActivityAnswer['days'][number]> = {}): ActivityAnswer['days'] =>
  Array.from({ length: 14 }, (_, index) => ({
    day: new Date(Date.parse(NOW) - (13 - index) * 86_400_000).toISOString().slice(0, 10),
    delivered: 0,
    waiting: 0,
    dead: 0,
    oldestWaitingSeconds: 0,
    ...(index === 13 && today),
  }));

/** Nothing has happened yet. */
export const newActivity = (more: Partial<ActivityAnswer> = {}): ActivityAnswer => ({
  waiting: 0,
  dead: 0,
  oldestWaitingAt: null,
  ordersToLookAt: 0,
  lookFailure: null,
  days: lastDays(),
  pauses: [],
  wokenWebhooks: [],
  sweep: { ordersSince: '2025-11-01T12:00:00.000Z', sweptAt: null, lastFound: 0, totalFound: 0 },
  import: null,
  payloadDays: 30,
  ...more,
});

/** An event that was delivered at once. */
export const newEvent = (orderId: number, more: Partial<EventView> = {}): EventView => ({
  id: `00000000-0000-4000-8000-${`${orderId}`.padStart(12, '0')}`,
  kind: 'created',
  name: 'conversion',
  channelId: 1,
  orderId,
  state: 'delivered',
  occurredAt: NOW,
  createdAt: NOW,
  deliveredAt: NOW,
  nextAttemptAt: null,
  attemptCount: 1,
  failure: null,
  hasPayload: true,
  ...more,
});

/** An import that runs. */
export const newImport = (more: Partial<ImportView> = {}): ImportView => ({
  id: crypto.randomUUID(),
  since: '2025-10-01T00:00:00.000Z',
  state: 'running',
  found: 0,
  failure: null,
  createdAt: NOW,
  finishedAt: null,
  ...more,
});

/** As when the stand-in was started. */
export const newActivityState = (): ActivityState => ({
  answer: newActivity(),
  events: [],
  pageSize: 50,
  changes: [],
  erasures: [],
});

const isMeant =
  ({ state, kind, channelId, orderId, since, until }: EventFilter) =>
  (event: EventView): boolean =>
    (state === undefined || event.state === state) &&
    (kind === undefined || event.kind === kind) &&
    (channelId === undefined || event.channelId === channelId) &&
    (orderId === undefined || event.orderId === orderId) &&
    (since === undefined || event.createdAt >= since) &&
    (until === undefined || event.createdAt < until);

const detailOf = (event: EventView, isRevealed: boolean): EventDetail => ({
  ...event,
  payload: event.hasPayload
    ? {
        event_name: event.name,
        event_time: event.occurredAt,
        data: {
          partner_conversion_id: `${event.orderId}`,
          email: isRevealed ? 'shopper@mail.example' : 's••••@m•••',
          first_name: isRevealed ? 'Robin' : 'R••••',
          cart_value: '64.90',
        },
      }
    : null,
  isMasked: event.hasPayload && !isRevealed,
  extoleEventId: event.state === 'delivered' ? '7012345678901234567' : null,
  attempts: [],
});

interface Asked {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
}

/** What the routes of the activity answer, over a state that they change. */
export function activityAnswers(state: ActivityState) {
  return {
    events({ query }: Asked): EventsAnswer {
      const { cursor, ...filter } = eventQuerySchema.parse(query);
      const meant = state.events.filter(isMeant(filter));
      const start = Number(cursor ?? 0);
      const end = start + state.pageSize;
      return { events: meant.slice(start, end), next: meant.length > end ? `${end}` : null };
    },

    /** `undefined` where there is none. */
    event(id: string, isRevealed: boolean): EventDetail | undefined {
      const event = state.events.find((one) => one.id === id);
      if (!event) return undefined;
      const change = state.changes.length > 1 ? state.changes.shift() : state.changes[0];
      return { ...detailOf(event, isRevealed), ...change };
    },

    csv({ query }: Asked): string {
      const rows = state.events.filter(isMeant(eventQuerySchema.parse(query)));
      return ['order_id,kind,state', ...rows.map((one) => `${one.orderId},${one.kind},${one.state}`)].join(
        '\r\n',
      );
    },

    replay({ body }: Asked): ReplayAnswer {
      const wanted = replayBodySchema.parse(body);
      const meant = state.events.filter(
        'ids' in wanted ? ({ id }) => wanted.ids.includes(id) : isMeant(wanted.filter),
      );
      const sent = new Set(meant.filter(({ hasPayload }) => hasPayload).map(({ id }) => id));
      state.events = state.events.map((event) =>
        sent.has(event.id) ? { ...event, state: 'waiting', failure: null } : event,
      );
      return { replayed: sent.size, forgotten: meant.length - sent.size };
    },

    test({ body }: Asked): EventView {
      const { channelId } = testBodySchema.parse(body);
      const event = newEvent(0, {
        id: crypto.randomUUID(),
        kind: 'test',
        name: 'test',
        orderId: null,
        channelId,
        state: 'waiting',
        deliveredAt: null,
        attemptCount: 0,
      });
      state.events = [event, ...state.events];
      return event;
    },

    importOrders({ body }: Asked): ImportView {
      const { since } = importBodySchema.parse(body);
      const view = newImport({ since });
      state.answer = { ...state.answer, import: view };
      return view;
    },

    erase({ body }: Asked, askedBy: string): ErasureView {
      const whom = erasureBodySchema.parse(body);
      const view: ErasureView = {
        id: crypto.randomUUID(),
        by: 'email' in whom ? 'email' : 'customer-id',
        erasedAt: NOW,
        askedBy,
        events: 2,
      };
      state.erasures = [view, ...state.erasures];
      return view;
    },
  };
}
