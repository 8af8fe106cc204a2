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
