import type { Named } from './identifiers.js';
import { isPseudonym } from './pseudonym.js';

type Row = Readonly<Record<string, unknown>>;

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const fieldsOf = (value: unknown): Row => (typeof value === 'object' && value !== null ? { ...value } : {});

/** Who the records say it is, who their changes say it was, and whom they say to call; a pseudonym is nobody's name. */
export function namedIn(rows: ReadonlyMap<string, readonly Row[]>): Named[] {
  const patients = rows.get('patient') ?? [];
  const changes = rows.get('patient_change') ?? [];
  return [
    ...patients.filter((row) => !isPseudonym(row)).map(namedOf),
    ...changes.flatMap(({ before, after }) => [beforeOf(fieldsOf(before)), beforeOf(fieldsOf(after))]),
    ...patients.map(({ emergency_contact: contact }) => ({ phone: text(fieldsOf(contact)['phone']) })),
  ];
}

const namedOf = (row: Row): Named => ({
  givenName: text(row['given_name']),
  familyName: text(row['family_name']),
  preferredName: text(row['preferred_name']),
  email: text(row['email']),
  phone: text(row['phone']),
  birthDate: text(row['birth_date']),
});

const beforeOf = (fields: Row): Named => ({
  givenName: text(fields['givenName']),
  familyName: text(fields['familyName']),
  preferredName: text(fields['preferredName']),
  email: text(fields['email']),
  phone: text(fields['phone']),
  birthDate: text(fields['birthDate']),
});
