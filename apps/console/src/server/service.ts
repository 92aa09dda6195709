import { port, unit } from '@bioscope/host';
import type { RpcHost } from '@bioscope/rpc';
import { readWebFiles, serveWebApp } from '@bioscope/webapp';
import { readConfig } from './config.ts';

/** Serves the built operators' app at the mount `/`. Owns no data. */
export const consoleUnit = unit({
  name: 'console',
  needs: { rpc: port<RpcHost>('rpc') },
  gives: {},
  async start({ rpc }, context) {
    const { folder } = readConfig(context.environment);
    const files = await readWebFiles({ folder, workspace: '@bioscope/console' });
    rpc.as('console').mount('/', serveWebApp(files), ['gateway']);
    context.log.info({ files: files.size, folder }, 'the console is ready');
    return { gives: {} };
  },
});
