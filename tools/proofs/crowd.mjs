// Anything at random of four practitioners and two rooms: no pair may overlap, whatever was asked in whatever order.
import { deadlocks, overlaps } from './findings.mjs';
import { CROWDED, TYPES } from './scene.mjs';

const AT_ONCE = 32;
const { locationId, practitionerIds, roomIds, patientIds, entryIds } = CROWDED;

/** @param {{ post: Function, admin: import('pg').Client }} stage @param {number} attempts */
export async function crowd({ post, admin }, attempts, table) {
  // A small generator of its own, so that a failure can be played again.
  let seed = 20_261_127;
  const pick = (n) => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((seed / 2 ** 32) * n);
  };
  const one = (list) => list[pick(list.length)];
  const [known, offered] = [[], []];
  const day = (n) => new Date(Date.now() + (10 + n) * 86_400_000).toISOString().slice(0, 10);
  const startsAt = () =>
    `${day(pick(3))}T${String(8 + pick(10)).padStart(2, '0')}:${String(pick(12) * 5).padStart(2, '0')}`;
  const place = () => ({ practitionerId: one(practitionerIds), roomId: one(roomIds) });
  const wish = () => ({
    patientId: one(patientIds),
    typeId: TYPES.treatment,
    locationId,
    startsAt: startsAt(),
    ...place(),
  });
  const move = (by) => known.length > 0 && post(`appointments/${one(known)}/reschedule`, by);
  const anything = [
    () => post('appointments', wish()),
    () => post('holds', wish()),
    () => known.length > 0 && post(`holds/${one(known)}/confirm`),
    () => known.length > 0 && post(`appointments/${one(known)}/cancel`, { by: 'clinic', reason: 'Proof' }),
    () => known.length > 0 && post(`appointments/${one(known)}/reinstate`, { reason: 'Proof' }),
    () => move({ startsAt: startsAt(), ...place() }),
    () => move({ roomId: one(roomIds) }),
    () => move({ practitionerId: one(practitionerIds) }),
    () => move({ typeId: one([TYPES.treatment, TYPES.short]) }),
    () =>
      post(`waitlist/${one(entryIds)}/offers`, {
        ...place(),
        locationId,
        startsAt: startsAt(),
        reason: 'Proof',
      }),
    () => offered.length > 0 && post(`waitlist-offers/${one(offered)}/accept`),
    () => offered.length > 0 && post(`waitlist-offers/${one(offered)}/decline`, {}),
  ];
  const before = await deadlocks(admin);
  const answers = [];
  let left = attempts;
  const caller = async () => {
    while (left > 0) {
      const answer = await one(anything)();
      if (answer === false) continue;
      left -= 1;
      // What is none (a booking that was never held, a hold that cannot be moved) is refused as absent.
      answers.push(answer.status === 404 ? { ...answer, status: 409 } : answer);
      if (answer.status !== 201) continue;
      if (answer.body.offer) offered.push(answer.body.offer.id);
      else known.push(answer.body.id);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, caller));
  table.line({
    name: 'anything at random, 4 practitioners, 2 rooms',
    rounds: 1,
    winners: [],
    answers,
    unexpected: answers.some(({ status }) => status === 201) ? 0 : 1,
    overlaps: await overlaps(admin),
    deadlocks: (await deadlocks(admin)) - before,
  });
}
