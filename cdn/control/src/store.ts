import { fromJson, toJson, type JsonValue } from '@bufbuild/protobuf';
import { documents, type DocumentPage, type KvStore } from '@bioscope/kv';
import { EditionPlanSchema, type EditionPlan } from '../contract/index.ts';
import type { KeyRing, RingKey } from './domain/key-ring.ts';

/** What must outlive this process: which editions are wanted, which titles were removed, the token keys. */
export type ControlStore = {
  editions(): Promise<EditionPlan[]>;
  putEdition(edition: EditionPlan): Promise<void>;
  deleteEdition(editionId: string): Promise<void>;
  /** Grows with every change that `noteChange` told of, by whichever instance. */
  changes(): Promise<number>;
  /** To be called after a change of the editions: tells the other instances, and which number the change has. */
  noteChange(commandId: string): Promise<number>;
  markTitleRemoved(titleId: string): Promise<void>;
  isTitleRemoved(titleId: string): Promise<boolean>;
  readKeyRing(): Promise<{ ring: KeyRing; version: number }>;
  /** False when somebody else wrote since `expectedVersion`: read again. Version 0 stands for "none yet". */
  writeKeyRing(ring: KeyRing, expectedVersion: number, commandId: string): Promise<boolean>;
};

const CHANGES = { namespace: 'control_changes', name: 'editions' };
const NOTHING = new Uint8Array(0);
/** As many instances changing editions in the same instant as no deployment has. */
const CONFLICTS_MAX = 100;
const KEY_RING = { namespace: 'control_keys', name: 'segment' };

export function openControlStore(kv: KvStore): ControlStore {
  const editions = documents<JsonValue>(kv.items, { namespace: 'control_editions', parse: (json) => json as JsonValue });
  const removed = documents<{ titleId: string }>(kv.items, { namespace: 'control_removed_titles', parse: parseRemoved });
  return {
    async editions() {
      const stored: EditionPlan[] = [];
      let cursor: string | null = null;
      // Ends: EDITIONS_MAX bounds what is put.
      do {
        const page: DocumentPage<JsonValue> = await editions.list(cursor === null ? {} : { cursor });
        stored.push(...page.documents.map(({ document }) => fromJson(EditionPlanSchema, document)));
        cursor = page.cursor;
      } while (cursor !== null);
      return stored;
    },
    putEdition: (edition) => editions.put(edition.editionId, toJson(EditionPlanSchema, edition)),
    deleteEdition: (editionId) => editions.delete(editionId),
    async changes() {
      return (await kv.registers.read(CHANGES))?.version ?? 0;
    },
    async noteChange(commandId) {
      for (let attempt = 0; attempt < CONFLICTS_MAX; attempt += 1) {
        const expectedVersion = (await kv.registers.read(CHANGES))?.version ?? 0;
        const command = { ...CHANGES, value: NOTHING, commandId: `${commandId}-${expectedVersion}` };
        const noted =
          expectedVersion === 0 ? await kv.registers.create(command) : await kv.registers.compareAndSet({ ...command, expectedVersion });
        if (noted.kind === 'created' || noted.kind === 'set') return noted.version;
      }
      throw new Error(`control_changes: ${CONFLICTS_MAX} conflicting writes in a row`);
    },
    markTitleRemoved: (titleId) => removed.put(titleId, { titleId }),
    async isTitleRemoved(titleId) {
      return (await removed.get(titleId)) !== null;
    },
    async readKeyRing() {
      const register = await kv.registers.read(KEY_RING);
      return register === null ? { ring: { keys: [] }, version: 0 } : { ring: parseRing(register.value), version: register.version };
    },
    async writeKeyRing(ring, expectedVersion, commandId) {
      const value = Buffer.from(JSON.stringify(ring));
      if (expectedVersion === 0) return (await kv.registers.create({ ...KEY_RING, value, commandId })).kind === 'created';
      return (await kv.registers.compareAndSet({ ...KEY_RING, expectedVersion, value, commandId })).kind === 'set';
    },
  };
}

function parseRemoved(value: unknown): { titleId: string } {
  if (typeof value === 'object' && value !== null && 'titleId' in value && typeof value.titleId === 'string') {
    return { titleId: value.titleId };
  }
  throw new Error('control_removed_titles: a document without titleId');
}

function parseRing(value: Uint8Array): KeyRing {
  const parsed: unknown = JSON.parse(Buffer.from(value).toString());
  const keys = typeof parsed === 'object' && parsed !== null && 'keys' in parsed && Array.isArray(parsed.keys) ? parsed.keys : null;
  if (keys === null || !keys.every(isRingKey)) throw new Error('control_keys/segment: not a ring of token keys');
  return { keys };
}

function isRingKey(value: unknown): value is RingKey {
  return (
    typeof value === 'object' &&
    value !== null &&
    'id' in value &&
    typeof value.id === 'string' &&
    'secretHex' in value &&
    typeof value.secretHex === 'string' &&
    'madeAtMs' in value &&
    typeof value.madeAtMs === 'number' &&
    'signsFromMs' in value &&
    typeof value.signsFromMs === 'number'
  );
}
