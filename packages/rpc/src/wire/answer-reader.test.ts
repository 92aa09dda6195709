import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { AnswerReader, type Answer } from './answer-reader.ts';

const BYTES_MAX = 1_000;

function read(pieces: readonly (string | Buffer)[]): Answer | null {
  const reader = new AnswerReader(BYTES_MAX);
  let answer: Answer | null = null;
  for (const piece of pieces) answer = reader.push(Buffer.isBuffer(piece) ? piece : Buffer.from(piece, 'latin1'));
  return answer;
}

describe('an answer', () => {
  it('is read by its content-length, whatever the case of the names', () => {
    const answer = read(['HTTP/1.1 200 OK\r\nContent-Type: application/proto\r\nCONTENT-LENGTH: 5\r\n\r\nhello']);
    assert.deepEqual(
      [answer?.status, answer?.headers['content-type'], answer?.body.toString(), answer?.reusable],
      [200, 'application/proto', 'hello', true],
    );
  });

  it('is read from chunks with extensions and trailers', () => {
    const answer = read(['HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n1\r\n!\r\n0\r\nx-end: 1\r\n\r\n']);
    assert.deepEqual([answer?.body.toString(), answer?.reusable], ['hello!', true]);
  });

  it('without a length ends with its connection, which is then used up', () => {
    const reader = new AnswerReader(BYTES_MAX);
    assert.equal(reader.push(Buffer.from('HTTP/1.1 200 OK\r\n\r\nhel')), null);
    assert.equal(reader.push(Buffer.from('lo')), null);
    const answer = reader.end();
    assert.deepEqual([answer?.body.toString(), answer?.reusable], ['hello', false]);
  });

  it('with a length does not end with its connection', () => {
    const reader = new AnswerReader(BYTES_MAX);
    assert.equal(reader.push(Buffer.from('HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhel')), null);
    assert.equal(reader.end(), null);
  });

  it('may follow interim answers', () => {
    assert.equal(read(['HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n'])?.status, 204);
  });

  for (const [what, head] of [
    ['that closes', 'HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0'],
    ['of HTTP/1.0', 'HTTP/1.0 200 OK\r\ncontent-length: 0'],
  ] as const)
    it(`${what} leaves a connection that is not used again`, () => assert.equal(read([`${head}\r\n\r\n`])?.reusable, false));

  it('with bytes behind it leaves a connection that is not used again', () => {
    assert.equal(read(['HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n'])?.reusable, false);
  });

  for (const [what, text] of [
    ['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 1\r\n\r\n'],
    ['a length and chunks', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n'],
    ['another coding', 'HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n'],
    ['a signed length', 'HTTP/1.1 200 OK\r\ncontent-length: +1\r\n\r\n'],
    ['a space before the colon', 'HTTP/1.1 200 OK\r\ncontent-length : 1\r\n\r\n'],
    ['a folded header', 'HTTP/1.1 200 OK\r\na: b\r\n c\r\n\r\n'],
    ['another protocol', 'SSH-2.0-OpenSSH\r\n\r\n'],
    ['another version', 'HTTP/2 200\r\n\r\n'],
    ['a switch of protocols', 'HTTP/1.1 101 Switching Protocols\r\n\r\n'],
    ['more than is taken', `HTTP/1.1 200 OK\r\ncontent-length: ${BYTES_MAX + 1}\r\n\r\n`],
    ['more chunks than are taken', `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3e9\r\n${'x'.repeat(BYTES_MAX + 1)}`],
    ['a chunk that runs on', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nxy\r\n'],
    ['a chunk without a size', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n\r\n'],
    ['an endless head', `HTTP/1.1 200 OK\r\na: ${'b'.repeat(20_000)}`],
    ['an endless chunk line', `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1;${'b'.repeat(2_000)}`],
  ] as const)
    it(`with ${what} is refused`, () => assert.throws(() => read([text])));

  it('reads the same however it is cut into pieces', () => {
    const whole = [
      'HTTP/1.1 200 OK\r\ncontent-length: 11\r\na: b\r\n\r\nhello world',
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n6\r\nhello \r\n5\r\nworld\r\n0\r\n\r\n',
    ];
    fc.assert(
      fc.property(fc.constantFrom(...whole), fc.array(fc.nat(80), { maxLength: 12 }), (text, cuts) => {
        const at = [...new Set(cuts.filter((cut) => cut < text.length))].sort((a, b) => a - b);
        const pieces = [0, ...at].map((start, index) => text.slice(start, at[index] ?? text.length)).filter((piece) => piece !== '');
        assert.equal(read(pieces)?.body.toString(), 'hello world');
      }),
    );
  });
});
