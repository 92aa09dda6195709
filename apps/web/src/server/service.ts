import { port, unit } from '@bioscope/host';
import type { RpcHost } from '@bioscope/rpc';
import { readWebFiles, serveWebApp } from '@bioscope/webapp';
import { readConfig } from './config.ts';

/** Serves the built members' app at the mount `/`. Owns no data. */
export const web = unit({
  name: 'web',
  needs: { rpc: port<RpcHost>('rpc') },
  gives: {},
  async start({ rpc }, context) {
    const { folder } = readConfig(context.environment);
    const files = await readWebFiles({ folder, workspace: '@bioscope/web' });
    rpc.as('web').mount('/', serveWebApp(files), ['gateway']);
    context.log.info({ files: files.size, folder }, 'the web app is ready');
    return { gives: {} };
  },
});
