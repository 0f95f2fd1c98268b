import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { ApiError, answerList, answerOne, invalid, type Query, readFields } from './answers.js';
import type { ApiState } from './api-state.js';
import { listCodes } from './code-list.js';
import { PROMOTION_FIELDS } from './promotion-record.js';
import {
  addCode,
  type CouponCodeRecord,
  changePromotion,
  codesOf,
  createPromotion,
  deleteCode,
  deletePromotion,
  findCode,
  findPromotion,
  generateCodes,
  type PromotionRecord,
} from './promotions.js';
import type { StoreContent } from './store-content.js';

const USES = z.int().min(0);
const CODE = z.object({
  code: z
    .string()
    .max(50)
    .regex(/^[\w -]+$/, 'Only letters, numbers, white spaces, underscores and hyphens are allowed.'),
  max_uses: USES.default(0),
  max_uses_per_customer: USES.default(0),
});

const AFFIX = z
  .string()
  .max(20)
  .regex(/^[A-Z0-9_-]*$/)
  .default('');
const DRAW = z.object({
  batch_size: z.int().min(1).max(250),
  max_uses: USES.max(100_000).default(1),
  max_uses_per_customer: USES.max(100_000).default(1),
  prefix: AFFIX,
  suffix: AFFIX,
  delimiter: z.enum(['', '_', '-']).default(''),
  exclude_characters: z.array(z.string().regex(/^[A-Z0-9]$/)).default([]),
  code_length: z.int().min(6).max(16).default(16),
});

const BY_IDS = z.object({
  'id:in': z
    .string()
    .regex(/^\d+(,\d+)*$/)
    .transform((ids) => ids.split(',').map(Number))
    .pipe(z.array(z.int()).max(250)),
});
const BY_CODE = z.object({ code: z.string().min(1) });

interface PromotionParams {
  readonly Params: { readonly id: string };
  readonly Querystring: Query;
}

/**
 * `/v3/promotions`. What we do not use is left out: deletions of many promotions.
 *
 * Source: BigCommerce, promotions.v3.yml. Which status and words a code that is taken is refused with is documented nowhere; 422 is what the
 * file has for values that can't be taken.
 */
export function promotionRoutes(app: FastifyInstance, { content }: ApiState): void {
  const { promotions } = content;
  const find = (id: string): PromotionRecord => findPromotion(content, Number(id));

  app.setErrorHandler((error, _request, reply) => {
    if (!(error instanceof ApiError) || ![404, 405, 422].includes(error.status)) throw error;
    const { status, title } = error;
    if (status === 405) return reply.code(status).send({ status: `${status}`, title, error: title });
    const complaints = Object.entries(error.errors).map(([member, message]) => `${member}: ${message}`);
    return reply.code(status).send({ errors: [{ status, title: [title, ...complaints].join(' ') }] });
  });

  app.get<{ Querystring: Query }>('', ({ query }) => {
    const { channels, sort, direction, ...filters } = query;
    const wanted = channels?.split(',').map(Number);
    return answerList(
      filters,
      sorted(promotions.values(), sort, direction).filter(
        (one) => !wanted || one.channels.length === 0 || one.channels.some(({ id }) => wanted.includes(id)),
      ),
      {
        id: ({ id }) => id,
        name: ({ name }) => name,
        currency_code: ({ currency_code }) => currency_code,
        redemption_type: ({ redemption_type }) => redemption_type.toLowerCase(),
        status: ({ status }) => status,
      },
      (promotion) => promotionAnswer(content, promotion),
    );
  });

  app.post('', ({ body }, reply) => {
    const start_date = content.now().toISOString();
    const fields = readFields(PROMOTION_FIELDS, body, { start_date });
    const coupon_type = fields.redemption_type === 'COUPON' ? (fields.coupon_type ?? 'SINGLE') : null;
    const promotion = createPromotion(content, { ...fields, coupon_type, created_from: 'api' });
    return reply.code(201).send(answerOne(promotionAnswer(content, promotion)));
  });

  app.get<PromotionParams>('/:id', ({ params }) => answerOne(promotionAnswer(content, find(params.id))));

  app.put<PromotionParams>('/:id', ({ params, body }) => {
    const existing = find(params.id);
    const fields = readFields(PROMOTION_FIELDS, body, existing);
    for (const name of ['redemption_type', 'coupon_type'] as const)
      if (fields[name] !== existing[name]) throw invalid(name, 'Can not be changed.');
    return answerOne(promotionAnswer(content, changePromotion(content, existing.id, fields)));
  });

  app.delete<PromotionParams>('/:id', ({ params }, reply) => {
    const id = Number(params.id);
    if (codesOf(content, id).length > 0) throw invalid('code', 'Some relating codes are still present.');
    deletePromotion(content, id);
    return reply.code(204).send();
  });

  app.get<PromotionParams>('/:id/codes', ({ params, query }) =>
    listCodes(codesOf(content, find(params.id).id), query, codeAnswer),
  );

  app.post<PromotionParams>('/:id/codes', ({ params, body }, reply) => {
    const code = addCode(content, find(params.id).id, readFields(CODE, body));
    return reply.code(201).send(answerOne(codeAnswer(code)));
  });

  app.post<PromotionParams>('/:id/codegen', ({ params, body }, reply) => {
    const { max_uses, max_uses_per_customer, batch_size, ...rest } = readFields(DRAW, body);
    const uses = { max_uses, max_uses_per_customer, batch_size };
    const codes = generateCodes(content, find(params.id).id, { ...uses, ...rest });
    const created = codes[0]?.created ?? '';
    return reply.code(201).send(answerOne({ ...uses, created, codes: codes.map(({ code }) => ({ code })) }));
  });

  app.delete<PromotionParams>('/:id/codes', ({ params, query }, reply) => {
    const ids = new Set(readFields(BY_IDS, query)['id:in']);
    for (const { id, code } of codesOf(content, Number(params.id)))
      if (ids.has(id)) deleteCode(content, code);
    return reply.code(204).send();
  });

  app.delete<{ Params: { id: string; codeId: string } }>('/:id/codes/:codeId', ({ params }, reply) => {
    const record = codesOf(content, Number(params.id)).find(({ id }) => `${id}` === params.codeId);
    if (record) deleteCode(content, record.code);
    return reply.code(204).send();
  });

  app.get<{ Querystring: Query }>('/codes', ({ query }) => {
    const found = findCode(content, readFields(BY_CODE, query).code);
    return listCodes(found ? [found] : [], query, codeAnswer);
  });

  app.delete<{ Querystring: Query }>('/codes', ({ query }, reply) => {
    deleteCode(content, readFields(BY_CODE, query).code);
    return reply.code(204).send();
  });
}

const SORTED: Readonly<Record<string, (promotion: PromotionRecord) => number | string>> = {
  id: ({ id }) => id,
  name: ({ name }) => name,
  start_date: ({ start_date }) => start_date,
};

function sorted(promotions: Iterable<PromotionRecord>, sort = 'id', direction = 'asc'): PromotionRecord[] {
  const keyOf = SORTED[sort];
  if (!keyOf) throw invalid('sort', 'Unknown member.');
  if (!['asc', 'desc'].includes(direction)) throw invalid('direction', 'Has to be asc or desc.');
  const sign = direction === 'desc' ? -1 : 1;
  return [...promotions].sort((a, b) => sign * (keyOf(a) < keyOf(b) ? -1 : 1));
}

function promotionAnswer(content: StoreContent, record: PromotionRecord): object {
  const { coupon_type, coupon_overrides_other_promotions, max_uses, ...promotion } = record;
  return {
    ...promotion,
    ...(max_uses !== null && { max_uses }),
    ...(coupon_type !== null && {
      coupon_type,
      coupon_overrides_other_promotions,
      multiple_codes: { has_multiple_codes: codesOf(content, record.id).length > 1 },
    }),
  };
}

function codeAnswer({ promotionId: _, usesByCustomer: __, ...code }: CouponCodeRecord): object {
  return code;
}
