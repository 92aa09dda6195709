import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { connect } from 'node:tls';
import type { PeerCertificate } from 'node:tls';
import { createTelemetry } from '@bioscope/telemetry';
import { certificatesFromFiles } from '../src/tls/certificates-from-files.ts';
import { openLocalAuthority } from '../src/tls/local-authority.ts';
import { ask, startBackend, startGateway, until } from './start-gateway.ts';
import type { Answer, RunningGateway } from './start-gateway.ts';

const DAY_MS = 86_400_000;

async function newFolder(test: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bioscope-tls-'));
  test.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Through the door with TLS, trusting `ca` alone. */
function askSecurely(running: RunningGateway, name: string, ca: string, headers: Record<string, string> = {}): Promise<Answer> {
  const port = Number(running.secureAddress.split(':')[1]);
  return new Promise((resolve, reject) => {
    const request = httpsRequest(
      { host: '127.0.0.1', port, servername: name, ca, agent: false, headers: { host: `${name}:${port}`, ...headers } },
      (response) => {
        let body = '';
        response.on('data', (chunk: Buffer) => (body += chunk.toString()));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
      },
    );
    request.on('error', reject);
    request.end();
  });
}

function certificateOf(running: RunningGateway, ca: string): Promise<PeerCertificate> {
  const port = Number(running.secureAddress.split(':')[1]);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, servername: 'app.localhost', ca }, () => {
      resolve(socket.getPeerCertificate());
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

async function startSecure(test: TestContext, environment: Record<string, string>): Promise<RunningGateway> {
  const backend = await startBackend(test, { 'web/': (request, response) => void response.end(JSON.stringify(request.headers)) });
  return await startGateway(test, [{ service: 'web', address: backend.address }], { BIOSCOPE_HTTPS_PORT: '0', ...environment });
}

describe('TLS by the local authority', () => {
  it('speaks for every host of the service to who trusts the authority, and for no other', async (test) => {
    const folder = await newFolder(test);
    const running = await startSecure(test, { BIOSCOPE_TLS: 'local', BIOSCOPE_DATA: folder });
    const ca = await readFile(join(folder, 'tls', 'authority.pem'), 'utf8');
    for (const name of ['app.localhost', 'console.localhost', 'api.localhost', 'play.localhost'])
      assert.notEqual((await askSecurely(running, name, ca)).headers['x-request-id'], undefined);
    await assert.rejects(askSecurely(running, 'app.example.org', ca), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
    const stranger = await openLocalAuthority(await newFolder(test), Date.now());
    await assert.rejects(askSecurely(running, 'app.localhost', await readFile(stranger.certificateFile, 'utf8')));
  });

  it('tells units and pages of it, in the answer’s policy too, and binds no private name to it', async (test) => {
    const folder = await newFolder(test);
    const running = await startSecure(test, { BIOSCOPE_TLS: 'local', BIOSCOPE_DATA: folder });
    const ca = await readFile(join(folder, 'tls', 'authority.pem'), 'utf8');
    const answer = await askSecurely(running, 'app.localhost', ca);
    assert.equal((JSON.parse(answer.body) as Record<string, string>)['x-forwarded-proto'], 'https');
    const port = running.secureAddress.split(':')[1];
    assert.match(String(answer.headers['content-security-policy']), new RegExp(`connect-src 'self' https://api\\.localhost:${port} `));
    assert.equal(answer.headers['strict-transport-security'], undefined);
    const preflight = { origin: `https://app.localhost:${port}` };
    assert.equal((await askSecurely(running, 'api.localhost', ca, preflight)).headers['access-control-allow-origin'], preflight.origin);
    const plain = { origin: `http://app.localhost:${port}` };
    assert.equal((await askSecurely(running, 'api.localhost', ca, plain)).headers['access-control-allow-origin'], undefined);
    // The other door leads there; what this machine's programs ask goes on.
    const led = await ask(running, 'app', '/films?x=1');
    assert.deepEqual([led.status, led.headers.location], [308, `https://app.localhost:${port}/films?x=1`]);
    assert.equal((await ask(running, 'play', '/sessions/one')).status, 503);
  });

  it('is one authority, however many gateways begin at once and again, and its key is its owner’s', async (test) => {
    const folder = await newFolder(test);
    const made = await Promise.all(Array.from({ length: 5 }, () => openLocalAuthority(folder, Date.now())));
    const certificate = await readFile(join(folder, 'authority.pem'), 'utf8');
    assert.equal((await openLocalAuthority(folder, Date.now())).certificateFile, made[0]?.certificateFile);
    assert.equal(await readFile(join(folder, 'authority.pem'), 'utf8'), certificate);
    assert((await readFile(join(folder, 'authority.key.pem'), 'utf8')).startsWith(certificate));
    assert.equal((await stat(join(folder, 'authority.key.pem'))).mode & 0o077, 0);
    assert.doesNotMatch(certificate, /PRIVATE/);
  });
});

describe('TLS from files', () => {
  it('takes new files without a restart, refuses bad ones, and keeps the old pair then', async (test) => {
    const folder = await newFolder(test);
    const authority = await openLocalAuthority(folder, Date.now());
    const [certificateFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    const put = async ({ cert, key }: { cert?: string; key?: string }): Promise<void> => {
      if (cert !== undefined) await writeFile(certificateFile, cert);
      if (key !== undefined) await writeFile(keyFile, key);
    };
    const issue = (untilMs = Date.now() + DAY_MS) => authority.issue(['app.localhost'], untilMs);
    const [first, second, third] = [await issue(), await issue(), await issue()];
    await put(first);
    const warnings: string[] = [];
    const sink = { write: (line: string) => void (line.includes('cannot be used') && warnings.push(line)) };
    const { log } = createTelemetry({ process: 'test', processMetrics: false, config: { format: 'json', level: 'info' }, sink });
    const certificates = await certificatesFromFiles({ certificateFile, keyFile, log, lookEveryMs: 10 });
    test.after(() => certificates.close());
    const told: string[] = [];
    certificates.onChange(({ cert }) => told.push(cert));

    for (const bad of [
      { cert: second.cert },
      { cert: 'no certificate' },
      { cert: second.cert, key: '' },
      await issue(Date.now() - 1_000),
    ]) {
      const before = warnings.length;
      await put(bad);
      await until('a warning', () => warnings.length > before);
      assert.deepEqual([certificates.current(), told], [first, []]);
      await put(first);
    }
    await rm(certificateFile);
    const before = warnings.length;
    await until('a warning', () => warnings.length > before);
    await put(third);
    await until('the new pair', () => told.length > 0);
    assert.deepEqual([certificates.current(), told], [third, [third.cert]]);
  });

  it('are shown to the next client after a change, while the door stays open', async (test) => {
    const folder = await newFolder(test);
    const authority = await openLocalAuthority(folder, Date.now());
    const ca = await readFile(authority.certificateFile, 'utf8');
    const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    const put = async (): Promise<void> => {
      const pair = await authority.issue(['app.service.org', 'app.localhost'], Date.now() + DAY_MS);
      await writeFile(cert, pair.cert);
      await writeFile(key, pair.key);
    };
    await put();
    const running = await startSecure(test, {
      BIOSCOPE_TLS: 'files',
      BIOSCOPE_TLS_CERT: cert,
      BIOSCOPE_TLS_KEY: key,
      BIOSCOPE_HOST: 'service.org',
    });
    const { serialNumber } = await certificateOf(running, ca);
    // A public name, with a certificate that every browser is to trust.
    assert.match(String((await askSecurely(running, 'app.service.org', ca)).headers['strict-transport-security']), /^max-age=31536000/);
    await put();
    await until('the new certificate', async () => (await certificateOf(running, ca)).serialNumber !== serialNumber);
  });

  it('must be good to begin with', async (test) => {
    const folder = await newFolder(test);
    const authority = await openLocalAuthority(folder, Date.now());
    const [one, other] = [await authority.issue(['a.org'], Date.now() + DAY_MS), await authority.issue(['a.org'], Date.now() + DAY_MS)];
    await writeFile(join(folder, 'cert.pem'), one.cert);
    await writeFile(join(folder, 'key.pem'), other.key);
    const { log } = createTelemetry({ process: 'test', processMetrics: false, sink: { write: () => undefined } });
    const files = { certificateFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem'), log };
    await assert.rejects(certificatesFromFiles(files), /cannot be used for TLS: the key is another/);
    await assert.rejects(certificatesFromFiles({ ...files, keyFile: join(folder, 'nothing') }), { code: 'ENOENT' });
  });
});
