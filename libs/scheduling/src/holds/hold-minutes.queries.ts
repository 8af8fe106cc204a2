import { sql, type Tx } from '#database';

const MINUTES = sql('SELECT hold_minutes AS minutes FROM clinic WHERE id = $1');

/** How long the clinic keeps a slot while the patient decides. */
export async function holdMinutes(tx: Tx): Promise<number> {
  return (await tx.one<{ minutes: number }>(MINUTES, [tx.clinicId])).minutes;
}
