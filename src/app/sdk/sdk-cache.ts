import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Tables } from '../database/tables.js';
import type { Encoding } from './accepted-encoding.js';

/** A file of the SDK, ready to be sent. */
export interface SdkFile {
  readonly bodies: Readonly<Record<Encoding, Buffer>>;
  /** Of what it says, however it is packed. */
  readonly hash: string;
}

/** Some versions of the SDK: each has about a dozen files of a few kilobytes. */
const MAX_FILES = 100;

/**
 * Reads the SDK's files from the database, and keeps those that were asked for last in memory.
 *
 * @returns What reads one: `undefined` when there is no such file.
 */
export function createSdkCache(
  db: Kysely<Tables>,
): (version: string, name: string) => Promise<SdkFile | undefined> {
  const kept = new Map<string, SdkFile>();
  return async (version, name) => {
    const key = `${version}/${name}`;
    const file = kept.get(key) ?? (await readFile(db, version, name));
    if (!file) return undefined;
    // A map keeps the order in which its keys came.
    kept.delete(key);
    kept.set(key, file);
    const [oldest] = kept.keys();
    if (kept.size > MAX_FILES && oldest !== undefined) kept.delete(oldest);
    return file;
  };
}

async function readFile(db: Kysely<Tables>, version: string, name: string): Promise<SdkFile | undefined> {
  const row = await db
    .selectFrom('sdk_file')
    .select(['content', 'brotli', 'gzip'])
    .where('version', '=', version)
    .where('name', '=', name)
    .executeTakeFirst();
  if (!row) return undefined;
  const { content, brotli, gzip } = row;
  const hash = createHash('sha256').update(content).digest('base64url').slice(0, 22);
  return { bodies: { identity: content, br: brotli, gzip }, hash };
}
