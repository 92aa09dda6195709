import { join } from 'node:path';
import { findJava } from '../setup/find-java.ts';
import { JAVA, missingFor } from '../setup/missing-for.ts';
import type { Environment } from '../config.ts';

/** The Java to run a server with. Throws the sentence of `missingFor` when there is none. */
export function javaFor(kind: 'cassandra' | 'kafka', environment: Environment): string {
  const { java } = findJava(JAVA[kind], environment);
  if (java === null) throw new Error(missingFor(kind, environment) ?? `${kind}: no Java`);
  return java.program;
}

/** Options for a small server that starts quickly and leaves nothing outside its folder. */
export function smallJvm(options: { heapMiB: number; folder: string; shortLived: boolean }): string[] {
  return [
    `-Xms${Math.min(128, options.heapMiB)}m`,
    `-Xmx${options.heapMiB}m`,
    // A heap this small is collected in milliseconds by one thread; parallel collectors cost threads and memory per node.
    '-XX:+UseSerialGC',
    '-Xss512k',
    // Compiling well pays after minutes; without it Cassandra's start takes half the processor time.
    ...(options.shortLived ? ['-XX:TieredStopAtLevel=1'] : []),
    // Else a file per process in the system's temporary folder, left behind by SIGKILL; and unpacked native libraries.
    '-XX:-UsePerfData',
    `-Djava.io.tmpdir=${join(options.folder, 'tmp')}`,
    // A server without memory is dead, not slow.
    '-XX:+ExitOnOutOfMemoryError',
  ];
}
