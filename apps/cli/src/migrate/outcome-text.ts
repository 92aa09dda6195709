import { bytesText } from '../progress.ts';
import { table } from '../table.ts';
import type { Engine } from '../units/engine-settings.ts';
import type { MoveOutcome } from './move-state.ts';

/** What a person reads at the end: what was compared, and what to do next. */
export function outcomeText(outcome: MoveOutcome, { folder, engines }: { folder: string; engines: readonly Engine[] }): string {
  return [comparison(outcome), ...nextSteps(outcome, folder, engines)].filter((part) => part !== '').join('\n') + '\n';
}

function comparison({ rows, blobs, log }: MoveOutcome): string {
  const lines = rows.map(({ kind, namespace, source, destination }) => [
    kind,
    namespace,
    source.count,
    destination.count,
    bytesText(source.bytes),
    source.checksum,
    source.checksum === destination.checksum && source.count === destination.count ? 'same' : `differs: ${destination.checksum}`,
  ]);
  const parts = rows.length === 0 ? [] : [table(['kind', 'namespace', 'source', 'destination', 'size', 'checksum', ''], lines)];
  if (blobs !== null)
    parts.push(
      `blobs: ${blobs.objects} with ${bytesText(blobs.bytes)}, ${blobs.copied} copied, ${blobs.kept} there already, ${blobs.repaired} repaired, ` +
        `${blobs.different.length} different${blobs.extra === 0 ? '' : `, ${blobs.extra} only at the destination`}; compared by SHA-256`,
    );
  const waiting = (log ?? []).filter(({ records }) => records > 0);
  if (log !== null)
    parts.push(
      `log: ${waiting.length === 0 ? 'nothing was waiting' : waiting.map(({ topic, records }) => `${records} records of ${topic}`).join(', ')}`,
    );
  return parts.join('\n');
}

function nextSteps({ state, mended, differences }: MoveOutcome, folder: string, engines: readonly Engine[]): readonly string[] {
  if (state === 'different')
    return [
      '',
      ...differences.map((each) => `  ${each}`),
      'The destination differs from the source: it was not taken into use. Somebody else writes there: choose an empty keyspace, or empty this one, and run this again.',
    ];
  if (state === 'copying')
    return [
      `${mended} entries were copied beside the running service. What it writes from now on comes with the last run:`,
      `  bioscope down --data ${folder}`,
      '  then run this again: it copies the difference and compares everything',
    ];
  const moved = engines.map((engine) => FOLDERS[engine]);
  return [
    '',
    'Everything is there. From now on the service runs with:',
    `  bioscope up --engines ${engines.join(',')} --data ${folder}`,
    `${moved.join(', ')} in ${folder} were not changed: keep them as a backup, or delete them. Never start a service on them again`,
    '(up without --engines): it would not know what happened since. Secrets, uploads under way and the appliances’ folders stay in use there.',
  ];
}

const FOLDERS: Readonly<Record<Engine, string>> = { cassandra: 'kv/', kafka: 'log/', s3: 'blob/' };
