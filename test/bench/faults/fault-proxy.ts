import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request as ask } from 'undici';

/** A request on its way. */
export interface Passing {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** How a request goes wrong. */
export type Trouble =
  /** It is answered with this, and never arrives. */
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: object }
  /** The connection breaks, or no answer comes until the client goes away; and it has arrived by then, or never does. */
  | { readonly answer: 'breaks' | 'is awaited'; readonly hasArrived: boolean }
  /** The connection breaks, and it arrives so long after that. */
  | { readonly arrivesAfterMs: number }
  /** It goes well, and takes this long. */
  | { readonly delayMs: number };

/** Where a request goes, and what goes wrong on the way. */
export interface Route {
  /** An origin. */
  readonly to: string;
  /** If not that of the request. */
  readonly path?: string;
  readonly trouble?: Trouble | undefined;
  /** Told that it has arrived and how it is answered. What it gives is told whether the client got the answer. */
  readonly onArrived?: (status: number) => (isTold: boolean) => void;
}

/** Stands before servers, and has things go wrong. */
export interface FaultProxy {
  readonly url: string;
  close(): Promise<void>;
}

/** @param routeOf - Decides for each request; `undefined`: 502, as where nobody listens. */
export async function startFaultProxy(routeOf: (passing: Passing) => Route | undefined): Promise<FaultProxy> {
  const dispatcher = new Agent({ connections: 100 });

  const pass = async ({ method, path, headers, body }: Passing, route: Route) => {
    const { host: _host, connection: _connection, 'content-length': _length, ...kept } = headers;
    const answer = await ask(`${route.to}${route.path ?? path}`, {
      dispatcher,
      method: method === 'POST' || method === 'PUT' || method === 'DELETE' ? method : 'GET',
      headers: kept,
      ...(body && { body }),
    });
    return { status: answer.statusCode, headers: answer.headers, text: await answer.body.text() };
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = 'GET', url: path = '/', headers } = request;
    const passing = { method, path, headers, body: await textOf(request) };
    const route = routeOf(passing);
    if (!route) {
      response.writeHead(502).end();
      return;
    }
    const { trouble, onArrived } = route;
    if (trouble && 'status' in trouble) {
      response.writeHead(trouble.status, { 'content-type': 'application/json', ...trouble.headers });
      response.end(JSON.stringify(trouble.body ?? {}));
      return;
    }
    if (trouble && 'delayMs' in trouble) await sleep(trouble.delayMs);
    if (trouble && 'arrivesAfterMs' in trouble) {
      request.socket.destroy();
      await sleep(trouble.arrivesAfterMs);
      onArrived?.((await pass(passing, route)).status)(false);
      return;
    }
    const loss = trouble && 'answer' in trouble ? trouble : undefined;
    if (!loss || loss.hasArrived) {
      const answer = await pass(passing, route);
      const tell = onArrived?.(answer.status);
      if (loss || response.destroyed) tell?.(false);
      else {
        response.once('close', () => tell?.(response.writableFinished));
        const { 'transfer-encoding': _encoding, connection: _connection, ...kept } = answer.headers;
        response.writeHead(answer.status, kept).end(answer.text);
      }
    }
    if (loss?.answer === 'breaks') request.socket.destroy();
  };

  const server = createServer((request, response) => {
    handle(request, response).catch(() => {
      // Whoever it was for is not there.
      if (!response.headersSent) response.writeHead(502);
      response.end();
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      await dispatcher.destroy();
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
