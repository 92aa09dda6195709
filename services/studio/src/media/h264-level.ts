/** ITU-T H.264 (08/2021) table A-1; bit rates are those of High profile (1.25 times the table's). */
const LEVELS = [
  { level: '1.1', blocksPerSecond: 3000, blocksPerFrame: 396, kbps: 240 },
  { level: '1.2', blocksPerSecond: 6000, blocksPerFrame: 396, kbps: 480 },
  { level: '1.3', blocksPerSecond: 11_880, blocksPerFrame: 396, kbps: 960 },
  { level: '2.1', blocksPerSecond: 19_800, blocksPerFrame: 792, kbps: 5000 },
  { level: '2.2', blocksPerSecond: 20_250, blocksPerFrame: 1620, kbps: 5000 },
  { level: '3.0', blocksPerSecond: 40_500, blocksPerFrame: 1620, kbps: 12_500 },
  { level: '3.1', blocksPerSecond: 108_000, blocksPerFrame: 3600, kbps: 17_500 },
  { level: '3.2', blocksPerSecond: 216_000, blocksPerFrame: 5120, kbps: 25_000 },
  { level: '4.0', blocksPerSecond: 245_760, blocksPerFrame: 8192, kbps: 25_000 },
  { level: '4.2', blocksPerSecond: 522_240, blocksPerFrame: 8704, kbps: 62_500 },
  { level: '5.0', blocksPerSecond: 589_824, blocksPerFrame: 22_080, kbps: 168_750 },
  { level: '5.1', blocksPerSecond: 983_040, blocksPerFrame: 36_864, kbps: 300_000 },
  { level: '5.2', blocksPerSecond: 2_073_600, blocksPerFrame: 36_864, kbps: 300_000 },
  { level: '6.2', blocksPerSecond: 16_711_680, blocksPerFrame: 139_264, kbps: 1_000_000 },
] as const;
export type H264Level = (typeof LEVELS)[number]['level'];

/** The lowest level that allows the picture: stated instead of left to the encoder, so that all pieces of a rung say the same. */
export function h264Level(picture: {
  readonly width: number;
  readonly height: number;
  readonly perSecond: number;
  readonly maxKbps: number;
}): H264Level {
  const across = Math.ceil(picture.width / 16);
  const down = Math.ceil(picture.height / 16);
  const blocks = across * down;
  const fits = LEVELS.find(
    ({ blocksPerSecond, blocksPerFrame, kbps }) =>
      blocks <= blocksPerFrame &&
      blocks * picture.perSecond <= blocksPerSecond &&
      picture.maxKbps <= kbps &&
      // No side longer than the square root of eight frames.
      Math.max(across, down) <= Math.sqrt(blocksPerFrame * 8),
  );
  return fits?.level ?? '6.2';
}
