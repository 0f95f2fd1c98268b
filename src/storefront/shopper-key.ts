/** Where `localStorage` keeps the mark of the shopper whom Extole was told of: a salted hash. */
export const SHOPPER_KEY = 'extole-shopper';
