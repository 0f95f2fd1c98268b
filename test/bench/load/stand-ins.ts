import { once } from 'node:events';
import { createServer, type Server } from 'node:http';

/** Answers at once, so that what is measured is the app. */
export interface StandIn {
  readonly url: string;
  close(): void;
}

/** BigCommerce with every order that is asked for, paid and without coupons, until it is told to answer no more. */
export async function startBigCommerce(): Promise<StandIn & { fallSilent(): void }> {
  let isSilent = false;
  const server = createServer(({ url = '' }, response) => {
    if (isSilent) return;
    const [, id] = /\/v2\/orders\/(\d+)$/.exec(url) ?? [];
    if (id === undefined) {
      response.writeHead(url.includes('/v2/') ? 204 : 404).end();
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end(orderText(Number(id)));
  });
  return {
    ...(await started(server)),
    fallSilent() {
      isSilent = true;
    },
  };
}

/** Extole, which takes all. */
export async function startExtole(onEvent: (orderId: number) => void): Promise<StandIn> {
  let lastId = 0;
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    request.on('end', () => {
      onEvent(Number(/"partner_conversion_id":"(\d+)"/.exec(text)?.[1]));
      lastId += 1;
      response.writeHead(200, { 'content-type': 'application/json' }).end(`{"event_id":"${lastId}"}`);
    });
  });
  return started(server);
}

async function started(server: Server): Promise<StandIn> {
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function orderText(id: number): string {
  const now = new Date().toUTCString();
  return JSON.stringify({
    id,
    status_id: 11,
    channel_id: 1,
    customer_id: id % 1_000,
    date_created: now,
    date_modified: now,
    date_shipped: '',
    is_deleted: false,
    subtotal_ex_tax: '60.0000',
    subtotal_inc_tax: '60.0000',
    total_ex_tax: '60.0000',
    total_inc_tax: '60.0000',
    default_currency_code: 'USD',
    customer_locale: 'en',
    billing_address: { email: `shopper${id}@example.com`, first_name: 'Grace', last_name: 'Hopper' },
  });
}
