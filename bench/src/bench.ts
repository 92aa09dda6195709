/** A side-by-side measurement, run as `./bioscope bench NAME`. Figures are ratios against a peer of the same run; CPU seconds stand beside wall seconds. */
export type Bench = {
  readonly name: string;
  /** One line: what is compared with what. */
  readonly about: string;
  /** What `--engine` may name; none when absent. */
  readonly engines?: readonly string[];
  run(options: BenchOptions): Promise<BenchResult>;
};

export type BenchOptions = {
  /** Fewer rounds, for trying the bench itself; the figures are then worth little. */
  readonly quick: boolean;
  /** Of several that the bench knows (`--engine`); its own default when absent. */
  readonly engine?: string | undefined;
  /** Progress for people; never part of the result. */
  say(line: string): void;
};

export type BenchResult = {
  /** What `--json` prints: one flat object. */
  readonly figures: Readonly<Record<string, number>>;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
  /** Conditions that a reader needs: sizes, rounds, versions of the peers. */
  readonly notes: readonly string[];
};
