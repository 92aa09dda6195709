import type { RecordType, Type } from './type.ts';

/** A schema with every name resolved; see `readSchema`. */
export type Schema = {
  /** By full name. */
  readonly entityTypes: ReadonlyMap<string, EntityType>;
  /** By key: `Action::"play"`. */
  readonly actions: ReadonlyMap<string, ActionType>;
};

export type EntityType = {
  readonly name: string;
  readonly attributes: RecordType;
  readonly tags: Type | null;
  /** Types that an entity of this type may have among its ancestors, however far up. */
  readonly ancestorTypes: ReadonlySet<string>;
  /** Of an enumerated type: all its ids. */
  readonly ids: ReadonlySet<string> | null;
};

export type ActionType = {
  readonly type: string;
  readonly id: string;
  readonly principalTypes: readonly string[];
  readonly resourceTypes: readonly string[];
  readonly context: RecordType;
  /** Keys of all its ancestors. */
  readonly ancestors: ReadonlySet<string>;
};
