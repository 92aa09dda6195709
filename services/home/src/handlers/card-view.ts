import type { MessageInitShape } from '@bufbuild/protobuf';

import { Thumb, type CardSchema } from '../../contract/index.ts';
import type { Card } from '../domain/card.ts';

export function cardView({ thumb, ...card }: Card): MessageInitShape<typeof CardSchema> {
  return { ...card, thumb: thumb === null ? Thumb.NONE : thumb === 'up' ? Thumb.UP : Thumb.DOWN };
}
