import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Rpc } from '@bioscope/rpc';
import { reportToAll } from './report-to-all.ts';

type Answer = () => Promise<{ planVersion: number }>;

/** Instances of control by address, nearest first. */
function rpcTo(instances: Readonly<Record<string, Answer>>): { rpc: Rpc; heard: string[] } {
  const heard: string[] = [];
  const clientAt = (at: string) => ({
    async report() {
      heard.push(at);
      return await (instances[at] ?? instances['anybody'] ?? refusing)();
    },
  });
  const rpc = {
    addressesOf: () => Object.keys(instances).filter((address) => address !== 'anybody'),
    client: (_service: unknown, how?: { at: string }) => clientAt(how?.at ?? 'anybody'),
  };
  return { rpc: rpc as unknown as Rpc, heard };
}

const saying = (planVersion: number) => async () => ({ planVersion });
const refusing: Answer = async () => {
  throw new Error('refused');
};
const hanging: Answer = () => new Promise(() => undefined);

describe('reporting to every instance of control', () => {
  it('is heard by all, and takes the plan of the nearest', async () => {
    const { rpc, heard } = rpcTo({ near: saying(1), far: saying(2) });
    assert.equal((await reportToAll(rpc).report({})).planVersion, 1);
    assert.deepEqual(heard, ['near', 'far']);
  });

  it('takes the plan of another when the nearest refuses or hangs, and does not ask one again that hangs', async () => {
    assert.equal((await reportToAll(rpcTo({ near: refusing, far: saying(2) }).rpc).report({})).planVersion, 2);
    const { rpc, heard } = rpcTo({ near: hanging, far: saying(2) });
    const control = reportToAll(rpc);
    for (let report = 0; report < 3; report += 1) assert.equal((await control.report({})).planVersion, 2);
    assert.deepEqual(heard, ['near', 'far', 'far', 'far']);
  });

  it('says why when none answers, and waits for somebody while none is known', async () => {
    await assert.rejects(reportToAll(rpcTo({ near: refusing, far: refusing }).rpc).report({}), /^Error: refused$/);
    assert.equal((await reportToAll(rpcTo({ anybody: saying(3) }).rpc).report({})).planVersion, 3);
  });
});
