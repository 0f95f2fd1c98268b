import { createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { describe, expect, it } from 'vitest';
import { isProven } from '../../src/app/rewards/webhook-proof.js';
import { WEBHOOK_PROOFS, type WebhookProof } from '../../src/catalog/rewards.js';

const KEY = 'client-key-0123456789';
const BODY = Buffer.from('{"reward_id":"6957","data":{"earned_event_value":"64.00"}}');

const hmac = (algorithm: string, key: string, body: Buffer): string =>
  createHmac(algorithm, key).update(body).digest('hex');
const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** What Extole sends for each kind of proof. */
const shown = (proof: WebhookProof, key = KEY, body = BODY): IncomingHttpHeaders =>
  ({
    'hmac-sha256': { 'x-extole-signature': hmac('sha256', key, body) },
    'hmac-sha256-prefixed': { 'x-extole-signature': `sha256=${hmac('sha256', key, body)}` },
    'hmac-sha1-prefixed': { 'x-extole-signature': `sha1=${hmac('sha1', key, body)}` },
    bearer: { authorization: `Bearer ${key}` },
    basic: { authorization: `Basic ${base64(key)}` },
  })[proof];

describe('a reward webhook', () => {
  it.each([
    ['hmac-sha256', '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'],
    ['hmac-sha256-prefixed', 'sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'],
    ['hmac-sha1-prefixed', 'sha1=effcdf6ae5eb2fa2d27416d5f184df9c259a7c79'],
  ] as const)('is signed by %s as RFC 4231 and RFC 2202 have it', (proof, signature) => {
    const body = Buffer.from('what do ya want for nothing?');
    expect(isProven(proof, 'Jefe', body, { 'x-extole-signature': signature })).toBe(true);
  });

  it.each(WEBHOOK_PROOFS)('is proven by %s where that is asked for, and by nothing else', (asked) => {
    for (const given of WEBHOOK_PROOFS) {
      expect([given, isProven(asked, KEY, BODY, shown(given))]).toEqual([given, given === asked]);
    }
  });

  it.each(WEBHOOK_PROOFS)('is not proven by %s of another key, nor by nothing', (proof) => {
    expect(isProven(proof, KEY, BODY, shown(proof, 'client-key-0123456780'))).toBe(false);
    expect(isProven(proof, KEY, BODY, {})).toBe(false);
    expect(isProven(proof, KEY, BODY, { authorization: '', 'x-extole-signature': '' })).toBe(false);
  });

  it.each(['hmac-sha256', 'hmac-sha256-prefixed', 'hmac-sha1-prefixed'] as const)(
    'is proven by %s for the very bytes that came',
    (proof) => {
      const rewritten = Buffer.from(JSON.stringify(JSON.parse(BODY.toString()), null, 2));
      expect(isProven(proof, KEY, rewritten, shown(proof))).toBe(false);
      expect(isProven(proof, KEY, rewritten, shown(proof, KEY, rewritten))).toBe(true);
      // Whatever they are: no text, or none at all.
      for (const body of [Buffer.from([0xff, 0xfe, 0x00]), Buffer.alloc(0)]) {
        expect(isProven(proof, KEY, body, shown(proof, KEY, body))).toBe(true);
      }
    },
  );

  it('is not proven by a signature that is cut, longer, in capitals, or sent twice', () => {
    const signature = hmac('sha256', KEY, BODY);
    for (const given of [
      signature.slice(0, -1),
      `${signature}0`,
      signature.toUpperCase(),
      [signature, signature],
      `${signature}, ${signature}`,
    ]) {
      expect(isProven('hmac-sha256', KEY, BODY, { 'x-extole-signature': given })).toBe(false);
    }
  });

  it('may name the scheme of its key in letters of any size', () => {
    expect(isProven('bearer', KEY, BODY, { authorization: `bearer  ${KEY}` })).toBe(true);
    expect(isProven('basic', KEY, BODY, { authorization: `BASIC ${base64(KEY)}` })).toBe(true);
  });

  it('may have the key behind Basic as it is, or encoded', () => {
    expect(
      isProven('basic', 'user:secret99', BODY, { authorization: `Basic ${base64('user:secret99')}` }),
    ).toBe(true);
    expect(isProven('basic', KEY, BODY, { authorization: `Basic ${KEY}` })).toBe(true);
    expect(isProven('bearer', KEY, BODY, { authorization: `Bearer ${base64(KEY)}` })).toBe(false);
  });

  it('is not proven by a key without a scheme, with another one, or with more behind it', () => {
    for (const authorization of [KEY, `Token ${KEY}`, `Bearer${KEY}`, `Bearer ${KEY} `, `Bearer ${KEY}, x`]) {
      expect(isProven('bearer', KEY, BODY, { authorization })).toBe(false);
    }
  });
});
