import { startS3 } from '../src/index.ts';

if (import.meta.main) {
  const s3 = await startS3();
  process.stdout.write(`${JSON.stringify({ folder: s3.folder, endpoint: s3.addresses.endpoint })}\n`);
}
