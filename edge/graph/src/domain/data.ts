/** What subgraphs answer, merged: JSON objects by response key. */
export type Data = { [key: string]: unknown };

export function isData(value: unknown): value is Data {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Merges what one more fetch brought into what is there; parts of one object may come from several services. A null never overwrites: it says only that this service
 * does not have it. Lists are the same list seen by two services when they are of one length; else the newer stands.
 */
export function mergeData(target: Data, source: Data): void {
  for (const key of Object.keys(source)) {
    // As a plain key it would set the object's prototype.
    if (key === '__proto__') continue;
    const value = source[key];
    const there = target[key];
    if (there === undefined || there === null) target[key] = value;
    else if (value !== null && value !== undefined) target[key] = merged(there, value);
  }
}

function merged(there: unknown, value: unknown): unknown {
  if (isData(there) && isData(value)) {
    mergeData(there, value);
    return there;
  }
  if (Array.isArray(there) && Array.isArray(value) && there.length === value.length)
    return there.map((item: unknown, index) => (item === null ? value[index] : value[index] === null ? item : merged(item, value[index])));
  return value;
}

/** A copy that shares nothing with the original: two places of an answer that show one entity may be filled further in different ways. */
export function copyData(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyData);
  const copy: Data = {};
  for (const key of Object.keys(value)) copy[key] = copyData((value as Data)[key]);
  return copy;
}
