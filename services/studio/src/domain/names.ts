/** Upload, work and title of one film share one id: 16 of a-z 0-9, made here, never taken from a user. */
export const ID = /^[a-z0-9]{16}$/;
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** `random`: at least 32 random bytes. 80 bits remain: nobody meets another's id, nobody guesses one. */
export function newFilmId(random: Uint8Array): string {
  return Array.from(random.subarray(0, 16), (byte) => ALPHABET[byte % ALPHABET.length]).join('');
}

export const sourceKey = (workId: string): string => `sources/${workId}/film`;
export const editionPrefix = (editionId: string): string => `editions/${editionId}/`;
export const editionKey = (editionId: string, file: string): string => `editions/${editionId}/${file}`;
