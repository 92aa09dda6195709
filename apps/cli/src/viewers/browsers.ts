import { findProgram } from '@bioscope/host';
import { startBrowserViewers, type BrowserFigures, type BrowserViewers, type BrowserViewersOptions } from '@bioscope/viewer';
import { Complaint } from '../command.ts';
import type { Invocation } from '../command.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** A few viewers in real browsers beside the light ones. Complains when there is no Chromium. */
export async function openBrowsers(
  environment: Invocation['environment'],
  options: Omit<BrowserViewersOptions, 'executable'>,
): Promise<BrowserViewers> {
  const executable = NAMES.map((name) => findProgram(name, environment['PATH'])).find((found) => found !== null);
  if (executable === undefined) throw new Complaint('Chromium is not installed: apt-get install chromium');
  return startBrowserViewers({ ...options, executable });
}

export function browserLine({ playing, begun, failed, stalls, stallLongestMs }: BrowserFigures): string {
  return `browsers ${playing} playing · ${begun} films begun, ${failed} failed · ${stalls} stalls, the longest ${(stallLongestMs / 1000).toFixed(1)} s`;
}
