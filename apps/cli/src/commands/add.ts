import { resolve } from 'node:path';
import { StudioService, WorkState } from '@bioscope/studio/contract';
import type { Work } from '@bioscope/studio/contract';
import { Complaint, DATA_OPTION, EXIT, flag, JSON_OPTION, textOption } from '../command.ts';
import type { Command, Invocation } from '../command.ts';
import { misuse, wholeNumber } from '../parse-invocation.ts';
import { bar, bytesText, liveLines } from '../progress.ts';
import type { Api } from '../service/api.ts';
import { runningService } from '../service/running-service.ts';
import { uploadFile } from '../service/tus-upload.ts';
import { watchWork } from '../service/watch-work.ts';
import { stepLines } from '../step-lines.ts';
import { workStateName } from '../work-state-name.ts';

const BAR_COLUMNS = 30;
const YEARS = { min: 1870, max: 2200 };

export const add: Command = {
  name: 'add',
  about: 'add a film file, and follow it until it can be watched',
  usage: 'add FILE --title NAME [--synopsis TEXT] [--year N] [--credit TEXT] [--licence TEXT] [--source URL] [--json] [--data DIR]',
  options: {
    title: { type: 'string', short: 't', value: 'NAME', about: 'the name of the film (needed)' },
    synopsis: { type: 'string', value: 'TEXT', about: 'what it is about' },
    year: { type: 'string', value: 'N', about: 'when it was made' },
    credit: { type: 'string', value: 'TEXT', about: 'who made it' },
    licence: { type: 'string', value: 'TEXT', about: 'under which licence it may be shown' },
    source: { type: 'string', value: 'URL', about: 'where it comes from' },
    json: { ...JSON_OPTION, about: 'print the finished work as one JSON object' },
    data: DATA_OPTION,
  },
  words: { min: 1, max: 1 },
  async run(invocation) {
    const details = readDetails(invocation);
    const file = resolve(invocation.words[0] ?? '');
    const { run, api } = runningService(invocation);
    const signal = invocation.interrupt();
    const uploadId = await upload(invocation, api, file, signal);
    const { work } = await api.call(StudioService.method.importUpload, { ...details, uploadId }, { deadlineMs: 30_000 });
    if (work === undefined) throw new Error('the service accepted the film but told nothing of its work');
    return await follow({ invocation, api, work, signal, watchAt: `${run.app}/title/${work.titleId}` });
  },
};

function readDetails(invocation: Invocation) {
  const name = textOption(invocation, 'title');
  if (name === undefined) throw misuse(add, '--title is missing');
  const year = textOption(invocation, 'year');
  return {
    name,
    synopsis: textOption(invocation, 'synopsis') ?? '',
    year: year === undefined ? 0 : wholeNumber(add, 'year', year, YEARS),
    credit: textOption(invocation, 'credit') ?? '',
    licence: textOption(invocation, 'licence') ?? '',
    sourceUrl: textOption(invocation, 'source') ?? '',
  };
}

async function upload({ terminal }: Invocation, api: Api, file: string, signal: AbortSignal): Promise<string> {
  const live = liveLines(terminal);
  try {
    const uploadId = await uploadFile(api, {
      file,
      signal,
      onProgress: (sent, total) => live.draw([`  upload   ${bar(sent / total, BAR_COLUMNS)}  ${bytesText(sent)} of ${bytesText(total)}`]),
    });
    live.end();
    return uploadId;
  } catch (cause) {
    live.end();
    if (signal.aborted) throw new Complaint('interrupted: the film was not added', { exitCode: EXIT.interrupted, cause });
    throw cause;
  }
}

async function follow(on: { invocation: Invocation; api: Api; work: Work; signal: AbortSignal; watchAt: string }): Promise<number> {
  const { terminal } = on.invocation;
  const live = liveLines(terminal);
  const seen = new Map<string, number>();
  let playable = false;
  const show = (work: Work): void => {
    for (const step of work.steps) {
      if (!terminal.live && seen.get(step.name) !== step.state) live.say(stepLines([step], BAR_COLUMNS)[0] ?? '');
      seen.set(step.name, step.state);
    }
    live.draw(stepLines(work.steps, BAR_COLUMNS));
    if (work.playable && !playable) {
      playable = true;
      live.say(`watch it at ${on.watchAt}${work.state === WorkState.RUNNING ? ' (higher qualities follow)' : ''}`);
    }
  };
  try {
    const work = await watchWork(on.api, {
      workId: on.work.id,
      onChange: show,
      until: (each) => each.state !== WorkState.RUNNING,
      signal: on.signal,
    });
    live.end();
    return finish(on.invocation, work, on.watchAt);
  } catch (cause) {
    live.end();
    if (!on.signal.aborted) throw cause;
    terminal.err('the film goes on being prepared: "bioscope status" shows how far it is\n');
    return EXIT.interrupted;
  }
}

function finish(invocation: Invocation, work: Work, watchAt: string): number {
  const { terminal } = invocation;
  if (flag(invocation, 'json')) terminal.out(`${JSON.stringify(outcome(work, watchAt))}\n`);
  if (work.state === WorkState.DONE) {
    if (!flag(invocation, 'json')) terminal.out(`done: watch it at ${watchAt}\n`);
    return EXIT.done;
  }
  const refused = work.state === WorkState.REFUSED;
  terminal.err(
    `bioscope: ${refused ? 'the film was refused' : 'the film could not be prepared'}: ${work.reason || 'no reason was given'}\n`,
  );
  return EXIT.failed;
}

function outcome(work: Work, watchAt: string) {
  return {
    workId: work.id,
    titleId: work.titleId,
    name: work.name,
    state: workStateName(work.state),
    reason: work.reason,
    reasonCode: work.reasonCode,
    watchAt: work.playable ? watchAt : null,
  };
}
