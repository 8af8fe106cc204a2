import { ApiProperty } from '@nestjs/swagger';

import type {
  AdverseEventNote,
  AdverseEventStatus,
  Outcome,
  Seriousness,
  Severity,
} from '../domain/adverse-event.js';

export class AdverseEventNoteView implements AdverseEventNote {
  /** onset_untypical, area_untypical, serious_by_term, seriousness_to_decide */
  code!: AdverseEventNote['code'];

  /** Days after the treatment it began. */
  onsetDay!: number | null;

  /** First and last day after the treatment on which it typically begins. */
  @ApiProperty({ type: [Number], nullable: true })
  typicalDays!: readonly [number, number] | null;
}

/** A point the event may come from, with the lot and the vial it was drawn from. */
export class SuspectedInjection {
  id!: string;
  area!: string;
  product!: string;
  lotId!: string;
  lotNumber!: string;
  vialId!: string | null;
}

export class AdverseEventTaskView {
  id!: string;

  /** urgent-review, report-to-regulator */
  kind!: string;

  /** yellow-card, medwatch, national-authority, swissmedic */
  regulator!: string | null;
  dueOn!: string;

  /** open, done, cancelled */
  status!: string;

  /** The number the regulator gave the report. */
  reference!: string | null;
}

export class AdverseEventVersionView {
  version!: number;

  /** record, change, resolve, reopen, enter-in-error */
  verb!: string;
  at!: string;
  by!: string;
  reason!: string | null;
}

export class AdverseEventSummary {
  id!: string;
  patientId!: string;
  treatmentId!: string;

  /** Of the catalogue's list; null when it is in none. */
  term!: string | null;
  otherTerm!: string | null;
  onsetOn!: string;

  /** mild, moderate, severe */
  severity!: Severity;
  serious!: boolean;
  outcome!: Outcome;
  resolvedOn!: string | null;

  /** active, resolved, entered-in-error */
  status!: AdverseEventStatus;

  /** Also the ETag. */
  version!: number;
}

export class AdverseEventView extends AdverseEventSummary {
  /** The release of the catalogue the term is from. */
  catalogueVersion!: string;
  treatedOn!: string;
  seriousness!: Seriousness[];
  description!: string | null;

  /** What is untypical or still to decide. */
  notes!: AdverseEventNoteView[];
  injections!: SuspectedInjection[];
  tasks!: AdverseEventTaskView[];

  /** Every version, oldest first. */
  versions!: AdverseEventVersionView[];
  recordedAt!: Date;
  recordedBy!: string;
}

export class AdverseEventPage {
  items!: AdverseEventSummary[];

  /** Cursor of the next page; null on the last. */
  next!: string | null;
}

export class AdverseEventTermView {
  term!: string;

  /** First and last day after the treatment on which it typically begins. */
  @ApiProperty({ type: [Number] })
  typicalDays!: readonly [number, number];

  /** mild, moderate, SERIOUS, serious? (to decide), efficacy */
  severityFlag!: string;

  /** Area ids, or all. */
  areas!: string[];

  /** How soon somebody should look. */
  review!: string;
}

export class AdverseEventTerms {
  /** The release of the catalogue. */
  version!: string;
  items!: AdverseEventTermView[];
}
