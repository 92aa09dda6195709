/** Settings of the billing service. */
export type BillingConfig = {
  /** How long the processor is waited for before it is asked what became of the charge. */
  readonly processorMsMax: number;
  /** After this nobody waits for an answer any more, and whoever finds the charge settles it: the call, the question after it, and some time for the store. */
  readonly answerMsMax: number;
  /** Of this software, for the history of schemas. */
  readonly release: string;
};

const PROCESSOR_MS_DEFAULT = 4_000;
const STORE_MS = 1_000;
const PROCESSOR_MS_MIN = 50;
/** With the question after it, well below the time after which others settle the charge. */
const PROCESSOR_MS_MAX = 10_000;

/** Throws when a setting is wrong, and names it. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): BillingConfig {
  const text = environment['BIOSCOPE_PROCESSOR_MS'] ?? '';
  const processorMsMax = text === '' ? PROCESSOR_MS_DEFAULT : Number(text);
  if (!Number.isInteger(processorMsMax) || processorMsMax < PROCESSOR_MS_MIN || processorMsMax > PROCESSOR_MS_MAX)
    throw new Error(
      `billing cannot start: BIOSCOPE_PROCESSOR_MS is ${JSON.stringify(text)}; a whole number from ${PROCESSOR_MS_MIN} to ${PROCESSOR_MS_MAX} is wanted`,
    );
  return { processorMsMax, answerMsMax: 3 * processorMsMax + STORE_MS, release: environment['BIOSCOPE_VERSION'] ?? 'unknown' };
}
