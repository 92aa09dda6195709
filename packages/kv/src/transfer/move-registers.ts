import { eachAtOnce } from './each-at-once.ts';
import { persist } from './persist.ts';
import type { SourceRegister, SourceRegisters } from './source-registers.ts';
import type { MovedRegister, RegisterName } from './target.ts';
import { type Pass, TRANSFERS } from './transfer-parts.ts';

/** Compares every register of both sides and in a mending pass writes what differs. Leases stay behind: the holder ends with its service, and every fence of the destination is greater. */
export async function moveRegisters(source: SourceRegisters, pass: Pass): Promise<void> {
  const { registers } = pass.destination.transfer;
  await eachAtOnce(AT_ONCE, source.all(), async (here) => {
    const seen = await persist(() => registers.read(here), pass.signal);
    tallyRegister(pass, 'source', here, here.register);
    if (seen !== null) tallyRegister(pass, 'destination', here, seen);
    if (isSame(here.register, seen)) return pass.compared('registers', 0);
    if (pass.mode === 'check') return pass.differs(`register ${nameOf(here)} differs`);
    pass.compared('registers', (await bring(source, here, seen, pass)) ? 1 : 0);
  });
  await eachAtOnce(AT_ONCE, registers.list(), async (name) => {
    if (ENGINE_OWN.has(name.namespace) || source.find(name) !== null) return;
    const seen = await persist(() => registers.read(name), pass.signal);
    if (seen === null || seen.value === null) return;
    tallyRegister(pass, 'destination', name, seen);
    if (pass.mode === 'check') return pass.differs(`register ${nameOf(name)} is there and not in the source`);
    await persist(() => registers.erase({ ...name, seen }), pass.signal);
    pass.compared('registers', 1);
  });
}

/** False when what is there must not be written over: it is the same register, further on. The check will name it. */
async function bring(source: SourceRegisters, here: SourceRegister, seen: MovedRegister | null, pass: Pass): Promise<boolean> {
  const { registers } = pass.destination.transfer;
  const isFurther =
    seen !== null && seen.value !== null && seen.version > here.register.version && seen.createdBy === here.register.createdBy;
  if (isFurther) return false;
  // Read again, of one moment with its commands.
  const next = source.find(here);
  if (next === null) return false;
  const { namespace, name, register, untilMs, commands } = next;
  await persist(async () => {
    const before = await registers.read(here);
    if (!isSame(register, before)) await registers.write({ namespace, name, seen: before, next: register, untilMs, commands });
  }, pass.signal);
  return true;
}

/** A removed register has only a version. */
function isSame(here: MovedRegister, there: MovedRegister | null): boolean {
  if (there === null || here.version !== there.version) return false;
  if (here.value === null || there.value === null) return here.value === there.value;
  return (
    here.createdBy === there.createdBy && here.createdVersion === there.createdVersion && Buffer.compare(here.value, there.value) === 0
  );
}

function tallyRegister({ tally }: Pass, side: 'source' | 'destination', { namespace, name }: RegisterName, register: MovedRegister): void {
  const { version, value, createdBy, createdVersion } = register;
  if (value !== null) tally.add(side, 'registers', namespace, [name, version, value, createdBy, createdVersion]);
}

function nameOf({ namespace, name }: RegisterName): string {
  return `${namespace} ${JSON.stringify(name)}`;
}

/** What the destination's engine and the move itself keep there. */
const ENGINE_OWN: ReadonlySet<string> = new Set([TRANSFERS, 'kv_homes', 'kv_feeders']);
const AT_ONCE = 16;
