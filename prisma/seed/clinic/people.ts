import { addDays, type CalendarDate } from '#kernel';

import type { Chance } from '../chance.js';
import type { Clinic } from './clinic.js';
import { FAMILY, FEMALE, HEALTH_FACTS, MALE } from './names.js';
import type { Records } from '../rows.js';

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly birthDate: CalendarDate;
  readonly female: boolean;
  /** The day from which the patient was neither treated nor booked, and why. */
  readonly gone: { readonly on: CalendarDate; readonly cause: 'deceased' | 'transferred' } | null;
  readonly milkAllergy: boolean;
  /** Screening questions this person answers with yes. */
  readonly remarks: readonly string[];
}

// Ranges the regulators keep free for fiction: Ofcom 07700 900xxx, US 555-01xx.
const PHONES = { UK: '+44 7700 900', US: '+1 212 555 01' } as const;

/** Writes the register: names of many languages, invented addresses, a few with something to know about. */
export function register(clinic: Clinic, chance: Chance, records: Records, today: CalendarDate): Person[] {
  const { plan } = clinic;
  const taken = new Set<string>();
  const people = Array.from({ length: plan.patients }, (_, index): Person => {
    const female = chance.happens(0.86);
    let given: string;
    let family: string;
    do {
      given = chance.one(female ? FEMALE : MALE);
      family = chance.one(FAMILY);
    } while (taken.has(`${given} ${family}`));
    taken.add(`${given} ${family}`);
    const birthDate = addDays(today, -Math.round(365.25 * (23 + 38 * chance.next()) + 1));
    const at = new Date(`${addDays(today, -plan.days - 5)}T09:00:00Z`);
    const id = chance.id(at);
    const cause: 'deceased' | 'transferred' | null =
      index === 17 ? 'deceased' : index === 31 ? 'transferred' : null;
    const gone = cause && plan.patients > 100 ? { cause, on: addDays(today, -60) } : null;
    const noContact = index % 29 === 11;
    const digits = String(index).padStart(plan.market === 'UK' ? 3 : 2, '0');
    records.add('patient', {
      id,
      number: index + 1,
      given_name: given,
      family_name: family,
      preferred_name: null,
      birth_date: birthDate,
      sex: female ? 'female' : 'male',
      email: `${plain(given)}.${plain(family)}${index}@example.com`,
      phone: `${PHONES[plan.market]}${digits}`,
      status: gone?.cause ?? 'active',
      status_on: gone?.on ?? null,
      status_recorded_at: gone === null ? null : `${addDays(gone.on, 6)}T10:00:00Z`,
      do_not_contact: noContact,
      contact_channels: noContact ? [] : chance.one([['email'], ['email', 'sms'], ['sms', 'phone']]),
      do_not_contact_reason: noContact ? 'Asked not to be contacted' : null,
      language: plan.market === 'UK' ? 'en-GB' : 'en-US',
      quiet_from: index % 7 === 2 ? '20:00' : null,
      quiet_to: index % 7 === 2 ? '09:00' : null,
      emergency_contact:
        index % 3 === 0
          ? { name: `Sam ${family}`, relation: 'partner', phone: `${PHONES[plan.market]}${digits}` }
          : null,
      general_practitioner:
        plan.market === 'UK' && index % 5 === 2
          ? { name: 'Dr Jane Poe', practice: 'Marylebone Surgery', lettersAgreed: index % 2 === 0 }
          : null,
      note: index % 23 === 5 ? 'Prefers late appointments' : null,
    });
    const milkAllergy = facts(id, index, clinic, records, today);
    const remarks = index % 9 === 4 ? ['bleeding'] : index % 16 === 3 ? ['cardiovascular'] : [];
    return { id, name: `${given} ${family}`, birthDate, female, gone, milkAllergy, remarks };
  });
  return people;
}

function facts(
  patientId: string,
  index: number,
  clinic: Clinic,
  records: Records,
  today: CalendarDate,
): boolean {
  const recordedBy = clinic.prescribers[0];
  const base = new Chronicle(patientId, index);
  if (index % 4 === 1) {
    const { kind, text } = HEALTH_FACTS[index % HEALTH_FACTS.length] ?? HEALTH_FACTS[0];
    const noted = { noted_on: addDays(today, -(index * 3) % 400), recorded_by: recordedBy };
    records.add('health_fact', { id: base.id(1), patient_id: patientId, kind, text, ...noted });
    if (text.startsWith('Cow')) return true;
  }
  if (index % 6 === 0) {
    const passport = { evidence: 'passport', proves: ['identity', 'age'], checked_by: recordedBy };
    const checked_on = addDays(today, -clinic.plan.days - 4);
    records.add('identity_check', { id: base.id(3), patient_id: patientId, ...passport, checked_on });
  }
  const elsewhere = (product_id: string | null, indication: string, area: string, units: number | null) => {
    const given_on = addDays(today, -clinic.plan.days - 200);
    const told = {
      product_id,
      indication,
      area,
      units,
      given_on,
      given_text: given_on,
      recorded_by: recordedBy,
    };
    records.add('prior_toxin', { id: base.id(2), patient_id: patientId, ...told });
  };
  if (index % 25 === 7) elsewhere('ona', 'chronic migraine', 'scalp and neck', 155);
  if (index % 50 === 13) elsewhere(null, 'bruxism', 'masseter', null);
  return false;
}

/** Ids of rows that hang on a patient, made from the patient's own. */
class Chronicle {
  constructor(
    private readonly patientId: string,
    private readonly index: number,
  ) {}

  id(n: number): string {
    return `${this.patientId.slice(0, 24)}${(this.index * 16 + n).toString(16).padStart(12, '0')}`;
  }
}

const plain = (name: string): string =>
  name
    .normalize('NFD')
    .replaceAll('ł', 'l')
    .replaceAll('Ł', 'L')
    .replaceAll('ı', 'i')
    .replaceAll('ø', 'o')
    .replaceAll(/[^A-Za-z]/g, '')
    .toLowerCase();
