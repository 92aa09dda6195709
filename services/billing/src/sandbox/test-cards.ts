/** What a test card makes the sandbox do. */
export const BEHAVIOURS = [
  'succeeds',
  'insufficient_funds',
  'stolen',
  'expired',
  'step_up',
  /** Charges, and never answers. */
  'charges_silently',
  /** Neither charges nor answers. */
  'silent',
  /** Charges, answers, and then sends hints of it twice and late. */
  'answers_twice',
] as const;
export type Behaviour = (typeof BEHAVIOURS)[number];

export type TestCard = { readonly number: string; readonly behaviour: Behaviour };

/** The only numbers that the sandbox takes: a real card is refused before anything of it is kept. All pass the Luhn check. */
export const TEST_CARDS: readonly TestCard[] = [
  { number: '4242424242424242', behaviour: 'succeeds' },
  { number: '4000000000009995', behaviour: 'insufficient_funds' },
  { number: '4000000000009979', behaviour: 'stolen' },
  { number: '4000000000000069', behaviour: 'expired' },
  { number: '4000002500003155', behaviour: 'step_up' },
  { number: '4000000000006017', behaviour: 'charges_silently' },
  { number: '4000000000006025', behaviour: 'silent' },
  { number: '4000000000006033', behaviour: 'answers_twice' },
];
