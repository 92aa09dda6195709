import { port, unit } from '@bioscope/host';
import type { RpcHost } from '@bioscope/rpc';
import { answerWeb } from './answer.ts';
import { readConfig } from './config.ts';
import { readWebFiles } from './files.ts';

/** Serves the built members' app at the mount `/`. Owns no data. */
export const web = unit({
  name: 'web',
  needs: { rpc: port<RpcHost>('rpc') },
  gives: {},
  async start({ rpc }, context) {
    const { folder } = readConfig(context.environment);
    const files = await readWebFiles(folder);
    rpc.as('web').mount(
      '/',
      (request, response, { path }) => {
        const answer = answerWeb(files, {
          method: request.method ?? 'GET',
          path,
          acceptEncoding: headerOf(request.headers['accept-encoding']),
          ifNoneMatch: headerOf(request.headers['if-none-match']),
        });
        response.writeHead(answer.status, answer.headers).end(answer.bytes);
      },
      ['gateway'],
    );
    context.log.info({ files: files.size, folder }, 'the web app is ready');
    return { gives: {} };
  },
});

function headerOf(value: string | string[] | undefined): string {
  return Array.isArray(value) ? value.join(',') : (value ?? '');
}
