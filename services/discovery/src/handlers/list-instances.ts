import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ListInstancesResponseSchema } from '../../contract/index.ts';
import type { Directory } from '../directory.ts';
import { instanceToMessage } from '../peers/messages.ts';
import { refuseUnlessReady } from './watch.ts';

/** Who runs, as this copy knows it. */
export function listInstances(directory: Directory): MessageInitShape<typeof ListInstancesResponseSchema> {
  refuseUnlessReady(directory);
  const { copy } = directory;
  return {
    copy: copy.id,
    instances: copy.leases.instances(directory.nowMs()).map(instanceToMessage),
    preserving: copy.leases.isPreserving(),
  };
}
