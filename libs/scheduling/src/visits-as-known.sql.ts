// How a statement about the past sees visit `v` as it stood then.

/** The status of visit `v` at an instant, as `column`; joined laterally. */
export const statusAt = (instant: string, column: string): string => `
    LEFT JOIN LATERAL (SELECT c.status FROM visit_change c
                        WHERE c.clinic_id = v.clinic_id AND c.visit_id = v.visit_id AND c.at < ${instant}
                        ORDER BY c.version DESC LIMIT 1) ${column} ON true`;

/** Where visit `v` was before the first move since an instant, as `moved`; all null where there was none. */
export const movedSince = (instant: string): string => `
    LEFT JOIN LATERAL (SELECT m.* FROM visit_moved m
                        WHERE m.clinic_id = v.clinic_id AND m.visit_id = v.visit_id AND m.at >= ${instant}
                        ORDER BY m.version LIMIT 1) moved ON true`;
