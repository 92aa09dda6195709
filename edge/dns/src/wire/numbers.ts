/** Numbers of the DNS registries (https://www.iana.org/assignments/dns-parameters). Only those that the server treats in a way of their own. */
export const TYPE = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  HINFO: 13,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  OPT: 41,
  DS: 43,
  SVCB: 64,
  HTTPS: 65,
  IXFR: 251,
  AXFR: 252,
  ANY: 255,
  CAA: 257,
} as const;

export const CLASS_IN = 1;

export const RCODE = {
  NOERROR: 0,
  FORMERR: 1,
  SERVFAIL: 2,
  NXDOMAIN: 3,
  NOTIMP: 4,
  REFUSED: 5,
  BADVERS: 16,
  BADCOOKIE: 23,
} as const;

export const OPTION = { NSID: 3, CLIENT_SUBNET: 8, COOKIE: 10, TCP_KEEPALIVE: 11, EXTENDED_ERROR: 15 } as const;

/** RFC 8914. */
export const EXTENDED_ERROR = { NOT_READY: 14, NOT_AUTHORITATIVE: 20, NOT_SUPPORTED: 21 } as const;

export const HEADER_BYTES = 12;
/** RFC 1035 2.3.4. */
export const NAME_BYTES_MAX = 255;
export const LABEL_BYTES_MAX = 63;
export const LABELS_MAX = 127;
/** Without EDNS (RFC 1035 4.2.1). */
export const PLAIN_UDP_BYTES_MAX = 512;
/** Larger answers are fragmented somewhere on the way, and fragments are lost or forged (RFC 9715, DNS flag day 2020). */
export const UDP_BYTES_MAX = 1_232;
/** The length before a message on TCP has 16 bits. */
export const TCP_BYTES_MAX = 65_535;
