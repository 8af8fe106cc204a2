import { unitsOf } from './dose.js';
import type { DoseFinding } from './dose-finding.js';

/** One area of the plan a prescriber cleared, in units of its product. */
export interface Cleared {
  readonly product: string;
  readonly area: string;
  readonly units: number;
}

type Total = { readonly product: string; readonly area: string; readonly hundredths: number };

/**
 * A clearance is a prescription: of these areas, this product and so many units (GMC and NMC, sources S71 and S72). What is
 * injected beyond it, a prescriber's decision has to cover; less than planned is the practitioner's judgement. What was
 * given under it before counts: a prescription is not filled twice.
 */
export function clearedFindings(
  cleared: readonly Cleared[],
  totals: readonly Total[],
  givenBefore: readonly Cleared[] = [],
): DoseFinding[] {
  return totals.flatMap(({ product, area, hundredths }): DoseFinding[] => {
    const unitsIn = (rows: readonly Cleared[]): number =>
      rows
        .filter((row) => row.product === product && row.area === area)
        .reduce((sum, { units }) => sum + Math.round(units * 100), 0);
    const limit = unitsIn(cleared);
    const given = hundredths + unitsIn(givenBefore);
    if (given <= limit) return [];
    const code = 'outside_cleared_plan';
    return [
      {
        code,
        flag: `${code}(${unitsOf(limit)})`,
        severity: 'prescriber-decision',
        offLabel: false,
        product,
        area,
        limit: unitsOf(limit),
        actual: unitsOf(given),
        sources: ['S71', 'S72'],
        confidence: 'guidance (GMC, NMC)',
      },
    ];
  });
}
