import { CreateBucketCommand, HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import type { S3Addresses } from './start-s3.ts';

const DEADLINE_MS = 5_000;

/** Makes the bucket unless it is there; false when the server does not answer yet. */
export async function makeBucket(addresses: S3Addresses): Promise<boolean> {
  const client = new S3Client({
    endpoint: addresses.endpoint,
    region: addresses.region,
    forcePathStyle: true,
    credentials: { accessKeyId: addresses.accessKey, secretAccessKey: addresses.secretKey },
    maxAttempts: 1,
  });
  const deadline = { abortSignal: AbortSignal.timeout(DEADLINE_MS) };
  try {
    const there = await client.send(new HeadBucketCommand({ Bucket: addresses.bucket }), deadline).then(
      () => true,
      () => false,
    );
    if (!there) await client.send(new CreateBucketCommand({ Bucket: addresses.bucket }), deadline);
    return true;
  } catch {
    return false;
  } finally {
    client.destroy();
  }
}
