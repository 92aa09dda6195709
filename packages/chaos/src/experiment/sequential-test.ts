/**
 * Whether one group fails more than another of equal size, watched as long as one likes: a test by betting. Under the hypothesis that the experiment group
 * fails no more often than the control group, a pair of requests (one of each) in which exactly one failed is the experiment's at most every other time.
 * Somebody who bets a share λ of their wealth on "the experiment's" at each such pair then does not get richer on average, so that the wealth from 1 on is
 * a non-negative supermartingale and passes 1/α with a probability of at most α, ever (J. Ville 1939). The bets: an even mixture of five shares, since nobody
 * knows how bad the fault is (H. Robbins 1970; I. Waudby-Smith and A. Ramdas, "Estimating means of bounded random variables by betting", JRSS B 2024, on
 * betting; S. Shekhar and A. Ramdas, "Nonparametric two-sample testing by betting", 2023, on two samples).
 *
 * Assumes that the failures of a group come independently: when one member's ten requests fail together, that is one misfortune and not ten.
 */
export type SequentialTest = {
  /** What came in since the last time, of both groups. */
  add(control: Sample, experiment: Sample): void;
  /** The wealth: evidence against "no worse". Alarm from 1/α on. */
  evidence(): number;
};
export type Sample = { readonly tried: number; readonly failed: number };

const BETS = [0.1, 0.25, 0.5, 0.75, 0.95];
/** Pairs drawn in one go; a second of a small service has a few hundred. What is more is left unpaired, which only slows the test down. */
const PAIRS_PER_ADD_MAX = 100_000;

/** `random` pairs the requests of a batch, whose order nobody kept. */
export function createSequentialTest(random: () => number): SequentialTest {
  const left = { control: { tried: 0, failed: 0 }, experiment: { tried: 0, failed: 0 } };
  let ours = 0;
  let theirs = 0;

  return {
    add(control, experiment) {
      for (const [group, sample] of [
        [left.control, control],
        [left.experiment, experiment],
      ] as const) {
        group.tried += Math.max(0, sample.tried);
        // A request may fail a reading later than it was tried.
        group.failed += Math.max(0, sample.failed);
        group.tried = Math.max(group.tried, group.failed);
      }
      const pairs = Math.min(left.control.tried, left.experiment.tried, PAIRS_PER_ADD_MAX);
      for (let pair = 0; pair < pairs; pair += 1) {
        const [hit, spared] = [draw(left.experiment, random), draw(left.control, random)];
        if (hit && !spared) ours += 1;
        if (spared && !hit) theirs += 1;
      }
    },
    evidence: () => BETS.reduce((sum, bet) => sum + Math.exp(ours * Math.log1p(bet) + theirs * Math.log1p(-bet)), 0) / BETS.length,
  };
}

/** Takes one request out of the group: whether it is a failed one. */
function draw(group: { tried: number; failed: number }, random: () => number): boolean {
  const isFailed = random() * group.tried < group.failed;
  group.tried -= 1;
  if (isFailed) group.failed -= 1;
  return isFailed;
}
