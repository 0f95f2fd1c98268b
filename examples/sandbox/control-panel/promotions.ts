import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { invalid } from '../bigcommerce/answers.js';
import {
  addCode,
  amountOff,
  changePromotion,
  codesOf,
  createPromotion,
  deletePromotion,
  findCode,
  percentOff,
} from '../bigcommerce/promotions.js';
import type { StoreContent } from '../bigcommerce/store-content.js';
import { queryOf } from '../requests.js';
import { PROMOTIONS_PATH } from './pages.js';
import { handlePageErrors } from './panel-errors.js';
import { type PanelStore, sendPage, viewOf } from './panel-view.js';
import { promotionsPage } from './promotions-page.js';

/** What the page says after a change, by the address's `done`. */
const NOTICES: Readonly<Record<string, string>> = {
  create: 'The promotion was created.',
  status: 'The promotion was switched.',
  delete: 'The promotion was deleted, with its codes.',
};

const blankOr = <T>(schema: z.ZodType<T>) => z.union([z.literal('').transform(() => null), schema]);

const NEW = z
  .object({
    name: z.string().trim().min(1),
    type: z.enum(['BULK', 'SINGLE', 'AUTOMATIC']),
    code: blankOr(
      z
        .string()
        .trim()
        .max(50)
        .regex(/^[\w-]+$/),
    ),
    amount: z.coerce.number().min(0.01).max(1_000_000),
    unit: z.enum(['percent', 'amount']),
    max_uses: blankOr(z.coerce.number().int().min(1)),
    last_day: blankOr(z.iso.date()),
  })
  .refine(({ unit, amount }) => unit !== 'percent' || amount <= 100, {
    path: ['amount'],
    message: 'At most 100 % can be taken off.',
  });
const ID = z.object({ id: z.coerce.number() });
const STATUS = ID.extend({ status: z.enum(['ENABLED', 'DISABLED']) });

/** The control panel's promotions and their codes: forms without a script. */
export function promotionsRoutes(
  routes: FastifyInstance,
  store: PanelStore & { readonly content: StoreContent },
): void {
  const { content } = store;

  const send = (request: FastifyRequest, reply: FastifyReply, notice: string): FastifyReply =>
    sendPage(
      reply,
      promotionsPage(
        viewOf(request, store),
        [...content.promotions.values()].map((promotion) => ({
          promotion,
          codes: codesOf(content, promotion.id),
        })),
        notice,
      ),
    );
  const change = (name: keyof typeof NOTICES, make: (body: unknown) => void): void => {
    routes.post(`${PROMOTIONS_PATH}/${name}`, async ({ body }, reply) => {
      make(body);
      return reply.redirect(`${PROMOTIONS_PATH}?done=${name}`, 303);
    });
  };

  handlePageErrors(routes, send);
  routes.get(PROMOTIONS_PATH, async (request, reply) =>
    send(request, reply, NOTICES[queryOf(request, 'done')] ?? ''),
  );
  change('create', (body) => {
    const { name, type, code, amount, unit, max_uses, last_day } = NEW.parse(body);
    const isSingle = type === 'SINGLE';
    if (isSingle && !code) throw invalid('code', 'A promotion with a single coupon needs its code.');
    if (isSingle && code && findCode(content, code))
      throw invalid('code', `The code ${code} is in use already.`);
    const { id } = createPromotion(content, {
      name,
      redemption_type: type === 'AUTOMATIC' ? 'AUTOMATIC' : 'COUPON',
      coupon_type: type === 'AUTOMATIC' ? null : type,
      rules: unit === 'percent' ? percentOff(amount) : amountOff(amount),
      max_uses,
      currency_code: '*',
      start_date: content.now().toISOString(),
      end_date: last_day && `${last_day}T23:59:59+00:00`,
    });
    if (isSingle && code) addCode(content, id, { code });
  });
  change('status', (body) => {
    const { id, status } = STATUS.parse(body);
    changePromotion(content, id, { status });
  });
  change('delete', (body) => {
    deletePromotion(content, ID.parse(body).id);
  });
}
