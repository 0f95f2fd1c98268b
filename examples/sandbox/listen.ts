import { createServer } from 'node:net';
import type { FastifyInstance } from 'fastify';

/**
 * Makes a server answer on this machine only.
 *
 * @param preferredPort - The port to take if it is free. Without it, and when it is taken, the system chooses one.
 * @returns The port that it answers on.
 */
export async function listen(app: FastifyInstance, preferredPort = 0): Promise<number> {
  return withPort(preferredPort, async (port) =>
    Number(new URL(await app.listen({ host: 'localhost', port })).port),
  );
}

/**
 * Looks for a port of this machine, for a server that has to know its own address before it starts.
 *
 * @param preferredPort - As with {@link listen}.
 * @returns A port that was free a moment ago.
 */
export async function freePort(preferredPort = 0): Promise<number> {
  return withPort(preferredPort, async (port) => {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen({ host: '127.0.0.1', port }, resolve);
    });
    const address = server.address();
    await new Promise((resolve) => server.close(resolve));
    return typeof address === 'object' && address ? address.port : port;
  });
}

async function withPort(preferredPort: number, take: (port: number) => Promise<number>): Promise<number> {
  try {
    return await take(preferredPort);
  } catch (error) {
    if (!isPortTaken(error)) throw error;
    return take(0);
  }
}

function isPortTaken(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES')
  );
}
