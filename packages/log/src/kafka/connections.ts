import { isIP } from 'node:net';
import { type API, Connection, type ConnectionOptions } from '@platformatic/kafka';
import { NoAnswerError, UnreachableError } from './trouble.ts';
import { within } from './within.ts';

export type Address = { readonly host: string; readonly port: number };

export type Connections = {
  /** Settles within `withinMs`, connecting included. Rejects with `UnreachableError`, `NoAnswerError`, or what the broker refused with. */
  call<Request extends unknown[], Answer>(to: Address, api: API<Request, Answer>, request: Request, withinMs: number): Promise<Answer>;
  /** Breaks the connection: whoever waits for an answer on it hears of it at once. */
  drop(to: Address): void;
  close(): void;
};

export type Security = Pick<ConnectionOptions, 'tls' | 'sasl'>;

/**
 * One connection per broker, made when first needed and again after it broke. A broker answers the requests of one connection in order,
 * also those that it holds back on purpose, so whoever lets a broker wait (fetching, joining) has connections of its own. A connection on which
 * a request got no answer in time is broken: a later answer would be taken for nobody's, and the broker behind it may hang.
 */
export function createConnections(clientId: string, security: Security): Connections {
  const open = new Map<string, { connection: Connection; ready: Promise<void> }>();
  let closed = false;

  function connect(name: string, { host, port }: Address): { connection: Connection; ready: Promise<void> } {
    const known = open.get(name);
    if (known !== undefined) return known;
    const connection = new Connection(clientId, {
      ...security,
      // What a certificate is for is a name; an address may not be sent as one (RFC 6066, section 3).
      tlsServerName: security.tls !== undefined && isIP(host) === 0,
      connectTimeout: CONNECT_MS_MAX,
      requestTimeout: REQUEST_MS_MAX,
      maxInflights: REQUESTS_IN_FLIGHT_MAX,
    });
    const forget = (): void => {
      if (open.get(name)?.connection === connection) open.delete(name);
    };
    // Without a listener, an error event would end the process; whoever called hears of the failure by the call.
    connection.on('error', forget);
    connection.on('close', forget);
    const ready = Promise.resolve(connection.connect(host, port));
    ready.catch(() => {
      forget();
      breakOff(connection);
    });
    const made = { connection, ready };
    open.set(name, made);
    return made;
  }

  function drop(name: string): void {
    const known = open.get(name);
    open.delete(name);
    if (known !== undefined) breakOff(known.connection);
  }

  return {
    async call(to, api, request, withinMs) {
      const name = nameOf(to);
      if (closed) throw new UnreachableError(`the connection to ${name} is closed`);
      const { connection, ready } = connect(name, to);
      let asked = false;
      const answer = ready.then(
        () => {
          asked = true;
          return api.async(connection, ...request);
        },
        (cause: unknown) => {
          throw new UnreachableError(`no connection to ${name}`, { cause });
        },
      );
      try {
        return await within(withinMs, answer, () =>
          asked ? new NoAnswerError(`${name} did not answer within ${withinMs} ms`) : new UnreachableError(`no connection to ${name}`),
        );
      } catch (error) {
        if (error instanceof NoAnswerError || !connection.isConnected()) {
          if (open.get(name)?.connection === connection) open.delete(name);
          breakOff(connection);
        }
        throw error;
      }
    },
    drop: (to) => drop(nameOf(to)),
    close() {
      closed = true;
      for (const name of open.keys()) drop(name);
    },
  };
}

export function nameOf({ host, port }: Address): string {
  return `${host}:${port}`;
}

function breakOff(connection: Connection): void {
  // `close` of the library waits until all is written, which a hanging broker never lets happen.
  (connection.socket as typeof connection.socket | undefined)?.destroy();
  connection.close(() => {});
}

const CONNECT_MS_MAX = 3_000;
/** Longer than any call waits: our own deadlines come first, this one is the library's. */
const REQUEST_MS_MAX = 60_000;
/** A broker works on one at a time anyway; more only saves the way. */
const REQUESTS_IN_FLIGHT_MAX = 8;
