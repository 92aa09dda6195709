import { mkdirSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { bootId, killGroup, processesOfGroup, programOf, readProcess } from './processes.ts';

/** Which process was started under a name, kept so that a next start can end what a kill left behind. */
type PidRecord = { readonly pid: number; readonly startTicks: number; readonly bootId: string; readonly program: string };

const GONE_DEADLINE_MS = 2_000;
const POLL_MS = 10;

export function writePidRecord(folder: string, name: string, pid: number, program: string): void {
  const info = readProcess(pid);
  // Already gone, or a system without /proc, where records could not be checked later.
  if (info === null) return;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const record: PidRecord = { pid, startTicks: info.startTicks, bootId: bootId(), program: realpathSync(program) };
  // Not synced to disk: after a loss of power the processes are gone as well. Renamed, so that a reader never sees half of it.
  const file = recordFile(folder, name);
  writeFileSync(`${file}.new`, JSON.stringify(record), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

export function removePidRecord(folder: string, name: string): void {
  rmSync(recordFile(folder, name), { force: true });
}

/**
 * Ends what an earlier process left behind under this name; answers how many processes that were. It kills only what is surely ours: the
 * very process of the record (same boot, pid and start time), or members of its group and session that started later and run the
 * same program. An unreadable record is dropped.
 */
export async function sweepLeftovers(folder: string, name: string): Promise<number> {
  const record = readRecord(folder, name);
  if (record === null) return 0;
  const ours = record.bootId === bootId() ? leftovers(record) : [];
  if (ours.length > 0) {
    killGroup(record.pid, 'SIGKILL');
    await groupGone(record.pid);
  }
  removePidRecord(folder, name);
  return ours.length;
}

/** Waits, at most two seconds, until a killed group has no living member. */
export async function groupGone(group: number): Promise<void> {
  const deadlineAtMs = performance.now() + GONE_DEADLINE_MS;
  while (processesOfGroup(group).length > 0 && performance.now() < deadlineAtMs) await pause(POLL_MS);
}

function leftovers(record: PidRecord): readonly number[] {
  const members = processesOfGroup(record.pid);
  if (members.some((member) => member.pid === record.pid && member.startTicks === record.startTicks))
    return members.map((member) => member.pid);
  // The leader is gone. A pid is not given out again while a group or session bears it, unless all members had gone in between.
  return members
    .filter((member) => member.pid !== record.pid && member.session === record.pid && member.startTicks >= record.startTicks)
    .filter((member) => programOf(member.pid) === record.program)
    .map((member) => member.pid);
}

function readRecord(folder: string, name: string): PidRecord | null {
  let text: string;
  try {
    text = readFileSync(recordFile(folder, name), 'utf8');
  } catch {
    return null;
  }
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

function isRecord(value: unknown): value is PidRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { pid, startTicks, bootId: boot, program } = value as Record<string, unknown>;
  // Pid 1 and below would signal every process there is.
  return (
    Number.isInteger(pid) && Number(pid) > 1 && Number.isInteger(startTicks) && typeof boot === 'string' && typeof program === 'string'
  );
}

function recordFile(folder: string, name: string): string {
  return join(folder, `${name}.pid.json`);
}
