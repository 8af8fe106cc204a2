// The practitioner: screen, decide, clear, inject, sign.
import { chapter, note } from './service.mjs';

const PLAN = [
  { area: 'glabella', product: 'ona', units: 20 },
  { area: 'forehead', product: 'ona', units: 20 },
  { area: 'lateral_canthal', product: 'ona', units: 24 },
];

/** Points on the face map (0 to 1 from the top left), four units each. */
const POINTS = {
  glabella: [
    ['midline', 'procerus', 0.5, 0.36],
    ['left', 'corrugator supercilii', 0.46, 0.34],
    ['left', 'corrugator supercilii', 0.43, 0.33],
    ['right', 'corrugator supercilii', 0.54, 0.34],
    ['right', 'corrugator supercilii', 0.57, 0.33],
  ],
  forehead: [
    ['midline', 'frontalis', 0.5, 0.22],
    ['left', 'frontalis', 0.42, 0.22],
    ['left', 'frontalis', 0.35, 0.24],
    ['right', 'frontalis', 0.58, 0.22],
    ['right', 'frontalis', 0.65, 0.24],
  ],
  lateral_canthal: [
    ['left', 'orbicularis oculi (lateral)', 0.25, 0.4],
    ['left', 'orbicularis oculi (lateral)', 0.24, 0.43],
    ['left', 'orbicularis oculi (lateral)', 0.25, 0.46],
    ['right', 'orbicularis oculi (lateral)', 0.75, 0.4],
    ['right', 'orbicularis oculi (lateral)', 0.76, 0.43],
    ['right', 'orbicularis oculi (lateral)', 0.75, 0.46],
  ],
};

export async function playTreatment({ doctor }, visit) {
  chapter('The practitioner');
  await arrive(doctor, visit);
  const clearanceId = await consult(doctor, visit);
  const template = await usualPoints(doctor);
  const { items: lots } = await doctor.get(
    `lots?product=ona&usableOn=${visit.today}&limit=3`,
    'which lots may be used today?',
  );
  note(lots.map((lot) => `${lot.number}, expires ${lot.expiresOn}`).join('\n'));
  const place = { patientId: visit.patient.id, locationId: visit.location.id, clearanceId, kind: 'full' };
  const draft = await doctor.post(
    'treatments',
    {
      ...place,
      ...(visit.appointment ? { appointmentId: visit.appointment.id } : {}),
      fill: { templateId: template.id, lotIds: [lots[0].id] },
    },
    'begins to chart, from her usual upper face',
  );
  const injections = draft.injections.map(({ lotNumber: _, id: __, depth, volumeMl, ...point }) => ({
    ...point,
    depth: depth ?? 'intramuscular',
    ...(volumeMl === null ? {} : { volumeMl }),
  }));
  const forgotten = injections.filter(({ area }) => area === 'forehead');
  const guarded = await doctor.put(
    `treatments/${draft.id}/injections`,
    { injections: forgotten },
    'the forehead alone',
  );
  note(
    guarded.doseFindings
      .map(({ flag, severity, sources }) => `${severity}: ${flag}  [${sources}]`)
      .join('\n'),
  );
  const lacking = await doctor.get(`treatments/${draft.id}/completeness`, 'what is missing in the record?');
  note(lacking.missing.map(({ field, text, blocks }) => `${blocks ? '✗' : '·'} ${field} ${text}`).join('\n'));
  const record = {
    identityChecked: 'photo-id',
    historyConfirmed: true,
    anaesthesia: 'none',
    immediateReaction: 'none',
    aftercareVersion: '2026-10',
    reviewChoice: 'offered',
    photosBefore: 'taken',
    windowShown: true,
    gpLetter: 'declined',
  };
  const charted = await doctor.put(
    `treatments/${draft.id}`,
    { injections, record },
    'all sixteen points of the plan, and the rest of the record',
  );
  note(
    charted.totals
      .map((one) => `${one.area.padEnd(16)} ${one.points} points  ${one.units} U  ${one.volumeMl} mL`)
      .join('\n'),
  );
  note(
    charted.doseFindings.length === 0 ? 'nothing to find fault with' : JSON.stringify(charted.doseFindings),
  );
  const signed = await doctor.post(
    `treatments/${draft.id}/sign`,
    { meaning: 'I gave this treatment as recorded' },
    'signs',
  );
  note(`${signed.status} by ${signed.signature.name}, sha-256 ${signed.signature.contentHash.slice(0, 16)}…`);
  const late = await doctor.send(
    'PUT',
    `treatments/${draft.id}/injections`,
    { injections: [] },
    'wants to change it',
    [409],
  );
  note(`${late.code}: ${late.title}`);
}

/** Her usual points, kept once: another tour finds them there. */
async function usualPoints(doctor) {
  const { items } = await doctor.get('treatment-templates', 'which templates does she have?');
  const [known] = items;
  if (known) return known;
  const points = Object.entries(POINTS).flatMap(([area, places]) =>
    places.map(([side, muscle, x, y]) => ({
      area,
      side,
      muscle,
      x,
      y,
      depth: 'intramuscular',
      needle: '32G 4 mm',
      product: 'ona',
      units: 4,
    })),
  );
  return doctor.post(
    'treatment-templates',
    { name: 'My usual upper face', points },
    'keeps her usual upper face',
  );
}

async function arrive(doctor, { appointment }) {
  if (!appointment)
    return note('\nThe clinic is closed for today, so she is seen as a walk-in and keeps her booking.');
  const arrived = await doctor.post(`appointments/${appointment.id}/check-in`, {}, 'she is here');
  note(arrived.status);
  const started = await doctor.post(`appointments/${appointment.id}/start`, {}, 'and in the room');
  note(started.status);
}

async function consult(doctor, { patient, location, appointment }) {
  const begun = await doctor.post(
    'consultations',
    {
      patientId: patient.id,
      locationId: location.id,
      plan: PLAN,
      ...(appointment ? { appointmentId: appointment.id } : {}),
    },
    'plans frown lines, forehead and crow’s feet',
  );
  note(`${begun.unanswered.length} questions to ask, because a rule of this market depends on each`);
  const { questions } = await doctor.get('screening-questionnaire', 'the questionnaire');
  const answers = questions.map(({ id, answers: [first] }) => ({
    questionId: id,
    value: id === 'dry_eye' ? 'yes' : first,
  }));
  const path = `consultations/${begun.id}`;
  const screened = await doctor.put(`${path}/answers`, { answers }, 'everything is well, but for dry eyes');
  note(
    screened.findings
      .map(({ severity, ruleCode, text, sources }) => `${severity}: ${ruleCode} ${text} [${sources}]`)
      .join('\n'),
  );
  const early = await doctor.send('POST', `${path}/clear`, {}, 'wants to clear her right away', [422]);
  note(`${early.code}: ${early.title}`);
  for (const { key, severity } of screened.findings) {
    await doctor.post(
      `${path}/findings/${encodeURIComponent(key)}/decide`,
      {
        decision: severity === 'acknowledge' ? 'acknowledged' : 'proceed',
        reason: 'Mild; lubricating drops advised',
      },
      `decides on it, with a reason`,
    );
  }
  const consent = {
    kind: 'treatment',
    textVersion: '2026-10',
    text: 'I was told of risks, alternatives and of doing nothing, and I agree.',
    signedName: `${patient.givenName} ${patient.familyName}`,
    covers: ['risks', 'alternatives', 'no-treatment'],
    cost: { amount: 350, currency: 'GBP' },
  };
  await doctor.post(`${path}/consents`, consent, 'she signs the consent');
  const severity = PLAN.map(({ area }) => ({ area, scale: 'wrinkle-4', atRest: 1, atContraction: 3 }));
  await doctor.put(`${path}/severity`, { severity }, 'scores the lines at rest and at maximum contraction');
  const { clearance } = await doctor.post(`${path}/clear`, {}, 'clears her');
  note(`${clearance.outcome}, until ${clearance.expiresOn}; seen in person on ${clearance.faceToFaceOn}`);
  const { signature } = await doctor.post(`${path}/sign`, {}, 'and signs the consultation');
  note(`by ${signature.name}, sha-256 ${signature.contentHash.slice(0, 16)}…`);
  return clearance.id;
}
