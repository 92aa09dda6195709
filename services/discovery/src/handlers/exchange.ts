import type { Handlers } from '@bioscope/rpc';
import type { DiscoveryService } from '../../contract/index.ts';
import type { Directory } from '../directory.ts';
import { answerToMessage, exchangeFromMessage } from '../peers/messages.ts';

export function exchange(directory: Directory): Handlers<typeof DiscoveryService>['exchange'] {
  return (request) => {
    const answer = directory.copy.exchange(exchangeFromMessage(request), directory.nowMs());
    directory.announce();
    return answerToMessage(answer);
  };
}
