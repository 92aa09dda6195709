/** Account, plan, payment. */
export const STEPS = 3;
