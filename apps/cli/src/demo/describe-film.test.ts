import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { create } from '@bufbuild/protobuf';
import type { DescMessage, DescMethodUnary, MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import { GENRES, JOBS, MATURITIES } from '@bioscope/catalog/contract';
import { ApiError } from '../service/api.ts';
import type { Api } from '../service/api.ts';
import { describeFilm } from './describe-film.ts';
import { DEMO_FACTS, DEMO_SERIES } from './film-facts.ts';
import { DEMO_FILMS } from './films.ts';

/** Notes the calls; refuses the named one. */
function noting(refused?: { readonly method: string; readonly code: string }): Pick<Api, 'call'> & { readonly calls: string[] } {
  const calls: string[] = [];
  return {
    calls,
    call<I extends DescMessage, O extends DescMessage>(
      method: DescMethodUnary<I, O>,
      request: MessageInitShape<I>,
    ): Promise<MessageShape<O>> {
      const { titleId } = create(method.input, request) as unknown as { titleId?: string };
      calls.push(titleId === undefined ? method.name : `${method.name} ${titleId}`);
      if (method.name === refused?.method) return Promise.reject(new ApiError(refused.code, 'no'));
      return Promise.resolve(create(method.output));
    },
  };
}

describe('describing a demo film', () => {
  it('credits its people and puts an episode into the series', async () => {
    const film = noting();
    await describeFilm(film, { slug: 'big-buck-bunny', titleId: 't1' });
    assert.deepEqual(film.calls, ['DescribeTitle t1', 'PutPerson', 'PutPerson', 'SetPeople t1']);
    const episode = noting();
    await describeFilm(episode, { slug: 'colony', titleId: 't2' });
    const { titleId, seasonId } = DEMO_SERIES;
    assert.deepEqual(episode.calls, [
      'DescribeTitle t2',
      `CreateSeries ${titleId}`,
      `DescribeTitle ${titleId}`,
      `AddSeason ${seasonId}`,
      'PlaceEpisode t2',
    ]);
  });

  it('leaves removed what was removed, and fails for any other reason', async () => {
    await describeFilm(noting({ method: 'CreateSeries', code: 'failed_precondition' }), { slug: 'colony', titleId: 't' });
    const down = noting({ method: 'DescribeTitle', code: 'unavailable' });
    await assert.rejects(describeFilm(down, { slug: 'colony', titleId: 't' }), ApiError);
  });
});

describe('the demo catalogue', () => {
  it('says of every film what its home page needs, in every language of the app', () => {
    for (const { slug } of DEMO_FILMS) {
      const facts = DEMO_FACTS[slug];
      assert.ok(facts !== undefined, slug);
      assert.ok(facts.episode !== null || facts.genres.length > 0, slug);
      assert.ok(MATURITIES.includes(facts.maturity) && facts.genres.every((genre) => GENRES.includes(genre)), slug);
      assert.ok(
        facts.people.every(({ job }) => JOBS.includes(job)),
        slug,
      );
      assert.deepEqual(
        facts.translations.map(({ language }) => language),
        ['de', 'es', 'hi', 'ar'],
      );
      for (const { name, synopsisShort } of facts.translations) assert.ok(name !== '' && synopsisShort !== '', slug);
    }
  });
});
