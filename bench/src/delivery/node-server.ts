/** Run by servers.ts as a process of its own: serves the folder given, prints its port, ends with its standard input. */
import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import { join, normalize } from 'node:path';

const folder = process.argv[2] ?? '';

const server = createServer((request, response) => {
  const stream = createReadStream(join(folder, normalize(request.url ?? '/')));
  stream.once('error', () => response.writeHead(404).end());
  stream.once('open', () => {
    response.setHeader('content-type', 'video/mp4');
    stream.pipe(response);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const bound = server.address();
  process.stdout.write(String(typeof bound === 'object' ? bound?.port : bound));
});
process.stdin.resume().once('end', () => process.exit(0));
