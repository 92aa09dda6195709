import { port, unit } from '@bioscope/host';
import type { RpcHost } from '@bioscope/rpc';
import { StringsService } from '@bioscope/strings/contract';
import { readWebFiles, serveWebApp } from '@bioscope/webapp';
import { readConfig } from './config.ts';
import { openLanguagePages } from './language-pages.ts';

/** Serves the built members' app at the mount `/`, in the language of who asks. Owns no data. */
export const web = unit({
  name: 'web',
  needs: { rpc: port<RpcHost>('rpc') },
  gives: {},
  async start({ rpc }, { environment, log }) {
    const { folder, settings } = readConfig(environment);
    const files = await readWebFiles({ folder, workspace: '@bioscope/web' });
    const own = rpc.as('web');
    const pages = await openLanguagePages({ strings: own.client(StringsService), files, settings, log });
    own.mount(
      '/',
      serveWebApp((request) => pages.filesFor(request.headers['accept-language'] ?? '')),
      ['gateway'],
    );
    log.info({ files: files.size, folder }, 'the web app is ready');
    return { gives: {}, stop: () => pages.close() };
  },
});
