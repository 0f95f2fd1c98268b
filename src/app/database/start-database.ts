import type { FastifyBaseLogger } from 'fastify';
import type { AppConfig } from '../config.js';
import { type OpenDatabase, openDatabase } from './database.js';
import { startEmbeddedDatabase } from './embedded.js';

/**
 * Opens the database of the configuration: that of `databaseUrl`, else the embedded one in `dataDir`, which is stopped when it is closed.
 *
 * @throws {AppError} Those of {@link openDatabase} and {@link startEmbeddedDatabase}.
 */
export async function startDatabase(
  config: Pick<AppConfig, 'databaseUrl' | 'dataDir'>,
  log: Pick<FastifyBaseLogger, 'warn'>,
): Promise<OpenDatabase> {
  if (config.databaseUrl !== undefined) return openDatabase(config.databaseUrl, log);
  const server = await startEmbeddedDatabase(config.dataDir, log);
  try {
    const { pool, db, close } = await openDatabase(server.url, log);
    return {
      pool,
      db,
      async close() {
        await close();
        await server.stop();
      },
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}
