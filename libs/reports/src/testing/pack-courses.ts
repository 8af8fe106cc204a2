import { toEpochDay, type CalendarDate } from '#kernel';
import type { TreatmentFacts } from '../domain/return-filter.js';
import type { Setting } from '../domain/courses/cuts.js';
import { NEVER } from '../domain/courses/packed-courses.js';

/** Packs courses as the database does, for rules that are tried without one. Numbers stand for patients. */
export function packCourses(courses: ReadonlyMap<number, readonly TreatmentFacts[]>): {
  chunks: Uint8Array[];
  settings: Setting[];
} {
  const settings: Setting[] = [];
  const settingOf = (
    { practitionerId, locationId }: TreatmentFacts,
    area: string,
    product: string,
  ): number => {
    const known = settings.find(
      (one) =>
        one.practitionerId === practitionerId &&
        one.locationId === locationId &&
        one.area === area &&
        one.product === product,
    );
    if (known) return known.n;
    settings.push({ n: settings.length + 1, practitionerId, locationId, area, product });
    return settings.length;
  };
  const chunks = [...courses].map(([number, treatments]) => {
    const doses = treatments
      .filter(({ kind, signedOn }) => kind === 'full' && signedOn !== null)
      .flatMap((treatment) => treatment.doses.map(({ area, product }) => ({ treatment, area, product })))
      .toSorted((a, b) => (a.treatment.treatedOn + a.area < b.treatment.treatedOn + b.area ? -1 : 1));
    const words = new DataView(new ArrayBuffer((2 + doses.length * 3) * 4));
    words.setUint32(0, number);
    words.setUint32(4, doses.length);
    const day = (date: CalendarDate | null): number => (date === null ? NEVER : toEpochDay(date));
    for (const [i, { treatment, area, product }] of doses.entries()) {
      const at = 8 + i * 12;
      words.setUint32(at, settingOf(treatment, area, product));
      words.setUint16(at + 4, day(treatment.treatedOn));
      words.setUint16(at + 6, day(treatment.signedOn));
      words.setUint16(at + 8, day(treatment.withdrawnOn));
    }
    return new Uint8Array(words.buffer);
  });
  return { chunks, settings };
}
