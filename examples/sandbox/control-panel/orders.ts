import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { HookDelivery } from '../bigcommerce/hook-delivery.js';
import { archiveOrder, refundOrder, setOrderStatus } from '../bigcommerce/orders.js';
import type { StoreContent } from '../bigcommerce/store-content.js';
import type { ExtoleApi } from '../extole-api/extole-api.js';
import { queryOf } from '../requests.js';
import {
  EXTOLE_CHOICES,
  type ExtoleChoice,
  ordersPage,
  WEBHOOK_CHOICES,
  type WebhookChoice,
} from './orders-page.js';
import { ORDERS_PATH } from './pages.js';
import { handlePageErrors } from './panel-errors.js';
import { type PanelStore, sendPage, viewOf } from './panel-view.js';

/** What the Orders page can disturb. */
export interface OrderSurroundings {
  readonly webhooks: HookDelivery;
  readonly extole: Pick<ExtoleApi, 'mode' | 'setMode'>;
}

/** What the page says after a change, by the address's `done`. */
const NOTICES: Readonly<Record<string, string>> = {
  status: 'The status was changed.',
  refund: 'The money was given back.',
  archive: 'The order was archived.',
  webhooks: 'Webhooks were switched.',
  extole: "Extole's API was switched.",
  nudge: 'A webhook was sent.',
};

const ID = z.coerce.number();
const STATUS = z.object({ id: ID, status_id: z.coerce.number() });
const REFUND = z.object({ id: ID, amount: z.coerce.number() });
const ARCHIVE = z.object({ id: ID });

const choiceAmong = <T extends string>(choices: Readonly<Record<T, string>>) =>
  z.object({ choice: z.custom<T>((value) => typeof value === 'string' && Object.hasOwn(choices, value)) });

/**
 * The control panel's orders, with all that can become of them: forms without a script. Beside them stands what BigCommerce's control panel
 * has not: how webhooks and Extole behave.
 */
export function ordersRoutes(
  routes: FastifyInstance,
  store: PanelStore & { readonly content: StoreContent } & OrderSurroundings,
): void {
  const { content, webhooks, extole } = store;
  let webhookChoice: WebhookChoice = 'on';

  const send = (request: FastifyRequest, reply: FastifyReply, notice: string): FastifyReply =>
    sendPage(
      reply,
      ordersPage(viewOf(request, store), {
        orders: [...content.orders.values()],
        labels: content.orderStatusLabels,
        webhooks: webhookChoice,
        extole: extole.mode,
        notice,
      }),
    );
  const change = (name: keyof typeof NOTICES, make: (body: unknown) => void): void => {
    routes.post(`${ORDERS_PATH}/${name}`, async ({ body }, reply) => {
      make(body);
      return reply.redirect(`${ORDERS_PATH}?done=${name}`, 303);
    });
  };

  handlePageErrors(routes, send);
  routes.get(ORDERS_PATH, async (request, reply) =>
    send(request, reply, NOTICES[queryOf(request, 'done')] ?? ''),
  );
  change('status', (body) => {
    const { id, status_id } = STATUS.parse(body);
    setOrderStatus(content, id, status_id);
  });
  change('refund', (body) => {
    const { id, amount } = REFUND.parse(body);
    refundOrder(content, id, amount);
  });
  change('archive', (body) => {
    archiveOrder(content, ARCHIVE.parse(body).id);
  });
  change('webhooks', (body) => {
    webhookChoice = choiceAmong<WebhookChoice>(WEBHOOK_CHOICES).parse(body).choice;
    webhooks.setWebhooks({ isSilent: webhookChoice === 'silent', isSigned: webhookChoice !== 'unsigned' });
  });
  change('extole', (body) => {
    extole.setMode(choiceAmong<ExtoleChoice>(EXTOLE_CHOICES).parse(body).choice);
  });
  change('nudge', () => webhooks.sendWithoutOrder());
}
