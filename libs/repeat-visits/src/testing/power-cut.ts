import type { Database, Tx } from '#database';

class PowerCut extends Error {}

/**
 * Does what `work` does and loses it all just before it would be committed. Answers what `look` saw at that moment: whatever
 * is there was kept in the same transaction. @throws Error when `work` wrote nothing
 */
export async function loseAtCommit<Seen>(
  database: Database,
  work: () => Promise<unknown>,
  look: (tx: Tx) => Promise<Seen>,
): Promise<Seen> {
  const write = database.write.bind(database);
  const seen: Seen[] = [];
  database.write = (actor, act) =>
    write(actor, async (tx) => {
      await act(tx);
      seen.push(await look(tx));
      throw new PowerCut('The power went');
    });
  try {
    await work();
  } catch (error) {
    if (!(error instanceof PowerCut)) throw error;
  } finally {
    Reflect.deleteProperty(database, 'write');
  }
  const [first, ...more] = seen;
  if (first === undefined || more.length > 0) throw new Error(`Written ${seen.length} times, not once`);
  return first;
}
