import { bytes, newToken, utf8 } from '@bioscope/kv';
import type { Item, KvStore, StreamEvent } from '@bioscope/kv';
import { COURSE_EVENT_TYPES, foldCourse, NO_COURSE } from './domain/course.ts';
import type { Course, CourseEvent } from './domain/course.ts';
import type { Found } from './domain/look.ts';
import type { KnownGateway, Report } from './domain/measure.ts';

/** One stream: what was done to regions is decided in one order. */
export const COURSE_NAMESPACE = 'regions_course';
const COURSE_STREAM = 'course';
/** What gateways reported, by address and second. */
const REPORTS_NAMESPACE = 'regions_reports';

/** A run has some thirty events, relief for a busy hour some twenty: with thirty regions, years. Only a start reads them all. */
const EVENTS_MAX = 1_000_000;
/** As many as a picture may name; a thousand gateways are a hundred regions of three zones. */
export const GATEWAYS_MAX = 1_000;
/** Reports of so many seconds lie side by side; the window of measurement is shorter. */
const REPORT_SLOTS = 5;
const REPORT_TTL_MS = 10_000;
const ARRIVAL_TTL_MS = 3_600_000;
/** A gateway that was gone for a day is no longer part of the system. */
const KNOWN_TTL_MS = 24 * 3_600_000;
/** The loop looks twice a second: a store slower than this is as good as gone for it. */
const DEADLINE_MS = 2_000;

export type KeptCourse = { readonly course: Course; readonly version: number };

/** How the course of regions and the reports of gateways lie in the key-value store. */
export type RegionsStore = {
  /** The course as it is now; reads only what came since the last time. */
  readCourse(): Promise<KeptCourse>;
  append(request: { expectedVersion: number; events: readonly CourseEvent[]; commandId: string }): Promise<'appended' | 'conflict'>;
  putReport(report: Report): Promise<void>;
  readReports(): Promise<Omit<Found, 'course'>>;
};

const NOTHING_KEPT: KeptCourse = { course: NO_COURSE, version: 0 };

export function regionsStore({ streams, items }: Pick<KvStore, 'streams' | 'items'>): RegionsStore {
  let latest = NOTHING_KEPT;
  return {
    async readCourse() {
      let { course, version } = latest;
      for (;;) {
        const page = await streams.read(
          { namespace: COURSE_NAMESPACE, stream: COURSE_STREAM, after: version },
          { deadlineMs: DEADLINE_MS },
        );
        if (page.version > EVENTS_MAX)
          throw new RangeError(`the course of regions has ${page.version} events; at most ${EVENTS_MAX} are read`);
        course = page.events.map(decodeEvent).reduce(foldCourse, course);
        version += page.events.length;
        if (version < page.version) continue;
        // Others may have read meanwhile, and further.
        if (version > latest.version) latest = { course, version };
        return { course, version };
      }
    },
    async append({ expectedVersion, events, commandId }) {
      const encoded = events.map(({ type, ...data }) => ({ type, data: bytes(JSON.stringify(data)) }));
      const request = { namespace: COURSE_NAMESPACE, stream: COURSE_STREAM, expectedVersion, events: encoded, commandId };
      return (await streams.append(request, { deadlineMs: DEADLINE_MS })).kind;
    },
    async putReport(report) {
      const { region, zone, address, atMs } = report;
      const slot = Math.floor(atMs / 1_000) % REPORT_SLOTS;
      const known: KnownGateway = { region, zone, address };
      const writes = [
        { key: bytes(`known ${address}`), value: bytes(JSON.stringify(known)), ttlMs: KNOWN_TTL_MS },
        { key: bytes(`report ${address} ${slot}`), value: bytes(JSON.stringify(report)), ttlMs: REPORT_TTL_MS },
      ];
      if (report.requests > 0) writes.push({ key: bytes(`arrival ${address}`), value: bytes(String(atMs)), ttlMs: ARRIVAL_TTL_MS });
      await items.put({ namespace: REPORTS_NAMESPACE, record: 'gateways', items: writes, token: newToken() }, { deadlineMs: DEADLINE_MS });
    },
    async readReports() {
      const known: KnownGateway[] = [];
      const reports: Report[] = [];
      const lastArrivals = new Map<string, number>();
      for (const { key, value } of await readAll()) {
        const [kind, address = ''] = utf8(key).split(' ');
        // What lies in the store was encoded by the function above.
        if (kind === 'known') known.push(JSON.parse(utf8(value)) as KnownGateway);
        else if (kind === 'report') reports.push(JSON.parse(utf8(value)) as Report);
        else lastArrivals.set(address, Number(utf8(value)));
      }
      return { known, reports, lastArrivals };
    },
  };

  async function readAll(): Promise<readonly Item[]> {
    const all: Item[] = [];
    let cursor: string | undefined;
    do {
      const page = await items.get(
        { namespace: REPORTS_NAMESPACE, record: 'gateways', page: cursor === undefined ? {} : { cursor } },
        { deadlineMs: DEADLINE_MS },
      );
      all.push(...page.items);
      cursor = page.cursor ?? undefined;
    } while (cursor !== undefined && all.length < GATEWAYS_MAX * (REPORT_SLOTS + 2));
    return all;
  }
}

/** Throws when the type is not known: a newer program wrote it, and guessing would direct traffic wrongly. */
function decodeEvent({ sequence, type, data }: StreamEvent): CourseEvent {
  if (!COURSE_EVENT_TYPES.some((known) => known === type))
    throw new TypeError(`event ${sequence} of the course of regions has the unknown type ${type}`);
  // What lies in the store was encoded by `append`.
  return { type, ...(JSON.parse(utf8(data)) as object) } as CourseEvent;
}
