import { AbortMultipartUploadCommand, ListMultipartUploadsCommand, ListPartsCommand } from '@aws-sdk/client-s3';
import type { MultipartUpload } from '@aws-sdk/client-s3';
import { PARTS_PAGES_MAX, SWEPT_UPLOADS_MAX } from './limits.ts';
import type { S3Place } from './lookup.ts';

/**
 * Aborts uploads of this store that nobody has touched since then: whoever began them is gone, and their parts cost money unseen. Looks at a
 * bounded number, and gives up quietly: it may not be allowed, a lifecycle rule of the bucket may do the same, and the next opening comes.
 */
export async function sweepUploads({ bucket, names }: S3Place, untouchedSinceMs: number): Promise<void> {
  const list = new ListMultipartUploadsCommand({
    Bucket: bucket.name,
    MaxUploads: SWEPT_UPLOADS_MAX,
    ...(names.prefix === '' ? {} : { Prefix: names.prefix }),
  });
  try {
    const { Uploads: uploads = [] } = await bucket.run((limits) => bucket.client.send(list, limits));
    for (const upload of uploads) {
      if (isOlder(upload.Initiated, untouchedSinceMs) && names.keyOf(upload.Key ?? '') !== null) {
        await abortUntouched(bucket, upload, untouchedSinceMs);
      }
    }
  } catch {
    // See above.
  }
}

async function abortUntouched(bucket: S3Place['bucket'], upload: MultipartUpload, untouchedSinceMs: number): Promise<void> {
  const name = { Bucket: bucket.name, Key: upload.Key, UploadId: upload.UploadId };
  for (let [page, marker] = [0, '0']; page < PARTS_PAGES_MAX; page += 1) {
    const list = new ListPartsCommand({ ...name, PartNumberMarker: marker });
    const parts = await bucket.run((limits) => bucket.client.send(list, limits));
    if (parts.Parts?.some(({ LastModified }) => !isOlder(LastModified, untouchedSinceMs)) === true) return;
    if (parts.IsTruncated !== true || parts.NextPartNumberMarker === undefined) break;
    marker = parts.NextPartNumberMarker;
  }
  await bucket.run((limits) => bucket.client.send(new AbortMultipartUploadCommand(name), limits));
}

function isOlder(date: Date | undefined, thanMs: number): boolean {
  return date !== undefined && date.getTime() < thanMs;
}
