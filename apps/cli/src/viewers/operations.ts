import { readFileSync } from 'node:fs';
import { webOperationsFile } from '@bioscope/web';
import { Complaint } from '../command.ts';
import type { Invocation } from '../command.ts';

/** As the built app has it: three screens of a television. */
const TITLES_PER_ROW = 24;

/** The operations of the built app that viewers ask the graph, by the ids under which it runs them. */
export type AppOperations = { readonly home: object; readonly offers: object; readonly startMembership: object };

/** Complains when the app is not built: the graph runs its operations only. */
export function appOperations(environment: Invocation['environment']): AppOperations {
  const file = webOperationsFile(environment);
  if (file === undefined) throw new Complaint('the app is not built, and members browse by its operations: run "bioscope setup"');
  const documents = Object.entries(JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>);
  const named = (name: string): { documentId: string } => {
    const [documentId] = documents.find(([, document]) => new RegExp(`^(?:query|mutation) ${name}\\b`).test(document)) ?? [];
    if (documentId === undefined) throw new Complaint(`the built app has no operation ${name}: run "bioscope setup"`);
    return { documentId };
  };
  return {
    home: { ...named('Home'), variables: { titlesPerRow: TITLES_PER_ROW } },
    offers: named('Offers'),
    startMembership: named('StartMembership'),
  };
}
