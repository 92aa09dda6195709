import { KvFault, LIMITS } from '@bioscope/kv';
import type { Register, Registers, RegisterSet } from '@bioscope/kv';
import { checkName, checkNamespace, checkValue, checkWhole } from '@bioscope/kv/checks';
import type { LeaseDecided, Register as RegisterMessage, RegisterChanged } from '../../contract/index.ts';
import { ownBytes } from '../domain/kv-messages.ts';
import type { KvCalls } from './remote-kv.ts';

export function remoteRegisters({ read, write }: KvCalls): Registers {
  return {
    async read({ namespace, name }, options) {
      checkRegister(namespace, name);
      const { current } = await read({ namespace, does: { case: 'readRegister', value: { name } } }, 'register', options);
      return registerFrom(current);
    },

    async create({ namespace, name, value, commandId }, options) {
      checkRegister(namespace, name);
      checkName('commandId', commandId);
      checkValue('a register', value, LIMITS.registerBytesMax);
      const answer = await write({ namespace, does: { case: 'createRegister', value: { name, value, commandId } } }, 'changed', options);
      if (answer.version !== undefined) return { kind: 'created', version: answer.version };
      const current = registerFrom(answer.current);
      if (current === null) throw unexpected('a register that neither was created nor exists');
      return { kind: 'exists', current };
    },

    async compareAndSet({ namespace, name, expectedVersion, value, commandId }, options) {
      checkRegister(namespace, name);
      checkName('commandId', commandId);
      checkValue('a register', value, LIMITS.registerBytesMax);
      checkVersion(expectedVersion);
      const set = { name, expectedVersion, value, commandId };
      return setFrom(await write({ namespace, does: { case: 'setRegister', value: set } }, 'changed', options));
    },

    async remove({ namespace, name, expectedVersion, commandId }, options) {
      checkRegister(namespace, name);
      checkName('commandId', commandId);
      checkVersion(expectedVersion);
      const removal = { name, expectedVersion, commandId };
      return setFrom(await write({ namespace, does: { case: 'removeRegister', value: removal } }, 'changed', options));
    },

    async acquireLease({ namespace, name, holder, ttlMs }, options) {
      checkLease(namespace, name, holder);
      checkWhole('ttlMs', ttlMs, 1, LIMITS.leaseMsMax);
      const { is } = await write({ namespace, does: { case: 'acquireLease', value: { name, holder, ttlMs } } }, 'lease', options);
      if (is.case === 'held') return { kind: 'held', fence: is.value.fence, expiresAtMs: is.value.expiresAtMs };
      if (is.case === 'taken') return { kind: 'taken', holder: is.value.holder, expiresAtMs: is.value.expiresAtMs };
      throw unexpected('a lease that is neither held nor taken');
    },

    async renewLease({ namespace, name, holder, ttlMs, fence }, options) {
      checkLease(namespace, name, holder);
      checkWhole('ttlMs', ttlMs, 1, LIMITS.leaseMsMax);
      checkFence(fence);
      const { is } = await write({ namespace, does: { case: 'renewLease', value: { name, holder, ttlMs, fence } } }, 'lease', options);
      return renewedFrom(is);
    },

    async releaseLease({ namespace, name, holder, fence }, options) {
      checkLease(namespace, name, holder);
      checkFence(fence);
      await write({ namespace, does: { case: 'releaseLease', value: { name, holder, fence } } }, 'done', options);
    },
  };
}

function checkRegister(namespace: string, name: string): void {
  checkNamespace(namespace);
  checkName('a register name', name);
}

function checkLease(namespace: string, name: string, holder: string): void {
  checkNamespace(namespace);
  checkName('a lease name', name);
  checkName('holder', holder);
}

function checkVersion(expectedVersion: number): void {
  checkWhole('expectedVersion', expectedVersion, 1, Number.MAX_SAFE_INTEGER);
}

function checkFence(fence: number): void {
  checkWhole('fence', fence, 1, Number.MAX_SAFE_INTEGER);
}

function registerFrom(message: RegisterMessage | undefined): Register | null {
  return message === undefined ? null : { value: ownBytes(message.value), version: message.version };
}

function setFrom({ version, current }: RegisterChanged): RegisterSet {
  return version === undefined ? { kind: 'conflict', current: registerFrom(current) } : { kind: 'set', version };
}

function renewedFrom(is: LeaseDecided['is']): { kind: 'renewed'; expiresAtMs: number } | { kind: 'lost' } {
  if (is.case === 'held') return { kind: 'renewed', expiresAtMs: is.value.expiresAtMs };
  if (is.case === 'lost') return { kind: 'lost' };
  throw unexpected('a lease that is neither renewed nor lost');
}

function unexpected(what: string): KvFault {
  return new KvFault('KV_UNAVAILABLE', `the storage answered with ${what}`);
}
