import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { superviseChild } from '@bioscope/host';
import type { DemoSource } from './films.ts';

/** Well beyond what the slowest of them takes on one core. */
const DEADLINE_MS = 10 * 60_000;
const FADE_SECONDS = 2;
const LAST_LINES_MAX = 5;

/** Computes a film into `file`, whole or not at all. It gives way to everything else on the machine. */
export async function makeFilm(request: {
  source: Extract<DemoSource, { kind: 'made' }>;
  file: string;
  environment: Readonly<Record<string, string | undefined>>;
  signal: AbortSignal;
}): Promise<void> {
  const { source, file } = request;
  await mkdir(dirname(file), { recursive: true });
  const partial = `${file}.part`;
  const lines: string[] = [];
  const child = await superviseChild({
    name: 'demo-film',
    command: 'nice',
    args: ['-n', '19', 'ffmpeg', ...ffmpegArguments(source, partial)],
    env: { PATH: request.environment['PATH'] },
    onLine: (line) => {
      lines.push(line);
      if (lines.length > LAST_LINES_MAX) lines.shift();
    },
  });
  const end = () => void child.stop();
  const timer = setTimeout(end, DEADLINE_MS);
  request.signal.addEventListener('abort', end, { once: true });
  if (request.signal.aborted) end();
  try {
    const { exit } = await child.ended;
    request.signal.throwIfAborted();
    if (exit?.code !== 0)
      throw new Error(`ffmpeg could not make the film: ${lines.join(' · ') || `exit code ${exit?.code}, signal ${exit?.signal}`}`);
    await rename(partial, file);
  } finally {
    clearTimeout(timer);
    request.signal.removeEventListener('abort', end);
    await rm(partial, { force: true });
  }
}

function ffmpegArguments(source: Extract<DemoSource, { kind: 'made' }>, file: string): string[] {
  const fadeOutAt = source.seconds - FADE_SECONDS;
  const fades = (kind: string) => `${kind}=t=in:st=0:d=${FADE_SECONDS},${kind}=t=out:st=${fadeOutAt}:d=${FADE_SECONDS}`;
  const words = [
    '-hide_banner -nostdin -v error -y',
    ['-f', 'lavfi', '-i', `${source.video},${fades('fade')},format=yuv420p`],
    ['-f', 'lavfi', '-i', `${source.audio},${fades('afade')}`],
    `-t ${source.seconds} -threads 1 -c:v libx264 -preset veryfast -crf 16 -c:a aac -b:a 160k -movflags +faststart -f mp4`,
    [file],
  ];
  return words.flatMap((part) => (typeof part === 'string' ? part.split(' ') : part));
}
