import { parentPort, workerData } from 'node:worker_threads';
import { serve, type ThreadData } from './serve.ts';

// The edge of a thread: this file is only ever started as a worker.
if (parentPort !== null) await serve(parentPort, workerData as ThreadData);
