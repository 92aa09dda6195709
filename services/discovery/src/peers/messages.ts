import type { Instance } from '@bioscope/rpc';
import type {
  ExchangeRequest,
  ExchangeResponse,
  Instance as InstanceMessage,
  Statement as StatementMessage,
} from '../../contract/index.ts';
import type { Answer, Exchange } from '../domain/copy.ts';
import type { Statement } from '../domain/statement.ts';

/** Plain: as protobuf-es takes it. */
type Plain<T> = Omit<T, '$typeName' | '$unknown'>;

export function instanceToMessage(instance: Instance): Plain<InstanceMessage> {
  const { service, instanceId, address, zone, region, load, upMs = 0, isDoubtful = false } = instance;
  return { service, instanceId, address, zone, region, load, upMs, doubtful: isDoubtful };
}

export function instanceFromMessage(message: InstanceMessage): Instance {
  const { service, instanceId, address, zone, region, load, upMs, doubtful } = message;
  return { service, instanceId, address, zone, region, load, upMs, isDoubtful: doubtful };
}

export function exchangeToMessage({ copy, statements, isWhole }: Exchange) {
  return { copy, whole: isWhole, statements: statements.map(statementToMessage) };
}

export function exchangeFromMessage({ copy, statements, whole }: ExchangeRequest): Exchange {
  return { copy, isWhole: whole, statements: statements.flatMap((message) => statementFromMessage(message) ?? []) };
}

export function answerToMessage({ copy, isReady, isPreserving, statements }: Answer) {
  return { copy, ready: isReady, preserving: isPreserving, statements: statements.map(statementToMessage) };
}

export function answerFromMessage({ copy, ready, preserving, statements }: ExchangeResponse): Answer {
  return {
    copy,
    isReady: ready,
    isPreserving: preserving,
    statements: statements.flatMap((message) => statementFromMessage(message) ?? []),
  };
}

function statementToMessage(statement: Statement) {
  const { sequence, leftMs } = statement;
  if (statement.kind === 'present') {
    return { instance: instanceToMessage(statement.instance), sequence, withdrawn: false, leaseMs: statement.leaseMs, leftMs };
  }
  const { service, instanceId } = statement;
  return { instance: { service, instanceId }, sequence, withdrawn: true, leaseMs: 0, leftMs };
}

function statementFromMessage({ instance, sequence, withdrawn, leaseMs, leftMs }: StatementMessage): Statement | undefined {
  if (instance === undefined) return undefined;
  const { service, instanceId } = instance;
  if (withdrawn) return { kind: 'withdrawn', service, instanceId, sequence, leftMs };
  return { kind: 'present', instance: { ...instanceFromMessage(instance), isDoubtful: false }, sequence, leaseMs, leftMs };
}
