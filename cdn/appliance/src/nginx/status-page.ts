import { get } from 'node:http';

export type NginxStatus = {
  /** Open client connections, our own not counted. */
  readonly connections: number;
  /** The token keys in force, as named in the configuration. */
  readonly keysVersion: string;
};

const PAGE_BYTES_MAX = 4_096;

/**
 * Asks the status page on the port that players use, over a new connection: that it answers shows that players are answered too. Rejects when it
 * does not answer in time, or when somebody else answers.
 */
export function askStatusPage(on: { address: string; port: number; secret: string; deadlineMs: number }): Promise<NginxStatus> {
  return new Promise((resolve, reject) => {
    const request = get(
      {
        host: on.address,
        port: on.port,
        path: `/status/${on.secret}`,
        agent: false,
        signal: AbortSignal.timeout(on.deadlineMs),
      },
      (response) => {
        let page = '';
        response.setEncoding('utf8');
        response.on('data', (text: string) => {
          page += text;
          if (page.length > PAGE_BYTES_MAX) response.destroy(new Error('another program answers on the port'));
        });
        response.on('error', reject);
        response.on('end', () => {
          const active = parseActiveConnections(page);
          if (response.statusCode !== 200 || active === null) return reject(new Error('another program answers on the port'));
          const version = response.headers['bioscope-keys'];
          resolve({ connections: Math.max(0, active - 1), keysVersion: typeof version === 'string' ? version : '' });
        });
      },
    );
    request.on('error', reject);
  });
}

/** https://nginx.org/en/docs/http/ngx_http_stub_status_module.html */
export function parseActiveConnections(page: string): number | null {
  const match = /^Active connections: (\d+)/.exec(page);
  return match === null ? null : Number(match[1]);
}
