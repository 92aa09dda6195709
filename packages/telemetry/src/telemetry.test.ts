import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readTelemetryConfig } from './config.ts';
import { createTelemetry } from './create-telemetry.ts';
import type { TelemetryConfig } from './config.ts';

function collect(config: Partial<TelemetryConfig> = {}) {
  const lines: string[] = [];
  const telemetry = createTelemetry({
    process: 'test',
    config: { format: 'json', ...config },
    sink: { write: (line) => lines.push(line) },
    processMetrics: false,
  });
  return { ...telemetry, lines, records: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

describe('logs', () => {
  it('writes one JSON object per line with level, time, process and unit', () => {
    const { log, records } = collect();
    log.child({ unit: 'catalog' }).warn({ titleId: 't1' }, 'title without artwork');
    const [record] = records();
    assert.equal(record?.['level'], 'warn');
    assert.equal(record?.['process'], 'test');
    assert.equal(record?.['unit'], 'catalog');
    assert.equal(record?.['titleId'], 't1');
    assert.equal(record?.['msg'], 'title without artwork');
    assert.match(String(record?.['time']), /^\d{4}-\d\d-\d\dT/);
  });

  it('never shows secrets, however deep, nor tokens inside text', () => {
    const { log, lines } = collect();
    log.info(
      {
        authorization: 'Bearer s3cret-one',
        request: { headers: { Cookie: 's3cret-two' } },
        operatorToken: 's3cret-three',
        list: [{ password: 's3cret-four' }],
      },
      'request',
    );
    log.info(
      { url: 'http://127.0.0.2:1/t/s3cret-five-and-more/edition/1080p.mp4', header: 'bearer s3cret-six', rootSecret: 's3cret-seven' },
      'fetch',
    );
    log.child({ token: 's3cret-eight' }).error({ error: new Error('sent Bearer s3cret-nine') }, 'failed');
    assert.equal(lines.length, 3);
    assert.doesNotMatch(lines.join(''), /s3cret/);
    assert.match(lines[1] ?? '', /edition\/1080p\.mp4/);
  });

  it('keeps harmless fields whose names resemble secrets', () => {
    const { log, records } = collect();
    log.info({ tokens: 3, tokenExpiresAtMs: 5 }, 'rotated');
    assert.equal(records()[0]?.['tokens'], 3);
    assert.equal(records()[0]?.['tokenExpiresAtMs'], 5);
  });

  it('shows an error with its code and the chain of causes', () => {
    const { log, records } = collect();
    const disk = Object.assign(new Error('no space left'), { code: 'ENOSPC' });
    log.error({ error: new Error('upload failed', { cause: disk }) }, 'studio');
    const error = records()[0]?.['error'] as { message: string; cause: { message: string; code: string } };
    assert.equal(error.message, 'upload failed');
    assert.deepEqual([error.cause.message, error.cause.code], ['no space left', 'ENOSPC']);
  });

  it('bounds depth, length and number of fields, and survives a cycle', () => {
    const { log, lines } = collect();
    const cycle: Record<string, unknown> = { text: 'x'.repeat(100_000), many: Array.from({ length: 10_000 }, (_, index) => index) };
    cycle['self'] = cycle;
    log.info({ cycle }, 'big');
    assert.ok((lines[0] ?? '').length < 100_000, `${lines[0]?.length} characters`);
  });

  it('leaves out what is below the level', () => {
    const { log, lines } = collect({ level: 'warn' });
    log.info({}, 'no');
    log.warn({}, 'yes');
    assert.equal(lines.length, 1);
  });

  it('has a compact form for people, with the stack of an error below', () => {
    const { log, lines } = collect({ format: 'human' });
    log.child({ unit: 'studio' }).error({ step: 'encode 240p', error: new Error('ffmpeg died') }, 'step failed');
    const [first, ...stack] = (lines[0] ?? '').split('\n');
    assert.match(first ?? '', /^\d\d:\d\d:\d\d  error  studio  step failed  step="encode 240p"  error="ffmpeg died"$/);
    assert.match(stack.join('\n'), /telemetry\.test\.ts/);
  });
});

describe('metrics', () => {
  it('exposes counters, gauges and histograms as text, and answers the same metric for the same name', async () => {
    const { metrics } = collect();
    const starts = metrics.counter('bioscope_playback_starts_total', 'Starts.', ['outcome']);
    starts.add({ outcome: 'granted' });
    metrics.counter('bioscope_playback_starts_total', 'Starts.', ['outcome']).add({ outcome: 'granted' }, 2);
    metrics.gauge('bioscope_appliance_disk_bytes', 'Free.').set({}, 42);
    metrics.histogram('bioscope_rpc_call_seconds', 'Calls.', [], [0.1, 1]).observe({}, 0.5);
    const text = await metrics.text();
    assert.match(text, /bioscope_playback_starts_total\{outcome="granted"\} 3/);
    assert.match(text, /bioscope_appliance_disk_bytes 42/);
    assert.match(text, /bioscope_rpc_call_seconds_bucket\{le="1"\} 1/);
    assert.match(text, /bioscope_rpc_call_seconds_bucket\{le="0.1"\} 0/);
  });

  it('refuses one name for two kinds, a name outside the scheme, and a missing label', () => {
    const { metrics } = collect();
    const calls = metrics.counter('bioscope_a_calls_total', 'Calls.', ['code']);
    assert.throws(() => metrics.gauge('bioscope_a_calls_total', 'Calls.', ['code']), /declared as a counter/);
    assert.throws(() => metrics.counter('bioscope_a_calls_total', 'Calls.', ['other']), /declared as a counter/);
    assert.throws(() => metrics.counter('Calls', 'Calls.'), /metric name "Calls"/);
    assert.throws(() => calls.add({}), /label "code" is missing/);
  });

  it('drops and counts label sets beyond the maximum instead of growing without end', async () => {
    const { metrics } = collect();
    const counter = metrics.counter('bioscope_a_calls_total', 'Calls.', ['id']);
    for (let id = 0; id < 2_100; id++) counter.add({ id: String(id) });
    const text = await metrics.text();
    assert.equal(text.match(/^bioscope_a_calls_total\{/gm)?.length, 2_000);
    assert.match(text, /bioscope_telemetry_dropped_series\{metric="bioscope_a_calls_total"\} 100/);
  });
});

describe('settings', () => {
  it('have defaults', () => {
    assert.deepEqual(readTelemetryConfig({}), { level: 'info', format: 'auto' });
  });

  it('name every problem at once', () => {
    assert.throws(
      () => readTelemetryConfig({ BIOSCOPE_LOG_LEVEL: 'loud', BIOSCOPE_LOG_FORMAT: 'xml' }),
      /BIOSCOPE_LOG_LEVEL is "loud"[^]*BIOSCOPE_LOG_FORMAT is "xml"/,
    );
  });
});
