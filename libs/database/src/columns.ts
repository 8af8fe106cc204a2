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

function writeUuid(into: Buffer, value: string, at: number): void {
  let nibbles = 0;
  for (let i = 0; i < value.length; i += 1) {
    const code = value.charCodeAt(i);
    if (code === DASH) continue;
    const place = at + (nibbles >> 1);
    if (nibbles < 32) into[place] = nibbles % 2 === 0 ? nibble(code) << 4 : (into[place] ?? 0) | nibble(code);
    nibbles += 1;
  }
  if (nibbles !== 32) throw new RangeError('A column of ids holds something else');
}

const DASH = 45;

function nibble(code: number): number {
  const value = code <= 57 ? code - 48 : (code | 32) - 87;
  if (value < 0 || value > 15 || (code > 57 && value < 10))
    throw new RangeError('A column of ids holds something else');
  return value;
}
