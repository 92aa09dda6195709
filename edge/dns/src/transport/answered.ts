import type { Metrics } from '@bioscope/telemetry';
import { RCODE } from '../wire/numbers.ts';
import type { Transport } from '../respond.ts';

/** Counts answers in plain numbers, and hands them to the metrics now and then: labels for every query would cost more than the answer. */
export type Answered = {
  count(transport: Transport, rcode: number): void;
  /** Not answered, or not as asked. */
  countLeft(what: LeftOut): void;
  flush(): void;
};

const LEFT_OUT = ['no_query', 'limited', 'brief', 'queue_full', 'fault', 'tcp_refused', 'tcp_broken'] as const;
export type LeftOut = (typeof LEFT_OUT)[number];

const RCODES_MAX = 32;
const NAMES = new Map<number, string>(Object.entries(RCODE).map(([name, code]) => [code, name]));

export function createAnswered(metrics: Metrics): Answered {
  const answers = metrics.counter('bioscope_dns_answers_total', 'Answers sent.', ['transport', 'rcode']);
  const left = metrics.counter('bioscope_dns_left_out_total', 'Packets and connections that got no answer, or a brief one.', ['why']);
  const counts = { udp: new Float64Array(RCODES_MAX), tcp: new Float64Array(RCODES_MAX) };
  const leftOut: Record<LeftOut, number> = { no_query: 0, limited: 0, brief: 0, queue_full: 0, fault: 0, tcp_refused: 0, tcp_broken: 0 };
  return {
    count(transport, rcode) {
      counts[transport][rcode] = (counts[transport][rcode] ?? 0) + 1;
    },
    countLeft(what) {
      leftOut[what] += 1;
    },
    flush() {
      for (const transport of ['udp', 'tcp'] as const) {
        for (const [rcode, count] of counts[transport].entries())
          if (count > 0) answers.add({ transport, rcode: NAMES.get(rcode) ?? String(rcode) }, count);
        counts[transport].fill(0);
      }
      for (const why of LEFT_OUT) {
        if (leftOut[why] > 0) left.add({ why }, leftOut[why]);
        leftOut[why] = 0;
      }
    },
  };
}
