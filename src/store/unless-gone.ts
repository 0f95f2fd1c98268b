import { BigCommerceError } from './bigcommerce-error.js';

/** What a question is answered with, or something else when what it is about is not there. */
export async function unlessGone<T>(otherwise: T, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof BigCommerceError && error.code === 'BIGCOMMERCE_NOT_FOUND') return otherwise;
    throw error;
  }
}
