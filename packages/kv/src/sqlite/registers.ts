import { bad, checkName, checkNamespace, checkValue, checkWhole } from '../checks.ts';
import { LIMITS } from '../limits.ts';
import type { KvCallOptions, LeaseAcquired, LeaseRequest, Register, Registers, RegisterSet } from '../port.ts';
import type { SqliteFile } from '../sqlite-worker/open.ts';
import type { Packer, Unpacker } from '../sqlite-worker/packing.ts';
import { READ, WRITE } from './operations.ts';

export function sqliteRegisters(file: SqliteFile): Registers {
  const lease = <T>(
    operation: number,
    request: Lease,
    pack: (packer: Packer) => void,
    decode: (answer: Unpacker) => T,
    options: Options,
  ): Promise<T> => {
    checkNamespace(request.namespace);
    checkName('a lease name', request.name);
    checkName('holder', request.holder);
    const packAll = (packer: Packer): void => {
      packer.text(request.namespace);
      packer.text(request.name);
      packer.text(request.holder);
      pack(packer);
    };
    return file.write({ operation, options, pack: packAll, decode });
  };

  return {
    async read({ namespace, name }, options) {
      checkNamespace(namespace);
      checkName('a register name', name);
      const pack = (packer: Packer): void => {
        packer.text(namespace);
        packer.text(name);
      };
      return file.read({ operation: READ.readRegister, options, pack, decode: unpackRegister });
    },

    async create(request, options) {
      checkCommand(request);
      checkValue('a register', request.value, LIMITS.registerBytesMax);
      const pack = (packer: Packer): void => {
        packCommand(packer, request);
        packer.bytes(request.value);
      };
      const outcome = await file.write({ operation: WRITE.create, bytes: request.value.length, options, pack, decode: unpackOutcome });
      if (outcome.succeeded) return { kind: 'created', version: outcome.version };
      if (outcome.current !== null) return { kind: 'exists', current: outcome.current };
      // Only possible when one command id was used for two different commands.
      throw bad('commandId was used before for another kind of command on this register');
    },

    async compareAndSet(request, options) {
      checkCommand(request);
      checkValue('a register', request.value, LIMITS.registerBytesMax);
      checkWhole('expectedVersion', request.expectedVersion, 1, Number.MAX_SAFE_INTEGER);
      const pack = (packer: Packer): void => {
        packCommand(packer, request);
        packer.f64(request.expectedVersion);
        packer.bytes(request.value);
      };
      return setOf(await file.write({ operation: WRITE.compareAndSet, bytes: request.value.length, options, pack, decode: unpackOutcome }));
    },

    async remove(request, options) {
      checkCommand(request);
      checkWhole('expectedVersion', request.expectedVersion, 1, Number.MAX_SAFE_INTEGER);
      const pack = (packer: Packer): void => {
        packCommand(packer, request);
        packer.f64(request.expectedVersion);
      };
      return setOf(await file.write({ operation: WRITE.remove, options, pack, decode: unpackOutcome }));
    },

    async acquireLease(request, options) {
      checkTtl(request);
      return lease(WRITE.acquireLease, request, (packer) => packer.f64(request.ttlMs), unpackAcquired, options);
    },

    async renewLease(request, options) {
      checkTtl(request);
      checkFence(request.fence);
      const pack = (packer: Packer): void => {
        packer.f64(request.ttlMs);
        packer.f64(request.fence);
      };
      return lease(WRITE.renewLease, request, pack, unpackRenewed, options);
    },

    async releaseLease(request, options) {
      checkFence(request.fence);
      return lease(
        WRITE.releaseLease,
        request,
        (packer) => packer.f64(request.fence),
        () => undefined,
        options,
      );
    },
  };
}

type Options = KvCallOptions | undefined;
type Lease = { namespace: string; name: string; holder: string };
type Command = { namespace: string; name: string; commandId: string };
type Outcome = { succeeded: true; version: number } | { succeeded: false; current: Register | null };

function checkCommand({ namespace, name, commandId }: Command): void {
  checkNamespace(namespace);
  checkName('a register name', name);
  checkName('commandId', commandId);
}

function checkTtl({ ttlMs }: LeaseRequest): void {
  checkWhole('ttlMs', ttlMs, 1, LIMITS.leaseMsMax);
}

function checkFence(fence: number): void {
  checkWhole('fence', fence, 1, Number.MAX_SAFE_INTEGER);
}

function packCommand(packer: Packer, { namespace, name, commandId }: Command): void {
  packer.text(namespace);
  packer.text(name);
  packer.text(commandId);
}

function unpackRegister(answer: Unpacker): Register | null {
  return answer.optional(() => ({ version: answer.f64(), value: answer.ownBytes() }));
}

function unpackOutcome(answer: Unpacker): Outcome {
  const succeeded = answer.u8() === 1;
  const version = answer.optional(() => answer.f64());
  const value = answer.optional(() => answer.ownBytes());
  if (succeeded && version !== null) return { succeeded, version };
  return { succeeded: false, current: version === null || value === null ? null : { version, value } };
}

function setOf(outcome: Outcome): RegisterSet {
  return outcome.succeeded ? { kind: 'set', version: outcome.version } : { kind: 'conflict', current: outcome.current };
}

function unpackAcquired(answer: Unpacker): LeaseAcquired {
  if (answer.u8() === 1) return { kind: 'held', fence: answer.f64(), expiresAtMs: answer.f64() };
  return { kind: 'taken', holder: answer.text(), expiresAtMs: answer.f64() };
}

function unpackRenewed(answer: Unpacker): { kind: 'renewed'; expiresAtMs: number } | { kind: 'lost' } {
  return answer.u8() === 1 ? { kind: 'renewed', expiresAtMs: answer.f64() } : { kind: 'lost' };
}
