import { equal } from './equal.ts';
import type { Value } from './value.ts';

/** A set. Duplicates may lie in the array: nothing that Cedar can ask tells the difference. */
export class CedarSet {
  readonly items: readonly Value[];
  #index: Set<Value> | null = null;

  constructor(items: readonly Value[]) {
    this.items = items;
  }

  has(value: Value): boolean {
    const { items } = this;
    if (typeof value !== 'object') {
      if (items.length > SCANNED_MAX) return this.#indexed().has(value);
      for (const item of items) if (item === value) return true;
      return false;
    }
    for (const item of items) if (typeof item === 'object' && equal(item, value)) return true;
    return false;
  }

  #indexed(): ReadonlySet<Value> {
    this.#index ??= new Set(this.items);
    return this.#index;
  }

  hasAll(other: CedarSet): boolean {
    for (const item of other.items) if (!this.has(item)) return false;
    return true;
  }

  hasAny(other: CedarSet): boolean {
    for (const item of other.items) if (this.has(item)) return true;
    return false;
  }

  get isEmpty(): boolean {
    return this.items.length === 0;
  }
}

/** Up to here a scan beats hashing. */
const SCANNED_MAX = 8;
