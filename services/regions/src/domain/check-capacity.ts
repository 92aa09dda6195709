import { measuredOf } from './outlook.ts';
import type { Outlook } from './outlook.ts';

export type CapacityCheck = {
  /** Requests per second that will come besides the receivers' own. */
  readonly neededPerSecond: number;
  readonly sparePerSecond: number;
  /** Receivers that do not know what they can take. With one of them there is no saying no. */
  readonly unknown: readonly string[];
  readonly enough: boolean;
};

/** The last tenth is for what comes with a move: retries, cold caches, reconnecting clients. */
const USABLE = 0.9;

/** Whether the receivers can take what arrives in a region. */
export function checkCapacity(outlook: Outlook, region: string, receivers: readonly string[]): CapacityCheck {
  const neededPerSecond = measuredOf(outlook, region).arrivedPerSecond;
  const unknown = receivers.filter((receiver) => measuredOf(outlook, receiver).capacityPerSecond === 0);
  const sparePerSecond = receivers.reduce((sum, receiver) => {
    const { capacityPerSecond, servedPerSecond } = measuredOf(outlook, receiver);
    return sum + Math.max(0, capacityPerSecond * USABLE - servedPerSecond);
  }, 0);
  return { neededPerSecond, sparePerSecond, unknown, enough: unknown.length > 0 || sparePerSecond >= neededPerSecond };
}

export function capacityText({ neededPerSecond, sparePerSecond, unknown }: CapacityCheck, receivers: readonly string[]): string {
  const needed = `${rounded(neededPerSecond)} requests per second would move to ${receivers.join(', ')}`;
  return unknown.length > 0
    ? `${needed}; how much ${unknown.join(', ')} can take is not known`
    : `${needed}, which can take ${rounded(sparePerSecond)} besides their own`;
}

export function rounded(perSecond: number): number {
  return Math.round(perSecond * 10) / 10;
}
