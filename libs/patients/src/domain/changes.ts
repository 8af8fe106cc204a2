import { QuietHoursEmpty, RefusalReasonMisplaced } from './patients.errors.js';

export type Fields = Readonly<Record<string, unknown>>;

/** What really changes: each such field before and after. Both are empty where everything is as it was. */
export function changedFields(present: Fields, wanted: Fields): { before: Fields; after: Fields } {
  const changed = Object.keys(wanted).filter(
    (field) => wanted[field] !== undefined && !same(present[field] ?? null, wanted[field] ?? null),
  );
  const of = (fields: Fields) => Object.fromEntries(changed.map((field) => [field, fields[field] ?? null]));
  return { before: of(present), after: of(wanted) };
}

/**
 * Whoever agrees to be contacted again needs no reason not to be.
 * @throws RefusalReasonMisplaced, QuietHoursEmpty
 */
export function withContactRules<Change extends ContactChange>(
  present: { readonly doNotContact: boolean },
  change: Change,
): Change {
  const { quietHours, doNotContact = present.doNotContact, doNotContactReason } = change;
  if (quietHours && quietHours.from === quietHours.to) throw new QuietHoursEmpty();
  if (!doNotContact && typeof doNotContactReason === 'string') throw new RefusalReasonMisplaced();
  return doNotContact ? change : { ...change, doNotContactReason: null };
}

interface ContactChange {
  readonly quietHours?: { readonly from: string; readonly to: string } | null;
  readonly doNotContact?: boolean;
  readonly doNotContactReason?: string | null;
}

function same(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null)
    return one === other;
  const [a, b] = [entriesOf(one), entriesOf(other)];
  return a.length === b.length && a.every(([key, value], i) => b[i]?.[0] === key && same(value, b[i][1]));
}

const entriesOf = (value: object): [string, unknown][] =>
  Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
