/** A column chart as one SVG path, in a box one unit wide per value and `top` high. */
export type Columns = { readonly path: string; readonly top: number };

/** Room between columns. */
const WIDTH = 0.8;

export function columnsOf(values: readonly number[]): Columns {
  const top = topFor(Math.max(0, ...values));
  const path = values.map((value, at) => (value > 0 ? `M${at} ${top}v${-value}h${WIDTH}v${value}z` : '')).join('');
  return { path, top };
}

/** The next of 2, 5, 10, 20, 50 and so on: a scale that holds still while values change a little. */
function topFor(most: number): number {
  for (let ten = 1; ; ten *= 10) {
    const top = [2, 5, 10].map((step) => step * ten).find((each) => each >= most);
    if (top !== undefined) return top;
  }
}

export type Summary = { readonly last: number; readonly most: number; readonly sum: number };

export function summaryOf(values: readonly number[]): Summary {
  return { last: values.at(-1) ?? 0, most: Math.max(0, ...values), sum: values.reduce((sum, value) => sum + value, 0) };
}
