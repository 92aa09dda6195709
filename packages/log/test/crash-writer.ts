import { writeSync } from 'node:fs';
import { bytes, newToken, utf8 } from '@bioscope/kv';
import { openKv } from '@bioscope/kv/sqlite';
import { openLog } from '../src/sqlite/index.ts';

// Started by crash.test.ts and killed by it: writes as fast as it can through the ports and says on stdout what was acknowledged, a line each.
// Every writer goes on where the stores say it stopped.

const [folder = '', writersText = '8'] = process.argv.slice(2);
const writers = Array.from({ length: Number(writersText) }, (_, index) => `w${index}`);
const [kv, log] = await Promise.all([openKv({ folder }), openLog({ folder })]);

// A synchronous write: once it returns, the line is in the pipe and survives us.
const acknowledged = (line: string): void => void writeSync(1, `${line}\n`);

/** Three items of one put must appear together; the first is also what the next round goes on from. */
async function writeItems(record: string): Promise<never> {
  const { items } = await kv.items.get({ namespace: 'crash', record, select: { kind: 'keys', keys: [bytes('a')] } });
  for (let count = Number(utf8(items[0]?.value ?? bytes('0'))) + 1; ; count += 1) {
    const value = bytes(String(count));
    await kv.items.put({
      namespace: 'crash',
      record,
      items: ['a', 'b', 'c'].map((key) => ({ key: bytes(key), value })),
      token: newToken(),
    });
    acknowledged(`items ${record} ${count}`);
  }
}

async function writeRegister(name: string): Promise<never> {
  const id = { namespace: 'crash', name };
  const value = bytes('v');
  const current = await kv.registers.read(id);
  let version = current?.version ?? 0;
  if (current === null) await kv.registers.create({ ...id, value, commandId: newToken().nonce }).then(() => (version = 1));
  for (;;) {
    const result = await kv.registers.compareAndSet({ ...id, expectedVersion: version, value, commandId: newToken().nonce });
    if (result.kind === 'conflict') throw new Error(`a conflict without a rival: ${name}`);
    version = result.version;
    acknowledged(`register ${name} ${version}`);
  }
}

async function writeStream(stream: string): Promise<never> {
  const id = { namespace: 'crash', stream };
  for (let { version } = await kv.streams.read(id); ;) {
    const events = [1, 2].map((step) => ({ type: 'counted', data: bytes(String(version + step)) }));
    const result = await kv.streams.append({ ...id, expectedVersion: version, events, commandId: newToken().nonce });
    if (result.kind === 'conflict') throw new Error(`a conflict without a rival: ${stream}`);
    version = result.version;
    acknowledged(`stream ${stream} ${version}`);
  }
}

/** Numbers continue from the key's stream, so that a record's number tells whether one is missing. */
async function writeLog(key: string): Promise<never> {
  const counter = { namespace: 'crash_log', record: key };
  const { items } = await kv.items.get(counter);
  for (let count = Number(utf8(items[0]?.value ?? bytes('0'))) + 1; ; count += 1) {
    await log.publish('crash', [{ key, type: 'counted', value: bytes(String(count)), origin: { stream: key, sequence: count } }]);
    acknowledged(`log ${key} ${count}`);
    await kv.items.put({ ...counter, items: [{ key: bytes('n'), value: bytes(String(count)) }], token: newToken() });
  }
}

acknowledged('ready');
await Promise.all(writers.flatMap((writer) => [writeItems(writer), writeRegister(writer), writeStream(writer), writeLog(writer)]));
