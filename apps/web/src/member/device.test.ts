import assert from 'node:assert/strict';
import { it } from 'node:test';
import { describeDevice } from './device.ts';

it('devices are called by what people know them as', () => {
  const chrome = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';
  assert.deepEqual(describeDevice(chrome), { name: 'Chrome, Linux', kind: 'browser' });
  assert.deepEqual(describeDevice(`${chrome} Edg/140.0.0.0`), { name: 'Edge, Linux', kind: 'browser' });
  const phone = 'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36';
  assert.deepEqual(describeDevice(phone), { name: 'Chrome, Android', kind: 'phone' });
  assert.equal(describeDevice(phone.replace(' Mobile', '')).kind, 'tablet');
  const tv = 'Mozilla/5.0 (SMART-TV; Linux; Tizen 8.0) AppleWebKit/537.36 (KHTML, like Gecko) Version/8.0 TV Safari/537.36';
  assert.deepEqual(describeDevice(tv), { name: 'Safari, TV', kind: 'television' });
  assert.deepEqual(describeDevice('curl/8'), { name: '', kind: 'browser' });
});
