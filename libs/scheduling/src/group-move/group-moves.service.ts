import { record } from '#audit';
import { type Actor, Database, type Tx } from '#database';
import { assertFresh, pageOf, readCursor } from '#http';
import { type RequestActor, StaffService } from '#identity';
import { dateIn, type Interval, isId, newId, readMoment } from '#kernel';
import { Injectable } from '@nestjs/common';

import { type AppointmentRow, AppointmentsRepository } from '../appointments.repository.js';
import { MINUTE } from '../domain/appointment.js';
import { LocationNotFound, SetUpEntryNotFound, SpanInverted } from '../domain/scheduling.errors.js';
import type { Absence } from '../domain/working-time.js';
import {
  GroupMoveClosed,
  GroupMoveNotFound,
  GroupMoveRangeInvalid,
  GroupMoveTooLarge,
} from './domain/group-move.errors.js';
import { GroupMoveQueries } from './group-move.queries.js';
import { itemView, settledAs } from './group-move-views.js';
import { type GroupMoveRow, GroupMovesRepository, type ItemRow } from './group-moves.repository.js';
import {
  type GroupMoveList,
  type GroupMoveView,
  type ListGroupMoves,
  MOST_AFFECTED,
  type ProposeGroupMove,
} from './http/group-move.dto.js';
import { Proposing } from './proposing.js';

const LONGEST_DAYS = 31;

/** What is to become of the patients of somebody who is away: proposed, kept, read. */
@Injectable()
export class GroupMovesService {
  constructor(
    private readonly database: Database,
    private readonly moves: GroupMovesRepository,
    private readonly queries: GroupMoveQueries,
    private readonly appointments: AppointmentsRepository,
    private readonly proposing: Proposing,
    private readonly staff: StaffService,
  ) {}

  /**
   * Proposes a slot for every appointment of somebody absent, and keeps it to be looked through; nothing is moved.
   * @throws StaffNotFound, SetUpEntryNotFound, LocationNotFound, SpanInverted, GroupMoveRangeInvalid, GroupMoveTooLarge
   */
  propose(actor: RequestActor, request: ProposeGroupMove): Promise<GroupMoveView> {
    const { reason } = request;
    return this.database.write(actor, async (tx) => {
      const { id: practitionerId } = await this.staff.requirePractitioner(tx, request.practitionerId);
      const { days, ...range } = await this.#rangeOf(tx, request);
      const ids = await this.queries.affected(tx, practitionerId, range, MOST_AFFECTED + 1);
      if (ids.length > MOST_AFFECTED) throw new GroupMoveTooLarge({ most: MOST_AFFECTED });
      const rows = (await this.appointments.readMany(tx, ids)).filter((row) => isAway(row, days));
      const absent = { practitionerId, range };
      const proposed = await this.proposing.propose(tx, actor, absent, rows);
      const id = newId(tx.now.getTime());
      await this.moves.add(
        tx,
        { id, practitionerId, range, reason },
        proposed.map((one) => settledAs(one, one.options.length > 0 ? 'proposed' : 'no-slot')),
      );
      const detail = { practitionerId, affected: rows.length };
      await record(tx, { action: 'group-move.propose', entityId: id, patientId: null, detail });
      return this.view(tx, id);
    });
  }

  /** The newest first. */
  list(actor: Actor, { after, limit }: ListGroupMoves): Promise<GroupMoveList> {
    const [before = null] = readCursor(after, [isId]) ?? [];
    return this.database.read(actor, async (tx) => {
      const rows = await this.moves.list(tx, before === null ? null : String(before), limit);
      const { items, next } = pageOf(rows, limit, ({ id }) => [id]);
      return { items, next };
    });
  }

  /** Who has been moved, where to, and who remains. @throws GroupMoveNotFound */
  read(actor: Actor, id: string): Promise<GroupMoveView> {
    return this.database.read(actor, async (tx) => {
      const view = await this.view(tx, id);
      await record(tx, { action: 'group-move.read', entityId: id, patientId: null });
      return view;
    });
  }

  /** Nothing more is moved by it; what it did stays. @throws GroupMoveNotFound, GroupMoveClosed, StaleVersion */
  close(actor: RequestActor, id: string, read: number | undefined): Promise<GroupMoveView> {
    return this.database.write(actor, async (tx) => {
      await this.locked(tx, id, read);
      await this.moves.close(tx, id);
      const view = await this.view(tx, id);
      const detail = { moved: view.moved, remaining: view.remaining };
      await record(tx, { action: 'group-move.close', entityId: id, patientId: null, detail });
      return view;
    });
  }

  /** The same inside the caller's transaction. @throws GroupMoveNotFound */
  async view(tx: Tx, id: string): Promise<GroupMoveView> {
    const move = await this.moves.read(tx, id);
    if (!move) throw new GroupMoveNotFound();
    return { ...move, items: (await this.moves.items(tx, id)).map(itemView) };
  }

  /** The move, which nobody else changes until the transaction ends, and its items. @throws GroupMoveNotFound, GroupMoveClosed, StaleVersion */
  async locked(
    tx: Tx,
    id: string,
    read: number | undefined,
  ): Promise<{ readonly move: GroupMoveRow; readonly items: readonly ItemRow[] }> {
    const move = await this.moves.lock(tx, id);
    if (!move) throw new GroupMoveNotFound();
    assertFresh(move.version, read);
    if (move.closedAt) throw new GroupMoveClosed({ closedAt: move.closedAt });
    return { move, items: await this.moves.items(tx, id) };
  }

  async #rangeOf(tx: Tx, request: ProposeGroupMove): Promise<Absence> {
    const { practitionerId, absenceId, locationId, startsAt, endsAt } = request;
    if (absenceId !== undefined) {
      const absence = await this.queries.absence(tx, practitionerId, absenceId);
      if (!absence) throw new SetUpEntryNotFound();
      const { startsAt: first, endsAt: last, days } = absence;
      return { ...ranged(first, last), days };
    }
    if (locationId === undefined || startsAt === undefined || endsAt === undefined)
      throw new GroupMoveRangeInvalid();
    const location = await this.appointments.location(tx, locationId);
    if (!location) throw new LocationNotFound();
    return ranged(readMoment(startsAt, location.zone), readMoment(endsAt, location.zone));
  }
}

/** Whole days are away by the clock of each location, so not every visit within their instants is affected. */
const isAway = ({ startsAt, endsAt, zone }: AppointmentRow, days: Absence['days']): boolean =>
  !days ||
  (dateIn(startsAt, zone) <= days.last && dateIn(new Date(endsAt.getTime() - 1), zone) >= days.first);

/** @throws SpanInverted, GroupMoveRangeInvalid */
function ranged(startsAt: Date, endsAt: Date): Interval {
  const [start, end] = [startsAt.getTime(), endsAt.getTime()];
  if (end <= start) throw new SpanInverted({ startsAt, endsAt });
  // An hour more, where the clocks go back on the way.
  if (end - start > (LONGEST_DAYS * 24 + 1) * 60 * MINUTE)
    throw new GroupMoveRangeInvalid({ startsAt, endsAt, longestDays: LONGEST_DAYS });
  return { start, end };
}
