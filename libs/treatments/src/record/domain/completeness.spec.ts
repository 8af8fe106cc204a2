import { MARKETS, seedCatalogue } from '#catalogue';
import { describe, expect, it } from '@jest/globals';

import { completeness, type RecordFacts } from './completeness.js';
import { FIELD_COUNT, LATER_FIELDS, RECORD_ITEMS } from './record-demands.js';

const NOTHING: RecordFacts['record'] = {
  identityChecked: null,
  historyConfirmed: false,
  anaesthesia: null,
  immediateReaction: null,
  aftercareVersion: null,
  reviewChoice: null,
  photosBefore: null,
  windowShown: false,
  gpLetter: null,
};
const EMPTY: RecordFacts = {
  kind: 'full',
  on: '2026-03-02',
  record: NOTHING,
  injections: [],
  lots: [],
  offLabelWithoutConsent: [],
  earlyUndecided: [],
  consultation: null,
};
const WHOLE: RecordFacts = {
  ...EMPTY,
  record: {
    identityChecked: 'photo-id',
    historyConfirmed: true,
    anaesthesia: 'none',
    immediateReaction: 'none',
    aftercareVersion: '2026-10',
    reviewChoice: 'booked',
    photosBefore: 'taken',
    windowShown: true,
    gpLetter: 'declined',
  },
  injections: [
    {
      area: 'glabella',
      muscle: 'procerus',
      x: 0.5,
      y: 0.4,
      depth: 'intramuscular',
      needle: '32G',
      lotId: 'l',
      volumeMl: 0.1,
    },
  ],
  lots: [{ id: 'l', gtin: '00300239232013', serial: 'S1' }],
  consultation: {
    isSigned: true,
    prescriberId: 'p',
    faceToFaceOn: '2026-03-01',
    consents: [
      { kind: 'treatment', covers: ['risks', 'alternatives', 'no-treatment', 'costs'], costAmount: null },
    ],
    severity: [{ area: 'glabella' }],
    screening: [{ questionId: 'keloid', answeredOn: '2026-01-10' }],
    unanswered: [],
  },
};
const codes = (facts: RecordFacts, market: (typeof MARKETS)[number] = 'UK') =>
  completeness(facts, market).missing.map(({ code }) => code);
const point = WHOLE.injections[0];

describe('the completeness of a treatment record', () => {
  it('has the 22 fields the catalogue names, each with something to ask or kept by the service', () => {
    expect(seedCatalogue().treatmentRecordFields).toHaveLength(FIELD_COUNT);
    const asked = new Set(RECORD_ITEMS.map(({ field }) => field));
    const unasked = Array.from({ length: FIELD_COUNT }, (_, i) => i + 1).filter(
      (field) => !asked.has(field as never),
    );
    expect(unasked).toEqual([3, 14, ...LATER_FIELDS]);
    expect(new Set(RECORD_ITEMS.map(({ code }) => code)).size).toBe(RECORD_ITEMS.length);
  });

  it.each(MARKETS)('misses nothing in a whole record in %s', (market) => {
    const { missing, fields } = completeness(WHOLE, market);
    expect(missing).toEqual([]);
    expect(fields.map(({ field }) => field)).toEqual(Array.from({ length: FIELD_COUNT }, (_, i) => i + 1));
    expect(fields.filter(({ state }) => state === 'later').map(({ field }) => field)).toEqual([19, 20]);
  });

  it('says of an empty draft exactly what is missing and what of it blocks signing', () => {
    const { missing } = completeness(EMPTY, 'UK');
    expect(missing.filter(({ blocks }) => blocks).map(({ field, code }) => `${field} ${code}`)).toEqual([
      '1 identity_unverified',
      '2 prescriber_missing',
      '2 face_to_face_missing',
      '4 history_unanswered',
      '4 history_not_confirmed',
      '5 prior_toxin_unanswered',
      '6 pregnancy_unanswered',
      '6 breastfeeding_unanswered',
      '7 body_image_unanswered',
      '10 consent_missing',
      '13 injections_missing',
      '17 reaction_missing',
      '17 aftercare_missing',
    ]);
    expect(missing.filter(({ blocks }) => !blocks).map(({ field, code }) => `${field} ${code}`)).toEqual([
      '2 consultation_unsigned',
      '10 risks_untold',
      '10 alternatives_untold',
      '10 no_treatment_untold',
      '10 costs_untold',
      '15 anaesthesia_missing',
      '16 photos_missing',
      '18 review_unoffered',
      '21 window_not_shown',
      '22 gp_letter_missing',
    ]);
    for (const { where, text } of missing)
      expect([where, text]).toEqual([expect.stringContaining('/v1/'), expect.any(String)]);
  });

  it('asks for the letter to the patient’s own doctor in the UK only, and blocks on identity there only', () => {
    const facts = { ...WHOLE, record: { ...WHOLE.record, gpLetter: null, identityChecked: null } };
    const [uk, us] = [completeness(facts, 'UK'), completeness(facts, 'US')];
    expect(uk.missing).toMatchObject([
      { code: 'identity_unverified', blocks: true },
      { code: 'gp_letter_missing', blocks: false },
    ]);
    expect(us.missing).toMatchObject([{ code: 'identity_unverified', blocks: false }]);
    expect(us.fields[21]).toEqual({ field: 22, state: 'not-asked' });
  });

  it.each<[string, Partial<RecordFacts>, string[], string[]]>([
    [
      'a point without its muscle',
      { injections: point ? [{ ...point, muscle: null }] : [] },
      ['muscle_missing'],
      ['glabella'],
    ],
    [
      'a point off the map',
      { injections: point ? [{ ...point, x: null }] : [] },
      ['place_missing'],
      ['glabella'],
    ],
    [
      'a vial nobody knows the dilution of',
      { injections: point ? [{ ...point, volumeMl: null }] : [] },
      ['dilution_unknown'],
      ['glabella'],
    ],
    [
      'a pack that was typed',
      { lots: [{ id: 'l', gtin: null, serial: null }] },
      ['pack_code_missing'],
      ['l'],
    ],
    [
      'off-label use nobody consented to',
      { offLabelWithoutConsent: ['masseter'] },
      ['off_label_consent_missing'],
      ['masseter'],
    ],
    [
      'a treatment too early that nobody decided on',
      { earlyUndecided: ['glabella'] },
      ['early_reason_missing'],
      ['glabella'],
    ],
  ])('names %s and where', (_, facts, missing, of) => {
    const found = completeness({ ...WHOLE, ...facts }, 'UK').missing;
    expect(found.map(({ code }) => code)).toEqual(missing);
    expect(found[0]?.of).toEqual(of);
  });

  it('takes the history answered on the day as gone through again', () => {
    const { consultation } = WHOLE;
    const record = { ...WHOLE.record, historyConfirmed: false };
    expect(codes({ ...WHOLE, record })).toEqual(['history_not_confirmed']);
    const screening = [
      { questionId: 'keloid', answeredOn: '2026-03-02' },
      { questionId: 'pregnancy', answeredOn: null },
    ];
    expect(codes({ ...WHOLE, record, consultation: consultation && { ...consultation, screening } })).toEqual(
      [],
    );
  });

  it('asks a touch-up for nothing its session has already', () => {
    const record = { ...WHOLE.record, photosBefore: null, reviewChoice: null };
    const facts = {
      ...WHOLE,
      record,
      consultation: WHOLE.consultation && { ...WHOLE.consultation, severity: [] },
    };
    expect(codes(facts)).toEqual(['severity_missing', 'photos_missing', 'review_unoffered']);
    expect(codes({ ...facts, kind: 'touch-up' })).toEqual([]);
  });
});
