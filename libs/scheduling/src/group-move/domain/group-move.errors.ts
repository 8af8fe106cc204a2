import { refusal } from '#kernel';

export class GroupMoveNotFound extends refusal({
  code: 'group_move_not_found',
  kind: 'not-found',
  title: 'There is no such group move in this clinic',
}) {}

export class GroupMoveItemNotFound extends refusal({
  code: 'group_move_item_not_found',
  kind: 'not-found',
  title: 'This appointment is not part of the group move',
}) {}

/** Facts: `state`. */
export class GroupMoveItemSettled extends refusal({
  code: 'group_move_item_settled',
  kind: 'conflict',
  title: 'This appointment has been moved already, or was changed or cancelled by itself',
}) {}

/** Facts: `appointmentIds`, whose proposals are in the way. */
export class ProposalsCollide extends refusal({
  code: 'proposals_collide',
  kind: 'conflict',
  title: 'Another proposal of this group move takes the practitioner, the room or the patient at that time',
}) {}

export class GroupMoveRangeInvalid extends refusal({
  code: 'group_move_range_invalid',
  kind: 'bad-input',
  title:
    'A group move covers at most 31 days, and needs an absence or a first and last moment with their location',
}) {}

export class GroupMoveTooLarge extends refusal({
  code: 'group_move_too_large',
  kind: 'rule',
  title: 'More appointments are affected than one group move takes: choose a shorter time',
}) {}
