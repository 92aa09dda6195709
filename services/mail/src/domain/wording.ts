import type { TemplateId } from '../../contract/index.ts';

/** One message in one language. `{name}` stands for a value; `{service}` for the name of the service. */
export type Wording = {
  readonly subject: string;
  readonly paragraphs: readonly string[];
  /** What the button says; absent in messages without a link. */
  readonly button?: string;
};

export type Texts = Readonly<Record<TemplateId, Wording>> & {
  /** The last line of every message. */
  readonly footer: string;
};
