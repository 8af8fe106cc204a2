import { PageQuery } from '#http';
import { IsIn, IsOptional } from 'class-validator';

import { FOLLOW_UP_KINDS, type FollowUpKind } from '../../domain/planned-follow-ups.js';
import { FollowUpPatient } from '../../http/follow-up.dto.js';
import { PathwayView } from '../../pathways/http/pathway.dto.js';

export class OwnWork extends PageQuery {
  /** review, non-response-check */
  @IsOptional()
  @IsIn(FOLLOW_UP_KINDS)
  kind: FollowUpKind = 'review';
}

export class DeskWork extends PageQuery {
  /** due (no date yet) or missed; left out: both */
  @IsOptional()
  @IsIn(['due', 'missed'])
  status?: 'due' | 'missed';
}

export class PathwayWork extends PageQuery {
  /** mine: of treatments I gave; everybody */
  @IsOptional()
  @IsIn(['mine', 'everybody'])
  whose?: 'mine' | 'everybody';
}

export class PathwayInList extends PathwayView {
  patient!: FollowUpPatient;
}

export class PathwayPage {
  items!: PathwayInList[];

  /** Cursor of the next page; null on the last. */
  next!: string | null;
}
