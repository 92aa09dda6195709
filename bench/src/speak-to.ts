import type { ChildProcess, Serializable } from 'node:child_process';

type Kinds = { readonly kind: string };
type OfKind<R extends Kinds, K extends R['kind']> = Extract<R, { readonly kind: K }>;

/** A process of a bench over its IPC channel. One command at a time; both reject when the process ends, says something else, or says nothing. */
export type Spoken<Command, Report extends Kinds> = {
  /** Sends the command and waits for its report, which is to be of the named kind. */
  ask<K extends Report['kind']>(command: Command, kind: K): Promise<OfKind<Report, K>>;
  next<K extends Report['kind']>(kind: K): Promise<OfKind<Report, K>>;
};

/** A process that is silent for so long hangs. */
const REPORT_TIMEOUT_MS = 120_000;

export function speakTo<Command extends Serializable, Report extends Kinds>(child: ChildProcess): Spoken<Command, Report> {
  function next<K extends Report['kind']>(kind: K): Promise<OfKind<Report, K>> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        child.off('message', onMessage);
        child.off('exit', onExit);
      };
      const onMessage = (report: Report): void => {
        end();
        if (report.kind === kind) resolve(report as OfKind<Report, K>);
        else reject(new Error(`a process of the bench said "${report.kind}" instead of "${kind}"`));
      };
      const onExit = (code: number | null): void => {
        end();
        reject(new Error(`a process of the bench ended with code ${code}`));
      };
      const timer = setTimeout(() => {
        end();
        reject(new Error(`a process of the bench was silent for ${REPORT_TIMEOUT_MS} ms`));
      }, REPORT_TIMEOUT_MS);
      child.on('message', onMessage);
      child.on('exit', onExit);
    });
  }
  return {
    next,
    ask(command, kind) {
      const report = next(kind);
      child.send(command);
      return report;
    },
  };
}
