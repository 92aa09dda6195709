import { textOf, numberOf } from '../api/fault-body.ts';

/** An event as the membership service tells it: `data` is JSON. */
export type TimelineEntry = { readonly sequence: number; readonly type: string; readonly data: string; readonly recordedAtMs: number };

/** How it stands with a member as far as it was written down. What time alone has brought about since is written down soon after. */
export type Standing = {
  readonly state: 'never a member' | 'chose a plan' | 'trial' | 'active' | 'past due' | 'on hold' | 'ending' | 'lapsed';
  readonly planId: string;
  /** End of the period that is paid for; zero when none is. */
  readonly untilMs: number;
};

const NOTHING: Standing = { state: 'never a member', planId: '', untilMs: 0 };

export function standingOf(events: readonly TimelineEntry[]): Standing {
  return events.reduce<Standing>((before, event) => after(before, event.type, dataOf(event)), NOTHING);
}

function after(before: Standing, type: string, data: unknown): Standing {
  const planId = planOf(data);
  switch (type) {
    case 'funnel.plan_chosen':
      // Who was a member and looks at plans again is lapsed until the payment.
      return before.state === 'never a member' || before.state === 'chose a plan' ? { ...before, state: 'chose a plan', planId } : before;
    case 'trial.began':
      return { state: 'trial', planId, untilMs: numberOf(data, 'untilMs') };
    case 'membership.activated':
    case 'membership.rejoined':
    case 'membership.recovered':
      return { state: 'active', planId, untilMs: numberOf(data, 'untilMs') };
    case 'membership.renewed':
      return { state: before.state === 'ending' ? 'ending' : 'active', planId, untilMs: numberOf(data, 'untilMs') };
    case 'payment.failed':
      return { ...before, state: 'past due' };
    case 'membership.held':
      return { ...before, state: 'on hold' };
    case 'membership.lapsed':
      return { ...before, state: 'lapsed', untilMs: 0 };
    case 'cancellation.asked':
      return { ...before, state: 'ending', untilMs: numberOf(data, 'endsAtMs') || before.untilMs };
    case 'cancellation.undone':
      return { ...before, state: 'active' };
    case 'plan.upgraded':
      return { ...before, planId };
    default:
      return before;
  }
}

function planOf(data: unknown): string {
  const terms: unknown = typeof data === 'object' && data !== null ? Reflect.get(data, 'terms') : null;
  return textOf(terms, 'planId') || textOf(data, 'planId');
}

export function dataOf({ data }: Pick<TimelineEntry, 'data'>): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return null;
  }
}

/** What an event says beside its type, for people who know the system: "standard · until 3 Jan 2027". Names of fields are the contract's. */
export function detailsOf(event: TimelineEntry, time: (ms: number) => string): string {
  const data = dataOf(event);
  if (typeof data !== 'object' || data === null) return '';
  return Object.entries(data)
    .filter(([name]) => name !== 'type' && name !== 'atMs')
    .map(([name, value]: [string, unknown]) => {
      if (name === 'terms') return planOf({ terms: value });
      if (typeof value === 'number' && name.endsWith('AtMs')) return `${words(name.slice(0, -4))} ${time(value)}`;
      if (typeof value === 'number' && (name === 'fromMs' || name === 'untilMs')) return `${name.slice(0, -2)} ${time(value)}`;
      if (typeof value === 'number' && name === 'byMs') return `by ${Math.round(value / 86_400_000)} days`;
      return value !== '' && (typeof value === 'string' || typeof value === 'number') ? `${words(name)} ${value}` : '';
    })
    .filter((text) => text !== '')
    .join(' · ');
}

/** "priceId" → "price id". */
function words(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
