/** Pictures of profiles: ids of drawings that the apps bring along. */
export const PICTURES = [
  'comet',
  'fox',
  'lantern',
  'whale',
  'cactus',
  'robot',
  'owl',
  'sunrise',
  'kite',
  'mushroom',
  'penguin',
  'guitar',
] as const;
export type Picture = (typeof PICTURES)[number];

/** Ages from which titles are suitable; a profile shows what is at or below its own. */
export const MATURITIES = [0, 6, 12, 16, 18] as const;
export type Maturity = (typeof MATURITIES)[number];
/** The most that a kids profile may show. */
export const KIDS_MATURITY_MAX = 12;

export const PROFILES_MAX = 5;

export const DEVICE_KINDS = ['browser', 'phone', 'tablet', 'television', 'other'] as const;
export type DeviceKind = (typeof DEVICE_KINDS)[number];
