import { createHash } from 'node:crypto';

/** A statement; with a name it is prepared: parsed and planned once a connection, then only bound. */
export interface Statement {
  readonly name?: string;
  readonly text: string;
}

/** Makes a prepared statement; its name is derived from its text, so two texts never share one. */
export function sql(text: string): Required<Statement> {
  return { name: `s_${createHash('sha256').update(text).digest('base64url').slice(0, 20)}`, text };
}

/** SQL for a `timestamptz` as the text JSON has of it, in UTC with milliseconds, as it stands inside a JSON of the database. */
export const isoText = (column: string): string =>
  `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
