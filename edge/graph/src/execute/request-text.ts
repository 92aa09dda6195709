import type { Run } from './run.ts';

/** The JSON text of a GraphQL request whose query is fixed: `{"query":…,"variables":{…}}`. `more` are further members of the variables, as text. */
export type RequestText = (run: Run, more: readonly string[]) => string;

export function requestText(operation: string, variableUsages: readonly string[] | undefined): RequestText {
  const head = `{"query":${JSON.stringify(operation)},"variables":{`;
  const names = variableUsages ?? [];
  return (run, more) => {
    const members = [...more];
    for (const name of names) {
      const value = run.variables[name];
      // What was not given is to stay away: it is not the same as null.
      if (value !== undefined) members.push(`${JSON.stringify(name)}:${JSON.stringify(value)}`);
    }
    return `${head}${members.join(',')}}}`;
  };
}
