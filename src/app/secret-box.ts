import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { AppError } from './app-error.js';

/** Seals secrets for the database. */
export interface SecretBox {
  /**
   * @param purpose - What it is and whose: `extole-token:abc123:1`. A sealed secret opens for the same purpose only, so that nobody
   *   can move it to another row.
   */
  seal(secret: string, purpose: string): Buffer;
  /** @throws {AppError} `SECRET_UNREADABLE` when it was sealed by a key that we have no more, or for another purpose. */
  open(sealed: Buffer, purpose: string): string;
}

/**
 * AES-256-GCM, with the keys of the configuration: the first seals, all of them open.
 *
 * @param keys - 32 bytes each.
 */
export function createSecretBox(keys: readonly [Buffer, ...Buffer[]]): SecretBox {
  const idOf = (key: Buffer): Buffer => createHash('sha256').update(key).digest().subarray(0, 4);
  return {
    seal(secret, purpose) {
      const [key] = keys;
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(purpose));
      const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
      return Buffer.concat([idOf(key), nonce, cipher.getAuthTag(), text]);
    },
    open(sealed, purpose) {
      const key = keys.find((one) => idOf(one).equals(sealed.subarray(0, 4)));
      try {
        if (!key) throw new Error('unknown key');
        const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(4, 16), { authTagLength: 16 })
          .setAAD(Buffer.from(purpose))
          .setAuthTag(sealed.subarray(16, 32));
        return Buffer.concat([decipher.update(sealed.subarray(32)), decipher.final()]).toString('utf8');
      } catch {
        throw new AppError(
          'SECRET_UNREADABLE',
          `a secret (${purpose}) can't be opened. Add the key that sealed it to ENCRYPTION_KEYS, or have the merchant enter it again.`,
        );
      }
    },
  };
}
