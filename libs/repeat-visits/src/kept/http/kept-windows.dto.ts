import { PageQuery } from '#http';
import { ApiProperty } from '@nestjs/swagger';

import { ExplanationView } from '../../http/explanation.dto.js';
import { PersonalIntervalView } from '../../http/forecast.dto.js';

export class FindKeptWindows extends PageQuery {}

/** A window as it was given, in force or not. */
export class KeptWindowItem {
  id!: string;

  /** The record it stands in: of the patient, or of one merged into it. */
  patientId!: string;

  /** @example glabella */
  area!: string;
  product!: string;

  /** The treatment it hangs on. */
  treatmentId!: string;

  /** open, superseded, closed */
  status!: string;
  earliest!: string | null;
  recommendedFrom!: string | null;
  target!: string | null;
  recommendedTo!: string | null;
  lapsedAfter!: string | null;

  /** @example catalogue/1/UK */
  protocolVersion!: string;
  issuedAt!: Date;
  endedAt!: Date | null;

  /** treated-again, recomputed, merged, withdrawn; null while it is open. */
  endedBy!: string | null;
}

export class KeptWindowPage {
  items!: KeptWindowItem[];

  /** Cursor of the next page; null on the last. */
  next!: string | null;
}

export class KeptDoseView {
  treatedOn!: string;
  product!: string;

  /** full, touch-up */
  kind!: string;
  treatmentId!: string;
}

/** What it was computed from: the same input gives the same bytes again. */
export class WindowInputView {
  /** The rule. @example formula/1 */
  formula!: string;
  personalInterval!: boolean;

  /** The hash of each product's figures, by product id. */
  figures!: Record<string, string>;
  doses!: KeptDoseView[];
}

export class KeptWindowView extends KeptWindowItem {
  /** The day it was issued for. */
  assessedOn!: string;
  input!: WindowInputView;

  /** The rule that won each date, as kept: earliest, recommendedFrom, target, recommendedTo, lapsedAfter, review from and to, non-response check. */
  @ApiProperty({ type: 'array', items: { anyOf: [{ type: 'string' }, { type: 'null' }] } })
  won!: (string | null)[];
  personal!: PersonalIntervalView | null;
  explanation!: ExplanationView;
}
