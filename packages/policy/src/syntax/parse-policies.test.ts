import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkParsePolicySet } from '@cedar-policy/cedar-wasm/nodejs';
import { parsePolicies } from './parse-policies.ts';
import { PolicyFault } from '../policy-fault.ts';

const scope = '(principal, action, resource)';

describe('policy text', () => {
  it('names its policies by their place and keeps their annotations', () => {
    const [first, second] = parsePolicies(`@reason("No \\u{e9}")\n@checked permit${scope};\n// between\nforbid${scope} unless { true };`);
    assert.deepEqual({ ...first?.annotations }, { reason: 'No é', checked: '' });
    assert.deepEqual([first?.id, second?.id, second?.effect], ['policy0', 'policy1', 'forbid']);
  });

  it('is refused with the place and what is wanted there', () => {
    const faults: readonly (readonly [text: string, line: number, column: number, message: RegExp])[] = [
      [`permit${scope}`, 1, 36, /";" is wanted here, not the end/],
      [`permit${scope}\nwhen { principal.if == 1 };`, 2, 18, /"if" is reserved/],
      [`permit${scope}\n\n  when { 9223372036854775808 == 1 };`, 3, 10, /does not fit 64 bits/],
      [`permit(principal, action, resorce);`, 1, 27, /names "resource", not "resorce"/],
      [`permit${scope} when { "\\q" == "" };`, 1, 44, /escape/],
      [`permit${scope} when { "open };`, 1, 44, /no end/],
      [`permit${scope} when { foo(1) };`, 1, 44, /no function foo/],
    ];
    for (const [text, line, column, message] of faults) {
      assert.throws(
        () => parsePolicies(text),
        (error) => error instanceof PolicyFault && message.test(error.message) && error.at?.line === line && error.at.column === column,
        text,
      );
    }
  });

  for (const text of [
    `permit(principal, action, resource,);`,
    `permit(principal, action in [Action::"a",], resource);`,
    `permit(principal, action in [], resource);`,
    `@if("x") permit${scope};`,
    `@a("x") @a("y") permit${scope};`,
    `permit(principal: User, action, resource);`,
    `permit(principal is U, action is Action, resource);`,
    `permit(principal in U::"a", action, resource is A::B in R::"x") when { true } unless { false } when { true };`,
    `permit(principal in [U::"a"], action, resource);`,
    `permit(principal, action == [Action::"a"], resource);`,
    `permit(principal, action == U::"a", resource);`,
    `permit(principal, action in NS::Action::"a", resource);`,
    `permit(resource, action, principal);`,
    `permit${scope} when {};`,
    ``,
    `// only a comment`,
    `;`,
    `permit${scope} if { true };`,
    `permit(principal != U::"a", action, resource);`,
    `permit(principal is U == U::"a", action, resource);`,
    `permit(principal == U::"a", action, resource) when { ?principal == U::"a" };`,
    `permit(principal in U::"a"\u0085, action, resource);`,
    `permit(principal\ufeff, action, resource);`,
    `permit(principal in (U::"a"), action, resource);`,
    `permit(principal, action == if true then Action::"a" else Action::"b", resource);`,
  ]) {
    it(`is taken or refused as Cedar does: ${JSON.stringify(text)}`, () => {
      assert.equal(isTaken(text), checkParsePolicySet({ staticPolicies: text }).type === 'success');
    });
  }

  it('is refused when it is nested without end, instead of ending the process', () => {
    assert.throws(() => parsePolicies(`permit${scope} when { ${'('.repeat(100_000)} };`), PolicyFault);
  });
});

function isTaken(text: string): boolean {
  try {
    parsePolicies(text);
    return true;
  } catch (error) {
    if (error instanceof PolicyFault) return false;
    throw error;
  }
}
