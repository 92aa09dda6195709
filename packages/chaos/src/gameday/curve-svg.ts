import type { ExperimentResult } from '../experiment/result.ts';
import { escapeHtml } from './escape-html.ts';

const WIDTH = 900;
const HEIGHT = 140;
const BOTTOM = 120;
const TOP = 16;
/** More points than pixels tell nothing. */
const POINTS_MAX = 900;

/** Starts per second as a line, failed requests as bars, the time of the fault shaded. Empty where nothing was read. */
export function curveSvg({ curve, faultAtMs, healedAtMs, name }: ExperimentResult): string {
  const points = curve.filter((_, at) => at % Math.ceil(curve.length / POINTS_MAX) === 0);
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || last.atMs <= first.atMs) return '';
  const x = (atMs: number): number => round(((atMs - first.atMs) / (last.atMs - first.atMs)) * WIDTH);
  const startsMax = Math.max(1, ...points.map(({ startsPerSecond }) => startsPerSecond));
  const failedMax = Math.max(1, ...points.map(({ requestsFailed }) => requestsFailed));
  const height = (share: number): number => round(share * (BOTTOM - TOP));
  const line = points.map(({ atMs, startsPerSecond }) => `${x(atMs)},${round(BOTTOM - height(startsPerSecond / startsMax))}`).join(' ');
  const bars = points
    .filter(({ requestsFailed }) => requestsFailed > 0)
    .map(({ atMs, requestsFailed }) => {
      const tall = height(requestsFailed / failedMax);
      return `<rect class="failed" x="${x(atMs)}" y="${round(BOTTOM - tall)}" width="3" height="${tall}"/>`;
    });
  const fault = faultAtMs === null ? '' : shade(x(faultAtMs), x(healedAtMs ?? last.atMs));
  const label = `${name}: starts per second up to ${round(startsMax)}, failed requests per second up to ${Math.max(0, ...points.map(({ requestsFailed }) => requestsFailed))}`;
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeHtml(label)}">${fault}${bars.join('')}<polyline class="starts" points="${line}"/><text x="0" y="11">${round(startsMax)} starts/s</text><text x="0" y="${HEIGHT - 4}">${round((last.atMs - first.atMs) / 1_000)} s</text></svg>`;
}

function shade(from: number, to: number): string {
  return `<rect class="fault" x="${from}" y="0" width="${Math.max(1, round(to - from))}" height="${BOTTOM}"/>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
