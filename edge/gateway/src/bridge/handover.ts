import { COUNTRY_SOURCES } from '@bioscope/passport';
import type { CountrySource } from '@bioscope/passport';

/** What the gateway to which a request came says of it to the gateway that it hands it to. Believed because the RPC listener proves who says it; the public door reads none. */
export type Handover = {
  /** Region of the gateway to which the client came. */
  readonly from: string;
  readonly clientAddress: string;
  readonly scheme: 'http' | 'https';
  readonly requestId: string;
  readonly traceparent: string;
  readonly country: string;
  readonly countryFrom: CountrySource;
};

export const HANDOVER_HEADER = 'bioscope-handover';

const TEXTS = ['from', 'clientAddress', 'requestId', 'traceparent', 'country'] as const;

export function writeHandover(handover: Handover): string {
  return JSON.stringify(handover);
}

/** Undefined when it is none, such as one of another version. */
export function readHandover(header: string | undefined): Handover | undefined {
  let said: unknown;
  try {
    said = JSON.parse(header ?? '');
  } catch {
    return undefined;
  }
  if (typeof said !== 'object' || said === null) return undefined;
  const fields = new Map<string, unknown>(Object.entries(said));
  const [from, clientAddress, requestId, traceparent, country] = TEXTS.map((name) => fields.get(name));
  const countryFrom = COUNTRY_SOURCES.find((source) => source === fields.get('countryFrom'));
  const scheme = fields.get('scheme');
  if (typeof from !== 'string' || typeof clientAddress !== 'string' || typeof requestId !== 'string') return undefined;
  if (typeof traceparent !== 'string' || typeof country !== 'string' || countryFrom === undefined) return undefined;
  if (scheme !== 'http' && scheme !== 'https') return undefined;
  return { from, clientAddress, scheme, requestId, traceparent, country, countryFrom };
}
