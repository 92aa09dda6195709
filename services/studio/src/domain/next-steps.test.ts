import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import type { WorkEvent } from './events.ts';
import { nextSteps } from './next-steps.ts';
import type { Step } from './next-steps.ts';
import { stepJob } from './step-job.ts';
import { apply, newWork } from './work.ts';
import type { Outline, Work } from './work.ts';

const LADDER: Outline = {
  groups: [
    { name: 'low', rungs: ['240p', '360p'] },
    { name: 'high', rungs: ['720p'] },
  ],
  chunks: 3,
  audio: ['audio-1'],
};
const SMALL: Outline = { groups: [{ name: 'low', rungs: ['240p'] }], chunks: 1, audio: [] };
const after = (...events: WorkEvent[]): Work => events.reduce((work, event, index) => apply(work, event, index + 1), newWork('film'));
const names = (work: Work) => nextSteps(work).map((step) => Object.values(step).join(' '));

describe('what is to be done next', () => {
  it('is inspecting, then keeping the source, then all chunks and sounds at once', () => {
    assert.deepEqual(names(after({ type: 'imported', name: 'x' })), ['inspect']);
    assert.deepEqual(names(after({ type: 'inspected', outline: SMALL })), ['store']);
    assert.deepEqual(names(after({ type: 'inspected', outline: LADDER }, { type: 'stored', sha256: '' })), [
      'audio audio-1',
      ...['low', 'high'].flatMap((group) => [0, 1, 2].map((chunk) => `chunk ${group} ${chunk}`)),
    ]);
  });

  it('is telling and tidying after a refusal, tidying after a removal, only telling after a failure', () => {
    assert.deepEqual(names(after({ type: 'refused', code: 'c', reason: 'r' })), ['report', 'clean']);
    assert.deepEqual(names(after({ type: 'failed', jobId: 'j', reason: 'r' })), ['report']);
    assert.deepEqual(names(after({ type: 'failed', jobId: 'j', reason: 'r' }, { type: 'reported' }, { type: 'retried' })), ['inspect']);
    assert.deepEqual(names(after({ type: 'removed' })), ['clean']);
    assert.deepEqual(names(after({ type: 'removed' }, { type: 'cleaned' })), []);
  });

  it('ends in a published ladder, first edition before the whole one, in whatever order the steps end', () => {
    fc.assert(
      fc.property(fc.constantFrom(LADDER, SMALL), fc.infiniteStream(fc.nat()), (outline, choices) => {
        let work = after({ type: 'imported', name: 'x' });
        const did: string[] = [];
        for (let step = 0; step < 100 && nextSteps(work).length > 0; step += 1) {
          const open = nextSteps(work);
          const chosen = open[(choices.next().value ?? 0) % open.length];
          assert.ok(chosen !== undefined);
          const { id } = stepJob(work, chosen, { nowMs: 0, releaseAfterMs: 0 });
          assert.ok(!did.includes(id), `${id} was wanted twice`);
          did.push(id);
          work = apply(work, outcome(chosen, outline), step);
        }
        assert.deepEqual([work.state, work.cleaned, nextSteps(work)], ['done', true, []]);
        assert.deepEqual(
          work.published.map(({ group }) => group),
          outline.groups.map(({ name }) => name),
        );
        assert.equal(work.released.length, outline.groups.length - 1);
      }),
    );
  });
});

function outcome(step: Step, outline: Outline): WorkEvent {
  switch (step.kind) {
    case 'inspect':
      return { type: 'inspected', outline };
    case 'store':
      return { type: 'stored', sha256: '' };
    case 'chunk':
      return { type: 'chunk_encoded', group: step.group, chunk: step.chunk };
    case 'audio':
      return { type: 'audio_encoded', track: step.track };
    case 'package':
      return { type: 'packaged', group: step.group, editionId: `e-${step.group}` };
    case 'publish':
      return { type: 'published', group: step.group, editionId: `e-${step.group}` };
    case 'release':
      return { type: 'released', editionId: step.editionId };
    case 'report':
      return { type: 'reported' };
    case 'clean':
      return { type: 'cleaned' };
    default:
      return step satisfies never;
  }
}
