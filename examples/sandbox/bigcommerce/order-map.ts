import type { OrderRecord } from './order-record.js';

/** Orders by id, which also come in the order of their ids from any of them on, however many there are. */
export class OrderMap extends Map<number, OrderRecord> {
  /** The ids, ascending. */
  #ids: number[] = [];

  override set(id: number, order: OrderRecord): this {
    if (!this.has(id)) this.#ids.splice(this.#indexOf(id), 0, id);
    return super.set(id, order);
  }

  override delete(id: number): boolean {
    if (this.has(id)) this.#ids.splice(this.#indexOf(id), 1);
    return super.delete(id);
  }

  override clear(): void {
    this.#ids = [];
    super.clear();
  }

  /** The orders of this id and higher ones, ascending. */
  *from(id: number): Generator<OrderRecord> {
    for (let index = this.#indexOf(id); index < this.#ids.length; index += 1) {
      const order = this.get(this.#ids[index] ?? 0);
      if (order) yield order;
    }
  }

  /** Where an id is, or would be. */
  #indexOf(id: number): number {
    let low = 0;
    let high = this.#ids.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ids[middle] ?? 0) < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
