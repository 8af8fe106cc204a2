/** `practitioners` is about a practitioner, `series` about a series. */
export const singular = (word: string): string => word.replace(/ies$/, 'y').replace(/([^s])s$/, '$1');

/** Whether a field of a body or query holds an id of a row; areas are named by words. */
export const isIdField = (name: string): boolean => /(^|[a-z])Ids?$/.test(name) && name !== 'areaIds';
