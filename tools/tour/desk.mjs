// The receptionist: register, find, offer, book, run the day.
import { chapter, note } from './service.mjs';

const GIVEN = ['Zoë', 'Imogen', 'Søren', 'Amélie', 'Łucja', 'Priya', 'Jürgen', 'Chloé', 'Ngozi', 'Mateja'];
const FAMILY = [
  'Núñez',
  'O’Connell',
  'Łukasik',
  'Håkansson',
  'Fitzgerald',
  'Achterberg',
  'Çelik',
  'Dąbrowska',
  'Ibáñez',
];

const pick = (list) => list[Math.floor(Math.random() * list.length)];
const digits = (n) => String(Math.floor(Math.random() * 10 ** n)).padStart(n, '0');
const plain = (name) =>
  name
    .normalize('NFD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .replaceAll('Ł', 'L')
    .replaceAll('ł', 'l');

/** What the desk would type in a hurry: no accents, one letter lost. */
const typo = (name) => `${plain(name).slice(0, 3)}${plain(name).slice(4)}`.toLowerCase();

const dayAfter = (date, days) => new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10);
const todayIn = (zone) => new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(new Date());

/** @returns the visit: patient, location, appointment (null when the clinic is closed for today: then it is a walk-in), today */
export async function playDesk({ desk, doctor }) {
  chapter('The receptionist');
  const person = {
    givenName: pick(GIVEN),
    familyName: pick(FAMILY),
    birthDate: `19${70 + Math.floor(Math.random() * 29)}-0${1 + Math.floor(Math.random() * 9)}-1${digits(1)}`,
    phone: `+44 7700 900${digits(3)}`,
    email: `guest-${digits(8)}@example.com`,
    contactChannels: ['email'],
  };
  const patient = await desk.send(
    'POST',
    'patients',
    { ...person, notADuplicate: true },
    `registers ${person.givenName} ${person.familyName}, born ${person.birthDate}`,
  );
  note(`patient no. ${patient.number}`);
  const again = await desk.send(
    'POST',
    'patients',
    person,
    'registers the same person once more by mistake',
    [409],
  );
  const [candidate] = again.candidates;
  note(`${again.code}: no. ${candidate.number}, the same ${candidate.because.join(', ')}`);
  const typed = typo(person.familyName);
  const found = await desk.get(
    `patients?find=${encodeURIComponent(`${typed} ${person.birthDate}`)}`,
    `finds her again, typing “${typed}”`,
  );
  note(
    found.items
      .map((one) => `no. ${one.number}  ${one.givenName} ${one.familyName}  ${one.birthDate}`)
      .join('\n'),
  );

  const { items: places } = await desk.get('locations', 'where can it be?');
  note(places.map((one) => `${one.name} (${one.zone}), ${one.rooms.length} rooms`).join('\n'));
  const location = places.find(({ zone }) => zone === 'Europe/London') ?? places[0];
  const { items: types } = await desk.get('appointment-types', 'what can be booked?');
  const [treatment, consultation] = ['treatment', 'consultation'].map((kind) =>
    types.find((one) => one.kind === kind),
  );
  note(`${treatment.name}: ${treatment.durationMinutes} min and ${treatment.bufferAfterMinutes} to tidy up`);
  const today = todayIn(location.zone);
  const wish = `typeId=${treatment.id}&locationId=${location.id}&from=${today}&to=${dayAfter(today, 6)}`;
  const anyone = await desk.get(`availability?${wish}&limit=2000`, 'when is anybody free?');
  const names = new Set(anyone.slots.map(({ practitionerName }) => practitionerName));
  note(`${anyone.slots.length} slots in 7 days with ${[...names].join(', ')}`);
  const free = await desk.get(
    `availability?${wish}&practitionerId=${doctor.id}&limit=5`,
    'and Dr Okafor, first of all?',
  );
  note(free.slots.map((slot) => `${slot.localTime.replace('T', ' ')}  ${slot.roomName}`).join('\n'));
  const [slot] = free.slots;
  const booking = {
    typeId: treatment.id,
    locationId: location.id,
    practitionerId: doctor.id,
    startsAt: slot.startsAt,
  };
  const appointment = await desk.post(
    'appointments',
    { ...booking, patientId: patient.id, areaIds: ['glabella', 'forehead', 'lateral_canthal'] },
    `books ${slot.localTime.replace('T', ' at ')}`,
  );
  note(`${appointment.status} with ${appointment.practitionerName} in ${appointment.roomName}`);
  const other = await desk.send('GET', 'patients?limit=1', undefined, 'another patient wants that very time');
  const taken = await desk.send(
    'POST',
    'appointments',
    { ...booking, patientId: other.items[0].id, typeId: consultation.id },
    'tries to book it twice',
    [409],
  );
  note(
    `${taken.code}: ${taken.blockedBy.map(({ resource }) => resource).join(' and ')} booked; free instead:`,
  );
  note(
    taken.alternatives
      .map((one) => `  ${new Date(one.startsAt).toISOString().slice(0, 16).replace('T', ' ')} UTC`)
      .join('\n'),
  );
  const day = slot.localTime.slice(0, 10);
  const sheet = await desk.get(`day-sheet?locationId=${location.id}&on=${day}`, `looks at ${day}`);
  note(dayLines(sheet.items, appointment.id));
  return { patient, location, today, appointment: day === today ? appointment : null };
}

function dayLines(items, ours) {
  const lines = items.map(
    (one) =>
      `${one.time}  ${one.patientName.padEnd(24)} ${one.typeName.padEnd(20)} ${one.practitionerName.padEnd(20)} ${one.status}` +
      (one.appointmentId === ours ? '  ←' : ''),
  );
  const at = Math.max(0, items.findIndex(({ appointmentId }) => appointmentId === ours) - 3);
  return [...lines.slice(at, at + 7), `(${items.length} in all)`].join('\n');
}
