import type { Tx } from '#database';

import type { CardsRepository } from './cards.repository.js';
import { RecallClaimed } from './domain/recall.errors.js';

/** Names the colleague who is calling. */
export async function cardTaken(tx: Tx, cards: CardsRepository, patientId: string): Promise<RecallClaimed> {
  const { claimedBy, claimedUntil } = await cards.read(tx, patientId);
  return new RecallClaimed({ by: claimedBy, until: claimedUntil });
}
