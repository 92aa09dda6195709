/**
 * Leased work on kv. At least once: a job's handler may run again after a crash, so it is idempotent by its key; a handler that lost its lease
 * is aborted, and what it still does is fenced. Durable when `enqueue` resolves. Rejects with `JobFault`, or with the store's `KvFault`.
 */
export type Jobs = {
  /** Enqueuing an id that exists answers the job as it is (its payload unchanged). */
  enqueue(request: JobRequest): Promise<Job>;
  get(queue: string, id: string): Promise<Job | null>;
  /** Unfinished jobs first, then by creation, newest first. */
  list(queue: string, options?: { states?: readonly JobState[]; jobsMax?: number }): Promise<readonly Job[]>;
  /** A failed or cancelled job runs again, attempts counted anew, its checkpoint kept. */
  retry(queue: string, id: string): Promise<Job>;
  /** Aborts it where it runs; a job that is done stays done. */
  cancel(queue: string, id: string): Promise<Job>;
  /** Forgets a finished job. */
  forget(queue: string, id: string): Promise<void>;
  /** Runs jobs of the queue here, at most `parallelMax` at once, highest priority first, then oldest. */
  work(request: { queue: string; parallelMax: number; leaseMs?: number }, handler: JobHandler): Worker;
  close(): Promise<void>;
};

export type JobRequest = {
  readonly queue: string;
  /** Unique in the queue; what makes the job idempotent. */
  readonly id: string;
  /** JSON. */
  readonly payload: unknown;
  /** Greater runs first. Default 0. */
  readonly priority?: number;
  readonly notBeforeMs?: number;
  /** Default 5. */
  readonly attemptsMax?: number;
  /** Jobs of the same queue that must be done first; when one of them fails for good, so does this. */
  readonly after?: readonly string[];
};
export const JOB_STATES = ['waiting', 'running', 'done', 'failed', 'cancelled'] as const;
export type JobState = (typeof JOB_STATES)[number];
export type Job = {
  readonly queue: string;
  readonly id: string;
  readonly payload: unknown;
  readonly state: JobState;
  readonly attempts: number;
  readonly progress: number;
  /** What the handler last kept with `checkpoint`. */
  readonly checkpoint: unknown;
  readonly result: unknown;
  readonly reason: string | null;
  readonly createdAtMs: number;
  readonly startedAtMs: number | null;
  readonly endedAtMs: number | null;
};
/** Resolves with the job's result (JSON). Throw `JobRefusal` for what no retry can mend; anything else is retried with backoff. */
export type JobHandler = (job: Job, run: JobRun) => Promise<unknown>;
export type JobRun = {
  /** Aborted when the lease is lost, the job cancelled, or the worker closes. */
  readonly signal: AbortSignal;
  readonly fence: number;
  /** 0 to 1; kept at most a few times a second. */
  progress(share: number): void;
  /** Durable when it resolves; a later attempt finds it in `job.checkpoint`. Rejects when the lease is lost. */
  checkpoint(value: unknown): Promise<void>;
};
/** `close` aborts running handlers, waits for them, and gives their jobs back without counting an attempt. */
export type Worker = { close(): Promise<void> };

export class JobRefusal extends Error {
  readonly code: string;
  constructor(code: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'JobRefusal';
    this.code = code;
  }
}

export const JOB_FAULTS = {
  JOB_BAD_REQUEST: { side: 'us', retry: false },
  /** Payload, checkpoint, result and `after` share 54 KiB. Keep what is large elsewhere and name it. */
  JOB_TOO_LARGE: { side: 'us', retry: false },
  JOB_UNKNOWN: { side: 'us', retry: false },
  JOB_UNFINISHED: { side: 'us', retry: false },
  /** This run is no longer the one that counts: its lease ran out, the job was cancelled, or somebody else runs it. */
  JOB_LOST: { side: 'dependency', retry: false },
  JOB_CLOSED: { side: 'us', retry: false },
} as const;
export type JobFaultCode = keyof typeof JOB_FAULTS;

export class JobFault extends Error {
  readonly code: JobFaultCode;
  constructor(code: JobFaultCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'JobFault';
    this.code = code;
  }
}
