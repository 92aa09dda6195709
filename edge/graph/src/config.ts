/** Settings of the graph gateway. */
export type GraphConfig = {
  /** Takes any operation from anybody, and answers introspection. For development; else only persisted operations are run. */
  readonly isOpen: boolean;
  /** Files of persisted operations. */
  readonly operationFiles: readonly string[];
  /** Until a request is answered with what there is by then. */
  readonly requestMs: number;
  /** Until a domain service that does not answer is given up. */
  readonly fetchMs: number;
  /** Requests to one domain service under way at once. */
  readonly fetchesMax: number;
};

const REQUEST_MS_DEFAULT = 5_000;
/** The edge gives a call 10 s. */
const REQUEST_MS_MAX = 9_000;
/** Leaves time for what can be answered without the service. */
const FETCH_MS_DEFAULT = 2_000;
const FETCHES_MAX_DEFAULT = 128;

/** Throws one error that names every setting that is wrong. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): GraphConfig {
  const problems: string[] = [];
  const whole = (name: string, otherwise: number, max: number): number => {
    const text = environment[name];
    if (text === undefined || text === '') return otherwise;
    const value = Number(text);
    if (Number.isInteger(value) && value >= 1 && value <= max) return value;
    problems.push(`${name} is ${JSON.stringify(text)}; a whole number from 1 to ${max} is wanted`);
    return otherwise;
  };
  const open = environment['BIOSCOPE_GRAPH_OPEN'] ?? '';
  if (!['', '0', '1'].includes(open)) problems.push(`BIOSCOPE_GRAPH_OPEN is ${JSON.stringify(open)}; 0 or 1 is wanted`);
  const config = {
    isOpen: open === '1',
    operationFiles: (environment['BIOSCOPE_GRAPH_OPERATIONS'] ?? '').split(',').filter((file) => file !== ''),
    requestMs: whole('BIOSCOPE_GRAPH_REQUEST_MS', REQUEST_MS_DEFAULT, REQUEST_MS_MAX),
    fetchMs: whole('BIOSCOPE_GRAPH_FETCH_MS', FETCH_MS_DEFAULT, REQUEST_MS_MAX),
    fetchesMax: whole('BIOSCOPE_GRAPH_FETCHES', FETCHES_MAX_DEFAULT, 4_096),
  };
  if (problems.length > 0) throw new Error(`the graph gateway cannot start: ${problems.join('; ')}`);
  return config;
}
