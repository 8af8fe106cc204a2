// What is asked: for each scenario the i-th request, spread over people, days and patients as a clinic's day is.
import {
  dayAfter,
  isSunday,
  LOCATION_OF,
  locationId,
  patientId,
  personOf,
  practitionerId,
  PRACTITIONERS,
  QUARTERS_A_DAY,
  roomId,
  TOKEN,
  TREATMENT,
  workingDays,
} from './clinic.mjs';

/** Beyond the loaded diary and within the clinic's horizon, so that every quarter is free. */
const FREE_FROM_DAYS = 190;
const FREE_DAYS = 165;
const LARGE_PRIME = 7919;

const get = (path) => ({ method: 'GET', path });

const availability = (today, i, days, practitioner) => {
  const from = dayAfter(today, 2 + (i % 60));
  const whom = practitioner === null ? '' : `&practitionerId=${practitionerId(practitioner)}`;
  const to = dayAfter(from, days - 1);
  const where = locationId(LOCATION_OF[practitioner ?? 0]);
  return get(`/v1/availability?typeId=${TREATMENT}&locationId=${where}&from=${from}&to=${to}${whom}`);
};

/** Every i is another free quarter of one of twenty practitioners. */
const booking = (today, i) => {
  const practitioner = i % PRACTITIONERS;
  const nth = Math.floor(i / PRACTITIONERS);
  const days = workingDays(dayAfter(today, FREE_FROM_DAYS), FREE_DAYS);
  const day = days[nth % FREE_DAYS];
  const quarter = Math.floor(nth / FREE_DAYS);
  if (quarter >= QUARTERS_A_DAY) throw new Error('All free times are booked: measure for shorter');
  const time = `${String(8 + Math.floor(quarter / 4)).padStart(2, '0')}:${String((quarter % 4) * 15).padStart(2, '0')}`;
  return {
    method: 'POST',
    path: '/v1/appointments',
    key: `bench-${today}-${i}`,
    body: {
      patientId: patientId(i * LARGE_PRIME),
      typeId: TREATMENT,
      locationId: locationId(LOCATION_OF[practitioner]),
      practitionerId: practitionerId(practitioner),
      roomId: roomId(practitioner),
      startsAt: `${day}T${time}`,
      areaIds: ['glabella'],
    },
  };
};

const search = (i) => {
  const { given, family, phone } = personOf((i * LARGE_PRIME) % 100_000);
  const typed = [`${given} ${family}`, phone, `${family} ${given.slice(0, 3)}`][i % 3];
  return get(`/v1/patients?limit=20&find=${encodeURIComponent(typed)}`);
};

const oneDay = (today, i, alerts) => {
  let day = dayAfter(today, 3 + (i % 40));
  if (isSunday(day)) day = dayAfter(day, 1);
  return get(`/v1/day-sheet?locationId=${locationId(1)}&on=${day}${alerts}`);
};

/** @type {Record<string, { title: string, wanted: number, request: (today: string, i: number) => any }>} */
export const SCENARIOS = {
  'availability-1x1': {
    title: 'availability, 1 practitioner × 1 day',
    wanted: 0.5,
    request: (today, i) => {
      const day = dayAfter(today, 2 + (i % 60));
      return isSunday(day)
        ? availability(today, i + 1, 1, i % PRACTITIONERS)
        : availability(today, i, 1, i % PRACTITIONERS);
    },
  },
  'availability-1x14': {
    title: 'availability, 1 practitioner × 14 days',
    wanted: 0.5,
    request: (today, i) => availability(today, i, 14, i % PRACTITIONERS),
  },
  'availability-10x14': {
    title: 'availability, any of 10 × 14 days',
    wanted: 0.5,
    request: (today, i) => availability(today, i, 14, null),
  },
  book: { title: 'book', wanted: 0.5, request: booking },
  'day-sheet': {
    title: 'day sheet of 200',
    wanted: 0.6,
    request: (today, i) => oneDay(today, i, '&alerts=false'),
  },
  'day-sheet-alerts': {
    title: 'day sheet of 200 with alerts (not in limit)',
    wanted: 0,
    request: (today, i) => oneDay(today, i, ''),
  },
  search: { title: 'patient search', wanted: 0.5, request: (_, i) => search(i) },
  read: {
    title: 'patient read',
    wanted: 0.4,
    request: (_, i) => get(`/v1/patients/${patientId(i * LARGE_PRIME)}`),
  },
};

/** The request as it goes over the wire. */
export function wire({ method, path, key, body }) {
  const text = body === undefined ? '' : JSON.stringify(body);
  const headers = [
    `${method} ${path} HTTP/1.1`,
    'host: bench',
    `authorization: Bearer ${TOKEN}`,
    ...(key === undefined ? [] : [`idempotency-key: ${key}`]),
    ...(text === '' ? [] : ['content-type: application/json', `content-length: ${Buffer.byteLength(text)}`]),
  ];
  return `${headers.join('\r\n')}\r\n\r\n${text}`;
}
