// Every verb that can take a span, as so many calls that all want the same one. `takes` says of what only one can be had.
import { layOut } from './callers.mjs';
import { own, ownType, PLACE_ON_LIST, TYPES, WANTED } from './scene.mjs';

const { practitionerId, roomId, locationId } = WANTED;
const HOUR_AND_HALF = 90 * 60_000;
const LASER = { typeId: TYPES.laser, minutes: 30 };
const SHORT = { typeId: TYPES.short, minutes: 15, roomId: null };

const wish = (n, goal) => ({
  patientId: own(n).patientId,
  startsAt: goal,
  typeId: TYPES.laser,
  locationId,
  practitionerId,
});
const earlier = (goal) => new Date(Date.parse(goal) - HOUR_AND_HALF).toISOString();
const change = (post, ids, by) => ids.map((id, i) => () => post(`appointments/${id}/reschedule`, by(i)));

/**
 * Each lays out what it needs for the callers named and returns one call each.
 * @type {Record<string, { takes: string[], prepare: (stage: { post: Function, admin: import('pg').Client }, callers: number[], goal: string) => Promise<(() => Promise<any>)[]> }>}
 */
export const VERBS = {
  book: {
    takes: ['practitioner', 'room'],
    prepare: async ({ post }, callers, goal) => callers.map((n) => () => post('appointments', wish(n, goal))),
  },
  hold: {
    takes: ['practitioner', 'room'],
    prepare: async ({ post }, callers, goal) => callers.map((n) => () => post('holds', wish(n, goal))),
  },
  'move in time': {
    takes: ['practitioner', 'room'],
    prepare: async ({ post, admin }, callers, goal) => {
      const rows = callers.map((n) => ({ ...LASER, ...own(n), startsAt: earlier(goal) }));
      return change(post, await layOut(admin, rows), () => ({ startsAt: goal, practitionerId, roomId }));
    },
  },
  'change room': {
    takes: ['room'],
    prepare: async ({ post, admin }, callers, goal) => {
      const rows = callers.map((n) => ({
        ...own(n),
        typeId: ownType(n).treatment,
        minutes: 30,
        startsAt: goal,
      }));
      return change(post, await layOut(admin, rows), () => ({ roomId }));
    },
  },
  'change practitioner': {
    takes: ['practitioner'],
    prepare: async ({ post, admin }, callers, goal) => {
      const rows = callers.map((n) => ({ ...own(n), typeId: TYPES.wanted, minutes: 30, startsAt: goal }));
      const ids = await layOut(admin, rows);
      return change(post, ids, (i) => ({ practitionerId, roomId: own(callers[i]).roomId }));
    },
  },
  'change length/type': {
    takes: ['room'],
    prepare: async ({ post, admin }, callers, goal) => {
      const rows = callers.map((n) => ({ ...own(n), ...SHORT, startsAt: goal }));
      return change(post, await layOut(admin, rows), (i) => ({ typeId: ownType(callers[i]).laser }));
    },
  },
  reinstate: {
    takes: ['practitioner', 'room'],
    prepare: async ({ post, admin }, callers, goal) => {
      const rows = callers.map((n) => ({ ...LASER, ...own(n), practitionerId, roomId, startsAt: goal }));
      const ids = await layOut(admin, rows, 'cancelled');
      return ids.map((id) => () => post(`appointments/${id}/reinstate`, { reason: 'Proof' }));
    },
  },
  'offer from waitlist': {
    takes: ['practitioner', 'room'],
    prepare: async ({ post, admin }, callers, goal) => {
      await waitAgain(admin);
      const body = { practitionerId, locationId, startsAt: goal, reason: 'Proof' };
      return callers.map((n) => () => post(`waitlist/${PLACE_ON_LIST(n)}/offers`, body));
    },
  },
};

/** What has been kept for somebody, who now takes it at the very moment its time is up or before. */
export const KEPT = {
  'confirm hold': async ({ post }, callers, goal) => {
    const { body } = await post('holds', wish(callers[0], goal));
    return { holdId: body.id, calls: callers.map(() => () => post(`holds/${body.id}/confirm`)) };
  },
  'accept offer': async ({ post, admin }, callers, goal) => {
    await waitAgain(admin);
    const place = { practitionerId, locationId, startsAt: goal, reason: 'Proof' };
    const { body } = await post(`waitlist/${PLACE_ON_LIST(callers[0])}/offers`, place);
    const { rows } = await admin.query('SELECT hold_id AS id FROM waitlist_offer WHERE id = $1', [
      body.offer.id,
    ]);
    return {
      holdId: rows[0].id,
      calls: callers.map(() => () => post(`waitlist-offers/${body.offer.id}/accept`)),
    };
  },
};

/** Its time is up in a moment. */
export async function expireSoon(admin, holdId, milliseconds) {
  await admin.query(
    `WITH hold AS (UPDATE appointment SET hold_expires_at = clock_timestamp() + $2 * interval '1 ms' WHERE id = $1 RETURNING id, hold_expires_at)
     UPDATE waitlist_offer o SET expires_at = greatest(hold.hold_expires_at, o.offered_at + interval '1 ms') FROM hold WHERE o.hold_id = hold.id`,
    [holdId, milliseconds],
  );
}

/** Nobody is offered anything and everybody waits, as before the round. */
async function waitAgain(admin) {
  await admin.query(`UPDATE waitlist_offer SET status = 'withdrawn', ended_at = now() WHERE status = 'open'`);
  await admin.query(`UPDATE waitlist_entry SET status = 'waiting' WHERE status = 'booked'`);
}

/** Every two of them once. */
export const pairs = (names) =>
  names.flatMap((first, i) => names.slice(i + 1).map((second) => [first, second]));

/** Both at once, neither before the other. */
export const alternating = (some, others) =>
  Array.from({ length: Math.max(some.length, others.length) }, (_, i) => [some[i], others[i]])
    .flat()
    .filter((call) => call !== undefined);
