import type { Contender } from './contender.ts';
import { WATCHING } from './policies.ts';
import type { StreamingRequest } from './signals.ts';

/** The ceiling: what somebody would write who knew the twenty rules by heart and never had to change or explain them. */
export function handWritten(requests: readonly StreamingRequest[]): Contender {
  return {
    name: 'hand-written closure',
    passRequests: requests.length,
    run: (count) => {
      let allowed = 0;
      for (let index = 0; index < count; index += 1) if (isAllowed(requests[index] as StreamingRequest)) allowed += 1;
      return allowed;
    },
    decisions: (count) => requests.slice(0, count).map(isAllowed),
  };
}

function isAllowed(request: StreamingRequest): boolean {
  const { action, account, profile, device, title } = request;
  if (WATCHING.has(action)) return mayWatch(request);
  const isChild = profile.isKids && title.maturity > 7;
  if (action === 'browse' || action === 'preview') return !isChild && account.status !== 'closed';
  if (action === 'rate') return account.status === 'active' && !profile.isKids;
  if (action === 'editProfile') return profile.isOwner;
  if (action !== 'changePlan') return false;
  return profile.isOwner && account.fraudScore < 700 && !(account.fraudScore > 800 && !device.isTrusted);
}

function mayWatch(request: StreamingRequest): boolean {
  const { action, account, profile, device, title } = request;
  if (account.status === 'closed' || !title.countries.includes(request.country)) return false;
  if (request.nowMs < title.fromMs || request.nowMs >= title.untilMs) return false;
  if (title.maturity > profile.maturityMax || (profile.isKids && title.maturity > 7)) return false;
  if (profile.blockedIds !== undefined && profile.blockedIds.includes(title.id)) return false;
  if (action !== 'download' && request.streams >= account.streamsMax) return false;
  if (profile.pinAbove !== undefined && title.maturity >= profile.pinAbove && !request.isPinEntered) return false;
  if (!request.isAtHome && device.kind === 'television' && request.travelDays > 30) return false;
  if (device.drmLevel < title.drmLevel || (request.resolution > 1080 && device.drmLevel < 3)) return false;
  if (account.fraudScore > 900 || (account.fraudScore > 800 && !device.isTrusted)) return false;
  if (account.status === 'active') {
    if (request.resolution <= 1080) return true;
    if (action !== 'download' && account.plan === 'premium' && request.resolution <= device.resolutionMax) return true;
    if (action === 'download' && device.isTrusted && (account.plan === 'standard' || account.plan === 'premium')) return true;
  }
  if (action !== 'play' || request.resolution > 720) return false;
  return title.isFree || (account.status === 'grace' && request.isAtHome);
}
