import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import { COMMANDS } from '../src/commands/index.ts';
import { installationFolder } from '../src/config.ts';
import { parseEngines, readEngineSettings } from '../src/units/engine-settings.ts';

type Service = {
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, { condition: string }>>;
  readonly networks?: Readonly<Record<string, { ipv4_address: string }>>;
  readonly network_mode?: string;
  readonly volumes?: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly image?: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
};
type Compose = {
  readonly name: string;
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, { ipam: { config: readonly { subnet: string }[] } }>>;
  readonly volumes: Readonly<Record<string, unknown>>;
};

const ROOT = installationFolder();
const DEPLOY = join(ROOT, 'deploy');
const read = (name: string): string => readFileSync(join(DEPLOY, name), 'utf8');
const compose = parse(read('compose.yaml'), { merge: true }) as Compose;
const services = Object.entries(compose.services);

/** Of the Compose specification (compose-spec, 05-services.md), as far as they are used here. */
const SERVICE_KEYS = new Set(
  'build command depends_on environment healthcheck image network_mode networks restart stop_grace_period volumes'.split(' '),
);

describe('deploy/compose.yaml', () => {
  it('has only keys of the specification, and for each service an image or a build', () => {
    assert.deepEqual(Object.keys(compose).sort(), ['name', 'networks', 'services', 'volumes']);
    for (const [name, service] of services) {
      for (const key of Object.keys(service)) assert.ok(SERVICE_KEYS.has(key), `${name} has ${key}`);
      assert.ok((service.image === undefined) !== (service.build === undefined), name);
    }
  });

  it('waits only for services that are there and can say that they are well', () => {
    for (const [name, { depends_on: needs = {} }] of services) {
      for (const [other, { condition }] of Object.entries(needs)) {
        assert.equal(condition, 'service_healthy', name);
        assert.ok(compose.services[other]?.healthcheck !== undefined, `${name} waits for ${other}, which has no health check`);
      }
    }
    const waiting = Object.keys(compose.services['bioscope']?.depends_on ?? {});
    assert.deepEqual(
      waiting.sort(),
      Object.keys(compose.services)
        .filter((name) => name !== 'bioscope')
        .sort(),
    );
  });

  it('declares every volume once and uses each in one service; every address is its own, inside the network', () => {
    const used = services.flatMap(([, { volumes = [] }]) => volumes.map((volume) => volume.split(':')[0] ?? ''));
    assert.deepEqual(used.toSorted(), Object.keys(compose.volumes).toSorted());
    const addresses = services.flatMap(([, { networks = {} }]) => Object.values(networks).map((each) => each.ipv4_address));
    assert.equal(new Set(addresses).size, addresses.length);
    const subnet = compose.networks['engines']?.ipam.config[0]?.subnet ?? '';
    const prefix = subnet.replace(/\d+\/24$/, '');
    for (const address of addresses) assert.ok(prefix !== '' && address.startsWith(prefix), `${address} is not in ${subnet}`);
  });

  it('tells the product exactly what it reads, with the addresses of the servers there', () => {
    const { environment = {}, command = [] } = compose.services['bioscope'] ?? {};
    const filled = Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, value.replace(/^\$\{.*\}$/, 'chosen')]));
    assert.deepEqual(command.slice(0, 2), ['./bioscope', 'up']);
    const engines = parseEngines(command[command.indexOf('--engines') + 1]);
    assert.deepEqual(engines, ['cassandra', 'kafka', 's3']);
    const asked = new Set<string>();
    const watching = new Proxy(filled, {
      get: (target, name) => {
        asked.add(String(name));
        return target[String(name)];
      },
    });
    const settings = readEngineSettings(watching, engines);
    for (const name of Object.keys(environment)) assert.ok(asked.has(name), `the product does not read ${name}`);
    const addressOf = (name: string) => Object.values(compose.services[name]?.networks ?? {})[0]?.ipv4_address;
    const hosts = (kind: string) => [1, 2, 3].map((number) => addressOf(`${kind}-${number}`));
    assert.deepEqual(
      settings.cassandra?.contactPoints,
      hosts('cassandra').map((host) => `${host}:9042`),
    );
    assert.deepEqual(
      settings.kafka?.brokers,
      hosts('kafka').map((host) => `${host}:9092`),
    );
    assert.equal(settings.s3?.endpoint, `http://${addressOf('s3')}:7070`);
    assert.equal(settings.cassandra?.localDataCentre, compose.services['cassandra-1']?.environment?.['CASSANDRA_DC']);
  });

  it('gives every Kafka broker its own number and address, and all the same voters', () => {
    const brokers = services.filter(([name]) => name.startsWith('kafka')).map(([, { environment = {} }]) => environment);
    assert.deepEqual(
      brokers.map((each) => each['KAFKA_NODE_ID']),
      ['1', '2', '3'],
    );
    const voters = brokers.map((each) => each['KAFKA_CONTROLLER_QUORUM_VOTERS']);
    assert.equal(new Set(voters).size, 1);
    const advertised = brokers.map(
      (each, index) => `${index + 1}@${each['KAFKA_ADVERTISED_LISTENERS']?.replace(/^PLAINTEXT:\/\/(.*):\d+$/, '$1')}:9093`,
    );
    assert.equal(advertised.join(','), voters[0]);
  });

  it('asks for every secret by name, and holds none', () => {
    const names = [...read('compose.yaml').matchAll(/\$\{(\w+):\?/g)].map(([, name]) => name ?? '');
    const offered = read('.env.example')
      .split('\n')
      .filter((line) => line.includes('=') && !line.startsWith('#'));
    assert.deepEqual(
      [...new Set(names)].sort().map((name) => `${name}=`),
      offered.sort(),
    );
  });
});

describe('deploy/Dockerfile', () => {
  const instructions = read('Dockerfile')
    .replaceAll('\\\n', ' ')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => ({ name: line.split(' ')[0] ?? '', rest: line.slice(line.indexOf(' ') + 1).trim() }));

  it('is made of known instructions, begins with FROM and copies what is there', () => {
    const known = new Set('FROM RUN WORKDIR COPY ENV VOLUME USER STOPSIGNAL HEALTHCHECK CMD'.split(' '));
    assert.equal(instructions[0]?.name, 'FROM');
    for (const { name } of instructions) assert.ok(known.has(name), name);
    for (const { rest } of instructions.filter(({ name }) => name === 'COPY')) {
      for (const source of rest.split(' ').slice(0, -1)) assert.ok(existsSync(join(ROOT, source)), `COPY ${source}`);
    }
  });

  it('installs the packages that the launcher would install for "up"', () => {
    const launcher = readFileSync(join(ROOT, 'bioscope'), 'utf8');
    const start = launcher.indexOf('missing_packages() {');
    const missing = launcher.slice(start, launcher.indexOf('\n}\n', start));
    const forUp = [...missing.matchAll(/printf '([a-z0-9-]+) '/g)].map(([, name]) => name ?? '').filter((name) => name !== 'chromium');
    assert.ok(forUp.length >= 3, 'the launcher names no packages any more');
    const installs = instructions.find(({ rest }) => rest.includes('apt-get install'))?.rest ?? '';
    for (const name of forUp) assert.ok(installs.split(/\s+/).includes(name), `${name} is not installed`);
  });

  it('runs commands that the product has', () => {
    const text = instructions.map(({ rest }) => rest).join('\n');
    const used = [...text.matchAll(/\.\/bioscope"?,? "?([a-z]+)/g)].map(([, name]) => name ?? '');
    assert.deepEqual([...new Set(used)].sort(), ['setup', 'status', 'up']);
    for (const name of used)
      assert.ok(
        COMMANDS.some((command) => command.name === name),
        `bioscope ${name}`,
      );
  });

  it('leaves out of the image what is not source', () => {
    const ignored = read('Dockerfile.dockerignore').split('\n');
    for (const name of ['.git', '**/node_modules', '**/dist', '.bioscope']) assert.ok(ignored.includes(name), name);
  });
});
