import { open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fromJson, toJson } from '@bufbuild/protobuf';
import { PlanSchema, TokenKeySchema, type Plan, type TokenKey } from '@bioscope/control/contract';
import { isNotFound } from './files/faults.ts';

/** The last that control said. Kept on disk, so that an appliance serves after a restart even while control is gone. */
export type ControlState = {
  readonly planVersion: number;
  readonly plan: Plan | null;
  readonly keysVersion: string;
  readonly keys: readonly TokenKey[];
};

export const NOTHING_SAID: ControlState = { planVersion: 0, plan: null, keysVersion: '', keys: [] };

/** Null when nothing was saved yet. Rejects when what was saved cannot be read. */
export async function readControlState(path: string): Promise<ControlState | null> {
  try {
    const saved: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (!isSaved(saved)) throw new Error('not a saved control state');
    return {
      planVersion: saved.planVersion,
      plan: saved.plan === null ? null : fromJson(PlanSchema, saved.plan),
      keysVersion: saved.keysVersion,
      keys: saved.keys.map((key) => fromJson(TokenKeySchema, key)),
    };
  } catch (error) {
    if (isNotFound(error)) return null;
    throw new Error(`${path}: cannot be read`, { cause: error });
  }
}

/** Durable when it resolves; readable by this account only, for the keys are in it. */
export async function saveControlState(path: string, state: ControlState): Promise<void> {
  const saved: Saved = {
    planVersion: state.planVersion,
    plan: state.plan === null ? null : toJson(PlanSchema, state.plan),
    keysVersion: state.keysVersion,
    keys: state.keys.map((key) => toJson(TokenKeySchema, key)),
  };
  await writeDurably(path, JSON.stringify(saved));
}

type Json = Parameters<typeof fromJson>[1];
type Saved = { planVersion: number; plan: Json; keysVersion: string; keys: Json[] };

function isSaved(value: unknown): value is Saved {
  return (
    typeof value === 'object' &&
    value !== null &&
    'planVersion' in value &&
    typeof value.planVersion === 'number' &&
    'plan' in value &&
    'keysVersion' in value &&
    typeof value.keysVersion === 'string' &&
    'keys' in value &&
    Array.isArray(value.keys)
  );
}

async function writeDurably(path: string, text: string): Promise<void> {
  const handle = await open(`${path}.new`, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${path}.new`, path);
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
