/**
 * All courses of a clinic, side by side in one run of 32-bit words. A course: the patient's number, how many doses
 * follow, and WORDS_A_DOSE words a dose, ascending by the day it was given (see `keep_return_courses` in the migration).
 */
export interface PackedCourses {
  readonly words: Uint32Array;
  /** Where each course begins, ascending by the patient's number, so that sums are the same to the last bit every time. */
  readonly starts: Uint32Array;
}

export const WORDS_OF_HEAD = 2;
export const WORDS_A_DOSE = 3;
/** The day of what has not happened: a dose not withdrawn. */
export const NEVER = 65_535;

/** @param chunks courses as the database packs them, big-endian, each chunk whole courses @throws RangeError when cut off */
export function unpackCourses(chunks: readonly Uint8Array[]): PackedCourses {
  const bytes = chunks.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const words = new Uint32Array(bytes / 4);
  const buffer = Buffer.from(words.buffer);
  let at = 0;
  for (const chunk of chunks) {
    buffer.set(chunk, at);
    at += chunk.byteLength;
  }
  if (LITTLE_ENDIAN) buffer.swap32();
  const places = new Float64Array(words.length / WORDS_OF_HEAD);
  let courses = 0;
  let i = 0;
  while (i < words.length) {
    // The number above the place: sorting plain numbers is many times faster than sorting by a rule.
    places[courses] = (words[i] ?? 0) * PLACE + i;
    courses += 1;
    i += WORDS_OF_HEAD + WORDS_A_DOSE * (words[i + 1] ?? 0);
  }
  if (i !== words.length) throw new RangeError('A packed course is cut off');
  const starts = Uint32Array.from(places.subarray(0, courses).toSorted(), (place) => place % PLACE);
  return { words, starts };
}

const PLACE = 2 ** 28;

const LITTLE_ENDIAN = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;
