// The limit's own interval arithmetic: as little as gives the same slots on days without a clock change.
const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
const offsets = new Map();

/** Offset from UTC at noon of a day, asked once a zone and day. */
function offsetOn(day, zone) {
  const key = `${zone} ${day}`;
  let offset = offsets.get(key);
  if (offset === undefined) {
    offset = Temporal.ZonedDateTime.from(`${day}T12:00[${zone}]`).offsetNanoseconds / 1e6;
    offsets.set(key, offset);
  }
  return offset;
}

const minutesOf = (time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
/** @returns {number} epoch ms */
export const instantOf = (day, time, zone) =>
  Date.parse(`${day}T00:00:00Z`) + minutesOf(time) * MINUTE - offsetOn(day, zone);
export const wallClock = (at, zone) => {
  const offset = offsetOn(new Date(at).toISOString().slice(0, 10), zone);
  return new Date(at + offset).toISOString().slice(11, 16);
};

export function availableSlots({ setUp, from, to, busy, practitionerIds, roomIds, limit, stepMinutes }) {
  const { type, location, practitioners } = setUp;
  const { zone, rooms } = location;
  const taken = new Map([...busy.practitioners, ...busy.rooms]);
  for (const spans of taken.values()) spans.sort((a, b) => a.start - b.start);
  const [before, after] = [type.bufferBeforeMinutes * MINUTE, type.bufferAfterMinutes * MINUTE];
  const length = type.durationMinutes * MINUTE;
  const next = new Map([...practitionerIds, ...roomIds].map((id) => [id, 0]));
  const free = (id, start, end) => {
    const spans = taken.get(id) ?? [];
    let i = next.get(id);
    while (i < spans.length && spans[i].end <= start) i += 1;
    next.set(id, i);
    return i === spans.length || spans[i].start >= end;
  };
  const names = new Map([...practitioners, ...rooms].map(({ id, name }) => [id, name]));
  const able = practitioners.filter(({ id }) => practitionerIds.includes(id));
  const slots = [];
  let found = 0;
  const first = Date.parse(`${from}T00:00:00Z`);
  for (let midnight = first; midnight <= Date.parse(`${to}T00:00:00Z`); midnight += DAY) {
    const day = new Date(midnight).toISOString().slice(0, 10);
    const weekday = new Date(midnight).getUTCDay() || 7;
    const shifts = able.map(({ weekly }) => weekly.filter((shift) => shift.weekday === weekday));
    const open = location.weekly.filter((hours) => hours.weekday === weekday);
    const base = midnight - offsetOn(day, zone);
    for (let minute = 0; minute < 1440; minute += stepMinutes) {
      const startsAt = base + minute * MINUTE;
      const [start, end] = [startsAt - before, startsAt + length + after];
      const within = ({ start: opens, end: closes }) =>
        base + minutesOf(opens) * MINUTE <= start && end <= base + minutesOf(closes) * MINUTE;
      if (!open.some(within)) continue;
      let roomId;
      able.forEach(({ id }, index) => {
        if (!shifts[index].some(within) || !free(id, start, end)) return;
        roomId ??= roomIds.find((room) => free(room, start, end));
        if (roomId === undefined) return;
        found += 1;
        if (slots.length === limit) return;
        slots.push({
          startsAt: new Date(startsAt),
          endsAt: new Date(startsAt + length),
          practitionerId: id,
          roomId,
          localTime: `${day}T${wallClock(startsAt, zone)}`,
          practitionerName: names.get(id),
          roomName: names.get(roomId),
        });
      });
    }
  }
  return { zone, slots, truncated: found > slots.length };
}
