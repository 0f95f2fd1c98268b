import { pipeline, type Readable } from 'node:stream';
import { stringify } from 'csv-stringify';
import type { EventFilter, EventView } from '../../catalog/activity-api.js';
import type { AppDeps } from '../deps.js';
import { type EventRow, eventView } from './event-view.js';
import { eventRows } from './list-events.js';

const BATCH_SIZE = 1_000;
const MAX_ROWS = 100_000;

const MORE = `These are the newest ${MAX_ROWS.toLocaleString('en-US')} events, and there are more. Choose fewer, by dates or states, to have the others.`;

const COLUMNS: Readonly<Record<keyof ReturnType<typeof cellsOf>, string>> = {
  id: 'Event ID',
  kind: 'Event',
  name: 'Name at Extole',
  channelId: 'Storefront ID',
  orderId: 'Order ID',
  state: 'State',
  occurredAt: 'Happened at (UTC)',
  createdAt: 'Found at (UTC)',
  deliveredAt: 'Delivered at (UTC)',
  nextAttemptAt: 'Next attempt at (UTC)',
  attemptCount: 'Attempts',
  failureCode: 'Failure code',
  failureMessage: 'Failure',
  extoleEventId: 'Event ID at Extole',
};

/**
 * A store's events that a filter names as a CSV file, the newest first, 100,000 at most; its last line says so when there are more. It holds
 * no personal data. Written for spreadsheets: UTF-8 with a byte order mark, CRLF, and no cell that one would take for a formula.
 *
 * @returns Reads from the database as fast as it is read itself. It breaks off when the database fails.
 */
export function eventsCsv(deps: Pick<AppDeps, 'db'>, storeHash: string, filter: EventFilter): Readable {
  const csv = stringify({
    bom: true,
    columns: COLUMNS,
    header: true,
    record_delimiter: 'windows',
    quote_record_delimiter: true,
    escape_formulas: true,
  });
  // A failure reaches whoever reads the last of these.
  pipeline(linesOf(deps, storeHash, filter), csv, () => {});
  return csv;
}

async function* linesOf({ db }: Pick<AppDeps, 'db'>, storeHash: string, filter: EventFilter) {
  let after: string | undefined;
  for (let count = 0; count < MAX_ROWS; count += BATCH_SIZE) {
    const rows = await eventRows(db, storeHash, filter, { after, limit: BATCH_SIZE });
    for (const row of rows) yield cellsOf(row);
    if (rows.length < BATCH_SIZE) return;
    after = rows.at(-1)?.id;
  }
  const [more] = await eventRows(db, storeHash, filter, { after, limit: 1 });
  if (more) yield { id: MORE };
}

function cellsOf(row: EventRow) {
  const { failure, hasPayload: _, ...view }: EventView = eventView(row);
  return {
    ...view,
    failureCode: failure?.code ?? null,
    failureMessage: failure?.message ?? null,
    extoleEventId: row.extole_event_id,
  };
}
