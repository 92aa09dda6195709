import { S3Client } from '@aws-sdk/client-s3';
import { BlobFault } from '../port.ts';
import { asFault } from './faults.ts';
import { CONNECTIONS_MAX, TRIES_MAX } from './limits.ts';
import type { S3Deadlines } from './limits.ts';

export type S3Address = {
  /** Of a server that is not Amazon's: `https://s3.example.org`. */
  readonly endpoint?: string;
  readonly region: string;
  readonly bucket: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** `endpoint/bucket/key` instead of `bucket.endpoint/key`. Default: whenever an endpoint is given. */
  readonly forcePathStyle?: boolean;
};

/** Goes with every command to the SDK. */
export type Limits = { readonly abortSignal: AbortSignal; readonly requestTimeout: number };
export type CallKind = 'call' | 'piece' | 'join';
export type CallOptions = { readonly kind?: CallKind; readonly signal?: AbortSignal | undefined };

/** One bucket and how it is called. */
export type Bucket = {
  readonly client: S3Client;
  readonly name: string;
  readonly deadlines: S3Deadlines;
  /**
   * Runs one command with a deadline over all its tries; settles by then whatever the server does. Rejects with the SDK's error, with the
   * signal's reason, or with `BLOB_UNAVAILABLE` at the deadline. The body of an answer is beyond it.
   */
  run<T>(send: (limits: Limits) => Promise<T>, options?: CallOptions): Promise<T>;
  /** `run`, with every error as a `BlobFault`. */
  call<T>(what: string, send: (limits: Limits) => Promise<T>, options?: CallOptions): Promise<T>;
};

export function bucketAt(address: S3Address, deadlines: S3Deadlines): Bucket {
  const client = clientOf(address, deadlines);
  const run = async <T>(send: (limits: Limits) => Promise<T>, { kind = 'call', signal }: CallOptions = {}): Promise<T> => {
    signal?.throwIfAborted();
    const { totalMs, tryMs } = timesOf(kind, deadlines);
    const ended = Promise.withResolvers<never>();
    const controller = new AbortController();
    const stop = (reason: unknown) => {
      controller.abort(reason);
      ended.reject(reason);
    };
    const onAbort = () => stop(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
    const timer = setTimeout(() => stop(new BlobFault('BLOB_UNAVAILABLE', `The S3 server did not answer within ${totalMs} ms.`)), totalMs);
    try {
      // Raced, so that the call settles even if the SDK waited for something that does not heed the signal.
      return await Promise.race([send({ abortSignal: controller.signal, requestTimeout: tryMs }), ended.promise]);
    } catch (error) {
      if (controller.signal.aborted) throw controller.signal.reason;
      throw error;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    }
  };
  const call: Bucket['call'] = async (what, send, options) => {
    try {
      return await run(send, options);
    } catch (error) {
      options?.signal?.throwIfAborted();
      throw asFault(what, error);
    }
  };
  return { client, name: address.bucket, deadlines, run, call };
}

function timesOf(kind: CallKind, deadlines: S3Deadlines): { totalMs: number; tryMs: number } {
  switch (kind) {
    case 'call':
      return { totalMs: deadlines.callMs, tryMs: deadlines.firstByteMs };
    case 'piece':
      return { totalMs: deadlines.pieceMs, tryMs: deadlines.pieceTryMs };
    case 'join':
      return { totalMs: deadlines.joinMs, tryMs: deadlines.joinMs };
    default:
      return kind satisfies never;
  }
}

/** Everything that the SDK would otherwise look up in the environment or in files is said here. */
function clientOf(address: S3Address, deadlines: S3Deadlines): S3Client {
  const { endpoint, region, accessKeyId, secretAccessKey, sessionToken } = address;
  return new S3Client({
    ...(endpoint === undefined ? {} : { endpoint }),
    region,
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) },
    forcePathStyle: address.forcePathStyle ?? endpoint !== undefined,
    maxAttempts: TRIES_MAX,
    retryMode: 'standard',
    defaultsMode: 'standard',
    useArnRegion: false,
    useDualstackEndpoint: false,
    useFipsEndpoint: false,
    disableS3ExpressSessionAuth: true,
    // Every request's signature covers the SHA-256 of its body already; servers other than Amazon's stumble over the further checksums.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // Costs a connection of its own for every large request.
    expectContinueHeader: false,
    requestHandler: {
      connectionTimeout: deadlines.connectMs,
      requestTimeout: deadlines.firstByteMs,
      throwOnRequestTimeout: true,
      // A slow reader's connection is idle too: bodies have a watch of their own.
      socketTimeout: 0,
      httpAgent: { keepAlive: true, maxSockets: CONNECTIONS_MAX },
      httpsAgent: { keepAlive: true, maxSockets: CONNECTIONS_MAX },
    },
  });
}
