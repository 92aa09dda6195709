import type { CedarRecord, Value } from './value.ts';

/** Type and id: what a reference to an entity says. */
export type EntityName = { readonly type: string; readonly id: string };

/**
 * An entity, or (while `attributes` is null) a mere reference to one, which is looked up among the entities of the request when a policy
 * reads it. All entities have this one shape so that reading them stays fast.
 */
export class Entity implements EntityName {
  readonly type: string;
  readonly id: string;
  readonly attributes: CedarRecord | null;
  readonly tags: ReadonlyMap<string, Value> | null;
  /** All of them, not only the parents. */
  readonly ancestors: readonly Entity[];
  #ancestorKeys: Set<string> | null = null;

  constructor(
    type: string,
    id: string,
    attributes: CedarRecord | null = null,
    tags: ReadonlyMap<string, Value> | null = null,
    ancestors: readonly Entity[] = NOBODY,
  ) {
    this.type = type;
    this.id = id;
    this.attributes = attributes;
    this.tags = tags;
    this.ancestors = ancestors;
  }

  /** Entities refer to one another, in rings even, so what reads many makes them first and fills them then. Not for entities in use. */
  static fill(entity: Entity, content: Pick<Entity, 'attributes' | 'tags' | 'ancestors'>): void {
    Object.assign(entity, content);
  }

  hasAncestor(type: string, id: string): boolean {
    const { ancestors } = this;
    if (ancestors.length > SCANNED_MAX) {
      this.#ancestorKeys ??= new Set(ancestors.map((each) => entityKey(each)));
      return this.#ancestorKeys.has(entityKey({ type, id }));
    }
    for (const ancestor of ancestors) if (ancestor.id === id && ancestor.type === type) return true;
    return false;
  }
}

const NOBODY: readonly Entity[] = [];
/** Up to here a scan beats building a key and hashing it. */
const SCANNED_MAX = 8;

/** As Cedar writes it: `Type::"id"`; unique. */
export function entityKey({ type, id }: EntityName): string {
  return `${type}::${JSON.stringify(id)}`;
}

export function sameEntity(left: Entity, right: Entity): boolean {
  return left === right || (left.id === right.id && left.type === right.type);
}
