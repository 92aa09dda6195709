import { randomUUID } from 'node:crypto';

import { AccessService } from '@bioscope/access/contract';
import { operatorGuard } from '@bioscope/access/contract/operator-guard';
import { port, unit } from '@bioscope/host';
import type { Jobs } from '@bioscope/jobs';
import type { KvStore } from '@bioscope/kv';
import type { RpcHost } from '@bioscope/rpc';

import { MailService } from '../contract/index.ts';
import { answering } from './answers.ts';
import { readConfig } from './config.ts';
import { listOutbox } from './handlers/list-outbox.ts';
import { send } from './handlers/send.ts';
import { SEND_QUEUE, sendMessage } from './jobs/send-message.ts';
import { enqueueForgotten, sweepOutbox } from './jobs/sweep-outbox.ts';
import type { MailParts } from './parts.ts';
import { mailStore } from './store.ts';
import { KEEPING, smtpTransport } from './transport.ts';

/** Mail servers let a sender in a few times at once. */
const PARALLEL_MAX = 4;
const SWEEP_EVERY_MS = 3_600_000;

/** Messages to members. */
export const mail = unit({
  name: 'mail',
  needs: { kv: port<KvStore>('kv'), jobs: port<Jobs>('jobs'), rpc: port<RpcHost>('rpc') },
  gives: {},
  async start({ kv, jobs, rpc }, context) {
    const config = readConfig(context.environment);
    const transport = config.smtpUrl === null ? KEEPING : smtpTransport({ url: config.smtpUrl, from: config.from });
    const parts: MailParts = { config, store: mailStore(kv, randomUUID), jobs, transport, nowMs: Date.now, log: context.log };
    await enqueueForgotten(parts);
    const worker = jobs.work({ queue: SEND_QUEUE, parallelMax: PARALLEL_MAX }, (job, run) => sendMessage(parts, job, run));
    const sweeping = setInterval(() => {
      sweepOutbox(parts).catch((err: unknown) => context.log.warn({ err }, 'the outbox could not be swept; tried again in an hour'));
    }, SWEEP_EVERY_MS);
    sweeping.unref();
    const own = rpc.as('mail');
    const operators = operatorGuard(own.client(AccessService));
    own.serve(
      MailService,
      {
        send: (request, call) => answering(() => send(parts, request, call.caller)),
        listOutbox: operators.only('mail', (request) => answering(() => listOutbox(parts, request))),
      },
      { '*': ['identity', 'membership', 'billing'], listOutbox: ['gateway', 'graph'] },
    );
    return {
      gives: {},
      async stop() {
        clearInterval(sweeping);
        await worker.close();
        transport.close();
      },
    };
  },
});
