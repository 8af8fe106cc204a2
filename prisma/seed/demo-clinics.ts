import type { ClinicPlan } from './clinic/clinic.js';

const hour = (h: number): number => h * 60;

/** The clinic of the README: two places in two zones, four practitioners, fifteen months of visits. */
export const HARLEY: ClinicPlan = {
  clinicId: '0199a0c0-0001-7000-8000-0000000a51e7',
  slug: 'harley',
  name: 'Harley Row Aesthetics',
  market: 'UK',
  seed: 20_261_123,
  domain: 'harley.example',
  staff: [
    { key: 'desk', displayName: 'Rosa Bennett', roles: ['receptionist'] },
    {
      key: 'okafor',
      displayName: 'Dr Adaeze Okafor',
      roles: ['practitioner'],
      isPrescriber: true,
      registration: ['GMC', '7000001'],
    },
    {
      key: 'nurse',
      displayName: 'Nadia Kowalska RN',
      roles: ['practitioner'],
      registration: ['NMC', '99A0001E'],
    },
    {
      key: 'lindqvist',
      displayName: 'Dr Elin Lindqvist',
      roles: ['practitioner', 'admin'],
      isPrescriber: true,
      registration: ['GMC', '7000002'],
    },
    {
      key: 'reyes',
      displayName: 'Mateo Reyes RN',
      roles: ['practitioner'],
      registration: ['NMC', '99A0002E'],
    },
    { key: 'admin', displayName: 'Graham Whitlock', roles: ['admin'] },
  ],
  locations: [
    {
      name: 'Harley Row, London',
      zone: 'Europe/London',
      rooms: ['Room 1', 'Room 2', 'Room 3'],
      opens: hour(8),
      closes: hour(20),
    },
    {
      name: 'Calle Serrano, Madrid',
      zone: 'Europe/Madrid',
      rooms: ['Sala 1', 'Sala 2'],
      opens: hour(9),
      closes: hour(20),
    },
  ],
  work: [
    {
      staff: 'okafor',
      location: 'Harley Row, London',
      weekdays: [1, 2, 3, 4, 5, 6, 7],
      hours: [hour(8), hour(18)],
    },
    {
      staff: 'nurse',
      location: 'Harley Row, London',
      weekdays: [2, 3, 4, 5, 6, 7],
      hours: [hour(10), hour(20)],
    },
    { staff: 'lindqvist', location: 'Harley Row, London', weekdays: [1, 2, 3], hours: [hour(9), hour(17)] },
    { staff: 'lindqvist', location: 'Calle Serrano, Madrid', weekdays: [4, 5], hours: [hour(10), hour(18)] },
    {
      staff: 'reyes',
      location: 'Calle Serrano, Madrid',
      weekdays: [1, 2, 3, 4, 5, 6],
      hours: [hour(10), hour(19)],
    },
  ],
  products: [
    ['ona', 52],
    ['abo', 20],
    ['inco', 16],
    ['rela', 12],
  ],
  patients: 150,
  days: 455,
};

/** A small neighbour in another market, to see that no clinic sees another. */
export const SOHO: ClinicPlan = {
  clinicId: '0199a0c0-0002-7000-8000-00000050a0e1',
  slug: 'soho-ny',
  name: 'Soho Skin Studio',
  market: 'US',
  seed: 11_201,
  domain: 'soho-ny.example',
  staff: [
    { key: 'desk', displayName: 'Kim Alvarez', roles: ['receptionist'] },
    {
      key: 'whitfield',
      displayName: 'Dr June Whitfield',
      roles: ['practitioner'],
      isPrescriber: true,
      registration: ['NYSED', '000001'],
    },
    { key: 'admin', displayName: 'Sam Okun', roles: ['admin'] },
  ],
  locations: [
    { name: 'Mercer Street', zone: 'America/New_York', rooms: ['Suite A'], opens: hour(9), closes: hour(18) },
  ],
  work: [
    {
      staff: 'whitfield',
      location: 'Mercer Street',
      weekdays: [1, 2, 3, 4, 5, 6],
      hours: [hour(9), hour(17)],
    },
  ],
  products: [
    ['ona', 60],
    ['daxi', 40],
  ],
  patients: 12,
  days: 300,
};
