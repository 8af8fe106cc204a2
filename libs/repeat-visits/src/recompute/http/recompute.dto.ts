import { PageQuery } from '#http';
import { IsBoolean } from 'class-validator';

export class FindRecomputes extends PageQuery {}

/** A recompute of all open windows in the background. */
export class RecomputeView {
  id!: string;

  /** protocol (figures of the clinic changed), personal-interval (its switch), asked, nightly (figures that came into force) */
  cause!: string;

  /** waiting, running, done */
  status!: string;

  /** Patients in the register when it began. */
  patients!: number;

  /** Of them, those looked at. */
  done!: number;

  /** Windows written anew. */
  issued!: number;

  /** Windows that ended: each has a successor, or its patient has no dose any more. */
  ended!: number;

  /** Windows looked at and left as they are; patients of whom nothing changed are not even looked at. */
  unchanged!: number;
  requestedBy!: string | null;
  requestedAt!: Date;
  startedAt!: Date | null;
  finishedAt!: Date | null;
}

export class RecomputePage {
  /** Newest first. */
  items!: RecomputeView[];

  /** Cursor of the next page; null on the last. */
  next!: string | null;
}

export class SwitchPersonalInterval {
  @IsBoolean()
  enabled!: boolean;
}

export class PersonalIntervalSetting {
  enabled!: boolean;

  /** What follows from the change; null when nothing changed. */
  recompute!: RecomputeView | null;
}
