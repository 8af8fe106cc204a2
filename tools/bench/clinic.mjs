// The clinic that is measured, known to the loader, the load generator and both servers: ids are plain numbers.
const id = (kind, n) => `0190b000-0000-7000-800${kind}-${String(n).padStart(12, '0')}`;

export const CLINIC = id(0, 1);
export const SMALL_CLINIC = id(0, 2);
export const ZONE = 'Europe/London';
export const TREATMENT = id(4, 0);
export const TOKEN = 'bench_'.padEnd(43, '0');
export const PATIENTS = 120_000;
export const PRACTITIONERS = 20;

/** Ten practitioners work at the first location, five at the second, fewer at the others. */
export const LOCATION_OF = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 3, 4, 5];
export const locationId = (n) => id(1, n);
export const roomId = (n) => id(2, n);
export const practitionerId = (n) => id(3, n);
export const typeId = (n) => id(4, n);
export const receptionistId = id(5, 0);
export const sessionId = id(6, 0);
/** Spread over the whole register, as patients call. */
export const patientId = (n) => id(7, n % PATIENTS);

/** From 8 to 20 o'clock in quarters of an hour, Monday to Saturday. */
export const QUARTERS_A_DAY = 48;
export const DAYS_LOADED = 625;
const DAY_MS = 86_400_000;

export const dayAfter = (day, count) =>
  new Date(Date.parse(`${day}T00:00:00Z`) + count * DAY_MS).toISOString().slice(0, 10);
export const isSunday = (day) => new Date(`${day}T00:00:00Z`).getUTCDay() === 0;
/** Working days from a day on. */
export const workingDays = (from, count) => {
  const days = [];
  for (let day = from; days.length < count; day = dayAfter(day, 1)) if (!isSunday(day)) days.push(day);
  return days;
};

const GIVEN =
  'Mary Zoë Aisha Olivia Amelia Freya Isla Ngozi Chiara Lucía Priya Mei Fatima Grace Hannah Ivy Jasmine Keira Leah Maya Nina Orla Petra Quinn Ruth Sofia Tara Uma Vera Willow Ximena Yara Adam Ben Callum Dylan Ethan Finn George Harry';
const FAMILY_START =
  'Ander Bar Carl Dun El Fair Green Hol Ing Jack Kirk Lang Mar Nor Oak Pem Rad Sand Thorn Up Val Wal York Zim Nú Ok Sing Pat Mac O’D';
const FAMILY_END =
  'son ton well worth ley ford er field man burn by dale wick ham gate more lin ing ard owski';
export const names = {
  given: GIVEN.split(' '),
  start: FAMILY_START.split(' '),
  end: FAMILY_END.split(' '),
};
/** The same arithmetic as in the loader's SQL. */
export const personOf = (n) => {
  const { given, start, end } = names;
  const family = start[Math.floor(n / given.length) % start.length];
  return {
    given: given[n % given.length],
    family: `${family}${end[Math.floor(n / given.length / start.length) % end.length]}`,
    phone: `7${String((n * 7919) % 1_000_000_000).padStart(9, '0')}`,
  };
};
