import { evaluateTexts } from './evaluate-texts.ts';
import type { Evaluated } from './evaluate-texts.ts';
import { asArray, asObject, asText, isObject, parseJson } from '../json.ts';
import type { JsonObject } from '../json.ts';
import { PolicyFault } from '../policy-fault.ts';

export type ConformanceOutcome = { readonly requests: number; readonly differences: readonly string[] };

/**
 * Runs one test of cedar-integration-tests: `text` is its JSON, `read` gives the files that it names. Null when the text is no such test.
 * A test that cannot be read counts all its requests as different.
 */
export function conformanceTest(text: string, read: (file: string) => string): ConformanceOutcome | null {
  const test = parseJson(text);
  if (!isObject(test) || typeof test['policies'] !== 'string' || typeof test['entities'] !== 'string') return null;
  const file = (key: string): string => read(asText(test[key], key));
  const expected = asArray(test['requests'] ?? test['queries'], 'requests').map((request) => asObject(request, 'request'));
  try {
    const schema = test['schema'] === undefined ? {} : { schema: file('schema') };
    const answers = evaluateTexts({ policies: file('policies'), entities: file('entities'), requests: text, ...schema });
    const differences = expected.flatMap((request, index) =>
      differencesOf(request, answers[index]).map((difference) => `request ${index}: ${difference}`),
    );
    return { requests: expected.length, differences };
  } catch (error) {
    if (!(error instanceof PolicyFault)) throw error;
    return { requests: expected.length, differences: expected.map((_request, index) => `request ${index}: ${error.message}`) };
  }
}

function differencesOf(expected: JsonObject, answer: Evaluated | undefined): readonly string[] {
  if (answer === undefined) return ['no answer'];
  if ('fault' in answer) return [answer.fault];
  const wanted = {
    decision: asText(expected['decision'], 'decision').toLowerCase(),
    reasons: ids(expected['reason'] ?? expected['reasons'], 'reason'),
    errors: ids(expected['errors'], 'errors'),
  };
  const given = { decision: answer.decision, reasons: answer.reasons.toSorted().join(' '), errors: answer.errors.toSorted().join(' ') };
  return (['decision', 'reasons', 'errors'] as const)
    .filter((key) => wanted[key] !== given[key])
    .map((key) => `${key}: "${given[key]}" instead of "${wanted[key]}"`);
}

function ids(json: JsonObject[string] | undefined, where: string): string {
  const texts = asArray(json, where).map((id) => asText(id, where));
  return texts.toSorted().join(' ');
}
