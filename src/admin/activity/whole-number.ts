/** A number of an order or a customer, as it was typed: digits only; `null` when it is none. */
export const wholeNumber = (typed: string): number | null =>
  /^[1-9]\d{0,14}$/.test(typed.trim()) ? Number(typed.trim()) : null;
