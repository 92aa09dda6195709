export type Values = Readonly<Record<string, string>>;

/** Stands where a link was. */
export const NO_LINK = '(link not shown)';

/** The values with the link's address blotted out. */
export function withoutLink(values: Values): Values {
  return 'link' in values ? { ...values, link: NO_LINK } : values;
}
