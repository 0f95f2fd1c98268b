import { z } from 'zod';
import type { BigCommerceApi, Call } from './bigcommerce-api.js';
import type { BigCommerceClient } from './bigcommerce-client.js';
import { BigCommerceError } from './bigcommerce-error.js';
import { type PromotionCode, promotionCodeSchema, promotionSchema } from './promotion-types.js';
import { unlessGone } from './unless-gone.js';

/** Those of {@link BigCommerceClient}'s calls that are about promotions. */
export type PromotionCalls = Pick<
  BigCommerceClient,
  | 'promotions'
  | 'promotion'
  | 'createPromotionCode'
  | 'generatePromotionCodes'
  | 'promotionCode'
  | 'promotionCodesWith'
  | 'deletePromotionCode'
  | 'deletePromotionCodes'
>;

/** Of a list, and of what is deleted at once. */
const PAGE_SIZE = 250;

const codeSchema = z.object({ data: promotionCodeSchema }).transform(({ data }) => data);
const generatedSchema = z
  .object({ data: z.object({ codes: z.array(z.object({ code: z.string() })) }) })
  .transform(({ data }) => data.codes.map(({ code }) => code));
const foundSchema = z
  .object({ data: z.array(promotionCodeSchema) })
  .optional()
  .transform((answer) => answer?.data ?? []);
const codesPageSchema = z.object({
  data: z.array(promotionCodeSchema),
  // Required: without it we would take the first page for all that there is.
  meta: z.object({
    cursor_pagination: z.object({ per_page: z.number(), end_cursor: z.string().optional() }),
  }),
});

/**
 * BigCommerce's Promotions API, as far as we use it.
 *
 * Source: BigCommerce, OpenAPI file promotions.v3.
 */
export function promotionCalls(api: BigCommerceApi): PromotionCalls {
  const codesPath = (promotionId: number): string => `/v3/promotions/${promotionId}/codes`;

  const codesNamed = async (
    path: string,
    code: string,
    rest: Call['query'] = {},
  ): Promise<PromotionCode[]> => {
    const found = await api.send(
      { method: 'GET', path, query: { code, ...rest }, secrets: [code] },
      foundSchema,
    );
    // How the filter compares is not documented.
    return found.filter((one) => one.code === code);
  };

  return {
    promotions: () => api.list('/v3/promotions', {}, promotionSchema),
    promotion: (promotionId) =>
      unlessGone(undefined, async () => {
        const schema = z.object({ data: promotionSchema });
        return (await api.send({ method: 'GET', path: `/v3/promotions/${promotionId}` }, schema)).data;
      }),
    createPromotionCode: async (promotionId, fields) => {
      try {
        const secrets = [fields.code];
        return await api.send(
          { method: 'POST', path: codesPath(promotionId), body: fields, secrets },
          codeSchema,
        );
      } catch (error) {
        if (!(error instanceof BigCommerceError) || error.code !== 'BIGCOMMERCE_REFUSED') throw error;
        if (error.status === 409) return 'taken';
        // Neither a status nor words are documented for a code that is taken, so the store says whether it is.
        if ((await codesNamed('/v3/promotions/codes', fields.code)).length > 0) return 'taken';
        throw error;
      }
    },
    generatePromotionCodes: (promotionId, fields) =>
      api.send(
        { method: 'POST', path: `/v3/promotions/${promotionId}/codegen`, body: fields },
        generatedSchema,
      ),
    promotionCode: (promotionId, code) =>
      unlessGone(
        undefined,
        async () => (await codesNamed(codesPath(promotionId), code, { limit: PAGE_SIZE }))[0],
      ),
    promotionCodesWith: (promotionId, prefixes) =>
      unlessGone([], async () => {
        const codes: PromotionCode[] = [];
        for (let after: string | undefined, isMore = true; isMore; ) {
          const query: Call['query'] = { limit: PAGE_SIZE, ...(after !== undefined && { after }) };
          const page = await api.send(
            { method: 'GET', path: codesPath(promotionId), query },
            codesPageSchema,
          );
          codes.push(...page.data.filter(({ code }) => prefixes.some((prefix) => code.startsWith(prefix))));
          const { per_page, end_cursor } = page.meta.cursor_pagination;
          // There is a link to a next page even on the last one.
          isMore = page.data.length >= per_page && end_cursor !== undefined && end_cursor !== after;
          after = end_cursor;
        }
        return codes;
      }),
    deletePromotionCode: async (promotionId, codeId) => {
      await api.send({ method: 'DELETE', path: `${codesPath(promotionId)}/${codeId}` }, z.unknown());
    },
    deletePromotionCodes: async (promotionId, codeIds) => {
      for (let from = 0; from < codeIds.length; from += PAGE_SIZE) {
        const query = { 'id:in': codeIds.slice(from, from + PAGE_SIZE).join(',') };
        await api.send({ method: 'DELETE', path: codesPath(promotionId), query }, z.unknown());
      }
    },
  };
}
