import type { Market } from '#catalogue';

/** What becomes of a treatment whose record lacks an item: it is not signed, it is told, or nothing. */
export type Demand = 'blocks' | 'shown' | 'not-asked';

export interface RecordItem {
  /** 1 to 22, as the catalogue numbers the fields of a treatment record. */
  readonly field: number;
  readonly code: string;
  /** What is missing, for a person. */
  readonly text: string;
  /** Where it is put right. */
  readonly where: string;
  readonly demand: Readonly<Record<Market, Demand>>;
  /** A touch-up is the second half of a session whose record has it already. */
  readonly notForTouchUps?: true;
}

const everywhere = (demand: Demand): RecordItem['demand'] => ({
  US: demand,
  EU: demand,
  UK: demand,
  CH: demand,
});
export const BLOCKS = everywhere('blocks');
export const SHOWN = everywhere('shown');
/** General duty in the UK (GMC, NMC, Under-18s Act: sources S71 to S73); good practice elsewhere. */
export const BLOCKS_IN_UK: RecordItem['demand'] = { ...SHOWN, UK: 'blocks' };
