import { type CalendarDate, toEpochDay } from '#kernel';

// PostgreSQL's own form of an array (array_recv): dimensions, whether there are nulls, the element's type, length and
// lower bound of the one dimension, then each value with its length, −1 for null.
const HEAD = 20;
const OID = { uuid: 2950, date: 1082, text: 25 } as const;
const POSTGRES_EPOCH = 10_957;

/**
 * Columns of many rows as binary parameters, for `unnest($1::uuid[], $2::date[], …)`: nothing is escaped by us or parsed by the
 * server, which for thousands of rows is most of what a text would cost.
 */
export const columns = {
  /** @throws RangeError for what is no UUID */
  uuids: (values: readonly (string | null)[]): Buffer =>
    array('uuid', values, (value) => (value === null ? 0 : 16), writeUuid),
  dates: (values: readonly (CalendarDate | null)[]): Buffer =>
    array(
      'date',
      values,
      (value) => (value === null ? 0 : 4),
      (into, value, at) => into.writeInt32BE(toEpochDay(value) - POSTGRES_EPOCH, at),
    ),
  texts: (values: readonly (string | null)[]): Buffer =>
    array(
      'text',
      values,
      (value) => (value === null ? 0 : Buffer.byteLength(value)),
      (into, value, at) => into.write(value, at),
    ),
};

function array<Value extends string>(
  type: keyof typeof OID,
  values: readonly (Value | null)[],
  lengthOf: (value: Value | null) => number,
  write: (into: Buffer, value: Value, at: number) => unknown,
): Buffer {
  let size = HEAD + 4 * values.length;
  for (const value of values) size += lengthOf(value);
  const into = Buffer.allocUnsafe(size);
  into.writeInt32BE(1, 0);
  into.writeInt32BE(1, 4);
  into.writeInt32BE(OID[type], 8);
  into.writeInt32BE(values.length, 12);
  into.writeInt32BE(1, 16);
  let at = HEAD;
  for (const value of values) {
    const length = lengthOf(value);
    into.writeInt32BE(value === null ? -1 : length, at);
    if (value !== null) write(into, value, at + 4);
    at += 4 + length;
  }
  return into;
}

/** Where in its text each byte of a UUID begins. */
const BYTES_AT = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];
const NO_DIGIT = 16;
const DIGITS = new Uint8Array(128).map((_, code) => {
  const digit = Number.parseInt(String.fromCodePoint(code), 16);
  return Number.isNaN(digit) ? NO_DIGIT : digit;
});

// Digit by digit: there are five ids a window, and a quarter of a million windows.
function writeUuid(into: Buffer, value: string, at: number): void {
  let [isUuid, byte] = [value.length === 36, at];
  for (const place of BYTES_AT) {
    const high = DIGITS[value.charCodeAt(place)] ?? NO_DIGIT;
    const low = DIGITS[value.charCodeAt(place + 1)] ?? NO_DIGIT;
    isUuid &&= high < NO_DIGIT && low < NO_DIGIT;
    into[byte] = high * 16 + low;
    byte += 1;
  }
  if (!isUuid) throw new RangeError('A column of ids holds something else');
}
