/**
 * The name of an object in the bucket: prefix, key, `!`. Servers that keep objects as files cannot hold `a` beside `a/b`, but `a!` beside
 * `a/b!`; and as `!` sorts before every character of a key, the server's order of names (UTF-8 bytes) is the port's order of keys.
 */
export type Names = {
  readonly nameOf: (key: string) => string;
  /** Null for an object that is not this store's. */
  readonly keyOf: (name: string) => string | null;
  readonly prefix: string;
};

const MARK = '!';
/** Names have at most 1024 bytes in S3: 900 of a key, the mark, and these. */
export const PREFIX_CHARACTERS_MAX = 100;

export function namesBelow(prefix: string): Names {
  if (!/^([A-Za-z0-9._-]+\/)*$/.test(prefix) || prefix.length > PREFIX_CHARACTERS_MAX) {
    throw new TypeError(
      `The prefix ${JSON.stringify(prefix)} must be empty or of letters, digits, ".", "_", "-" in parts that each end with a slash, of at most ${PREFIX_CHARACTERS_MAX} characters.`,
    );
  }
  return {
    nameOf: (key) => prefix + key + MARK,
    keyOf: (name) => (name.startsWith(prefix) && name.endsWith(MARK) ? name.slice(prefix.length, -MARK.length) : null),
    prefix,
  };
}
