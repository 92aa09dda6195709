import { port, unit } from '@bioscope/host';
import { ControlService } from '@bioscope/control/contract';
import type { RpcHost } from '@bioscope/rpc';
import { SteeringService } from '../contract/index.ts';
import { readConfig } from './config.ts';
import { steeringHandler } from './handlers/answer-steering.ts';
import { rankPathways } from './handlers/rank-pathways.ts';
import { followPicture } from './picture.ts';

/** Ranks appliances for a client. */
export const steering = unit({
  name: 'steering',
  needs: { rpc: port<RpcHost>('rpc') },
  gives: {},
  async start({ rpc: host }, context) {
    const config = readConfig(context.environment);
    const rpc = host.as('steering');
    const picture = followPicture({ control: rpc.client(ControlService), log: context.log });
    const on = { ...config, picture };
    rpc.serve(SteeringService, { rank: (request) => rankPathways(on, request) }, { '*': ['playback'] });
    rpc.mount('/steering', steeringHandler(on), ['gateway']);
    return {
      gives: {},
      // A steering service that has seen no picture would send players nowhere.
      ready: () => picture.last() !== null,
      // What it knows is enough for the answers that are under way.
      drain: () => picture.stop(),
      stop: () => picture.stop(),
    };
  },
});
