import assert from 'node:assert/strict';
import { it } from 'node:test';
import { isEmail } from './entries.ts';

it('mistyped addresses are found before a mail goes nowhere', () => {
  for (const address of ['ada@example.org', ' ada+films@mail.example.co.uk ', 'ädä@exämple.org']) assert.ok(isEmail(address), address);
  for (const address of ['', 'ada', 'ada@example', '@example.org', 'ada@ex ample.org', 'a@b@c.de']) assert.ok(!isEmail(address), address);
});
