import type { FastifyInstance } from 'fastify';

/**
 * Makes a server answer on this machine only.
 *
 * @param preferredPort - The port to take if it is free. Without it, and when it is taken, the system chooses one.
 * @returns The port that it answers on.
 */
export async function listen(app: FastifyInstance, preferredPort = 0): Promise<number> {
  try {
    return await listenOn(app, preferredPort);
  } catch (error) {
    if (!isPortTaken(error)) throw error;
    return listenOn(app, 0);
  }
}

async function listenOn(app: FastifyInstance, port: number): Promise<number> {
  return Number(new URL(await app.listen({ host: 'localhost', port })).port);
}

function isPortTaken(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES')
  );
}
