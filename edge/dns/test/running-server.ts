import type { TestContext } from 'node:test';
import { createTelemetry } from '@bioscope/telemetry';
import { startNameServer } from '../src/name-server.ts';
import type { NameServer, NameServerParts } from '../src/name-server.ts';
import { createAnswered } from '../src/transport/answered.ts';
import type { Answered } from '../src/transport/answered.ts';
import { testSteering, testZone } from './test-zone.ts';

export type TestServer = NameServer & { readonly answered: Answered; metrics(): Promise<string>; readonly faults: unknown[] };

/** The server with the test's zone on free ports; without limits unless told otherwise. */
export async function startTestServer(
  test: TestContext,
  parts: Partial<NameServerParts> = {},
  addresses = ['127.0.0.1'],
): Promise<TestServer> {
  const telemetry = createTelemetry({ process: 'test', processMetrics: false, sink: { write: () => undefined } });
  const answered = createAnswered(telemetry.metrics);
  const faults: unknown[] = [];
  const server = await startNameServer(
    {
      zone: testZone(),
      steering: testSteering(),
      cookieSecrets: [new Uint8Array(16)],
      serverId: 'test',
      rateLimits: { perSecond: 0, slip: 2, exempt: [], seed: 1 },
      answered,
      nowMs: Date.now,
      onFault: (cause) => faults.push(cause),
      ...parts,
    },
    { addresses, port: 0 },
  );
  test.after(() => server.close());
  return {
    ...server,
    answered,
    faults,
    async metrics() {
      answered.flush();
      return telemetry.metrics.text();
    },
  };
}
