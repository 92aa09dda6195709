import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { policy } from './policy.ts';
import { fakeTerminal } from '../../test/fake-terminal.ts';
import { runCommandLine } from '../run-command-line.ts';

const folder = mkdtempSync(join(tmpdir(), 'bioscope-policy-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const policies = file('policies.cedar', 'permit(principal, action, resource) when { principal.age > 17 };');
const schema = file('schema.cedarschema', 'entity U { age: Long }; entity R; action v appliesTo { principal: U, resource: R };');
const entities = file('entities.json', '[{"uid":{"type":"U","id":"a"},"attrs":{"age":18},"parents":[]}]');
const requests = file('requests.json', '[{"principal":"U::\\"a\\"","action":"Action::\\"v\\"","resource":"R::\\"r\\"","context":{}}]');

describe('bioscope policy', () => {
  it('prints decisions, reasons and errors as JSON', async () => {
    const { code, stdout } = await run(
      'eval',
      '--policies',
      policies,
      '--schema',
      schema,
      '--entities',
      entities,
      '--requests',
      requests,
      '--json',
    );
    assert.equal(code, 0);
    assert.deepEqual(JSON.parse(stdout), [{ decision: 'allow', reasons: ['policy0'], errors: [], messages: [] }]);
  });

  it('prints a table for people', async () => {
    const { stdout } = await run('eval', '--policies', policies, '--entities', entities, '--requests', requests);
    assert.match(stdout, /^0 +allow +policy0/m);
  });

  it('validates, and points at the mistake', async () => {
    assert.deepEqual(await run('validate', '--policies', policies, '--schema', schema), { code: 0, stdout: 'valid\n', stderr: '' });
    const wrong = file('wrong.cedar', '\npermit(principal, action, resource) when { principal.agr > 17 };');
    const { code, stderr } = await run('validate', '--policies', wrong, '--schema', schema);
    assert.equal(code, 1);
    assert.match(stderr, /^line 2, column \d+: .*agr/);
  });

  it('runs tests of Cedar, and counts what it answers otherwise', async () => {
    const test = {
      policies: 'policies.cedar',
      schema: 'schema.cedarschema',
      entities: 'entities.json',
      requests: [{ ...(JSON.parse(readFileSync(requests, 'utf8')) as object[])[0], decision: 'allow', reason: ['policy0'], errors: [] }],
    };
    file('test.json', JSON.stringify(test));
    assert.deepEqual(await run('conformance', folder), { code: 0, stdout: '1 requests of 1 tests, 0 answered otherwise\n', stderr: '' });
    file('test.json', JSON.stringify({ ...test, requests: [{ ...test.requests[0], decision: 'deny' }, test.requests[0]] }));
    const { code, stdout, stderr } = await run('conformance', folder, '--json');
    assert.deepEqual([code, JSON.parse(stdout)], [1, { tests: 1, requests: 2, differing: 1 }]);
    assert.equal(stderr, 'test.json: request 0: decision: "allow" instead of "deny"\n');
    rmSync(join(folder, 'test.json'));
    assert.match((await run('conformance', folder)).stderr, /no tests of Cedar/);
  });

  it('complains of what is missing, unreadable or no policy', async () => {
    assert.match((await run('eval', '--policies', policies)).stderr, /--entities is missing/);
    assert.match((await run('eval', '--policies', join(folder, 'nowhere'))).stderr, /--policies: ENOENT/);
    assert.match((await run('nonsense')).stderr, /no "policy nonsense"/);
    const { code, stderr } = await run('eval', '--policies', entities, '--entities', entities, '--requests', requests);
    assert.equal(code, 1);
    assert.match(stderr, /permit or forbid/);
  });
});

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function run(...argv: string[]) {
  const terminal = fakeTerminal();
  const interrupt = () => new AbortController().signal;
  const code = await runCommandLine({ argv: ['policy', ...argv], environment: {}, terminal, interrupt, commands: [policy] });
  return { code, stdout: terminal.stdout(), stderr: terminal.stderr() };
}
