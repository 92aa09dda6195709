import type { MessageInitShape } from '@bufbuild/protobuf';

import type { ListPoliciesResponseSchema } from '../../contract/index.ts';
import type { PolicyBook } from '../policy-book.ts';

export function listPolicies({ book }: { readonly book: PolicyBook }): MessageInitShape<typeof ListPoliciesResponseSchema> {
  return {
    files: book.files.map(({ name, text, policyIds }) => ({
      name,
      text,
      policies: policyIds.map((id) => {
        const reason = book.reasonOf(id);
        return { id, because: reason?.because ?? '', lifts: [...(reason?.lifts ?? [])] };
      }),
    })),
    policyVersion: book.version,
    schema: book.schema,
  };
}
