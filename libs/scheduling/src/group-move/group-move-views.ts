import { localTimeOf } from '../domain/slot.js';
import type { ItemRow, ItemState, ItemToKeep } from './group-moves.repository.js';
import type { GroupMoveItemView } from './http/group-move.dto.js';
import type { ProposedFor } from './proposing.js';

export function itemView(item: ItemRow): GroupMoveItemView {
  const { appointmentId, patientId, typeName, locationId, zone, fromStartsAt, state, why } = item;
  const { startsAt, practitionerId, practitionerName, roomId, roomName } = item;
  return {
    appointmentId,
    patientId,
    typeName,
    locationId,
    zone,
    fromStartsAt,
    fromLocalTime: localTimeOf(fromStartsAt, zone),
    state,
    to:
      startsAt && practitionerId
        ? {
            startsAt,
            localTime: localTimeOf(startsAt, zone),
            practitionerId,
            practitionerName: practitionerName ?? '',
            roomId,
            roomName,
          }
        : null,
    why,
    overrideReason: item.overridden[0]?.reason ?? null,
    alternatives: item.alternatives.map((slot) => ({
      ...slot,
      startsAt: new Date(slot.startsAt),
      endsAt: new Date(slot.endsAt),
    })),
  };
}

/** What was worked out for an appointment, as it is kept: the best option goes first, where it is proposed. */
export function settledAs(
  { appointmentId, options, why }: ProposedFor,
  state: ItemState,
  because = why,
): ItemToKeep {
  const [best, ...others] = options;
  const proposed = state === 'proposed' && best ? best : null;
  return {
    appointmentId,
    state,
    to: proposed && { ...proposed.slot, busy: proposed.busy },
    why: proposed?.slot.why ?? because,
    alternatives: (proposed ? others : options).map(({ slot }) => slot),
    overridden: [],
  };
}

/** An item with something else become of it, and all the rest as it was. */
export function itemAs(item: ItemRow, change: Partial<ItemToKeep> & Pick<ItemToKeep, 'state'>): ItemToKeep {
  const { appointmentId, practitionerId, roomId, startsAt, busyFrom, busyTo, why, overridden } = item;
  const to =
    practitionerId && startsAt && busyFrom && busyTo
      ? { practitionerId, roomId, startsAt, busy: { start: busyFrom.getTime(), end: busyTo.getTime() } }
      : null;
  return { appointmentId, to, why, alternatives: itemView(item).alternatives, overridden, ...change };
}
