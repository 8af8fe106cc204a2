const THINGS: Readonly<Record<string, string>> = {
  patient: 'the personal details',
  appointment: 'an appointment',
  consultation: 'a consultation',
  treatment: 'the treatment record',
  'follow-up': 'a follow-up',
  'repeat-visits': 'when the next visit is due',
  waitlist: 'the place on the waiting list',
  hold: 'a time kept for a visit',
  erasure: 'the erasure of the record',
  export: 'a copy of the whole record',
  audit: 'who looked at the record',
  emergency: 'the record, in an emergency',
  'legal-hold': 'a legal hold on the record',
};

const DEEDS: Readonly<Record<string, string>> = {
  read: 'saw',
  list: 'saw',
  'read-history': 'saw the history of',
  register: 'wrote down',
  change: 'changed',
  open: 'opened',
  book: 'booked',
  cancel: 'cancelled',
  sign: 'signed',
  request: 'asked for',
  make: 'made',
  download: 'took out',
  execute: 'carried out',
};

/** What somebody did to a record, for the patient whose record it is: "saw the treatment record". */
export function plainWords(action: string, outcome: string): string {
  const dot = action.lastIndexOf('.');
  const [entity, verb] = [action.slice(0, dot), action.slice(dot + 1)];
  const thing = THINGS[entity] ?? `the ${entity.replaceAll('-', ' ')}`;
  const deed = DEEDS[verb];
  if (outcome === 'refused') return `was refused ${entity === 'request' ? 'a look at the record' : thing}`;
  return deed === undefined ? `worked on ${thing} (${verb.replaceAll('-', ' ')})` : `${deed} ${thing}`;
}
