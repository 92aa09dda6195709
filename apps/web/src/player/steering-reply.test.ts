import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withAbsoluteReload } from './steering-reply.ts';

const URL_OF_REPLY = 'http://play.localhost:8080/steering/v1/s1/e1?_DASH_pathway=a';

describe('a steering reply', () => {
  it('says in full where to ask next', () => {
    const reply = withAbsoluteReload('{"VERSION":1,"TTL":10,"RELOAD-URI":"/steering/v1/s1/e1","PATHWAY-PRIORITY":["a"]}', URL_OF_REPLY);
    assert.deepEqual(JSON.parse(reply), {
      VERSION: 1,
      TTL: 10,
      'RELOAD-URI': 'http://play.localhost:8080/steering/v1/s1/e1',
      'PATHWAY-PRIORITY': ['a'],
    });
  });
  it('keeps an address that is full already', () => {
    const reply = withAbsoluteReload('{"RELOAD-URI":"https://steer.example/x?y=1"}', URL_OF_REPLY);
    assert.deepEqual(JSON.parse(reply), { 'RELOAD-URI': 'https://steer.example/x?y=1' });
  });
  it('is left alone when it is something else', () => {
    for (const text of ['', 'not json', '[]', 'null', '{"VERSION":1}', '{"RELOAD-URI":7}', '{"RELOAD-URI":"http://["}'])
      assert.equal(withAbsoluteReload(text, URL_OF_REPLY), text);
  });
});
