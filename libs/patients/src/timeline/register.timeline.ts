import type { TimelineSource } from './timeline.port.js';

// The register knows no location: its days are those of UTC.
const DAY = (at: string): string => `(${at} AT TIME ZONE 'UTC')::date`;

/** What the register itself has to tell of a patient. */
export const REGISTER_TIMELINE: readonly TimelineSource[] = [
  {
    permission: 'patients:read',
    select: `
      SELECT 'departure' AS kind, patient_id AS id, at, ${DAY('at')} AS day,
             CASE verb WHEN 'depart' THEN 'Left care' WHEN 'returned' THEN 'Came back' ELSE 'Departure recorded by mistake' END AS title,
             after ->> 'status' AS status
        FROM patient_change
       WHERE clinic_id = $1 AND patient_id = ANY ($2::uuid[]) AND verb IN ('depart', 'returned', 'recorded-by-mistake')`,
  },
  {
    permission: 'patients:read',
    select: `
      SELECT 'merge' AS kind, m.id, m.merged_at AS at, ${DAY('m.merged_at')} AS day,
             'Record ' || f.number || ' united with ' || i.number AS title,
             CASE WHEN m.undone_at IS NULL THEN 'in-force' ELSE 'undone' END AS status
        FROM patient_merge m
        JOIN patient f ON f.clinic_id = m.clinic_id AND f.id = m.from_id
        JOIN patient i ON i.clinic_id = m.clinic_id AND i.id = m.into_id
       WHERE m.clinic_id = $1 AND (m.from_id = ANY ($2::uuid[]) OR m.into_id = ANY ($2::uuid[]))`,
  },
  {
    permission: 'charts:read',
    select: `
      SELECT 'prior-toxin' AS kind, id, created_at AS at, given_on AS day, 'Toxin elsewhere: ' || indication AS title,
             CASE WHEN error_at IS NULL THEN 'recorded' ELSE 'entered-in-error' END AS status
        FROM prior_toxin WHERE clinic_id = $1 AND patient_id = ANY ($2::uuid[])`,
  },
  {
    permission: 'charts:read',
    select: `
      SELECT kind, id, created_at AS at, noted_on AS day, text AS title,
             CASE WHEN error_at IS NOT NULL THEN 'entered-in-error' WHEN ended_on IS NOT NULL THEN 'ended' ELSE 'in-force' END AS status
        FROM health_fact WHERE clinic_id = $1 AND patient_id = ANY ($2::uuid[])`,
  },
  {
    permission: 'charts:read',
    select: `
      SELECT 'photo' AS kind, id, created_at AS at, taken_on AS day, 'Photo ' || phase || ': ' || view || ', ' || expression AS title,
             CASE WHEN error_at IS NULL THEN 'recorded' ELSE 'entered-in-error' END AS status
        FROM photo WHERE clinic_id = $1 AND patient_id = ANY ($2::uuid[])`,
  },
  document(`kind = 'clinical'`, 'charts:read'),
  document(`kind <> 'clinical'`, 'patients:read'),
];

function document(which: string, permission: TimelineSource['permission']): TimelineSource {
  return {
    permission,
    select: `
      SELECT 'document' AS kind, id, created_at AS at, dated_on AS day, title,
             CASE WHEN error_at IS NULL THEN 'recorded' ELSE 'entered-in-error' END AS status
        FROM patient_document WHERE clinic_id = $1 AND patient_id = ANY ($2::uuid[]) AND ${which}`,
  };
}
